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

/// Masks of the dead, whose buffers the next newcomers take over.
#[derive(Debug)]
pub(crate) struct Pool {
    n_bits: usize,
    spare: Vec<BitMask>,
}

impl Pool {
    pub(crate) fn new(n_bits: usize) -> Self {
        Self { n_bits, spare: Vec::new() }
    }

    /// A mask of the right length; what its bits are is not said.
    pub(crate) fn take(&mut self) -> BitMask {
        self.spare.pop().unwrap_or_else(|| BitMask::zeros(self.n_bits))
    }

    /// Takes back a mask of the right length.
    pub(crate) fn put(&mut self, mask: BitMask) {
        debug_assert_eq!(mask.len(), self.n_bits);
        self.spare.push(mask);
    }
}
