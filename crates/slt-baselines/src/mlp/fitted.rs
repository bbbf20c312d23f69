//! A trained classifier.

use ndarray::{Array1, Array2};
use serde::{Deserialize, Serialize};

use super::MlpStop;
use crate::kernel::{BLOCK, Blocks, Dense, Step, Want, Workspace};
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
        }
        Ok(())
    }
}

/// What [`MlpClassifier::fit`](super::MlpClassifier::fit) returns: a network that classifies.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct FittedMlp<T> {
    parameters: MlpParameters<T>,
    n_classes: usize,
    loss_curve: Vec<f64>,
    best_loss: f64,
    stop: MlpStop,
}

impl<T: Scalar> FittedMlp<T> {
    pub(super) fn new(
        parameters: MlpParameters<T>,
        n_classes: usize,
        loss_curve: Vec<f64>,
        best_loss: f64,
        stop: MlpStop,
    ) -> Self {
        Self { parameters, n_classes, loss_curve, best_loss, stop }
    }

    /// Weights of each layer, `n_in x n_out`.
    pub fn coefs(&self) -> &[Array2<T>] {
        &self.parameters.coefs
    }

    /// Biases of each layer.
    pub fn intercepts(&self) -> &[Array1<T>] {
        &self.parameters.intercepts
    }

    /// The objective in each epoch.
    pub fn loss_curve(&self) -> &[f64] {
        &self.loss_curve
    }

    /// The least of [`loss_curve`](Self::loss_curve).
    pub fn best_loss(&self) -> f64 {
        self.best_loss
    }

    /// Number of epochs.
    pub fn n_iter(&self) -> usize {
        self.loss_curve.len()
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
        let layers: Vec<Dense<'_, T>> =
            weights.iter().zip(&sizes[1..]).map(|(weights, &n_out)| Dense { weights, n_out }).collect();
        let biases: Vec<Vec<T>> = intercepts.iter().map(|b| b.to_vec()).collect();
        let data = Blocks::pack(samples, 0..samples.n_samples());
        let mut workspace = Workspace::new(&sizes);
        let mut logits = Array2::zeros((samples.n_samples(), sizes[sizes.len() - 1]));
        for block in 0..data.len() {
            Step {
                layers: &layers,
                biases: &biases,
                data: &data,
                blocks: block..block + 1,
                head: None,
                want: Want::Tally,
                workspace: &mut workspace,
            }
            .run();
            for (output, row) in workspace.outputs().iter().enumerate() {
                let first = block * BLOCK;
                for i in 0..data.get(block).2 {
                    logits[[first + i, output]] = row.0[i];
                }
            }
        }
        Ok(logits)
    }

    /// The predicted class of each sample: of two, class 1 if its probability is above 1/2; else the first most probable.
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
