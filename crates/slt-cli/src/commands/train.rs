//! `slt train`: backpropagation.

mod model;
mod options;
mod report;

use std::ops::ControlFlow;
use std::path::PathBuf;
use std::sync::atomic::Ordering;
use std::time::Instant;

use clap::Args;
use cpu_time::ProcessTime;
use slt_baselines::{FittedMlp, MlpClassifier, MlpStop, Samples};
use slt_run::{check_output, write_atomically};

use crate::arguments::DataArguments;
use crate::failure::Failure;
use crate::interrupt::stop_flag;
use crate::progress::TrainingProgress;
use crate::stdout::show;
use crate::values::whole;
use model::Model;
use options::TrainingArguments;
use report::Report;

/// Train a network by backpropagation, as scikit-learn's MLPClassifier does
///
/// What the options do not say is as in the paper (Table 2) where it trains this architecture on these data with this
/// solver, else scikit-learn's default. The same options give the same network on every machine.
#[derive(Args)]
pub(crate) struct Arguments {
    #[command(flatten)]
    data: DataArguments,
    /// Architecture: A, B, C, D, or sizes such as 2,20,2
    #[arg(long, value_name = "SIZES")]
    arch: String,
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
}

pub(crate) fn run(arguments: &Arguments) -> Result<(), Failure> {
    let (start, cpu) = (Instant::now(), ProcessTime::now());
    let (data, architecture) = arguments.data.with_architecture(&arguments.arch)?;
    let (classifier, defaults) = arguments.training.classifier(&data, &architecture, arguments.seed)?;
    if let Some(out) = &arguments.out {
        check_output(out)?;
    }
    let split = data.load()?;
    let (train, test) = (Samples::<f32>::from(&split.train), Samples::from(&split.test));

    let fit_cpu = ProcessTime::now();
    let fitted = fit(&classifier, &train)?;
    let fit_cpu = fit_cpu.elapsed();
    let (train_accuracy, test_accuracy) = (fitted.score(&train)?, fitted.score(&test)?);

    if let Some(out) = &arguments.out {
        let model = Model::new(split.train.name(), &architecture, &classifier, &fitted, test_accuracy);
        write_atomically(out, &model.to_bytes())?;
    }
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
        train_accuracy,
        test_accuracy,
        hyper_parameters: classifier,
        seconds: start.elapsed().as_secs_f64(),
        cpu_seconds: cpu.elapsed().as_secs_f64(),
        fit_cpu_seconds: fit_cpu.as_secs_f64(),
        file: arguments.out.as_ref().map(|file| file.display().to_string()),
    };
    show(&report, arguments.json)
}

/// Trains until it ends by itself; Ctrl-C is a failure.
fn fit(classifier: &MlpClassifier, train: &Samples<f32>) -> Result<FittedMlp<f32>, Failure> {
    let stop = stop_flag()?;
    let progress = TrainingProgress::new();
    let fitted = classifier.fit(train, |epoch| {
        progress.epoch(classifier, epoch);
        if stop.load(Ordering::Relaxed) { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    })?;
    if fitted.stop() == MlpStop::Observer {
        return Err(Failure::interrupted(format!(
            "interrupted after epoch {} of at most {}; a network half trained is not kept, and nothing is written",
            fitted.n_iter(),
            classifier.max_iter
        )));
    }
    Ok(fitted)
}
