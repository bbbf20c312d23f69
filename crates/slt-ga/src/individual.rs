use std::cmp::Ordering;

use serde::{Deserialize, Serialize};
use slt_core::BitMask;

/// A mask and how well it performs.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Individual {
    /// The mask.
    pub mask: BitMask,
    /// Its performance: finite, larger is better.
    pub performance: f64,
}

/// What survivors are ranked by: performance, then the number of zeros.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Rank {
    pub(crate) performance: f64,
    pub(crate) zeros: usize,
}

impl Rank {
    pub(crate) fn of(mask: &BitMask, performance: f64) -> Self {
        Self { performance, zeros: mask.count_zeros() }
    }

    /// Better first. Two that are equal stay in their order under a stable sort.
    pub(crate) fn better_first(&self, other: &Self) -> Ordering {
        // Performances are finite, and no -0 gets in, so this is the numerical order.
        other.performance.total_cmp(&self.performance).then(other.zeros.cmp(&self.zeros))
    }
}

/// Whether a population is ranked.
pub(crate) fn is_ranked(population: &[Individual]) -> bool {
    population.is_sorted_by(|a, b| {
        let [a, b] = [a, b].map(|x| Rank::of(&x.mask, x.performance));
        a.better_first(&b) != Ordering::Greater
    })
}
