//! Samples in lanes: a [`Group`] holds what one unit does on eight of them.

use crate::Scalar;
use slt_simd::unfused::LANES;

/// Samples in a block, which the head takes at once.
pub(crate) const BLOCK: usize = 64;

/// Groups in a block.
pub(crate) const BLOCK_GROUPS: usize = BLOCK / LANES;

/// Samples in a batch where only losses and correct ones are counted: a whole number of blocks.
pub(crate) const EVALUATION_BATCH: usize = 8 * BLOCK;

/// The label of a lane without a sample.
pub(crate) const NO_SAMPLE: u32 = u32::MAX;

/// The values of one unit on eight samples.
#[derive(Debug, Clone, Copy)]
#[repr(C, align(32))]
pub(crate) struct Group<T>(pub(crate) [T; LANES]);

impl<T: Scalar> Group<T> {
    pub(super) fn zero() -> Self {
        Self([T::zero(); LANES])
    }
}
