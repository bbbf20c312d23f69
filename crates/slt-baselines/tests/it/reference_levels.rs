//! How accurate edge-popup and backpropagation are on the digits, beside PyTorch and scikit-learn in
//! `fixtures/reference/digits_levels`. Edge-popup draws other random numbers there, so only means over seeds
//! compare.

use std::ops::ControlFlow;

use crate::common::{family_is_there, files};
use serde::Deserialize;
use serde_json::Value;
use slt_baselines::{EdgePopup, EdgePopupConfig, MlpClassifier, Samples};
use slt_core::Seed;
use slt_datasets::paper::PaperName;
use slt_mlp::{Architecture, Initializer, Network};

const FAMILY: &str = "digits_levels";
/// Beside three standard errors: some cells have no spread at all.
const POINT: f64 = 0.01;

#[derive(Deserialize)]
struct File {
    seeds: Vec<u32>,
    edge_popup: Vec<Cell>,
    backprop: Vec<Cell>,
}

#[derive(Deserialize)]
struct Cell {
    architecture: String,
    hyperparameters: Value,
    test_accuracies: Vec<f64>,
}

/// Training and test set of the first `k` digits, divided as in the paper.
fn digits(k: u32) -> [Samples<f32>; 2] {
    let split = slt_datasets::paper::digits(k).unwrap();
    [(&split.train).into(), (&split.test).into()]
}

fn mean_and_variance(values: &[f64]) -> (f64, f64) {
    let n = values.len() as f64;
    let mean = values.iter().sum::<f64>() / n;
    (mean, values.iter().map(|value| (value - mean).powi(2)).sum::<f64>() / (n - 1.0))
}

/// Fails unless the means differ by at most three standard errors of their difference and a point.
#[track_caller]
fn check_level(name: &str, ours: &[f64], theirs: &[f64]) {
    let [(our_mean, our_variance), (mean, variance)] = [ours, theirs].map(mean_and_variance);
    let error = (our_variance / ours.len() as f64 + variance / theirs.len() as f64).sqrt();
    println!(
        "{name:<24} ours {:6.2} sd {:4.2}, theirs {:6.2} sd {:4.2}",
        100.0 * our_mean,
        100.0 * our_variance.sqrt(),
        100.0 * mean,
        100.0 * variance.sqrt()
    );
    assert!((our_mean - mean).abs() <= 3.0 * error + POINT, "{name}: {our_mean} instead of {mean}");
}

/// Fails unless the fixture was made with our hyper-parameters; ours may have more.
fn check_parameters(name: &str, ours: &Value, theirs: &Value) {
    for (key, value) in theirs.as_object().unwrap() {
        assert_eq!(ours[key], *value, "{name}: {key}");
    }
}

#[test]
fn edge_popup_reaches_the_reference_level() {
    if !family_is_there(FAMILY) {
        return;
    }
    for (file, File { seeds, edge_popup, .. }) in files::<File>(FAMILY, |_| true) {
        assert!(!edge_popup.is_empty(), "{file}");
        for Cell { architecture, hyperparameters, test_accuracies } in edge_popup {
            let name = format!("edge-popup {architecture}");
            let sizes: Vec<usize> = architecture.split('-').map(|size| size.parse().unwrap()).collect();
            let architecture = Architecture::new(sizes).unwrap();
            let [train, test] = digits(architecture.n_outputs() as u32);
            let config = EdgePopupConfig::paper(PaperName::Digits);
            check_parameters(&name, &serde_json::to_value(config).unwrap(), &hyperparameters);
            let accuracy = |&seed: &u32| {
                let seed = Seed(seed.into());
                let network = Network::random(&architecture, Initializer::paper(), seed).unwrap();
                let task = EdgePopup::new(&network, &train, &test, config).unwrap();
                task.run(seed, |_, _| ControlFlow::Continue(())).unwrap().last.test_accuracy
            };
            check_level(&name, &seeds.iter().map(accuracy).collect::<Vec<f64>>(), &test_accuracies);
        }
    }
}

/// The random numbers are scikit-learn's, but rounding drives runs apart over the epochs.
#[test]
fn backprop_reaches_the_reference_level() {
    if !family_is_there(FAMILY) {
        return;
    }
    for (file, File { seeds, backprop, .. }) in files::<File>(FAMILY, |_| true) {
        assert!(!backprop.is_empty(), "{file}");
        for Cell { architecture, hyperparameters, test_accuracies } in backprop {
            let name = format!("backprop {architecture}");
            let classes: usize = architecture.strip_prefix("k=").unwrap().parse().unwrap();
            let [train, test] = digits(classes as u32);
            let paper = MlpClassifier::paper(PaperName::Digits, classes, &[75]).unwrap();
            check_parameters(&name, &serde_json::to_value(&paper).unwrap(), &hyperparameters);
            let accuracy = |&random_state: &u32| {
                let classifier = MlpClassifier { random_state, ..paper.clone() };
                classifier.fit(&train, |_| ControlFlow::Continue(())).unwrap().score(&test).unwrap()
            };
            check_level(&name, &seeds.iter().map(accuracy).collect::<Vec<f64>>(), &test_accuracies);
        }
    }
}
