use std::ops::ControlFlow;

use serde::Serialize;
use serde_json::Value;
use slt_core::Purpose;
use slt_search::{Algorithm, Arena, Candidate, Error, Problem, StopReason, Tally};

use crate::evolution::Workspace;
use crate::generation::{RandomMasks, Setup, evaluate, mutate, recombine};
use crate::memory::Memory;
use crate::{Bound, Evolution, GenerationStats, ValidConfig};

const SURVIVAL: Purpose = Purpose::new("survive");

/// The genetic algorithm as a method of search: for the loop of `slt-search`, with a budget, say.
/// [`run`](crate::run) says what it does, and is the short way.
///
/// A step is a generation. The population follows the objective of its problem alone. If the problem has a
/// [judge](Problem::judged_by), the best is the best by the judge of those that came first in a generation;
/// each is judged when it has come first, which counts as an evaluation.
///
/// ```
/// use slt_core::{BitMask, Objective, Score, Seed};
/// use slt_ga::{GaConfig, GeneticAlgorithm, StopReason};
/// use slt_search::{Budget, Problem, run};
/// # struct OneMax;
/// # impl Objective for OneMax {
/// #     fn n_bits(&self) -> usize { 40 }
/// #     fn evaluate(&self, masks: &[&BitMask], _floor: Option<f64>) -> Vec<Score> {
/// #         masks.iter().map(|mask| Score::Exact(mask.count_ones() as f64)).collect()
/// #     }
/// # }
/// let algorithm = GeneticAlgorithm::new(GaConfig::paper().validate()?);
/// let outcome = run(Problem::new(&OneMax), algorithm, Budget::evaluations(1_000), Seed(1), &mut ())?;
/// assert_eq!(outcome.stop_reason, StopReason::Budget);
/// assert_eq!(outcome.steps, outcome.state.generation());
/// # Ok::<(), slt_ga::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(transparent)]
pub struct GeneticAlgorithm {
    config: ValidConfig,
}

impl GeneticAlgorithm {
    /// The algorithm with these parameters.
    pub fn new(config: ValidConfig) -> Self {
        Self { config }
    }

    /// Its parameters.
    pub fn config(&self) -> &crate::GaConfig {
        self.config.config()
    }
}

impl Algorithm for GeneticAlgorithm {
    type State = Evolution;

    fn name(&self) -> &'static str {
        "ga"
    }

    fn start(&self, arena: &mut Arena<'_, '_>) -> Result<Evolution, Error> {
        let setup = Setup::new(arena.problem().objective(), &self.config)?;
        let mut workspace = Workspace::default();
        let Workspace { newcomers, pool, ranking } = &mut workspace;
        let (bound, wanted) = (self.config().bound.as_ref().map(Bound::new), setup.n());
        let mut masks = RandomMasks { setup: &setup, arena, pool, wanted, bound };
        if let ControlFlow::Break(accepted) = masks.draw(newcomers)? {
            return Err(Error::Interrupted { accepted, wanted });
        }
        let bound = masks.bound;
        let mut memory = Memory::new(self.config().memory);
        evaluate(arena, newcomers, None, &mut memory)?;
        let mut population = Vec::new();
        let mut rng = arena.stream(SURVIVAL, 0);
        let (counts, new_best) = ranking.survive(&setup, &mut rng, &mut population, newcomers, pool);
        let judged = judge(None, None, &population[0], arena)?;
        let (value, evaluations) = (bound.map(|bound| bound.value), arena.work().evaluations);
        let stats = GenerationStats::of(&population, None, counts, new_best, value, evaluations);
        Ok(Evolution { population, history: vec![stats], bound, memory, judged, workspace })
    }

    fn step(&self, state: &mut Evolution, arena: &mut Arena<'_, '_>) -> Result<ControlFlow<()>, Error> {
        let setup = Setup::new(arena.problem().objective(), &self.config)?;
        let Evolution { population, history, bound, memory, judged, workspace } = state;
        let Workspace { newcomers, pool, ranking } = workspace;
        // A memory from a file knows what it remembers, but not how much it may.
        memory.set_capacity(self.config().memory);
        // Left over if the last step ended early.
        newcomers.drain(..).for_each(|newcomer| pool.put(newcomer.mask));

        recombine(&setup, arena, population, pool, newcomers);
        mutate(&setup, arena, population, pool, newcomers);
        let mut masks =
            RandomMasks { setup: &setup, arena, pool, wanted: self.config.migrants(), bound: *bound };
        if masks.draw(newcomers)?.is_break() {
            return Ok(ControlFlow::Break(()));
        }
        let fallen = masks.bound;
        evaluate(arena, newcomers, setup.selection().floor(population), memory)?;

        // A judge may fail, which has to leave the population as it was.
        let before = arena.problem().judge().map(|_| population.clone());
        let mut rng = arena.stream(SURVIVAL, 0);
        let (counts, new_best) = ranking.survive(&setup, &mut rng, population, newcomers, pool);
        let last = before.as_ref().map(|before| &before[0]);
        match judge(judged.as_ref(), last, &population[0], arena) {
            Ok(best) => *judged = best,
            Err(error) => {
                *population = before.unwrap_or_default();
                return Err(error);
            }
        }
        *bound = fallen;
        let (value, evaluations) = (bound.map(|bound| bound.value), arena.work().evaluations);
        let stats = GenerationStats::of(population, history.last(), counts, new_best, value, evaluations);
        history.push(stats);
        Ok(ControlFlow::Continue(()))
    }

    fn best<'s>(&self, state: &'s Evolution) -> &'s Candidate {
        state.judged.as_ref().unwrap_or(&state.population[0])
    }

    fn end(&self, state: &Evolution, problem: &Problem<'_>) -> Option<StopReason> {
        let best = self.best(state);
        let solved = || problem.solved(&best.mask, best.performance);
        self.config().termination.check(&state.history, solved)
    }

    /// The configuration but for its termination: what ends a search may be changed when it goes on.
    fn parameters(&self) -> Value {
        let mut parameters = serde_json::to_value(self).expect("plain data has a JSON form");
        if let Value::Object(fields) = &mut parameters {
            fields.remove("termination");
        }
        parameters
    }

    fn check(&self, state: &Evolution, tally: &Tally) -> Result<(), Error> {
        state.check(self.config(), tally)?;
        match self.config().termination.would_have_ended(&state.history) {
            None => Ok(()),
            Some((ended, reason)) => {
                Err(Error::ResumeBeyond { generation: state.generation(), ended, reason })
            }
        }
    }
}

/// The best by the judge, if there is one, when `first` comes first in a generation; `last` came first in the
/// one before.
fn judge(
    best: Option<&Candidate>,
    last: Option<&Candidate>,
    first: &Candidate,
    arena: &mut Arena<'_, '_>,
) -> Result<Option<Candidate>, Error> {
    if arena.problem().judge().is_none() {
        return Ok(None);
    }
    let known = last.is_some_and(|last| last.mask == first.mask);
    match best {
        Some(best) if known => Ok(Some(best.clone())),
        _ => {
            let judged = arena.judged(first)?;
            let kept = best.filter(|best| !judged.rank().is_above(&best.rank()));
            Ok(Some(kept.cloned().unwrap_or(judged)))
        }
    }
}
