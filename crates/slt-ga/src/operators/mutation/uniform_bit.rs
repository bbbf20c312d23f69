use slt_core::random::index_below;
use slt_core::{BitMask, StreamRng};

use super::Mutation;

/// Flips one bit, every bit as likely as any other. Draws its index.
///
/// ```
/// use slt_core::{BitMask, Purpose, Seed};
/// use slt_ga::operators::{Mutation, UniformBit};
/// let mut rng = Seed(1).stream(Purpose::new("example"), 0, 0);
/// let mut mask = BitMask::zeros(100);
/// UniformBit.mutate(&mut mask, &mut rng);
/// assert_eq!(mask.count_ones(), 1);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct UniformBit;

impl Mutation for UniformBit {
    fn mutate(&self, mask: &mut BitMask, rng: &mut StreamRng) {
        mask.flip(index_below(rng, mask.len()));
    }
}
