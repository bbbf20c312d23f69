use std::ops::ControlFlow;

use serde::{Deserialize, Serialize};
use slt_core::random::index_below;
use slt_core::{BitMask, Purpose};

use crate::candidate::check_mask;
use crate::cooling::FLIPS_OF_A_STEP;
use crate::descent::random_mask;
use crate::walk::{Bar, Best, Proposal, walk};
use crate::{Algorithm, Arena, Candidate, Error, Guide, Price, Problem, StopReason, Tally};

const FLIP: Purpose = Purpose::new("flip");

/// Late acceptance hill climbing (Burke and Bykov 2017, "The late acceptance hill-climbing heuristic"): a
/// random flip is taken if the mask is worth no less after it than it is now, or than it was `length`
/// proposals ago.
///
/// | name | default | range | purpose |
/// |---|---|---|---|
/// | `length` | 1,000 | 1 to 1,000,000 | proposals that are looked back |
/// | `flips` | 60,000 | at least 1 | flips proposed in all |
/// | `price` | none | see [`Price`] | what active weights cost |
/// | `density` | 0.5 | \[0, 1\] | share of ones in the random mask that it starts from |
/// | `only_admissible` | no | | whether masks that are not admissible are passed over |
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LateAcceptance {
    /// Proposals that are looked back.
    pub length: usize,
    /// Flips proposed in all.
    pub flips: u64,
    /// What active weights cost.
    pub price: Price,
    /// Share of ones in the random mask that it starts from.
    pub density: f64,
    /// Whether masks that are not admissible are passed over.
    pub only_admissible: bool,
}

impl Default for LateAcceptance {
    fn default() -> Self {
        Self { length: 1_000, flips: 60_000, price: Price::NONE, density: 0.5, only_admissible: false }
    }
}

impl LateAcceptance {
    /// Checks every field.
    ///
    /// # Errors
    /// [`Error::Config`] with the first field that is out of range.
    pub fn validate(&self) -> Result<(), Error> {
        self.price.check()?;
        Error::check_range("length", self.length as f64, 1.0, 1e6, "in 1 to 1,000,000")?;
        Error::check_range("flips", self.flips as f64, 1.0, f64::MAX, "at least 1")?;
        Error::check_range("density", self.density, 0.0, 1.0, "in [0, 1]")
    }
}

/// Where late acceptance has come to.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LateAcceptanceState {
    done: u64,
    mask: BitMask,
    /// What the mask was worth at the latest proposals; proposal `i` at `i % length`.
    earlier: Vec<f64>,
    best: Best,
}

impl Algorithm for LateAcceptance {
    type State = LateAcceptanceState;

    fn name(&self) -> &'static str {
        "late-acceptance"
    }

    fn start(&self, arena: &mut Arena<'_, '_>) -> Result<LateAcceptanceState, Error> {
        self.validate()?;
        let mask = random_mask(arena.n_bits(), self.density, arena.seed(), 0);
        let worth = self.price.worth(mask.len(), 0.0);
        let moves = arena.hold(Guide::Objective, &mask)?;
        let value = worth.of(moves.performance(), mask.count_ones());
        let best = Best::new(mask.clone(), self.price.worth(mask.len(), 1.0), arena)?;
        Ok(LateAcceptanceState { done: 0, mask, earlier: vec![value; self.length], best })
    }

    fn step(
        &self,
        state: &mut LateAcceptanceState,
        arena: &mut Arena<'_, '_>,
    ) -> Result<ControlFlow<()>, Error> {
        let n_bits = arena.n_bits();
        let mut rng = arena.stream(FLIP, 0);
        let worth = self.price.worth(n_bits, state.done as f64 / self.flips as f64);
        // Not more than are looked back: what they are held against is then known before the first.
        let count = (self.flips - state.done).min(FLIPS_OF_A_STEP.min(self.length as u64));
        let place = |i: u64| ((state.done + i) % self.length as u64) as usize;
        let proposals: Vec<Proposal> = (0..count)
            .map(|i| Proposal {
                bit: index_below(&mut rng, n_bits),
                bar: Bar::AtLeast(state.earlier[place(i)]),
            })
            .collect();
        let mut values = Vec::with_capacity(proposals.len());
        let mut moves = arena.hold(Guide::Objective, &state.mask)?;
        walk(&mut moves, worth, self.only_admissible, &proposals, |_, _, _, value| values.push(value));
        let mask = moves.mask().clone();
        state.best.update(&mask, self.price.worth(mask.len(), 1.0), arena)?;
        for (i, value) in (0..).zip(values) {
            let place = ((state.done + i) % self.length as u64) as usize;
            state.earlier[place] = value;
        }
        state.mask = mask;
        state.done += count;
        Ok(ControlFlow::Continue(()))
    }

    fn best<'s>(&self, state: &'s LateAcceptanceState) -> &'s Candidate {
        &state.best.candidate
    }

    fn end(&self, state: &LateAcceptanceState, problem: &Problem<'_>) -> Option<StopReason> {
        let best = &state.best.candidate;
        if self.price.amount == 0.0 && problem.solved(&best.mask, best.performance) {
            return Some(StopReason::Solved);
        }
        (state.done >= self.flips).then_some(StopReason::Finished)
    }

    fn progress(&self, state: &LateAcceptanceState) -> Option<f64> {
        Some(state.done as f64 / self.flips as f64)
    }

    fn check(&self, state: &LateAcceptanceState, tally: &Tally) -> Result<(), Error> {
        check_mask(&state.mask, tally.n_bits)?;
        state.best.check(tally.n_bits)?;
        Error::check_consistent(state.done <= self.flips, "it has proposed more flips than there are")?;
        Error::check_consistent(
            state.earlier.len() == self.length,
            "it looks back another number of proposals",
        )
    }
}
