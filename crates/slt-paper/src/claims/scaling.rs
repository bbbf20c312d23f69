//! Section 5.1, Scalability: what a search costs, and which of its sizes are large.

use slt_datasets::paper::PaperData;
use slt_datasets::paper::PaperName::{self, Blobs, Circles, Digits, Moons};
use slt_mlp::MetricName;

use super::claim::{Basis, Claim, Needs};
use super::evidence::{Evidence, Notes};
use super::evolution::median;
use crate::Error;
use crate::arm::{ARCHITECTURES, Arm, BLOB_CLASSES, DIGIT_CLASSES, Repetitions};
use crate::genetic::Ga;
use crate::method::Method;
use slt_run::architecture_for;

pub(super) const CLAIMS: &[Claim] = &[
    Claim {
        id: "cost-linear",
        source: "Section 5.1, Scalability",
        statement: "The number of multiplications of a search is proportional to generations, population size, samples and number of \
                    weights.",
        test: "Multiply-adds per generation without racing, set bits of all masks evaluated (remembered ones are not) times training \
               samples: slopes of their logarithm 1 +- 0.15 against the logarithms of the population size (50, 100, 200; circles B, \
               10 runs each), of the number of weights (moons A-D), and, per weight, of the number of samples (blobs 2-10, accuracy \
               objective).",
        published: Some("O(g N d l b^2)"),
        basis: Basis::Bootstrap,
        runs_needed: 25,
        has_protocols: false,
        needs: Needs::Arms(|| {
            series().into_iter().flat_map(|series| series.arms).map(|(_, arm)| arm).collect()
        }),
        decide: cost_linear,
        former: None,
    },
    Claim {
        id: "sizes-order",
        source: "Section 5.1, Scalability",
        statement: "Typically there are more generations than individuals, and far more samples than weights.",
        test: "GA on moons, circles (A-D), blobs (2-10) and digits (2-10), each: the median number of generations is above 100, the \
               population size, in every cell, and there are at least 10 samples to a weight in every cell.",
        published: Some("N < g, l b^2 << d"),
        basis: Basis::Bootstrap,
        runs_needed: 25,
        has_protocols: false,
        needs: Needs::Arms(|| cells().into_iter().flat_map(|(_, arms)| arms).collect()),
        decide: sizes_order,
        former: None,
    },
];

/// Arms that differ in one size.
struct Series {
    /// The size.
    name: &'static str,
    /// Whether the work is taken per weight, as another size differs, too.
    per_weight: bool,
    arms: Vec<(f64, Arm)>,
}

fn series() -> [Series; 3] {
    let populations = [50, 100, 200].map(|population| {
        let ga = Ga { population: Some(population), ..Ga::new(MetricName::Accuracy) };
        (population as f64, Arm::binary(Method::Ga(ga), Circles, "B").repeated(Repetitions::Ten))
    });
    let weights = Arm::over_architectures(Method::ga(), Moons).into_iter().map(|arm| (weights(&arm), arm));
    let blobs = BLOB_CLASSES.map(|k| Arm::classes(Method::ga(), Blobs, k));
    let samples = blobs.map(|arm| (training_samples(arm.data), arm));
    [
        Series { name: "population size", per_weight: false, arms: populations.to_vec() },
        Series { name: "number of weights", per_weight: false, arms: weights.collect() },
        Series { name: "number of samples", per_weight: true, arms: samples.collect() },
    ]
}

/// Number of training samples of the paper's data.
fn training_samples(data: PaperData) -> f64 {
    match data.name {
        Moons | Circles => 50_000.0,
        Blobs => 3_750.0 * f64::from(data.classes.unwrap_or(10)),
        // Three quarters of the samples of the first classes.
        Digits => match data.classes {
            Some(2) => 270.0,
            Some(3) => 402.0,
            Some(4) => 540.0,
            Some(5) => 675.0,
            _ => 1_347.0,
        },
    }
}

/// Number of weights of an arm's network.
fn weights(arm: &Arm) -> f64 {
    architecture_for(&arm.data.into(), arm.architecture)
        .map_or(f64::NAN, |architecture| architecture.n_weights() as f64)
}

