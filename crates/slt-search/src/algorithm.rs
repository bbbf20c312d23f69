use std::ops::ControlFlow;

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::{Arena, Candidate, Error, StopReason, Work};

/// A method of search: its parameters, how it begins, and what a step does. Everything else - random streams,
/// counting, observers, budgets, checkpoints - is the loop's, [`Search`](crate::Search).
///
/// A step is a piece of work after which the search can be looked at, stopped and saved: a generation, some
/// thousand flips. What comes out depends on the [`Problem`](crate::Problem), the parameters and the seed
/// alone, as long as a step depends on nothing but the state and what the arena answers.
///
/// ```
/// use std::ops::ControlFlow;
/// use serde::Serialize;
/// use slt_core::{BitMask, Objective, Purpose, Score, Seed};
/// use slt_search::{Algorithm, Arena, Budget, Candidate, Error, Problem, run};
///
/// /// Draws masks, and keeps the best.
/// #[derive(Serialize)]
/// struct RandomSearch;
///
/// impl Algorithm for RandomSearch {
///     type State = Candidate;
///
///     fn name(&self) -> &'static str {
///         "random"
///     }
///     fn start(&self, arena: &mut Arena<'_, '_>) -> Result<Candidate, Error> {
///         let mask = BitMask::zeros(arena.n_bits());
///         arena.candidate(mask)
///     }
///     fn step(&self, best: &mut Candidate, arena: &mut Arena<'_, '_>) -> Result<ControlFlow<()>, Error> {
///         let mut rng = arena.stream(Purpose::new("draw"), 0);
///         let drawn = arena.candidate(BitMask::random(arena.n_bits(), &mut rng))?;
///         if drawn.rank().is_above(&best.rank()) {
///             *best = drawn;
///         }
///         Ok(ControlFlow::Continue(()))
///     }
///     fn best<'s>(&self, best: &'s Candidate) -> &'s Candidate {
///         best
///     }
/// }
///
/// struct OneMax;
/// impl Objective for OneMax {
///     fn n_bits(&self) -> usize {
///         40
///     }
///     fn evaluate(&self, masks: &[&BitMask], _floor: Option<f64>) -> Vec<Score> {
///         masks.iter().map(|mask| Score::Exact(mask.count_ones() as f64)).collect()
///     }
/// }
/// let outcome = run(Problem::new(&OneMax), RandomSearch, Budget::evaluations(1_000), Seed(1), &mut ())?;
/// assert!(outcome.best.performance > 25.0);
/// assert_eq!(outcome.work.evaluations, 1_000);
/// # Ok::<(), Error>(())
/// ```
pub trait Algorithm: Serialize {
    /// All that one step leaves to the next.
    type State: Clone + Serialize + DeserializeOwned;

    /// The name, in checkpoints and on the command line.
    fn name(&self) -> &'static str;

    /// The state before the first step.
    ///
    /// # Errors
    /// What the arena's answers make impossible; [`Error::Interrupted`] if the observer stops it.
    fn start(&self, arena: &mut Arena<'_, '_>) -> Result<Self::State, Error>;

    /// Takes a step. `Break` if the observer stopped it on the way: then the state is that before the step.
    ///
    /// # Errors
    /// As [`start`](Self::start). The state is then that before the step.
    fn step(&self, state: &mut Self::State, arena: &mut Arena<'_, '_>) -> Result<ControlFlow<()>, Error>;

    /// The best that it has: what the search comes to if it ends here.
    fn best<'s>(&self, state: &'s Self::State) -> &'s Candidate;

    /// Why the search ends by itself here, if it does.
    fn end(&self, _state: &Self::State, _problem: &crate::Problem<'_>) -> Option<StopReason> {
        None
    }

    /// The share of its work that is done, in \[0, 1\], if it knows.
    fn progress(&self, _state: &Self::State) -> Option<f64> {
        None
    }

    /// What a search that goes on from a checkpoint has to agree in: all parameters but those that only end
    /// the search.
    fn parameters(&self) -> Value {
        serde_json::to_value(self).expect("parameters are plain data")
    }

    /// Whether a state that was read from a file is one of this search, so that it can go on without further
    /// checks. Its [`parameters`](Self::parameters) are those of the file already.
    ///
    /// # Errors
    /// [`Error::CheckpointInconsistent`], or [`Error::ResumeBeyond`] if the search would have ended before.
    fn check(&self, _state: &Self::State, _tally: &Tally) -> Result<(), Error> {
        Ok(())
    }
}

/// What the loop has counted of a search: what a state from a file is held against.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Tally {
    /// Length of the masks.
    pub n_bits: usize,
    /// Steps taken.
    pub steps: u64,
    /// What was asked in them.
    pub work: Work,
}

impl Tally {
    /// No search comes to more, and from here nothing overflows.
    const MOST: u64 = u64::MAX / 2;

    /// Whether it can be the tally of a search.
    pub(crate) fn check(&self) -> Result<(), Error> {
        let Work { evaluations, evaluated_ones, what_ifs, commits, multiply_adds } = self.work;
        let bits = evaluations.saturating_mul(self.n_bits as u64);
        Error::check_consistent(
            evaluated_ones <= bits,
            "it evaluated more set bits than its masks have bits",
        )?;
        let counts = [self.steps, evaluations, evaluated_ones, what_ifs, commits, multiply_adds];
        let few = counts.into_iter().all(|count| count <= Self::MOST);
        Error::check_consistent(few, "it has asked more than any search can")
    }
}
