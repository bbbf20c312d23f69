//! Wrong tables and wrong models: an error that names column and row, never NaN.

use slt_stats::{Error, FixedEffect, MixedModel, RandomTerm, Table};

const ALGORITHM: [&str; 8] = ["a", "b", "a", "b", "a", "b", "a", "b"];
const ARCH: [&str; 8] = ["A", "A", "A", "A", "B", "B", "B", "B"];
const INIT: [u8; 8] = [1, 1, 2, 2, 1, 1, 2, 2];
const Y: [f64; 8] = [0.9, 0.95, 0.85, 0.93, 0.8, 0.84, 0.82, 0.89];

fn table(y: [f64; 8]) -> Table {
    Table::new()
        .with_numbers("y", y)
        .and_then(|table| table.with_labels("algorithm", ALGORITHM))
        .and_then(|table| table.with_labels("arch", ARCH))
        .and_then(|table| table.with_labels("init", INIT))
        .and_then(|table| table.with_labels("row", 0..8))
        .and_then(|table| table.with_labels("one", ["x"; 8]))
        .and_then(|table| table.with_labels("renamed", INIT.map(|init| 9 - init)))
        .unwrap()
}

fn model(fixed: &[&str], random: &[&str]) -> MixedModel {
    let effect = |column: &&str| FixedEffect { column: (*column).to_owned(), reference: None };
    let term = |term: &&str| RandomTerm::interaction(term.split(':').filter(|column| !column.is_empty()));
    MixedModel {
        fixed: fixed.iter().map(effect).collect(),
        random: random.iter().map(term).collect(),
        ..MixedModel::reml("y")
    }
}

#[track_caller]
fn check(model: &MixedModel, table: &Table, said: &[&str]) -> Error {
    let error = model.fit(table).unwrap_err();
    let message = error.to_string();
    assert!(!message.contains('\n'), "{message}");
    for part in said {
        assert!(message.contains(part), "{part:?} is not in {message:?}");
    }
    error
}

#[test]
fn the_good_one() {
    let fit = model(&["algorithm"], &["arch", "init"]).fit(&table(Y)).unwrap();
    assert!(fit.convergence.converged);
}

#[test]
fn columns() {
    let (good, crossed) = (table(Y), model(&["algorithm"], &["arch", "init"]));
    check(&model(&["algo"], &["arch"]), &good, &["`algo`", "`algorithm`", "`arch`"]);
    check(&model(&["algorithm"], &["arch", "arch:inti"]), &good, &["`inti`"]);
    check(&MixedModel { response: "z".to_owned(), ..crossed.clone() }, &good, &["`z`", "`y`"]);
    check(&MixedModel { response: "arch".to_owned(), ..crossed }, &good, &["`arch`", "numbers"]);
    check(&model(&["y"], &["arch"]), &good, &["`y`", "response"]);
    check(&model(&[], &["arch", "y"]), &good, &["`y`", "response"]);
    check(&model(&["algorithm"], &["one"]), &good, &["`one`", "`x`", "at least two"]);
    check(&model(&["one"], &["arch"]), &good, &["`one`", "at least two"]);
    check(&model(&["algorithm"], &[""]), &good, &["no column"]);
    let against =
        |level| MixedModel { fixed: vec![FixedEffect::against("algorithm", level)], ..model(&[], &["arch"]) };
    check(&against("GA"), &good, &["`algorithm`", "`GA`", "`a`, `b`"]);
    assert!(against("b").fit(&good).unwrap().coefficient("algorithm=a").is_some());
}

#[test]
fn values() {
    let crossed = model(&["algorithm"], &["arch", "init"]);
    for value in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
        let mut y = Y;
        y[4] = value;
        check(&crossed, &table(y), &["`y`", "row 5", &value.to_string()]);
    }
    check(&crossed, &table([0.5; 8]), &["`y`", "0.5", "every row"]);
    check(
        &crossed,
        &table([f64::MAX, -f64::MAX, 0.0, 1.0, 2.0, 3.0, 4.0, 5.0]),
        &["`y`", "e307", "power of ten"],
    );
    // Explained by the algorithm alone, and by the architecture too.
    check(&crossed, &table(ALGORITHM.map(|a| if a == "a" { 1.0 } else { 3.0 })), &["`y`", "exactly"]);
    let both =
        |i: usize| f64::from(u8::from(ALGORITHM[i] == "a")) + 0.25 * f64::from(u8::from(ARCH[i] == "A"));
    check(&crossed, &table([0, 1, 2, 3, 4, 5, 6, 7].map(both)), &["`y`", "exactly"]);
}

