//! Accuracy and time of the baselines beside measured levels of PyTorch and scikit-learn.
//!
//! `cargo bench -p slt-baselines -- LEVELS.json [SEEDS] [FILTER]` reads a table of cells (`edge_popup` and
//! `backprop`, each with data, architecture and the reference's mean) and prints ours, mean and standard
//! deviation over the seeds, beside it, with the seconds of a run;
//! `../../fixtures/reference/digits_levels/levels.json` is such a table, which the test `reference_levels`
//! checks, too. A filter such as `edge-popup/moons/2-50-50-2/uniform` picks the cells whose name contains it.
//! Without a file, it times one epoch of the four cells of the speed goals.

use std::ops::ControlFlow;
use std::time::Instant;

use serde::Deserialize;
use slt_baselines::{EdgePopup, EdgePopupConfig, MlpClassifier, Samples};
use slt_core::Seed;
use slt_datasets::Split;
use slt_datasets::paper::{PaperData, PaperName};
use slt_mlp::{Architecture, BiasInit, Initializer, Network, WeightInit};

type Failure = Box<dyn std::error::Error>;

#[derive(Deserialize)]
struct Levels {
    edge_popup: Vec<Cell>,
    backprop: Vec<Cell>,
}

#[derive(Deserialize)]
struct Cell {
    data: String,
    #[serde(alias = "case")]
    architecture: String,
    #[serde(default)]
    initialisation: String,
    test_mean: f64,
    test_sd: Option<f64>,
    cpu_seconds_median: Option<f64>,
}

/// A set of data in single precision.
struct Data {
    name: PaperName,
    train: Samples<f32>,
    test: Samples<f32>,
}

impl Data {
    fn load(name: PaperName, classes: u32) -> Result<Self, Failure> {
        let Split { train, test } = PaperData { classes: Some(classes), ..PaperData::new(name) }.load()?;
        Ok(Self { name, train: (&train).into(), test: (&test).into() })
    }

    fn edge_popup(&self, sizes: &[usize], initializer: Initializer, seed: u64) -> Result<f64, Failure> {
        let network = Network::random(&Architecture::new(sizes)?, initializer, Seed(seed))?;
        let config = EdgePopupConfig::paper(self.name);
        let task = EdgePopup::new(&network, &self.train, &self.test, config)?;
        Ok(task.run(Seed(seed), |_, _| ControlFlow::Continue(()))?.last.test_accuracy)
    }

    /// Accuracy and epochs.
    fn backprop(&self, hidden: &[usize], seed: u32) -> Result<(f64, usize), Failure> {
        let paper = MlpClassifier::paper(self.name, self.train.n_classes(), hidden)?;
        let mlp = MlpClassifier { random_state: seed, ..paper };
        let fitted = mlp.fit(&self.train, |_| ControlFlow::Continue(()))?;
        Ok((fitted.score(&self.test)?, fitted.n_iter()))
    }
}

fn initializer(name: &str) -> Initializer {
    let weights = match name {
        "kaiming_normal" => WeightInit::KaimingNormal { keep: 0.5 },
        "signed_constant" => WeightInit::SignedConstant { keep: 0.5 },
        _ => return Initializer::paper(),
    };
    Initializer { weights, biases: BiasInit::Zero }
}

fn print_row(name: &str, ours: &[f64], seconds: f64, cell: &Cell, note: &str) {
    let n = ours.len() as f64;
    let mean = ours.iter().sum::<f64>() / n;
    let sd = (ours.iter().map(|a| (a - mean).powi(2)).sum::<f64>() / n).sqrt();
    let unknown = |number: Option<f64>| number.unwrap_or(f64::NAN);
    let (theirs, spread, time) = (cell.test_mean, unknown(cell.test_sd), unknown(cell.cpu_seconds_median));
    let faster = time / seconds;
    println!(
        "{name:<46} {mean:>7.4} {sd:>7.4} {theirs:>8.4} {spread:>7.4} {seconds:>8.2} {time:>7.2} {faster:>6.1} {note}"
    );
}

