//! Everything in plain readable form, and the facts that other formats keep beside the weights.

use serde::Serialize;
use slt_core::BitMask;
use slt_mlp::{Provenance, Recipe};

use crate::export::Export;
use crate::model::Scaling;

/// What is known of a ticket beside its weights.
#[derive(Serialize)]
pub(crate) struct Facts<'e> {
    recipe: &'e Recipe,
    /// The weights that have the other sign than the recipe gives them, as hexadecimal text, `bits:digits`.
    #[serde(skip_serializing_if = "Option::is_none")]
    inverted: Option<&'e BitMask>,
    features: Vec<Feature<'e>>,
    class_names: &'e Option<Vec<String>>,
    provenance: &'e Provenance,
}

/// A raw feature, and what becomes of it.
#[derive(Serialize)]
struct Feature<'e> {
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    column: &'e Option<String>,
    /// The feature is 1 for this category, else 0.
    #[serde(skip_serializing_if = "Option::is_none")]
    category: &'e Option<String>,
    /// What stands for a missing value.
    #[serde(skip_serializing_if = "Option::is_none")]
    imputed: Option<f32>,
    scaling: ScalingFact,
}

/// `x` becomes `(x - subtract) * multiply / divide + add`, in single precision and in that order.
#[derive(Serialize)]
struct ScalingFact {
    subtract: f32,
    multiply: f32,
    divide: f32,
    add: f32,
}

impl From<Scaling> for ScalingFact {
    fn from(scaling: Scaling) -> Self {
        let [subtract, multiply, divide, add] = scaling.steps();
        Self { subtract, multiply, divide, add }
    }
}

impl<'e> Facts<'e> {
    pub(crate) fn of(export: &'e Export<'_>) -> Self {
        let feature = |input: &'e crate::model::Input| Feature {
            name: input.name(),
            column: &input.column,
            category: &input.category,
            imputed: input.imputed,
            scaling: input.scaling.into(),
        };
        Self {
            recipe: export.recipe(),
            inverted: export.ticket.inverted(),
            features: export.model.inputs.iter().map(feature).collect(),
            class_names: &export.model.class_names,
            provenance: export.ticket.provenance(),
        }
    }

    /// The facts as texts with names; all but the producer are JSON.
    pub(crate) fn texts(&self) -> Vec<(&'static str, String)> {
        let mut texts = vec![
            ("producer", format!("slt {}", env!("CARGO_PKG_VERSION"))),
            ("recipe", text(&self.recipe)),
            ("features", text(&self.features)),
            ("class_names", text(&self.class_names)),
            ("provenance", text(&self.provenance)),
        ];
        texts.extend(self.inverted.map(|inverted| ("inverted", text(inverted))));
        texts
    }
}

fn text(value: &impl Serialize) -> String {
    serde_json::to_string(value).expect("plain data has a JSON form")
}

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

pub(crate) fn write(export: &Export<'_>) -> String {
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
