//! What single flips cost, beside evaluating the flipped mask.

use cpu_time::ThreadTime;
use serde::Serialize;
use slt_core::{BitMask, Objective};
use slt_mlp::{Evaluator, Flips, MetricName};

use crate::cases::{CIRCLES_B, CIRCLES_D, Case, DIGITS, METRICS};
use crate::effort::Effort;
use crate::error::Error;
use crate::findings::{Findings, Row, significant, times};
use crate::throughput::masks;

/// Bits that either side works on before it is the other's turn.
const TURN: usize = 50;

/// How far the cross-entropy of a what-if may be from a fresh evaluation's.
const LOSS_TOLERANCE: f64 = 1e-6;

#[derive(Serialize)]
struct Flip {
    #[serde(flatten)]
    case: Case,
    metric: MetricName,
    bits: usize,
    /// Of all bits, on average.
    microseconds_what_if: f64,
    microseconds_evaluation: f64,
}

impl Row for Flip {
    const COLUMNS: (&'static [&'static str], &'static [&'static str]) =
        (&["network", "metric"], &["bits", "us a what-if", "us an evaluation", "what-if"]);

    fn cells(&self) -> Vec<String> {
        vec![
            self.case.to_string(),
            self.metric.to_string(),
            self.bits.to_string(),
            significant(self.microseconds_what_if),
            significant(self.microseconds_evaluation),
            times(self.microseconds_evaluation / self.microseconds_what_if),
        ]
    }
}

pub(super) fn measure(effort: Effort) -> Result<Findings, Error> {
    let mut rows = Vec::new();
    for case in [CIRCLES_B, CIRCLES_D, DIGITS] {
        for metric in METRICS {
            rows.push(flip_all(case, metric, effort.pick(1, 9))?);
        }
    }
    Findings::new(&rows)
}

/// Asks what each bit of a random mask would give, and evaluates every `stride`-th flipped mask from scratch.
fn flip_all(case: Case, metric: MetricName, stride: usize) -> Result<Flip, Error> {
    let evaluator = case.evaluator(metric)?;
    let (network, data) = (evaluator.network(), evaluator.data());
    let mut mask = masks(evaluator.n_bits()).swap_remove(0);
    let flips = Flips::new(network, data, metric, evaluator.instruction_set(), &mask)?;
    let bits: Vec<usize> = (0..mask.len()).collect();
    let (mut what_if_seconds, mut evaluation_seconds, mut evaluations) = (0.0, 0.0, 0);
    for turn in bits.chunks(TURN) {
        let start = ThreadTime::now();
        let answers: Vec<f64> = turn.iter().map(|&bit| flips.what_if(bit)).collect();
        what_if_seconds += start.elapsed().as_secs_f64();
        for (&bit, answer) in turn.iter().zip(answers).step_by(stride) {
            mask.flip(bit);
            let start = ThreadTime::now();
            let expected = evaluate(&evaluator, &mask);
            evaluation_seconds += start.elapsed().as_secs_f64();
            evaluations += 1;
            mask.flip(bit);
            let allowed = if metric == MetricName::Accuracy { 0.0 } else { LOSS_TOLERANCE };
            if (answer - expected).abs() > allowed {
                return Err(format!("{case}: flipping bit {bit} gives {answer}, not {expected}").into());
            }
        }
    }
    Ok(Flip {
        case,
        metric,
        bits: bits.len(),
        microseconds_what_if: 1e6 * what_if_seconds / bits.len() as f64,
        microseconds_evaluation: 1e6 * evaluation_seconds / f64::from(evaluations),
    })
}

fn evaluate(evaluator: &Evaluator, mask: &BitMask) -> f64 {
    evaluator.evaluate(&[mask], None).first().and_then(|score| score.exact()).unwrap_or(f64::NAN)
}
