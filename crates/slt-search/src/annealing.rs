use std::ops::ControlFlow;

use serde::{Deserialize, Serialize};
use slt_core::BitMask;

use crate::candidate::check_mask;
use crate::cooling::{Cooled, Cooling, Passed};
use crate::descent::random_mask;
use crate::walk::Best;
use crate::{Algorithm, Arena, Candidate, Error, Guide, Price, Problem, StopReason, Tally};

/// Simulated annealing: a [`Cooling`] from a random mask; then again from another one, `restarts` times in
/// all.
///
/// | name | default | range | purpose |
/// |---|---|---|---|
/// | `cooling` | 60,000 flips, down to 0.001 | see [`Cooling`] | the local search |
/// | `temperature` | `Measured { share: 1 }` | see [`Temperature`] | where it starts |
/// | `restarts` | 1 | at least 1 | starts in all |
/// | `density` | 0.5 | \[0, 1\] | share of ones in the random masks that it starts from |
///
/// ```
/// use slt_core::{BitMask, Objective, Score, Seed};
/// use slt_search::{Annealing, Budget, Problem, run};
///
/// /// Pairs of ones count twice, pairs of zeros once: no single flip improves a mask without mixed pairs.
/// struct Pairs;
/// impl Objective for Pairs {
///     fn n_bits(&self) -> usize {
///         60
///     }
///     fn evaluate(&self, masks: &[&BitMask], _floor: Option<f64>) -> Vec<Score> {
///         let pair = |mask: &BitMask, i: usize| match (mask.get(i), mask.get(i + 1)) {
///             (true, true) => 2.0,
///             (false, false) => 1.0,
///             _ => 0.0,
///         };
///         masks.iter().map(|mask| Score::Exact((0..60).step_by(2).map(|i| pair(mask, i)).sum())).collect()
///     }
/// }
/// let outcome = run(Problem::new(&Pairs), Annealing::default(), Budget::NONE, Seed(1), &mut ())?;
/// assert!(outcome.best.performance >= 55.0);
/// # Ok::<(), slt_search::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Annealing {
    /// The local search.
    pub cooling: Cooling,
    /// Where its temperature starts.
    pub temperature: Temperature,
    /// Starts in all.
    pub restarts: u64,
    /// Share of ones in the random masks that it starts from.
    pub density: f64,
}

/// Where the temperature of an annealing starts.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Temperature {
    /// At this, in units of performance.
    Fixed {
        /// The temperature, at least 0; at 0 only moves that lose nothing are taken.
        start: f64,
    },
    /// At a share of the mean change of worth by 256 random flips, measured after a descent of as many random
    /// flips as there are bits: at a random mask flips may change much that does not matter later.
    Measured {
        /// The share, at least 0.
        share: f64,
    },
}

impl Temperature {
    pub(crate) fn check(self) -> Result<(), Error> {
        let (field, value) = match self {
            Temperature::Fixed { start } => ("temperature.start", start),
            Temperature::Measured { share } => ("temperature.share", share),
        };
        Error::check_range(field, value, 0.0, f64::MAX, "finite and at least 0")
    }
}

impl Default for Annealing {
    fn default() -> Self {
        Self {
            cooling: Cooling { flips: 60_000, end: 1e-3, price: Price::NONE, only_admissible: false },
            temperature: Temperature::Measured { share: 1.0 },
            restarts: 1,
            density: 0.5,
        }
    }
}

impl Annealing {
    /// Checks every field.
    ///
    /// # Errors
    /// [`Error::Config`] with the first field that is out of range.
    pub fn validate(&self) -> Result<(), Error> {
        self.cooling.validate()?;
        self.temperature.check()?;
        Error::check_range("restarts", self.restarts as f64, 1.0, f64::MAX, "at least 1")?;
        Error::check_range("density", self.density, 0.0, 1.0, "in [0, 1]")
    }

