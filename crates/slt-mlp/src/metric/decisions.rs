use std::borrow::Cow;
use std::ops::RangeInclusive;

use ndarray::Array2;

use super::{Confusion, Metric, Scoring};
use crate::Error;

/// A score of a confusion matrix.
pub trait ConfusionScore: Send + Sync {
    /// The score; larger is better.
    fn score(&self, confusion: &Confusion) -> f64;

    /// What the score cannot exceed, from the costs of single samples, on data with so many samples of each
    /// class: with it, masks that cannot reach a floor are dropped early. `None` if there is nothing of the
    /// kind.
    fn bound(&self, class_counts: &[usize]) -> Option<CostBound> {
        let _ = class_counts;
        None
    }
}

impl<F: Fn(&Confusion) -> f64 + Send + Sync> ConfusionScore for F {
    fn score(&self, confusion: &Confusion) -> f64 {
        self(confusion)
    }
}

/// A promise about a [`ConfusionScore`]: it is at most `best - total`, where `total` adds up a cost for each
/// sample, from its class and the one that it is taken for. As costs are not negative, a part of the samples
/// may show that a floor is out of reach. The engine allows for roundings of 1e-9, relative to
/// `|best| + |floor|`.
///
/// The closer the bound, the earlier masks are dropped; for a score that is linear in the counts it is exact.
#[derive(Debug, Clone, PartialEq)]
pub struct CostBound {
    best: f64,
    costs: Array2<f64>,
}

impl CostBound {
    /// A bound.
    ///
    /// # Shapes
    /// `costs` is classes x classes: rows are the classes that are right, columns those that are predicted.
    ///
    /// # Errors
    /// If the matrix is not square, a cost is negative or not finite, or `best` is not finite.
    ///
    /// ```
    /// use slt_mlp::metric::CostBound;
    /// use ndarray::array;
    /// // The accuracy of four samples: each that is wrong costs a quarter.
    /// assert!(CostBound::new(1.0, array![[0.0, 0.25], [0.25, 0.0]]).is_ok());
    /// assert!(CostBound::new(1.0, array![[0.0, -0.25], [0.25, 0.0]]).is_err());
    /// ```
    pub fn new(best: f64, costs: Array2<f64>) -> Result<Self, Error> {
        check_costs(&costs)?;
        if !best.is_finite() {
            return Err(Error::CostOutOfRange { cost: best });
        }
        Ok(Self { best, costs })
    }

    /// Each sample of a class that is taken for another costs what the class says.
    fn by_class(best: f64, costs: &[f64]) -> Self {
        let n = costs.len();
        let cost = |(right, predicted)| if right == predicted { 0.0 } else { costs[right] };
        Self { best, costs: Array2::from_shape_fn((n, n), cost) }
    }

    /// Number of classes.
    pub(crate) fn n_classes(&self) -> usize {
        self.costs.nrows()
    }

    /// What a sample costs, row by row.
    pub(crate) fn costs(&self) -> &Array2<f64> {
        &self.costs
    }

    /// The largest total with which a score may reach a floor.
    pub(crate) fn budget(&self, floor: f64) -> f64 {
        const ROUNDING: f64 = 1e-9;
        self.best - floor + ROUNDING * (self.best.abs() + floor.abs())
    }
}

fn check_costs(costs: &Array2<f64>) -> Result<(), Error> {
    if !costs.is_square() || costs.nrows() < 2 {
        return Err(Error::CostShape { rows: costs.nrows(), columns: costs.ncols() });
    }
    match costs.iter().find(|&&cost| !(0.0..f64::INFINITY).contains(&cost)) {
        Some(&cost) => Err(Error::CostOutOfRange { cost }),
        None => Ok(()),
    }
}

/// The classes that have samples, as `1 / (classes * samples)` for those and 0 for others.
fn shares(class_counts: &[usize]) -> Vec<f64> {
    let there = class_counts.iter().filter(|&&count| count > 0).count() as f64;
    class_counts.iter().map(|&count| if count == 0 { 0.0 } else { 1.0 / (there * count as f64) }).collect()
}

