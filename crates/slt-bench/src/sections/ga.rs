//! Whole runs of the genetic algorithm.

use std::time::Instant;

use cpu_time::ThreadTime;
use serde::Serialize;
use slt_ga::GaConfig;
use slt_mlp::MetricName;

use crate::cases::{CIRCLES_B, CIRCLES_D, Case, MOONS_D, SEED};
use crate::effort::{Effort, first_generations, mask_hash};
use crate::error::Error;
use crate::findings::{Findings, Row, percent, significant};

#[derive(Serialize)]
struct Run {
    #[serde(flatten)]
    case: Case,
    generations: u64,
    stop_reason: slt_ga::StopReason,
    evaluations: u64,
    /// Of the search alone: the data are loaded and the network is drawn before.
    seconds: f64,
    cpu_seconds: f64,
    evaluations_per_second: f64,
    train_accuracy: f64,
    mask_hash: String,
}

impl Row for Run {
    const COLUMNS: (&'static [&'static str], &'static [&'static str]) = (
        &["run"],
        &["generations", "evaluations", "seconds", "CPU seconds", "evaluations/s", "accuracy", "best mask"],
    );

    fn cells(&self) -> Vec<String> {
        vec![
            self.case.to_string(),
            self.generations.to_string(),
            self.evaluations.to_string(),
            significant(self.seconds),
            significant(self.cpu_seconds),
            significant(self.evaluations_per_second),
            percent(self.train_accuracy),
            self.mask_hash.clone(),
        ]
    }
}

pub(super) fn measure(effort: Effort) -> Result<Findings, Error> {
    let rows = [
        (CIRCLES_B, effort.pick(None, Some(30))),
        (MOONS_D, effort.pick(None, Some(10))),
        (CIRCLES_D, effort.pick(Some(800), Some(10))),
    ]
    .into_iter()
    .map(|(case, last)| run(case, &first_generations(&GaConfig::paper(), last)));
    Findings::new(&rows.collect::<Result<Vec<_>, Error>>()?)
}

fn run(case: Case, config: &GaConfig) -> Result<Run, Error> {
    let evaluator = case.evaluator(MetricName::Accuracy)?;
    let (start, cpu) = (Instant::now(), ThreadTime::now());
    let outcome = slt_ga::run(&evaluator, config, SEED, &mut ())?;
    let (seconds, cpu_seconds) = (start.elapsed().as_secs_f64(), cpu.elapsed().as_secs_f64());
    Ok(Run {
        case,
        generations: outcome.generations,
        stop_reason: outcome.stop_reason,
        evaluations: outcome.evaluations,
        seconds,
        cpu_seconds,
        evaluations_per_second: outcome.evaluations as f64 / seconds,
        train_accuracy: outcome.best.performance,
        mask_hash: mask_hash(&outcome),
    })
}
