//! What takes the time, compiled in this crate, once for each type.

#![allow(private_interfaces, reason = "nobody else can call these: the trait is not exported")]

use crate::edge_popup::{EdgePopup, EdgePopupEpoch, Scored};
use crate::kernel::{Batch, Layer, Workspace};
use crate::mlp::{Optimizer, Trained};
use crate::{Error, Samples};

/// Calls of generic code that are not generic themselves. A generic function is compiled again by every crate
/// that calls it, in the profile of that crate; what is behind these is not.
pub trait Compiled: Sized {
    /// [`Workspace::forward`].
    fn forward(workspace: &mut Workspace<Self>, layers: &[Layer<'_, Self>], batch: &Batch<Self>);
    /// [`Trained::step`].
    fn step(
        trained: &mut Trained<Self>,
        optimizer: &mut Optimizer<Self>,
        alpha: f64,
        samples: &Samples<Self>,
        rows: &[usize],
    ) -> f64;
    /// [`Trained::correct`].
    fn correct(trained: &mut Trained<Self>, data: &[Batch<Self>]) -> u64;
    /// [`Scored::new`].
    fn scored(task: &EdgePopup<Self>, scores: Vec<Vec<Self>>, velocities: Vec<Vec<Self>>)
    -> Scored<'_, Self>;
    /// [`Scored::epoch`].
    fn epoch(scored: &mut Scored<'_, Self>, epoch: usize) -> Result<EdgePopupEpoch, Error>;
}

macro_rules! compiled {
    ($($float:ident)*) => {$(
        impl Compiled for $float {
            fn forward(workspace: &mut Workspace<Self>, layers: &[Layer<'_, Self>], batch: &Batch<Self>) {
                workspace.forward(layers, batch);
            }
            fn step(
                trained: &mut Trained<Self>,
                optimizer: &mut Optimizer<Self>,
                alpha: f64,
                samples: &Samples<Self>,
                rows: &[usize],
            ) -> f64 {
                trained.step(optimizer, alpha, samples, rows)
            }
            fn correct(trained: &mut Trained<Self>, data: &[Batch<Self>]) -> u64 {
                trained.correct(data)
            }
            fn scored(
                task: &EdgePopup<Self>,
                scores: Vec<Vec<Self>>,
                velocities: Vec<Vec<Self>>,
            ) -> Scored<'_, Self> {
                Scored::new(task, scores, velocities)
            }
            fn epoch(scored: &mut Scored<'_, Self>, epoch: usize) -> Result<EdgePopupEpoch, Error> {
                scored.epoch(epoch)
            }
        }
    )*};
}

compiled! { f32 f64 }
