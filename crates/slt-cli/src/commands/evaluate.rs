//! `slt evaluate`: how a ticket does on a data set.

use std::path::PathBuf;

use clap::Args;
use serde::Serialize;
use slt_mlp::Metric;

use crate::arguments::{DataArguments, MachineArguments, Part};
use crate::failure::Failure;
use crate::files::{mask_hash, print_json, read_ticket};

/// Evaluate a ticket on a data set
#[derive(Args)]
pub(crate) struct Arguments {
    /// Ticket file
    ticket: PathBuf,
    #[command(flatten)]
    data: DataArguments,
    /// Part of the data set
    #[arg(long, value_enum, default_value_t = Part::Test)]
    split: Part,
    #[command(flatten)]
    machine: MachineArguments,
    /// Print the result on stdout as JSON
    #[arg(long)]
    json: bool,
}

#[derive(Serialize)]
struct Report {
    data: String,
    split: &'static str,
    samples: usize,
    correct: u64,
    accuracy: f64,
    loss: f64,
    sparsity: f64,
    mask_hash: String,
}

pub(crate) fn run(arguments: &Arguments) -> Result<(), Failure> {
    let ticket = read_ticket(&arguments.ticket)?;
    let split = arguments.data.load_for(&ticket)?;
    let part = arguments.split.of(&split);
    let evaluator = ticket.evaluator(part, Metric::Accuracy)?.with_kernel(arguments.machine.kernel)?;
    let (correct, loss) = arguments
        .machine
        .install(|| (evaluator.count_correct(ticket.mask()), evaluator.cross_entropy(ticket.mask())))?;
    let (correct, samples) = (correct?, part.n_samples());
    let report = Report {
        data: part.name().to_owned(),
        split: arguments.split.name(),
        samples,
        correct,
        accuracy: correct as f64 / samples as f64,
        // JSON has no infinity.
        loss: loss?.min(f64::MAX),
        sparsity: ticket.sparsity(),
        mask_hash: mask_hash(ticket.mask()),
    };
    if arguments.json {
        print_json(&report);
    } else {
        let Report { data, split, samples, correct, accuracy, loss, sparsity, .. } = report;
        println!(
            "{data} {split}: {:.2} % accuracy ({correct} of {samples}), loss {loss:.4}, {:.1} % sparsity",
            100.0 * accuracy,
            100.0 * sparsity
        );
    }
    Ok(())
}
