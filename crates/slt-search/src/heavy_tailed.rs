use std::ops::ControlFlow;

use serde::{Deserialize, Serialize};
use slt_core::random::{index_below, unit_f64};
use slt_core::{BitMask, Purpose, Score, StreamRng};

use crate::descent::random_mask;
use crate::{Algorithm, Arena, Candidate, Error, Problem, StopReason, Tally};

const MUTATION: Purpose = Purpose::new("heavy");

/// The (1 + λ) evolutionary algorithm with heavy-tailed mutation (Doerr, Le, Makhmara and Nguyen 2017, "Fast genetic
/// algorithms"): each of λ children has `k` random bits flipped, where `k` is drawn with probability in proportion to
/// `k^-exponent`, up to half of the bits. The best child takes the parent's place unless it is worse.
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
        let best = judged(&parent, arena)?;
        Ok(HeavyTailedState { parent, best })
    }

    fn step(
        &self,
        state: &mut HeavyTailedState,
        arena: &mut Arena<'_, '_>,
    ) -> Result<ControlFlow<()>, Error> {
        let children: Vec<BitMask> = (0..self.children)
            .map(|child| {
                let mut rng = arena.stream(MUTATION, child);
                let mut mask = state.parent.mask.clone();
                flip_some(&mut mask, self.exponent, &mut rng);
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
            let candidate = judged(&parent, arena)?;
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

/// What a candidate is judged at.
fn judged(candidate: &Candidate, arena: &mut Arena<'_, '_>) -> Result<Candidate, Error> {
    if arena.problem().judge().is_none() {
        return Ok(candidate.clone());
    }
    arena.candidate(candidate.mask.clone())
}

/// Flips k different random bits.
fn flip_some(mask: &mut BitMask, exponent: f64, rng: &mut StreamRng) {
    let most = (mask.len() / 2).max(1);
    let total: f64 = (1..=most).map(|k| libm::pow(k as f64, -exponent)).sum();
    let mut rest = unit_f64(rng) * total;
    let mut k = 1;
    while k < most {
        rest -= libm::pow(k as f64, -exponent);
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
