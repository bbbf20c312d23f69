//! Hyper-parameters.

use serde::{Deserialize, Serialize};
use slt_datasets::paper::PaperName;

use crate::Error;
use crate::error::check;

/// Hyper-parameters of edge-popup.
///
/// | field | the paper's | range |
/// |---|---|---|
/// | `keep` | 0.5 | above 0, at most 1 |
/// | `epochs` | 100 | at least 1 |
/// | `batch_size` | 1,000 moons, circles; 250 digits; 500 blobs | at least 1 |
/// | `learning_rate` | 0.1 | above 0 |
/// | `momentum` | 0.9 | at least 0, below 1 |
/// | `weight_decay` | 1e-4 | at least 0 |
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct EdgePopupConfig {
    /// Fraction of the weights of each layer that the mask keeps; [`n_dropped`](super::n_dropped) rounds it.
    pub keep: f64,
    /// Passes over the training data.
    pub epochs: usize,
    /// Samples in a batch. Batches are taken in the order of the data; the last one may be smaller.
    pub batch_size: usize,
    /// The learning rate of the first epoch; epoch e (from 0) has `(1 + cos(pi e / epochs)) / 2` times it.
    pub learning_rate: f64,
    /// Momentum: `v = momentum v + g; s -= rate v`.
    pub momentum: f64,
    /// Weight decay on the scores: `g = gradient + weight_decay s`.
    pub weight_decay: f64,
}

impl EdgePopupConfig {
    /// The paper's configuration for a data set.
    ///
    /// ```
    /// use slt_baselines::EdgePopupConfig;
    /// use slt_datasets::paper::PaperName;
    /// assert_eq!(EdgePopupConfig::paper(PaperName::Digits).batch_size, 250);
    /// ```
    pub fn paper(data: PaperName) -> Self {
        let batch_size = match data {
            PaperName::Moons | PaperName::Circles => 1_000,
            PaperName::Digits => 250,
            PaperName::Blobs => 500,
        };
        Self { keep: 0.5, epochs: 100, batch_size, learning_rate: 0.1, momentum: 0.9, weight_decay: 1e-4 }
    }

    /// Checks the ranges.
    ///
    /// # Errors
    /// [`Error::Parameter`] for the first that is out of its range.
    pub fn validate(&self) -> Result<(), Error> {
        check(self.keep > 0.0 && self.keep <= 1.0, "keep", self.keep, "above 0 and at most 1")?;
        check(self.epochs > 0, "epochs", 0.0, "at least 1")?;
        check(self.batch_size > 0, "batch_size", 0.0, "at least 1")?;
        let rate = self.learning_rate;
        check(rate > 0.0 && rate.is_finite(), "learning_rate", rate, "finite and above 0")?;
        let momentum = self.momentum;
        check((0.0..1.0).contains(&momentum), "momentum", momentum, "at least 0 and below 1")?;
        let decay = self.weight_decay;
        check(decay >= 0.0 && decay.is_finite(), "weight_decay", decay, "finite and at least 0")
    }

    /// The learning rate of an epoch, counted from 0.
    pub fn rate_of(&self, epoch: usize) -> f64 {
        let angle = std::f64::consts::PI * epoch as f64 / self.epochs as f64;
        0.5 * (1.0 + libm::cos(angle)) * self.learning_rate
    }
}
