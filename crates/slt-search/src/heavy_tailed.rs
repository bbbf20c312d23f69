use std::ops::ControlFlow;

use serde::{Deserialize, Serialize};
use slt_core::random::{index_below, unit_f64};
use slt_core::{BitMask, Purpose, Score, StreamRng};

use crate::descent::random_mask;
use crate::{Algorithm, Arena, Candidate, Error, Problem, StopReason, Tally};

const MUTATION: Purpose = Purpose::new("heavy");

/// The (1 + λ) evolutionary algorithm with heavy-tailed mutation (Doerr, Le, Makhmara and Nguyen 2017, "Fast
/// genetic algorithms"): each of λ children has `k` random bits flipped, where `k` is drawn with probability
/// in proportion to `k^-exponent`, up to half of the bits. The best child takes the parent's place unless it
/// is worse.
///
/// | name | default | range | purpose |
/// |---|---|---|---|
/// | `exponent` | 1.5 | above 1 | how rare many flips are |
/// | `children` | 8 | at least 1 | λ |
/// | `density` | 0.5 | \[0, 1\] | share of ones in the random mask that it starts from |
///
/// It ends where the objective says that it is solved, or with its budget.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HeavyTailed {
    /// How rare many flips are.
    pub exponent: f64,
    /// λ.
    pub children: u64,
    /// Share of ones in the random mask that it starts from.
    pub density: f64,
}

impl Default for HeavyTailed {
    fn default() -> Self {
        Self { exponent: 1.5, children: 8, density: 0.5 }
    }
}

impl HeavyTailed {
    /// Checks every field.
    ///
    /// # Errors
    /// [`Error::Config`] with the first field that is out of range.
    pub fn validate(&self) -> Result<(), Error> {
        Error::check_range("exponent", self.exponent, 1.0 + f64::EPSILON, 1e3, "above 1 and at most 1,000")?;
        Error::check_range("children", self.children as f64, 1.0, 1e6, "in 1 to 1,000,000")?;
        Error::check_range("density", self.density, 0.0, 1.0, "in [0, 1]")
    }
}

/// The parent, by the objective that moves follow, and the best, by what results are judged by.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HeavyTailedState {
    parent: Candidate,
    best: Candidate,
}

impl Algorithm for HeavyTailed {
    type State = HeavyTailedState;

    fn name(&self) -> &'static str {
        "heavy-tailed"
    }

    fn start(&self, arena: &mut Arena<'_, '_>) -> Result<HeavyTailedState, Error> {
        self.validate()?;
        let mask = random_mask(arena.n_bits(), self.density, arena.seed(), 0);
        let performance = arena.evaluate(&[&mask], None)?[0].exact().ok_or(Error::BelowNothing)?;
        let parent = Candidate { mask, performance };
        let best = arena.judged(&parent)?;
        Ok(HeavyTailedState { parent, best })
    }

    fn step(
        &self,
        state: &mut HeavyTailedState,
        arena: &mut Arena<'_, '_>,
    ) -> Result<ControlFlow<()>, Error> {
        let tail = HeavyTail::new(arena.n_bits(), self.exponent);
        let children: Vec<BitMask> = (0..self.children)
            .map(|child| {
                let mut rng = arena.stream(MUTATION, child);
                let mut mask = state.parent.mask.clone();
                tail.flip_some(&mut mask, &mut rng);
                mask
            })
            .collect();
        let masks: Vec<&BitMask> = children.iter().collect();
        let scores = arena.evaluate(&masks, Some(state.parent.performance))?;
        let mut next: Option<Candidate> = None;
        for (mask, score) in children.into_iter().zip(scores) {
            if let Score::Exact(performance) = score
                && next.as_ref().is_none_or(|best| performance > best.performance)
            {
                next = Some(Candidate { mask, performance });
            }
        }
        if let Some(parent) = next {
            let candidate = arena.judged(&parent)?;
            if candidate.rank().is_above(&state.best.rank()) {
                state.best = candidate;
            }
            state.parent = parent;
        }
        Ok(ControlFlow::Continue(()))
    }

    fn best<'s>(&self, state: &'s HeavyTailedState) -> &'s Candidate {
        &state.best
    }

    fn end(&self, state: &HeavyTailedState, problem: &Problem<'_>) -> Option<StopReason> {
        problem.solved(&state.best.mask, state.best.performance).then_some(StopReason::Solved)
    }

    fn check(&self, state: &HeavyTailedState, tally: &Tally) -> Result<(), Error> {
        state.parent.check(tally.n_bits)?;
        state.best.check(tally.n_bits)
    }
}

/// Heavy-tailed mutation: flips `k` different random bits, where `k` is drawn with probability in proportion
/// to `k^-exponent`, from 1 up to half of the bits.
///
/// ```
/// use slt_core::{BitMask, Purpose, Seed};
/// use slt_search::HeavyTail;
/// let tail = HeavyTail::new(1_000, 1.5);
/// let mut flipped: Vec<usize> = (0..500)
///     .map(|i| {
///         let mut mask = BitMask::zeros(1_000);
///         tail.flip_some(&mut mask, &mut Seed(1).stream(Purpose::new("example"), 0, i));
///         mask.count_ones()
///     })
///     .collect();
/// flipped.sort_unstable();
/// // Most often few, now and then very many.
/// assert_eq!((flipped[0], flipped[150]), (1, 1));
/// assert!(flipped[499] > 100 && flipped[499] <= 500);
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct HeavyTail {
    exponent: f64,
    /// The most bits that are flipped.
    most: usize,
    /// Sum of `k^-exponent` over all `k`.
    total: f64,
}

impl HeavyTail {
    /// The mutation of masks with `n_bits` bits, at least 1. The larger the exponent, above 1, the rarer many
    /// flips are.
    pub fn new(n_bits: usize, exponent: f64) -> Self {
        let most = (n_bits / 2).max(1);
        Self { exponent, most, total: (1..=most).map(|k| libm::pow(k as f64, -exponent)).sum() }
    }

    /// Flips `k` different random bits of a mask with as many bits as the mutation is for.
    pub fn flip_some(&self, mask: &mut BitMask, rng: &mut StreamRng) {
        let mut rest = unit_f64(rng) * self.total;
        let mut k = 1;
        while k < self.most {
            rest -= libm::pow(k as f64, -self.exponent);
            if rest < 0.0 {
                break;
            }
            k += 1;
        }
        // Floyd's choice of k different places.
        let mut chosen = std::collections::BTreeSet::new();
        for last in mask.len() - k..mask.len() {
            let place = index_below(rng, last + 1);
            chosen.insert(if chosen.contains(&place) { last } else { place });
        }
        chosen.into_iter().for_each(|bit| mask.flip(bit));
    }
}
