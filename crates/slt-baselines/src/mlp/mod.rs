//! Training by backpropagation with the semantics of scikit-learn's `MLPClassifier`.
//!
//! [`MlpClassifier`] holds the hyper-parameters under scikit-learn's names, [`FittedMlp`] what comes out.
//! Everything that enters a result follows scikit-learn 1.9 (and 1.3, the version that the paper used), down
//! to the random numbers: given the same data in double precision, the losses agree to 1e-10.

mod checkpoint;
mod classifier;
mod fitted;
mod network;
mod presets;
mod solver;
mod train;
mod training;
mod validation;

pub use checkpoint::MlpCheckpoint;
pub use classifier::{LearningRate, MlpClassifier, Solver};
pub use fitted::{FittedMlp, MlpParameters};
pub(crate) use network::Trained;
pub(crate) use solver::Optimizer;
pub use training::{MlpEpoch, MlpStop, MlpTraining};
