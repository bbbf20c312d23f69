use std::ops::ControlFlow;

use serde::{Deserialize, Serialize};
use serde_json::Value;
use slt_core::random::chance;
use slt_core::{BitMask, Purpose};
use slt_search::{Algorithm, Arena, Candidate, Error, Problem, StopReason, Tally};

use crate::generations::{self, evaluated};

const SAMPLE: Purpose = Purpose::new("marginal");

/// The univariate marginal distribution algorithm (Mühlenbein and Paaß 1996, "From recombination of genes to
/// the estimation of distributions I. Binary parameters"): a probability for each bit, and nothing of how
/// bits go together. What it is good for is comparison: what a search gains that knows more.
///
/// A generation draws `samples` masks, bit `i` set with probability `p_i`. The `selected` best of them, by
/// performance and then by sparsity, ties in the order drawn, give the next probabilities: `p_i` is the share
/// of them in which bit `i` is set, but at least `1 / n` and at most `1 - 1 / n` for masks of `n` bits, so
/// that no bit is settled for good.
///
/// The best is the best of all samples; if the problem has a [judge](Problem::judged_by), the best by the
/// judge of the first of each generation. It ends where the objective says that it is solved, or after the
/// last generation.
///
/// | name | default | range | purpose |
/// |---|---|---|---|
/// | `samples` | 200 | 1 to 1,000,000 | masks drawn in a generation |
/// | `selected` | 50 | 1 to `samples` | those that the next probabilities are taken from |
/// | `generations` | 250 | | the last generation |
/// | `density` | 0.5 | \[0, 1\] | the probability of every bit in the beginning |
///
/// ```
/// use slt_core::{BitMask, Objective, Score, Seed};
/// use slt_ga::Umda;
/// use slt_search::{Budget, Problem, run};
///
/// struct OneMax;
/// impl Objective for OneMax {
///     fn n_bits(&self) -> usize {
///         50
///     }
///     fn evaluate(&self, masks: &[&BitMask], _floor: Option<f64>) -> Vec<Score> {
///         masks.iter().map(|mask| Score::Exact(mask.count_ones() as f64)).collect()
///     }
/// }
/// let umda = Umda { generations: 60, ..Umda::default() };
/// let outcome = run(Problem::new(&OneMax), umda, Budget::NONE, Seed(1), &mut ())?;
/// assert_eq!(outcome.best.mask, BitMask::ones(50));
/// assert!(outcome.state.probabilities().iter().all(|&p| p > 0.7 && p <= 1.0 - 1.0 / 50.0));
/// # Ok::<(), slt_search::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Umda {
    /// Masks drawn in a generation.
    pub samples: usize,
    /// Those that the next probabilities are taken from.
    pub selected: usize,
    /// The last generation.
    pub generations: u64,
    /// The probability of every bit in the beginning.
    pub density: f64,
}

impl Default for Umda {
    fn default() -> Self {
        Self { samples: 200, selected: 50, generations: 250, density: 0.5 }
    }
}

impl Umda {
    /// Checks every field.
    ///
    /// # Errors
    /// [`Error::Config`] with the first field that is out of range.
    pub fn validate(&self) -> Result<(), Error> {
        Error::check_range("samples", self.samples as f64, 1.0, 1e6, "in 1 to 1,000,000")?;
        let selected = self.selected as f64;
        Error::check_range("selected", selected, 1.0, self.samples as f64, "at least 1 and at most samples")?;
        Error::check_range("density", self.density, 0.0, 1.0, "in [0, 1]")
    }
}

/// Where a UMDA has come to.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct UmdaState {
    generation: u64,
    probabilities: Vec<f64>,
    best: Candidate,
}

impl UmdaState {
    /// For each bit, the probability that it is set in the next samples.
    pub fn probabilities(&self) -> &[f64] {
        &self.probabilities
    }

    /// Generations that are done.
    pub fn generation(&self) -> u64 {
        self.generation
    }
}

impl Algorithm for Umda {
    type State = UmdaState;

    fn name(&self) -> &'static str {
        "umda"
    }

    fn start(&self, arena: &mut Arena<'_, '_>) -> Result<UmdaState, Error> {
        self.validate()?;
        let probabilities = vec![within_margins(self.density, arena.n_bits()); arena.n_bits()];
        let best = arena.candidate(sample(&probabilities, arena, 0))?;
        Ok(UmdaState { generation: 0, probabilities, best })
    }

    fn step(&self, state: &mut UmdaState, arena: &mut Arena<'_, '_>) -> Result<ControlFlow<()>, Error> {
        let n_bits = arena.n_bits();
        let masks: Vec<BitMask> =
            (0..self.samples as u64).map(|i| sample(&state.probabilities, arena, i)).collect();
        let mut candidates = evaluated(masks, arena)?;
        candidates.sort_by(|a, b| a.rank().better_first(&b.rank()));
        let first = arena.judged(&candidates[0])?;
        if first.rank().is_above(&state.best.rank()) {
            state.best = first;
        }
        let mut counts = vec![0_u32; n_bits];
        for candidate in &candidates[..self.selected] {
            candidate.mask.iter_ones().for_each(|bit| counts[bit] += 1);
        }
        let share = |count: u32| f64::from(count) / self.selected as f64;
        state.probabilities = counts.into_iter().map(|count| within_margins(share(count), n_bits)).collect();
        state.generation += 1;
        Ok(ControlFlow::Continue(()))
    }

    fn best<'s>(&self, state: &'s UmdaState) -> &'s Candidate {
        &state.best
    }

    fn end(&self, state: &UmdaState, problem: &Problem<'_>) -> Option<StopReason> {
        if problem.solved(&state.best.mask, state.best.performance) {
            return Some(StopReason::Solved);
        }
        generations::end(state.generation, self.generations)
    }

    fn parameters(&self) -> Value {
        generations::parameters(self)
    }

    fn check(&self, state: &UmdaState, tally: &Tally) -> Result<(), Error> {
        let n_bits = tally.n_bits;
        state.best.check(n_bits)?;
        let each = state.probabilities.len() == n_bits;
        Error::check_consistent(each, "it has not a probability for each bit")?;
        let within = state.probabilities.iter().all(|&p| within_margins(p, n_bits) == p);
        Error::check_consistent(within, "a probability is beyond its margins")?;
        generations::check(state.generation, self.generations)
    }
}

/// The probability, but not so near to 0 or 1 that a bit is settled.
fn within_margins(probability: f64, n_bits: usize) -> f64 {
    let margin = 1.0 / n_bits.max(2) as f64;
    probability.clamp(margin, 1.0 - margin)
}

/// The sample of a number in this generation.
fn sample(probabilities: &[f64], arena: &Arena<'_, '_>, number: u64) -> BitMask {
    let mut rng = arena.stream(SAMPLE, number);
    probabilities.iter().map(|&p| chance(&mut rng, p)).collect()
}