#[test]
fn sizes() {
    let none = Table::new().with_numbers("y", []).unwrap().with_labels("arch", [""; 0]).unwrap();
    assert_eq!(check(&model(&[], &["arch"]), &none, &["no rows"]), Error::EmptyTable);
    check(&model(&[], &["arch"]), &Table::new(), &["no column `y`"]);
    check(&model(&["row"], &["arch"]), &table(Y), &["8 rows", "8 coefficients"]);
    // One grouping may be of any size, two of them not.
    let wide = Table::new()
        .with_numbers("y", (0..3200).map(|row| f64::from(row * 7919 % 3203)))
        .and_then(|table| table.with_labels("a", (0..3200).map(|row| row / 2)))
        .and_then(|table| table.with_labels("b", (0..3200).map(|row| row % 1501)))
        .unwrap();
    assert!(model(&[], &["a"]).fit(&wide).unwrap().convergence.converged);
    check(&model(&[], &["a", "b"]), &wide, &["1502", "1500", "beside its largest random term"]);
}

#[test]
fn effects_that_cannot_be_told_apart() {
    let good = table(Y);
    check(&model(&["algorithm", "algorithm"], &["arch"]), &good, &["`algorithm=b`", "leave one of them out"]);
    check(&model(&["init", "renamed"], &["arch"]), &good, &["`renamed=8`", "combination"]);
    check(&model(&["algorithm"], &["init", "init"]), &good, &["`init`", "same way"]);
    check(&model(&["algorithm"], &["arch", "init", "renamed"]), &good, &["`init`", "`renamed`", "same way"]);
    check(&model(&[], &["arch:init", "init:arch"]), &good, &["`arch:init`", "`init:arch`", "same way"]);
    check(&model(&["algorithm"], &["row"]), &good, &["`row`", "cannot be told"]);
    check(&model(&["algorithm"], &["algorithm"]), &good, &["`algorithm`", "cannot be told"]);
    check(&model(&["algorithm"], &["arch", "arch:init:algorithm"]), &good, &["`arch:init:algorithm`"]);
}

#[test]
fn tables() {
    let duplicate = Table::new().with_numbers("y", [1.0]).unwrap().with_labels("y", ["a"]).unwrap_err();
    assert_eq!(duplicate, Error::DuplicateColumn { column: "y".to_owned() });
    let short = Table::new().with_numbers("y", [1.0, 2.0]).unwrap().with_labels("a", ["a"]).unwrap_err();
    assert_eq!(short, Error::ColumnLength { column: "a".to_owned(), rows: 1, expected: 2 });
}

#[test]
fn levels() {
    for level in [0.0, 1.0, -1.0, f64::NAN, 95.0] {
        check(&MixedModel { level, ..model(&[], &["arch"]) }, &table(Y), &["level", "(0, 1)"]);
    }
}

/// From nearly no residual variance to nearly nothing else.
#[test]
fn every_number_is_finite_at_the_extremes() {
    for exponent in -9..=9 {
        let noise = 10.0_f64.powi(exponent);
        let y = [0, 1, 2, 3, 4, 5, 6, 7]
            .map(|i| f64::from(INIT[i]) + noise * [3.0, 1.0, -2.0, 4.0, 0.5, -1.0, 2.5, 0.0][i]);
        match model(&["algorithm"], &["arch", "init"]).fit(&table(y)) {
            Ok(fit) => {
                let json = serde_json::to_string(&fit).unwrap();
                assert!(!json.contains("null"), "{noise}: {json}");
                assert!(fit.convergence.converged, "{noise}: {fit:?}");
            }
            Err(error) => {
                assert!(matches!(error, Error::NoResidual { .. }) && noise < 1e-5, "{noise}: {error}");
            }
        }
    }
}
