//! Everything in plain readable form.

use serde::Serialize;

use crate::export::Export;
use crate::facts::Facts;

#[derive(Serialize)]
struct Document<'e> {
    /// Format version of this file.
    version: u32,
    producer: String,
    #[serde(flatten)]
    facts: Facts<'e>,
    weights: usize,
    active_weights: usize,
    /// Hidden layers are rectified (`max(0, sum)`), the last is not.
    layers: Vec<Layer>,
    /// As hexadecimal text, `bits:digits`.
    mask: String,
    samples: Vec<Sample>,
}

#[derive(Serialize)]
struct Layer {
    inputs: usize,
    outputs: usize,
    biases: Vec<f32>,
    /// Active weights, by target, sources ascending: a sum starts at the bias and takes them in this order.
    connections: Vec<Connection>,
}

#[derive(Serialize)]
struct Connection {
    from: usize,
    to: usize,
    weight: f32,
}

#[derive(Serialize)]
struct Sample {
    /// Raw; null is a missing value.
    features: Vec<Option<f32>>,
    logits: Vec<f32>,
    class: u32,
    label: String,
}

impl Export<'_> {
    /// Everything in plain readable form: recipe, preparation of the features, active weights, samples with
    /// what the engine says.
    #[must_use]
    pub fn json(&self) -> String {
        write(self)
    }
}

fn write(export: &Export<'_>) -> String {
    let (network, mask) = (export.ticket.network(), export.ticket.mask());
    let layers = network.layers().iter().zip(network.architecture().layer_bits()).map(|(layer, bits)| {
        let (inputs, outputs) = layer.weights().dim();
        let pairs = (0..outputs).flat_map(|to| (0..inputs).map(move |from| (from, to)));
        let active = pairs.filter(|(from, to)| mask.get(bits.start + from * outputs + to));
        let connection = |(from, to)| Connection { from, to, weight: layer.weights()[[from, to]] };
        Layer {
            inputs,
            outputs,
            biases: layer.biases().to_vec(),
            connections: active.map(connection).collect(),
        }
    });
    let names = export.model.names();
    let samples = &export.samples;
    let sample = |row: usize| {
        let class = samples.predictions.classes[row];
        Sample {
            features: samples.raw.row(row).iter().map(|&x| Some(x).filter(|x| !x.is_nan())).collect(),
            logits: samples.predictions.logits.row(row).to_vec(),
            class,
            label: names[class as usize].clone(),
        }
    };
    let document = Document {
        version: 1,
        producer: format!("slt {}", env!("CARGO_PKG_VERSION")),
        facts: Facts::of(export),
        weights: mask.len(),
        active_weights: mask.count_ones(),
        layers: layers.collect(),
        mask: mask.to_string(),
        samples: samples.some(SAMPLES).into_iter().map(sample).collect(),
    };
    serde_json::to_string_pretty(&document).expect("plain data has a JSON form") + "\n"
}

/// Samples that are written.
const SAMPLES: usize = 8;
