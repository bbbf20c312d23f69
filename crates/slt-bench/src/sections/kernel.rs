//! Single evaluations: no racing, no sharing, one thread.

use serde::Serialize;
use slt_mlp::MetricName;

use crate::cases::{Case, KERNEL, METRICS};
use crate::effort::Effort;
use crate::error::Error;
use crate::findings::{Findings, Row, percent, significant};
use crate::throughput::{self, Plan, Throughput, active_multiply_adds, masks};

const QUICK: Plan = Plan { rounds: 3, slices: 9 };

#[derive(Serialize)]
struct Evaluation {
    #[serde(flatten)]
    case: Case,
    samples: usize,
    metric: MetricName,
    /// Active multiply-adds a second.
    active: f64,
    /// Fused multiply-adds a second in registers.
    peak: f64,
    share_of_peak: f64,
    /// Of an evaluation, on average over the masks.
    microseconds: f64,
}

impl Row for Evaluation {
    const COLUMNS: (&'static [&'static str], &'static [&'static str]) = (
        &["network", "data", "metric"],
        &["samples", "active G/s", "peak G/s", "share of peak", "us an evaluation"],
    );

    fn cells(&self) -> Vec<String> {
        vec![
            self.case.network.to_owned(),
            self.case.data.to_string(),
            self.metric.to_string(),
            self.samples.to_string(),
            significant(self.active / 1e9),
            significant(self.peak / 1e9),
            percent(self.share_of_peak),
            significant(self.microseconds),
        ]
    }
}

pub(super) fn measure(effort: Effort) -> Result<Findings, Error> {
    let mut rows = Vec::new();
    for case in KERNEL {
        let (network, data) = case.load()?;
        let masks = masks(network.architecture().n_weights());
        let work: u64 = masks.iter().map(|mask| active_multiply_adds(mask, &data)).sum();
        for metric in METRICS {
            let measured = throughput::measure(&network, &data, metric, effort.pick(Plan::FULL, QUICK))?;
            let Throughput { active, peak } = measured;
            rows.push(Evaluation {
                case,
                samples: data.n_samples(),
                metric,
                active,
                peak,
                share_of_peak: measured.share(),
                microseconds: 1e6 * work as f64 / masks.len() as f64 / active,
            });
        }
    }
    Findings::new(&rows)
}
