//! Throughput of inference beside the peak of the fused multiply-add units, measured in the same instant.
//!
//! `cargo bench -p slt-mlp` uses this, and so does `slt-bench`, which takes the file by its path.

use std::time::{Duration, Instant};

use cpu_time::ThreadTime;
use slt_core::{BitMask, Objective, Purpose, Seed};
use slt_datasets::Dataset;
use slt_mlp::{Evaluator, InstructionSet, MetricName, Network, multiply_add_burst};

const SLICE: Duration = Duration::from_millis(4);
const MASKS: u64 = 20;
const BURST: u64 = 10_000;

/// How long to measure.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Plan {
    /// Rounds, of which the median counts.
    pub(crate) rounds: usize,
    /// Slices of 4 ms in a round, for inference and for the peak each.
    pub(crate) slices: usize,
}

impl Plan {
    /// A second for each network.
    pub(crate) const FULL: Self = Self { rounds: 5, slices: 25 };
}

/// Inference and peak in one round.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Throughput {
    /// Active multiply-adds a second: set bits of the masks, times samples.
    pub(crate) active: f64,
    /// Fused multiply-adds a second that the processor does in registers.
    pub(crate) peak: f64,
}

impl Throughput {
    /// Inference as a share of the peak.
    pub(crate) fn share(&self) -> f64 {
        self.active / self.peak
    }
}

/// The masks that are evaluated in turn: random, half of the bits set.
pub(crate) fn masks(n_bits: usize) -> Vec<BitMask> {
    let stream = |i| Seed(1).stream(Purpose::new("bench"), 0, i);
    (0..MASKS).map(|i| BitMask::random(n_bits, &mut stream(i))).collect()
}

/// Evaluates masks one by one, without racing and sharing. Inference and peak take turns in slices of a few
/// milliseconds, so that other load on the machine strikes both; the round with the median share is returned.
///
/// # Errors
/// If the data do not fit the network.
pub(crate) fn measure(
    network: &Network,
    data: &Dataset,
    metric: MetricName,
    plan: Plan,
) -> Result<Throughput, slt_mlp::Error> {
    let evaluator = Evaluator::new(network, data, metric)?.with_racing(false).with_sharing(false);
    let masks = masks(evaluator.n_bits());
    let mut turn = masks.iter().cycle();
    let mut rounds: Vec<Throughput> = (0..plan.rounds)
        .map(|_| {
            let (mut inference, mut peak) = (Tally::default(), Tally::default());
            for _ in 0..plan.slices {
                peak.slice(|| multiply_add_burst(evaluator.instruction_set(), BURST));
                inference.slice(|| turn.next().map_or(0, |mask| evaluate(&evaluator, mask)));
            }
            Throughput { active: inference.rate(), peak: peak.rate() }
        })
        .collect();
    rounds.sort_by(|a, b| a.share().total_cmp(&b.share()));
    Ok(rounds[rounds.len() / 2])
}

/// The peak alone: fused multiply-adds a second in registers, of one slice.
#[allow(dead_code, reason = "the short form does without it")]
pub(crate) fn peak(instructions: InstructionSet) -> f64 {
    let mut peak = Tally::default();
    peak.slice(|| multiply_add_burst(instructions, BURST));
    peak.rate()
}

/// Set bits of a mask, times samples.
pub(crate) fn active_multiply_adds(mask: &BitMask, data: &Dataset) -> u64 {
    (mask.count_ones() * data.n_samples()) as u64
}

/// Evaluates a mask and returns its active multiply-adds.
pub(crate) fn evaluate(evaluator: &Evaluator, mask: &BitMask) -> u64 {
    std::hint::black_box(evaluator.evaluate(&[mask], None));
    active_multiply_adds(mask, evaluator.data())
}

/// Operations and the processor time they took.
#[derive(Default)]
struct Tally {
    operations: f64,
    seconds: f64,
}

impl Tally {
    /// Repeats `work`, which returns its number of operations, for about one slice of time.
    fn slice(&mut self, mut work: impl FnMut() -> u64) {
        // Processor time, lest whoever was interrupted more often looks slower.
        let (start, cpu) = (Instant::now(), ThreadTime::now());
        while start.elapsed() < SLICE {
            self.operations += work() as f64;
        }
        self.seconds += cpu.elapsed().as_secs_f64();
    }

    fn rate(&self) -> f64 {
        self.operations / self.seconds
    }
}
