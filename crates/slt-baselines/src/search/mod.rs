//! Random search for the hyper-parameters of [`MlpClassifier`]: scikit-learn's `RandomizedSearchCV`.

mod draws;
mod folds;
mod grid;

use std::ops::ControlFlow;

use rayon::prelude::*;
use serde::{Deserialize, Serialize};

pub use draws::draw_without_replacement;
pub use folds::{Fold, stratified_folds};
pub use grid::Grid;

use crate::error::check;
use crate::{Error, MlpClassifier, Samples, Scalar};

/// How to search: as many draws from a grid, each judged by cross-validation.
///
/// ```
/// use slt_baselines::{Grid, MlpClassifier, RandomizedSearch, Samples};
/// let digits = Samples::<f32>::from(&slt_datasets::digits::paper(2)?.train);
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

/// One point of the grid and how it did.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Trial {
    /// Index of the point in the grid.
    pub index: usize,
    /// The hyper-parameters.
    pub classifier: MlpClassifier,
    /// Accuracy on each held-out fold; none where training diverged.
    pub scores: Vec<Option<f64>>,
    /// Epochs of each fold's training; none where it diverged.
    pub epochs: Vec<Option<usize>>,
    /// Mean of the scores; none if a fold diverged.
    pub mean_score: Option<f64>,
    /// Standard deviation of the scores (divided by their number).
    pub std_score: Option<f64>,
    /// 1 for the highest mean; equal means share a rank, and trials that diverged come last.
    pub rank: usize,
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

    /// Runs the trials, in parallel over trials and folds; the outcome does not depend on the number of threads.
    ///
    /// Every training uses the `random_state` of the grid's base.
    ///
    /// # Errors
    /// [`Error::Parameter`] for a setting or a grid value out of range, [`Error::FoldCount`] if no class has a sample for
    /// every fold, [`Error::ClassCount`] with fewer than two classes. A training that diverges is no error.
    pub fn run<T: Scalar>(&self, grid: &Grid, samples: &Samples<T>) -> Result<SearchOutcome, Error> {
        check(self.n_iter > 0, "n_iter", 0.0, "at least 1")?;
        check(self.cv >= 2, "cv", self.cv as f64, "at least 2")?;
        grid.validate()?;
        let folds = stratified_folds(samples.labels(), self.cv)?;
        let points = draw_without_replacement(grid.len(), self.n_iter, self.random_state);
        let jobs: Vec<(usize, &Fold)> =
            points.iter().flat_map(|&point| folds.iter().map(move |fold| (point, fold))).collect();
        let results: Vec<Option<(f64, usize)>> = jobs
            .into_par_iter()
            .map(|(point, fold)| judge(&grid.get(point), fold, samples))
            .collect::<Result<_, Error>>()?;
        let mut trials: Vec<Trial> = points
            .iter()
            .zip(results.chunks(self.cv))
            .map(|(&index, results)| Trial::new(index, grid.get(index), results))
            .collect();
        let means: Vec<Option<f64>> = trials.iter().map(|trial| trial.mean_score).collect();
        for trial in &mut trials {
            // `None` is below every number.
            trial.rank = 1 + means.iter().filter(|&&mean| mean > trial.mean_score).count();
        }
        Ok(SearchOutcome { trials })
    }
}

/// Accuracy and epochs on one fold; `None` if the training diverged.
fn judge<T: Scalar>(
    classifier: &MlpClassifier,
    fold: &Fold,
    samples: &Samples<T>,
) -> Result<Option<(f64, usize)>, Error> {
    match classifier.fit(&samples.select(&fold.train), |_| ControlFlow::Continue(())) {
        Ok(fitted) => Ok(Some((fitted.score(&samples.select(&fold.test))?, fitted.n_iter()))),
        Err(Error::Diverged { .. }) => Ok(None),
        Err(error) => Err(error),
    }
}

impl Trial {
    fn new(index: usize, classifier: MlpClassifier, results: &[Option<(f64, usize)>]) -> Self {
        let scores: Vec<Option<f64>> = results.iter().map(|result| result.map(|(score, _)| score)).collect();
        let epochs = results.iter().map(|result| result.map(|(_, epochs)| epochs)).collect();
        let known: Option<Vec<f64>> = scores.iter().copied().collect();
        let moments = known.map(|known| {
            let n = known.len() as f64;
            let mean = known.iter().sum::<f64>() / n;
            (mean, (known.iter().map(|score| (score - mean) * (score - mean)).sum::<f64>() / n).sqrt())
        });
        let (mean_score, std_score) = moments.unzip();
        Self { index, classifier, scores, epochs, mean_score, std_score, rank: 0 }
    }
}
