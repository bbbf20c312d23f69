use std::cmp::Ordering;

use serde::{Deserialize, Serialize};
use slt_core::BitMask;

use crate::Error;

/// A mask and how well it performs.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Candidate {
    /// The mask.
    pub mask: BitMask,
    /// Its performance: finite, larger is better.
    pub performance: f64,
}

impl Candidate {
    /// Number of weights that are masked out: of two that perform alike, the one with more zeros is better.
    pub fn zeros(&self) -> usize {
        self.mask.count_zeros()
    }

    /// What it is ranked by.
    pub fn rank(&self) -> Rank {
        Rank { performance: self.performance, zeros: self.zeros() }
    }

    /// Whether a candidate from a file can be one of a search over masks of `n_bits` bits.
    ///
    /// # Errors
    /// [`Error::CheckpointInconsistent`].
    pub fn check(&self, n_bits: usize) -> Result<(), Error> {
        check_candidate(&self.mask, self.performance, n_bits)
    }
}

/// What candidates are ranked by: performance, then the number of zeros.
///
/// ```
/// use slt_search::Rank;
/// let sparse = Rank { performance: 0.5, zeros: 7 };
/// assert!(sparse.is_above(&Rank { performance: 0.5, zeros: 3 }));
/// assert!(!sparse.is_above(&Rank { performance: 0.6, zeros: 3 }));
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Rank {
    /// The performance: finite.
    pub performance: f64,
    /// The number of zeros.
    pub zeros: usize,
}

impl Rank {
    /// Better first. Two that are equal stay in their order under a stable sort.
    pub fn better_first(&self, other: &Self) -> Ordering {
        // Performances are finite, and no -0 gets in, so this is the numerical order.
        other.performance.total_cmp(&self.performance).then(other.zeros.cmp(&self.zeros))
    }

    /// Whether it is strictly better.
    pub fn is_above(&self, other: &Self) -> bool {
        self.better_first(other) == Ordering::Less
    }
}

/// Whether candidates are ranked, the best first.
pub fn is_ranked(candidates: &[Candidate]) -> bool {
    candidates.is_sorted_by(|a, b| a.rank().better_first(&b.rank()) != Ordering::Greater)
}

/// Whether masks from a file have the length of a search's.
///
/// # Errors
/// [`Error::CheckpointInconsistent`].
pub(crate) fn check_mask(mask: &BitMask, n_bits: usize) -> Result<(), Error> {
    Error::check_consistent(mask.len() == n_bits, "a mask has not the objective's number of bits")
}

/// As [`Candidate::check`], of a mask and a performance that are apart.
///
/// # Errors
/// [`Error::CheckpointInconsistent`].
pub fn check_candidate(mask: &BitMask, performance: f64, n_bits: usize) -> Result<(), Error> {
    check_mask(mask, n_bits)?;
    // `-0` never gets into a search, where it would rank below `0`.
    let negative_zero = performance == 0.0 && performance.is_sign_negative();
    let is_one = performance.is_finite() && !negative_zero;
    Error::check_consistent(is_one, "a performance is not finite, or is -0")
}
