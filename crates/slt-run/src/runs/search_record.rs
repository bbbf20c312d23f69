use serde::{Deserialize, Serialize};
use slt_core::BitMask;
use slt_ga::{Bound, GenerationStats, Newcomers, StopReason};

use super::{Recorded, SearchSpec};

/// What came out of a search.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SearchRecord {
    /// What was run.
    pub spec: SearchSpec,
    /// Protocol `clean`: the fittest individual of the last population, chosen on training data.
    pub best: Chosen,
    /// Protocol `paper`: the individual of the last population with the best test accuracy, the fitter one of
    /// equals.
    pub reranked: Chosen,
    /// The last generation.
    pub generations: u64,
    /// Masks that were evaluated.
    pub evaluations: u64,
    /// Set bits of these masks, all together. Times the number of training samples, that is the number of
    /// active multiply-adds of a search that saves nothing.
    pub evaluated_ones: u64,
    /// Different masks in the last population.
    pub distinct_masks: usize,
    /// Different performances in the last population: fewer than masks where they tie exactly.
    pub distinct_performances: usize,
    /// How many generations had a new best, by what made it; the first population does not count.
    pub new_bests: Newcomers,
    /// Where the bound on random masks stood at the end, if there was one: what a run that carries it on
    /// starts with.
    pub bound: Option<Bound>,
    /// Why the search ended.
    pub stop_reason: StopReason,
    /// A record of the generations that [`HistoryKept`](super::HistoryKept) says.
    pub history: Vec<GenerationStats>,
}

/// An individual of the last population and how it does.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Chosen {
    /// Its mask.
    pub mask: BitMask,
    /// Share of the training samples that are classified correctly.
    pub train_accuracy: f64,
    /// Share of the test samples that are classified correctly.
    pub test_accuracy: f64,
    /// Mean cross-entropy on the training samples; the largest finite number if it overflows.
    pub train_loss: f64,
    /// Mean cross-entropy on the test samples; the largest finite number if it overflows.
    pub test_loss: f64,
    /// Share of the weights that are masked out, before any pruning.
    pub sparsity: f64,
}

impl Recorded for SearchRecord {
    fn digest(&self) -> String {
        format!(
            "mask {:016x}, {} training and {} test accuracy, {} generations, {} evaluations",
            self.best.mask.stable_hash(),
            self.best.train_accuracy,
            self.best.test_accuracy,
            self.generations,
            self.evaluations
        )
    }

    fn test_accuracy(&self) -> Option<f64> {
        Some(self.best.test_accuracy)
    }
}
