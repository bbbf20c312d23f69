use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use slt_baselines::{MlpClassifier, MlpEpoch, Solver, Trial};

use super::display::Display;
use super::training::share_trained;

/// The progress of searches for hyper-parameters.
pub(crate) struct TuningProgress {
    display: Display,
    trials: usize,
    folds: usize,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    finished: usize,
    best: Option<f64>,
    /// How far each training is that is under way: by adam or not, point and fold.
    shares: BTreeMap<(bool, usize, usize), f64>,
}

impl TuningProgress {
    /// For `trials` trials of `folds` trainings each.
    pub(crate) fn new(trials: usize, folds: usize) -> Self {
        Self { display: Display::new(), trials, folds, state: Mutex::default() }
    }

    /// After an epoch of a training.
    pub(crate) fn epoch(&self, index: usize, fold: usize, classifier: &MlpClassifier, epoch: &MlpEpoch) {
        let share = share_trained(classifier, epoch);
        self.update(|state| {
            let key = (classifier.solver == Solver::Adam, index, fold);
            let held = state.shares.entry(key).or_default();
            *held = held.max(share);
        });
    }

    /// A trial is finished, now or in an earlier sitting.
    pub(crate) fn trial(&self, trial: &Trial) {
        self.update(|state| {
            let adam = trial.classifier.solver == Solver::Adam;
            state.shares.retain(|&(by_adam, index, _), _| (by_adam, index) != (adam, trial.index));
            state.finished += 1;
            // `None` is below every number.
            state.best = if trial.mean_score > state.best { trial.mean_score } else { state.best };
        });
    }

    fn update(&self, change: impl FnOnce(&mut State)) {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        change(&mut state);
        let State { finished, best, shares } = &*state;
        let under_way = shares.values().sum::<f64>() / self.folds as f64;
        let done = (*finished as f64 + under_way) / self.trials.max(1) as f64;
        self.display.show(done.min(1.0), || {
            let best = best.map_or(String::new(), |best| format!(", best {:.2} %", 100.0 * best));
            format!("{finished} of {} trials{best}", self.trials)
        });
    }
}
