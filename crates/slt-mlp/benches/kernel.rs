//! Throughput of masked inference on one core, beside the peak of the fused multiply-add units.
//!
//! `cargo bench -p slt-mlp` prints a row for each network: active multiply-adds a second (set bits of the masks, times
//! samples), the peak measured in the same instant, and their ratio. Kernel and peak take turns in slices of a few
//! milliseconds, so that other load on the machine strikes both; the median of 5 rounds is shown.

use std::time::{Duration, Instant};

use slt_core::{BitMask, Objective, Purpose, Seed};
use slt_datasets::Dataset;
use slt_mlp::{Architecture, Evaluator, Initializer, Kernel, Metric, Network, multiply_add_burst};

const ROUNDS: usize = 5;
const SLICES: usize = 25;
const SLICE: Duration = Duration::from_millis(4);
const MASKS: u64 = 20;

/// Operations and the time they took.
#[derive(Default)]
struct Tally {
    operations: f64,
    seconds: f64,
}

impl Tally {
    /// Repeats `work`, which returns its number of operations, for about one slice of time.
    fn slice(&mut self, mut work: impl FnMut() -> f64) {
        let start = Instant::now();
        while start.elapsed() < SLICE {
            self.operations += work();
        }
        self.seconds += start.elapsed().as_secs_f64();
    }

    fn rate(&self) -> f64 {
        self.operations / self.seconds
    }
}

/// Median share of the peak over the rounds, with the rates of that round.
fn measure(network: &Network, data: &Dataset, metric: Metric) -> (f64, f64, f64) {
    let evaluator = Evaluator::new(network, data, metric).expect("the data fit the network");
    let n_bits = network.architecture().n_weights();
    let stream = |i| Seed(1).stream(Purpose::new("bench"), 0, i);
    let masks: Vec<BitMask> = (0..MASKS).map(|i| BitMask::random(n_bits, &mut stream(i))).collect();
    let mut turn = masks.iter().cycle();
    let mut rounds: Vec<(f64, f64, f64)> = (0..ROUNDS)
        .map(|_| {
            let (mut kernel, mut peak) = (Tally::default(), Tally::default());
            for _ in 0..SLICES {
                peak.slice(|| multiply_add_burst(Kernel::detect(), 10_000) as f64);
                kernel.slice(|| {
                    let mask = turn.next().expect("a cycle does not end");
                    std::hint::black_box(evaluator.evaluate(&[mask], None));
                    (mask.count_ones() * data.n_samples()) as f64
                });
            }
            (kernel.rate() / peak.rate(), kernel.rate(), peak.rate())
        })
        .collect();
    rounds.sort_by(|a, b| a.0.total_cmp(&b.0));
    rounds[ROUNDS / 2]
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    rayon::ThreadPoolBuilder::new().num_threads(1).build_global()?;
    let circles = slt_datasets::circles::paper()?.train;
    let digits = slt_datasets::digits::paper(10)?.train;
    println!("kernel {}, one thread, masks of 50 %, median of {ROUNDS} paired rounds", Kernel::detect());
    println!("{:<12} {:<14} {:>12} {:>12} {:>8}", "network", "metric", "active G/s", "peak G/s", "share");
    for (architecture, data) in
        [("A", &circles), ("B", &circles), ("C", &circles), ("D", &circles), ("64,75,10", &digits)]
    {
        let network = Network::random(&architecture.parse::<Architecture>()?, Initializer::paper(), Seed(1))?;
        for metric in [Metric::Accuracy, Metric::CrossEntropy] {
            let (share, rate, peak) = measure(&network, data, metric);
            let (rate, peak) = (rate / 1e9, peak / 1e9);
            println!("{architecture:<12} {metric:<14} {rate:>12.2} {peak:>12.2} {:>7.1}%", 100.0 * share);
        }
    }
    Ok(())
}
