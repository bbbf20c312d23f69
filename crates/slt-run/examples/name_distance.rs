//! What no gradient can do: a search for the mask whose mistakes look most like typing errors.
//!
//! To take a digit for another costs the edit distance of their names, so that "two" for "zero" (3) is
//! cheaper than "three" (4). Costs of decisions have no gradient, and nothing here needs one. How far so
//! short a search gets differs by seed.
//!
//! `cargo run --release -p slt-run --example name_distance`

use ndarray::Array2;
use slt_core::{BitMask, Objective, Seed};
use slt_ga::{GaConfig, run};
use slt_mlp::metric::MeanCost;
use slt_mlp::{Architecture, Evaluator, Initializer, Network};

const NAMES: [&str; 5] = ["zero", "one", "two", "three", "four"];
const SEED: Seed = Seed(4);

/// The fewest letters to insert, delete or replace that make one word the other (Levenshtein).
fn edit_distance(a: &str, b: &str) -> usize {
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.bytes().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, y) in b.bytes().enumerate() {
            let replaced = diagonal + usize::from(x != y);
            diagonal = row[j + 1];
            row[j + 1] = replaced.min(diagonal + 1).min(row[j] + 1);
        }
    }
    row[b.len()]
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let data = slt_datasets::paper::digits(5)?;
    let network = Network::random(&Architecture::new([64, 40, 5])?, Initializer::paper(), SEED)?;
    let distance = |(right, taken_for)| edit_distance(NAMES[right], NAMES[taken_for]) as f64;
    let cost = MeanCost::new(Array2::from_shape_fn((5, 5), distance))?;
    let mut config = GaConfig::paper();
    config.termination.max_generations = Some(300);

    let report = |what: &str, mask: &BitMask| -> Result<(), slt_mlp::Error> {
        let test = Evaluator::new(&network, &data.test, cost.clone())?;
        let score = test.evaluate(&[mask], None)[0].exact().unwrap_or(f64::NAN);
        let wrong = 1.0 - test.accuracy(mask)?;
        let (accuracy, mistake) = (100.0 * (1.0 - wrong), -score / wrong);
        println!("{what:<22} {:>8.3} {accuracy:>10.1} % {mistake:>14.3}", -score);
        Ok(())
    };
    println!("{:<22} {:>8} {:>12} {:>14}", "test part", "cost", "accuracy", "cost a mistake");
    report("all weights", &BitMask::ones(network.architecture().n_weights()))?;
    let objective = Evaluator::new(&network, &data.train, cost.clone())?;
    report("the mask that is found", &run(&objective, &config, SEED, &mut ())?.best.mask)?;
    Ok(())
}
