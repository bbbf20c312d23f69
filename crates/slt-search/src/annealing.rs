use std::ops::ControlFlow;

use rand::RngCore;
use serde::{Deserialize, Serialize};
use slt_core::random::{index_below, unit_f64};
use slt_core::{BitMask, Purpose};

use crate::candidate::check_mask;
use crate::descent::{FLIPS_OF_A_STEP, random_mask};
use crate::walk::{Bar, Best, Proposal, Worth, walk};
use crate::{Algorithm, Arena, Candidate, Error, Moves, Price, Problem, StopReason, Tally};

const FLIP: Purpose = Purpose::new("flip");
const PROBE: Purpose = Purpose::new("probe");

/// Flips that a temperature is measured on.
const PROBES: usize = 256;

/// Simulated annealing: random bits are proposed; one that makes the mask worth `d` less is flipped all the same with
/// probability `exp(-d / T)`. The temperature `T` falls geometrically from its start to `end` times that; then the search
/// starts again from another random mask, `restarts` times in all.
///
/// | name | default | range | purpose |
/// |---|---|---|---|
/// | `flips` | 60,000 | at least 1 | flips proposed from one start to the next |
/// | `temperature` | `Measured { share: 0.3 }` | see [`Temperature`] | where it starts |
/// | `end` | 0.001 | (0, 1\] | by what it has fallen in the end |
/// | `restarts` | 1 | at least 1 | starts in all |
/// | `price` | none | see [`Price`] | what active weights cost |
/// | `density` | 0.5 | \[0, 1\] | share of ones in the random masks that it starts from |
/// | `only_admissible` | no | | whether masks that are not admissible are passed over |
///
/// ```
/// use slt_core::{BitMask, Objective, Score, Seed};
/// use slt_search::{Annealing, Budget, Problem, run};
///
/// /// Pairs of ones count, single ones cost: no single flip improves the empty mask.
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
/// let annealing = Annealing { flips: 20_000, ..Annealing::default() };
/// let outcome = run(Problem::new(&Pairs), annealing, Budget::NONE, Seed(1), &mut ())?;
/// assert!(outcome.best.performance >= 55.0);
/// # Ok::<(), slt_search::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Annealing {
    /// Flips proposed from one start to the next.
    pub flips: u64,
    /// Where the temperature starts.
    pub temperature: Temperature,
    /// By what the temperature has fallen in the end.
    pub end: f64,
    /// Starts in all.
    pub restarts: u64,
    /// What active weights cost.
    pub price: Price,
    /// Share of ones in the random masks that it starts from.
    pub density: f64,
    /// Whether masks that are not admissible are passed over.
    pub only_admissible: bool,
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
    /// At a share of the median loss of worth among 256 random flips of the mask that the search starts from, those that
    /// change nothing left out. A flip that loses that much is then taken with probability `exp(-1 / share)`.
    Measured {
        /// The share, at least 0.
        share: f64,
    },
}

impl Default for Annealing {
    fn default() -> Self {
        Self {
            flips: 60_000,
            temperature: Temperature::Measured { share: 0.3 },
            end: 1e-3,
            restarts: 1,
            price: Price::NONE,
            density: 0.5,
            only_admissible: false,
        }
    }
}

impl Annealing {
    /// Checks every field.
    ///
    /// # Errors
    /// [`Error::Config`] with the first field that is out of range.
    pub fn validate(&self) -> Result<(), Error> {
        self.price.check()?;
        Error::check_range("flips", self.flips as f64, 1.0, f64::MAX, "at least 1")?;
        Error::check_range("end", self.end, f64::MIN_POSITIVE, 1.0, "above 0 and at most 1")?;
        Error::check_range("restarts", self.restarts as f64, 1.0, f64::MAX, "at least 1")?;
        Error::check_range("density", self.density, 0.0, 1.0, "in [0, 1]")?;
        let (field, value) = match self.temperature {
            Temperature::Fixed { start } => ("temperature.start", start),
            Temperature::Measured { share } => ("temperature.share", share),
        };
        Error::check_range(field, value, 0.0, f64::MAX, "finite and at least 0")
    }
}

/// Where an annealing has come to.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AnnealingState {
    /// The start, from 0.
    start: u64,
    /// Flips proposed since.
    done: u64,
    /// The temperature at the start; none before it is measured.
    temperature: Option<f64>,
    mask: BitMask,
    best: Best,
}

impl AnnealingState {
    /// The mask that it is at.
    pub fn mask(&self) -> &BitMask {
        &self.mask
    }
}

impl Algorithm for Annealing {
    type State = AnnealingState;

