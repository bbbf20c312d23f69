//! Incremental flips on one core, beside full evaluations.
//!
//! `cargo bench -p slt-mlp --bench flips` prints two tables. The first has the time of a what-if (the mean
//! over all bits of a random mask of 50 %), of a what-if that may stop below the performance that is held, of
//! a commit (the mean over a walk of many, in which all sums are computed afresh now and then) and of a full
//! evaluation, in processor microseconds. The second has the time to prune a mask, beside the same pass with
//! full evaluations, and whether the results are equal. Every time is the minimum over repetitions of the
//! same work, so that other load on the machine shows least.

use cpu_time::ThreadTime;
use slt_core::{BitMask, Objective, Purpose, Score, Seed, WhatIf};
use slt_datasets::Dataset;
use slt_mlp::{
    Architecture, Error, Evaluator, Flips, Initializer, InstructionSet, MetricName, Network, prune,
};

const REPETITIONS: usize = 7;
const PRUNING_REPETITIONS: usize = 3;

/// Commits of a walk.
const COMMITS: usize = 300;

/// The shortest of several runs, in microseconds, and the last result.
fn fastest<T>(repetitions: usize, mut work: impl FnMut() -> T) -> (f64, T) {
    let mut time = || {
        let start = ThreadTime::now();
        let result = std::hint::black_box(work());
        (start.elapsed().as_secs_f64() * 1e6, result)
    };
    let first = time();
    (1..repetitions).map(|_| time()).fold(first, |best, next| (best.0.min(next.0), next.1))
}

fn network(architecture: &str) -> Result<Network, Error> {
    Network::random(&architecture.parse::<Architecture>()?, Initializer::paper(), Seed(1))
}

fn random_mask(network: &Network) -> BitMask {
    let n_bits = network.architecture().n_weights();
    BitMask::random(n_bits, &mut Seed(1).stream(Purpose::new("bench"), 0, 0))
}

/// A row of the first table.
fn single_flips(architecture: &str, data: &Dataset, metric: MetricName) -> Result<(), Error> {
    let network = network(architecture)?;
    let mask = random_mask(&network);
    let evaluator = Evaluator::new(&network, data, metric)?;
    let mut flips = Flips::new(&network, data, metric, InstructionSet::detect(), &mask)?;
    let mean_of = |floor: f64| {
        let questions: Vec<WhatIf> = (0..mask.len()).map(|bit| WhatIf { bit, floor }).collect();
        let (mut answers, mut fastest_of) = (Vec::<Score>::new(), vec![f64::INFINITY; mask.len()]);
        for _ in 0..REPETITIONS {
            for (question, best) in questions.iter().zip(&mut fastest_of) {
                let ask = || flips.what_ifs(std::slice::from_ref(question), &mut answers);
                *best = best.min(fastest(1, ask).0);
            }
        }
        fastest_of.iter().sum::<f64>() / mask.len() as f64
    };
    let (what_if, with_floor) = (mean_of(f64::NEG_INFINITY), mean_of(flips.performance()));
    // Bits from all over the mask.
    let bits: Vec<usize> = (0..COMMITS).map(|i| i * 7919 % mask.len()).collect();
    let mut commits = vec![f64::INFINITY; COMMITS];
    for _ in 0..REPETITIONS {
        flips.set_mask(&mask)?;
        for (&bit, best) in bits.iter().zip(&mut commits) {
            *best = best.min(fastest(1, || flips.commit(bit)).0);
        }
    }
    let commit = commits.iter().sum::<f64>() / COMMITS as f64;
    let (full, _) = fastest(REPETITIONS, || evaluator.evaluate(&[&mask], None));
    println!(
        "{architecture:<10} {metric:<14} {what_if:>10.2} {with_floor:>10.2} {commit:>10.1} {full:>10.1} {:>8.1}",
        full / what_if
    );
    Ok(())
}

/// The pass of [`prune`] with a full evaluation for each bit.
fn prune_by_evaluations(evaluator: &Evaluator, mask: &BitMask) -> Result<BitMask, Error> {
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

/// A row of the second table.
fn pruning(architecture: &str, data: &Dataset, searched: bool) -> Result<(), Error> {
    let network = network(architecture)?;
    let mut mask = random_mask(&network);
    if searched {
        let mut flips = Flips::new(&network, data, MetricName::Accuracy, InstructionSet::detect(), &mask)?;
        for bit in 0..mask.len() {
            if flips.at_least(bit, flips.count_correct() + 1) {
                flips.commit(bit);
            }
        }
        mask.clone_from(flips.mask());
    }
    let evaluator = Evaluator::new(&network, data, MetricName::Accuracy)?;
    let (ours, pruned) = fastest(PRUNING_REPETITIONS, || prune(&evaluator, &mask));
    let (naive, expected) = fastest(PRUNING_REPETITIONS, || prune_by_evaluations(&evaluator, &mask));
    let (pruned, expected) = (pruned?, expected?);
    let equal = if pruned == expected { "equal" } else { "DIFFERENT" };
    println!(
        "{architecture:<10} {:<9} {:>9.4} {:>7} {:>7} {:>10.2} {:>10.1} {:>7.1} {equal}",
        if searched { "one sweep" } else { "random" },
        evaluator.accuracy(&mask)?,
        mask.count_ones(),
        pruned.count_ones(),
        ours / 1e3,
        naive / 1e3,
        naive / ours,
    );
    Ok(())
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    rayon::ThreadPoolBuilder::new().num_threads(1).build_global()?;
    let moons = slt_datasets::paper::moons()?.train;
    let digits = slt_datasets::paper::digits(10)?.train;
    println!(
        "instructions {}, one thread, minimum of {REPETITIONS} repetitions, processor microseconds",
        InstructionSet::detect()
    );
    println!(
        "{:<10} {:<14} {:>10} {:>10} {:>10} {:>10} {:>8}",
        "network", "metric", "what-if", "floor", "commit", "full", "ratio"
    );
    for (architecture, data) in
        [("A", &moons), ("B", &moons), ("C", &moons), ("D", &moons), ("64,75,10", &digits)]
    {
        for metric in [MetricName::Accuracy, MetricName::CrossEntropy] {
            single_flips(architecture, data, metric)?;
        }
    }
    println!("\npruning, minimum of {PRUNING_REPETITIONS} repetitions, milliseconds");
    println!(
        "{:<10} {:<9} {:>9} {:>7} {:>7} {:>10} {:>10} {:>7}",
        "network", "mask", "accuracy", "weights", "pruned", "flips", "full", "ratio"
    );
    for (architecture, data) in [("64,75,10", &digits), ("D", &moons)] {
        for searched in [false, true] {
            pruning(architecture, data, searched)?;
        }
    }
    Ok(())
}
