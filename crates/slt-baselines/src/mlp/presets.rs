//! Hyper-parameters to begin with: for any data by their size, for the paper's data as it found them (its
//! Table 2).

use slt_datasets::paper::PaperName;

use super::{LearningRate, MlpClassifier, Solver};
use crate::{DataShape, Error};

impl MlpClassifier {
    /// Hyper-parameters for data of a size, of which nothing else is known: what the paper's search found
    /// most often (Adam, learning rate 0.001, `epsilon` 4.64159e-9, `alpha` 0.000215, at most 1,000 epochs),
    /// with a batch size that grows with the number of samples as the paper's do, and the other defaults of
    /// scikit-learn.
    ///
    /// | samples | batch size |
    /// |---|---|
    /// | below 2,000 | 32 |
    /// | below 40,000 | 64 |
    /// | from 40,000 | 128 |
    ///
    /// ```
    /// use slt_baselines::{DataShape, MlpClassifier};
    /// let mnist = DataShape { features: 784, classes: 10, samples: 60_000 };
    /// assert_eq!(MlpClassifier::for_shape(mnist, [300, 100]).batch_size, Some(128));
    /// ```
    pub fn for_shape(shape: DataShape, hidden: impl Into<Vec<usize>>) -> Self {
        let batch_size = match shape.samples {
            0..2_000 => 32,
            2_000..40_000 => 64,
            _ => 128,
        };
        Self { batch_size: Some(batch_size), ..Self::usual(hidden) }
    }

    /// The paper's hyper-parameters for five of its data sets and networks.
    fn usual(hidden: impl Into<Vec<usize>>) -> Self {
        Self {
            max_iter: 1_000,
            epsilon: 4.64159e-9,
            batch_size: Some(64),
            alpha: 0.000215,
            ..Self::scikit_learn(hidden)
        }
    }

    /// The paper's hyper-parameters (Table 2) for a data set, with `max_iter` 1,000 and the other defaults of
    /// scikit-learn.
    ///
    /// | data | hidden layers |
    /// |---|---|
    /// | moons, circles | A, B, C, D: 20; 75; 100; 50 and 50 |
    /// | moons | 6: a remark of Section 4, which has no row in the table; A's hyper-parameters |
    /// | blobs, 2 to 10 classes | C: 100 |
    /// | digits, 2, 3, 4, 5, 10 classes | B: 75 |
    ///
    /// ```
    /// use slt_baselines::MlpClassifier;
    /// use slt_datasets::paper::PaperName;
    /// let mlp = MlpClassifier::paper(PaperName::Circles, 2, &[75])?;
    /// assert_eq!((mlp.learning_rate_init, mlp.momentum), (0.004642, 0.5));
    /// assert!(MlpClassifier::paper(PaperName::Digits, 7, &[75]).is_err());
    /// # Ok::<(), slt_baselines::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`Error::NoPreset`] for any other combination; [`for_shape`](Self::for_shape) has an answer to all.
    pub fn paper(data: PaperName, classes: usize, hidden: &[usize]) -> Result<Self, Error> {
        use LearningRate::{Adaptive, Constant};
        let paper = Self { max_iter: 1_000, ..Self::scikit_learn(hidden) };
        let adam = |learning_rate, learning_rate_init, epsilon, batch_size, alpha| Self {
            solver: Solver::Adam,
            learning_rate,
            learning_rate_init,
            epsilon,
            batch_size: Some(batch_size),
            alpha,
            ..paper.clone()
        };
        let sgd = |learning_rate_init, batch_size, momentum, nesterovs_momentum| Self {
            solver: Solver::Sgd,
            learning_rate: Adaptive,
            learning_rate_init,
            batch_size: Some(batch_size),
            alpha: 0.046416,
            momentum,
            nesterovs_momentum,
            ..paper.clone()
        };
        let common = || Self::usual(hidden);
        match (data, classes, hidden) {
            (PaperName::Moons, 2, [6] | [20]) => Ok(adam(Constant, 0.021544, 4.64159e-9, 128, 0.0001)),
            (PaperName::Moons, 2, [75] | [100] | [50, 50]) => Ok(common()),
            (PaperName::Circles, 2, [20]) => Ok(sgd(0.1, 64, 0.0, false)),
            (PaperName::Circles, 2, [75]) => Ok(sgd(0.004642, 128, 0.5, true)),
            (PaperName::Circles, 2, [100]) => Ok(common()),
            (PaperName::Circles, 2, [50, 50]) => Ok(sgd(0.1, 128, 0.0, true)),
            (PaperName::Blobs, 2..=10, [100]) | (PaperName::Digits, 2, [75]) => Ok(common()),
            (PaperName::Digits, 3, [75]) => Ok(adam(Constant, 0.021544, 1.67e-9, 128, 0.046416)),
            (PaperName::Digits, 4 | 10, [75]) => Ok(adam(Adaptive, 0.002783, 7.74e-9, 32, 0.004642)),
            (PaperName::Digits, 5, [75]) => Ok(adam(Adaptive, 0.002783, 5.99e-8, 32, 0.01)),
            _ => Err(Error::NoPreset { data, classes, hidden: hidden.to_vec() }),
        }
    }
}
