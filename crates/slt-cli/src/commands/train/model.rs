//! The file of a trained network.

use serde::Serialize;
use slt_baselines::{FittedMlp, MlpClassifier};
use slt_datasets::table::Preprocessing;
use slt_mlp::Architecture;
use slt_run::Loaded;

/// Weights and biases as nested lists under scikit-learn's names, and where they come from.
#[derive(Serialize)]
pub(super) struct Model<'a> {
    format: &'static str,
    version: u32,
    data: &'a str,
    /// What rows of a file need to become inputs, class names included.
    #[serde(skip_serializing_if = "Option::is_none")]
    preprocessing: Option<&'a Preprocessing>,
    layer_sizes: &'a [usize],
    hyper_parameters: &'a MlpClassifier,
    n_iter: usize,
    loss_curve: &'a [f64],
    test_accuracy: f64,
    /// `n_in x n_out` for each layer; two classes share one output.
    coefs: Vec<Vec<Vec<f32>>>,
    intercepts: Vec<Vec<f32>>,
}

impl<'a> Model<'a> {
    pub(super) fn new(
        data: &'a Loaded,
        architecture: &'a Architecture,
        classifier: &'a MlpClassifier,
        fitted: &'a FittedMlp<f32>,
        test_accuracy: f64,
    ) -> Self {
        Self {
            format: "slt-mlp",
            version: 1,
            data: data.split.train.name(),
            preprocessing: data.preprocessing.as_ref(),
            layer_sizes: architecture.sizes(),
            hyper_parameters: classifier,
            n_iter: fitted.n_iter(),
            loss_curve: fitted.loss_curve(),
            test_accuracy,
            coefs: fitted
                .coefs()
                .iter()
                .map(|weights| weights.rows().into_iter().map(|row| row.to_vec()).collect())
                .collect(),
            intercepts: fitted.intercepts().iter().map(|biases| biases.to_vec()).collect(),
        }
    }

    pub(super) fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = serde_json::to_vec(self).expect("plain data has a JSON form");
        bytes.push(b'\n');
        bytes
    }
}
