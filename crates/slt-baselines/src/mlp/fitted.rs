//! A trained classifier.

use ndarray::{Array1, Array2, Axis};
use serde::{Deserialize, Serialize};

use super::MlpStop;
use crate::kernel::{Batch, EVALUATION_BATCH, LANES, Layer, Workspace};
use crate::layers::check_finite;
use crate::{Error, Samples, Scalar};

/// Weights and biases, inputs first.
///
/// # Shapes
/// `coefs[l]` is `n_in x n_out` (scikit-learn's layout), `intercepts[l]` has `n_out` entries.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct MlpParameters<T> {
    /// Weights.
    pub coefs: Vec<Array2<T>>,
    /// Biases.
    pub intercepts: Vec<Array1<T>>,
}

impl<T: Scalar> MlpParameters<T> {
    pub(super) fn check(&self, sizes: &[usize]) -> Result<(), Error> {
        let expected = sizes.len() - 1;
        let length = |what, actual, expected| {
            if actual == expected { Ok(()) } else { Err(Error::Length { what, expected, actual }) }
        };
        length("layers of weights", self.coefs.len(), expected)?;
        length("layers of biases", self.intercepts.len(), expected)?;
        for (layer, pair) in sizes.windows(2).enumerate() {
            let (expected, actual) = ((pair[0], pair[1]), self.coefs[layer].dim());
            if expected != actual {
                return Err(Error::LayerShape { what: "the weights", layer, expected, actual });
            }
            length("biases of a layer", self.intercepts[layer].len(), pair[1])?;
            check_finite("the weights", layer, &self.coefs[layer])?;
            check_finite("the biases", layer, &self.intercepts[layer])?;
        }
        Ok(())
    }
}

/// What [`MlpClassifier::fit`](super::MlpClassifier::fit) returns: a network that classifies.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct FittedMlp<T> {
    pub(super) parameters: MlpParameters<T>,
    pub(super) n_classes: usize,
    pub(super) loss_curve: Vec<f64>,
    pub(super) best_loss: f64,
    pub(super) stop: MlpStop,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) validation_scores: Option<Vec<f64>>,
    #[serde(default)]
    pub(super) batch_size: usize,
    /// Epochs of the curve that came before the last training.
    #[serde(default)]
    pub(super) earlier: usize,
    /// Where stopping rule and schedule have come to, for a warm start.
    #[serde(default)]
    pub(super) no_improvement_count: usize,
    #[serde(default)]
    pub(super) samples_seen: u64,
}

impl<T: Scalar> FittedMlp<T> {
    /// Weights and biases: what [`fit_from`](super::MlpClassifier::fit_from) takes.
    pub fn parameters(&self) -> &MlpParameters<T> {
        &self.parameters
    }

    /// Weights of each layer, `n_in x n_out`.
    pub fn coefs(&self) -> &[Array2<T>] {
        &self.parameters.coefs
    }

    /// Biases of each layer.
    pub fn intercepts(&self) -> &[Array1<T>] {
        &self.parameters.intercepts
    }

    /// The objective in each epoch, those of the training that a [warm
    /// start](super::MlpClassifier::warm_start) went on from included.
    pub fn loss_curve(&self) -> &[f64] {
        &self.loss_curve
    }

    /// The least of [`loss_curve`](Self::loss_curve).
    pub fn best_loss(&self) -> f64 {
        self.best_loss
    }

    /// Number of epochs of the last training.
    pub fn n_iter(&self) -> usize {
        self.loss_curve.len().saturating_sub(self.earlier)
    }

    /// Samples in a batch: what was asked for, or as many as there were to train on.
    pub fn batch_size(&self) -> usize {
        self.batch_size
    }

    /// With early stopping, the accuracy on the validation part after each epoch of
    /// [`loss_curve`](Self::loss_curve).
    pub fn validation_scores(&self) -> Option<&[f64]> {
        self.validation_scores.as_deref()
    }

    /// With early stopping, the highest of [`validation_scores`](Self::validation_scores): the one of the
    /// parameters.
    pub fn best_validation_score(&self) -> Option<f64> {
        self.validation_scores()?.iter().copied().reduce(f64::max)
    }

