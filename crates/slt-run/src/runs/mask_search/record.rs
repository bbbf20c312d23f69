use serde::{Deserialize, Serialize};
use slt_core::BitMask;
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
    /// For an algorithm that looks for a front, NSGA-II, at most [`FrontPoint::MOST`] points of it, from the
    /// densest, which performs best, to the sparsest.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub front: Vec<FrontPoint>,
}

/// A mask that none beats in performance without being denser.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct FrontPoint {
    /// The mask.
    pub mask: BitMask,
    /// What the objective that moves follow says of it.
    pub performance: f64,
    /// Share of the training samples that are classified correctly.
    pub train_accuracy: f64,
    /// Share of the test samples that are classified correctly.
    pub test_accuracy: f64,
    /// Share of the weights that are masked out.
    pub sparsity: f64,
}

impl FrontPoint {
    /// The most points that are kept of a front: both ends, and what is [spread](slt_ga::pareto::spread)
    /// evenly in sparsity between them.
    pub const MOST: usize = 50;
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
