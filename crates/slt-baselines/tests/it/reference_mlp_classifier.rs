//! Parity with scikit-learn's `MLPClassifier` in `fixtures/reference/mlp_classifier`: every case of every
//! file there.

use std::collections::BTreeMap;
use std::ops::ControlFlow;

use crate::common::{all_close, close, file, files, matrix};
use ndarray::{Array1, Array2};
use serde::Deserialize;
use slt_baselines::{FittedMlp, MlpClassifier, MlpEpoch, MlpParameters, MlpStop, Samples, Scalar};

const LOSS: f64 = 1e-10;
const PARAMETERS: f64 = 1e-9;
/// For the run in single precision.
const SINGLE: f64 = 1e-4;

#[derive(Deserialize)]
struct File {
    cases: Vec<Case>,
}

#[derive(Deserialize)]
struct Case {
    name: String,
    data: String,
    n_samples: usize,
    hyperparameters: serde_json::Value,
    output: Output,
    init_coefs: Vec<Vec<Vec<f64>>>,
    init_intercepts: Vec<Vec<f64>>,
    expected: Expected,
    sample_order_first_3_epochs: Option<Vec<Vec<usize>>>,
}

#[derive(Deserialize)]
struct Output {
    n_output_units: usize,
}

#[derive(Deserialize)]
struct Expected {
    n_iter: usize,
    stopped_before_max_iter: bool,
    loss_curve: Vec<f64>,
    best_loss: f64,
    optimizer_learning_rate_at_epoch_end: Vec<f64>,
    no_improvement_count_at_epoch_end: Vec<usize>,
    after_epoch_1: Option<After>,
    final_coefs: Vec<Vec<Vec<f64>>>,
    final_intercepts: Vec<Vec<f64>>,
    predictions: String,
    n_correct_train: usize,
    predict_proba_first_5: Vec<Vec<f64>>,
}

#[derive(Deserialize)]
struct After {
    coefs: Vec<Vec<Vec<f64>>>,
    intercepts: Vec<Vec<f64>>,
}

#[derive(Deserialize)]
struct Data {
    #[serde(rename = "X")]
    x: Vec<Vec<f64>>,
    y: Vec<u32>,
}

fn cases() -> Vec<Case> {
    let files = files::<serde_json::Value>("mlp_classifier", |name| name != "data.json");
    let with_cases = files.into_iter().filter(|(_, file)| file.get("cases").is_some());
    let cases: Vec<Case> =
        with_cases.flat_map(|(_, file)| serde_json::from_value::<File>(file).unwrap().cases).collect();
    assert!(cases.len() > 1);
    cases
}

/// Coefficients, then intercepts.
fn flat<T: Scalar>(coefs: &[Array2<T>], intercepts: &[Array1<T>]) -> Vec<f64> {
    let all = coefs.iter().flatten().chain(intercepts.iter().flatten());
    all.map(|x| x.to_f64().unwrap()).collect()
}

fn flat_reference(coefs: &[Vec<Vec<f64>>], intercepts: &[Vec<f64>]) -> Vec<f64> {
    let coefs = coefs.iter().flatten().flatten();
    coefs.chain(intercepts.iter().flatten()).copied().collect()
}

impl Case {
    /// scikit-learn's names are ours; two of its values differ.
    fn classifier(&self) -> MlpClassifier {
        let mut values = self.hyperparameters.clone();
        assert_eq!(values["activation"], "relu", "{}", self.name);
        if values["batch_size"] == "auto" {
            values["batch_size"] = serde_json::Value::Null;
        }
        serde_json::from_value(values).unwrap()
    }

    fn is_single(&self) -> bool {
        self.name.contains("float32")
    }

    fn samples<T: Scalar>(&self, data: &BTreeMap<String, Data>) -> Samples<T> {
        let data = &data[&self.data];
        let classes = *data.y.iter().max().unwrap() as usize + 1;
        let x = matrix(&data.x).mapv(|x| T::from(x).unwrap());
        Samples::new(x, data.y.clone(), classes).unwrap()
    }

