use clap::{Args, ValueEnum};
use slt_baselines::EdgePopupConfig;
use slt_datasets::paper::PaperName;

use crate::arguments::InitializerArguments;
use crate::failure::Failure;
use crate::usage::OrUsage;
use crate::values::{real, whole};

/// The random network.
#[derive(Args)]
pub(super) struct NetworkArguments {
    /// Architecture: A, B, C, D, or sizes such as 2,20,2
    #[arg(long, value_name = "SIZES")]
    pub(super) arch: String,
    #[command(flatten)]
    pub(super) distributions: InitializerArguments,
    /// Seed of the network alone [default: that of --seed]
    #[arg(long, value_name = "SEED", value_parser = whole::<u64, 0, { u64::MAX }>)]
    pub(super) network_seed: Option<u64>,
}

/// The descent on the scores.
#[derive(Args)]
pub(super) struct EdgePopupArguments {
    /// Fraction of the weights of each layer that the mask keeps, above 0 and at most 1; it also scales kaiming-normal and
    /// signed-constant weights [default: 0.5]
    #[arg(long, value_name = "SHARE", value_parser = real)]
    keep: Option<f64>,
    /// Passes over the training data, at least 1 [default: 100]
    #[arg(long, value_name = "N", value_parser = whole::<usize, 1, { u32::MAX as u64 }>)]
    epochs: Option<usize>,
    /// Samples in a batch, at least 1 [default: moons and circles 1000, blobs 500, digits 250]
    #[arg(long, value_name = "N", value_parser = whole::<usize, 1, { u32::MAX as u64 }>)]
    batch_size: Option<usize>,
    /// Learning rate of the first epoch, above 0; it falls to 0 along a cosine [default: 0.1]
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

impl EdgePopupArguments {
    /// The paper's configuration with the changes that are asked for.
    pub(super) fn config(&self, data: PaperName) -> Result<EdgePopupConfig, Failure> {
        let paper = EdgePopupConfig::paper(data);
        let config = EdgePopupConfig {
            keep: self.keep.unwrap_or(paper.keep),
            epochs: self.epochs.unwrap_or(paper.epochs),
            batch_size: self.batch_size.unwrap_or(paper.batch_size),
            learning_rate: self.learning_rate.unwrap_or(paper.learning_rate),
            momentum: self.momentum.unwrap_or(paper.momentum),
            weight_decay: self.weight_decay.unwrap_or(paper.weight_decay),
            ..paper
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
