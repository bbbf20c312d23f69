//! Forward and backward passes over small networks: the one place where the time goes.
//!
//! Samples are laid out in [lanes]: a [batch] holds the values of a unit on eight samples in a vector. What
//! follows for every sample is fixed and does not depend on the width of the registers or on the number of
//! threads:
//!
//! - a unit's sum starts at its bias and adds `weight * value`, the product rounded first, sources ascending;
//! - the delta of a unit is summed likewise from zero, targets ascending;
//! - a weight's gradient is summed in eight lanes, sample `i` of a batch in lane `i % 8`, samples ascending;
//!   the lanes are then added pairwise.
//!
//! A product with zero changes no sum that began at anything but minus zero, and minus zero goes the way of
//! zero. So weights that a mask drops are zeros, and values that are zero in all lanes of a vector are left
//! out: most inputs of images are.
//!
//! [sums] has the sums of both directions, [gradient] the gradients, [pass] puts them together, [tangent] is
//! the same differentiated in a direction; [divide] spreads each over the cores, by units, so that no sum is
//! cut. [head] holds the losses, [math] the elementary functions. `slt_simd` chooses the instruction set.

#![expect(clippy::needless_range_loop, reason = "lanes of several arrays are walked together")]

mod batch;
mod divide;
mod gradient;
mod head;
mod lanes;
mod math;
mod pass;
mod sparse;
mod sums;
mod tangent;
#[cfg(test)]
mod tests;

pub(crate) use batch::Batch;
pub(crate) use divide::{Divide, spread};
pub(crate) use gradient::{Gradient, Keep, Rule, bias_gradient};
pub(crate) use head::{Head, Tally};
pub(crate) use lanes::{BLOCK, EVALUATION_BATCH};
pub(crate) use pass::{Layer, Workspace};
pub(crate) use slt_simd::unfused::Vectorised;
pub(crate) use slt_simd::unfused::{LANES, Pass, Vectors, run};
pub(crate) use tangent::TangentWorkspace;
