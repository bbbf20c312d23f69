//! Edge-popup: lottery tickets found by gradient descent on scores.
//!
//! Every weight of a random network has a score. In the forward pass the weights with the largest |score| of
//! each layer take part; the gradient reaches all scores as if the selection were the identity. Weights and
//! biases never change. After Ramanujan et al., "What's hidden in a randomly weighted neural network?" (CVPR
//! 2020).

mod checkpoint;
mod config;
mod outcome;
mod scored;
mod select;
mod task;
mod training;

pub use checkpoint::EdgePopupCheckpoint;
pub use config::{EdgePopupConfig, EdgePopupSchedule};
pub use outcome::{EdgePopupEpoch, EdgePopupOutcome, EdgePopupStop, Snapshot};
pub(crate) use scored::Scored;
pub use select::{keep_top, n_dropped};
pub use task::EdgePopup;
pub use training::EdgePopupTraining;
