//! Hyper-parameters.

use serde::{Deserialize, Serialize};
use slt_datasets::paper::PaperName;

use crate::error::check;
use crate::{DataShape, Error, Scalar};

/// How the learning rate changes from epoch to epoch.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum EdgePopupSchedule {
    /// It falls along half a cosine over all epochs, so every rate depends on their number.
    #[default]
    Cosine,
    /// Not at all.
    Constant,
}

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
/// | `schedule` | cosine | |
///
/// All of them hold in the precision of the training as well: a learning rate of 1e-50 is 0 in single
/// precision, and refused.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct EdgePopupConfig {
    /// Fraction of the weights of each layer that the mask keeps; [`n_dropped`](super::n_dropped) rounds it.
    pub keep: f64,
    /// Passes over the training data.
    pub epochs: usize,
    /// Samples in a batch, at most as many as there are ([`batch_size_for`](Self::batch_size_for)). Batches
    /// are taken in the order of the data; the last one may be smaller.
    pub batch_size: usize,
    /// The learning rate of the first epoch; with [`EdgePopupSchedule::Cosine`] epoch e (from 0) has
    /// `(1 + cos(pi e / epochs)) / 2` times it.
    pub learning_rate: f64,
    /// Momentum: `v = momentum v + g; s -= rate v`.
    pub momentum: f64,
    /// Weight decay on the scores: `g = gradient + weight_decay s`.
    pub weight_decay: f64,
    /// How the learning rate changes.
    // At its default it is not written: descriptions of runs have the same text, and hash, as before this
    // field.
    #[serde(default, skip_serializing_if = "is_cosine")]
    pub schedule: EdgePopupSchedule,
}

fn is_cosine(schedule: &EdgePopupSchedule) -> bool {
    *schedule == EdgePopupSchedule::Cosine
}

impl EdgePopupConfig {
    /// A configuration for data of a size, of which nothing else is known: the paper's, with a batch size
    /// that grows with the number of samples as the paper's do, at least some four batches an epoch.
    ///
    /// | samples | batch size | the paper's data of this size |
    /// |---|---|---|
    /// | below 1,000 | a quarter of them, at least 1 | |
    /// | below 5,000 | 250 | digits |
    /// | below 40,000 | 500 | blobs |
    /// | from 40,000 | 1,000 | moons, circles |
    ///
    /// ```
    /// use slt_baselines::{DataShape, EdgePopupConfig};
    /// let mnist = DataShape { features: 784, classes: 10, samples: 60_000 };
    /// assert_eq!(EdgePopupConfig::for_shape(mnist).batch_size, 1_000);
    /// ```
    pub fn for_shape(shape: DataShape) -> Self {
        let batch_size = match shape.samples {
            samples @ 0..1_000 => (samples / 4).max(1),
            1_000..5_000 => 250,
            5_000..40_000 => 500,
            _ => 1_000,
        };
        Self {
            keep: 0.5,
            epochs: 100,
            batch_size,
            learning_rate: 0.1,
            momentum: 0.9,
            weight_decay: 1e-4,
            schedule: EdgePopupSchedule::Cosine,
        }
    }

    /// The paper's configuration for a data set, whatever its size here.
    ///
    /// ```
    /// use slt_baselines::EdgePopupConfig;
    /// use slt_datasets::paper::PaperName;
    /// assert_eq!(EdgePopupConfig::paper(PaperName::Digits).batch_size, 250);
    /// ```
    pub fn paper(data: PaperName) -> Self {
        let (features, classes, samples) = match data {
            PaperName::Moons | PaperName::Circles => (2, 2, 50_000),
            PaperName::Digits => (64, 10, 1_347),
            PaperName::Blobs => (2, 10, 37_500),
        };
        Self::for_shape(DataShape { features, classes, samples })
    }

    /// Samples in a batch when there are `n_samples`: `batch_size`, cut to what there is.
    pub fn batch_size_for(&self, n_samples: usize) -> usize {
        self.batch_size.min(n_samples)
    }

    /// Checks the ranges, for a run in single precision.
    ///
    /// # Errors
    /// [`Error::Parameter`] for the first that is out of its range.
    pub fn validate(&self) -> Result<(), Error> {
        self.validate_in::<f32>()
    }

    /// Checks the ranges, of what enters updates after rounding to the precision of the run.
    pub(super) fn validate_in<T: Scalar>(&self) -> Result<(), Error> {
        let rounded = |x: f64| T::of(x).to_double();
        check(self.keep > 0.0 && self.keep <= 1.0, "keep", self.keep, "above 0 and at most 1")?;
        check(self.epochs > 0, "epochs", 0.0, "at least 1")?;
        check(self.batch_size > 0, "batch_size", 0.0, "at least 1")?;
        let rate = self.learning_rate;
        let above = "finite and above 0, also in the precision of the training";
        check(rounded(rate) > 0.0 && rounded(rate).is_finite(), "learning_rate", rate, above)?;
        let momentum = self.momentum;
        let fading = "at least 0 and below 1, also in the precision of the training";
        check((0.0..1.0).contains(&momentum) && rounded(momentum) < 1.0, "momentum", momentum, fading)?;
        let decay = self.weight_decay;
        let finite = "finite and at least 0, also in the precision of the training";
        check(decay >= 0.0 && rounded(decay).is_finite(), "weight_decay", decay, finite)
    }

    /// The learning rate of an epoch, counted from 0.
    pub fn rate_of(&self, epoch: usize) -> f64 {
        if self.schedule == EdgePopupSchedule::Constant {
            return self.learning_rate;
        }
        let angle = std::f64::consts::PI * epoch as f64 / self.epochs as f64;
        0.5 * (1.0 + libm::cos(angle)) * self.learning_rate
    }
}
