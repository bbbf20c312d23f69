//! The loop, taken apart: [`Search`] is one generation after the other, [`run`](crate::run) all of them.

mod bound;
mod breed;
mod evaluate;
mod fresh;
mod newcomer;
mod setup;
mod state;
mod survive;

use std::ops::ControlFlow;

use slt_core::{Objective, Seed};

pub use bound::Bound;
pub(crate) use evaluate::Handed;
pub(crate) use setup::Setup;
pub(crate) use state::State;

use crate::memory::Memory;
use crate::{Checkpoint, Error, GenerationStats, Observer, Outcome, StopReason, ValidConfig, View};
use evaluate::evaluate;
use fresh::Fresh;
use newcomer::{Newcomer, Pool};
use survive::Ranking;

/// A search that is stepped by its user, one generation at a time. [`run`](crate::run) says what a
/// generation does.
///
/// ```
/// use slt_core::{BitMask, Objective, Score, Seed};
/// use slt_ga::{GaConfig, Search, StopReason};
/// # struct OneMax;
/// # impl Objective for OneMax {
/// #     fn n_bits(&self) -> usize { 40 }
/// #     fn evaluate(&self, masks: &[&BitMask], _floor: Option<f64>) -> Vec<Score> {
/// #         masks.iter().map(|mask| Score::Exact(mask.count_ones() as f64)).collect()
/// #     }
/// # }
/// let mut search = Search::start(&OneMax, GaConfig::paper().validate()?, Seed(1), &mut ())?;
/// while search.view().best().performance < 35.0 {
///     search.step(&mut ())?;
/// }
/// let outcome = search.outcome();
/// assert_eq!(outcome.stop_reason, StopReason::Interrupted); // by us, before the search had converged
/// # Ok::<(), slt_ga::Error>(())
/// ```
#[derive(Debug)]
pub struct Search<'a> {
    setup: Setup<'a>,
    state: State,
    workspace: Workspace,
    interrupted: bool,
}

/// Buffers that are kept from one generation to the next.
#[derive(Debug)]
struct Workspace {
    newcomers: Vec<Newcomer>,
    pool: Pool,
    ranking: Ranking,
}

impl Workspace {
    fn new(n_bits: usize) -> Self {
        Self { newcomers: Vec::new(), pool: Pool::new(n_bits), ranking: Ranking::default() }
    }
}

impl<'a> Search<'a> {
    /// Draws, evaluates and ranks the first population, generation 0.
    ///
    /// # Errors
    /// If the objective contradicts its own contract, if no admissible mask is found, or if the observer
    /// stops the drawing ([`Error::Interrupted`]).
    pub fn start(
        objective: &'a dyn Objective,
        config: ValidConfig,
        seed: Seed,
        observer: &mut dyn Observer,
    ) -> Result<Self, Error> {
        let setup = Setup::new(objective, config, seed)?;
        let mut workspace = Workspace::new(setup.n_bits);
        let Workspace { newcomers, pool, ranking } = &mut workspace;
        let bound = setup.config.config().bound.as_ref().map(Bound::new);
        let wanted = setup.n();
        let handed = Handed::default();
        let mut fresh = Fresh { setup: &setup, pool, observer, generation: 0, wanted, bound, handed };
        if let ControlFlow::Break(accepted) = fresh.draw(newcomers)? {
            return Err(Error::Interrupted { accepted, wanted });
        }
        let Fresh { bound, mut handed, .. } = fresh;
        let mut memory = Memory::new(setup.config.config().memory);
        evaluate(objective, newcomers, None, &mut memory, &mut handed)?;
        let mut population = Vec::new();
        let (counts, new_best) = ranking.survive(&setup, 0, &mut population, newcomers, pool);
        let value = bound.map(|bound| bound.value);
        let stats = GenerationStats::of(&population, None, counts, new_best, value, handed.masks);
        let state = State { population, history: vec![stats], bound, handed, memory };
        let interrupted = observer.on_generation(&View::new(&setup, &state)).is_break();
        Ok(Self { setup, state, workspace, interrupted })
    }