/// The multiply-adds of each run per generation, without racing, in millions.
fn work(evidence: &Evidence<'_>, arm: &Arm) -> Result<Vec<f64>, Error> {
    let samples = training_samples(arm.data);
    evidence.of_searches(arm, "work per generation", |record| {
        record.evaluated_ones as f64 * samples / record.generations as f64 / 1e6
    })
}

/// Slope of the least-squares line through the logarithms.
fn log_slope(points: &[(f64, f64)]) -> f64 {
    let logs: Vec<(f64, f64)> = points.iter().map(|&(x, y)| (libm::log(x), libm::log(y))).collect();
    let n = logs.len() as f64;
    let mean_x = logs.iter().map(|(x, _)| x).sum::<f64>() / n;
    let mean_y = logs.iter().map(|(_, y)| y).sum::<f64>() / n;
    let along: f64 = logs.iter().map(|(x, y)| (x - mean_x) * (y - mean_y)).sum();
    along / logs.iter().map(|(x, _)| (x - mean_x) * (x - mean_x)).sum::<f64>()
}

fn cost_linear(evidence: &Evidence<'_>, notes: &mut Notes) -> Result<(), Error> {
    for Series { name, per_weight, arms } in series() {
        let mut points = Vec::new();
        for (size, arm) in arms {
            let runs = work(evidence, &arm)?;
            let mean = runs.iter().sum::<f64>() / runs.len() as f64;
            let (mean, unit) = if per_weight { (mean / weights(&arm), " per weight") } else { (mean, "") };
            notes.add(format!("multiply-adds{unit} with a {name} of {size} (millions a generation)"), mean);
            points.push((size, mean));
        }
        let slope = notes.add(format!("slope against the {name}"), log_slope(&points));
        notes.within(format!("slope against the {name} within 0.15 of 1"), slope, 0.15, 1.0);
    }
    Ok(())
}

/// The cells of Fig. 6, 9 and 10 for "GA".
fn cells() -> [(PaperName, Vec<Arm>); 4] {
    let binary = |name| (name, Arm::over_architectures(Method::ga(), name));
    let multi = |name, classes: &[u32]| {
        (name, classes.iter().map(|&k| Arm::classes(Method::ga_loss(), name, k)).collect())
    };
    [
        binary(Moons),
        binary(Circles),
        multi(Blobs, &BLOB_CLASSES.collect::<Vec<_>>()),
        multi(Digits, &DIGIT_CLASSES),
    ]
}

fn sizes_order(evidence: &Evidence<'_>, notes: &mut Notes) -> Result<(), Error> {
    for (name, arms) in cells() {
        let mut fewest = f64::INFINITY;
        let mut least = f64::INFINITY;
        for (place, arm) in arms.iter().enumerate() {
            let cell = arm.data.classes.map_or_else(|| ARCHITECTURES[place].to_owned(), |k| k.to_string());
            let generations = evidence.of_searches(arm, "generations", |record| record.generations as f64)?;
            let generations =
                notes.add(format!("generations on {name} {cell}, median"), median(&generations));
            let ratio = training_samples(arm.data) / weights(arm);
            notes.add(format!("samples to a weight on {name} {cell}"), ratio);
            (fewest, least) = (fewest.min(generations), least.min(ratio));
        }
        notes.above(format!("median generations on {name} above 100 in every cell"), fewest, 100.0);
        notes.at_least(format!("at least 10 samples to a weight on {name} in every cell"), least, 10.0);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slopes_are_powers() {
        let points = |power: f64| [1.0, 2.0, 5.0].map(|x: f64| (x, 3.0 * x.powf(power)));
        for power in [0.5, 1.0, 2.0] {
            assert!((log_slope(&points(power)) - power).abs() < 1e-12);
        }
    }

    /// The data sets are what the sizes are said of.
    #[test]
    fn training_samples_are_counted() {
        for (name, classes) in [(Digits, 2), (Digits, 3), (Digits, 4), (Digits, 5), (Digits, 10), (Blobs, 3)]
        {
            let data = PaperData { classes: Some(classes), ..PaperData::new(name) };
            assert_eq!(
                data.load().unwrap().train.n_samples() as f64,
                training_samples(data),
                "{name} {classes}"
            );
        }
    }
}
