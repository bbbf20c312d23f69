//! What searching unit by unit costs, on made-up images: by network and number of samples, and on two
//! threads.

use std::time::{Duration, Instant};

use cpu_time::ThreadTime;
use ndarray::Array2;
use rayon::ThreadPoolBuilder;
use serde::Serialize;
use slt_core::random::{index_below, unit_f64};
use slt_core::{BitMask, Objective, Purpose, Units, WhatIf};
use slt_datasets::Dataset;
use slt_mlp::{Architecture, BiasInit, Evaluator, Initializer, MetricName, Network, WeightInit};

use crate::cases::SEED;
use crate::effort::{Effort, median};
use crate::error::Error;
use crate::findings::{Findings, Row, percent, significant};
use crate::throughput;

/// Share of pixels that are not 0, as in MNIST.
const INK: f64 = 0.19;

/// Multiply-adds that a what-if takes at least for a sample on which the input is not 0: the product with the
/// weight, the place in the table, and the point between two losses.
const MULTIPLY_ADDS: f64 = 3.0;

/// Units of each layer that are measured.
const UNITS: usize = 6;

#[derive(Serialize)]
struct Cost {
    network: String,
    weights: usize,
    samples: usize,
    /// Of a weight of the first layer.
    microseconds_what_if: f64,
    /// What its multiply-adds alone would take at the peak of the processor.
    microseconds_bound: f64,
    /// The share of opening and closing a unit that a weight into it bears.
    microseconds_of_unit: f64,
    microseconds_commit: f64,
    /// Commit in what-ifs.
    commit: f64,
    /// Samples of a what-if of the first layer, a nanosecond.
    samples_per_nanosecond: f64,
    /// Throughput of two threads, of that of two copies.
    two_threads_of_copies: f64,
}

impl Row for Cost {
    const COLUMNS: (&'static [&'static str], &'static [&'static str]) = (
        &["network"],
        &[
            "samples",
            "us a what-if",
            "bound",
            "us a weight for its unit",
            "us a commit",
            "in what-ifs",
            "samples/ns",
            "two threads, of two copies",
        ],
    );

    fn cells(&self) -> Vec<String> {
        vec![
            format!("{} ({} weights)", self.network, self.weights),
            self.samples.to_string(),
            significant(self.microseconds_what_if),
            significant(self.microseconds_bound),
            significant(self.microseconds_of_unit),
            significant(self.microseconds_commit),
            significant(self.commit),
            significant(self.samples_per_nanosecond),
            percent(self.two_threads_of_copies),
        ]
    }
}

pub(super) fn measure(effort: Effort) -> Result<Findings, Error> {
    let networks: &[&[usize]] =
        &[&[16, 50, 4], &[64, 100, 30, 10], &[784, 300, 100, 10], &[784, 1000, 200, 10]];
    let samples: &[usize] = &[1_000, 10_000, 60_000];
    let (networks, samples) = (&networks[..effort.pick(4, 3)], &samples[..effort.pick(3, 2)]);
    let mut rows = Vec::new();
    for sizes in networks {
        for &n in samples {
            rows.push(cost(sizes, n)?);
        }
    }
    Findings::new(&rows)
}

/// Random samples, most of whose features are 0, and a network with fixed absolute weights.
fn problem(sizes: &[usize], n: usize) -> Result<Evaluator, Error> {
    let mut rng = SEED.stream(Purpose::new("bench"), 0, 0);
    let classes = sizes[sizes.len() - 1];
    let pixels = Array2::from_shape_fn((n, sizes[0]), |_| {
        if unit_f64(&mut rng) < INK { unit_f64(&mut rng) as f32 } else { 0.0 }
    });
    let labels = (0..n).map(|i| if i < classes { i as u32 } else { index_below(&mut rng, classes) as u32 });
    let data = Dataset::new("images", pixels, labels.collect(), classes)?;
    let initializer =
        Initializer { weights: WeightInit::SignedConstant { keep: 0.5 }, biases: BiasInit::Zero };
    let network = Network::random(&Architecture::new(sizes)?, initializer, SEED)?;
    Ok(Evaluator::new(&network, &data, MetricName::CrossEntropy)?)
}

