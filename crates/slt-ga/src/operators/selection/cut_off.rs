use slt_core::StreamRng;
use slt_search::Candidate;

use super::{Ranked, SurvivorSelection};

/// The first of the ranking survive. Draws nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CutOff;

impl SurvivorSelection for CutOff {
    fn select(&self, _ranked: &[Ranked<'_>], n: usize, _rng: &mut StreamRng) -> Vec<usize> {
        (0..n).collect()
    }

    /// The performance of the last one, who is in the way of whoever is worse.
    fn floor(&self, population: &[Candidate]) -> Option<f64> {
        population.last().map(|last| last.performance)
    }
}
