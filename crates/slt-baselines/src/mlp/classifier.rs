//! The hyper-parameters.

use serde::{Deserialize, Serialize};

use crate::Error;
use crate::error::check;

/// How the parameters are updated.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum Solver {
    /// Stochastic gradient descent with momentum: `v = momentum v - rate g; w += v`, and with Nesterov's look-ahead
    /// `w += momentum v - rate g` (`v` already updated).
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
/// The objective of a batch of n samples is the mean cross-entropy plus `alpha / (2 n)` times the sum of the squared
/// weights (not the biases). Two classes share one logistic output; more have a softmax.
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
///
/// Weights and biases start from U(-b, b), b = sqrt(6 / (fan_in + fan_out)), drawn from numpy's `RandomState`, which then
/// shuffles the samples before every epoch. Training stops after *more than* `n_iter_no_change` epochs in a row whose
/// loss was not below the best one by `tol`.
///
/// ```
/// use std::ops::ControlFlow;
/// use slt_baselines::{MlpClassifier, Samples};
/// let digits = slt_datasets::digits::paper(2)?;
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
}

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
        }
    }

    /// Checks the ranges.
    ///
    /// # Errors
    /// [`Error::Parameter`] for the first that is out of its range.
    pub fn validate(&self) -> Result<(), Error> {
        let from_zero = |x: f64| x >= 0.0 && x.is_finite();
        let positive = |x: f64| x > 0.0 && x.is_finite();
        let decay = |x: f64| (0.0..1.0).contains(&x);
        let (least, finite) = ("at least 1", "finite and at least 0");
        for &size in &self.hidden_layer_sizes {
            check(size > 0, "hidden_layer_sizes", size as f64, least)?;
        }
        check(from_zero(self.alpha), "alpha", self.alpha, finite)?;
        check(self.batch_size != Some(0), "batch_size", 0.0, least)?;
        let rate = self.learning_rate_init;
        check(positive(rate), "learning_rate_init", rate, "finite and above 0")?;
        check(from_zero(self.power_t), "power_t", self.power_t, finite)?;
        check(self.max_iter > 0, "max_iter", 0.0, least)?;
        check(from_zero(self.tol), "tol", self.tol, finite)?;
        check((0.0..=1.0).contains(&self.momentum), "momentum", self.momentum, "from 0 to 1")?;
        check(decay(self.beta_1), "beta_1", self.beta_1, "at least 0 and below 1")?;
        check(decay(self.beta_2), "beta_2", self.beta_2, "at least 0 and below 1")?;
        check(positive(self.epsilon), "epsilon", self.epsilon, "finite and above 0")?;
        check(self.n_iter_no_change > 0, "n_iter_no_change", 0.0, least)
    }
}
