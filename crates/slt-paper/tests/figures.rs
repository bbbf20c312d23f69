//! Figures are pure functions of their records.

mod common;

use std::fs;

use common::{compute, files, small_spec};
use slt_paper::figures::{all, by_id};
use slt_paper::{Cell, Error, Gallery, Plan, Records, RunSpec, Scale, SearchRecord};

/// Records as figure 4 needs them: of small runs, under the specs that it asks for.
fn records() -> (Vec<SearchRecord>, Records) {
    let wanted = by_id("fig4").unwrap().runs(&plan(), &Records::new()).unwrap();
    let mut records: Vec<SearchRecord> = (1..=3).map(|seed| compute(&small_spec(seed, 8))).collect();
    for ((record, accuracy), spec) in records.iter_mut().zip([0.7, 0.9, 0.9]).zip(wanted) {
        record.best.train_accuracy = accuracy;
        let RunSpec::Search(spec) = spec else { panic!("figure 4 is about searches") };
        record.spec = spec;
    }
    let mut by_spec = Records::new();
    by_spec.extend(records.clone());
    (records, by_spec)
}

fn plan() -> Plan {
    Plan::new(Scale::Smoke, Some(3)).unwrap()
}

#[test]
fn the_same_records_give_the_same_files() {
    let folders = [(); 2].map(|()| tempfile::tempdir().unwrap());
    let (_, records) = records();
    for folder in &folders {
        let mut gallery = Gallery::open(folder.path(), "test");
        let (drawn, new) = gallery.draw(by_id("fig4").unwrap(), &plan(), &records).unwrap();
        assert_eq!((drawn.files.len(), new), (4, true));
        assert!(drawn.files.keys().all(|name| fs::metadata(folder.path().join(name)).unwrap().len() > 0));
    }
    let [one, two] = folders.map(|folder| files(folder.path()));
    assert_eq!(one, two);
}

#[test]
fn a_figure_is_drawn_when_something_changed() {
    let folder = tempfile::tempdir().unwrap();
    let (_, records) = records();
    let draw = |program| {
        let mut gallery = Gallery::open(folder.path(), program);
        gallery.draw(by_id("fig4").unwrap(), &plan(), &records).unwrap().1
    };
    assert!(draw("one"));
    let first = files(folder.path());
    assert!(!draw("one"));
    fs::remove_file(folder.path().join("fig4.png")).unwrap();
    fs::write(folder.path().join("fig4.csv"), "wrong").unwrap();
    assert_eq!(Gallery::open(folder.path(), "one").check().len(), 2);
    assert!(draw("one"));
    assert_eq!(files(folder.path()), first);
    assert!(draw("another"));
    fs::write(folder.path().join("figures.json"), "{").unwrap();
    assert!(draw("another"));
}

#[test]
fn figure_4_shows_the_first_of_the_best_runs() {
    let (records, by_spec) = records();
    let rendered = by_id("fig4").unwrap().render(&plan(), &by_spec).unwrap();
    assert_eq!(rendered.json["seed"], 2);
    assert_eq!(rendered.json["spec_sha256"], records[1].spec.hash());
    assert_eq!(rendered.json["all_train_accuracies"], serde_json::json!([0.7, 0.9, 0.9]));
    let history = &records[1].history;
    assert_eq!(rendered.table.rows.len(), history.len());
    for (row, stats) in rendered.table.rows.iter().zip(history) {
        let expected = [
            stats.generation as f64,
            stats.best,
            stats.sparsity_of_fittest,
            stats.highest_sparsity,
            stats.highest_sparsity_so_far,
        ];
        assert_eq!(row[..], expected.map(Cell::Number));
    }
    assert!(rendered.summary.contains("seed 2"));
}

#[test]
fn runs_depend_on_the_plan_and_the_records_alone() {
    let none = Records::new();
    for figure in all() {
        let runs = figure.runs(&plan(), &none).unwrap();
        assert_eq!(runs, figure.runs(&plan(), &none).unwrap());
        // More runs keep those that there are.
        let more = figure.runs(&Plan::new(Scale::Smoke, Some(5)).unwrap(), &none).unwrap();
        assert!(runs.iter().all(|spec| more.contains(spec)), "{}", figure.id());
    }
}

#[test]
fn what_is_no_figure() {
    assert!(matches!(by_id("fig99"), Err(Error::UnknownName { kind: "figure", .. })));
    assert!(matches!(by_id("fig4").unwrap().render(&plan(), &Records::new()), Err(Error::Missing { .. })));
}
