use slt_core::StreamRng;

use super::SurvivorSelection;

/// The first of the ranking survive. Draws nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CutOff;

impl SurvivorSelection for CutOff {
    fn select(&self, _ranked: &[f64], n: usize, _rng: &mut StreamRng) -> Vec<usize> {
        (0..n).collect()
    }

    fn is_cut_off(&self) -> bool {
        true
    }
}
