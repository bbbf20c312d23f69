//! The hyper-parameters.

use serde::{Deserialize, Serialize};

use crate::error::check;
use crate::{Error, Scalar};

/// How the parameters are updated.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum Solver {
    /// Stochastic gradient descent with momentum: `v = momentum v - rate g; w += v`, and with Nesterov's
    /// look-ahead `w += momentum v - rate g` (`v` already updated).
    Sgd,
    /// Adam: `w -= rate_t m / (sqrt(v) + epsilon)`, `rate_t = rate sqrt(1 - beta_2^t) / (1 - beta_1^t)`.
    Adam,
}

/// How the learning rate of [`Solver::Sgd`] changes; [`Solver::Adam`] ignores it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum LearningRate {
    /// Not at all.
    Constant,
    /// After every epoch it becomes `learning_rate_init / (samples seen + 1)^power_t`.
    InvScaling,
    /// Where training would stop it is divided by 5 instead, down to at most 1e-6.
    Adaptive,
}

/// scikit-learn's `MLPClassifier` with ReLU units: hyper-parameters of training by backpropagation.
///
/// The objective of a batch of n samples is the mean cross-entropy plus `alpha / (2 n)` times the sum of the
/// squared weights (not the biases). Two classes share one logistic output; more have a softmax.
///
/// | name | scikit-learn's default | range | only used by |
/// |---|---|---|---|
/// | `hidden_layer_sizes` | 100 | each at least 1; none is a linear model | |
/// | `solver` | adam | | |
/// | `alpha` | 1e-4 | at least 0 | |
/// | `batch_size` | `None`: at most 200 | at least 1; cut to the number of samples | |
/// | `learning_rate` | constant | | sgd |
/// | `learning_rate_init` | 1e-3 | above 0 | |
/// | `power_t` | 0.5 | at least 0 | sgd, `InvScaling` |
/// | `max_iter` | 200 | at least 1 | |
/// | `shuffle` | yes | | |
/// | `random_state` | here 0 | | |
/// | `tol` | 1e-4 | at least 0 | |
/// | `momentum` | 0.9 | 0 to 1 | sgd |
/// | `nesterovs_momentum` | yes | | sgd |
/// | `beta_1`, `beta_2` | 0.9, 0.999 | at least 0, below 1 | adam |
/// | `epsilon` | 1e-8 | above 0 | adam |
/// | `n_iter_no_change` | 10 | at least 1 | |
/// | `early_stopping` | no | | |
/// | `validation_fraction` | 0.1 | above 0, below 1 | early stopping |
///
/// All of them hold in the precision of the training as well: a learning rate of 1e-50 is 0 in single
/// precision, and refused.
///
/// Weights and biases start from U(-b, b), b = sqrt(6 / (fan_in + fan_out)), drawn from numpy's
/// `RandomState`, which then shuffles the samples before every epoch. Training stops after *more than*
/// `n_iter_no_change` epochs in a row whose loss was not below the best one by `tol`.
///
/// With `early_stopping` a part of the samples is set aside, `validation_fraction` of them rounded up, drawn
/// after the initial parameters: stratified for two classes, plain for more, as scikit-learn does it.
/// Training stops after more than `n_iter_no_change` epochs in a row whose accuracy on that part was below
/// the best one plus `tol`, and the parameters are those of the epoch of the best accuracy.
///
/// ```
/// use std::ops::ControlFlow;
/// use slt_baselines::{MlpClassifier, Samples};
/// let digits = slt_datasets::paper::digits(2)?;
/// let mlp = MlpClassifier { max_iter: 30, ..MlpClassifier::scikit_learn([10]) };
/// let fitted = mlp.fit(&Samples::<f32>::from(&digits.train), |_| ControlFlow::Continue(()))?;
/// assert_eq!(fitted.n_iter(), 30);
/// assert!(fitted.score(&Samples::from(&digits.test))? > 0.9);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct MlpClassifier {
    /// Units of each hidden layer.
    pub hidden_layer_sizes: Vec<usize>,
    /// The update rule.
    pub solver: Solver,
    /// Strength of the L2 penalty on the weights.
    pub alpha: f64,
    /// Samples in a batch; `None` means 200, or all if there are fewer.
    pub batch_size: Option<usize>,
    /// How the learning rate changes.
    pub learning_rate: LearningRate,
    /// The learning rate to begin with.
    pub learning_rate_init: f64,
    /// Exponent of [`LearningRate::InvScaling`].
    pub power_t: f64,
    /// The most epochs.
    pub max_iter: usize,
    /// Whether samples are shuffled before every epoch.
    pub shuffle: bool,
    /// Seed of the initial parameters and the shuffles.
    pub random_state: u32,
    /// The least improvement of the loss that counts.
    pub tol: f64,
    /// Momentum.
    pub momentum: f64,
    /// Whether momentum looks ahead.
    pub nesterovs_momentum: bool,
    /// Decay of Adam's mean of gradients.
    pub beta_1: f64,
    /// Decay of Adam's mean of squared gradients.
    pub beta_2: f64,
    /// Keeps Adam from dividing by zero.
    pub epsilon: f64,
    /// Epochs without improvement that are tolerated.
    pub n_iter_no_change: usize,
    /// Whether the accuracy on a part that is set aside decides when to stop, and not the loss.
    #[serde(default, skip_serializing_if = "is_default")]
    pub early_stopping: bool,
    /// Share of the samples that is set aside.
    #[serde(default = "tenth", skip_serializing_if = "is_tenth")]
    pub validation_fraction: f64,
}

