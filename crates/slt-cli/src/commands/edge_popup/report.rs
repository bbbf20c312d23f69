//! What `slt edge-popup` says of its result.

use std::fmt;

use serde::Serialize;
use slt_baselines::{EdgePopupConfig, Snapshot};
use slt_core::Seed;
use slt_mlp::{Evaluator, Provenance};
use slt_run::Loaded;

use super::options::Epoch;
use crate::arguments::{DataArguments, made_on};
use crate::failure::Failure;
use crate::files::mask_hash;
use crate::judged::Ending;
use crate::stdout::{count, percent};

/// The name of the algorithm in tickets and reports.
pub(super) const ALGORITHM: &str = "edge-popup";

/// The result on stdout.
#[derive(Serialize)]
pub(super) struct Report {
    pub(super) data: String,
    pub(super) architecture: String,
    pub(super) algorithm: &'static str,
    pub(super) network_seed: u64,
    pub(super) search_seed: u64,
    pub(super) config: EdgePopupConfig,
    pub(super) last: EpochReport,
    /// Chosen on the test part.
    pub(super) best: EpochReport,
    /// Which of them the ticket has.
    pub(super) kept_epoch: &'static str,
    pub(super) epochs: usize,
    #[serde(flatten)]
    pub(super) ending: Ending,
}

/// The mask after an epoch.
#[derive(Serialize)]
pub(super) struct EpochReport {
    epoch: usize,
    train_accuracy: f64,
    test_accuracy: f64,
    train_loss: f64,
    test_loss: f64,
    sparsity: f64,
    active_weights: usize,
    mask_hash: String,
}

impl EpochReport {
    /// What evaluating a ticket of that mask says.
    pub(super) fn new(snapshot: &Snapshot, train: &Evaluator, test: &Evaluator) -> Result<Self, Failure> {
        let mask = &snapshot.mask;
        Ok(Self {
            epoch: snapshot.epoch,
            train_accuracy: train.accuracy(mask)?,
            test_accuracy: test.accuracy(mask)?,
            // JSON has no infinity.
            train_loss: train.cross_entropy(mask)?.min(f64::MAX),
            test_loss: test.cross_entropy(mask)?.min(f64::MAX),
            sparsity: mask.sparsity(),
            active_weights: mask.count_ones(),
            mask_hash: mask_hash(mask),
        })
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { data, architecture, algorithm, config, epochs, kept_epoch, .. } = self;
        let (keep, sparsity) = (percent(config.keep), 100.0 * self.last.sparsity);
        writeln!(
            f,
            "{data} [{architecture}] {algorithm}, {keep} % kept: {}, {sparsity:.1} % sparsity",
            count(*epochs as u64, "epoch")
        )?;
        writeln!(f, "last  {}", self.last)?;
        writeln!(f, "best  {}, chosen on the test part", self.best)?;
        write!(f, "of the {kept_epoch} epoch, {}", self.ending)
    }
}

impl fmt::Display for EpochReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (train, test) = (100.0 * self.train_accuracy, 100.0 * self.test_accuracy);
        write!(f, "epoch {}: {train:.2} % training and {test:.2} % test accuracy, ", self.epoch)?;
        write!(f, "losses {:.4} and {:.4}, mask {}", self.train_loss, self.test_loss, self.mask_hash)
    }
}

/// What a run depends on beside the network.
pub(super) struct Run<'a> {
    pub(super) data: &'a Loaded,
    pub(super) arguments: &'a DataArguments,
    pub(super) config: &'a EdgePopupConfig,
    pub(super) network_seed: Seed,
    pub(super) search_seed: Seed,
}

impl Run<'_> {
    /// What the ticket says of where it comes from: enough to make it again.
    pub(super) fn provenance(&self, kept: Epoch, epoch: &EpochReport) -> Provenance {
        let Self { data, arguments, config, network_seed, search_seed } = self;
        let details = [
            ("network seed", network_seed.to_string()),
            ("search seed", search_seed.to_string()),
            ("keep", config.keep.to_string()),
            ("epochs", config.epochs.to_string()),
            ("batch size", config.batch_size.to_string()),
            ("learning rate", config.learning_rate.to_string()),
            ("momentum", config.momentum.to_string()),
            ("weight decay", config.weight_decay.to_string()),
            ("epoch", format!("{} ({})", epoch.epoch, kept.name())),
            ("train accuracy", epoch.train_accuracy.to_string()),
            ("test accuracy", epoch.test_accuracy.to_string()),
        ];
        made_on(data, arguments, ALGORITHM, details)
    }
}
