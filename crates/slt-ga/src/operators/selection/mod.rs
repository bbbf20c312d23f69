mod cut_off;
mod random_walk;
mod roulette;

use slt_core::{BitMask, StreamRng};
use slt_search::{Candidate, Rank};

pub use cut_off::CutOff;
pub use random_walk::RandomWalk;
pub use roulette::Roulette;

/// Someone who may survive.
#[derive(Debug, Clone, Copy)]
pub struct Ranked<'a> {
    /// The mask.
    pub mask: &'a BitMask,
    /// Its performance, and how many zeros it has.
    pub rank: Rank,
}

/// Decides who survives a generation.
///
/// ```
/// use slt_core::{BitMask, Purpose, Seed, StreamRng};
/// use slt_ga::operators::{CutOff, Ranked, SurvivorSelection};
/// use slt_search::{Candidate, Rank};
///
/// /// One of each performance survives before another one does.
/// struct Varied;
/// impl SurvivorSelection for Varied {
///     fn select(&self, ranked: &[Ranked<'_>], n: usize, _rng: &mut StreamRng) -> Vec<usize> {
///         let performance = |place: usize| ranked[place].rank.performance;
///         let repeats = |&place: &usize| place > 0 && performance(place) == performance(place - 1);
///         let (others, firsts): (Vec<usize>, Vec<usize>) = (0..ranked.len()).partition(repeats);
///         firsts.into_iter().chain(others).take(n).collect()
///     }
/// }
/// let candidate = |performance| Candidate { mask: BitMask::zeros(4), performance };
/// let candidates = [0.9, 0.9, 0.8].map(candidate);
/// let ranked = candidates.each_ref().map(|c| Ranked { mask: &c.mask, rank: c.rank() });
/// let mut rng = Seed(1).stream(Purpose::new("example"), 0, 0);
/// assert_eq!(Varied.select(&ranked, 2, &mut rng), [0, 2]);
/// assert_eq!(CutOff.select(&ranked, 2, &mut rng), [0, 1]);
/// assert_eq!((Varied.floor(&candidates), CutOff.floor(&candidates)), (None, Some(0.8)));
/// ```
pub trait SurvivorSelection {
    /// The places of `n` different survivors in the ranking, in any order.
    ///
    /// # Shapes
    /// `ranked` holds everyone present, at least `n`, from the best down.
    fn select(&self, ranked: &[Ranked<'_>], n: usize, rng: &mut StreamRng) -> Vec<usize>;

    /// The performance below which no newcomer can survive beside this population, which is ranked: a
    /// newcomer that is strictly below it need not be known exactly, and takes no part in the ranking. None
    /// if anyone may survive.
    fn floor(&self, _population: &[Candidate]) -> Option<f64> {
        None
    }
}
