use slt_core::{Objective, Seed};
use slt_search::{Budget, Problem};

use crate::{Error, Evolution, GaConfig, GeneticAlgorithm, Observer, Outcome};

/// A genetic search that is stepped by its user, a generation a step: see [`start`] and [`start_from`].
pub type Search<'a> = slt_search::Search<'a, GeneticAlgorithm>;

/// What an observer sees of a genetic search after a generation: its [`state`](slt_search::View::state) is an
/// [`Evolution`].
pub type View<'a> = slt_search::View<'a, GeneticAlgorithm>;

/// A genetic search after one of its generations, with all that it takes to go on to the same end, bit for
/// bit.
///
/// ```
/// use slt_core::{BitMask, Objective, Score, Seed};
/// use slt_ga::{Checkpoint, GaConfig, start, start_from};
/// # struct OneMax;
/// # impl Objective for OneMax {
/// #     fn n_bits(&self) -> usize { 40 }
/// #     fn evaluate(&self, masks: &[&BitMask], _floor: Option<f64>) -> Vec<Score> {
/// #         masks.iter().map(|mask| Score::Exact(mask.count_ones() as f64)).collect()
/// #     }
/// # }
/// let (config, seed) = (GaConfig::paper(), Seed(1));
/// let mut search = start(&OneMax, &config, seed, &mut ())?;
/// search.step(&mut ())?;
/// let bytes = search.view().checkpoint().to_bytes();
///
/// let resumed = start_from(&OneMax, &config, seed, Checkpoint::from_bytes(&bytes)?)?;
/// assert_eq!(resumed.view().state(), search.view().state());
/// # Ok::<(), slt_ga::Error>(())
/// ```
pub type Checkpoint = slt_search::Checkpoint<Evolution>;

/// Searches for the mask that performs best.
///
/// Everyone is an individual: a mask and its performance. N individuals, the population, live on from
/// generation to generation, ranked by performance, then by the number of zeros, the better first.
///
/// 1. **First population** (generation 0). Individual `i` is drawn from stream `init`, 0, `i`: a random mask,
///    drawn again until it is admissible, if the configuration asks for that, or as the
///    [bound](crate::AdaptiveBound) has it, if there is one. → [`Observer::on_pulse`]
/// 2. All are evaluated, ranked and recorded. → [`Observer::on_step`]
/// 3. If a rule of the [`Termination`](crate::Termination) holds, or an observer wants to stop, the search
///    ends. Otherwise generation `g` = 1, 2, ... begins:
///    1. *Recombination.* The individual at each rank `r`, best first, becomes a first parent with
///       probability `recombination_rate`. Its partner is uniform among the first
///       `floor(parent_rate * N)` (it may be the individual itself); uniform crossover makes one child of
///       them. Parents are ranked by performance; ties keep the order that zeros gave them. Stream
///       `recomb`, `g`, `r`.
///    2. *Mutation.* Everyone present, the N and then the children, spawns with probability
///       `mutation_rate` a copy with one bit flipped. Stream `mutation`, `g`, place.
///    3. *Migration.* `floor(migration_rate * N)` random masks join, drawn like the first population, from
///       stream `migrate`, `g`, index. → [`Observer::on_pulse`]
///    4. *Evaluation.* The newcomers whose masks are not remembered are handed to the objective, all at
///       once, each mask once. With cut-off selection the N-th of the population is the floor: a newcomer
///       strictly below it cannot survive, so the objective need not say how far below it is.
///    5. *Survival.* Population, children, mutants and migrants are ranked together; ties stay in this
///       order. N survive; with cut-off selection, the first N. Nobody is replaced in place, and
///       duplicates are allowed. Stream `survive`, `g`, 0.
///    6. The survivors are recorded. → [`Observer::on_step`]; back to 3.
///
/// The streams are those of [`Seed::stream`], so a run depends on the objective, the configuration and the
/// seed alone. Masks that are held against a bound are evaluated one at a time; each counts as an
/// evaluation, and only those that are accepted are remembered.
///
/// # Errors
/// [`Error::Config`] or [`Error::NeverEnds`] for the configuration, [`Error::Interrupted`] if the observer
/// stops the search before there is a population, [`Error::NoAdmissibleMask`] if there cannot be one, and
/// what [`Objective`]s that break their contract cause.
///
/// ```
/// use slt_core::{BitMask, Objective, Score, Seed};
/// use slt_ga::{GaConfig, StopReason, run};
///
/// struct OneMax;
///
/// impl Objective for OneMax {
///     fn n_bits(&self) -> usize {
///         40
///     }
///     fn evaluate(&self, masks: &[&BitMask], _floor: Option<f64>) -> Vec<Score> {
///         masks.iter().map(|mask| Score::Exact(mask.count_ones() as f64)).collect()
///     }
/// }
///
/// let outcome = run(&OneMax, &GaConfig::paper(), Seed(1), &mut ())?;
/// assert_eq!(outcome.best.mask, BitMask::ones(40));
/// assert_eq!(outcome.stop_reason, StopReason::Converged);
/// # Ok::<(), slt_ga::Error>(())
/// ```
pub fn run(
    objective: &dyn Objective,
    config: &GaConfig,
    seed: Seed,
    observer: &mut dyn Observer<GeneticAlgorithm>,
) -> Result<Outcome, Error> {
    Ok(start(objective, config, seed, observer)?.finish(observer)?.into())
}

