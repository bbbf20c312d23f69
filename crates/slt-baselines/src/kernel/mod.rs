//! Forward and backward passes over small networks: the one place where the time goes.
//!
//! Samples are laid out in lanes: a [row](rows) holds the values of one unit on a [block](blocks) of 64 samples. What
//! follows for every sample is fixed and does not depend on the width of the registers or on the number of threads:
//!
//! - a unit's sum starts at its bias and adds `weight * value`, the product rounded first, sources ascending; weights that
//!   a mask drops take no part;
//! - the delta of a unit is summed likewise from zero, targets ascending;
//! - a weight's gradient is summed in eight lanes, sample `i` of a block in lane `i % 8`, blocks in order; the lanes are
//!   then added pairwise.
//!
//! Units of a layer without a mask are summed [together], several at a time, which changes no bit. [connections] holds the
//! weights, [head] the losses, [math] the elementary functions, [tangent] the same passes differentiated in a direction.
//! `slt_simd` chooses the instruction set.

#![expect(clippy::needless_range_loop, reason = "lanes of several arrays are walked together")]

mod blocks;
mod connections;
mod head;
mod math;
mod pass;
mod rows;
mod tangent;
mod together;

pub(crate) use blocks::Blocks;
pub(crate) use connections::{Dense, Masked};
pub(crate) use head::{Head, Tally};
pub(crate) use pass::{Step, Want, Workspace};
pub(crate) use rows::BLOCK;
pub(crate) use slt_simd::unfused::Vectorised;
pub(crate) use slt_simd::unfused::{Pass, Vectors, run};
pub(crate) use tangent::{Direction, TangentStep, TangentWorkspace};
