use serde::{Deserialize, Serialize};
use slt_search::{StopReason, Work};

use super::MaskSearchSpec;
use crate::runs::{Chosen, Recorded};

/// What came out of a search for a mask.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct MaskSearchRecord {
    /// What was run.
    pub spec: MaskSearchSpec,
    /// The best, by its judge, and how it does.
    pub best: Chosen,
    /// What the judge says of it.
    pub performance: f64,
    /// Steps taken.
    pub steps: u64,
    /// What was asked.
    pub work: Work,
    /// Why the search ended.
    pub stop_reason: StopReason,
    /// The best on the way, at growing amounts of work.
    pub milestones: Vec<Passed>,
}

/// The best of a search on the way.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Passed {
    /// Masks judged.
    pub judged: u64,
    /// Multiply-adds with active weights.
    pub multiply_adds: u64,
    /// Share of the training samples that are classified correctly.
    pub train_accuracy: f64,
    /// Share of the test samples that are classified correctly.
    pub test_accuracy: f64,
    /// Share of the weights that are masked out.
    pub sparsity: f64,
}

impl Recorded for MaskSearchRecord {
    fn digest(&self) -> String {
        format!(
            "mask {:016x}, {} training and {} test accuracy, {} masks judged",
            self.best.mask.stable_hash(),
            self.best.train_accuracy,
            self.best.test_accuracy,
            self.work.judged()
        )
    }

    fn test_accuracy(&self) -> Option<f64> {
        Some(self.best.test_accuracy)
    }
}
