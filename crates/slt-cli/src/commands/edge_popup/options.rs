use clap::{Args, ValueEnum};
use slt_baselines::{EdgePopupConfig, EdgePopupSchedule};
use slt_run::DataSource;

use crate::arguments::{ArchitectureArguments, InitializerArguments};
use crate::failure::Failure;
use crate::usage::OrUsage;
use crate::values::{real, whole};

/// The random network.
#[derive(Args)]
pub(super) struct NetworkArguments {
    #[command(flatten)]
    pub(super) architecture: ArchitectureArguments,
    #[command(flatten)]
    pub(super) distributions: InitializerArguments,
    /// Seed of the network alone [default: that of --seed]
    #[arg(long, value_name = "SEED", value_parser = whole::<u64, 0, { u64::MAX }>)]
    pub(super) network_seed: Option<u64>,
}

/// The descent on the scores.
#[derive(Args)]
pub(super) struct EdgePopupArguments {
    /// Fraction of the weights of each layer that the mask keeps, above 0 and at most 1; it also scales
    /// kaiming-normal and signed-constant weights [default: 0.5]
    #[arg(long, value_name = "SHARE", value_parser = real)]
    keep: Option<f64>,
    /// Passes over the training data, at least 1 [default: 100]
    #[arg(long, value_name = "N", value_parser = whole::<usize, 1, { u32::MAX as u64 }>)]
    epochs: Option<usize>,
    /// Samples in a batch, at least 1 [default: a quarter of the samples; from 1000 samples 250, from 5000
    /// 500, from 40000 1000]
    #[arg(long, value_name = "N", value_parser = whole::<usize, 1, { u32::MAX as u64 }>)]
    batch_size: Option<usize>,
    /// How the learning rate changes [default: cosine]
    #[arg(long, value_enum, value_name = "HOW")]
    schedule: Option<Schedule>,
    /// Learning rate of the first epoch, above 0 [default: 0.1]
    #[arg(long, value_name = "RATE", value_parser = real)]
    learning_rate: Option<f64>,
    /// Momentum, at least 0 and below 1 [default: 0.9]
    #[arg(long, value_parser = real)]
    momentum: Option<f64>,
    /// Weight decay on the scores, at least 0 [default: 0.0001]
    #[arg(long, value_name = "DECAY", value_parser = real)]
    weight_decay: Option<f64>,
    /// Seed of the first scores alone [default: that of --seed]
    #[arg(long, value_name = "SEED", value_parser = whole::<u64, 0, { u64::MAX }>)]
    pub(super) search_seed: Option<u64>,
}

#[derive(Clone, Copy, ValueEnum)]
enum Schedule {
    /// It falls to 0 along half a cosine over all epochs
    Cosine,
    /// Not at all; then more epochs can be added to a run
    Constant,
}

impl EdgePopupArguments {
    /// The paper's configuration, or one like it for data of this size, with the changes that are asked for.
    pub(super) fn config(&self, data: &DataSource) -> Result<EdgePopupConfig, Failure> {
        let paper = match data.paper() {
            Some(data) => EdgePopupConfig::paper(data.name),
            None => EdgePopupConfig::for_shape(data.shape()?),
        };
        let config = EdgePopupConfig {
            keep: self.keep.unwrap_or(paper.keep),
            epochs: self.epochs.unwrap_or(paper.epochs),
            batch_size: self.batch_size.unwrap_or(paper.batch_size),
            learning_rate: self.learning_rate.unwrap_or(paper.learning_rate),
            momentum: self.momentum.unwrap_or(paper.momentum),
            weight_decay: self.weight_decay.unwrap_or(paper.weight_decay),
            schedule: match self.schedule {
                Some(Schedule::Cosine) => EdgePopupSchedule::Cosine,
                Some(Schedule::Constant) => EdgePopupSchedule::Constant,
                None => paper.schedule,
            },
        };
        config.validate().or_usage()?;
        Ok(config)
    }
}

/// An epoch of a run.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Epoch {
    /// The last one, which the paper reports
    Last,
    /// The first of the highest test accuracy
    Best,
}

impl Epoch {
    pub(super) fn name(self) -> &'static str {
        match self {
            Epoch::Last => "last",
            Epoch::Best => "best",
        }
    }
}
