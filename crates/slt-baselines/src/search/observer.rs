//! Who is told of a search.

use std::ops::ControlFlow;

use super::Trial;
use crate::{MlpClassifier, MlpEpoch};

/// Who is told of a search while it runs, and may end it with [`ControlFlow::Break`].
///
/// Calls come from the threads of the search, several at a time, in an order that depends on the threads.
/// What is under way when the search is ended is lost; the trials that [`on_trial`](Self::on_trial) was told
/// of can be handed to [`RandomizedSearch::resume`](super::RandomizedSearch::resume).
pub trait SearchObserver: Sync {
    /// After each epoch of the training for fold `fold` of the trial at point `index` of the grid.
    fn on_epoch(
        &self,
        index: usize,
        fold: usize,
        classifier: &MlpClassifier,
        epoch: &MlpEpoch,
    ) -> ControlFlow<()> {
        let _ = (index, fold, classifier, epoch);
        ControlFlow::Continue(())
    }

    /// After each trial, whose rank is still 0.
    fn on_trial(&self, trial: &Trial) -> ControlFlow<()> {
        let _ = trial;
        ControlFlow::Continue(())
    }
}

/// Nobody.
impl SearchObserver for () {}