    /// What begins at a mask: the cooling, or the descent before the temperature is measured.
    fn begin(&self, mask: BitMask) -> (Cooled, bool) {
        match self.temperature {
            Temperature::Fixed { start } => (Cooled::from(mask, start), false),
            Temperature::Measured { .. } => (Cooled::from(mask, 0.0), true),
        }
    }
}

/// Where an annealing has come to.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AnnealingState {
    /// The start, from 0.
    start: u64,
    /// Whether it descends, for the temperature to be measured.
    descends: bool,
    cooled: Cooled,
    best: Best,
}

impl AnnealingState {
    /// The mask that it is at.
    pub fn mask(&self) -> &BitMask {
        &self.cooled.mask
    }
}

impl Algorithm for Annealing {
    type State = AnnealingState;

    fn name(&self) -> &'static str {
        "anneal"
    }

    fn start(&self, arena: &mut Arena<'_, '_>) -> Result<AnnealingState, Error> {
        self.validate()?;
        let mask = random_mask(arena.n_bits(), self.density, arena.seed(), 0);
        let best = Best::new(mask.clone(), self.cooling.price.worth(mask.len(), 1.0), arena)?;
        let (cooled, descends) = self.begin(mask);
        Ok(AnnealingState { start: 0, descends, cooled, best })
    }

    fn step(&self, state: &mut AnnealingState, arena: &mut Arena<'_, '_>) -> Result<ControlFlow<()>, Error> {
        let descent = Cooling { flips: arena.n_bits() as u64, ..self.cooling.clone() };
        let cooling = if state.descends { &descent } else { &self.cooling };
        let mut cooled = state.cooled.clone();
        let Passed { highest, .. } = cooling.part(&mut cooled, Guide::Objective, arena)?;
        let worth = self.cooling.price.worth(arena.n_bits(), 1.0);
        let mut best = state.best.clone();
        // On the way the judge is not asked.
        if let Some(highest) = highest.filter(|_| arena.problem().judge().is_none()) {
            best.update(&highest, worth, arena)?;
        }
        best.update(&cooled.mask, worth, arena)?;
        if cooling.is_over(&cooled) {
            match self.temperature {
                Temperature::Measured { share } if state.descends => {
                    let spread = cooling.spread(&cooled.mask, Guide::Objective, arena)?;
                    cooled = Cooled::from(cooled.mask, share * spread);
                    state.descends = false;
                }
                _ if state.start + 1 < self.restarts => {
                    state.start += 1;
                    let mask = random_mask(arena.n_bits(), self.density, arena.seed(), state.start);
                    (cooled, state.descends) = self.begin(mask);
                }
                _ => {}
            }
        }
        (state.cooled, state.best) = (cooled, best);
        Ok(ControlFlow::Continue(()))
    }

    fn best<'s>(&self, state: &'s AnnealingState) -> &'s Candidate {
        &state.best.candidate
    }

    fn end(&self, state: &AnnealingState, problem: &Problem<'_>) -> Option<StopReason> {
        let best = &state.best.candidate;
        if self.cooling.price.amount == 0.0 && problem.solved(&best.mask, best.performance) {
            return Some(StopReason::Solved);
        }
        let over = !state.descends && self.cooling.is_over(&state.cooled);
        over.then_some(StopReason::Finished)
    }

    fn progress(&self, state: &AnnealingState) -> Option<f64> {
        let done = if state.descends { 0.0 } else { state.cooled.done as f64 / self.cooling.flips as f64 };
        Some((state.start as f64 + done) / self.restarts as f64)
    }

    fn check(&self, state: &AnnealingState, tally: &Tally) -> Result<(), Error> {
        check_mask(&state.cooled.mask, tally.n_bits)?;
        state.best.check(tally.n_bits)?;
        let flips = if state.descends { tally.n_bits as u64 } else { self.cooling.flips };
        Error::check_consistent(state.cooled.done <= flips, "it has proposed more flips than there are")?;
        Error::check_consistent(state.start < self.restarts, "it has started more often than it may")
    }
}
