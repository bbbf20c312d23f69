//! Parity with the PyTorch numbers in `fixtures/reference/masked_mlp`: every case of every file there.

use std::path::PathBuf;

use ndarray::{Array1, Array2, Axis};
use serde::Deserialize;
use slt_core::BitMask;
use slt_datasets::Dataset;
use slt_mlp::plain::{self, PlainLayer};
use slt_mlp::{Evaluator, InstructionSet, MetricName, Network};

#[derive(Deserialize)]
struct File {
    cases: Vec<Case>,
}

#[derive(Deserialize)]
struct Case {
    name: String,
    architecture: Vec<usize>,
    layers: Vec<Layer>,
    genome_reference_bit_order: String,
    n_weights: usize,
    n_masked_out: usize,
    sparsity: f64,
    #[serde(rename = "X")]
    x: Vec<Vec<f64>>,
    y: Vec<u32>,
    expected: Expected,
}

#[derive(Deserialize)]
struct Layer {
    /// `n_out x n_in`.
    weight: Vec<Vec<f64>>,
    bias: Vec<f64>,
    mask_rowmajor_out_x_in: String,
}

#[derive(Deserialize)]
struct Expected {
    logits: Vec<Vec<f64>>,
    predicted_class: Vec<usize>,
    n_correct: u64,
    accuracy: f64,
    mean_cross_entropy: f64,
    float32: Float32,
}

#[derive(Deserialize)]
struct Float32 {
    mean_cross_entropy: f64,
}

fn cases() -> Vec<Case> {
    // A relative folder counts from the workspace, not from the crate that tests run in.
    let workspace = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../.."));
    let root = std::env::var_os("SLT_REFERENCE_DIR").unwrap_or_else(|| "fixtures/reference".into());
    let folder = workspace.join(root).join("masked_mlp");
    let entries = std::fs::read_dir(&folder).unwrap_or_else(|e| panic!("{}: {e}", folder.display()));
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    paths.retain(|path| path.extension().is_some_and(|extension| extension == "json"));
    paths.sort();
    let cases: Vec<Case> = paths
        .iter()
        .flat_map(|path| serde_json::from_slice::<File>(&std::fs::read(path).unwrap()).unwrap().cases)
        .collect();
    assert!(!cases.is_empty(), "no cases in {}", folder.display());
    cases
}

fn matrix(rows: &[Vec<f64>]) -> Array2<f64> {
    let columns = rows.first().map_or(0, Vec::len);
    Array2::from_shape_vec((rows.len(), columns), rows.concat()).unwrap()
}

impl Case {
    /// The layers as `n_in x n_out`.
    fn plain(&self) -> Vec<PlainLayer<f64>> {
        let layer = |layer: &Layer| {
            let weights = matrix(&layer.weight);
            let bits = layer.mask_rowmajor_out_x_in.chars().map(|bit| bit == '1').collect();
            let mask = Array2::from_shape_vec(weights.dim(), bits).unwrap();
            PlainLayer {
                weights: weights.reversed_axes(),
                biases: Array1::from(layer.bias.clone()),
                mask: mask.reversed_axes(),
            }
        };
        self.layers.iter().map(layer).collect()
    }

    fn network(&self) -> Network {
        let single =
            |layer: &PlainLayer<f64>| (layer.weights.mapv(|w| w as f32), layer.biases.mapv(|b| b as f32));
        Network::from_parameters(self.plain().iter().map(single).collect()).unwrap()
    }

    fn mask(&self) -> BitMask {
        self.genome_reference_bit_order.chars().map(|bit| bit == '1').collect()
    }

    fn data(&self) -> Dataset {
        let classes = *self.architecture.last().unwrap();
        Dataset::new(&*self.name, matrix(&self.x).mapv(|x| x as f32), self.y.clone(), classes).unwrap()
    }
}

#[test]
fn reference_bit_order_and_sparsity() {
    for case in cases() {
        let (network, mask) = (case.network(), case.mask());
        assert_eq!(network.architecture().sizes(), case.architecture, "{}", case.name);
        assert_eq!((mask.len(), mask.count_zeros()), (case.n_weights, case.n_masked_out), "{}", case.name);
        assert!((mask.sparsity() - case.sparsity).abs() < 1e-15, "{}", case.name);
        for (ours, theirs) in plain::layers::<f64>(&network, &mask).iter().zip(case.plain()) {
            assert_eq!(ours.mask, theirs.mask, "{}", case.name);
        }
    }
}

#[test]
fn reference_logits_in_double_precision() {
    for case in cases() {
        let expected = &case.expected;
        let logits = plain::logits(&case.plain(), &matrix(&case.x));
        let theirs = matrix(&expected.logits);
        // The README's 1e-12 is relative; a logit that cancels to nearly nothing is measured by its terms.
        let scale = theirs.iter().fold(1.0_f64, |top, z| top.max(z.abs()));
        for (ours, theirs) in logits.iter().zip(&theirs) {
            assert!((ours - theirs).abs() <= 1e-12 * scale, "{}: {ours} {theirs}", case.name);
        }
        let classes: Vec<usize> = logits.axis_iter(Axis(0)).map(plain::argmax).collect();
        assert_eq!(classes, expected.predicted_class, "{}", case.name);
        let correct =
            classes.iter().zip(&case.y).filter(|(class, label)| **class == **label as usize).count();
        assert_eq!(correct as u64, expected.n_correct, "{}", case.name);
        assert!((correct as f64 / case.y.len() as f64 - expected.accuracy).abs() < 1e-15, "{}", case.name);
        let loss = plain::mean_cross_entropy(&logits, &case.y);
        let theirs = expected.mean_cross_entropy;
        assert!((loss - theirs).abs() <= 1e-12 * theirs.max(1.0), "{}: {loss} {theirs}", case.name);
    }
}

#[test]
fn reference_engine_on_every_instruction_set() {
    for case in cases() {
        let expected = &case.expected;
        let (network, mask, data) = (case.network(), case.mask(), case.data());
        let theirs = matrix(&expected.logits);
        let scale = theirs.iter().fold(1.0_f64, |top, z| top.max(z.abs()));
        for instructions in InstructionSet::available() {
            let name = format!("{} on {instructions}", case.name);
            let evaluator = Evaluator::new(&network, &data, MetricName::Accuracy)
                .unwrap()
                .with_instruction_set(instructions)
                .unwrap();
            let logits = evaluator.logits(&mask).unwrap();
            for (ours, theirs) in logits.iter().zip(&theirs) {
                assert!((f64::from(*ours) - theirs).abs() <= 4e-6 * scale, "{name}: {ours} {theirs}");
            }
            // In single precision a class may only differ where the two largest logits are as good as equal.
            let classes = evaluator.predict(&mask).unwrap();
            let mut unsure = 0;
            for (i, (&ours, &class)) in classes.iter().zip(&expected.predicted_class).enumerate() {
                let gap = theirs[[i, class]] - theirs[[i, ours as usize]];
                assert!(gap <= 8e-6 * scale, "{name}: sample {i} is {ours}, expected {class}");
                unsure += u64::from(ours as usize != class);
            }
            let correct = evaluator.count_correct(&mask).unwrap();
            assert!(correct.abs_diff(expected.n_correct) <= unsure, "{name}: {correct}");
            let loss = evaluator.cross_entropy(&mask).unwrap();
            for theirs in [expected.mean_cross_entropy, expected.float32.mean_cross_entropy] {
                assert!((loss - theirs).abs() <= 1e-6 * theirs + 4e-6 * scale, "{name}: {loss} {theirs}");
            }
        }
    }
}