/// Share of the samples that are classified correctly, in [0, 1].
///
/// ```
/// use slt_mlp::metric::{Accuracy, Metric};
/// assert_eq!((Accuracy.name(), Accuracy.range()), ("accuracy".into(), 0.0..=1.0));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Accuracy;

impl Metric for Accuracy {
    fn name(&self) -> Cow<'_, str> {
        "accuracy".into()
    }
    fn scoring(&self) -> Scoring<'_> {
        Scoring::Accuracy
    }
    fn range(&self) -> RangeInclusive<f64> {
        0.0..=1.0
    }
    fn fingerprint(&self) -> u64 {
        0
    }
}

/// Mean recall of the classes that have samples, in [0, 1]: each class counts the same, however rare.
/// `balanced_accuracy_score` of scikit-learn.
///
/// ```
/// use slt_mlp::metric::{BalancedAccuracy, Confusion, ConfusionScore};
/// // 3 of 4 are right, but none of the rare class.
/// let confusion = Confusion::new(2, &[0, 0, 0, 1], &[0, 0, 0, 0])?;
/// assert_eq!(BalancedAccuracy.score(&confusion), 0.5);
/// # Ok::<(), slt_mlp::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct BalancedAccuracy;

impl ConfusionScore for BalancedAccuracy {
    fn score(&self, confusion: &Confusion) -> f64 {
        confusion.balanced_accuracy()
    }

    /// Exact: a sample that is wrong takes its share of the recall of its class.
    fn bound(&self, class_counts: &[usize]) -> Option<CostBound> {
        Some(CostBound::by_class(1.0, &shares(class_counts)))
    }
}

impl Metric for BalancedAccuracy {
    fn name(&self) -> Cow<'_, str> {
        "balanced-accuracy".into()
    }
    fn scoring(&self) -> Scoring<'_> {
        Scoring::Confusion(self)
    }
    fn range(&self) -> RangeInclusive<f64> {
        0.0..=1.0
    }
}

/// Mean F1 of the classes that have samples or are predicted, in [0, 1], where F1 is
/// `2 tp / (2 tp + fp + fn)`. `f1_score(average="macro", zero_division=0)` of scikit-learn.
///
/// ```
/// use slt_mlp::metric::{Confusion, ConfusionScore, MacroF1};
/// let confusion = Confusion::new(2, &[0, 0, 0, 1], &[0, 0, 1, 1])?;
/// assert_eq!(MacroF1.score(&confusion), (0.8 + 2.0 / 3.0) / 2.0);
/// # Ok::<(), slt_mlp::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct MacroF1;

impl ConfusionScore for MacroF1 {
    fn score(&self, confusion: &Confusion) -> f64 {
        confusion.macro_f1()
    }

    /// With `w` of the `s` samples of a class wrong, its F1 is at most
    /// `2 (s - w) / (2 s - w) <= 1 - w / (2 s)`. Classes without samples that are predicted only lower the
    /// mean.
    fn bound(&self, class_counts: &[usize]) -> Option<CostBound> {
        let halves: Vec<f64> = shares(class_counts).into_iter().map(|share| share / 2.0).collect();
        Some(CostBound::by_class(1.0, &halves))
    }
}

impl Metric for MacroF1 {
    fn name(&self) -> Cow<'_, str> {
        "macro-f1".into()
    }
    fn scoring(&self) -> Scoring<'_> {
        Scoring::Confusion(self)
    }
    fn range(&self) -> RangeInclusive<f64> {
        0.0..=1.0
    }
}

