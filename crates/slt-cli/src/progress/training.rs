use slt_baselines::{EdgePopupEpoch, LearningRate, MlpClassifier, MlpEpoch, Solver};

use super::display::Display;

/// The progress of one training.
pub(crate) struct TrainingProgress {
    display: Display,
}

impl TrainingProgress {
    pub(crate) fn new() -> Self {
        Self { display: Display::new() }
    }

    /// After an epoch of backpropagation.
    pub(crate) fn epoch(&self, classifier: &MlpClassifier, epoch: &MlpEpoch) {
        let MlpEpoch { epoch: number, loss, no_improvement_count, .. } = epoch;
        self.display.show(share_trained(classifier, epoch), || {
            format!("epoch {number}, loss {loss:.5}, {no_improvement_count} without improvement")
        });
    }

    /// After an epoch of edge-popup.
    pub(crate) fn edge_popup(&self, epochs: usize, epoch: &EdgePopupEpoch) {
        let EdgePopupEpoch { epoch: number, train_loss, train_accuracy, changed_bits, .. } = epoch;
        self.display.show(*number as f64 / epochs as f64, || {
            let accuracy = 100.0 * train_accuracy;
            format!("epoch {number} of {epochs}, loss {train_loss:.4}, accuracy {accuracy:.2} %, {changed_bits} bits changed")
        });
    }
}

/// Where the adaptive learning rate ends, and what it is divided by.
const LEAST_RATE: f64 = 1e-6;
const DIVISOR: f64 = 5.0;

/// Which part of a training is done, in [0, 1]: by the epoch at which it ends, or would end if nothing
/// improved any more.
pub(super) fn share_trained(classifier: &MlpClassifier, epoch: &MlpEpoch) -> f64 {
    let patience = classifier.n_iter_no_change + 1;
    let adaptive = classifier.solver == Solver::Sgd && classifier.learning_rate == LearningRate::Adaptive;
    let mut stages = 0;
    let mut rate = epoch.learning_rate;
    while adaptive && rate > LEAST_RATE {
        rate /= DIVISOR;
        stages += 1;
    }
    let left = (patience + stages * patience).saturating_sub(epoch.no_improvement_count);
    let end = epoch.epoch.saturating_add(left).min(classifier.max_iter);
    epoch.epoch as f64 / end.max(1) as f64
}
