//! Pruning, beside the same pass by evaluations.

use cpu_time::ThreadTime;
use serde::Serialize;
use slt_core::BitMask;
use slt_ga::GaConfig;
use slt_mlp::{Evaluator, MetricName, prune};

use crate::cases::{CIRCLES_B, CIRCLES_D, Case, DIGITS, SEED};
use crate::effort::{Effort, first_generations};
use crate::error::Error;
use crate::findings::{Findings, Row, percent, significant, times};

#[derive(Serialize)]
struct Pruning {
    #[serde(flatten)]
    case: Case,
    generations: u64,
    sparsity_before: f64,
    sparsity_after: f64,
    seconds_prune: f64,
    seconds_evaluations: f64,
}

impl Row for Pruning {
    const COLUMNS: (&'static [&'static str], &'static [&'static str]) =
        (&["network"], &["generations", "sparsity before", "after", "prune", "by evaluations", "prune"]);

    fn cells(&self) -> Vec<String> {
        vec![
            self.case.to_string(),
            self.generations.to_string(),
            percent(self.sparsity_before),
            percent(self.sparsity_after),
            format!("{} s", significant(self.seconds_prune)),
            format!("{} s", significant(self.seconds_evaluations)),
            times(self.seconds_evaluations / self.seconds_prune),
        ]
    }
}

pub(super) fn measure(effort: Effort) -> Result<Findings, Error> {
    let rows = [(CIRCLES_B, 100), (CIRCLES_D, effort.pick(100, 5)), (DIGITS, effort.pick(100, 30))]
        .into_iter()
        .map(|(case, last)| prune_best(case, last));
    Findings::new(&rows.collect::<Result<Vec<_>, Error>>()?)
}

/// Prunes the best mask of a short run.
fn prune_best(case: Case, last: u64) -> Result<Pruning, Error> {
    let evaluator = case.evaluator(MetricName::Accuracy)?;
    let config = first_generations(&GaConfig::paper(), Some(last));
    let outcome = slt_ga::run(&evaluator, &config, SEED, &mut ())?;
    let mask = &outcome.best.mask;
    let (pruned, seconds_prune) = timed(|| prune(&evaluator, mask))?;
    let (expected, seconds_evaluations) = timed(|| prune_by_evaluations(&evaluator, mask))?;
    if pruned != expected {
        return Err(format!("{case}: pruning by flips and by evaluations end at different masks").into());
    }
    Ok(Pruning {
        case,
        generations: outcome.generations,
        sparsity_before: mask.sparsity(),
        sparsity_after: pruned.sparsity(),
        seconds_prune,
        seconds_evaluations,
    })
}

/// The pass that [`prune`] makes, as it is defined.
fn prune_by_evaluations(evaluator: &Evaluator, mask: &BitMask) -> Result<BitMask, slt_mlp::Error> {
    let before = evaluator.count_correct(mask)?;
    let mut pruned = mask.clone();
    for bit in mask.iter_ones() {
        pruned.flip(bit);
        if evaluator.count_correct(&pruned)? < before {
            pruned.flip(bit);
        }
    }
    Ok(pruned)
}

/// What `work` makes, and the processor seconds that it takes.
fn timed<T>(work: impl FnOnce() -> Result<T, slt_mlp::Error>) -> Result<(T, f64), Error> {
    let start = ThreadTime::now();
    let made = work()?;
    Ok((made, start.elapsed().as_secs_f64()))
}
