//! How a classifier errs.

use serde::{Deserialize, Serialize};

use crate::Error;

/// How many samples of each class are taken for each class.
///
/// Ratios without a denominator count as 0, as in scikit-learn's reports.
///
/// ```
/// use slt_stats::Confusion;
///
/// let confusion = Confusion::new(2, &[0, 0, 0, 1], &[0, 0, 1, 1])?;
/// assert_eq!(confusion.counts(), [[2, 1], [0, 1]]);
/// assert_eq!((confusion.accuracy(), confusion.share_of(0)), (0.75, 0.75));
/// let first = confusion.of_class(0);
/// assert_eq!((first.support, first.precision, first.recall, first.f1), (3, 1.0, 2.0 / 3.0, 0.8));
/// # Ok::<(), slt_stats::Error>(())
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
    /// [`Error::PairLength`] if they differ in length, [`Error::SampleSize`] if they are empty, [`Error::Parameter`] for a
    /// class that there is not.
    pub fn new(n_classes: usize, right: &[u32], predicted: &[u32]) -> Result<Self, Error> {
        if right.len() != predicted.len() {
            return Err(Error::PairLength { x: right.len(), y: predicted.len() });
        }
        if right.is_empty() {
            return Err(Error::SampleSize { n: 0, needed: 1 });
        }
        let mut counts = vec![vec![0; n_classes]; n_classes];
        for (&right, &predicted) in right.iter().zip(predicted) {
            let cell = counts.get_mut(right as usize).and_then(|row| row.get_mut(predicted as usize));
            let value = f64::from(right.max(predicted));
            let allowed = "below the number of classes";
            *cell.ok_or(Error::Parameter { parameter: "class", value, allowed })? += 1;
        }
        Ok(Self { counts })
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
