//! One point of a grid, judged.

use serde::{Deserialize, Serialize};

use crate::MlpClassifier;

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
    /// As [`rank_trials`] gives it; 0 while the search goes on.
    pub rank: usize,
}

impl Trial {
    /// From accuracy and epochs of each fold, none where training diverged.
    pub(super) fn new(index: usize, classifier: MlpClassifier, results: &[Option<(f64, usize)>]) -> Self {
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

/// Ranks trials, be they of one search or of several: 1 for the highest mean; equal means share a rank, and
/// trials that diverged come last. The order of the trials stays.
pub fn rank_trials(trials: &mut [Trial]) {
    let means: Vec<Option<f64>> = trials.iter().map(|trial| trial.mean_score).collect();
    for trial in trials {
        // `None` is below every number.
        trial.rank = 1 + means.iter().filter(|&&mean| mean > trial.mean_score).count();
    }
}
