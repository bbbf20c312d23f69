//! What `slt tune` says of its result.

use std::fmt;
use std::ops::ControlFlow;
use std::path::Path;
use std::time::Duration;

use serde::Serialize;
use slt_baselines::{LearningRate, MlpClassifier, Samples, Solver, Trial};

use super::store::{Config, name_of};
use crate::failure::Failure;

/// The result on stdout.
#[derive(Serialize)]
pub(super) struct Report {
    data: String,
    architecture: String,
    solvers: Vec<&'static str>,
    iterations: usize,
    folds: usize,
    seed: u32,
    /// None if every training diverged.
    best: Option<Best>,
    /// By rank.
    trials: Vec<Trial>,
    seconds: f64,
    file: Option<String>,
}

/// The best trial, and the network that it is about: trained on all of the training part.
#[derive(Serialize)]
pub(super) struct Best {
    /// What trains that network.
    command: String,
    /// Mean accuracy on the folds.
    score: f64,
    epochs: usize,
    train_accuracy: f64,
    test_accuracy: f64,
}

impl Best {
    /// Trains the network.
    pub(super) fn fit(
        trial: &Trial,
        train: &Samples<f32>,
        test: &Samples<f32>,
        command: String,
    ) -> Result<Self, Failure> {
        let fitted = trial.classifier.fit(train, |_| ControlFlow::Continue(()))?;
        Ok(Self {
            command,
            score: trial.mean_score.unwrap_or_default(),
            epochs: fitted.n_iter(),
            train_accuracy: fitted.score(train)?,
            test_accuracy: fitted.score(test)?,
        })
    }
}

impl Report {
    /// Takes the trials in the order of their draws, ranked.
    pub(super) fn new(
        config: &Config,
        mut trials: Vec<Trial>,
        best: Option<Best>,
        elapsed: Duration,
        file: Option<&Path>,
    ) -> Self {
        trials.sort_by_key(|trial| trial.rank);
        Self {
            data: config.data.clone(),
            architecture: config.architecture.clone(),
            solvers: config.grids.iter().map(|grid| name_of(grid.base.solver)).collect(),
            iterations: config.search.n_iter,
            folds: config.search.cv,
            seed: config.search.random_state,
            best,
            trials,
            seconds: elapsed.as_secs_f64(),
            file: file.map(|file| file.display().to_string()),
        }
    }
}

fn schedule(classifier: &MlpClassifier) -> &'static str {
    match classifier.learning_rate {
        LearningRate::InvScaling => "invscaling",
        LearningRate::Adaptive => "adaptive",
        _ => "constant",
    }
}

/// What the solver uses, as options of `slt train`.
pub(super) fn options(classifier: &MlpClassifier) -> String {
    let MlpClassifier { solver, alpha, learning_rate_init, momentum, epsilon, max_iter, .. } = classifier;
    let mut line = format!("--defaults scikit-learn --solver {} --alpha {alpha}", name_of(*solver));
    if let Some(batch_size) = classifier.batch_size {
        line += &format!(" --batch-size {batch_size}");
    }
    line += &format!(" --learning-rate-init {learning_rate_init}");
    if *solver == Solver::Sgd {
        line += &format!(" --learning-rate {} --momentum {momentum}", schedule(classifier));
        line += if classifier.nesterovs_momentum { "" } else { " --no-nesterov" };
    } else {
        line += &format!(" --epsilon {epsilon}");
    }
    line + &format!(" --max-iter {max_iter}")
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { data, architecture, iterations, folds, seconds, .. } = self;
        write!(f, "{data} [{architecture}] {}, ", self.solvers.join(" and "))?;
        writeln!(f, "{iterations} draws of a grid, {folds} folds, {seconds:.1} s")?;
        writeln!(
            f,
            "rank  accuracy      sd  epochs  solver     alpha  batch      rate  schedule  momentum   epsilon"
        )?;
        for trial in &self.trials {
            write_row(f, trial)?;
        }
        match &self.best {
            Some(Best { command, train_accuracy, test_accuracy, epochs, .. }) => {
                let (train, test) = (100.0 * train_accuracy, 100.0 * test_accuracy);
                write!(
                    f,
                    "best  {train:.2} % training and {test:.2} % test accuracy after {epochs} epochs "
                )?;
                writeln!(f, "on all of the training part:\n      {command}")?;
            }
            None => writeln!(f, "every training diverged")?,
        }
        match &self.file {
            Some(file) => writeln!(f, "trials -> {file}"),
            None => Ok(()),
        }
    }
}

fn write_row(f: &mut fmt::Formatter<'_>, trial: &Trial) -> fmt::Result {
    let Trial { rank, classifier, mean_score, std_score, epochs, .. } = trial;
    write!(f, "{rank:>4}  ")?;
    match (mean_score, std_score) {
        (Some(mean), Some(sd)) => write!(f, "{:>6.2} %  {:>6.2}", 100.0 * mean, 100.0 * sd)?,
        _ => write!(f, "{:>8}  {:>6}", "diverged", "")?,
    }
    let known: Vec<usize> = epochs.iter().flatten().copied().collect();
    let mean = known.iter().sum::<usize>() as f64 / known.len().max(1) as f64;
    let MlpClassifier { solver, alpha, learning_rate_init, momentum, epsilon, .. } = classifier;
    let batch = classifier.batch_size.map_or_else(|| "auto".to_owned(), |size| size.to_string());
    write!(
        f,
        "  {mean:>6.0}  {:<6}  {alpha:>8.2e}  {batch:>5}  {learning_rate_init:>8.2e}",
        name_of(*solver)
    )?;
    if *solver == Solver::Sgd {
        let kind = if classifier.nesterovs_momentum { " nag" } else { "    " };
        writeln!(f, "  {:<8}  {momentum:>4}{kind}", schedule(classifier))
    } else {
        writeln!(f, "  {:<8}  {:>8}  {epsilon:>8.2e}", "", "")
    }
}
