//! Writes what the section kernel evaluates, so that other programs can do the same work.

use std::fs;
use std::path::Path;

use serde::Serialize;
use slt_datasets::io::npy::{Element, write_array};
use slt_mlp::{Evaluator, MetricName};

use crate::cases::{Case, KERNEL};
use crate::error::Error;
use crate::throughput::masks;

/// An entry of `cases.json`. The arrays lie in the folder that has the name of the network.
#[derive(Serialize)]
struct Entry {
    #[serde(flatten)]
    case: Case,
    /// Layers of weights: files `weights0.npy` (inputs x outputs), `biases0.npy`, ...
    layers: usize,
    /// For each mask, the number of samples that are classified correctly.
    correct: Vec<u64>,
    /// For each mask, the mean cross-entropy.
    cross_entropy: Vec<f64>,
}

/// Writes `cases.json` and, for each case, features, labels, parameters, and a row of 0 and 1 for each mask.
pub(crate) fn write(folder: &Path) -> Result<(), Error> {
    let entries: Result<Vec<Entry>, Error> = KERNEL.iter().map(|&case| write_case(folder, case)).collect();
    fs::write(folder.join("cases.json"), serde_json::to_string_pretty(&entries?)?)?;
    Ok(())
}

fn write_case(folder: &Path, case: Case) -> Result<Entry, Error> {
    let folder = folder.join(case.network);
    fs::create_dir_all(&folder)?;
    let array = |name: &str| folder.join(name).with_extension("npy");
    let (network, data) = case.load()?;
    save(&array("features"), &[data.n_samples(), data.n_features()], data.values())?;
    save(&array("labels"), &[data.n_samples()], data.labels())?;
    for (l, layer) in network.layers().iter().enumerate() {
        let (n_in, n_out) = layer.weights().dim();
        let weights: Vec<f32> = layer.weights().iter().copied().collect();
        save(&array(&format!("weights{l}")), &[n_in, n_out], &weights)?;
        save(&array(&format!("biases{l}")), &[n_out], &layer.biases().to_vec())?;
    }
    let n_bits = network.architecture().n_weights();
    let masks = masks(n_bits);
    let bits: Vec<u8> =
        masks.iter().flat_map(|mask| (0..n_bits).map(|bit| u8::from(mask.get(bit)))).collect();
    save(&array("masks"), &[masks.len(), n_bits], &bits)?;
    let evaluator = Evaluator::new(&network, &data, MetricName::Accuracy)?;
    Ok(Entry {
        case,
        layers: network.layers().len(),
        correct: masks.iter().map(|mask| evaluator.count_correct(mask)).collect::<Result<_, _>>()?,
        cross_entropy: masks.iter().map(|mask| evaluator.cross_entropy(mask)).collect::<Result<_, _>>()?,
    })
}

fn save<T: Element>(file: &Path, shape: &[usize], values: &[T]) -> Result<(), Error> {
    let mut bytes = Vec::new();
    write_array(&mut bytes, shape, values)?;
    Ok(fs::write(file, bytes)?)
}
