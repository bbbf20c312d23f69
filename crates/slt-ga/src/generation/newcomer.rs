use slt_core::{BitMask, Score};

use crate::Origin;

/// Someone who is not in the population yet.
#[derive(Debug)]
pub(crate) struct Newcomer {
    pub(crate) mask: BitMask,
    pub(crate) origin: Origin,
    /// None until it is known.
    pub(crate) score: Option<Score>,
}

/// Masks of the dead, whose buffers the next newcomers take over. All have the length of the search's.
#[derive(Debug, Default)]
pub(crate) struct Pool {
    spare: Vec<BitMask>,
}

impl Pool {
    /// A mask of `n_bits` bits; what its bits are is not said.
    pub(crate) fn take(&mut self, n_bits: usize) -> BitMask {
        let mask = self.spare.pop().unwrap_or_else(|| BitMask::zeros(n_bits));
        debug_assert_eq!(mask.len(), n_bits);
        mask
    }

    /// Takes back a mask.
    pub(crate) fn put(&mut self, mask: BitMask) {
        self.spare.push(mask);
    }
}
