//! `slt train`: backpropagation.

mod model;
mod options;
mod report;

use std::path::{Path, PathBuf};
use std::sync::atomic::Ordering;
use std::time::Instant;

use clap::Args;
use cpu_time::ProcessTime;
use slt_baselines::{FittedMlp, MlpCheckpoint, MlpClassifier, MlpStop, MlpTraining, Samples};
use slt_run::{Loaded, check_output};

use crate::arguments::{ArchitectureArguments, DataArguments, ThreadArguments};
use crate::checkpoint::{CheckpointArguments, Kept, what_is_kept, whole_of};
use crate::failure::Failure;
use crate::files::save;
use crate::interrupt::stop_flag;
use crate::judged::{Ending, Judged};
use crate::progress::TrainingProgress;
use crate::stderr::warn_if_cut;
use crate::usage::InFlags;
use crate::values::whole;
use model::Model;
use options::TrainingArguments;
use report::Report;

/// Train a network by backpropagation, as scikit-learn's MLPClassifier does
///
/// What the options do not say is as in the paper (Table 2) where it trains this architecture on these data
/// with this solver, else scikit-learn's default. The same options give the same network on every machine.
#[derive(Args)]
pub(crate) struct Arguments {
    #[command(flatten)]
    data: DataArguments,
    #[command(flatten)]
    architecture: ArchitectureArguments,
    /// Seed of the first weights and the shuffles, as scikit-learn's random_state, below 2^32
    #[arg(long, default_value_t = 1, value_parser = whole::<u32, 0, { u32::MAX as u64 }>)]
    seed: u32,
    /// JSON file to write the trained network to
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// Print the result on stdout as JSON
    #[arg(long)]
    json: bool,
    #[command(flatten, next_help_heading = "Training")]
    training: TrainingArguments,
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
    let architecture = arguments.architecture.for_data(source)?;
    let (classifier, defaults) = arguments.training.classifier(source, &architecture, arguments.seed)?;
    let (train, test) = (Samples::<f32>::from(&split.train), Samples::from(&split.test));
    warn_if_cut(classifier.batch_size, classifier.batch_size_for(train.n_samples()));
    let training = arguments.go_on(&classifier, &train)?;

    let fit_cpu = ProcessTime::now();
    let (fitted, checkpoint) = arguments.fit(&classifier, &train, training)?;
    let fit_cpu = fit_cpu.elapsed();
    let (train_accuracy, test_accuracy) = (fitted.score(&train)?, fitted.score(&test)?);

    let model = Model::new(&loaded, &architecture, &classifier, &fitted, test_accuracy);
    let bytes = model.to_bytes();
    let saved = save(arguments.out.as_deref(), &bytes);
    let name = saved.name();
    let judged = Judged::on_test(&loaded, &fitted.predict(&test)?)?;
    let report = Report {
        data: split.train.name().to_owned(),
        architecture: architecture.to_string(),
        defaults: defaults.name(),
        seed: arguments.seed,
        epochs: fitted.n_iter(),
        stop_reason: report::stop_reason(fitted.stop()),
        // The objective of the last epoch: mean loss of the batches and penalty.
        loss: fitted.loss_curve().last().copied().unwrap_or(f64::MAX),
        best_loss: fitted.best_loss(),
        batch_size: fitted.batch_size(),
        validation_accuracy: fitted.best_validation_score(),
        train_accuracy,
        test_accuracy,
        hyper_parameters: classifier.clone(),
        ending: Ending::new(judged, None, &bytes, &saved, times, fit_cpu),
    };
    saved.show(&report, arguments.json)?;
    if fitted.stop() == MlpStop::Observer {
        return Err(Failure::interrupted(format!(
            "interrupted after epoch {} of at most {}; {}",
            fitted.n_iter(),
            classifier.max_iter,
            what_is_kept(checkpoint.as_deref(), name.as_deref())
        )));
    }
    Ok(())
}

impl Arguments {
    /// The training to go on with, if there is a checkpoint of it. Without `--resume` that is one at the end
    /// of this very training.
    fn go_on<'a>(
        &self,
        classifier: &MlpClassifier,
        train: &'a Samples<f32>,
    ) -> Result<Option<MlpTraining<'a, f32>>, Failure> {
        let read = |file| {
            let checkpoint = MlpCheckpoint::from_bytes(&whole_of(file)?).map_err(|error| error.in_flags())?;
            MlpTraining::resume(classifier, train, checkpoint).map_err(|error| error.in_flags())
        };
        let Some(Kept { checkpoint: training, resume }) = self.checkpoint.read(read)? else {
            return Ok(None);
        };
        self.checkpoint.take_up(training.stop().is_some(), resume, "epoch", training.n_iter() as u64)?;
        Ok(Some(training))
    }

    /// Trains until it ends by itself, or until it is told to stop; beside it the file that the end is kept
    /// in.
    fn fit(
        &self,
        classifier: &MlpClassifier,
        train: &Samples<f32>,
        training: Option<MlpTraining<'_, f32>>,
    ) -> Result<(FittedMlp<f32>, Option<PathBuf>), Failure> {
        let stop = stop_flag()?;
        let progress = TrainingProgress::new();
        let mut keeper = self.checkpoint.keeper();
        let mut training = match training {
            Some(training) => training,
            None => MlpTraining::start(classifier, train)?,
        };
        while training.stop().is_none() && !stop.load(Ordering::Relaxed) {
            let epoch = training.step()?;
            progress.epoch(classifier, &epoch);
            keeper.step(epoch.epoch as u64, || training.checkpoint().to_bytes());
        }
        if training.n_iter() == 0 {
            return Err(Failure::interrupted("interrupted in the first epoch; there is nothing to keep yet"));
        }
        let checkpoint = keeper.keep(|| training.checkpoint().to_bytes()).map(Path::to_owned);
        Ok((training.fitted(), checkpoint))
    }
}
