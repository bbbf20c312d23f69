//! What a search maximises: [`Metric`], the metrics that are built in, and how to bring one's own.
//!
//! | metric | score | range | drops early |
//! |---|---|---|---|
//! | [`Accuracy`] | share of the samples that are classified correctly | [0, 1] | yes |
//! | [`BalancedAccuracy`] | mean recall of the classes | [0, 1] | yes |
//! | [`MacroF1`] | mean F1 of the classes | [0, 1] | yes |
//! | [`MatthewsCorrelation`] | correlation of labels and predictions | [-1, 1] | no |
//! | [`MeanCost`] | mean entry of a matrix of costs, negated | up to 0 | yes |
//! | [`CrossEntropy`], [`CrossEntropyF32`] | mean cross-entropy, negated | up to 0 | yes |
//! | [`TemperedCrossEntropy`] | the same of logits divided by a temperature | up to 0 | yes |
//! | [`Margin`] | mean multi-class hinge loss, negated | up to 0 | yes |
//! | [`Auc`] | area under the ROC curve | [0, 1] | no |
//! | [`of_confusion`] | any function of the confusion matrix | any | no |
//! | [`of_losses`] | mean of any loss of one sample, negated | up to 0 | yes |
//! | [`custom`] | any function of all logits and labels | any | no |
//!
//! Larger is better throughout. "Drops early" says whether racing can tell, from a part of the samples, that
//! a mask cannot reach a floor; without that every mask is evaluated in full. The result is the same.
//!
//! [`MetricName`] is the closed list of those that have a name on the command line and in files.
//!
//! ```
//! use slt_core::{BitMask, Objective, Seed};
//! use slt_mlp::metric::{Auc, custom};
//! use slt_mlp::{Architecture, Evaluator, Initializer, Network};
//! let data = slt_datasets::paper::moons()?.test;
//! let network = Network::random(&Architecture::new([2, 20, 2])?, Initializer::paper(), Seed(7))?;
//! let mask = BitMask::ones(80);
//! let auc = Evaluator::new(&network, &data, Auc)?.evaluate(&[&mask], None)[0].exact().unwrap();
//!
//! // The same by hand: the share of the pairs of classes that are in order.
//! let by_hand = custom("pairs in order", |logits, labels| {
//!     let (mut ordered, mut pairs) = (0, 0);
//!     for (i, _) in labels.iter().enumerate().filter(|&(_, &label)| label == 0).step_by(50) {
//!         for (j, _) in labels.iter().enumerate().filter(|&(_, &label)| label == 1).step_by(50) {
//!             let margin = |sample| logits[[sample, 1]] - logits[[sample, 0]];
//!             ordered += usize::from(margin(j) > margin(i));
//!             pairs += 1;
//!         }
//!     }
//!     f64::from(ordered as u32) / f64::from(pairs as u32)
//! });
//! let some = Evaluator::new(&network, &data, by_hand)?.evaluate(&[&mask], None)[0].exact().unwrap();
//! assert!((auc - some).abs() < 0.05, "{auc} {some}");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod confusion;
mod custom;
mod decisions;
mod logits;
mod losses;
mod name;
mod positive;

use std::borrow::Cow;
use std::fmt;
use std::ops::RangeInclusive;
use std::sync::Arc;

pub use confusion::{ClassScores, Confusion};
pub use custom::{Custom, custom, of_confusion, of_losses};
pub use decisions::{
    Accuracy, BalancedAccuracy, ConfusionScore, CostBound, MacroF1, MatthewsCorrelation, MeanCost,
};
pub use logits::{Auc, LogitScore};
pub use losses::{CrossEntropy, CrossEntropyF32, Loss, Margin, SampleLoss, TemperedCrossEntropy};
pub use name::MetricName;

use crate::Error;