    fn name(&self) -> &'static str {
        "annealing"
    }

    fn start(&self, arena: &mut Arena<'_, '_>) -> Result<AnnealingState, Error> {
        self.validate()?;
        let mask = random_mask(arena.n_bits(), self.density, arena.seed(), 0);
        let worth = Worth { price: &self.price, n_bits: mask.len(), progress: 1.0 };
        let best = Best::new(mask.clone(), worth, arena)?;
        Ok(AnnealingState { start: 0, done: 0, temperature: None, mask, best })
    }

    fn step(&self, state: &mut AnnealingState, arena: &mut Arena<'_, '_>) -> Result<ControlFlow<()>, Error> {
        let n_bits = arena.n_bits();
        let mut rng = arena.stream(FLIP, 0);
        let mut probe = arena.stream(PROBE, 0);
        let judged = arena.problem().judge().is_some();
        let progress = state.done as f64 / self.flips as f64;
        let worth = Worth { price: &self.price, n_bits, progress };
        let mut moves = arena.hold(&state.mask)?;
        let start = match (state.temperature, self.temperature) {
            (Some(temperature), _) | (None, Temperature::Fixed { start: temperature }) => temperature,
            (None, Temperature::Measured { share }) => share * median_loss(&mut moves, worth, &mut probe),
        };
        let count = (self.flips - state.done).min(FLIPS_OF_A_STEP as u64);
        let proposals: Vec<Proposal> = (0..count)
            .map(|i| {
                let fallen = libm::pow(self.end, (state.done + i) as f64 / self.flips as f64);
                let bit = index_below(&mut rng, n_bits);
                Proposal { bit, bar: Bar::Change(start * fallen * ln_uniform(&mut rng)) }
            })
            .collect();
        let mut highest = (state.best.value, None);
        walk(&mut moves, worth, self.only_admissible, &proposals, |moves, _, taken, value| {
            if taken && !judged && value > highest.0 {
                highest = (value, Some(moves.mask().clone()));
            }
        });
        let mask = moves.mask().clone();
        let end = Worth { progress: 1.0, ..worth };
        // Only once nothing can go wrong any more does the state change.
        let mut best = state.best.clone();
        if let Some(highest) = highest.1 {
            best.update(&highest, end, arena)?;
        }
        best.update(&mask, end, arena)?;
        state.best = best;
        state.mask = mask;
        state.temperature = Some(start);
        state.done += count;
        if state.done == self.flips && state.start + 1 < self.restarts {
            (state.start, state.done, state.temperature) = (state.start + 1, 0, None);
            state.mask = random_mask(n_bits, self.density, arena.seed(), state.start);
        }
        Ok(ControlFlow::Continue(()))
    }

    fn best<'s>(&self, state: &'s AnnealingState) -> &'s Candidate {
        &state.best.candidate
    }

    fn end(&self, state: &AnnealingState, problem: &Problem<'_>) -> Option<StopReason> {
        let best = &state.best.candidate;
        let free = self.price.amount == 0.0;
        if free && problem.solved(&best.mask, best.performance) {
            return Some(StopReason::Solved);
        }
        (state.done == self.flips).then_some(StopReason::Finished)
    }

    fn check(&self, state: &AnnealingState, tally: &Tally) -> Result<(), Error> {
        check_mask(&state.mask, tally.n_bits)?;
        state.best.check(tally.n_bits)?;
        Error::check_consistent(state.done <= self.flips, "it has proposed more flips than there are")?;
        Error::check_consistent(state.start < self.restarts, "it has started more often than it may")
    }
}

/// The logarithm of a uniform number in (0, 1\]: what a proposal may lose, in units of the temperature.
pub(crate) fn ln_uniform<R: RngCore + ?Sized>(rng: &mut R) -> f64 {
    libm::log(1.0 - unit_f64(rng))
}

/// The median loss of worth of random flips that change it; 0 if none does.
pub(crate) fn median_loss<R: RngCore + ?Sized>(
    moves: &mut Moves<'_, '_>,
    worth: Worth<'_>,
    rng: &mut R,
) -> f64 {
    let ones = moves.mask().count_ones();
    let before = worth.of(moves.performance(), ones);
    let mut losses: Vec<f64> = (0..PROBES)
        .map(|_| {
            let bit = index_below(rng, worth.n_bits);
            let after = if moves.mask().get(bit) { ones - 1 } else { ones + 1 };
            (before - worth.of(moves.what_if(bit), after)).abs()
        })
        .filter(|&loss| loss > 0.0)
        .collect();
    losses.sort_by(f64::total_cmp);
    losses.get(losses.len() / 2).copied().unwrap_or(0.0)
}
