use serde::{Deserialize, Serialize};
use slt_baselines::{MlpClassifier, MlpStop, Samples};
use slt_core::Seed;

use super::{About, Context, Kind, Recorded, RunRecord};
use crate::{DataSource, Error};

/// Training by backpropagation in single precision.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TrainingSpec {
    /// The data.
    pub data: DataSource,
    /// Hyper-parameters and seed.
    pub classifier: MlpClassifier,
}

/// What came out of a training.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TrainingRecord {
    /// What was run.
    pub spec: TrainingSpec,
    /// Number of epochs.
    pub n_iter: usize,
    /// Why it ended.
    pub stop: MlpStop,
    /// The objective in the last epoch.
    pub loss: f64,
    /// Share of the training samples that are classified correctly.
    pub train_accuracy: f64,
    /// Share of the test samples that are classified correctly.
    pub test_accuracy: f64,
}

impl Kind for TrainingSpec {
    fn what(&self) -> String {
        "backprop".to_owned()
    }

    fn about(&self) -> About {
        let (inputs, outputs) = self.data.shape().map_or((0, 0), |shape| (shape.features, shape.classes));
        let sizes = [&[inputs], &self.classifier.hidden_layer_sizes[..], &[outputs]].concat();
        About { data: self.data.clone(), sizes, seed: Seed(u64::from(self.classifier.random_state)) }
    }

    fn passes(&self) -> f64 {
        10.0 * self.classifier.max_iter.min(100) as f64
    }

    fn execute(&self, context: &mut dyn Context) -> Result<RunRecord, Error> {
        let data = self.data.load()?;
        let (train, test) = (Samples::<f32>::from(&data.train), Samples::from(&data.test));
        let limit = self.classifier.max_iter;
        let fitted = self.classifier.fit(&train, |epoch| {
            // Nearly all trainings converge long before the limit, so that is no measure of what is left.
            let gone = epoch.epoch as f64;
            context.advanced((gone / limit as f64).max(gone / (gone + 50.0)))
        })?;
        if fitted.stop() == MlpStop::Observer {
            return Err(Error::Interrupted);
        }
        Ok(TrainingRecord {
            spec: self.clone(),
            n_iter: fitted.n_iter(),
            stop: fitted.stop(),
            loss: fitted.loss_curve().last().copied().unwrap_or(f64::NAN),
            train_accuracy: fitted.score(&train)?,
            test_accuracy: fitted.score(&test)?,
        }
        .into())
    }
}

impl Recorded for TrainingRecord {
    fn digest(&self) -> String {
        format!("{} epochs, {} test accuracy", self.n_iter, self.test_accuracy)
    }

    fn test_accuracy(&self) -> Option<f64> {
        Some(self.test_accuracy)
    }
}
