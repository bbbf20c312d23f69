use clap::{Args, ValueEnum};
use slt_baselines::{LearningRate, MlpClassifier, Solver};
use slt_mlp::Architecture;
use slt_run::DataSource;

use crate::failure::Failure;
use crate::stderr::note;
use crate::usage::OrUsage;
use crate::values::{real, whole};

/// The hyper-parameters.
#[derive(Args)]
pub(super) struct TrainingArguments {
    /// Where hyper-parameters come from that are not given [default: paper where it has them, else
    /// scikit-learn; for files size]
    #[arg(long, value_enum, value_name = "NAME")]
    defaults: Option<Defaults>,
    /// How weights are updated
    #[arg(long, value_enum, value_name = "NAME")]
    solver: Option<SolverName>,
    /// Strength of the L2 penalty, at least 0
    #[arg(long, value_parser = real)]
    alpha: Option<f64>,
    /// Samples in a batch, at least 1; scikit-learn's default is 200
    #[arg(long, value_name = "N", value_parser = whole::<usize, 1, { u32::MAX as u64 }>)]
    batch_size: Option<usize>,
    /// How the learning rate changes (sgd)
    #[arg(long, value_enum, value_name = "NAME")]
    learning_rate: Option<Schedule>,
    /// Learning rate to begin with, above 0
    #[arg(long, value_name = "RATE", value_parser = real)]
    learning_rate_init: Option<f64>,
    /// Exponent of the invscaling learning rate, at least 0 (sgd)
    #[arg(long, value_name = "EXPONENT", value_parser = real)]
    power_t: Option<f64>,
    /// Momentum, 0 to 1 (sgd)
    #[arg(long, value_parser = real)]
    momentum: Option<f64>,
    /// Momentum that looks ahead (sgd)
    #[arg(long)]
    nesterov: bool,
    /// Momentum that does not look ahead (sgd)
    #[arg(long, conflicts_with = "nesterov")]
    no_nesterov: bool,
    /// Decay of the mean of gradients, at least 0 and below 1 (adam)
    #[arg(long = "beta-1", value_name = "DECAY", value_parser = real)]
    beta_1: Option<f64>,
    /// Decay of the mean of squared gradients, at least 0 and below 1 (adam)
    #[arg(long = "beta-2", value_name = "DECAY", value_parser = real)]
    beta_2: Option<f64>,
    /// What keeps steps from dividing by zero, above 0 (adam)
    #[arg(long, value_parser = real)]
    epsilon: Option<f64>,
    /// The most epochs, at least 1
    #[arg(long, value_name = "N", value_parser = whole::<usize, 1, { u32::MAX as u64 }>)]
    max_iter: Option<usize>,
    /// The least improvement of the loss that counts, at least 0
    #[arg(long, value_name = "LOSS", value_parser = real)]
    tol: Option<f64>,
    /// Epochs without improvement that are tolerated, at least 1
    #[arg(long, value_name = "N", value_parser = whole::<usize, 1, { u32::MAX as u64 }>)]
    n_iter_no_change: Option<usize>,
    /// Set a part of the training data aside, and stop when the accuracy on it does not improve by --tol any
    /// more
    #[arg(long)]
    early_stopping: bool,
    /// Share of the training data that is set aside, above 0 and below 1 [default: 0.1]
    #[arg(long, value_name = "SHARE", value_parser = real, requires = "early_stopping")]
    validation_fraction: Option<f64>,
    /// Take the samples in the order of the data in every epoch
    #[arg(long)]
    no_shuffle: bool,
}

/// Where hyper-parameters come from that are not given.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Defaults {
    /// Table 2 of the paper, for data, architecture and solver
    Paper,
    /// By the number of samples: Adam, and batches of 32 to 128
    Size,
    /// scikit-learn's MLPClassifier
    ScikitLearn,
}

impl Defaults {
    pub(super) fn name(self) -> &'static str {
        match self {
            Defaults::Paper => "paper",
            Defaults::Size => "size",
            Defaults::ScikitLearn => "scikit-learn",
        }
    }
}

#[derive(Clone, Copy, ValueEnum)]
enum SolverName {
    Adam,
    /// Stochastic gradient descent with momentum
    Sgd,
}

#[derive(Clone, Copy, ValueEnum)]
enum Schedule {
    Constant,
    /// It falls with the number of samples seen
    Invscaling,
    /// It is divided by 5 where training would stop
    Adaptive,
}