    fn check<T: Scalar>(&self, samples: &Samples<T>, fitted: &FittedMlp<T>, epochs: &[MlpEpoch]) {
        let (name, expected) = (&self.name, &self.expected);
        let single = self.is_single();
        let (loss, parameters) = if single { (SINGLE, SINGLE) } else { (LOSS, PARAMETERS) };
        assert_eq!(fitted.n_iter(), expected.n_iter, "{name}");
        let stop = fitted.stop();
        if expected.stopped_before_max_iter {
            assert_eq!(stop, MlpStop::Converged, "{name}");
        }
        all_close(fitted.loss_curve(), &expected.loss_curve, loss, name);
        close(fitted.best_loss(), expected.best_loss, loss, name);
        let ours = flat(fitted.coefs(), fitted.intercepts());
        let theirs = flat_reference(&expected.final_coefs, &expected.final_intercepts);
        all_close(&ours, &theirs, parameters, &format!("{name}, final parameters"));
        let rates: Vec<f64> = epochs.iter().map(|epoch| epoch.learning_rate).collect();
        all_close(&rates, &expected.optimizer_learning_rate_at_epoch_end, 1e-12, &format!("{name}, rates"));
        let counts: Vec<usize> = epochs.iter().map(|epoch| epoch.no_improvement_count).collect();
        assert_eq!(counts, expected.no_improvement_count_at_epoch_end, "{name}");
        let predictions: String = fitted.predict(samples).unwrap().iter().map(u32::to_string).collect();
        assert_eq!(predictions, expected.predictions, "{name}");
        let score = fitted.score(samples).unwrap();
        assert_eq!((score * self.n_samples as f64).round() as usize, expected.n_correct_train, "{name}");
        let proba = fitted.predict_proba(samples).unwrap();
        for (ours, theirs) in proba.rows().into_iter().zip(&expected.predict_proba_first_5) {
            let ours: Vec<f64> = ours.iter().map(|p| p.to_f64().unwrap()).collect();
            all_close(
                &ours,
                theirs,
                if single { SINGLE } else { PARAMETERS },
                &format!("{name}, probabilities"),
            );
        }
    }

    fn run<T: Scalar>(&self, data: &BTreeMap<String, Data>) {
        let (name, classifier, samples) = (&self.name, self.classifier(), self.samples::<T>(data));
        assert_eq!(samples.n_samples(), self.n_samples, "{name}");
        let mut epochs = Vec::new();
        let observer = |epoch: &MlpEpoch| {
            epochs.push(epoch.clone());
            ControlFlow::Continue(())
        };
        let fitted = classifier.fit(&samples, observer).unwrap();
        assert_eq!(fitted.coefs().last().unwrap().ncols(), self.output.n_output_units, "{name}");
        self.check(&samples, &fitted, &epochs);
        if let (Some(after), false) = (&self.expected.after_epoch_1, self.is_single()) {
            let first = classifier.fit(&samples, |_| ControlFlow::Break(())).unwrap();
            assert_eq!((first.n_iter(), first.stop()), (1, MlpStop::Observer), "{name}");
            let theirs = flat_reference(&after.coefs, &after.intercepts);
            let ours = flat(first.coefs(), first.intercepts());
            all_close(&ours, &theirs, 1e-12, &format!("{name}, after epoch 1"));
        }
        // The same from given parameters.
        let initial = classifier.initial_parameters(&samples).unwrap();
        let again = classifier.fit_from(&initial, &samples, |_| ControlFlow::Continue(())).unwrap();
        assert_eq!(again, fitted, "{name}");
    }
}

#[test]
fn reference_initial_parameters_are_exact() {
    let data = file::<BTreeMap<String, Data>>("mlp_classifier", "data.json");
    for case in cases() {
        let mut theirs = flat_reference(&case.init_coefs, &case.init_intercepts);
        if case.is_single() {
            theirs.iter_mut().for_each(|w| *w = f64::from(*w as f32));
        }
        let classifier = case.classifier();
        let ours = if case.is_single() {
            let MlpParameters { coefs, intercepts } =
                classifier.initial_parameters(&case.samples::<f32>(&data)).unwrap();
            flat(&coefs, &intercepts)
        } else {
            let MlpParameters { coefs, intercepts } =
                classifier.initial_parameters(&case.samples::<f64>(&data)).unwrap();
            flat(&coefs, &intercepts)
        };
        assert_eq!(ours, theirs, "{}", case.name);
    }
}

#[test]
fn reference_training() {
    let data = file::<BTreeMap<String, Data>>("mlp_classifier", "data.json");
    let (mut single, mut shuffled) = (0, 0);
    for case in cases() {
        if case.is_single() {
            case.run::<f32>(&data);
            single += 1;
        } else {
            case.run::<f64>(&data);
        }
        shuffled += usize::from(case.sample_order_first_3_epochs.is_some());
    }
    assert!(single > 0 && shuffled > 0, "no case in single precision or with shuffles");
}

#[derive(Deserialize)]
struct Bounds {
    table: Vec<Bound>,
}

#[derive(Deserialize)]
struct Bound {
    fan_in: usize,
    fan_out: usize,
    bound_relu_sqrt6: f64,
}

#[test]
fn reference_bounds_of_the_initial_parameters() {
    for row in file::<Bounds>("mlp_classifier", "init_bounds.json").table {
        // A layer of its own: inputs to outputs, no hidden layer (three classes at least, so one output a
        // class).
        if row.fan_out < 3 {
            continue;
        }
        let samples = Samples::<f64>::new(Array2::zeros((1, row.fan_in)), vec![0], row.fan_out).unwrap();
        let drawn = MlpClassifier::scikit_learn([]).initial_parameters(&samples).unwrap();
        let top = drawn.coefs[0].iter().fold(0.0_f64, |top, w| top.max(w.abs()));
        let slack = 10.0 / (row.fan_in * row.fan_out) as f64;
        assert!(top <= row.bound_relu_sqrt6 && top > row.bound_relu_sqrt6 * (1.0 - slack), "{top}");
    }
}
