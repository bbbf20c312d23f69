//! How a classifier errs.

use serde::{Deserialize, Serialize};

use crate::Error;

/// How many samples of each class are taken for each class.
///
/// Ratios without a denominator count as 0, as in scikit-learn's reports.
///
/// ```
/// use slt_mlp::metric::Confusion;
///
/// let confusion = Confusion::new(2, &[0, 0, 0, 1], &[0, 0, 1, 1])?;
/// assert_eq!(confusion.counts(), [[2, 1], [0, 1]]);
/// assert_eq!((confusion.accuracy(), confusion.share_of(0)), (0.75, 0.75));
/// let first = confusion.of_class(0);
/// assert_eq!((first.support, first.precision, first.recall, first.f1), (3, 1.0, 2.0 / 3.0, 0.8));
/// # Ok::<(), slt_mlp::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Confusion {
    /// Rows are the classes that are right, columns those that are predicted.
    counts: Vec<Vec<u64>>,
}

/// How a classifier does on one class.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct ClassScores {
    /// Samples of the class.
    pub support: u64,
    /// Share of the samples taken for the class that are of it, in [0, 1].
    pub precision: f64,
    /// Share of the samples of the class that are taken for it, in [0, 1].
    pub recall: f64,
    /// Harmonic mean of precision and recall: `2 tp / (2 tp + fp + fn)`.
    pub f1: f64,
}

impl Confusion {
    /// Counts.
    ///
    /// # Shapes
    /// `right` and `predicted` have a class for each sample, below `n_classes`.
    ///
    /// # Errors
    /// If they differ in length, are empty, or have a class that there is not.
    pub fn new(n_classes: usize, right: &[u32], predicted: &[u32]) -> Result<Self, Error> {
        if right.len() != predicted.len() {
            return Err(Error::PredictionCount { labels: right.len(), predictions: predicted.len() });
        }
        if right.is_empty() {
            return Err(Error::NoSamples);
        }
        if let Some(&class) = right.iter().chain(predicted).find(|&&class| class as usize >= n_classes) {
            return Err(Error::ClassOutOfRange { class, classes: n_classes });
        }
        let mut confusion = Self::empty(n_classes);
        for (&right, &predicted) in right.iter().zip(predicted) {
            confusion.add(right as usize, predicted as usize);
        }
        Ok(confusion)
    }

    /// Without samples yet.
    pub(crate) fn empty(n_classes: usize) -> Self {
        Self { counts: vec![vec![0; n_classes]; n_classes] }
    }

    /// Counts a sample.
    pub(crate) fn add(&mut self, right: usize, predicted: usize) {
        self.counts[right][predicted] += 1;
    }

    /// The counts: rows are the classes that are right, columns those that are predicted.
    pub fn counts(&self) -> &[Vec<u64>] {
        &self.counts
    }

    /// Number of classes.
    pub fn n_classes(&self) -> usize {
        self.counts.len()
    }

    /// Number of samples.
    pub fn n_samples(&self) -> u64 {
        self.counts.iter().flatten().sum()
    }

    /// Number of samples that are classified correctly.
    pub fn n_correct(&self) -> u64 {
        self.counts.iter().enumerate().map(|(class, row)| row[class]).sum()
    }

    /// Share of the samples that are classified correctly.
    pub fn accuracy(&self) -> f64 {
        ratio(self.n_correct(), self.n_samples())
    }

    /// Share of the samples that are of a class: the accuracy of always predicting it.
    pub fn share_of(&self, class: usize) -> f64 {
        ratio(self.support(class), self.n_samples())
    }

    /// How the classifier does on a class.
    pub fn of_class(&self, class: usize) -> ClassScores {
        let (hits, support, taken) = (self.counts[class][class], self.support(class), self.taken_for(class));
        ClassScores {
            support,
            precision: ratio(hits, taken),
            recall: ratio(hits, support),
            f1: ratio(2 * hits, support + taken),
        }
    }

    /// Mean recall of the classes that have samples.
    pub fn balanced_accuracy(&self) -> f64 {
        let there = (0..self.n_classes()).filter(|&class| self.support(class) > 0);
        let (sum, n) = there.fold((0.0, 0), |(sum, n), class| (sum + self.of_class(class).recall, n + 1));
        if n == 0 { 0.0 } else { sum / f64::from(n) }
    }

    /// Mean F1 of the classes that have samples or are predicted.
    pub fn macro_f1(&self) -> f64 {
        let there = (0..self.n_classes()).filter(|&class| self.support(class) + self.taken_for(class) > 0);
        let (sum, n) = there.fold((0.0, 0), |(sum, n), class| (sum + self.of_class(class).f1, n + 1));
        if n == 0 { 0.0 } else { sum / f64::from(n) }
    }

    /// Gorodkin's correlation `R_K` of labels and predictions, in [-1, 1]; for two classes, Matthews'
    /// coefficient. With `n` samples of which `c` are correct, `t_k` of class `k` and `p_k` taken for it,
    ///
    /// ```text
    /// (c n - sum t_k p_k) / sqrt((n^2 - sum t_k^2) (n^2 - sum p_k^2))
    /// ```
    ///
    /// and 0 where all samples are of one class or are taken for one.
    ///
    /// ```
    /// use slt_mlp::metric::Confusion;
    /// let confusion = Confusion::new(2, &[0, 0, 0, 1], &[0, 0, 1, 1])?;
    /// // (3 * 4 - (3 * 2 + 1 * 2)) / sqrt((16 - 10) (16 - 8))
    /// assert_eq!(confusion.matthews_correlation(), 4.0 / 48_f64.sqrt());
    /// # Ok::<(), slt_mlp::Error>(())
    /// ```
    pub fn matthews_correlation(&self) -> f64 {
        let classes = 0..self.n_classes();
        let sum = |of: &dyn Fn(usize) -> (u64, u64)| {
            let products = classes.clone().map(of).map(|(a, b)| i128::from(a) * i128::from(b));
            products.sum::<i128>()
        };
        let n = i128::from(self.n_samples());
        let shared = i128::from(self.n_correct()) * n - sum(&|k| (self.support(k), self.taken_for(k)));
        let of_labels = n * n - sum(&|k| (self.support(k), self.support(k)));
        let of_predictions = n * n - sum(&|k| (self.taken_for(k), self.taken_for(k)));
        if of_labels == 0 || of_predictions == 0 {
            return 0.0;
        }
        // The root of an exact square is exact: full agreement gives 1.
        (shared as f64 / (of_labels as f64 * of_predictions as f64).sqrt()).clamp(-1.0, 1.0)
    }

    fn support(&self, class: usize) -> u64 {
        self.counts[class].iter().sum()
    }

    fn taken_for(&self, class: usize) -> u64 {
        self.counts.iter().map(|row| row[class]).sum()
    }
}

fn ratio(part: u64, whole: u64) -> f64 {
    if whole == 0 { 0.0 } else { part as f64 / whole as f64 }
}
