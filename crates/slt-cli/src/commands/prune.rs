//! `slt prune`: post-evolutionary pruning.

use std::collections::BTreeMap;
use std::fmt;
use std::path::PathBuf;

use clap::{Args, ValueEnum};
use serde::Serialize;
use slt_core::Seed;
use slt_datasets::{Dataset, Split, split};
use slt_mlp::{Evaluator, Guard, MetricName, Provenance, Pruning, PruningOrder, Ticket};
use slt_run::{SplitPart, check_output};

use crate::arguments::{MachineArguments, TicketArguments, split_part};
use crate::failure::Failure;
use crate::files::{mask_hash, save};
use crate::usage::OrUsage;
use crate::values::{real, whole};

/// How the names of a ticket's figures begin that were true before it was pruned.
const UNPRUNED: &str = "unpruned ";

/// Clear the bits of a ticket that it does not need
///
/// The active bits are gone through in order: a bit goes to zero where the accuracy on the chosen part does
/// not fall below what it was before, or, with --by loss, where the loss does not rise above what it was by
/// more than --tolerance. With --hold-out, the accuracy on samples that are set aside must not fall, either.
/// The defaults are the paper's.
#[derive(Args)]
pub(crate) struct Arguments {
    #[command(flatten)]
    ticket: TicketArguments,
    /// Part of the data that guides the pruning; the paper's reference takes the test part
    #[arg(long, value_parser = split_part(), value_name = "PART", default_value = "train")]
    on: SplitPart,
    /// What must not get worse
    #[arg(long, value_enum, value_name = "WHAT", default_value_t = By::Accuracy)]
    by: By,
    /// How much the mean cross-entropy may rise with --by loss, at least 0 [default: 0]
    #[arg(long, value_name = "LOSS", value_parser = real)]
    tolerance: Option<f64>,
    /// Share of every class of that part that is set aside, above 0 and below 1: it guides nothing else, but
    /// no more of it may be wrong than before
    #[arg(long, value_name = "SHARE", value_parser = real)]
    hold_out: Option<f64>,
    /// Seed of what is set aside, 0 to 2^64 - 1 [default: 1]
    #[arg(long, value_name = "SEED", value_parser = whole::<u64, 0, { u64::MAX }>, requires = "hold_out")]
    hold_out_seed: Option<u64>,
    /// The weights out of the first unit first, then those out of the second; or those into it
    #[arg(long, value_enum, value_name = "HOW", default_value_t = Order::BySource)]
    order: Order,
    /// The most times that all active bits are gone through, at least 1; it ends where none is left to clear
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = whole::<u32, 1, { u32::MAX as u64 }>)]
    passes: u32,
    /// Ticket file to write; it may be the one that is read
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
    /// Print the result on stdout as JSON
    #[arg(long)]
    json: bool,
    #[command(flatten, next_help_heading = "Machine")]
    machine: MachineArguments,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum By {
    /// The number of samples that are right
    Accuracy,
    /// The mean cross-entropy
    Loss,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Order {
    BySource,
    ByTarget,
}

impl Arguments {
    fn pruning(&self) -> Result<Pruning, Failure> {
        let guard = match (self.by, self.tolerance) {
            (By::Accuracy, None) => Guard::Accuracy,
            (By::Accuracy, Some(_)) => return Err(Failure::usage("--tolerance goes with --by loss")),
            (By::Loss, tolerance) => Guard::Loss { tolerance: tolerance.unwrap_or(0.0) },
        };
        let order = match self.order {
            Order::BySource => PruningOrder::BySource,
            Order::ByTarget => PruningOrder::ByTarget,
        };
        let pruning = Pruning { guard, order, passes: self.passes };
        pruning.validate().or_usage()?;
        Ok(pruning)
    }

    /// Divides the part that guides the pruning into the samples that do and those that are set aside.
    fn set_aside(&self, part: &Dataset) -> Result<Option<Split>, Failure> {
        let Some(share) = self.hold_out else { return Ok(None) };
        let seed = Seed(self.hold_out_seed.unwrap_or(1));
        match split::stratified(part, share, seed) {
            Ok(parts) => Ok(Some(parts)),
            Err(slt_datasets::Error::Parameter { value, allowed, .. }) => {
                Err(Failure::usage(format!("--hold-out is {value}: it must be {allowed}")))
            }
            Err(_) => Err(Failure::usage(format!(
                "--hold-out {share} sets nothing aside: every class of the {} part is too small",
                self.on.name()
            ))),
        }
    }

    /// What a ticket says of how it was pruned: the data, and what is other than the paper's.
    fn in_words(&self, data: &str, pruning: &Pruning) -> String {
        let mut words = format!("{data} {}", self.on.name());
        if let Guard::Loss { tolerance } = pruning.guard {
            words += &format!(", loss +{tolerance}");
        }
        if let Some(share) = self.hold_out {
            words += &format!(", {share} held out by seed {}", self.hold_out_seed.unwrap_or(1));
        }
        if pruning.order == PruningOrder::ByTarget {
            words += ", by target";
        }
        if pruning.passes > 1 {
            words += &format!(", up to {} passes", pruning.passes);
        }
        words
    }
}

#[derive(Serialize)]
struct Report {
    data: String,
    on: &'static str,
    pruning: Pruning,
    /// Samples that are set aside.
    held_out: usize,
    before: State,
    after: State,
    file: Option<String>,
}

#[derive(Serialize)]
struct State {
    train_accuracy: f64,
    test_accuracy: f64,
    train_loss: f64,
    test_loss: f64,
    #[serde(skip_serializing_if = "Option::is_none")]
    held_out_accuracy: Option<f64>,
    sparsity: f64,
    active_weights: usize,
    mask_hash: String,
}

/// What a mask is judged on.
struct Judges {
    train: Evaluator,
    test: Evaluator,
    held_out: Option<Evaluator>,
}

impl Judges {
    fn state(&self, ticket: &Ticket) -> Result<State, Failure> {
        let mask = ticket.mask();
        Ok(State {
            train_accuracy: self.train.accuracy(mask)?,
            test_accuracy: self.test.accuracy(mask)?,
            train_loss: self.train.cross_entropy(mask)?,
            test_loss: self.test.cross_entropy(mask)?,
            held_out_accuracy: self.held_out.as_ref().map(|held_out| held_out.accuracy(mask)).transpose()?,
            sparsity: mask.sparsity(),
            active_weights: mask.count_ones(),
            mask_hash: mask_hash(&ticket.mask_bits()),
        })
    }
}

pub(crate) fn run(arguments: &Arguments) -> Result<(), Failure> {
    check_output(&arguments.out)?;
    let pruning = arguments.pruning()?;
    let (ticket, split) = arguments.ticket.load()?;
    let set_aside = arguments.set_aside(arguments.on.of(&split))?;
    let evaluator = |data: &Dataset| -> Result<_, Failure> {
        Ok(ticket
            .evaluator(data, MetricName::Accuracy)?
            .with_instruction_set(arguments.machine.instructions)?)
    };
    let guide = match &set_aside {
        Some(parts) => evaluator(&parts.train)?,
        None => evaluator(arguments.on.of(&split))?,
    };
    let judges = Judges {
        train: evaluator(&split.train)?,
        test: evaluator(&split.test)?,
        held_out: set_aside.as_ref().map(|parts| evaluator(&parts.test)).transpose()?,
    };
    let (pruned, before, after) = arguments.machine.install(|| -> Result<_, Failure> {
        let mask = pruning.apply(&guide, judges.held_out.as_ref(), ticket.mask())?;
        let pruned = ticket.clone().with_mask(mask)?;
        let (before, after) = (judges.state(&ticket)?, judges.state(&pruned)?);
        Ok((pruned, before, after))
    })??;

    let mut provenance = unpruned(ticket.provenance());
    let details = [
        ("pruned", arguments.in_words(split.train.name(), &pruning)),
        ("train accuracy", after.train_accuracy.to_string()),
        ("test accuracy", after.test_accuracy.to_string()),
    ];
    provenance.details.extend(details.map(|(key, value)| (key.to_owned(), value)));
    let pruned = pruned.with_provenance(provenance);
    let saved = save(Some(&arguments.out), &pruned.to_bytes());
    let report = Report {
        data: split.train.name().to_owned(),
        on: arguments.on.name(),
        pruning,
        held_out: judges.held_out.as_ref().map_or(0, Evaluator::n_samples),
        before,
        after,
        file: saved.name(),
    };
    saved.show(&report, arguments.json)
}

/// What a ticket says of where it comes from, with all that is true only of the mask before pruning named so.
/// For a ticket that is pruned again, that is what it was to begin with.
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
        write!(f, "{train:.2} % training and {test:.2} % test accuracy, ")?;
        write!(f, "loss {:.4} and {:.4}", self.train_loss, self.test_loss)
    }
}
