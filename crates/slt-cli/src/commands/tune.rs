//! `slt tune`: hyper-parameters by random search.

mod report;
mod sitting;
mod store;

use std::path::PathBuf;
use std::time::Instant;

use clap::{Args, ValueEnum};
use slt_baselines::{Error, Grid, MlpClassifier, RandomizedSearch, Samples, Trial, rank_trials};

use crate::arguments::{ArchitectureArguments, DataArguments, ThreadArguments};
use crate::failure::Failure;
use crate::interrupt::stop_flag;
use crate::stdout::show;
use crate::usage::OrUsage;
use crate::values::{shell_word, whole};
use report::{Best, Report};
use sitting::Sitting;
use store::{Config, TrialStore};

/// Search hyper-parameters for slt train, as scikit-learn's RandomizedSearchCV does
///
/// Points drawn from the paper's grid for a solver are judged by cross-validation on the training part. The
/// same options give the same trials, whatever the number of threads and after any interruption.
#[derive(Args)]
pub(crate) struct Arguments {
    #[command(flatten)]
    data: DataArguments,
    #[command(flatten)]
    architecture: ArchitectureArguments,
    /// Solver, whose grid is searched; both searches one grid after the other and ranks the trials together
    #[arg(long, value_enum, value_name = "NAME", default_value_t = Solvers::Both)]
    solver: Solvers,
    /// Points drawn from a grid, 1 to 6000; with --resume more of them take up those that are there
    #[arg(long, value_name = "N", default_value_t = 10, value_parser = whole::<usize, 1, 6000>)]
    iterations: usize,
    /// Folds of the cross-validation, 2 to 1000
    #[arg(long, value_name = "N", default_value_t = 3, value_parser = whole::<usize, 2, 1000>)]
    folds: usize,
    /// The most epochs of a training, at least 1
    #[arg(long, value_name = "N", default_value_t = 1000, value_parser = whole::<usize, 1, { u32::MAX as u64 }>)]
    max_iter: usize,
    /// Seed of the draws and of the trainings, as scikit-learn's random_state, below 2^32
    #[arg(long, default_value_t = 42, value_parser = whole::<u32, 0, { u32::MAX as u64 }>)]
    seed: u32,
    /// Seed of the trainings alone [default: that of --seed]
    #[arg(long, value_name = "SEED", value_parser = whole::<u32, 0, { u32::MAX as u64 }>)]
    training_seed: Option<u32>,
    /// Print the result on stdout as JSON
    #[arg(long)]
    json: bool,
    /// JSON file to keep finished trials in
    #[arg(long, value_name = "FILE", help_heading = "Trials")]
    trials: Option<PathBuf>,
    /// Go on from the trials in the file, if there is one
    #[arg(long, requires = "trials", help_heading = "Trials")]
    resume: bool,
    #[command(flatten, next_help_heading = "Machine")]
    threads: ThreadArguments,
}

/// Whose grid is searched.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Solvers {
    Sgd,
    Adam,
    Both,
}

impl Solvers {
    fn grids(self, base: &MlpClassifier) -> Vec<Grid> {
        let mut grids = Vec::new();
        if self != Solvers::Adam {
            grids.push(Grid::paper_sgd(base.clone()));
        }
        if self != Solvers::Sgd {
            grids.push(Grid::paper_adam(base.clone()));
        }
        grids
    }
}

pub(crate) fn run(arguments: &Arguments) -> Result<(), Failure> {
    let start = Instant::now();
    let loaded = arguments.data.load()?;
    let architecture = arguments.architecture.for_data(&loaded.source)?;
    let (Arguments { iterations, folds, max_iter, seed, .. }, sizes) = (arguments, architecture.sizes());
    let base = MlpClassifier {
        max_iter: *max_iter,
        random_state: arguments.training_seed.unwrap_or(*seed),
        ..MlpClassifier::scikit_learn(&sizes[1..sizes.len() - 1])
    };
    let config = Config {
        data: loaded.source.name(),
        architecture: architecture.to_string(),
        search: RandomizedSearch { n_iter: *iterations, cv: *folds, random_state: *seed },
        grids: arguments.solver.grids(&base),
    };
    let mut wanted = 0;
    for grid in &config.grids {
        wanted += config.search.points(grid).or_usage()?.len();
    }
    let store = TrialStore::open(arguments.trials.as_deref(), arguments.resume, &config)?;
    let stop = stop_flag()?;

    let split = &loaded.split;
    let (samples, test) = (Samples::<f32>::from(&split.train), Samples::from(&split.test));
    let sitting = Sitting::new(&store, stop, wanted, *folds);
    let mut trials =
        arguments.threads.install(|| search(&config, &samples, &sitting)).and_then(|found| found)?;
    rank_trials(&mut trials);
    let best = trials.iter().find(|trial| trial.rank == 1 && trial.mean_score.is_some());
    let best =
        best.map(|trial| Best::fit(trial, &samples, &test, arguments.command_of(trial))).transpose()?;
    let file = arguments.trials.as_deref();
    show(&Report::new(&config, trials, best, start.elapsed(), file), arguments.json)?;
    store.result()
}

impl Arguments {
    /// The command that trains the network of a trial on all of the training part.
    fn command_of(&self, trial: &Trial) -> String {
        let seed = trial.classifier.random_state;
        let command = vec!["slt".to_owned(), "train".to_owned()];
        let words = [command, self.data.as_options(), self.architecture.as_options()].concat();
        let words: Vec<String> = words.iter().map(|word| shell_word(word)).collect();
        let options = report::options(&trial.classifier);
        format!("{} --seed {seed} {options}", words.join(" "))
    }
}

/// The trials of all grids; Ctrl-C is a failure.
fn search(config: &Config, samples: &Samples<f32>, sitting: &Sitting<'_>) -> Result<Vec<Trial>, Failure> {
    let mut trials = Vec::new();
    for grid in &config.grids {
        let known = sitting.known(grid.base.solver, &config.search.points(grid)?);
        match config.search.resume(grid, samples, &known, sitting) {
            Ok(outcome) => trials.extend(outcome.trials),
            Err(Error::Interrupted { .. }) => return Err(sitting.interrupted()),
            Err(error @ Error::FoldCount { .. }) => {
                return Err(Failure::usage(format!("--folds: {error}")));
            }
            Err(error) => return Err(error.into()),
        }
    }
    Ok(trials)
}
