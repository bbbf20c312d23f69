//! Masked inference at hardware speed.
//!
//! Masks are [compiled](compile) to a [program]: the active weights of each unit, shared units once. The
//! [kernels](kernel) take [blocks](blocks) of 64 samples through it, one sample a SIMD lane; `slt_simd`
//! instantiates them for the instruction set at hand. [batch] spreads the work over threads; [race] drops
//! masks that can no longer reach the [floor](slt_core::Objective::evaluate), in an [order] of the samples in
//! which that shows early. [flips] keeps what every unit says under one mask, so that masks one flip away
//! cost little. `docs/numerics.md` fixes the order of all sums.

mod batch;
mod blocks;
mod burst;
mod compile;
mod flips;
mod kernel;
mod loss;
mod order;
mod profiles;
mod program;
mod race;
mod readout;
mod runner;

pub(crate) use batch::Engine;
pub use burst::multiply_add_burst;
pub(crate) use flips::{Asker, HeldMask};
pub(crate) use loss::{loss_f32, mean_f32};
pub(crate) use profiles::Units;
