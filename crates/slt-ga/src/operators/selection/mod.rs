mod cut_off;
mod random_walk;
mod roulette;

use slt_core::StreamRng;

pub use cut_off::CutOff;
pub use random_walk::RandomWalk;
pub use roulette::Roulette;

/// Decides who survives a generation.
pub trait SurvivorSelection {
    /// The places of `n` different survivors in the ranking, in any order.
    ///
    /// # Shapes
    /// `ranked` holds the performances of everyone present, at least `n`, from the best down.
    fn select(&self, ranked: &[f64], n: usize, rng: &mut StreamRng) -> Vec<usize>;

    /// Whether the first `n` survive, always. Then whoever performs worse than `n` others need not be
    /// known exactly.
    fn is_cut_off(&self) -> bool {
        false
    }
}
