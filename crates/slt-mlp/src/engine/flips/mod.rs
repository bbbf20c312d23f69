//! What single flips of a mask come to, from activations that are kept.
//!
//! [`HeldMask`] keeps the [sums] of every unit for every sample, and what the logits come to, the [summary].
//! [`wiring`] is the network under the mask. [`change`] traces the way of a flip to the outputs, and bounds
//! how far rounding can have moved what is on that way; [`propagate`] takes the flip through a block of
//! samples. The new logits differ from canonical ones by rounding, which is good enough for a cross-entropy
//! ([`losses`]). [`decide`] says exactly which samples are classified correctly: the bounds tell how large a
//! margin is certain, and the samples below it are evaluated. Questions change nothing and have buffers of
//! their own from a [`pool`], so that any number of threads can ask.
//!
//! A [`commit`] adds the change to what is held, and to the bounds. Decisions stay exact. Losses drift by
//! rounding, so all sums are computed afresh from time to time, when that follows from the commits alone.

mod change;
mod commit;
mod decide;
mod held;
mod losses;
mod pool;
mod propagate;
mod summary;
mod sums;
mod wiring;

pub(crate) use held::{Asker, HeldMask};