/// What a search maximises: a score of the logits that a masked network gives to all samples, larger is
/// better.
///
/// A metric is a pure function of logits and labels. It is made of two steps that [`scoring`](Self::scoring)
/// names: what is kept of one sample (its predicted class, a loss, or all logits), which is worked out where
/// the logits are still in registers or in the first-level cache, and a score of what is kept of all samples.
/// Metrics that add up costs drop masks that cannot reach a floor: see [`CostBound`] and [`Loss`].
///
/// A score that is NaN or minus infinity counts as the most negative finite number, plus infinity as the
/// largest.
///
/// A metric of one's own is mostly a closure, see [`custom`]. A type of one's own has parameters, a range and
/// a bound:
///
/// ```
/// use std::borrow::Cow;
///
/// use slt_mlp::metric::{Confusion, ConfusionScore, Metric, Scoring};
///
/// /// F-beta of class 1.
/// #[derive(Debug)]
/// struct FBeta(f64);
///
/// impl ConfusionScore for FBeta {
///     fn score(&self, confusion: &Confusion) -> f64 {
///         let class = confusion.of_class(1);
///         let (weight, scores) = (self.0 * self.0, class.precision + class.recall);
///         if scores == 0.0 { 0.0 } else {
///             (1.0 + weight) * class.precision * class.recall / (weight * class.precision + class.recall)
///         }
///     }
/// }
///
/// impl Metric for FBeta {
///     fn name(&self) -> Cow<'_, str> {
///         format!("f-beta:{}", self.0).into()
///     }
///     fn scoring(&self) -> Scoring<'_> {
///         Scoring::Confusion(self)
///     }
///     fn range(&self) -> std::ops::RangeInclusive<f64> {
///         0.0..=1.0
///     }
/// }
///
/// let confusion = Confusion::new(2, &[0, 1, 1, 1], &[1, 1, 1, 0])?;
/// assert_eq!(FBeta(1.0).score(&confusion), 2.0 / 3.0);
/// # Ok::<(), slt_mlp::Error>(())
/// ```
pub trait Metric: fmt::Debug + Send + Sync {
    /// The name, parameters included. Two metrics of one name must be one function: a checkpoint of a search
    /// for one goes on with the other.
    fn name(&self) -> Cow<'_, str>;

    /// What is kept of each sample, and the score of that.
    fn scoring(&self) -> Scoring<'_>;

    /// The least and the largest score that there can be. A promise, which is not checked: the adaptive
    /// accuracy bound of a search asks for [0, 1].
    fn range(&self) -> RangeInclusive<f64> {
        f64::MIN..=f64::MAX
    }

    /// When nothing is left to gain: by default at the end of the [range](Self::range).
    fn goal(&self) -> Goal {
        Goal::Score(*self.range().end())
    }

    /// Whether the metric is defined for so many classes.
    ///
    /// # Errors
    /// If it is not: [`Error::MetricClasses`].
    fn check(&self, n_classes: usize) -> Result<(), Error> {
        let _ = n_classes;
        Ok(())
    }

    /// A number that tells metrics apart: by default a hash of the name.
    fn fingerprint(&self) -> u64 {
        slt_core::canonical::fingerprint(self.name().bytes().map(u64::from))
    }
}

/// What a [`Metric`] keeps of each sample, and how that is scored.
#[derive(Clone, Copy)]
pub enum Scoring<'a> {
    /// Whether the sample is classified correctly; the score is the share of those.
    Accuracy,
    /// The predicted class, the first with the largest logit; the score is one of the confusion matrix.
    Confusion(&'a dyn ConfusionScore),
    /// A loss; the score is the mean, negated.
    Loss(Loss<'a>),
    /// All logits, of which anything can be made.
    Logits(&'a dyn LogitScore),
}

impl fmt::Debug for Scoring<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Scoring::Accuracy => f.write_str("Accuracy"),
            Scoring::Confusion(_) => f.write_str("Confusion"),
            Scoring::Loss(loss) => f.debug_tuple("Loss").field(loss).finish(),
            Scoring::Logits(_) => f.write_str("Logits"),
        }
    }
}

/// When nothing is left to gain for a [`Metric`]: what a search that is told to stop there asks.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Goal {
    /// The score is at least this.
    Score(f64),
    /// Every sample is classified correctly. For losses that have no end: they fall as long as logits can
    /// grow.
    AllCorrect,
}

macro_rules! forward {
    ($($pointer:ty),*) => {$(
        impl<M: Metric + ?Sized> Metric for $pointer {
            fn name(&self) -> Cow<'_, str> {
                (**self).name()
            }
            fn scoring(&self) -> Scoring<'_> {
                (**self).scoring()
            }
            fn range(&self) -> RangeInclusive<f64> {
                (**self).range()
            }
            fn goal(&self) -> Goal {
                (**self).goal()
            }
            fn check(&self, n_classes: usize) -> Result<(), Error> {
                (**self).check(n_classes)
            }
            fn fingerprint(&self) -> u64 {
                (**self).fingerprint()
            }
        }
    )*};
}

forward!(Box<M>, Arc<M>);

/// A score as a performance: always a finite number.
pub(crate) fn performance(score: f64) -> f64 {
    if score.is_nan() { f64::MIN } else { score.clamp(f64::MIN, f64::MAX) }
}
