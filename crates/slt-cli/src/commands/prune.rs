//! `slt prune`: post-evolutionary pruning.

use std::collections::BTreeMap;
use std::fmt;
use std::path::PathBuf;

use clap::Args;
use serde::Serialize;
use slt_core::BitMask;
use slt_mlp::{Evaluator, MetricName, Provenance, prune};
use slt_run::check_output;

use crate::arguments::{MachineArguments, Part, TicketArguments};
use crate::failure::Failure;
use crate::files::{mask_hash, save};

/// How the names of a ticket's figures begin that were true before it was pruned.
const UNPRUNED: &str = "unpruned ";

/// Clear the bits of a ticket that its accuracy does not need
///
/// One pass over the active bits in their order: a bit goes to zero where the accuracy on the chosen part does not fall
/// below what it was before the pass.
#[derive(Args)]
pub(crate) struct Arguments {
    #[command(flatten)]
    ticket: TicketArguments,
    /// Part of the data that guides the pass; the paper's reference takes the test part
    #[arg(long, value_enum, value_name = "PART", default_value_t = Part::Train)]
    on: Part,
    /// Ticket file to write; it may be the one that is read
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
    /// Print the result on stdout as JSON
    #[arg(long)]
    json: bool,
    #[command(flatten, next_help_heading = "Machine")]
    machine: MachineArguments,
}

#[derive(Serialize)]
struct Report {
    data: String,
    on: &'static str,
    before: State,
    after: State,
    file: Option<String>,
}

#[derive(Serialize)]
struct State {
    train_accuracy: f64,
    test_accuracy: f64,
    sparsity: f64,
    active_weights: usize,
    mask_hash: String,
}

impl State {
    fn new(mask: &BitMask, train: &Evaluator, test: &Evaluator) -> Result<Self, Failure> {
        Ok(Self {
            train_accuracy: train.accuracy(mask)?,
            test_accuracy: test.accuracy(mask)?,
            sparsity: mask.sparsity(),
            active_weights: mask.count_ones(),
            mask_hash: mask_hash(mask),
        })
    }
}

pub(crate) fn run(arguments: &Arguments) -> Result<(), Failure> {
    check_output(&arguments.out)?;
    let (ticket, split) = arguments.ticket.load()?;
    let evaluator = |part: Part| -> Result<_, Failure> {
        Ok(ticket.evaluator(part.of(&split), MetricName::Accuracy)?.with_kernel(arguments.machine.kernel)?)
    };
    let (train, test) = (evaluator(Part::Train)?, evaluator(Part::Test)?);
    let guide = if arguments.on == Part::Train { &train } else { &test };
    let (mask, before, after) = arguments.machine.install(|| -> Result<_, Failure> {
        let mask = prune(guide, ticket.mask())?;
        let before = State::new(ticket.mask(), &train, &test)?;
        let after = State::new(&mask, &train, &test)?;
        Ok((mask, before, after))
    })??;

    let mut provenance = unpruned(ticket.provenance());
    let details = [
        ("pruned", format!("{} {}", split.train.name(), arguments.on.name())),
        ("train accuracy", after.train_accuracy.to_string()),
        ("test accuracy", after.test_accuracy.to_string()),
    ];
    provenance.details.extend(details.map(|(key, value)| (key.to_owned(), value)));
    let pruned = ticket.with_mask(mask)?.with_provenance(provenance);
    let saved = save(Some(&arguments.out), &pruned.to_bytes());
    let report = Report {
        data: split.train.name().to_owned(),
        on: arguments.on.name(),
        before,
        after,
        file: saved.name(),
    };
    saved.show(&report, arguments.json)
}

/// What a ticket says of where it comes from, with all that is true only of the mask before pruning named so. Of a ticket that is
/// pruned again, that is what it was to begin with.
fn unpruned(provenance: &Provenance) -> Provenance {
    let mut kept = Provenance { details: BTreeMap::new(), ..provenance.clone() };
    let of_the_mask = |key: &str| key.contains("accuracy") || key.contains("loss") || key == "spec sha256";
    for (key, value) in &provenance.details {
        let was_pruned = key.starts_with(UNPRUNED);
        if was_pruned || !of_the_mask(key) {
            kept.details.insert(key.clone(), value.clone());
        } else if !provenance.details.contains_key("pruned") {
            kept.details.insert(format!("{UNPRUNED}{key}"), value.clone());
        }
    }
    kept
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "before  {}", self.before)?;
        writeln!(f, "after   {}", self.after)?;
        self.file.as_ref().map_or(Ok(()), |file| writeln!(f, "ticket  {file}"))
    }
}

impl fmt::Display for State {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:.1} % sparsity ({} active weights), ", 100.0 * self.sparsity, self.active_weights)?;
        let (train, test) = (100.0 * self.train_accuracy, 100.0 * self.test_accuracy);
        write!(f, "{train:.2} % training and {test:.2} % test accuracy")
    }
}
