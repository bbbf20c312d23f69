//! The figures about moons and circles, from made-up records.

mod common;

use common::fabricated::{Found, records};
use serde_json::Value;
use slt_datasets::paper::PaperName;
use slt_mlp::BiasInit;
use slt_paper::figures::{Rendered, by_id};
use slt_paper::{Algorithm, Cell, Error, Plan, Records, RunSpec, Scale};

const R: u64 = 5;

fn plan() -> Plan {
    Plan::new(Scale::Paper, Some(R)).unwrap()
}

fn rendered(id: &str, found: impl Fn(&RunSpec) -> Found) -> Rendered {
    let figure = by_id(id).unwrap();
    let rendered = figure.render(&plan(), &records(figure, &plan(), found)).unwrap();
    assert!(rendered.files(id).is_ok());
    rendered
}

/// Made-up accuracies: backpropagation above the genetic algorithm above edge-popup, all better with size; those of the
/// bound are above those without it on circles alone. They scatter by a point or so, differently in every cell.
fn plausible(spec: &RunSpec) -> Found {
    let data = spec.data().name;
    let size = spec.sizes().iter().sum::<usize>() as f64 / 104.0;
    let scatter = 0.01 * (((7 * spec.seed().0 + spec.label().len() as u64) % 5) as f64 - 2.0);
    let circles = if data == PaperName::Circles { 0.1 } else { 0.0 };
    let accuracy = match spec {
        RunSpec::Training(_) => 0.95 - circles / 2.0,
        RunSpec::EdgePopup(_) => 0.72 - circles,
        RunSpec::Search(spec) if spec.algorithm() == Algorithm::GaAb && data == PaperName::Circles => 0.84,
        RunSpec::Search(_) => 0.9 - circles,
        other => panic!("{}", other.label()),
    };
    let accuracy = accuracy + 0.02 * size + scatter;
    Found { accuracies: [accuracy, accuracy + 0.005], active: Vec::new() }
}

#[track_caller]
fn number(value: &Value) -> f64 {
    value.as_f64().unwrap_or_else(|| panic!("{value} is no number"))
}

/// The rows of the table whose first cells are these texts.
fn rows<'a>(rendered: &'a Rendered, texts: &[&str]) -> Vec<&'a Vec<Cell>> {
    let wanted: Vec<Cell> = texts.iter().map(|text| Cell::from(*text)).collect();
    rendered.table.rows.iter().filter(|row| row.starts_with(&wanted)).collect()
}

#[test]
fn figure_1_counts_connections_over_tickets_of_one_network() {
    let figure = by_id("fig1").unwrap();
    let runs = figure.runs(&plan(), &Records::new()).unwrap();
    let seeds: Vec<u64> = runs.iter().map(|spec| spec.seed().0).collect();
    assert_eq!(seeds, (1..=25).collect::<Vec<_>>());
    // Connection 3 is in all tickets, 4 in 20 of 25, 5 in 19; the last ticket is the most accurate.
    let rendered = rendered("fig1", |spec| {
        let RunSpec::Search(search) = spec else { panic!("{}", spec.label()) };
        assert_eq!(search.network.seed.0, 1);
        let seed = search.search_seed.0;
        let mut active = vec![0, 3];
        active.extend((seed <= 20).then_some(4));
        active.extend((seed <= 19).then_some(5));
        Found { accuracies: [0.5 + 0.01 * seed as f64, 0.9], active }
    });
    let shares: Vec<f64> = [3, 4, 5, 6].map(|i| number(&rendered.json["connections"][i]["share"])).to_vec();
    assert_eq!(shares, [1.0, 0.8, 0.76, 0.0]);
    assert_eq!(number(&rendered.json["connections"][0]["share_if_chosen_on_test_data"]), 0.0);
    // 0, 3 and 4.
    assert_eq!(rendered.json["recurring"], 3);
    assert_eq!(rendered.json["ticket"]["search_seed"], 25);
    assert_eq!(rendered.json["ticket"]["active"], 2);
    assert!(rendered.summary.starts_with("3 of 80 connections"), "{}", rendered.summary);
    assert_eq!(rendered.table.rows.len(), 80);
}

#[test]
fn figure_3_has_both_protocols() {
    let rendered = rendered("fig3", plausible);
    // Two protocols for two configurations, one for backpropagation.
    assert_eq!(rendered.table.rows.len(), 2 * 4 * 5);
    let mean = |method: &str, protocol: &str| {
        let [row] = rows(&rendered, &["circles", "D", method, protocol])[..] else { panic!("no such row") };
        let Cell::Number(mean) = row[5] else { panic!("no mean") };
        mean
    };
    assert!((mean("GA", "paper") - mean("GA", "clean") - 0.005).abs() < 1e-12);
    assert!(mean("GA (adaptive AB)", "clean") > mean("GA", "clean"));
    assert_eq!(rows(&rendered, &["moons", "A", "Backpropagation"]).len(), 1);
}