/// The correlation of labels and predictions, in [-1, 1]: 0 is what guessing gives, whatever the frequencies
/// of the classes.
///
/// For two classes it is Matthews' coefficient, for more Gorodkin's `R_K` (Gorodkin 2004, "Comparing two
/// K-category assignments by a K-category correlation coefficient"), as [`Confusion::matthews_correlation`]
/// says. `matthews_corrcoef` of scikit-learn.
///
/// ```
/// use slt_mlp::metric::{Confusion, ConfusionScore, MatthewsCorrelation};
/// let of = |predicted| Confusion::new(2, &[0, 0, 1, 1], predicted).map(|c| MatthewsCorrelation.score(&c));
/// assert_eq!((of(&[0, 0, 1, 1])?, of(&[1, 1, 0, 0])?, of(&[0, 0, 0, 0])?), (1.0, -1.0, 0.0));
/// # Ok::<(), slt_mlp::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct MatthewsCorrelation;

impl ConfusionScore for MatthewsCorrelation {
    fn score(&self, confusion: &Confusion) -> f64 {
        confusion.matthews_correlation()
    }
}

impl Metric for MatthewsCorrelation {
    fn name(&self) -> Cow<'_, str> {
        "matthews-correlation".into()
    }
    fn scoring(&self) -> Scoring<'_> {
        Scoring::Confusion(self)
    }
    fn range(&self) -> RangeInclusive<f64> {
        -1.0..=1.0
    }
}

/// What classifying costs, on average, negated: a matrix says what each class costs that is taken for each
/// other.
///
/// It says what [`Accuracy`] cannot: that some mistakes are worse than others. A mask counts as solved once
/// nothing costs anything.
///
/// ```
/// use slt_mlp::metric::{Confusion, ConfusionScore, MeanCost};
/// use ndarray::array;
/// // To miss class 1 is ten times as bad as a false alarm.
/// let cost = MeanCost::new(array![[0.0, 1.0], [10.0, 0.0]])?;
/// let confusion = Confusion::new(2, &[0, 0, 1, 1], &[0, 1, 0, 1])?;
/// assert_eq!(cost.score(&confusion), -11.0 / 4.0);
/// # Ok::<(), slt_mlp::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct MeanCost {
    costs: Array2<f64>,
}

impl MeanCost {
    /// With these costs.
    ///
    /// # Shapes
    /// `costs` is classes x classes: rows are the classes that are right, columns those that are predicted.
    /// Classes that are taken for what they are mostly cost 0.
    ///
    /// # Errors
    /// If the matrix is not square, or a cost is negative or not finite.
    pub fn new(costs: Array2<f64>) -> Result<Self, Error> {
        check_costs(&costs)?;
        Ok(Self { costs })
    }
}

impl ConfusionScore for MeanCost {
    fn score(&self, confusion: &Confusion) -> f64 {
        let counts = confusion.counts().iter().flatten();
        let total = counts.zip(&self.costs).fold(0.0, |total, (&count, cost)| total + count as f64 * cost);
        0.0 - total / confusion.n_samples() as f64
    }

    /// Exact.
    fn bound(&self, class_counts: &[usize]) -> Option<CostBound> {
        let n = class_counts.iter().sum::<usize>() as f64;
        Some(CostBound { best: 0.0, costs: self.costs.mapv(|cost| cost / n) })
    }
}

impl Metric for MeanCost {
    /// With a hash of the costs.
    fn name(&self) -> Cow<'_, str> {
        let words =
            [self.costs.nrows() as u64].into_iter().chain(self.costs.iter().map(|cost| cost.to_bits()));
        format!("mean-cost:{:016x}", slt_core::canonical::fingerprint(words)).into()
    }
    fn scoring(&self) -> Scoring<'_> {
        Scoring::Confusion(self)
    }
    fn range(&self) -> RangeInclusive<f64> {
        f64::MIN..=0.0
    }
    fn check(&self, n_classes: usize) -> Result<(), Error> {
        if self.costs.nrows() == n_classes {
            return Ok(());
        }
        let metric = "the matrix of costs".to_owned();
        Err(Error::MetricClasses { metric, expected: self.costs.nrows(), actual: n_classes })
    }
}
