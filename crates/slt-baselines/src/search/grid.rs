//! The points that a search draws from.

use serde::{Deserialize, Serialize};

use crate::{Error, LearningRate, MlpClassifier, Solver};

/// Every combination of some values, the other hyper-parameters being those of `base`.
///
/// Points are numbered as in scikit-learn's `ParameterGrid`: by the alphabetical order of the names, the last
/// one, `nesterovs_momentum`, changing fastest.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Grid {
    /// Hidden layers, solver, and all that does not vary.
    pub base: MlpClassifier,
    /// Strengths of the penalty.
    pub alpha: Vec<f64>,
    /// Batch sizes.
    pub batch_size: Vec<usize>,
    /// Values of Adam's epsilon.
    pub epsilon: Vec<f64>,
    /// Schedules of the learning rate.
    pub learning_rate: Vec<LearningRate>,
    /// Learning rates to begin with.
    pub learning_rate_init: Vec<f64>,
    /// Momenta.
    pub momentum: Vec<f64>,
    /// Whether momentum looks ahead.
    pub nesterovs_momentum: Vec<bool>,
}

/// `count` numbers from 10^`from` to 10^`to`, evenly over the exponents.
fn log_space(from: f64, to: f64, count: usize) -> Vec<f64> {
    let step = (to - from) / (count - 1) as f64;
    (0..count).map(|i| libm::pow(10.0, if i + 1 == count { to } else { from + i as f64 * step })).collect()
}

impl Grid {
    /// The paper's grid for Adam: 6,000 points.
    pub fn paper_adam(base: MlpClassifier) -> Self {
        let base = MlpClassifier { solver: Solver::Adam, ..base };
        Self {
            alpha: log_space(-4.0, -1.0, 10),
            batch_size: vec![32, 64, 128],
            epsilon: log_space(-9.0, -7.0, 10),
            learning_rate: vec![LearningRate::Constant, LearningRate::Adaptive],
            learning_rate_init: log_space(-3.0, -1.0, 10),
            momentum: vec![base.momentum],
            nesterovs_momentum: vec![base.nesterovs_momentum],
            base,
        }
    }

    /// The paper's grid for gradient descent: 6,000 points.
    pub fn paper_sgd(base: MlpClassifier) -> Self {
        let epsilon = vec![base.epsilon];
        let grid = Self::paper_adam(MlpClassifier { solver: Solver::Sgd, ..base });
        Self {
            base: MlpClassifier { solver: Solver::Sgd, ..grid.base },
            epsilon,
            momentum: vec![0.0, 0.25, 0.5, 0.75, 1.0],
            nesterovs_momentum: vec![true, false],
            ..grid
        }
    }

    /// Number of points.
    pub fn len(&self) -> usize {
        self.sizes().iter().product()
    }

    /// Whether some hyper-parameter has no value at all.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Point `index`.
    ///
    /// # Panics
    /// If there are not so many points.
    pub fn get(&self, index: usize) -> MlpClassifier {
        assert!(index < self.len(), "the grid has {} points, got index {index}", self.len());
        let mut rest = index;
        let mut digits = [0; 7];
        for (digit, size) in digits.iter_mut().zip(self.sizes()).rev() {
            (rest, *digit) = (rest / size, rest % size);
        }
        let [alpha, batch_size, epsilon, learning_rate, learning_rate_init, momentum, nesterov] = digits;
        MlpClassifier {
            alpha: self.alpha[alpha],
            batch_size: Some(self.batch_size[batch_size]),
            epsilon: self.epsilon[epsilon],
            learning_rate: self.learning_rate[learning_rate],
            learning_rate_init: self.learning_rate_init[learning_rate_init],
            momentum: self.momentum[momentum],
            nesterovs_momentum: self.nesterovs_momentum[nesterov],
            ..self.base.clone()
        }
    }

    /// Checks that every value is in its range.
    pub(super) fn validate(&self) -> Result<(), Error> {
        crate::error::check(!self.is_empty(), "points of the grid", 0.0, "at least 1")?;
        // Ranges do not depend on each other, so it is enough that each value occurs.
        let sizes = self.sizes();
        let mut stride = self.len();
        for size in sizes {
            stride /= size;
            for digit in 0..size {
                self.get(digit * stride).validate()?;
            }
        }
        Ok(())
    }

    fn sizes(&self) -> [usize; 7] {
        [
            self.alpha.len(),
            self.batch_size.len(),
            self.epsilon.len(),
            self.learning_rate.len(),
            self.learning_rate_init.len(),
            self.momentum.len(),
            self.nesterovs_momentum.len(),
        ]
    }
}