#[test]
fn figure_5_shows_the_last_epoch_and_what_biases_do() {
    let rendered = rendered("fig5", |spec| match spec {
        RunSpec::EdgePopup(run) if matches!(run.network.initializer.biases, BiasInit::Zero) => {
            // Runs of circles without biases are up to 1.5 points away from chance.
            Found::accuracy(if spec.data().name == PaperName::Circles { 0.485 } else { 0.7 })
        }
        _ => Found::accuracy(0.75),
    });
    assert_eq!(rendered.table.rows.len(), 2 * 4 * (2 * 5 + 1));
    let last = rows(&rendered, &["moons", "B", "uniform", "yes", "yes", "last"]);
    let best = rows(&rendered, &["moons", "B", "uniform", "yes", "yes", "best"]);
    assert_eq!((&last[0][8], &best[0][8]), (&Cell::Number(0.75), &Cell::Number(0.76)));
    assert_eq!(best[0][6], Cell::Number(2.0));
    assert_eq!(rows(&rendered, &["circles", "A", "Kaiming normal", "no", "yes"]).len(), 2);
    assert_eq!(rows(&rendered, &["circles", "A", "Kaiming normal, with biases", "yes", "no"]).len(), 2);
    assert!(rendered.summary.contains("further than 1.50 points"), "{}", rendered.summary);
    assert!(rendered.summary.contains("up to 25.00 points away"), "{}", rendered.summary);
}

#[test]
fn figure_6_takes_the_better_configuration() {
    let rendered = rendered("fig6", plausible);
    let contests = rendered.json["cells"].as_array().unwrap();
    assert_eq!(contests.len(), 2 * 4 * 2);
    for contest in contests {
        let better = if contest["data"] == "circles" { "GA (adaptive AB)" } else { "GA" };
        assert_eq!(contest["better"], better);
        // The second individual has one connection less, so the two protocols keep different numbers of weights.
        let keep = number(&contest["adapted_keep"]);
        let sparsity = number(&contest["ga_sparsity"]["mean"]);
        assert!((1.0 - sparsity - keep).abs() < 1e-4 && (contest["protocol"] == "clean") == (keep == 0.5));
    }
    assert!(rendered.summary.contains("moons: GA above both variants of edge-popup on 4 of 4"));
    // A single run has a mean, but no interval.
    let (figure, single) = (by_id("fig6").unwrap(), Plan::new(Scale::Paper, Some(1)).unwrap());
    let drawn = figure.render(&single, &records(figure, &single, plausible)).unwrap();
    assert!(drawn.files("fig6").is_ok());
    assert_eq!(drawn.json["cells"][0]["ga"]["interval"], Value::Null);
}

#[test]
fn table_6c_stands_beside_the_published_one() {
    let rendered = rendered("table6c", plausible);
    assert_eq!(rendered.table.rows.len(), 8 * 3);
    let row = &rendered.json["comparisons"][3];
    assert_eq!((&row["reference"], &row["target"]), (&Value::from("GA"), &Value::from("Backpropagation")));
    assert_eq!(number(&row["published"]["coef"]), 0.661);
    for fit in row["fits"].as_array().unwrap() {
        assert!(number(&fit["effect"]["coef"]) > 0.0 && number(&fit["effect"]["p"]) < 0.05);
        assert_eq!(fit["converged"], true);
    }
}

#[test]
fn a_model_that_cannot_be_fitted_is_missing_with_its_reason() {
    let rendered = rendered("table6c", |_| Found::accuracy(0.5));
    let [row] = rows(&rendered, &["moons", "GA", "EP (50%)", "clean"])[..] else { panic!("no such row") };
    assert!(row[4..10].iter().all(|cell| *cell == Cell::Missing), "{row:?}");
    assert!(matches!(&row[11], Cell::Text(reason) if reason.contains("constant response")), "{row:?}");
    assert!(rendered.summary.contains("8 cannot be fitted"), "{}", rendered.summary);
    assert!(!rendered.json.to_string().contains("NaN"));
}

#[test]
fn figures_without_runs() {
    for id in ["fig2", "table1", "table2"] {
        let figure = by_id(id).unwrap();
        assert!(figure.runs(&plan(), &Records::new()).unwrap().is_empty());
        let rendered = figure.render(&plan(), &Records::new()).unwrap();
        assert!(rendered.files(id).is_ok() && !rendered.table.rows.is_empty());
    }
    let points = by_id("fig2").unwrap().render(&plan(), &Records::new()).unwrap();
    let [moons, circles, blobs] = ["moons", "circles", "blobs"].map(|name| rows(&points, &[name]).len());
    assert_eq!((moons, circles, blobs), (2_000, 2_000, 2_084));
}

#[test]
fn a_record_that_is_missing_is_named() {
    for id in ["fig1", "fig3", "fig5", "fig6", "table6c"] {
        let error = by_id(id).unwrap().render(&plan(), &Records::new()).unwrap_err();
        assert!(matches!(error, Error::Missing { .. }), "{id}: {error}");
    }
}
