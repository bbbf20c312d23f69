//! `slt evaluate`: how a ticket does on a data set.

use std::fmt;

use clap::Args;
use serde::Serialize;
use slt_mlp::MetricName;
use slt_run::SplitPart;

use crate::arguments::{MachineArguments, TicketArguments, split_part};
use crate::failure::Failure;
use crate::files::mask_hash;
use crate::stdout::show;

/// Evaluate a ticket on a data set
#[derive(Args)]
pub(crate) struct Arguments {
    #[command(flatten)]
    ticket: TicketArguments,
    /// Part of the data set
    #[arg(long, value_parser = split_part(), value_name = "PART", default_value = "test")]
    split: SplitPart,
    /// Compute the training and test accuracy that the ticket claims again, on the data that it was made on;
    /// it is an error if they are others
    #[arg(long, conflicts_with = "split")]
    verify: bool,
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

/// What a ticket claims, and what is true.
#[derive(Serialize)]
struct Verification {
    data: String,
    claims: Vec<Claim>,
    verified: bool,
}

#[derive(Serialize)]
struct Claim {
    split: &'static str,
    samples: usize,
    claimed_accuracy: f64,
    accuracy: f64,
}

pub(crate) fn run(arguments: &Arguments) -> Result<(), Failure> {
    if arguments.verify {
        return verify(arguments);
    }
    let (ticket, split) = arguments.ticket.load()?;
    let part = arguments.split.of(&split);
    let evaluator =
        ticket.evaluator(part, MetricName::Accuracy)?.with_instruction_set(arguments.machine.instructions)?;
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
        mask_hash: mask_hash(&ticket.mask_bits()),
    };
    show(&report, arguments.json)
}

/// Computes again what a ticket claims.
fn verify(arguments: &Arguments) -> Result<(), Failure> {
    let (ticket, data) = arguments.ticket.load_data()?;
    let file = arguments.ticket.file().display();
    if !data.are_its_own {
        return Err(Failure::run(format!("{file} was not made on these data: its claims are about others")));
    }
    let mut claims = Vec::new();
    for part in [SplitPart::Train, SplitPart::Test] {
        let detail = ticket.provenance().details.get(&format!("{} accuracy", part.name()));
        let Some(claimed_accuracy) = detail.and_then(|text| text.parse().ok()) else { continue };
        let samples = part.of(&data.split);
        let evaluator = ticket
            .evaluator(samples, MetricName::Accuracy)?
            .with_instruction_set(arguments.machine.instructions)?;
        let accuracy = arguments.machine.install(|| evaluator.accuracy(ticket.mask()))??;
        claims.push(Claim { split: part.name(), samples: samples.n_samples(), claimed_accuracy, accuracy });
    }
    if claims.is_empty() {
        return Err(Failure::run(format!("{file} claims no accuracy")));
    }
    let verified = claims.iter().all(|claim| claim.accuracy == claim.claimed_accuracy);
    show(&Verification { data: data.split.train.name().to_owned(), claims, verified }, arguments.json)?;
    match verified {
        true => Ok(()),
        false => Err(Failure::run(format!("{file} does not do what it claims"))),
    }
}

impl fmt::Display for Verification {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for Claim { split, samples, claimed_accuracy, accuracy } in &self.claims {
            let (data, claimed, accuracy) = (&self.data, 100.0 * claimed_accuracy, 100.0 * accuracy);
            write!(
                f,
                "{data} {split}: claimed {claimed:.2} %, computed {accuracy:.2} % of {samples} samples, "
            )?;
            writeln!(f, "{}", if claimed == accuracy { "the same" } else { "not the same" })?;
        }
        Ok(())
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { data, split, samples, correct, loss, .. } = self;
        let (accuracy, sparsity) = (100.0 * self.accuracy, 100.0 * self.sparsity);
        write!(f, "{data} {split}: {accuracy:.2} % accuracy ({correct} of {samples}), loss {loss:.4}, ")?;
        writeln!(f, "{sparsity:.1} % sparsity")
    }
}
