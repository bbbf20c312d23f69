//! `slt compare`: several tickets on the same data.

use std::fmt;
use std::path::PathBuf;

use clap::Args;
use serde::Serialize;
use slt_mlp::MetricName;
use slt_run::SplitPart;

use crate::arguments::{DataArguments, TicketData, data_for, split_part};
use crate::failure::Failure;
use crate::files::{mask_hash, read_ticket_with_size};
use crate::judged::{Judged, most_frequent};
use crate::stdout::show;

/// Compare tickets on the same data
#[derive(Args)]
pub(crate) struct Arguments {
    /// Ticket files
    #[arg(value_name = "TICKET", required = true, num_args = 1..)]
    tickets: Vec<PathBuf>,
    #[command(flatten)]
    data: DataArguments,
    /// Part of the data
    #[arg(long, value_parser = split_part(), value_name = "PART", default_value = "test")]
    split: SplitPart,
    /// Print the result on stdout as JSON
    #[arg(long)]
    json: bool,
}

#[derive(Serialize)]
struct Report {
    split: &'static str,
    tickets: Vec<Row>,
    /// Accuracy of always predicting the class that is most frequent in the training part of the first
    /// ticket's data.
    majority_accuracy: f64,
}

#[derive(Serialize)]
struct Row {
    ticket: String,
    data: String,
    architecture: String,
    algorithm: String,
    samples: usize,
    accuracy: f64,
    balanced_accuracy: f64,
    macro_f1: f64,
    loss: f64,
    sparsity: f64,
    active_weights: usize,
    bytes: usize,
    mask_hash: String,
}

pub(crate) fn run(arguments: &Arguments) -> Result<(), Failure> {
    let mut report = Report { split: arguments.split.name(), tickets: Vec::new(), majority_accuracy: 0.0 };
    for file in &arguments.tickets {
        let (ticket, bytes) = read_ticket_with_size(file)?;
        let TicketData { split, .. } = data_for(file, &ticket, &arguments.data)?;
        let part = arguments.split.of(&split);
        let evaluator = ticket.evaluator(part, MetricName::Accuracy)?;
        let predicted = evaluator.predict(ticket.mask())?;
        let judged = Judged::new(part, &predicted, ticket.class_names(), most_frequent(&split.train))?;
        if report.tickets.is_empty() {
            report.majority_accuracy = judged.majority_accuracy;
        }
        report.tickets.push(Row {
            ticket: file.display().to_string(),
            data: part.name().to_owned(),
            architecture: ticket.network().architecture().to_string(),
            algorithm: ticket.provenance().algorithm.clone(),
            samples: part.n_samples(),
            accuracy: judged.accuracy,
            balanced_accuracy: judged.balanced_accuracy,
            macro_f1: judged.macro_f1,
            // JSON has no infinity.
            loss: evaluator.cross_entropy(ticket.mask())?.min(f64::MAX),
            sparsity: ticket.sparsity(),
            active_weights: ticket.mask().count_ones(),
            bytes,
            mask_hash: mask_hash(&ticket.mask_bits()),
        });
    }
    show(&report, arguments.json)
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let width = self.tickets.iter().map(|row| row.ticket.chars().count()).chain([6]).max().unwrap_or(6);
        writeln!(
            f,
            "{:width$}  accuracy  balanced  macro F1    loss  sparsity  weights   bytes  made by",
            "ticket"
        )?;
        for row in &self.tickets {
            let Row { ticket, loss, active_weights, bytes, algorithm, architecture, .. } = row;
            write!(
                f,
                "{ticket:width$}  {:>6.2} %  {:>6.2} %",
                100.0 * row.accuracy,
                100.0 * row.balanced_accuracy
            )?;
            write!(f, "  {:>8.4}  {loss:>6.3}  {:>6.1} %", row.macro_f1, 100.0 * row.sparsity)?;
            writeln!(f, "  {active_weights:>7}  {bytes:>6}  {algorithm} [{architecture}]")?;
        }
        let majority = 100.0 * self.majority_accuracy;
        writeln!(
            f,
            "on the {} part; always the most frequent class of the training part: {majority:.2} %",
            self.split
        )
    }
}
