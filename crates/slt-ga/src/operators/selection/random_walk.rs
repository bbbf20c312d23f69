use slt_core::StreamRng;
use slt_core::random::chance;

use super::{Ranked, SurvivorSelection};

/// Random walk: for each survivor, walk down the ranking of those left and stop at each with probability
/// `rate`; who is stopped at survives. A walk that reaches the end starts again at the top.
///
/// The place of a survivor among those left is thus geometric, which depends on ranks alone and not on how
/// far performances are apart. With a rate of 1 it is the cut-off. Each step takes one draw.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct RandomWalk {
    /// Chance to stop at each individual, above 0 and at most 1.
    pub rate: f64,
}

impl RandomWalk {
    /// The rate of the paper's public code.
    pub const PAPER_RATE: f64 = 0.5;
}

impl SurvivorSelection for RandomWalk {
    fn select(&self, ranked: &[Ranked<'_>], n: usize, rng: &mut StreamRng) -> Vec<usize> {
        let mut left: Vec<usize> = (0..ranked.len()).collect();
        let mut survivors = Vec::with_capacity(n);
        while survivors.len() < n {
            if let Some(place) = (0..left.len()).find(|_| chance(rng, self.rate)) {
                survivors.push(left.remove(place));
            }
        }
        survivors
    }
}
