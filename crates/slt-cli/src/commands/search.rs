//! `slt search`: find a ticket.

mod front;
mod ga;
mod genetic;
mod mask_options;
mod masks;
mod network;
mod objective;
mod report;

use std::path::PathBuf;
use std::time::Instant;

use clap::Args;
use cpu_time::ProcessTime;
use slt_core::BitMask;
use slt_mlp::{MetricName, Provenance, SignedMask, Ticket};
use slt_run::{SearchAlgorithm, check_output};

use crate::arguments::{DataArguments, MachineArguments, made_on};
use crate::checkpoint::{CheckpointArguments, what_is_kept};
use crate::failure::Failure;
use crate::files::{Saved, save};
use crate::judged::{Ending, Judged, Trained};
use crate::values::whole;
use ga::{GaArguments, MAX_GENERATIONS};
use mask_options::MaskArguments;
use network::NetworkArguments;
use objective::Objectives;
use report::Found;

/// Search for a ticket
///
/// For files, the algorithm is memetic unless another one is named; for the paper's data it is the paper's
/// genetic algorithm, with the paper's parameters unless other options are given. The same options give the
/// same ticket, whatever the number of threads and the instruction set; --time alone depends on the machine.
#[derive(Args)]
pub(crate) struct Arguments {
    #[command(flatten)]
    data: DataArguments,
    /// Algorithm [default: memetic for files, ga for the paper's data]
    #[arg(long, value_name = "NAME", value_parser = crate::values::named::<SearchAlgorithm>(SearchAlgorithm::NAMES))]
    algorithm: Option<SearchAlgorithm>,
    /// What is maximised, losses negated [default: accuracy; beyond the paper, by the data]
    #[arg(long, value_name = "NAME", value_parser = Objectives)]
    objective: Option<MetricName>,
    /// Masks that are kept from generation to generation; umda: that are drawn, of which a quarter is
    /// selected; 1 to 1000000 [default: 100; umda 200; memetic: by the size of the network]
    #[arg(long, value_name = "N", value_parser = whole::<usize, 1, 1_000_000>)]
    population: Option<usize>,
    /// Seed of the network and of the search, 0 to 2^64 - 1
    #[arg(long, default_value_t = 1, value_parser = whole::<u64, 0, { u64::MAX }>)]
    seed: u64,
    /// Seed of the search alone [default: that of --seed]
    #[arg(long, value_name = "SEED", value_parser = whole::<u64, 0, { u64::MAX }>)]
    search_seed: Option<u64>,
    /// Ticket file to write
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// Train a network of the same shape beside it, and report its accuracy
    #[arg(long)]
    compare: bool,
    /// Print the result on stdout as JSON
    #[arg(long)]
    json: bool,
    #[command(flatten, next_help_heading = "Network")]
    network: NetworkArguments,
    #[command(flatten, next_help_heading = "The paper's genetic algorithm (ga, ga-ab)")]
    ga: GaArguments,
    #[command(flatten, next_help_heading = "Other algorithms")]
    masks: MaskArguments,
    #[command(flatten, next_help_heading = "Checkpoints")]
    checkpoint: CheckpointArguments,
    #[command(flatten, next_help_heading = "Machine")]
    machine: MachineArguments,
    /// Evaluate every mask on every sample, also those that cannot survive (ga, ga-ab)
    #[arg(long, help_heading = "Machine")]
    no_racing: bool,
    /// Evaluate every mask by itself (ga, ga-ab)
    #[arg(long, help_heading = "Machine")]
    no_sharing: bool,
}

