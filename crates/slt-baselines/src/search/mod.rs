//! Random search for the hyper-parameters of [`MlpClassifier`]: scikit-learn's `RandomizedSearchCV`.

mod draws;
mod folds;
mod grid;
mod observer;
mod trial;

use std::ops::ControlFlow;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use rayon::prelude::*;
use serde::{Deserialize, Serialize};

pub use draws::draw_without_replacement;
pub use folds::{Fold, stratified_folds};
pub use grid::Grid;
pub use observer::SearchObserver;
pub use trial::{Trial, rank_trials};

use crate::error::check;
use crate::{Error, MlpClassifier, MlpStop, Samples, Scalar};

/// How to search: as many draws from a grid, each judged by cross-validation.
///
/// ```
/// use slt_baselines::{Grid, MlpClassifier, RandomizedSearch, Samples};
/// let digits = Samples::<f32>::from(&slt_datasets::paper::digits(2)?.train);
/// let base = MlpClassifier { max_iter: 3, ..MlpClassifier::scikit_learn([10]) };
/// let search = RandomizedSearch { n_iter: 2, ..RandomizedSearch::paper() };
/// let outcome = search.run(&Grid::paper_adam(base), &digits)?;
/// assert_eq!(outcome.trials.len(), 2);
/// assert!(outcome.best().is_some_and(|trial| trial.mean_score > Some(0.5)));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct RandomizedSearch {
    /// Number of trials; at most as many as the grid has points.
    pub n_iter: usize,
    /// Folds of the cross-validation, at least 2.
    pub cv: usize,
    /// Seed of the draws, as scikit-learn takes it.
    pub random_state: u32,
}

/// All trials, in the order of their draws.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SearchOutcome {
    /// The table of trials.
    pub trials: Vec<Trial>,
}

impl SearchOutcome {
    /// The first trial of rank 1; none if all diverged.
    pub fn best(&self) -> Option<&Trial> {
        self.trials.iter().find(|trial| trial.rank == 1 && trial.mean_score.is_some())
    }
}

impl RandomizedSearch {
    /// 10 draws, 3 folds, seed 42.
    pub fn paper() -> Self {
        Self { n_iter: 10, cv: 3, random_state: 42 }
    }

    /// Runs the trials, in parallel over trials and folds; the outcome does not depend on the number of
    /// threads.
    ///
    /// Every training uses the `random_state` of the grid's base.
    ///
    /// # Errors
    /// [`Error::Parameter`] for a setting or a grid value out of range, [`Error::FoldCount`] if no class has
    /// a sample for every fold, [`Error::ClassCount`] with fewer than two classes. A training that diverges
    /// is no error.
    pub fn run<T: Scalar>(&self, grid: &Grid, samples: &Samples<T>) -> Result<SearchOutcome, Error> {
        self.resume(grid, samples, &[], &())
    }

    /// As [`run`](Self::run), without running again the trials in `known`, which the observer of an earlier
    /// call of the same search on the same data was told of. The outcome is that of an uninterrupted search.
    ///
    /// The observer is told of every epoch and of every trial that is finished, and may end the search.
    ///
    /// # Errors
    /// As [`run`](Self::run); [`Error::ForeignTrial`] if a known trial is not one of this search,
    /// [`Error::Interrupted`] if the observer ended it.
    pub fn resume<T: Scalar>(
        &self,
        grid: &Grid,
        samples: &Samples<T>,
        known: &[Trial],
        observer: &impl SearchObserver,
    ) -> Result<SearchOutcome, Error> {
        let points = self.points(grid)?;
        let folds = stratified_folds(samples.labels(), self.cv)?;
        for trial in known {
            let drawn = points.contains(&trial.index) && trial.classifier == grid.get(trial.index);
            if !drawn || trial.scores.len() != self.cv || trial.epochs.len() != self.cv {
                return Err(Error::ForeignTrial { index: trial.index });
            }
        }
        let sitting = Sitting { grid, folds: &folds, samples, observer, stop: AtomicBool::new(false) };
        let finished = AtomicUsize::new(0);
        let trials: Vec<Option<Trial>> = points
            .par_iter()
            .map(|&index| {
                let trial = match known.iter().find(|trial| trial.index == index) {
                    Some(trial) => Some(trial.clone()),
                    None => sitting.run(index)?,
                };
                finished.fetch_add(usize::from(trial.is_some()), Ordering::Relaxed);
                Ok(trial)
            })
            .collect::<Result<_, Error>>()?;
        let (finished, wanted) = (finished.into_inner(), points.len());
        if finished < wanted {
            return Err(Error::Interrupted { finished, wanted });
        }
        let mut trials: Vec<Trial> = trials.into_iter().flatten().collect();
        rank_trials(&mut trials);
        Ok(SearchOutcome { trials })
    }

