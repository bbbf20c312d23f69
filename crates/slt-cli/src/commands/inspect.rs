//! `slt inspect`: what a ticket file holds.

use std::fmt;
use std::path::PathBuf;

use clap::Args;
use serde::Serialize;
use slt_mlp::{Initializer, Provenance};

use crate::failure::Failure;
use crate::files::{mask_hash, read_ticket};
use crate::stdout::show;

/// Show what a ticket file holds
#[derive(Args)]
pub(crate) struct Arguments {
    /// Ticket file
    ticket: PathBuf,
    /// Print it on stdout as JSON
    #[arg(long)]
    json: bool,
}

#[derive(Serialize)]
struct Report {
    architecture: String,
    initializer: Initializer,
    network_seed: u64,
    weights: usize,
    active_weights: usize,
    sparsity: f64,
    layers: Vec<LayerReport>,
    connected: bool,
    scaled: bool,
    class_names: Option<Vec<String>>,
    provenance: Provenance,
    mask_hash: String,
    mask: String,
    bytes: usize,
}

#[derive(Serialize)]
struct LayerReport {
    inputs: usize,
    outputs: usize,
    active_weights: usize,
    sparsity: f64,
}

pub(crate) fn run(arguments: &Arguments) -> Result<(), Failure> {
    let ticket = read_ticket(&arguments.ticket)?;
    let (network, mask) = (ticket.network(), ticket.mask());
    let Some(recipe) = network.recipe() else { return Err(Failure::run("the ticket has no recipe")) };
    let architecture = network.architecture();
    let layers =
        architecture.layer_shapes().zip(architecture.layer_bits()).map(|((inputs, outputs), bits)| {
            let active_weights = bits.clone().filter(|&bit| mask.get(bit)).count();
            let sparsity = 1.0 - active_weights as f64 / bits.len() as f64;
            LayerReport { inputs, outputs, active_weights, sparsity }
        });
    let report = Report {
        architecture: architecture.to_string(),
        initializer: recipe.initializer,
        network_seed: recipe.seed.0,
        weights: mask.len(),
        active_weights: mask.count_ones(),
        sparsity: mask.sparsity(),
        layers: layers.collect(),
        connected: network.is_connected(mask),
        scaled: ticket.scaler().is_some(),
        class_names: ticket.class_names().map(<[String]>::to_vec),
        provenance: ticket.provenance().clone(),
        mask_hash: mask_hash(mask),
        mask: mask.to_string(),
        bytes: ticket.to_bytes().len(),
    };
    show(&report, arguments.json)
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { weights, active_weights, provenance, .. } = self;
        writeln!(f, "network      [{}], seed {}", self.architecture, self.network_seed)?;
        let sparsity = 100.0 * self.sparsity;
        writeln!(f, "mask         {active_weights} of {weights} weights active, {sparsity:.1} % sparsity")?;
        for LayerReport { inputs, outputs, active_weights, sparsity } in &self.layers {
            let sparsity = 100.0 * sparsity;
            writeln!(
                f,
                "             {inputs} x {outputs}: {active_weights} active, {sparsity:.1} % sparsity"
            )?;
        }
        writeln!(f, "mask hash    {}", self.mask_hash)?;
        if !self.connected {
            writeln!(f, "             no input reaches an output")?;
        }
        if let Some(names) = &self.class_names {
            writeln!(f, "classes      {}", names.join(", "))?;
        }
        writeln!(f, "made on      {} by {}", provenance.data, provenance.algorithm)?;
        for (key, value) in &provenance.details {
            writeln!(f, "             {key}: {value}")?;
        }
        writeln!(f, "file         {} bytes", self.bytes)
    }
}
