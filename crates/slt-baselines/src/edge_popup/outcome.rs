//! What a run reports.

use ndarray::Array2;
use serde::{Deserialize, Serialize};
use slt_core::BitMask;
use slt_mlp::{Network, Ticket, TicketError};

/// One epoch.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct EdgePopupEpoch {
    /// Number of the epoch, from 1.
    pub epoch: usize,
    /// Its learning rate.
    pub learning_rate: f64,
    /// Mean cross-entropy of its batches, each taken before its update.
    pub train_loss: f64,
    /// Share of the training samples classified correctly, likewise.
    pub train_accuracy: f64,
    /// Mean cross-entropy on the test data after the epoch.
    pub test_loss: f64,
    /// Share of the test samples classified correctly after the epoch.
    pub test_accuracy: f64,
    /// Bits in which the mask after the epoch differs from the one before it.
    pub changed_bits: usize,
}

/// Why a run ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum EdgePopupStop {
    /// All epochs are over.
    Epochs,
    /// The observer, or whoever stepped the run, asked for it.
    Observer,
}

/// The mask after an epoch.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Snapshot {
    /// Number of the epoch, from 1.
    pub epoch: usize,
    /// Share of the test samples classified correctly.
    pub test_accuracy: f64,
    /// The mask, in the bit order of the network.
    pub mask: BitMask,
}

/// The result of a run.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct EdgePopupOutcome<T> {
    /// After the last epoch: what the paper reports.
    pub last: Snapshot,
    /// After the first epoch of the highest test accuracy. It is chosen on test data, so it says what was
    /// possible, not what to expect.
    pub best: Snapshot,
    /// All epochs.
    pub history: Vec<EdgePopupEpoch>,
    /// Final scores of each layer, `n_in x n_out`.
    pub scores: Vec<Array2<T>>,
    /// Samples in a batch: what was asked for, or as many as there are.
    #[serde(default)]
    pub batch_size: usize,
    /// Why the run ended.
    pub stop: EdgePopupStop,
}

impl<T> EdgePopupOutcome<T> {
    /// The [`last`](Self::last) mask as a ticket of the network that the run was about.
    ///
    /// # Errors
    /// If the network was not drawn from a recipe, or is another one with other sizes.
    pub fn ticket(&self, network: Network) -> Result<Ticket, TicketError> {
        Ticket::new(network, self.last.mask.clone())
    }
}
