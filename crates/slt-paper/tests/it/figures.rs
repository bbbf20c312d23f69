//! Figures are pure functions of their records.

use std::fs;

use crate::common::{compute, files, small_spec};
use slt_paper::figures::{all, by_id};
use slt_paper::{Cell, Error, Gallery, Plan, Scale};
use slt_plot::Mark;
use slt_run::{Records, RunSpec, SearchRecord};

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
    // The best run comes first, then the others by seed.
    let runs = [&records[1], &records[0], &records[2]];
    let rows = runs.into_iter().flat_map(|record| record.history.iter().map(move |stats| (record, stats)));
    assert_eq!(rendered.table.rows.len(), rows.clone().count());
    for (row, (record, stats)) in rendered.table.rows.iter().zip(rows) {
        let seed = record.spec.search_seed.0;
        assert_eq!(row[..2], [Cell::Number(3.0), Cell::Number(seed as f64)]);
        assert_eq!(row[2..5], [if seed == 2 { "yes" } else { "no" }, "clean", "not pruned"].map(Cell::from));
        let expected = [
            stats.generation as f64,
            stats.best,
            stats.sparsity_of_fittest,
            stats.highest_sparsity,
            stats.highest_sparsity_so_far,
        ];
        assert_eq!(row[5..], expected.map(Cell::Number));
    }
    assert!(rendered.summary.contains("seed 2"));
}

/// Behind the best run are the others, thin and grey; generation 0 is marked, and where the published curves
/// begin.
#[test]
fn figure_4_has_all_runs() {
    let (_, by_spec) = records();
    let rendered = by_id("fig4").unwrap().render(&plan(), &by_spec).unwrap();
    for panel in &rendered.drawing.panels {
        let grey = panel.marks.iter().take_while(|mark| matches!(mark, Mark::Line(line) if line.thin));
        assert_eq!(grey.count(), 2);
        let first: Vec<(f64, bool)> = panel
            .marks
            .iter()
            .filter_map(|mark| {
                if let Mark::Points(points) = mark { Some((points.x[0], points.style.hollow)) } else { None }
            })
            .collect();
        assert_eq!(first, [(0.0, true), (1.0, false)]);
    }
    assert_eq!(rendered.json["others"].as_array().unwrap().len(), 2);
    let note = rendered.drawing.note.unwrap();
    assert!(
        note.contains("R = 3, scale smoke")
            && note.contains("generation 1, where the published curves begin"),
        "{note}"
    );
    // A single run has none behind it.
    let single = Plan::new(Scale::Smoke, Some(1)).unwrap();
    let alone = by_id("fig4").unwrap().render(&single, &by_spec).unwrap();
    assert!(alone.files("fig4").is_ok() && !alone.drawing.note.unwrap().contains("Grey"));
}

#[test]
fn runs_depend_on_the_plan_and_the_records_alone() {
    let none = Records::new();
    for figure in all() {
        let runs = figure.runs(&plan(), &none).unwrap();
        assert_eq!(runs, figure.runs(&plan(), &none).unwrap());
        // More runs keep those that there are.
        let more = figure.runs(&Plan::new(Scale::Smoke, Some(5)).unwrap(), &none).unwrap();
        assert!(runs.iter().all(|spec| more.contains(spec)), "{}", figure.id);
    }
}

#[test]
fn what_is_no_figure() {
    assert!(matches!(by_id("fig99"), Err(Error::UnknownName { kind: "figure", .. })));
    assert!(matches!(
        by_id("fig4").unwrap().render(&plan(), &Records::new()),
        Err(Error::Run(slt_run::Error::Missing { .. }))
    ));
}