impl TrainingArguments {
    /// The hyper-parameters, and where those that are not given come from.
    pub(super) fn classifier(
        &self,
        data: &DataSource,
        architecture: &Architecture,
        seed: u32,
    ) -> Result<(MlpClassifier, Defaults), Failure> {
        let (mut classifier, defaults) = self.base(data, architecture)?;
        let set = |field: &mut f64, value: Option<f64>| *field = value.unwrap_or(*field);
        classifier.random_state = seed;
        set(&mut classifier.alpha, self.alpha);
        classifier.batch_size = self.batch_size.or(classifier.batch_size);
        classifier.learning_rate = match self.learning_rate {
            Some(Schedule::Constant) => LearningRate::Constant,
            Some(Schedule::Invscaling) => LearningRate::InvScaling,
            Some(Schedule::Adaptive) => LearningRate::Adaptive,
            None => classifier.learning_rate,
        };
        set(&mut classifier.learning_rate_init, self.learning_rate_init);
        set(&mut classifier.power_t, self.power_t);
        set(&mut classifier.momentum, self.momentum);
        classifier.nesterovs_momentum = (classifier.nesterovs_momentum || self.nesterov) && !self.no_nesterov;
        set(&mut classifier.beta_1, self.beta_1);
        set(&mut classifier.beta_2, self.beta_2);
        set(&mut classifier.epsilon, self.epsilon);
        classifier.max_iter = self.max_iter.unwrap_or(classifier.max_iter);
        set(&mut classifier.tol, self.tol);
        classifier.n_iter_no_change = self.n_iter_no_change.unwrap_or(classifier.n_iter_no_change);
        classifier.shuffle &= !self.no_shuffle;
        classifier.early_stopping |= self.early_stopping;
        set(&mut classifier.validation_fraction, self.validation_fraction);
        classifier.validate().or_usage()?;
        self.check_used(&classifier)?;
        Ok((classifier, defaults))
    }

    /// The hyper-parameters to begin with. The paper's are for the solver that it found them with.
    fn base(
        &self,
        data: &DataSource,
        architecture: &Architecture,
    ) -> Result<(MlpClassifier, Defaults), Failure> {
        let sizes = architecture.sizes();
        let hidden = &sizes[1..sizes.len() - 1];
        let wanted = self.solver.map(|solver| match solver {
            SolverName::Adam => Solver::Adam,
            SolverName::Sgd => Solver::Sgd,
        });
        let shape = data.shape()?;
        if self.defaults == Some(Defaults::Size) {
            let mut classifier = MlpClassifier::for_shape(shape, hidden);
            classifier.solver = wanted.unwrap_or(classifier.solver);
            return Ok((classifier, Defaults::Size));
        }
        if self.defaults != Some(Defaults::ScikitLearn) {
            let paper = match data.paper() {
                Some(data) => MlpClassifier::paper(data.name, shape.classes, hidden),
                None if self.defaults.is_some() => {
                    return Err(Failure::usage(
                        "--defaults paper is for the paper's data sets, not for a file",
                    ));
                }
                None => Ok(MlpClassifier::for_shape(shape, hidden)),
            };
            let defaults = if data.paper().is_some() { Defaults::Paper } else { Defaults::Size };
            match paper {
                Ok(paper) if wanted.is_none_or(|solver| solver == paper.solver) => {
                    return Ok((paper, defaults));
                }
                Ok(_) if self.defaults.is_some() => {
                    return Err(Failure::usage(
                        "--defaults paper: the paper has another solver here; leave out --solver, or take --defaults \
                         scikit-learn",
                    ));
                }
                Err(error) if self.defaults.is_some() => {
                    return Err(Failure::usage(format!("--defaults paper: {error}")));
                }
                _ => {}
            }
        }
        let mut classifier = MlpClassifier::scikit_learn(hidden);
        classifier.solver = wanted.unwrap_or(classifier.solver);
        Ok((classifier, Defaults::ScikitLearn))
    }

    /// What the solver does not use is an error, not ignored; all but the schedule, which tables give for
    /// both solvers.
    fn check_used(&self, classifier: &MlpClassifier) -> Result<(), Failure> {
        let of_sgd = [
            ("--momentum", self.momentum.is_some()),
            ("--nesterov", self.nesterov),
            ("--no-nesterov", self.no_nesterov),
            ("--power-t", self.power_t.is_some()),
        ];
        let of_adam = [
            ("--beta-1", self.beta_1.is_some()),
            ("--beta-2", self.beta_2.is_some()),
            ("--epsilon", self.epsilon.is_some()),
        ];
        let is_adam = classifier.solver == Solver::Adam;
        let (unused, solver) = if is_adam { (&of_sgd[..], "sgd") } else { (&of_adam[..], "adam") };
        if let Some((flag, _)) = unused.iter().find(|(_, given)| *given) {
            return Err(Failure::usage(format!("{flag} needs --solver {solver}")));
        }
        if self.power_t.is_some() && classifier.learning_rate != LearningRate::InvScaling {
            return Err(Failure::usage("--power-t needs --learning-rate invscaling"));
        }
        if is_adam && self.learning_rate.is_some() {
            note("warning: --learning-rate has no effect with --solver adam");
        }
        Ok(())
    }
}
