//! `slt edge-popup`: a ticket by gradient descent on scores.

mod options;
mod report;

use std::path::{Path, PathBuf};
use std::sync::atomic::Ordering;
use std::time::Instant;

use clap::Args;
use cpu_time::ProcessTime;
use slt_baselines::{
    EdgePopup, EdgePopupCheckpoint, EdgePopupConfig, EdgePopupOutcome, EdgePopupStop, EdgePopupTraining,
    Samples,
};
use slt_core::Seed;
use slt_mlp::{Evaluator, MetricName, Network, Recipe, Ticket};
use slt_run::{Loaded, check_output};

use crate::arguments::{DataArguments, ThreadArguments};
use crate::checkpoint::{CheckpointArguments, Kept, what_is_kept, whole_of};
use crate::failure::Failure;
use crate::files::save;
use crate::interrupt::stop_flag;
use crate::judged::{Ending, Judged, Trained};
use crate::progress::TrainingProgress;
use crate::stderr::warn_if_cut;
use crate::usage::InFlags;
use crate::values::whole;
use options::{EdgePopupArguments, Epoch, NetworkArguments};
use report::{EpochReport, Report, Run};

/// Find a ticket by edge-popup: gradient descent on a score for each weight
///
/// The parameters are the paper's unless other options are given. A seed means the same network as for slt
/// search, and the same options give the same ticket on every machine.
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
    /// Train a network of the same shape beside it, and report its accuracy
    #[arg(long)]
    compare: bool,
    /// Print the result on stdout as JSON
    #[arg(long)]
    json: bool,
    #[command(flatten, next_help_heading = "Network")]
    network: NetworkArguments,
    #[command(flatten, next_help_heading = "Edge-popup")]
    edge_popup: EdgePopupArguments,
    #[command(flatten, next_help_heading = "Checkpoints")]
    checkpoint: CheckpointArguments,
    #[command(flatten, next_help_heading = "Machine")]
    threads: ThreadArguments,
}

pub(crate) fn run(arguments: &Arguments) -> Result<(), Failure> {
    arguments.threads.install(|| run_here(arguments))?
}

/// [`run`] on the current threads.
fn run_here(arguments: &Arguments) -> Result<(), Failure> {
    let times = (Instant::now(), ProcessTime::now());
    if let Some(out) = &arguments.out {
        check_output(out)?;
    }
    arguments.checkpoint.check(arguments.out.as_deref())?;
    let loaded = arguments.data.load()?;
    let Loaded { source, split, .. } = &loaded;
    let architecture = arguments.network.architecture.for_data(source)?;
    let config = arguments.edge_popup.config(source)?;
    warn_if_cut(Some(config.batch_size), config.batch_size_for(split.train.n_samples()));
    let initializer = arguments.network.distributions.initializer(config.keep)?;
    let network_seed = Seed(arguments.network.network_seed.unwrap_or(arguments.seed));
    let search_seed = Seed(arguments.edge_popup.search_seed.unwrap_or(arguments.seed));
    let network = Network::random(&architecture, initializer, network_seed)?;
    let task = EdgePopup::<f32>::new(&network, &(&split.train).into(), &Samples::from(&split.test), config)?;
    let checkpoint = arguments.go_on(&task, search_seed)?;

    let fit_cpu = ProcessTime::now();
    let Fitted { outcome, checkpoint } = arguments.fit(&task, config.epochs, search_seed, checkpoint)?;
    let fit_cpu = fit_cpu.elapsed();

    let train = Evaluator::new(&network, &split.train, MetricName::Accuracy)?;
    let test = Evaluator::new(&network, &split.test, MetricName::Accuracy)?;
    let last = EpochReport::new(&outcome.last, &train, &test)?;
    let best = EpochReport::new(&outcome.best, &train, &test)?;
    let (mask, epoch) = match arguments.epoch {
        Epoch::Last => (&outcome.last.mask, &last),
        Epoch::Best => (&outcome.best.mask, &best),
    };
    let run = Run { data: &loaded, arguments: &arguments.data, config: &config, network_seed, search_seed };
    let ticket =
        Ticket::new(network.clone(), mask.clone())?.with_provenance(run.provenance(arguments.epoch, epoch));
    let bytes = loaded.keep_in(ticket)?.to_bytes();
    let saved = save(arguments.out.as_deref(), &bytes);
    let judged = Judged::on_test(&loaded, &test.predict(mask)?)?;
    let recipe = Recipe { architecture: architecture.clone(), initializer, seed: network_seed };
    let beside = || Trained::beside(split, &recipe, search_seed);
    let trained = arguments.compare.then(beside).transpose()?;
    let (name, epochs) = (saved.name(), outcome.history.len());
    let report = Report {
        data: split.train.name().to_owned(),
        architecture: architecture.to_string(),
        algorithm: report::ALGORITHM,
        network_seed: network_seed.0,
        search_seed: search_seed.0,
        config: EdgePopupConfig { batch_size: outcome.batch_size, ..config },
        last,
        best,
        kept_epoch: arguments.epoch.name(),
        epochs,
        ending: Ending::new(judged, trained, &bytes, &saved, times, fit_cpu),
    };
    saved.show(&report, arguments.json)?;
    // The last epoch may have been the one that was interrupted: then everything is there.
    if outcome.stop == EdgePopupStop::Observer && epochs < config.epochs {
        let kept = what_is_kept(checkpoint.as_deref(), name.as_deref());
        return Err(Failure::interrupted(format!(
            "interrupted after epoch {epochs} of {}; {kept}",
            config.epochs
        )));
    }
    Ok(())
}

/// What came out, and the file that the end is kept in.
struct Fitted {
    outcome: EdgePopupOutcome<f32>,
    checkpoint: Option<PathBuf>,
}

impl Arguments {
    /// The run to go on with, if there is a checkpoint of it. Without `--resume` that is one at the end of
    /// this very run.
    fn go_on<'a>(
        &self,
        task: &'a EdgePopup<f32>,
        seed: Seed,
    ) -> Result<Option<EdgePopupTraining<'a, f32>>, Failure> {
        let read = |file| {
            let checkpoint = EdgePopupCheckpoint::from_bytes(&whole_of(file)?).map_err(|e| e.in_flags())?;
            task.resume(Some(seed), checkpoint).map_err(|error| error.in_flags())
        };
        let Some(Kept { checkpoint: training, resume }) = self.checkpoint.read(read)? else {
            return Ok(None);
        };
        self.checkpoint.take_up(
            training.stop().is_some(),
            resume,
            "epoch",
            training.history().len() as u64,
        )?;
        Ok(Some(training))
    }

    /// Runs all epochs, or until it is told to stop.
    fn fit(
        &self,
        task: &EdgePopup<f32>,
        epochs: usize,
        seed: Seed,
        training: Option<EdgePopupTraining<'_, f32>>,
    ) -> Result<Fitted, Failure> {
        let stop = stop_flag()?;
        let progress = TrainingProgress::new();
        let mut keeper = self.checkpoint.keeper();
        let mut training = training.unwrap_or_else(|| task.start(seed));
        while training.stop().is_none() && !stop.load(Ordering::Relaxed) {
            let epoch = training.step()?;
            progress.edge_popup(epochs, &epoch);
            keeper.step(epoch.epoch as u64, || training.checkpoint().to_bytes());
        }
        let checkpoint = keeper.keep(|| training.checkpoint().to_bytes()).map(Path::to_owned);
        if training.history().is_empty() {
            return Err(Failure::interrupted("interrupted in the first epoch; there is nothing to keep yet"));
        }
        Ok(Fitted { outcome: training.outcome(), checkpoint })
    }
}