    /// Why training ended.
    pub fn stop(&self) -> MlpStop {
        self.stop
    }

    /// Number of classes.
    pub fn n_classes(&self) -> usize {
        self.n_classes
    }

    /// The outputs before logistic function or softmax. The labels of `samples` play no part.
    ///
    /// # Shapes
    /// `n_samples x 1` for two classes, else `n_samples x n_classes`.
    ///
    /// # Errors
    /// [`Error::FeatureCount`] if the samples have another number of features than those of the training.
    pub fn logits(&self, samples: &Samples<T>) -> Result<Array2<T>, Error> {
        let (coefs, intercepts) = (&self.parameters.coefs, &self.parameters.intercepts);
        let (inputs, features) = (coefs[0].nrows(), samples.n_features());
        if inputs != features {
            return Err(Error::FeatureCount { inputs, features });
        }
        let sizes: Vec<usize> = std::iter::once(inputs).chain(coefs.iter().map(Array2::ncols)).collect();
        let weights: Vec<Vec<T>> = coefs.iter().map(|w| w.iter().copied().collect()).collect();
        let biases: Vec<Vec<T>> = intercepts.iter().map(|b| b.to_vec()).collect();
        let layers: Vec<Layer<'_, T>> = weights
            .iter()
            .zip(&biases)
            .map(|(weights, biases)| Layer { weights, biases, masked: false })
            .collect();
        let mut workspace = Workspace::new(&sizes);
        let mut batch = Batch::new();
        let mut logits = Array2::zeros((samples.n_samples(), sizes[sizes.len() - 1]));
        let mut done = 0;
        for mut rows in logits.axis_chunks_iter_mut(Axis(0), EVALUATION_BATCH) {
            batch.fill(samples, done..done + rows.nrows());
            done += rows.nrows();
            T::forward(&mut workspace, &layers, &batch);
            for (i, mut row) in rows.rows_mut().into_iter().enumerate() {
                let outputs = workspace.outputs().at(i / LANES);
                row.iter_mut().zip(outputs).for_each(|(logit, output)| *logit = output.0[i % LANES]);
            }
        }
        Ok(logits)
    }

    /// The predicted class of each sample: of two, class 1 if its probability is above 1/2; else the first
    /// most probable.
    ///
    /// # Errors
    /// As [`logits`](Self::logits).
    pub fn predict(&self, samples: &Samples<T>) -> Result<Vec<u32>, Error> {
        let logits = self.logits(samples)?;
        let class = |row: ndarray::ArrayView1<'_, T>| match row.len() {
            1 => u32::from(row[0] > T::zero()),
            _ => slt_mlp::plain::argmax(row) as u32,
        };
        Ok(logits.rows().into_iter().map(class).collect())
    }

    /// The probability of each class.
    ///
    /// # Shapes
    /// `n_samples x n_classes`.
    ///
    /// # Errors
    /// As [`logits`](Self::logits).
    pub fn predict_proba(&self, samples: &Samples<T>) -> Result<Array2<T>, Error> {
        let logits = self.logits(samples)?;
        let mut proba = Array2::zeros((samples.n_samples(), self.n_classes));
        for (row, mut out) in logits.rows().into_iter().zip(proba.rows_mut()) {
            // Two classes: the softmax of (0, z) is the logistic function of z.
            let values: Vec<f64> = match row.len() {
                1 => vec![0.0, row[0].to_double()],
                _ => row.iter().map(|z| z.to_double()).collect(),
            };
            let top = values.iter().copied().fold(f64::NEG_INFINITY, f64::max);
            let exps: Vec<f64> = values.iter().map(|z| libm::exp(z - top)).collect();
            let sum: f64 = exps.iter().sum();
            for (p, e) in out.iter_mut().zip(exps) {
                *p = T::of(e / sum);
            }
        }
        Ok(proba)
    }

    /// Share of the samples that are classified correctly.
    ///
    /// # Errors
    /// As [`logits`](Self::logits).
    pub fn score(&self, samples: &Samples<T>) -> Result<f64, Error> {
        let classes = self.predict(samples)?;
        let correct = classes.iter().zip(samples.labels()).filter(|(a, b)| a == b).count();
        Ok(correct as f64 / samples.n_samples() as f64)
    }
}
