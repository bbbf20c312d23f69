use std::ops::ControlFlow;

use serde::{Deserialize, Serialize};
use slt_core::{BitMask, Purpose, Seed};

use crate::candidate::check_mask;
use crate::cooling::FLIPS_OF_A_STEP;
use crate::walk::shuffled;
use crate::walk::{Bar, Best, Proposal, walk};
use crate::{Algorithm, Arena, Candidate, Error, Guide, Price, Problem, StopReason, Tally};

const START: Purpose = Purpose::new("start");
const ORDER: Purpose = Purpose::new("order");

/// Descent (in the loss): all bits are gone through in random order, sweep by sweep, and a bit is flipped if
/// the mask is worth more after it. It ends with a sweep in which no bit was flipped: a local optimum.
///
/// | name | default | range | purpose |
/// |---|---|---|---|
/// | `price` | none | see [`Price`] | what active weights cost; it rises over the first `ramp` of `sweeps` |
/// | `sweeps` | 30 | at least 1 | the most sweeps |
/// | `density` | 0.5 | \[0, 1\] | share of ones in the random mask that it starts from |
/// | `only_admissible` | no | | whether masks that are not admissible are passed over |
///
/// ```
/// use slt_core::{BitMask, Objective, Score, Seed};
/// use slt_search::{Budget, Descent, Problem, StopReason, run};
///
/// struct OneMax;
/// impl Objective for OneMax {
///     fn n_bits(&self) -> usize {
///         100
///     }
///     fn evaluate(&self, masks: &[&BitMask], _floor: Option<f64>) -> Vec<Score> {
///         masks.iter().map(|mask| Score::Exact(mask.count_ones() as f64)).collect()
///     }
/// }
/// let outcome = run(Problem::new(&OneMax), Descent::default(), Budget::NONE, Seed(1), &mut ())?;
/// assert_eq!(outcome.best.mask, BitMask::ones(100));
/// assert_eq!(outcome.stop_reason, StopReason::Finished);
/// # Ok::<(), slt_search::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Descent {
    /// What active weights cost.
    pub price: Price,
    /// The most sweeps.
    pub sweeps: u64,
    /// Share of ones in the random mask that it starts from.
    pub density: f64,
    /// Whether masks that are not admissible are passed over.
    pub only_admissible: bool,
}

impl Default for Descent {
    fn default() -> Self {
        Self { price: Price::NONE, sweeps: 30, density: 0.5, only_admissible: false }
    }
}

impl Descent {
    /// Checks every field.
    ///
    /// # Errors
    /// [`Error::Config`] with the first field that is out of range.
    pub fn validate(&self) -> Result<(), Error> {
        self.price.check()?;
        Error::check_range("sweeps", self.sweeps as f64, 1.0, f64::MAX, "at least 1")?;
        Error::check_range("density", self.density, 0.0, 1.0, "in [0, 1]")
    }

    /// The part of the search that is over in a sweep.
    fn share_done(&self, sweep: u64) -> f64 {
        ((sweep as f64 + 1.0) / self.sweeps as f64).min(1.0)
    }
}

/// Where a descent has come to.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DescentState {
    mask: BitMask,
    sweep: u64,
    /// Bits of this sweep that are done.
    done: usize,
    /// Flips taken in this sweep.
    taken: u64,
    optimum: bool,
    best: Best,
}

impl DescentState {
    /// The mask that it is at.
    pub fn mask(&self) -> &BitMask {
        &self.mask
    }
}

impl Algorithm for Descent {
    type State = DescentState;

    fn name(&self) -> &'static str {
        "descent"
    }

    fn start(&self, arena: &mut Arena<'_, '_>) -> Result<DescentState, Error> {
        self.validate()?;
        let mask = random_mask(arena.n_bits(), self.density, arena.seed(), 0);
        let best = Best::new(mask.clone(), self.price.worth(mask.len(), 1.0), arena)?;
        Ok(DescentState { mask, sweep: 0, done: 0, taken: 0, optimum: false, best })
    }

    fn step(&self, state: &mut DescentState, arena: &mut Arena<'_, '_>) -> Result<ControlFlow<()>, Error> {
        let order = shuffled(state.mask.len(), &mut arena.seed().stream(ORDER, state.sweep, 0));
        let bits = &order[state.done..order.len().min(state.done + FLIPS_OF_A_STEP as usize)];
        let proposals: Vec<Proposal> = bits.iter().map(|&bit| Proposal { bit, bar: Bar::Above }).collect();
        let progress = self.share_done(state.sweep);
        let worth = self.price.worth(state.mask.len(), progress);
        let mut moves = arena.hold(Guide::Objective, &state.mask)?;
        let mut taken = 0;
        walk(&mut moves, worth, self.only_admissible, &proposals, |_, _, was_taken, _| {
            taken += u64::from(was_taken);
        });
        let mask = moves.mask().clone();
        let over = state.done + bits.len() == order.len();
        if over || taken > 0 {
            state.best.update(&mask, self.price.worth(mask.len(), 1.0), arena)?;
        }
        state.mask = mask;
        state.taken += taken;
        state.done += bits.len();
        if over {
            state.optimum = state.taken == 0 && progress >= self.price.ramp;
            (state.sweep, state.done, state.taken) = (state.sweep + 1, 0, 0);
        }
        Ok(ControlFlow::Continue(()))
    }

    fn best<'s>(&self, state: &'s DescentState) -> &'s Candidate {
        &state.best.candidate
    }

    fn end(&self, state: &DescentState, _problem: &Problem<'_>) -> Option<StopReason> {
        (state.optimum || state.sweep >= self.sweeps).then_some(StopReason::Finished)
    }

    fn progress(&self, state: &DescentState) -> Option<f64> {
        let done = state.done as f64 / state.mask.len() as f64;
        Some((state.sweep as f64 + done) / self.sweeps as f64)
    }

    fn check(&self, state: &DescentState, tally: &Tally) -> Result<(), Error> {
        check_mask(&state.mask, tally.n_bits)?;
        state.best.check(tally.n_bits)?;
        Error::check_consistent(state.done < tally.n_bits, "its sweep is longer than its mask")?;
        Error::check_consistent(state.sweep <= self.sweeps, "it has made more sweeps than there are")?;
        let taken = state.taken <= state.done as u64;
        Error::check_consistent(taken, "it has taken more flips than it has proposed")
    }
}

/// A random mask with a share of ones, from a stream of its own for every start.
pub(crate) fn random_mask(n_bits: usize, density: f64, seed: Seed, start: u64) -> BitMask {
    let mut rng = seed.stream(START, start, 0);
    if density == 0.5 {
        return BitMask::random(n_bits, &mut rng);
    }
    (0..n_bits).map(|_| slt_core::random::chance(&mut rng, density)).collect()
}
