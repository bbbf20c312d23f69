//! What `slt train` says of its result.

use std::fmt;

use serde::Serialize;
use slt_baselines::{MlpClassifier, MlpStop, Solver};

use crate::judged::Ending;
use crate::stdout::count;

/// The result on stdout.
#[derive(Serialize)]
pub(super) struct Report {
    pub(super) data: String,
    pub(super) architecture: String,
    /// Where hyper-parameters come from that were not given.
    pub(super) defaults: &'static str,
    pub(super) hyper_parameters: MlpClassifier,
    pub(super) seed: u32,
    pub(super) epochs: usize,
    pub(super) stop_reason: &'static str,
    pub(super) loss: f64,
    pub(super) best_loss: f64,
    pub(super) train_accuracy: f64,
    pub(super) test_accuracy: f64,
    /// Samples in a batch.
    pub(super) batch_size: usize,
    /// The best on the part that was set aside, with early stopping.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) validation_accuracy: Option<f64>,
    #[serde(flatten)]
    pub(super) ending: Ending,
}

/// Why a training ended, under the name of the option that decided.
pub(super) fn stop_reason(stop: MlpStop) -> &'static str {
    match stop {
        MlpStop::Converged => "converged",
        MlpStop::MaxIter => "max-iter",
        _ => "interrupted",
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { data, architecture, defaults, .. } = self;
        let solver = if self.hyper_parameters.solver == Solver::Adam { "adam" } else { "sgd" };
        let (train, test) = (100.0 * self.train_accuracy, 100.0 * self.test_accuracy);
        write!(f, "{data} [{architecture}] {solver}, defaults of {defaults}: ")?;
        writeln!(f, "{train:.2} % training and {test:.2} % test accuracy")?;
        let Self { epochs, stop_reason, loss, batch_size, .. } = self;
        let epochs = count(*epochs as u64, "epoch");
        writeln!(f, "{epochs} ({stop_reason}), batches of {batch_size}, loss {loss:.5}")?;
        write!(f, "{}", self.ending)
    }
}
