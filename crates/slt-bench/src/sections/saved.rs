//! What racing and sharing save on the questions that a run really asks.

use serde::Serialize;
use slt_ga::GaConfig;
use slt_mlp::{Evaluator, MetricName};

use crate::cases::{CIRCLES_B, CIRCLES_D, Case, DIGITS, MOONS_B};
use crate::effort::{Effort, first_generations, mask_hash};
use crate::error::Error;
use crate::findings::{Findings, Row, significant, times};
use crate::recording::Recording;

#[derive(Serialize)]
struct Replay {
    #[serde(flatten)]
    case: Case,
    algorithm: &'static str,
    metric: MetricName,
    generations: u64,
    batches: usize,
    masks: usize,
    /// Processor seconds without racing and sharing, and with either or both.
    seconds_neither: f64,
    seconds_racing: f64,
    seconds_sharing: f64,
    seconds_both: f64,
    /// The best mask of the run. All four variants answer alike, so any of them leads there.
    mask_hash: String,
}

impl Row for Replay {
    const COLUMNS: (&'static [&'static str], &'static [&'static str]) = (
        &["run", "objective"],
        &[
            "generations",
            "masks",
            "neither",
            "racing",
            "sharing",
            "both",
            "racing",
            "sharing",
            "both",
            "best mask",
        ],
    );

    fn cells(&self) -> Vec<String> {
        let seconds = [self.seconds_neither, self.seconds_racing, self.seconds_sharing, self.seconds_both];
        let mut cells = vec![
            format!("{} {}", self.case, self.algorithm),
            self.metric.to_string(),
            self.generations.to_string(),
            self.masks.to_string(),
        ];
        cells.extend(seconds.map(|seconds| format!("{} s", significant(seconds))));
        cells.extend(seconds[1..].iter().map(|seconds| times(self.seconds_neither / seconds)));
        cells.push(self.mask_hash.clone());
        cells
    }
}

pub(super) fn measure(effort: Effort) -> Result<Findings, Error> {
    let (paper, loss) = (GaConfig::paper(), GaConfig::paper_loss(2));
    // The paper's limits of attempts for networks of the size of B.
    let adaptive = GaConfig::paper_adaptive(190, 240);
    let up_to = |config: &GaConfig, full, quick| first_generations(config, effort.pick(full, quick));
    let rows = [
        (CIRCLES_B, "ga", MetricName::Accuracy, up_to(&paper, None, Some(30))),
        (CIRCLES_D, "ga", MetricName::Accuracy, up_to(&paper, Some(200), Some(10))),
        (MOONS_B, "ga-ab", MetricName::Accuracy, first_generations(&adaptive, Some(0))),
        (DIGITS, "ga", MetricName::CrossEntropy, up_to(&loss, Some(200), Some(30))),
    ]
    .into_iter()
    .map(|(case, algorithm, metric, config)| replay(case, algorithm, metric, &config));
    Findings::new(&rows.collect::<Result<Vec<_>, Error>>()?)
}

fn replay(
    case: Case,
    algorithm: &'static str,
    metric: MetricName,
    config: &GaConfig,
) -> Result<Replay, Error> {
    let recording = Recording::of_search(&case.evaluator(metric)?, config)?;
    // New ones: racing learns the order of the samples as it goes.
    let evaluator = |racing, sharing| -> Result<Evaluator, Error> {
        Ok(case.evaluator(metric)?.with_racing(racing).with_sharing(sharing))
    };
    let evaluators =
        [evaluator(false, false)?, evaluator(true, false)?, evaluator(false, true)?, evaluator(true, true)?];
    let [seconds_neither, seconds_racing, seconds_sharing, seconds_both] = recording.replay(&evaluators)?;
    Ok(Replay {
        case,
        algorithm,
        metric,
        generations: recording.outcome.generations,
        batches: recording.n_batches(),
        masks: recording.n_masks(),
        seconds_neither,
        seconds_racing,
        seconds_sharing,
        seconds_both,
        mask_hash: mask_hash(&recording.outcome),
    })
}
