//! `slt edge-popup`: a ticket by gradient descent on scores.

mod options;
mod report;

use std::ops::ControlFlow;
use std::path::PathBuf;
use std::sync::atomic::Ordering;
use std::time::Instant;

use clap::Args;
use cpu_time::ProcessTime;
use slt_baselines::{EdgePopup, EdgePopupOutcome, EdgePopupStop, Samples};
use slt_core::Seed;
use slt_mlp::{Evaluator, Metric, Network, Ticket};
use slt_run::{check_output, write_atomically};

use crate::arguments::DataArguments;
use crate::failure::Failure;
use crate::interrupt::stop_flag;
use crate::progress::TrainingProgress;
use crate::stdout::show;
use crate::values::whole;
use options::{EdgePopupArguments, Epoch, NetworkArguments};
use report::{EpochReport, Report, Run};

/// Find a ticket by edge-popup: gradient descent on a score for each weight
///
/// The parameters are the paper's unless other options are given. A seed means the same network as for slt search, and the
/// same options give the same ticket on every machine.
#[derive(Args)]
pub(crate) struct Arguments {
    #[command(flatten)]
    data: DataArguments,
    /// Seed of the network and of the first scores, 0 to 2^64 - 1
    #[arg(long, default_value_t = 1, value_parser = whole::<u64, 0, { u64::MAX }>)]
    seed: u64,
    /// Ticket file to write
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// Epoch whose mask the ticket has; best is chosen on the test part
    #[arg(long, value_enum, value_name = "WHICH", default_value_t = Epoch::Last)]
    epoch: Epoch,
    /// Print the result on stdout as JSON
    #[arg(long)]
    json: bool,
    #[command(flatten, next_help_heading = "Network")]
    network: NetworkArguments,
    #[command(flatten, next_help_heading = "Edge-popup")]
    edge_popup: EdgePopupArguments,
}

pub(crate) fn run(arguments: &Arguments) -> Result<(), Failure> {
    let (start, cpu) = (Instant::now(), ProcessTime::now());
    let (data, architecture) = arguments.data.with_architecture(&arguments.network.arch)?;
    let config = arguments.edge_popup.config(data.name)?;
    let initializer = arguments.network.distributions.initializer(config.keep)?;
    if let Some(out) = &arguments.out {
        check_output(out)?;
    }
    let network_seed = Seed(arguments.network.network_seed.unwrap_or(arguments.seed));
    let search_seed = Seed(arguments.edge_popup.search_seed.unwrap_or(arguments.seed));
    let network = Network::random(&architecture, initializer, network_seed)?;
    let split = data.load()?;
    let task = EdgePopup::<f32>::new(&network, &(&split.train).into(), &Samples::from(&split.test), config)?;

    let fit_cpu = ProcessTime::now();
    let outcome = fit(&task, search_seed, config.epochs)?;
    let fit_cpu = fit_cpu.elapsed();

    let train = Evaluator::new(&network, &split.train, Metric::Accuracy)?;
    let test = Evaluator::new(&network, &split.test, Metric::Accuracy)?;
    let last = EpochReport::new(&outcome.last, &train, &test)?;
    let best = EpochReport::new(&outcome.best, &train, &test)?;
    let run = Run { data: &data, config: &config, network_seed, search_seed };
    if let Some(out) = &arguments.out {
        let (mask, epoch) = match arguments.epoch {
            Epoch::Last => (outcome.last.mask, &last),
            Epoch::Best => (outcome.best.mask, &best),
        };
        let ticket = Ticket::new(network, mask)?.with_provenance(run.provenance(arguments.epoch, epoch)?);
        write_atomically(out, &ticket.to_bytes())?;
    }
    let report = Report {
        data: split.train.name().to_owned(),
        architecture: architecture.to_string(),
        algorithm: report::ALGORITHM,
        network_seed: network_seed.0,
        search_seed: search_seed.0,
        config,
        last,
        best,
        kept_epoch: arguments.epoch.name(),
        epochs: outcome.history.len(),
        seconds: start.elapsed().as_secs_f64(),
        cpu_seconds: cpu.elapsed().as_secs_f64(),
        fit_cpu_seconds: fit_cpu.as_secs_f64(),
        file: arguments.out.as_ref().map(|file| file.display().to_string()),
    };
    show(&report, arguments.json)
}

/// Runs all epochs; Ctrl-C is a failure.
fn fit(task: &EdgePopup<f32>, seed: Seed, epochs: usize) -> Result<EdgePopupOutcome<f32>, Failure> {
    let stop = stop_flag()?;
    let progress = TrainingProgress::new();
    let outcome = task.run(seed, |epoch, _| {
        progress.edge_popup(epochs, epoch);
        if stop.load(Ordering::Relaxed) { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    })?;
    // The last epoch may have been the one that was interrupted: then everything is there.
    if outcome.stop == EdgePopupStop::Observer && outcome.history.len() < epochs {
        return Err(Failure::interrupted(format!(
            "interrupted after epoch {} of {epochs}; the mask so far is not kept, and nothing is written",
            outcome.history.len()
        )));
    }
    Ok(outcome)
}