fn held(evaluator: &Evaluator) -> Result<Box<dyn Units + '_>, Error> {
    let mut units = evaluator.units().ok_or("the cross-entropy has units")?;
    let mask = BitMask::random(evaluator.n_bits(), &mut SEED.stream(Purpose::new("mask"), 0, 0));
    units.hold(&mask, 0..evaluator.n_samples());
    Ok(units)
}

fn cost(sizes: &[usize], n: usize) -> Result<Cost, Error> {
    let evaluator = problem(sizes, n)?;
    let (mut asked, mut opened, mut committed) = (Vec::new(), Vec::new(), Vec::new());
    let mut peaks = Vec::new();
    let mut units = held(&evaluator)?;
    for unit in 0..UNITS.min(sizes[1]) {
        let bits = units.bits(unit);
        let start = ThreadTime::now();
        units.open(unit);
        let open = start.elapsed();
        let start = ThreadTime::now();
        bits.iter().for_each(|&bit| {
            units.what_if(bit);
        });
        asked.push(start.elapsed().as_secs_f64() / bits.len() as f64);
        let start = ThreadTime::now();
        bits.iter().for_each(|&bit| units.commit(bit));
        committed.push(start.elapsed().as_secs_f64() / bits.len() as f64);
        let start = ThreadTime::now();
        units.close();
        opened.push((open + start.elapsed()).as_secs_f64() / bits.len() as f64);
        units.discard();
        peaks.push(throughput::peak(evaluator.instruction_set()));
    }
    let (asked, opened, committed) = (median(asked), median(opened), median(committed));
    Ok(Cost {
        network: sizes.iter().map(ToString::to_string).collect::<Vec<_>>().join(","),
        weights: evaluator.n_bits(),
        samples: n,
        microseconds_what_if: 1e6 * asked,
        microseconds_bound: 1e6 * MULTIPLY_ADDS * INK * n as f64 / median(peaks),
        microseconds_of_unit: 1e6 * opened,
        microseconds_commit: 1e6 * committed,
        commit: committed / asked,
        samples_per_nanosecond: 1e-9 * INK * n as f64 / asked,
        two_threads_of_copies: scaling(&evaluator)?,
    })
}

/// Questions of two threads at one search, as a share of those of two searches with a thread each; the median
/// of rounds.
fn scaling(evaluator: &Evaluator) -> Result<f64, Error> {
    let pool = |threads| ThreadPoolBuilder::new().num_threads(threads).build();
    let (singles, double) = ([pool(1)?, pool(1)?], pool(2)?);
    let [mut first, mut second] = [held(evaluator)?, held(evaluator)?];
    let mut shares = Vec::new();
    for _ in 0..3 {
        let together = double.install(|| questions_per_second(&mut *first));
        let copies = std::thread::scope(|scope| {
            let other = scope.spawn(|| singles[1].install(|| questions_per_second(&mut *second)));
            let rate = singles[0].install(|| questions_per_second(&mut *first));
            rate + other.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
        });
        shares.push(together / copies);
    }
    Ok(median(shares))
}

/// Of whole units: they are opened, asked about all weights, and closed.
fn questions_per_second(units: &mut (dyn Units + '_)) -> f64 {
    let start = Instant::now();
    let (mut asked, mut unit, mut answers) = (0, 0, Vec::new());
    while start.elapsed() < Duration::from_millis(200) {
        let questions: Vec<WhatIf> = units.bits(unit).into_iter().map(WhatIf::exact).collect();
        units.open(unit);
        for some in questions.chunks(units.batch()) {
            units.what_ifs(some, &mut answers);
        }
        units.discard();
        asked += questions.len();
        unit = (unit + 1) % units.n_units();
    }
    asked as f64 / start.elapsed().as_secs_f64()
}
