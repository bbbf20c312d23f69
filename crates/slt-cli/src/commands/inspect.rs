//! `slt inspect`: what a ticket file holds.

use std::fmt;
use std::path::{Path, PathBuf};

use clap::Args;
use serde::Serialize;
use slt_core::BitMask;
use slt_datasets::table::Preprocessing;
use slt_mlp::{Initializer, Provenance, Ticket, TicketError, codec};
use slt_plot::{Figure, NetworkGraph, Panel};
use slt_run::{check_output, write_atomically};

use crate::failure::Failure;
use crate::files::{mask_hash, read_ticket_with_size};
use crate::stdout::show;

/// Dots per inch of a drawing: what journals ask for.
const PLOT_DPI: f64 = 300.0;

/// Show what a ticket file holds
#[derive(Args)]
pub(crate) struct Arguments {
    /// Ticket file
    ticket: PathBuf,
    /// Draw the network with its active connections; the ending says the format
    #[arg(long, value_name = "FILE.png|.svg")]
    plot: Option<PathBuf>,
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
    /// Of the active ones; none of a ticket in the strict sense.
    #[serde(skip_serializing_if = "Option::is_none")]
    inverted_weights: Option<usize>,
    sparsity: f64,
    layers: Vec<LayerReport>,
    connected: bool,
    /// Widths of images before and after they are averaged down, if they are.
    #[serde(skip_serializing_if = "Option::is_none")]
    resized: Option<[usize; 2]>,
    scaled: bool,
    class_names: Option<Vec<String>>,
    provenance: Provenance,
    mask_hash: String,
    mask: String,
    bytes: usize,
    sizes: Sizes,
}

/// What the ticket and its mask take, in bytes.
#[derive(Serialize)]
struct Sizes {
    /// The ticket with all that it knows.
    full: usize,
    /// The ticket with what it takes to predict; none if it was made on a table with categories.
    lean: Option<usize>,
    /// The mask, a bit a weight, or two if weights are inverted.
    plain_mask: usize,
    /// The mask as it is coded.
    coded_mask: usize,
    /// What masks take of so many weights with so many active ones, and so many of those inverted, if nothing
    /// else is known of them.
    mask_bound: f64,
}

impl Sizes {
    fn of(ticket: &Ticket) -> Result<Self, Failure> {
        let mask = ticket.mask();
        let active = mask.count_ones();
        let of_signs = ticket.inverted().map_or(0.0, |bits| codec::log2_choose(active, bits.count_ones()));
        let lean = match ticket.to_lean_bytes() {
            Ok(bytes) => Some(bytes.len()),
            Err(TicketError::NotLean) => None,
            Err(error) => return Err(error.into()),
        };
        Ok(Self {
            full: ticket.to_bytes().len(),
            lean,
            plain_mask: ticket.mask_bits().len().div_ceil(8),
            coded_mask: ticket.coded_mask().len(),
            mask_bound: (codec::log2_choose(mask.len(), active) + of_signs) / 8.0,
        })
    }
}

#[derive(Serialize)]
struct LayerReport {
    inputs: usize,
    outputs: usize,
    active_weights: usize,
    sparsity: f64,
}

pub(crate) fn run(arguments: &Arguments) -> Result<(), Failure> {
    let (ticket, bytes) = read_ticket_with_size(&arguments.ticket)?;
    if let Some(plot) = &arguments.plot {
        draw(&ticket, plot)?;
    }
    let (network, mask) = (ticket.network(), ticket.mask());
    let recipe = ticket.recipe();
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
        inverted_weights: ticket.inverted().map(BitMask::count_ones),
        sparsity: mask.sparsity(),
        layers: layers.collect(),
        connected: network.is_connected(mask),
        resized: ticket
            .preprocessing()
            .and_then(Preprocessing::resize)
            .map(|resize| [resize.from_side(), resize.to_side()]),
        scaled: ticket.scaler().or(ticket.preprocessing().and_then(Preprocessing::scaler)).is_some(),
        class_names: ticket.class_names().map(<[String]>::to_vec),
        provenance: ticket.provenance().clone(),
        mask_hash: mask_hash(&ticket.mask_bits()),
        mask: ticket.mask_bits().to_string(),
        bytes,
        sizes: Sizes::of(&ticket)?,
    };
    show(&report, arguments.json)
}

/// Draws the active connections of a ticket.
fn draw(ticket: &Ticket, path: &Path) -> Result<(), Failure> {
    let is_png = match path.extension().and_then(|extension| extension.to_str()) {
        Some("png") => true,
        Some("svg") => false,
        _ => {
            let path = path.display();
            return Err(Failure::usage(format!("--plot is {path}: it must end in .png or .svg")));
        }
    };
    check_output(path)?;
    let (mask, layers) = (ticket.mask(), ticket.network().architecture().sizes().iter().copied());
    let kept = (0..mask.len()).map(|bit| mask.get(bit));
    let title = format!("{} of {} weights", mask.count_ones(), mask.len());
    let panel = Panel::bare().title(title).mark(NetworkGraph::ticket(layers, kept));
    let figure = Figure::single_column(panel).frame_height_mm(95.0);
    let bytes = if is_png { figure.to_png(PLOT_DPI) } else { figure.to_svg().map(String::into_bytes) };
    Ok(write_atomically(path, &bytes.map_err(Failure::run)?)?)
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { weights, active_weights, provenance, .. } = self;
        writeln!(f, "network      [{}], seed {}", self.architecture, self.network_seed)?;
        let sparsity = 100.0 * self.sparsity;
        writeln!(f, "mask         {active_weights} of {weights} weights active, {sparsity:.1} % sparsity")?;
        if let Some(inverted) = self.inverted_weights {
            writeln!(f, "             {inverted} of them inverted: no ticket in the strict sense")?;
        }
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
        if let Some([from, to]) = self.resized {
            writeln!(f, "images       {from} x {from} averaged down to {to} x {to}")?;
        }
        if let Some(names) = &self.class_names {
            writeln!(f, "classes      {}", names.join(", "))?;
        }
        if *provenance != Provenance::default() {
            writeln!(f, "made on      {} by {}", provenance.data, provenance.algorithm)?;
        }
        for (key, value) in &provenance.details {
            writeln!(f, "             {key}: {value}")?;
        }
        let Sizes { full, lean, plain_mask, coded_mask, mask_bound } = self.sizes;
        writeln!(f, "file         {} bytes", self.bytes)?;
        write!(f, "             as a full ticket {full} bytes, ")?;
        match lean {
            Some(lean) => writeln!(f, "as a lean one {lean}")?,
            None => writeln!(f, "not to be had as a lean one")?,
        }
        let bound = match self.inverted_weights {
            None => "log2(n choose k)",
            Some(_) => "log2(n choose k) + log2(k choose inverted)",
        };
        writeln!(
            f,
            "             mask {plain_mask} bytes plain, {coded_mask} coded; {bound} is {mask_bound:.1}"
        )
    }
}
