use std::ops::ControlFlow;
use std::sync::atomic::{AtomicBool, Ordering};

use slt_baselines::{MlpClassifier, MlpEpoch, SearchObserver, Solver, Trial};

use super::store::TrialStore;
use crate::failure::Failure;
use crate::progress::TuningProgress;

/// A search from its start, or from where it is taken up: shows its progress, keeps its trials, ends it on
/// Ctrl-C.
pub(super) struct Sitting<'a> {
    store: &'a TrialStore<'a>,
    stop: &'a AtomicBool,
    wanted: usize,
    progress: TuningProgress,
}

impl<'a> Sitting<'a> {
    pub(super) fn new(store: &'a TrialStore<'a>, stop: &'a AtomicBool, wanted: usize, folds: usize) -> Self {
        let progress = TuningProgress::new(wanted, folds);
        store.trials().iter().for_each(|trial| progress.trial(trial));
        Self { store, stop, wanted, progress }
    }

    /// What is known of the points of the grid of a solver.
    pub(super) fn known(&self, solver: Solver, points: &[usize]) -> Vec<Trial> {
        let of_grid = |trial: &Trial| trial.classifier.solver == solver && points.contains(&trial.index);
        self.store.trials().into_iter().filter(of_grid).collect()
    }

    /// What becomes of the trials after Ctrl-C.
    pub(super) fn interrupted(&self) -> Failure {
        let (finished, wanted) = (self.store.trials().len(), self.wanted);
        let hint = match self.store.path() {
            Some(path) if finished > 0 => {
                format!("{} holds the finished ones: add --resume to go on", path.display())
            }
            Some(_) => "there is nothing to keep yet".to_owned(),
            None => "nothing is kept; --trials FILE keeps finished trials".to_owned(),
        };
        Failure::interrupted(format!("interrupted after {finished} of {wanted} trials; {hint}"))
    }
}

impl SearchObserver for Sitting<'_> {
    fn on_epoch(
        &self,
        index: usize,
        fold: usize,
        classifier: &MlpClassifier,
        epoch: &MlpEpoch,
    ) -> ControlFlow<()> {
        self.progress.epoch(index, fold, classifier, epoch);
        if self.stop.load(Ordering::Relaxed) { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    }

    fn on_trial(&self, trial: &Trial) -> ControlFlow<()> {
        self.store.add(trial);
        self.progress.trial(trial);
        ControlFlow::Continue(())
    }
}
