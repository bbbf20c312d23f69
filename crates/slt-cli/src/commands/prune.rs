//! `slt prune`: post-evolutionary pruning.

use std::path::PathBuf;

use clap::Args;
use serde::Serialize;
use slt_mlp::{Metric, prune};
use slt_paper::write_atomically;

use crate::arguments::{DataArguments, MachineArguments, Part};
use crate::failure::Failure;
use crate::files::{check_output, mask_hash, print_json, read_ticket};

/// Clear the bits of a ticket that its accuracy does not need
///
/// One pass over the active bits in their order: a bit goes to zero where the accuracy on the chosen part does not fall
/// below what it was before the pass.
#[derive(Args)]
pub(crate) struct Arguments {
    /// Ticket file
    ticket: PathBuf,
    #[command(flatten)]
    data: DataArguments,
    /// Part of the data that guides the pass; the paper's reference takes the test part
    #[arg(long, value_enum, default_value_t = Part::Train)]
    on: Part,
    /// Ticket file to write
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
    #[command(flatten)]
    machine: MachineArguments,
    /// Print the result on stdout as JSON
    #[arg(long)]
    json: bool,
}

#[derive(Serialize)]
struct Report {
    data: String,
    on: &'static str,
    before: State,
    after: State,
    file: PathBuf,
}

#[derive(Serialize)]
struct State {
    train_accuracy: f64,
    test_accuracy: f64,
    sparsity: f64,
    active_weights: usize,
    mask_hash: String,
}

pub(crate) fn run(arguments: &Arguments) -> Result<(), Failure> {
    check_output(&arguments.out)?;
    let ticket = read_ticket(&arguments.ticket)?;
    let split = arguments.data.load_for(&ticket)?;
    let evaluator = |part: Part| -> Result<_, Failure> {
        Ok(ticket.evaluator(part.of(&split), Metric::Accuracy)?.with_kernel(arguments.machine.kernel)?)
    };
    let (train, test) = (evaluator(Part::Train)?, evaluator(Part::Test)?);
    let guide = if arguments.on == Part::Train { &train } else { &test };
    let mask = arguments.machine.install(|| prune(guide, ticket.mask()))??;

    let state = |mask: &slt_core::BitMask| -> Result<State, Failure> {
        Ok(State {
            train_accuracy: train.accuracy(mask)?,
            test_accuracy: test.accuracy(mask)?,
            sparsity: mask.sparsity(),
            active_weights: mask.count_ones(),
            mask_hash: mask_hash(mask),
        })
    };
    let (before, after) = (state(ticket.mask())?, state(&mask)?);
    let mut provenance = ticket.provenance().clone();
    provenance.details.insert("pruned".into(), format!("{} {}", split.train.name(), arguments.on.name()));
    write_atomically(&arguments.out, &ticket.with_mask(mask)?.with_provenance(provenance).to_bytes())?;

    let report = Report {
        data: split.train.name().to_owned(),
        on: arguments.on.name(),
        before,
        after,
        file: arguments.out.clone(),
    };
    if arguments.json {
        print_json(&report);
    } else {
        for (when, state) in [("before", &report.before), ("after", &report.after)] {
            println!(
                "{when:<6} {:.1} % sparsity ({} active weights), {:.2} % training and {:.2} % test accuracy",
                100.0 * state.sparsity,
                state.active_weights,
                100.0 * state.train_accuracy,
                100.0 * state.test_accuracy
            );
        }
    }
    Ok(())
}
