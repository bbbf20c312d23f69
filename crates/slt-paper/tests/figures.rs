//! Figures are pure functions of their records.

mod common;

use std::fs;

use common::{compute, files, small_spec};
use slt_paper::figures::{all, by_id};
use slt_paper::{Error, Plan, RunRecord, Scale};

/// Records as figure 4 might get them; where they come from does not matter to it.
fn records() -> Vec<RunRecord> {
    let mut records: Vec<RunRecord> = (1..=3).map(|seed| compute(&small_spec(seed, 8))).collect();
    for (record, accuracy) in records.iter_mut().zip([0.7, 0.9, 0.9]) {
        record.best.train_accuracy = accuracy;
    }
    records
}

fn plan() -> Plan {
    Plan::new(Scale::Smoke, Some(3)).unwrap()
}

#[test]
fn the_same_records_give_the_same_files() {
    let folders = [(); 2].map(|()| tempfile::tempdir().unwrap());
    let records = records();
    for figure in all() {
        for folder in &folders {
            let paths = figure.render(&plan(), &records).unwrap().write(figure.id(), folder.path()).unwrap();
            assert_eq!(paths.len(), 4);
            assert!(paths.iter().all(|path| fs::metadata(path).unwrap().len() > 0));
        }
    }
    let [one, two] = folders.map(|folder| files(folder.path()));
    assert_eq!(one, two);
}

#[test]
fn figure_4_shows_the_first_of_the_best_runs() {
    let records = records();
    let rendered = by_id("fig4").unwrap().render(&plan(), &records).unwrap();
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
        assert_eq!(row[..], expected);
    }
    assert!(rendered.summary.contains("seed 2"));
}

#[test]
fn specs_depend_on_the_plan_alone() {
    for figure in all() {
        let specs = figure.specs(&plan()).unwrap();
        assert_eq!(specs, figure.specs(&plan()).unwrap());
        // More runs keep those that there are.
        let more = figure.specs(&Plan::new(Scale::Smoke, Some(5)).unwrap()).unwrap();
        assert!(specs.iter().all(|spec| more.contains(spec)), "{}", figure.id());
    }
}

#[test]
fn what_is_no_figure() {
    assert!(matches!(by_id("fig99"), Err(Error::UnknownName { kind: "figure", .. })));
    assert!(matches!(by_id("fig4").unwrap().render(&plan(), &[]), Err(Error::Runs { runs: 0 })));
}
