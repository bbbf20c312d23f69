//! Parity with scikit-learn in `fixtures/reference/confusion` and `fixtures/reference/metrics`.

use std::path::PathBuf;

use ndarray::{Array1, Array2};
use serde_json::Value;
use slt_core::{BitMask, Objective};
use slt_datasets::Dataset;
use slt_mlp::metric::{
    Accuracy, Auc, BalancedAccuracy, Confusion, CrossEntropy, CrossEntropyF32, MacroF1, Margin,
    MatthewsCorrelation, TemperedCrossEntropy,
};
use slt_mlp::{Error, Evaluator, InstructionSet, Metric, Network};

fn read(family: &str) -> Value {
    // A relative folder counts from the workspace, not from the crate that tests run in.
    let workspace = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../.."));
    let root = std::env::var_os("SLT_REFERENCE_DIR").unwrap_or_else(|| "fixtures/reference".into());
    let path = workspace.join(root).join(family).join("cases.json");
    let bytes = std::fs::read(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
    serde_json::from_slice(&bytes).unwrap()
}

fn classes(value: &Value) -> Vec<u32> {
    value.as_array().unwrap().iter().map(|class| class.as_u64().unwrap() as u32).collect()
}

#[track_caller]
fn close(ours: f64, theirs: f64, tolerance: f64, what: &str) {
    assert!((ours - theirs).abs() <= tolerance, "{what}: {ours} {theirs}");
}

#[test]
fn reference_confusions() {
    let file = read("confusion");
    let cases = file["cases"].as_array().unwrap();
    assert!(cases.len() >= 6);
    for (i, case) in cases.iter().enumerate() {
        let n_classes = case["n_classes"].as_u64().unwrap() as usize;
        let (right, predicted) = (classes(&case["right"]), classes(&case["predicted"]));
        let confusion = Confusion::new(n_classes, &right, &predicted).unwrap();
        assert_eq!(serde_json::to_value(&confusion).unwrap(), case["counts"], "case {i}");
        let check = |ours: f64, field: &str| {
            close(ours, case[field].as_f64().unwrap(), 1e-12, &format!("case {i}, {field}"));
        };
        check(confusion.accuracy(), "accuracy");
        check(confusion.balanced_accuracy(), "balanced_accuracy");
        check(confusion.macro_f1(), "macro_f1");
        for class in 0..n_classes {
            let ours = confusion.of_class(class);
            let check = |ours: f64, field: &str| {
                close(
                    ours,
                    case[field][class].as_f64().unwrap(),
                    1e-12,
                    &format!("case {i}, class {class}, {field}"),
                );
            };
            check(ours.support as f64, "support");
            check(ours.precision, "precision");
            check(ours.recall, "recall");
            check(ours.f1, "f1");
        }
    }
}

/// A network whose logits are its inputs, and the mask that makes it so.
fn identity(n: usize) -> (Network, BitMask) {
    let network = Network::from_parameters(vec![(Array2::ones((n, n)), Array1::zeros(n))]).unwrap();
    (network, (0..n * n).map(|bit| bit % (n + 1) == 0).collect())
}

#[test]
fn reference_metrics() {
    let elsewhere = std::env::var_os("SLT_REFERENCE_DIR").map(std::path::PathBuf::from);
    if elsewhere.is_some_and(|folder| !folder.join("metrics").exists()) {
        return;
    }
    let file = read("metrics");
    let floats =
        |value: &Value| value.as_array().unwrap().iter().map(|x| x.as_f64().unwrap()).collect::<Vec<_>>();
    let (temperatures, margins) = (floats(&file["temperatures"]), floats(&file["margins"]));
    let cases = file["cases"].as_array().unwrap();
    assert!(cases.len() >= 15);
    for (i, case) in cases.iter().enumerate() {
        let n_classes = case["n_classes"].as_u64().unwrap() as usize;
        let rows = case["logits"].as_array().unwrap();
        let logits: Vec<f32> = rows.iter().flat_map(floats).map(|z| z as f32).collect();
        let logits = Array2::from_shape_vec((rows.len(), n_classes), logits).unwrap();
        let data = Dataset::new("reference", logits, classes(&case["labels"]), n_classes).unwrap();
        let (network, mask) = identity(n_classes);
        let check = |metric: Box<dyn Metric>, theirs: f64, tolerance: f64| {
            let what = format!("case {i} ({}), {}", case["kind"], metric.name());
            let evaluator = Evaluator::new(&network, &data, metric).unwrap();
            for instructions in InstructionSet::available() {
                let evaluator = evaluator.clone().with_instruction_set(instructions).unwrap();
                close(evaluator.evaluate(&[&mask], None)[0].exact().unwrap(), theirs, tolerance, &what);
            }
        };
        let theirs = |field: &str| case[field].as_f64().unwrap();
        check(Box::new(Accuracy), theirs("accuracy"), 0.0);
        check(Box::new(BalancedAccuracy), theirs("balanced_accuracy"), 1e-12);
        check(Box::new(MacroF1), theirs("macro_f1"), 1e-12);
        check(Box::new(MatthewsCorrelation), theirs("matthews_correlation"), 1e-12);
        check(Box::new(Auc), theirs("auc"), 1e-12);
        // A loss of a sample is in single precision.
        for (&temperature, loss) in temperatures.iter().zip(floats(&case["cross_entropy"])) {
            let tolerance = 1e-6 * loss.max(1.0);
            check(Box::new(TemperedCrossEntropy::new(temperature as f32).unwrap()), -loss, tolerance);
            if temperature == 1.0 {
                check(Box::new(CrossEntropy), -loss, tolerance);
                check(Box::new(CrossEntropyF32), -loss, tolerance);
            }
        }
        for (&margin, loss) in margins.iter().zip(floats(&case["margin"])) {
            let exact = matches!(case["kind"].as_str(), Some("grid" | "constant"));
            let tolerance = if exact { 1e-12 } else { 1e-6 };
            check(Box::new(Margin::new(margin as f32).unwrap()), -loss, tolerance);
        }
    }
}

#[test]
fn what_cannot_be_counted() {
    assert_eq!(Confusion::new(2, &[0, 1], &[0]), Err(Error::PredictionCount { labels: 2, predictions: 1 }));
    assert_eq!(Confusion::new(2, &[], &[]), Err(Error::NoSamples));
    for (right, predicted) in [([2], [0]), ([0], [2])] {
        let error = Confusion::new(2, &right, &predicted).unwrap_err();
        assert_eq!(error, Error::ClassOutOfRange { class: 2, classes: 2 });
    }
}
