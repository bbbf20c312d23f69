//! What lottery tickets are compared with, and the curvature of their loss.
//!
//! - [`EdgePopup`] finds masks of the same random networks by gradient descent on scores; a run gives a
//!   [`Ticket`](slt_mlp::Ticket).
//! - [`MlpClassifier`] trains weights as scikit-learn's class of that name does, with its defaults, stopping
//!   rules and random numbers; [`RandomizedSearch`] looks for hyper-parameters as `RandomizedSearchCV` does.
//! - [`LossSurface`] has gradients, exact Hessian-vector products, eigenvalues and landscapes of the loss
//!   around a ticket.
//!
//! Trainings of both kinds can be stepped, and go on from checkpoints to the same bits: [`MlpTraining`],
//! [`EdgePopupTraining`].
//!
//! One kernel serves all three: samples in SIMD lanes, no allocation in a step, generic over `f32` and `f64`
//! ([`Scalar`]). Its sums have one fixed order with plain products (no fused multiply-add), so results are
//! the same to the bit on every machine and for every number of threads. `f32` is what the paper's baselines
//! train in; in `f64` the results agree with PyTorch and scikit-learn to 1e-9 and better.
//!
//! ```
//! use std::ops::ControlFlow;
//! use slt_baselines::{MlpClassifier, Samples};
//! use slt_datasets::paper::PaperName;
//!
//! let data = slt_datasets::paper::digits(2)?;
//! let (train, test) = (Samples::<f32>::from(&data.train), Samples::from(&data.test));
//! let mlp = MlpClassifier::paper(PaperName::Digits, 2, &[75])?;
//! let fitted = mlp.fit(&train, |_| ControlFlow::Continue(()))?;
//! println!("{:.4} after {} epochs", fitted.score(&test)?, fitted.n_iter());
//! # assert!(fitted.score(&test)? > 0.99);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

/// The example of the README runs, too.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;

mod checkpoint;
mod compiled;
mod curvature;
mod edge_popup;
mod error;
mod kernel;
mod layers;
mod mlp;
mod samples;
mod scalar;
mod search;

pub use curvature::{
    LanczosConfig, Landscape, LossAt, LossSurface, MAX_DENSE, Spectrum, symmetric_eigenvalues,
};
pub use edge_popup::{
    EdgePopup, EdgePopupCheckpoint, EdgePopupConfig, EdgePopupEpoch, EdgePopupOutcome, EdgePopupSchedule,
    EdgePopupStop, EdgePopupTraining, Snapshot, keep_top, n_dropped,
};
pub use error::{Divergence, Error};
pub use mlp::{
    FittedMlp, LearningRate, MlpCheckpoint, MlpClassifier, MlpEpoch, MlpParameters, MlpStop, MlpTraining,
    Solver,
};
pub use samples::{DataShape, Samples};
pub use scalar::Scalar;
pub use search::{
    Fold, Grid, RandomizedSearch, SearchObserver, SearchOutcome, Trial, draw_without_replacement,
    rank_trials, stratified_folds,
};