    /// Goes on from a checkpoint. What ends the search may be other than when the checkpoint was taken: the outcome is the same
    /// as if it had been so from the beginning (but for `stop_when_solved`, which looks at the present only).
    ///
    /// # Errors
    /// [`Error::ResumeMismatch`] if objective, configuration or seed is another than the checkpoint's;
    /// [`Error::ResumeBeyond`] if the search would have ended before the checkpoint was taken.
    pub fn resume(
        objective: &'a dyn Objective,
        config: ValidConfig,
        seed: Seed,
        checkpoint: Checkpoint,
    ) -> Result<Self, Error> {
        let setup = Setup::new(objective, config, seed)?;
        let state = checkpoint.restore(&setup)?;
        let workspace = Workspace::new(setup.n_bits);
        Ok(Self { setup, state, workspace, interrupted: false })
    }

    /// Brings forth the next generation, whether or not there is a reason to stop, and tells the observer.
    ///
    /// If the observer stops the drawing of migrants, the search stays where it is, after the generation
    /// before; [`stop_reason`](Self::stop_reason) is then [`StopReason::Interrupted`].
    ///
    /// # Errors
    /// If the objective contradicts its own contract. The search stays where it is.
    pub fn step(&mut self, observer: &mut dyn Observer) -> Result<(), Error> {
        let Self { setup, state, workspace: Workspace { newcomers, pool, ranking }, interrupted } = self;
        let setup = &*setup;
        let generation = state.generation() + 1;
        // Left over if the last step ended early.
        newcomers.drain(..).for_each(|newcomer| pool.put(newcomer.mask));
        *interrupted = false;

        breed::recombine(setup, generation, &state.population, pool, newcomers);
        breed::mutate(setup, generation, &state.population, pool, newcomers);
        let (bound, handed, wanted) = (state.bound, state.handed, setup.config.migrants());
        let mut fresh = Fresh { setup, pool, observer, generation, wanted, bound, handed };
        if fresh.draw(newcomers)?.is_break() {
            *interrupted = true;
            return Ok(());
        }
        let Fresh { bound, mut handed, .. } = fresh;
        let last = &state.population[state.population.len() - 1];
        let floor = setup.selection.is_cut_off().then_some(last.performance);
        evaluate(setup.objective, newcomers, floor, &mut state.memory, &mut handed)?;

        state.bound = bound;
        state.handed = handed;
        let (counts, new_best) = ranking.survive(setup, generation, &mut state.population, newcomers, pool);
        let value = bound.map(|bound| bound.value);
        let (population, previous) = (&state.population, Some(state.stats()));
        let stats = GenerationStats::of(population, previous, counts, new_best, value, handed.masks);
        state.history.push(stats);
        *interrupted = observer.on_generation(&View::new(setup, state)).is_break();
        Ok(())
    }

    /// Why the search should end now, if it should.
    pub fn stop_reason(&self) -> Option<StopReason> {
        let best = &self.state.population[0];
        let solved = || self.setup.objective.solved(&best.mask, best.performance);
        let termination = &self.setup.config.config().termination;
        let interrupted = self.interrupted.then_some(StopReason::Interrupted);
        termination.check(&self.state.history, solved).or(interrupted)
    }

    /// The search as an observer sees it.
    pub fn view(&self) -> View<'_> {
        View::new(&self.setup, &self.state)
    }

    /// Ends the search. Its reason is [`StopReason::Interrupted`] unless there is a better one.
    pub fn outcome(self) -> Outcome {
        let stop_reason = self.stop_reason().unwrap_or(StopReason::Interrupted);
        let generations = self.state.generation();
        let State { population, history, handed, bound, .. } = self.state;
        Outcome {
            best: population[0].clone(),
            population,
            generations,
            evaluations: handed.masks,
            evaluated_ones: handed.ones,
            bound,
            stop_reason,
            history,
        }
    }
}
