//! Parity with scikit-learn's `MLPClassifier` where it stops early and where it starts warm:
//! `fixtures/reference/mlp_validation`.

use std::collections::BTreeMap;

use crate::common::{all_close, close, family_is_there, file, matrix};
use ndarray::Array2;
use serde::Deserialize;
use slt_baselines::{FittedMlp, MlpCheckpoint, MlpClassifier, MlpTraining, Samples};

const LOSS: f64 = 1e-10;
const PARAMETERS: f64 = 1e-9;

#[derive(Deserialize)]
struct File {
    data: BTreeMap<String, Data>,
    cases: Vec<Case>,
}

#[derive(Deserialize)]
struct Data {
    #[serde(rename = "X")]
    x: Vec<Vec<f64>>,
    y: Vec<u32>,
}

#[derive(Deserialize)]
struct Case {
    name: String,
    data: String,
    hyperparameters: serde_json::Map<String, serde_json::Value>,
    fits: Vec<Fit>,
}

/// One call of `fit` on the estimator.
#[derive(Deserialize)]
struct Fit {
    changes: serde_json::Map<String, serde_json::Value>,
    after: After,
}

#[derive(Deserialize)]
struct After {
    n_iter: usize,
    loss_curve: Vec<f64>,
    validation_scores: Option<Vec<f64>>,
    best_validation_score: Option<f64>,
    no_improvement_count_at_epoch_end: Vec<usize>,
    coefs: Vec<Vec<Vec<f64>>>,
    intercepts: Vec<Vec<f64>>,
}

/// Steps to the end, through a checkpoint before every epoch.
fn train(
    mut training: MlpTraining<'_, f64>,
    classifier: &MlpClassifier,
    samples: &Samples<f64>,
) -> (FittedMlp<f64>, Vec<usize>) {
    let mut counts = Vec::new();
    while training.stop().is_none() {
        counts.push(training.step().unwrap().no_improvement_count);
        let bytes = training.checkpoint().to_bytes();
        // What follows must not depend on anything else.
        let checkpoint = MlpCheckpoint::from_bytes(&bytes).unwrap();
        let resumed = MlpTraining::resume(classifier, samples, checkpoint).unwrap();
        assert_eq!(resumed.checkpoint().to_bytes(), bytes);
        if resumed.stop().is_none() {
            let (mut a, mut b) = (resumed, MlpCheckpoint::from_bytes(&bytes).unwrap());
            let one = a.step().unwrap();
            let mut again = MlpTraining::resume(classifier, samples, b).unwrap();
            assert_eq!(again.step().unwrap(), one);
            b = again.checkpoint();
            assert_eq!(b, a.checkpoint());
        }
    }
    (training.fitted(), counts)
}

#[test]
fn reference_validation_and_warm_starts() {
    if !family_is_there("mlp_validation") {
        return;
    }
    let File { data, cases } = file("mlp_validation", "cases.json");
    assert!(cases.len() > 10 && cases.iter().any(|case| case.fits.len() > 1));
    for Case { name, data: key, mut hyperparameters, fits } in cases {
        let Data { x, y } = &data[&key];
        let classes = *y.iter().max().unwrap() as usize + 1;
        let samples = Samples::new(matrix(x), y.clone(), classes).unwrap();
        let mut fitted: Option<FittedMlp<f64>> = None;
        for (number, Fit { changes, after }) in fits.into_iter().enumerate() {
            let what = format!("{name}, fit {number}");
            hyperparameters.extend(changes);
            let classifier: MlpClassifier = serde_json::from_value(hyperparameters.clone().into()).unwrap();
            let training = match &fitted {
                Some(fitted) => MlpTraining::warm_start(&classifier, fitted, &samples),
                None => MlpTraining::start(&classifier, &samples),
            };
            let (now, counts) = train(training.unwrap(), &classifier, &samples);
            assert_eq!(now.n_iter(), after.n_iter, "{what}");
            all_close(now.loss_curve(), &after.loss_curve, LOSS, &what);
            assert_eq!(now.validation_scores(), after.validation_scores.as_deref(), "{what}");
            assert_eq!(now.best_validation_score(), after.best_validation_score, "{what}");
            assert_eq!(counts, after.no_improvement_count_at_epoch_end, "{what}");
            for (ours, theirs) in now.coefs().iter().zip(&after.coefs) {
                let theirs: Array2<f64> = matrix(theirs);
                assert_eq!(ours.dim(), theirs.dim(), "{what}");
                all_close(ours, &theirs, PARAMETERS, &what);
            }
            for (ours, theirs) in now.intercepts().iter().zip(&after.intercepts) {
                all_close(ours, theirs, PARAMETERS, &what);
            }
            if let Some(score) = after.best_validation_score {
                close(now.best_validation_score().unwrap(), score, 0.0, &what);
            }
            fitted = Some(now);
        }
    }
}