    /// The points of the grid that are tried, in the order of their draws.
    ///
    /// # Errors
    /// [`Error::Parameter`] for a setting or a grid value out of range.
    pub fn points(&self, grid: &Grid) -> Result<Vec<usize>, Error> {
        check(self.n_iter > 0, "n_iter", 0.0, "at least 1")?;
        check(self.cv >= 2, "cv", self.cv as f64, "at least 2")?;
        grid.validate()?;
        Ok(draw_without_replacement(grid.len(), self.n_iter, self.random_state))
    }
}

/// A search from its start, or from where it is taken up, to its end or an interruption.
struct Sitting<'a, T, O> {
    grid: &'a Grid,
    folds: &'a [Fold],
    samples: &'a Samples<T>,
    observer: &'a O,
    stop: AtomicBool,
}

impl<T: Scalar, O: SearchObserver> Sitting<'_, T, O> {
    /// One trial; none if the search was ended before it was finished.
    fn run(&self, index: usize) -> Result<Option<Trial>, Error> {
        let classifier = self.grid.get(index);
        let results: Vec<Judgement> = (0..self.folds.len())
            .into_par_iter()
            .map(|fold| self.judge(index, &classifier, fold))
            .collect::<Result<_, Error>>()?;
        let known: Option<Vec<_>> = results
            .into_iter()
            .map(|result| match result {
                Judgement::Score(score, epochs) => Some(Some((score, epochs))),
                Judgement::Diverged => Some(None),
                Judgement::Interrupted => None,
            })
            .collect();
        let Some(known) = known else { return Ok(None) };
        let trial = Trial::new(index, classifier, &known);
        self.heed(self.observer.on_trial(&trial));
        Ok(Some(trial))
    }

    /// Trains for one fold and takes its score.
    fn judge(&self, index: usize, classifier: &MlpClassifier, fold: usize) -> Result<Judgement, Error> {
        if self.stop.load(Ordering::Relaxed) {
            return Ok(Judgement::Interrupted);
        }
        let Fold { train, test } = &self.folds[fold];
        let fitted = classifier.fit(&self.samples.select(train), |epoch| {
            self.heed(self.observer.on_epoch(index, fold, classifier, epoch));
            if self.stop.load(Ordering::Relaxed) { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        });
        match fitted {
            Ok(fitted) if fitted.stop() == MlpStop::Observer => Ok(Judgement::Interrupted),
            Ok(fitted) => Ok(Judgement::Score(fitted.score(&self.samples.select(test))?, fitted.n_iter())),
            Err(Error::Diverged { .. }) => Ok(Judgement::Diverged),
            Err(error) => Err(error),
        }
    }

    fn heed(&self, wish: ControlFlow<()>) {
        if wish.is_break() {
            self.stop.store(true, Ordering::Relaxed);
        }
    }
}

/// What became of a fold.
enum Judgement {
    /// Accuracy and epochs.
    Score(f64, usize),
    /// The training diverged.
    Diverged,
    /// The search was ended.
    Interrupted,
}
