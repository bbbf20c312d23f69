use slt_core::{Objective, Seed};

use crate::{Checkpoint, Error, GaConfig, Observer, Outcome, Search};

/// Searches for the mask that performs best.
///
/// Everyone is an individual: a mask and its performance. N individuals, the population, live on from
/// generation to generation, ranked by performance, then by the number of zeros, the better first.
///
/// 1. **First population** (generation 0). Individual `i` is drawn from stream `init`, 0, `i`: a random mask,
///    drawn again until it is admissible, if the configuration asks for that, or as the
///    [bound](crate::AdaptiveBound) has it, if there is one. → [`Observer::on_draw`]
/// 2. All are evaluated, ranked and recorded. → [`Observer::on_generation`]
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
///       stream `migrate`, `g`, index. → [`Observer::on_draw`]
///    4. *Evaluation.* The newcomers whose masks are not remembered are handed to the objective, all at
///       once, each mask once. With cut-off selection the N-th of the population is the floor: a newcomer
///       strictly below it cannot survive, so the objective need not say how far below it is.
///    5. *Survival.* Population, children, mutants and migrants are ranked together; ties stay in this
///       order. N survive; with cut-off selection, the first N. Nobody is replaced in place, and
///       duplicates are allowed. Stream `survive`, `g`, 0.
///    6. The survivors are recorded. → [`Observer::on_generation`]; back to 3.
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
    observer: &mut dyn Observer,
) -> Result<Outcome, Error> {
    finish(Search::start(objective, config.validate()?, seed, observer)?, observer)
}

/// Goes on from a checkpoint, to the same [`Outcome`] as if the search had not been interrupted.
///
/// Objective, configuration and seed have to be given again, and are held against the checkpoint: nothing is
/// taken from a file without being asked for. A checkpoint of a search that had come to its end gives that
/// end.
///
/// # Errors
/// [`Error::ResumeMismatch`], with the name of the field that differs, if the checkpoint is not of this
/// search; and those of [`run`].
pub fn resume(
    objective: &dyn Objective,
    config: &GaConfig,
    seed: Seed,
    checkpoint: Checkpoint,
    observer: &mut dyn Observer,
) -> Result<Outcome, Error> {
    finish(Search::resume(objective, config.validate()?, seed, checkpoint)?, observer)
}

fn finish(mut search: Search<'_>, observer: &mut dyn Observer) -> Result<Outcome, Error> {
    while search.stop_reason().is_none() {
        search.step(observer)?;
    }
    Ok(search.outcome())
}