fn levels(path: &str, seeds: u32, filter: &str) -> Result<(), Failure> {
    let levels: Levels = serde_json::from_slice(&std::fs::read(path)?)?;
    println!(
        "{:<46} {:>7} {:>7} {:>8} {:>7} {:>8} {:>7} {:>6}",
        "cell", "mean", "sd", "ref mean", "ref sd", "seconds", "ref s", "faster"
    );
    for cell in &levels.edge_popup {
        let name = format!("edge-popup/{}/{}/{}", cell.data, cell.architecture, cell.initialisation);
        if !name.contains(filter) {
            continue;
        }
        let sizes: Vec<usize> = cell.architecture.split('-').map(str::parse).collect::<Result<_, _>>()?;
        let data = Data::load(cell.data.parse()?, sizes[sizes.len() - 1] as u32)?;
        let start = Instant::now();
        let ours: Vec<f64> = (0..seeds)
            .map(|seed| data.edge_popup(&sizes, initializer(&cell.initialisation), u64::from(seed)))
            .collect::<Result<_, _>>()?;
        print_row(&name, &ours, start.elapsed().as_secs_f64() / f64::from(seeds), cell, "");
    }
    for cell in &levels.backprop {
        let name = format!("backprop/{}/{}", cell.data, cell.architecture);
        if !name.contains(filter) {
            continue;
        }
        let paper_name: PaperName = cell.data.parse()?;
        let (classes, hidden): (u32, &[usize]) = match cell.architecture.as_str() {
            "A" => (2, &[20]),
            "B" => (2, &[75]),
            "C" => (2, &[100]),
            "D" => (2, &[50, 50]),
            classes => {
                let hidden: &[usize] = if paper_name == PaperName::Blobs { &[100] } else { &[75] };
                (classes.trim_start_matches("k=").parse()?, hidden)
            }
        };
        let data = Data::load(paper_name, classes)?;
        let start = Instant::now();
        let runs: Vec<(f64, usize)> =
            (0..seeds).map(|seed| data.backprop(hidden, seed)).collect::<Result<_, _>>()?;
        let seconds = start.elapsed().as_secs_f64() / f64::from(seeds);
        let (ours, epochs): (Vec<f64>, Vec<usize>) = runs.into_iter().unzip();
        print_row(&name, &ours, seconds, cell, &format!("epochs {epochs:?}"));
    }
    Ok(())
}

/// Seconds per epoch, the least of some epochs.
fn fastest(epochs: usize, mut run: impl FnMut(&mut dyn FnMut())) -> f64 {
    let (mut best, mut last) = (f64::INFINITY, Instant::now());
    let mut left = epochs;
    run(&mut || {
        if left > 0 {
            best = best.min(last.elapsed().as_secs_f64());
            left -= 1;
        }
        last = Instant::now();
    });
    best
}

fn speed() -> Result<(), Failure> {
    let (moons, circles) = (Data::load(PaperName::Moons, 2)?, Data::load(PaperName::Circles, 2)?);
    for (what, data, sizes) in
        [("moons D", &moons, &[2, 50, 50, 2][..]), ("circles A", &circles, &[2, 20, 2])]
    {
        let network = Network::random(&Architecture::new(sizes)?, Initializer::paper(), Seed(1))?;
        let config = EdgePopupConfig { epochs: 20, ..EdgePopupConfig::paper(data.name) };
        let task = EdgePopup::new(&network, &data.train, &data.test, config)?;
        let epoch = fastest(20, |tick| {
            let _ = task.run(Seed(1), |_, _| {
                tick();
                ControlFlow::Continue(())
            });
        });
        println!("edge-popup {what}: {:.3} s for 100 epochs", 100.0 * epoch);
    }
    for (what, data, hidden) in [("circles B", &circles, &[75][..]), ("moons D", &moons, &[50, 50])] {
        let paper = MlpClassifier::paper(data.name, 2, hidden)?;
        let mlp = MlpClassifier { max_iter: 10, ..paper };
        let epoch = fastest(10, |tick| {
            let _ = mlp.fit(&data.train, |_| {
                tick();
                ControlFlow::Continue(())
            });
        });
        println!("backprop {what}: {epoch:.4} s for an epoch");
    }
    Ok(())
}

fn main() -> Result<(), Failure> {
    let arguments: Vec<String> = std::env::args().skip(1).filter(|a| !a.starts_with("--")).collect();
    match arguments.first() {
        None => speed(),
        Some(path) => {
            let seeds = arguments.get(1).map_or(Ok(3), |seeds| seeds.parse())?;
            levels(path, seeds, arguments.get(2).map_or("", String::as_str))
        }
    }
}
