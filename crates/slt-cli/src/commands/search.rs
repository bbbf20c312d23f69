//! `slt search`: find a ticket.

mod checkpoint;
mod ga;
mod network;
mod report;

use std::path::PathBuf;
use std::sync::atomic::AtomicBool;
use std::time::Instant;

use clap::Args;
use cpu_time::ProcessTime;
use slt_core::Seed;
use slt_ga::{Checkpoint, StopFlag, StopReason};
use slt_mlp::{Recipe, Ticket};
use slt_run::{
    HistoryKept, Prepared, SearchRecord, SearchSpec, TieBreak, architecture_for, canonical_data,
    check_output, write_atomically,
};

use crate::arguments::{DataArguments, MachineArguments};
use crate::failure::Failure;
use crate::interrupt::stop_flag;
use crate::progress::SearchProgress;
use crate::stderr::note;
use crate::stdout::show;
use crate::usage::{InFlags, OrUsage};
use crate::values::whole;
use checkpoint::{CheckpointArguments, Keeper};
use ga::GaArguments;
use network::NetworkArguments;
use report::Report;

/// The most bits in a population: its masks take 2 GiB.
const MAX_POPULATION_BITS: usize = 1 << 34;

/// Search for a ticket with the genetic algorithm
///
/// The algorithm and its parameters are the paper's unless other options are given. The same options give the same
/// ticket, whatever the number of threads and the kernel.
#[derive(Args)]
pub(crate) struct Arguments {
    #[command(flatten)]
    data: DataArguments,
    /// Seed of the network and of the search, 0 to 2^64 - 1
    #[arg(long, default_value_t = 1, value_parser = whole::<u64, 0, { u64::MAX }>)]
    seed: u64,
    /// Ticket file to write
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// Print the result on stdout as JSON
    #[arg(long)]
    json: bool,
    #[command(flatten, next_help_heading = "Network")]
    network: NetworkArguments,
    #[command(flatten, next_help_heading = "Genetic algorithm")]
    ga: GaArguments,
    #[command(flatten, next_help_heading = "Checkpoints")]
    checkpoint: CheckpointArguments,
    #[command(flatten, next_help_heading = "Machine")]
    machine: MachineArguments,
    /// Evaluate every mask on every sample, also those that cannot survive
    #[arg(long, help_heading = "Machine")]
    no_racing: bool,
    /// Evaluate every mask by itself
    #[arg(long, help_heading = "Machine")]
    no_sharing: bool,
}

pub(crate) fn run(arguments: &Arguments) -> Result<(), Failure> {
    let (start, cpu) = (Instant::now(), ProcessTime::now());
    let Arguments { out, checkpoint: checkpoints, machine, .. } = arguments;
    let spec = arguments.spec()?;
    if let Some(out) = out {
        check_output(out)?;
    }
    checkpoints.check(out.as_deref())?;
    let checkpoint = checkpoints.read(&spec)?;
    let stop = stop_flag()?;
    let prepared = Prepared::with_kernel(&spec, machine.kernel)?
        .with_shortcuts(!arguments.no_racing, !arguments.no_sharing);
    if let Some(checkpoint) = &checkpoint {
        note(format_args!("going on after generation {}", checkpoint.generation()));
    }

    let record = machine.install(|| search(&prepared, checkpoint, &spec, checkpoints, stop))??;
    if let Some(out) = out {
        let ticket = Ticket::new(prepared.network().clone(), record.best.mask.clone())?;
        let provenance = report::provenance(&record, arguments.ga.algorithm)?;
        write_atomically(out, &ticket.with_provenance(provenance).to_bytes())?;
    }
    checkpoints.remove()?;
    let report =
        Report::new(&record, arguments.ga.algorithm, out.as_deref(), start.elapsed(), cpu.elapsed())?;
    show(&report, arguments.json)
}

/// Searches and evaluates what was found, on the current threads.
fn search(
    prepared: &Prepared,
    checkpoint: Option<Checkpoint>,
    spec: &SearchSpec,
    checkpoints: &CheckpointArguments,
    stop: &AtomicBool,
) -> Result<SearchRecord, Failure> {
    let mut progress = SearchProgress::new();
    let mut keeper = Keeper::new(checkpoints, spec);
    let found = prepared.search(checkpoint, &mut (StopFlag(stop), (&mut progress, &mut keeper)));
    keeper.result()?;
    let search = match found {
        Err(slt_ga::Error::Interrupted { .. }) => {
            return Err(Failure::interrupted(
                "interrupted in the first population; there is nothing to keep yet",
            ));
        }
        found => found?,
    };
    if search.stop_reason() == Some(StopReason::Interrupted) {
        let hint = match checkpoints.store(spec, &search.view().checkpoint())? {
            Some(path) => format!("{} holds a checkpoint: add --resume to go on", path.display()),
            None => "nothing is kept; --checkpoint FILE keeps what was reached".to_owned(),
        };
        return Err(Failure::interrupted(format!(
            "interrupted after generation {}; {hint}",
            search.view().generation()
        )));
    }
    Ok(prepared.record(&search.outcome())?)
}

impl Arguments {
    /// The run that the options ask for.
    fn spec(&self) -> Result<SearchSpec, Failure> {
        let data = canonical_data(self.data.select()).or_usage()?;
        let architecture = architecture_for(&data, &self.network.arch)
            .map_err(|error| Failure::usage(format!("--arch: {}", error.in_flags())))?;
        let config = self.ga.config(data.name, &architecture)?;
        let bits = architecture.n_weights();
        if bits.saturating_mul(config.population) > MAX_POPULATION_BITS {
            let population = config.population;
            return Err(Failure::usage(format!(
                "--population {population} times {bits} weights is more than {MAX_POPULATION_BITS} bits of masks"
            )));
        }
        let seed = Seed(self.network.network_seed.unwrap_or(self.seed));
        Ok(SearchSpec {
            tie_break: TieBreak::paper(self.ga.objective),
            history: HistoryKept::usual(self.ga.objective),
            data,
            network: Recipe { architecture, initializer: self.network.initializer()?, seed },
            metric: self.ga.objective,
            config,
            search_seed: Seed(self.ga.search_seed.unwrap_or(self.seed)),
        })
    }
}
