//! Wrong tables and wrong models: an error that names column and row, never NaN.

use slt_stats::{Error, FixedEffect, Interaction, MixedModel, RandomTerm, Table};

const ALGORITHM: [&str; 8] = ["a", "b", "a", "b", "a", "b", "a", "b"];
const ARCH: [&str; 8] = ["A", "A", "A", "A", "B", "B", "B", "B"];
const INIT: [u8; 8] = [1, 1, 2, 2, 1, 1, 2, 2];
const DOSE: [f64; 8] = [1.0, 1.5, 10.0, 10.0, 2.0, 4.0, -0.0, 0.0];
const Y: [f64; 8] = [0.9, 0.95, 0.85, 0.93, 0.8, 0.84, 0.82, 0.89];

fn table(y: [f64; 8]) -> Table {
    Table::new()
        .with_numbers("y", y)
        .and_then(|table| table.with_labels("algorithm", ALGORITHM))
        .and_then(|table| table.with_labels("arch", ARCH))
        .and_then(|table| table.with_labels("init", INIT))
        .and_then(|table| table.with_labels("row", 0..8))
        .and_then(|table| table.with_labels("one", ["x"; 8]))
        .and_then(|table| table.with_numbers("dose", DOSE))
        .and_then(|table| table.with_numbers("three", [3.0; 8]))
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
fn covariates() {
    let good = table(Y);
    check(&model(&["three"], &["arch"]), &good, &["`three`", "`3`", "at least two"]);
    let against = MixedModel { fixed: vec![FixedEffect::against("dose", "1")], ..model(&[], &["arch"]) };
    check(&against, &good, &["`dose`", "numbers", "`1`"]);
    for value in [f64::NAN, f64::INFINITY] {
        let mut dose = DOSE;
        dose[2] = value;
        let table = Table::new()
            .with_numbers("y", Y)
            .and_then(|table| table.with_numbers("dose", dose))
            .and_then(|table| table.with_labels("arch", ARCH))
            .unwrap();
        check(&model(&["dose"], &["arch"]), &table, &["`dose`", "row 3", &value.to_string()]);
        check(&model(&[], &["dose"]), &table, &["`dose`", "row 3", &value.to_string()]);
    }
    // A column of numbers groups rows by what they are equal to: 0 and -0 are.
    let both = model(&["dose"], &["dose", "init"]).fit(&good).unwrap();
    assert_eq!((both.covariates, both.random[0].n_levels), (vec!["dose".to_owned()], 6));
}

#[test]
fn interactions() {
    let good = table(Y);
    let with = |fixed: &[&str], interactions: &[&str]| MixedModel {
        interactions: interactions.iter().map(|term| Interaction::of(term.split(':'))).collect(),
        ..model(fixed, &["init"])
    };
    let alone = with(&["algorithm"], &["algorithm:dose"]);
    check(&alone, &good, &["`algorithm:dose`", "needs the fixed effect `dose`"]);
    let three =
        with(&["algorithm", "dose", "arch"], &["algorithm:dose", "algorithm:arch", "algorithm:arch:dose"]);
    check(&three, &good, &["`algorithm:arch:dose`", "needs the fixed effect `arch:dose`"]);
    check(&with(&["dose"], &["dose:dose"]), &good, &["`dose:dose`", "different columns"]);
    check(&with(&["dose"], &["dose"]), &good, &["`dose`", "two or more"]);
    check(&with(&["dose"], &["dose:none"]), &good, &["`dose:none`", "`none`"]);
    let row = with(&["algorithm", "renamed"], &["algorithm:renamed", "renamed:algorithm"]);
    check(&row, &good, &["`renamed=8:algorithm=b`", "combination of those before"]);
    let corner = Table::new()
        .with_numbers("y", Y)
        .and_then(|table| table.with_labels("arch", ARCH))
        .and_then(|table| table.with_labels("third", ["p", "q", "p", "q", "p", "p", "p", "p"]))
        .and_then(|table| table.with_labels("init", INIT))
        .unwrap();
    check(&with(&["arch", "third"], &["arch:third"]), &corner, &["`arch=B:third=q`", "no row", "leave"]);
}

#[test]
fn models_that_are_not_nested() {
    let good = table(Y);
    let large = model(&["algorithm", "dose"], &["init"]);
    let small = model(&["algorithm"], &["init"]);
    assert_eq!(large.likelihood_ratio(&small, &good).unwrap().dropped, ["dose"]);
    let against = MixedModel { fixed: vec![FixedEffect::against("algorithm", "b")], ..small.clone() };
    for (other, said) in [
        (large.clone(), "`y`"),
        (model(&["arch"], &["init"]), "`arch`"),
        (model(&["algorithm"], &["arch"]), "`y`"),
        (MixedModel { standardize: true, ..small.clone() }, "`y`"),
        (against, "`algorithm`"),
    ] {
        let error = large.likelihood_ratio(&other, &good).unwrap_err();
        assert!(matches!(error, Error::NotNested { .. }) && error.to_string().contains(said), "{error}");
    }
    // The criterion and the level do not matter, it is a matter of maximum likelihood.
    let ml = MixedModel { method: slt_stats::Method::Ml, level: 0.5, ..small };
    assert_eq!(large.likelihood_ratio(&ml, &good).unwrap().df, 1);
}

#[test]
fn order_of_levels() {
    let reference = |labels: [&str; 8]| {
        let table = Table::new()
            .with_numbers("y", Y)
            .and_then(|table| table.with_labels("a", labels))
            .and_then(|table| table.with_labels("arch", ARCH))
            .unwrap();
        let fit = model(&["a"], &["arch"]).fit(&table).unwrap();
        let terms: Vec<String> = fit.fixed.iter().skip(1).map(|c| c.term.clone()).collect();
        (fit.references[0].level.clone(), terms)
    };
    let (first, others) = reference(["10", "2", "-1", "1e1", "10", "2", "-1", "1e1"]);
    assert_eq!(
        (first.as_str(), others),
        ("-1", vec!["a=2".to_owned(), "a=10".to_owned(), "a=1e1".to_owned()])
    );
    let (first, others) = reference(["10", "2", "x", "10", "2", "x", "10", "2"]);
    assert_eq!((first.as_str(), others), ("10", vec!["a=2".to_owned(), "a=x".to_owned()]));
    let (first, others) = reference(["ep", "GA", "é", "ep", "GA", "é", "ep", "GA"]);
    assert_eq!((first.as_str(), others), ("GA", vec!["a=ep".to_owned(), "a=é".to_owned()]));
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
