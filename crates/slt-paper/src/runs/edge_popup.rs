use serde::{Deserialize, Serialize};
use slt_baselines::{EdgePopup, EdgePopupConfig, EdgePopupStop, Samples, Snapshot};
use slt_core::Seed;
use slt_datasets::paper::PaperData;
use slt_mlp::{Network, Recipe};

use super::{Advance, initialisation};
use crate::Error;

/// A run of edge-popup in single precision.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct EdgePopupSpec {
    /// The data.
    pub data: PaperData,
    /// What the network is drawn from.
    pub network: Recipe,
    /// Hyper-parameters.
    pub config: EdgePopupConfig,
    /// Seed of the scores.
    pub search_seed: Seed,
}

/// What came out of a run of edge-popup.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct EdgePopupRecord {
    /// What was run.
    pub spec: EdgePopupSpec,
    /// After the last epoch: what the paper reports.
    pub last: Snapshot,
    /// After the epoch of the highest test accuracy.
    pub best: Snapshot,
    /// Mean cross-entropy on the training data in each epoch.
    pub train_loss: Vec<f64>,
    /// Test accuracy after each epoch.
    pub test_accuracy: Vec<f64>,
    /// Share of the weights that are masked out.
    pub sparsity: f64,
}

impl EdgePopupSpec {
    pub(super) fn name(&self) -> String {
        let initialisation =
            initialisation(&self.network).map_or(String::new(), |words| format!(", {words}"));
        format!("edge-popup (keep {}{initialisation})", self.config.keep)
    }

    pub(super) fn run(&self, advance: Advance<'_>) -> Result<EdgePopupRecord, Error> {
        let data = self.data.load()?;
        let network = Network::from_recipe(self.network.clone())?;
        let (train, test) = (Samples::<f32>::from(&data.train), Samples::from(&data.test));
        let epochs = self.config.epochs;
        let outcome = EdgePopup::new(&network, &train, &test, self.config)?
            .run(self.search_seed, |epoch, _| advance(epoch.epoch as f64 / epochs as f64))?;
        // Told to stop after the last epoch, it is complete all the same.
        if outcome.stop == EdgePopupStop::Observer && outcome.history.len() < epochs {
            return Err(Error::Interrupted);
        }
        Ok(EdgePopupRecord {
            spec: self.clone(),
            train_loss: outcome.history.iter().map(|epoch| epoch.train_loss).collect(),
            test_accuracy: outcome.history.iter().map(|epoch| epoch.test_accuracy).collect(),
            sparsity: outcome.last.mask.sparsity(),
            last: outcome.last,
            best: outcome.best,
        })
    }
}
