//! `slt search`: find a ticket.

mod ga;
mod network;
mod report;

use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicBool;
use std::time::Instant;

use clap::Args;
use cpu_time::ProcessTime;
use slt_core::Seed;
use slt_ga::{Search, StopFlag, StopReason, View, on_step};
use slt_mlp::{Evaluator, MetricName, Recipe, Ticket};
use slt_run::{
    DataSource, HistoryKept, Prepared, SearchRecord, SearchSpec, TieBreak, check_output, read_checkpoint,
    write_checkpoint,
};

use crate::arguments::{DataArguments, MachineArguments, keep_data};
use crate::checkpoint::{CheckpointArguments, Keeper, Kept, what_is_kept};
use crate::failure::Failure;
use crate::files::save;
use crate::interrupt::stop_flag;
use crate::judged::{Ending, Judged, Trained};
use crate::progress::SearchProgress;
use crate::usage::InFlags;
use crate::values::whole;
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
    /// Train a network of the same shape beside it, and report its accuracy
    #[arg(long)]
    compare: bool,
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
    if let Some(out) = out {
        check_output(out)?;
    }
    checkpoints.check(out.as_deref())?;
    let loaded = arguments.data.load()?;
    let spec = arguments.spec(&loaded.source)?;
    let stop = stop_flag()?;
    let prepared = Prepared::on(&spec, loaded.split.clone())?
        .with_kernel(machine.kernel)?
        .with_shortcuts(!arguments.no_racing, !arguments.no_sharing);
    let resumed = arguments.go_on(&spec, &prepared)?;

    let mut keeper = checkpoints.keeper();
    let (record, interrupted) =
        machine.install(|| search(&prepared, resumed, &spec, &mut keeper, stop))??;
    let mask = &record.best.mask;
    let ticket = Ticket::new(prepared.network().clone(), mask.clone())?.with_provenance(report::provenance(
        &record,
        arguments.ga.algorithm,
        &loaded,
        &arguments.data,
    ));
    let bytes = keep_data(ticket, &loaded)?.to_bytes();
    let saved = save(out.as_deref(), &bytes);
    let predicted =
        Evaluator::new(prepared.network(), &loaded.split.test, MetricName::Accuracy)?.predict(mask)?;
    let test = Judged::on_test(&loaded, &predicted)?;
    let beside = || Trained::beside(&loaded.split, &spec.network, spec.search_seed);
    let trained = arguments.compare.then(beside).transpose()?;
    let name = saved.name();
    let ending = Ending::new(test, trained, &bytes, &saved, (start, cpu));
    saved.show(&Report::new(&record, arguments.ga.algorithm, &loaded, ending), arguments.json)?;
    match interrupted {
        None => Ok(()),
        Some(checkpoint) => Err(Failure::interrupted(format!(
            "interrupted after generation {}; {}",
            record.generations,
            what_is_kept(checkpoint.as_deref(), name.as_deref())
        ))),
    }
}

/// Searches and evaluates what was found, on the current threads. After an interruption, that is what was reached; then there
/// is, if it could be written, the file of the checkpoint beside.
fn search<'p>(
    prepared: &'p Prepared,
    resumed: Option<Search<'p>>,
    spec: &SearchSpec,
    keeper: &mut Keeper<'_>,
    stop: &AtomicBool,
) -> Result<(SearchRecord, Option<Option<PathBuf>>), Failure> {
    let mut progress = SearchProgress::new();
    let mut keep = on_step(|view: &View<'_>| {
        keeper.step(view.steps(), || write_checkpoint(spec, &view.checkpoint()));
        ControlFlow::Continue(())
    });
    let search = match prepared.search(resumed, &mut (StopFlag(stop), (&mut progress, &mut keep))) {
        Err(slt_ga::Error::Interrupted { .. }) => {
            let message = "interrupted in the first population; there is nothing to keep yet";
            return Err(Failure::interrupted(message));
        }
        found => found?,
    };
    let kept = keeper.keep(|| write_checkpoint(spec, &search.view().checkpoint())).map(Path::to_owned);
    let interrupted = search.stop_reason() == Some(StopReason::Interrupted);
    Ok((prepared.record(&search.outcome().into())?, interrupted.then_some(kept)))
}

impl Arguments {
    /// The search to go on with. Without `--resume` that is this very search at its end, which costs nothing.
    fn go_on<'p>(&self, spec: &SearchSpec, prepared: &'p Prepared) -> Result<Option<Search<'p>>, Failure> {
        let read = |file| read_checkpoint(file, spec).map_err(|error| error.in_flags());
        let Some(Kept { checkpoint, resume }) = self.checkpoint.read(read)? else { return Ok(None) };
        let search = match prepared.resume(checkpoint) {
            Ok(search) => search,
            Err(_) if !resume => return Err(self.checkpoint.in_the_way()),
            Err(error) => {
                let message = format!("cannot go on: {}", error.in_flags());
                // Other options would help, unless the file itself is wrong.
                let of_file = matches!(error, slt_ga::Error::CheckpointInconsistent { .. });
                return Err(if of_file { Failure::run(message) } else { Failure::usage(message) });
            }
        };
        let ended = search.stop_reason().is_some();
        self.checkpoint.take_up(ended, resume, "generation", search.view().steps())?;
        Ok(Some(search))
    }

    /// The run that the options ask for.
    fn spec(&self, source: &DataSource) -> Result<SearchSpec, Failure> {
        let architecture = self.network.architecture.for_data(source)?;
        let config = self.ga.config(source.shape()?, &architecture)?;
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
            data: source.clone(),
            network: Recipe { architecture, initializer: self.network.initializer()?, seed },
            metric: self.ga.objective,
            config,
            search_seed: Seed(self.ga.search_seed.unwrap_or(self.seed)),
        })
    }
}
