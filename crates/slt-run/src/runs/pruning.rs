use serde::{Deserialize, Serialize};
use slt_core::BitMask;
use slt_mlp::{PruningOrder, prune_in};

use super::{About, Context, Kind, Recorded, RunRecord, SplitPart, TicketSpec};
use crate::Error;

/// Post-evolutionary pruning of a ticket: see [`slt_mlp::prune`].
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PruningSpec {
    /// What is pruned.
    pub ticket: TicketSpec,
    /// The data whose accuracy must not fall: training data in protocol `clean`, test data in protocol
    /// `paper`.
    pub guard: SplitPart,
    /// The order of the pass.
    pub order: PruningOrder,
}

/// A pruned ticket.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PruningRecord {
    /// What was run.
    pub spec: PruningSpec,
    /// The mask that is left.
    pub mask: BitMask,
    /// Share of the weights that it masks out.
    pub sparsity: f64,
    /// Share of the training samples that are classified correctly.
    pub train_accuracy: f64,
    /// Share of the test samples that are classified correctly.
    pub test_accuracy: f64,
}

impl Kind for PruningSpec {
    fn what(&self) -> String {
        format!("pruning on {} data,", self.guard)
    }

    fn about(&self) -> About {
        self.ticket.about()
    }

    fn passes(&self) -> f64 {
        // Flips cost far less than evaluations.
        self.ticket.mask.len() as f64 / 50.0
    }

    fn execute(&self, _context: &mut dyn Context) -> Result<RunRecord, Error> {
        let (network, data) = self.ticket.load()?;
        let guard = TicketSpec::evaluator(&network, self.guard.of(&data))?;
        let mask = prune_in(&guard, &self.ticket.mask, self.order)?;
        Ok(PruningRecord {
            spec: self.clone(),
            sparsity: mask.sparsity(),
            train_accuracy: TicketSpec::evaluator(&network, &data.train)?.accuracy(&mask)?,
            test_accuracy: TicketSpec::evaluator(&network, &data.test)?.accuracy(&mask)?,
            mask,
        }
        .into())
    }
}

impl Recorded for PruningRecord {
    fn digest(&self) -> String {
        format!("mask {:016x}, {} test accuracy", self.mask.stable_hash(), self.test_accuracy)
    }

    fn test_accuracy(&self) -> Option<f64> {
        Some(self.test_accuracy)
    }
}
