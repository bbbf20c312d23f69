mod group_first;
mod uniform_bit;

use slt_core::{BitMask, StreamRng};

pub use group_first::GroupFirst;
pub use uniform_bit::UniformBit;

/// Changes a copy of an individual into a mutant.
pub trait Mutation {
    /// Changes `mask`.
    fn mutate(&self, mask: &mut BitMask, rng: &mut StreamRng);
}
