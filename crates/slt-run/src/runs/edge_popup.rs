use serde::{Deserialize, Serialize};
use slt_baselines::{EdgePopup, EdgePopupConfig, EdgePopupStop, Samples, Snapshot};
use slt_core::{BitMask, Seed};
use slt_mlp::{Evaluator, MetricName, Network, Recipe};

use super::{About, Context, Kind, Recorded, RunRecord, initialisation};
use crate::{DataSource, Error};

/// A run of edge-popup in single precision.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct EdgePopupSpec {
    /// The data.
    pub data: DataSource,
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
    pub last: Popup,
    /// After the epoch of the highest test accuracy.
    pub best: Popup,
    /// Mean cross-entropy on the training data in the last epoch.
    pub train_loss: f64,
}

/// The mask after an epoch, judged by the same [`Evaluator`] as tickets are.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Popup {
    /// The epoch, from 1.
    pub epoch: usize,
    /// The mask.
    pub mask: BitMask,
    /// Share of the training samples that are classified correctly.
    pub train_accuracy: f64,
    /// Share of the test samples that are classified correctly.
    pub test_accuracy: f64,
    /// Share of the weights that are masked out.
    pub sparsity: f64,
}

impl Kind for EdgePopupSpec {
    fn what(&self) -> String {
        let initialisation =
            initialisation(&self.network).map_or(String::new(), |words| format!(", {words}"));
        format!("edge-popup (keep {}{initialisation})", self.config.keep)
    }

    fn about(&self) -> About {
        let sizes = self.network.architecture.sizes().to_vec();
        About { data: self.data.clone(), sizes, seed: self.search_seed }
    }

    fn passes(&self) -> f64 {
        // Forward and backward, both slower than the masked engine.
        15.0 * self.config.epochs as f64
    }

    fn execute(&self, context: &mut dyn Context) -> Result<RunRecord, Error> {
        let data = self.data.load()?;
        let network = Network::from_recipe(self.network.clone())?;
        let (train, test) = (Samples::<f32>::from(&data.train), Samples::from(&data.test));
        let epochs = self.config.epochs;
        let outcome = EdgePopup::new(&network, &train, &test, self.config)?
            .run(self.search_seed, |epoch, _| context.advanced(epoch.epoch as f64 / epochs as f64))?;
        // Told to stop after the last epoch, it is complete all the same.
        if outcome.stop == EdgePopupStop::Observer && outcome.history.len() < epochs {
            return Err(Error::Interrupted);
        }
        let evaluator = |data| Evaluator::new(&network, data, MetricName::Accuracy);
        let (train, test) = (evaluator(&data.train)?, evaluator(&data.test)?);
        let judged = |Snapshot { epoch, mask, .. }: Snapshot| -> Result<Popup, Error> {
            Ok(Popup {
                epoch,
                train_accuracy: train.accuracy(&mask)?,
                test_accuracy: test.accuracy(&mask)?,
                sparsity: mask.sparsity(),
                mask,
            })
        };
        Ok(EdgePopupRecord {
            spec: self.clone(),
            train_loss: outcome.history.last().map_or(f64::NAN, |epoch| epoch.train_loss),
            last: judged(outcome.last)?,
            best: judged(outcome.best)?,
        }
        .into())
    }
}

impl Recorded for EdgePopupRecord {
    fn digest(&self) -> String {
        format!("mask {:016x}, {} test accuracy", self.last.mask.stable_hash(), self.last.test_accuracy)
    }

    fn test_accuracy(&self) -> Option<f64> {
        Some(self.last.test_accuracy)
    }
}
