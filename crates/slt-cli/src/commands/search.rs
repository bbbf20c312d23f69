//! `slt search`: find a ticket.

mod options;
mod report;

use std::fs;
use std::io::ErrorKind;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Instant;

use clap::Args;
use cpu_time::ProcessTime;
use slt_ga::{Checkpoint, DrawProgress, Observer, StopFlag, StopReason, View};
use slt_mlp::Ticket;
use slt_paper::{Prepared, write_atomically};

use crate::arguments::{DataArguments, MachineArguments};
use crate::failure::Failure;
use crate::files::{check_output, print_json};
use crate::interrupt::stop_flag;
use crate::progress::SearchProgress;
use options::{GaArguments, NetworkArguments};
use report::Report;

/// Search for a ticket with the genetic algorithm
///
/// The algorithm and its parameters are the paper's unless other options are given. The same options give the same
/// ticket, whatever the number of threads and the kernel.
#[derive(Args)]
pub(crate) struct Arguments {
    #[command(flatten)]
    data: DataArguments,
    #[command(flatten)]
    network: NetworkArguments,
    #[command(flatten)]
    ga: GaArguments,
    /// Seed of the network and of the search
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Ticket file to write
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// File to keep checkpoints in; it is removed when the search is done
    #[arg(long, value_name = "FILE")]
    checkpoint: Option<PathBuf>,
    /// Generations between checkpoints, at least 1
    #[arg(long, value_name = "N", default_value_t = 50, requires = "checkpoint")]
    checkpoint_every: u64,
    /// Go on from the checkpoint, if there is one
    #[arg(long, requires = "checkpoint")]
    resume: bool,
    #[command(flatten)]
    machine: MachineArguments,
    /// Print the result on stdout as JSON
    #[arg(long)]
    json: bool,
}

pub(crate) fn run(arguments: &Arguments) -> Result<(), Failure> {
    let (start, cpu) = (Instant::now(), ProcessTime::now());
    for path in arguments.out.iter().chain(&arguments.checkpoint) {
        check_output(path)?;
    }
    if arguments.checkpoint_every == 0 {
        return Err(Failure::usage("--checkpoint-every is 0, it must be at least 1"));
    }
    let spec = options::spec(&arguments.data, &arguments.network, &arguments.ga, arguments.seed)?;
    let checkpoint = read_checkpoint(arguments)?;
    let stop = stop_flag()?;
    let prepared = Prepared::with_kernel(&spec, arguments.machine.kernel)?;

    let mut progress = SearchProgress::new(&spec, checkpoint.as_ref().map(Checkpoint::generation));
    let mut keeper = Keeper {
        path: arguments.checkpoint.as_deref(),
        every: arguments.checkpoint_every,
        stop,
        failure: None,
    };
    let outcome = arguments
        .machine
        .install(|| prepared.search(checkpoint, &mut (StopFlag(stop), (&mut progress, &mut keeper))))?;
    progress.finish();
    if let Some(failure) = keeper.failure {
        return Err(failure);
    }
    let interrupted = |generation: Option<u64>| {
        let hint = match (&arguments.checkpoint, generation) {
            (Some(path), Some(_)) => format!("{} holds a checkpoint: add --resume to go on", path.display()),
            _ => "nothing is kept; --checkpoint FILE keeps what was reached".to_owned(),
        };
        let place =
            generation.map_or("in the first population".to_owned(), |g| format!("after generation {g}"));
        Failure::run(format!("interrupted {place}; {hint}"))
    };
    let outcome = match outcome {
        Err(slt_ga::Error::Interrupted { .. }) => return Err(interrupted(None)),
        outcome => outcome?,
    };
    if outcome.stop_reason == StopReason::Interrupted {
        return Err(interrupted(Some(outcome.generations)));
    }

    let record = arguments.machine.install(|| prepared.record(&outcome))??;
    if let Some(path) = &arguments.out {
        let ticket = Ticket::new(prepared.network().clone(), record.best.mask.clone())?;
        let provenance = report::provenance(&record, &arguments.ga)?;
        write_atomically(path, &ticket.with_provenance(provenance).to_bytes())?;
    }
    if let Some(path) = &arguments.checkpoint {
        match fs::remove_file(path) {
            Err(error) if error.kind() != ErrorKind::NotFound => {
                return Err(Failure::run(format!("{}: {error}", path.display())));
            }
            _ => {}
        }
    }
    let report = Report::new(&record, &arguments.ga, start.elapsed(), cpu.elapsed())?;
    if arguments.json {
        print_json(&report)
    } else {
        report.print(arguments.out.as_deref())
    }
    Ok(())
}

/// The checkpoint to go on from. One that is in the way without `--resume` is not overwritten.
fn read_checkpoint(arguments: &Arguments) -> Result<Option<Checkpoint>, Failure> {
    let Some(path) = &arguments.checkpoint else { return Ok(None) };
    let bytes = match fs::read(path) {
        Ok(bytes) => bytes,
        Err(error) if error.kind() == ErrorKind::NotFound => {
            if arguments.resume {
                eprintln!("no checkpoint at {} yet: starting from the beginning", path.display());
            }
            return Ok(None);
        }
        Err(error) => return Err(Failure::run(format!("{}: {error}", path.display()))),
    };
    if !arguments.resume {
        let path = path.display();
        return Err(Failure::usage(format!("{path} exists: add --resume to go on from it, or remove it")));
    }
    let checkpoint = Checkpoint::from_bytes(&bytes);
    checkpoint.map(Some).map_err(|error| Failure::run(format!("{}: {error}", path.display())))
}

/// Stores checkpoints every so many generations and when the search is about to stop.
struct Keeper<'a> {
    path: Option<&'a Path>,
    every: u64,
    stop: &'a AtomicBool,
    failure: Option<Failure>,
}

impl Observer for Keeper<'_> {
    fn on_generation(&mut self, view: &View<'_>) -> ControlFlow<()> {
        let Some(path) = self.path else { return ControlFlow::Continue(()) };
        let due = view.generation() > 0 && view.generation() % self.every == 0;
        if !due && !self.stop.load(Ordering::Relaxed) {
            return ControlFlow::Continue(());
        }
        match write_atomically(path, &view.checkpoint().to_bytes()) {
            Ok(()) => ControlFlow::Continue(()),
            Err(error) => {
                self.failure = Some(error.into());
                ControlFlow::Break(())
            }
        }
    }

    fn on_draw(&mut self, _progress: &DrawProgress) -> ControlFlow<()> {
        ControlFlow::Continue(())
    }
}