/// Goes on from a checkpoint, to the same [`Outcome`] as if the search had not been interrupted.
///
/// Objective, configuration and seed have to be given again, and are held against the checkpoint: nothing is
/// taken from a file without being asked for. A checkpoint of a search that had come to its end gives that
/// end. What ends the search may be other than when the checkpoint was taken: the outcome is the same as if
/// it had been so from the beginning (but for `stop_when_solved`, which looks at the present only).
///
/// # Errors
/// [`Error::ResumeMismatch`], with the name of the field that differs, if the checkpoint is not of this
/// search; [`Error::ResumeBeyond`] if the search would have ended before it was taken;
/// [`Error::CheckpointInconsistent`] if it contradicts itself; and those of [`run`].
pub fn resume(
    objective: &dyn Objective,
    config: &GaConfig,
    seed: Seed,
    checkpoint: Checkpoint,
    observer: &mut dyn Observer<GeneticAlgorithm>,
) -> Result<Outcome, Error> {
    Ok(start_from(objective, config, seed, checkpoint)?.finish(observer)?.into())
}

/// Draws, evaluates and ranks the first population, generation 0: a search to be stepped by its user. [`run`]
/// says what a step does.
///
/// ```
/// use slt_core::{BitMask, Objective, Score, Seed};
/// use slt_ga::{GaConfig, Outcome, StopReason, start};
/// # struct OneMax;
/// # impl Objective for OneMax {
/// #     fn n_bits(&self) -> usize { 40 }
/// #     fn evaluate(&self, masks: &[&BitMask], _floor: Option<f64>) -> Vec<Score> {
/// #         masks.iter().map(|mask| Score::Exact(mask.count_ones() as f64)).collect()
/// #     }
/// # }
/// let mut search = start(&OneMax, &GaConfig::paper(), Seed(1), &mut ())?;
/// while search.view().best().performance < 35.0 {
///     search.step(&mut ())?;
/// }
/// let outcome = Outcome::from(search.outcome());
/// assert_eq!(outcome.stop_reason, StopReason::Interrupted); // by us, before the search had converged
/// # Ok::<(), slt_ga::Error>(())
/// ```
///
/// # Errors
/// As [`run`].
pub fn start<'a>(
    objective: &'a dyn Objective,
    config: &GaConfig,
    seed: Seed,
    observer: &mut dyn Observer<GeneticAlgorithm>,
) -> Result<Search<'a>, Error> {
    let algorithm = GeneticAlgorithm::new(config.validate()?);
    Search::start(Problem::new(objective), algorithm, Budget::NONE, seed, observer)
}

/// The search as a checkpoint left it, to be stepped by its user.
///
/// # Errors
/// As [`resume`].
pub fn start_from<'a>(
    objective: &'a dyn Objective,
    config: &GaConfig,
    seed: Seed,
    checkpoint: Checkpoint,
) -> Result<Search<'a>, Error> {
    let algorithm = GeneticAlgorithm::new(config.validate()?);
    Search::resume(Problem::new(objective), algorithm, Budget::NONE, seed, checkpoint)
}
