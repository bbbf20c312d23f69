//! Progress on stderr: bars on a terminal, a line now and then elsewhere.

mod display;
mod masks;
mod runs;
mod search;
mod training;
mod tuning;

use slt_ga::{GenerationStats, Pulse, View};

pub(crate) use masks::MaskProgress;
pub(crate) use runs::RunsProgress;
pub(crate) use search::SearchProgress;
pub(crate) use training::TrainingProgress;
pub(crate) use tuning::TuningProgress;

/// About the share of a search that goes into a first population held against a bound.
const DRAWING: f64 = 0.15;

/// Which part of a search is done while its first population is drawn.
fn share_drawn(pulse: &Pulse) -> f64 {
    DRAWING * pulse.done as f64 / pulse.wanted.max(1) as f64
}

/// Which part of a search is done, in [0, 1]: by the generation at which it ends, or would end if nothing
/// improved any more.
fn share_done(view: &View<'_>) -> f64 {
    let (config, history, latest) = (view.algorithm().config(), view.state().history(), view.state().stats());
    let drawn = if config.bound.is_some() { DRAWING } else { 0.0 };
    let termination = &config.termination;
    let unchanged = history.iter().rev().take_while(|stats| stats.best >= latest.best).count() as u64;
    let until_patience = termination.patience.map(|patience| {
        let last_gain = latest.generation + 1 - unchanged;
        (last_gain + u64::from(patience)).max(termination.min_generations)
    });
    let end = [until_patience, termination.max_generations].into_iter().flatten().min();
    let searched = end.map_or(0.0, |end| (latest.generation as f64 / end.max(1) as f64).min(1.0));
    drawn + (1.0 - drawn) * searched
}

fn describe(stats: &GenerationStats) -> String {
    let GenerationStats { generation, best, sparsity_of_fittest, .. } = stats;
    format!("generation {generation}, best {best:.4}, sparsity {:.1} %", 100.0 * sparsity_of_fittest)
}

fn describe_draw(pulse: &Pulse) -> String {
    let Pulse { done, wanted, bound, .. } = pulse;
    let bound = bound.map_or(String::new(), |bound| format!(", bound {bound:.4}"));
    format!("first population {done} of {wanted}{bound}")
}