pub(crate) fn run(arguments: &Arguments) -> Result<(), Failure> {
    let (start, cpu) = (Instant::now(), ProcessTime::now());
    let Arguments { out, checkpoint, .. } = arguments;
    if let Some(out) = out {
        check_output(out)?;
    }
    checkpoint.check(out.as_deref())?;
    let algorithm = arguments.algorithm()?;
    let loaded = arguments.data.load()?;
    let search_cpu = ProcessTime::now();
    let found = match algorithm {
        SearchAlgorithm::Genetic(algorithm) => genetic::run(arguments, algorithm, &loaded)?,
        SearchAlgorithm::Mask(algorithm) => masks::run(arguments, algorithm, &loaded, start)?,
    };
    let search_cpu = search_cpu.elapsed();
    let Found { report, details, algorithm, network, recipe, search_seed, signed, best, front, interrupted } =
        found;
    let bare = |mask: BitMask| -> Result<Ticket, Failure> {
        let network = network.clone();
        Ok(if signed {
            Ticket::signed(network, SignedMask::from_bits(&mask)?)?
        } else {
            Ticket::new(network, mask)?
        })
    };
    let ticket = |mask, details: Vec<(&'static str, String)>| -> Result<Vec<u8>, Failure> {
        let provenance: Provenance = made_on(&loaded, &arguments.data, algorithm, details);
        Ok(loaded.keep_in(bare(mask)?.with_provenance(provenance))?.to_bytes())
    };
    let bytes = ticket(best.mask.clone(), details)?;
    let saved = save(out.as_deref(), &bytes);
    let (front, saved_front) = arguments.masks.front().map(|files| front.save(files, ticket)).unzip();
    // The data are scaled already, and it has no scaler.
    let predicted = bare(best.mask)?.predict(&loaded.split.test)?;
    let test = Judged::on_test(&loaded, &predicted)?;
    let beside = || Trained::beside(&loaded.split, &recipe, search_seed);
    let trained = arguments.compare.then(beside).transpose()?;
    let names: Vec<String> =
        [Some(&saved), saved_front.as_ref()].into_iter().flatten().filter_map(Saved::name).collect();
    let ending = Ending::new(test, trained, &bytes, &saved, (start, cpu), search_cpu);
    saved.show(&report.ending(ending, front), arguments.json)?;
    saved_front.map_or(Ok(()), Saved::result)?;
    match interrupted {
        None => Ok(()),
        Some((when, checkpoint)) => Err(Failure::interrupted(format!(
            "{when}; {}",
            what_is_kept(checkpoint.as_deref(), names.iter().map(String::as_str))
        ))),
    }
}

impl Arguments {
    /// What the paper's genetic algorithm maximises.
    fn metric(&self) -> MetricName {
        self.objective.unwrap_or(MetricName::Accuracy)
    }

    /// The algorithm that is asked for: for files the memetic one, unless options of the paper's are given.
    fn algorithm(&self) -> Result<SearchAlgorithm, Failure> {
        let of_file = self.data.path()?.is_some() && self.ga.given().next().is_none();
        let default = if of_file { SearchAlgorithm::MEMETIC } else { SearchAlgorithm::GA };
        let algorithm = self.algorithm.unwrap_or(default);
        self.check(algorithm)?;
        Ok(algorithm)
    }

    /// Refuses options that belong to another algorithm.
    fn check(&self, algorithm: SearchAlgorithm) -> Result<(), Failure> {
        let shortcuts = [(self.no_racing, "--no-racing"), (self.no_sharing, "--no-sharing")];
        let shortcut = shortcuts.into_iter().find_map(|(given, flag)| given.then_some(flag));
        let (foreign, needed) = match algorithm {
            SearchAlgorithm::Genetic(_) => {
                let other = self.masks.given().next().map(|(flag, _)| flag);
                (other, "another algorithm than ga and ga-ab")
            }
            SearchAlgorithm::Mask(_) => {
                // Some of the others have a last generation, too.
                let own = self.ga.given().find(|&flag| flag != MAX_GENERATIONS);
                (own.or(shortcut), "--algorithm ga or ga-ab")
            }
        };
        match foreign {
            None => Ok(()),
            Some(flag) => Err(Failure::usage(format!("{flag} needs {needed}"))),
        }
    }
}
