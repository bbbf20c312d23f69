//! `slt evaluate`: how a ticket does on a data set.

use std::fmt;

use clap::Args;
use serde::Serialize;
use slt_mlp::MetricName;

use crate::arguments::{MachineArguments, Part, TicketArguments};
use crate::failure::Failure;
use crate::files::mask_hash;
use crate::stdout::show;

/// Evaluate a ticket on a data set
#[derive(Args)]
pub(crate) struct Arguments {
    #[command(flatten)]
    ticket: TicketArguments,
    /// Part of the data set
    #[arg(long, value_enum, value_name = "PART", default_value_t = Part::Test)]
    split: Part,
    /// Print the result on stdout as JSON
    #[arg(long)]
    json: bool,
    #[command(flatten, next_help_heading = "Machine")]
    machine: MachineArguments,
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
    let (ticket, split) = arguments.ticket.load()?;
    let part = arguments.split.of(&split);
    let evaluator = ticket.evaluator(part, MetricName::Accuracy)?.with_kernel(arguments.machine.kernel)?;
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
    show(&report, arguments.json)
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { data, split, samples, correct, loss, .. } = self;
        let (accuracy, sparsity) = (100.0 * self.accuracy, 100.0 * self.sparsity);
        write!(f, "{data} {split}: {accuracy:.2} % accuracy ({correct} of {samples}), loss {loss:.4}, ")?;
        writeln!(f, "{sparsity:.1} % sparsity")
    }
}