// What is at its default is not written: descriptions of trainings have the same text, and hash, as before
// these fields.
fn is_default(on: &bool) -> bool {
    !on
}

fn tenth() -> f64 {
    0.1
}

fn is_tenth(fraction: &f64) -> bool {
    *fraction == tenth()
}

/// The batch size where none is given.
const AUTO_BATCH: usize = 200;

impl MlpClassifier {
    /// scikit-learn's defaults, with `random_state` 0.
    pub fn scikit_learn(hidden_layer_sizes: impl Into<Vec<usize>>) -> Self {
        Self {
            hidden_layer_sizes: hidden_layer_sizes.into(),
            solver: Solver::Adam,
            alpha: 1e-4,
            batch_size: None,
            learning_rate: LearningRate::Constant,
            learning_rate_init: 1e-3,
            power_t: 0.5,
            max_iter: 200,
            shuffle: true,
            random_state: 0,
            tol: 1e-4,
            momentum: 0.9,
            nesterovs_momentum: true,
            beta_1: 0.9,
            beta_2: 0.999,
            epsilon: 1e-8,
            n_iter_no_change: 10,
            early_stopping: false,
            validation_fraction: tenth(),
        }
    }

    /// Samples in a batch when `n_samples` are trained on: `batch_size`, or 200 where there is none, cut to
    /// what there is. With early stopping, `n_samples` are those that are left.
    ///
    /// ```
    /// let mlp = slt_baselines::MlpClassifier::scikit_learn([10]);
    /// assert_eq!([mlp.batch_size_for(1_000), mlp.batch_size_for(150)], [200, 150]);
    /// ```
    pub fn batch_size_for(&self, n_samples: usize) -> usize {
        self.batch_size.unwrap_or(AUTO_BATCH).min(n_samples)
    }

    /// Checks the ranges, for a training in single precision.
    ///
    /// # Errors
    /// [`Error::Parameter`] for the first that is out of its range.
    pub fn validate(&self) -> Result<(), Error> {
        self.validate_in::<f32>()
    }

    /// Checks the ranges, of what enters updates after rounding to the precision of the training.
    pub(super) fn validate_in<T: Scalar>(&self) -> Result<(), Error> {
        let rounded = |x: f64| T::of(x).to_double();
        let from_zero = |x: f64| x >= 0.0 && x.is_finite();
        let positive = |x: f64| x > 0.0 && x.is_finite();
        let decay = |x: f64| (0.0..1.0).contains(&x) && rounded(x) < 1.0;
        let least = "at least 1";
        let finite = "finite and at least 0, also in the precision of the training";
        let above = "finite and above 0, also in the precision of the training";
        let fading = "at least 0 and below 1, also in the precision of the training";
        for &size in &self.hidden_layer_sizes {
            check(size > 0, "hidden_layer_sizes", size as f64, least)?;
        }
        check(self.alpha >= 0.0 && rounded(self.alpha).is_finite(), "alpha", self.alpha, finite)?;
        check(self.batch_size != Some(0), "batch_size", 0.0, least)?;
        let rate = self.learning_rate_init;
        check(positive(rounded(rate)), "learning_rate_init", rate, above)?;
        check(from_zero(self.power_t), "power_t", self.power_t, "finite and at least 0")?;
        check(self.max_iter > 0, "max_iter", 0.0, least)?;
        check(from_zero(self.tol), "tol", self.tol, "finite and at least 0")?;
        check((0.0..=1.0).contains(&self.momentum), "momentum", self.momentum, "from 0 to 1")?;
        check(decay(self.beta_1), "beta_1", self.beta_1, fading)?;
        check(decay(self.beta_2), "beta_2", self.beta_2, fading)?;
        check(positive(rounded(self.epsilon)), "epsilon", self.epsilon, above)?;
        check(self.n_iter_no_change > 0, "n_iter_no_change", 0.0, least)?;
        let fraction = self.validation_fraction;
        check(fraction > 0.0 && fraction < 1.0, "validation_fraction", fraction, "above 0 and below 1")
    }
}
