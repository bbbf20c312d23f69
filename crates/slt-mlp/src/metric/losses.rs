use std::borrow::Cow;
use std::fmt;
use std::ops::RangeInclusive;

use super::positive::Positive;
use super::{Goal, Metric, Scoring};
use crate::Error;

/// Losses are not negative, and their means are negated.
const RANGE: RangeInclusive<f64> = f64::MIN..=0.0;

/// The loss of one sample, of which a metric is the mean, negated.
///
/// Losses are not negative, so that a sum of them only grows: racing drops a mask once the samples so far
/// have cost more than a floor allows. `docs/numerics.md` fixes each loss and the order in which they are
/// added. All but [`Each`](Self::Each) are worked out for a register of samples at once.
#[derive(Clone, Copy)]
#[non_exhaustive]
pub enum Loss<'a> {
    /// That of [`CrossEntropy`].
    CrossEntropy,
    /// That of [`CrossEntropyF32`], with its mean in single precision.
    CrossEntropyF32,
    /// That of [`TemperedCrossEntropy`].
    Tempered(TemperedCrossEntropy),
    /// That of [`Margin`].
    Margin(Margin),
    /// One of the user's.
    Each(&'a dyn SampleLoss),
}

impl fmt::Debug for Loss<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Loss::CrossEntropy => f.write_str("CrossEntropy"),
            Loss::CrossEntropyF32 => f.write_str("CrossEntropyF32"),
            Loss::Tempered(metric) => metric.fmt(f),
            Loss::Margin(metric) => metric.fmt(f),
            Loss::Each(_) => f.write_str("Each"),
        }
    }
}

/// A loss of one's own. See [`of_losses`](super::of_losses) for a closure.
pub trait SampleLoss: Send + Sync {
    /// The loss of a sample from its logits, one for each class, and its class. One that is not a finite
    /// number counts as infinite, a negative one as 0.
    fn loss(&self, logits: &[f32], label: u32) -> f32;
}

impl<F: Fn(&[f32], u32) -> f32 + Send + Sync> SampleLoss for F {
    fn loss(&self, logits: &[f32], label: u32) -> f32 {
        self(logits, label)
    }
}

/// Mean cross-entropy (natural logarithm) of the softmax of the logits, negated: with the largest logit `z_a`
/// and the label `y`, a sample costs `ln(sum over c of exp(z_c - z_a)) + z_a - z_y`.
///
/// It never ends, so a mask counts as solved once it classifies every sample correctly.
///
/// ```
/// use slt_mlp::metric::{CrossEntropy, Goal, Metric};
/// assert_eq!(CrossEntropy.name(), "cross-entropy");
/// assert_eq!(CrossEntropy.goal(), Goal::AllCorrect);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct CrossEntropy;

impl Metric for CrossEntropy {
    fn name(&self) -> Cow<'_, str> {
        "cross-entropy".into()
    }
    fn scoring(&self) -> Scoring<'_> {
        Scoring::Loss(Loss::CrossEntropy)
    }
    fn range(&self) -> RangeInclusive<f64> {
        RANGE
    }
    fn goal(&self) -> Goal {
        Goal::AllCorrect
    }
    fn fingerprint(&self) -> u64 {
        1
    }
}

/// [`CrossEntropy`] in the single-precision arithmetic of common deep-learning libraries, as
/// [`cross_entropy_f32`] computes it. It resolves less: a sample whose margin exceeds 16.6 costs exactly
/// nothing, and masks that classify well often tie, so that a search compares their sparsity.
///
/// [`cross_entropy_f32`]: crate::cross_entropy_f32
///
/// ```
/// use slt_mlp::metric::{CrossEntropyF32, Metric};
/// assert_eq!(CrossEntropyF32.name(), "cross-entropy-f32");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct CrossEntropyF32;

impl Metric for CrossEntropyF32 {
    fn name(&self) -> Cow<'_, str> {
        "cross-entropy-f32".into()
    }
    fn scoring(&self) -> Scoring<'_> {
        Scoring::Loss(Loss::CrossEntropyF32)
    }
    fn range(&self) -> RangeInclusive<f64> {
        RANGE
    }
    fn goal(&self) -> Goal {
        Goal::AllCorrect
    }
    fn fingerprint(&self) -> u64 {
        2
    }
}

/// Mean cross-entropy of the softmax of the logits divided by a temperature `T > 0`, negated.
///
/// What a sample costs beyond a margin of some `T` falls off exponentially. Masks have the weights that the
/// network was drawn with, and cannot scale their logits: where those are large, samples that are right by a
/// little cost next to nothing, and a search sees few differences. With `T > 1` they go on contributing, so
/// that larger margins are wanted; with `T < 1` only samples that are wrong or nearly so count. At `T = 1` it
/// is [`CrossEntropy`] to the bit.
///
/// ```
/// use slt_core::{BitMask, Objective};
/// use slt_datasets::Dataset;
/// use slt_mlp::metric::{Metric, TemperedCrossEntropy};
/// use slt_mlp::{Evaluator, Network};
/// use ndarray::array;
/// let network = Network::from_parameters(vec![(array![[0.0, 3.0]], array![0.0, 0.0])])?;
/// let data = Dataset::new("one", array![[1.0]], vec![1], 2)?;
/// let metric = TemperedCrossEntropy::new(2.0)?;
/// assert_eq!(metric.name(), "cross-entropy:2");
/// let score = Evaluator::new(&network, &data, metric)?.evaluate(&[&BitMask::ones(2)], None)[0].exact().unwrap();
/// assert!((score + (1.0 + (-1.5_f64).exp()).ln()).abs() < 1e-7);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct TemperedCrossEntropy {
    temperature: Positive,
}

impl TemperedCrossEntropy {
    /// With this temperature.
    ///
    /// # Errors
    /// If it is not positive and finite.
    pub fn new(temperature: f32) -> Result<Self, Error> {
        let wrong = Error::MetricParameter { parameter: "temperature", value: temperature };
        Ok(Self { temperature: Positive::new(temperature).ok_or(wrong)? })
    }

    /// What the logits are divided by.
    pub fn temperature(self) -> f32 {
        self.temperature.get()
    }
}

impl Metric for TemperedCrossEntropy {
    fn name(&self) -> Cow<'_, str> {
        format!("cross-entropy:{}", self.temperature()).into()
    }
    fn scoring(&self) -> Scoring<'_> {
        Scoring::Loss(Loss::Tempered(*self))
    }
    fn range(&self) -> RangeInclusive<f64> {
        RANGE
    }
    fn goal(&self) -> Goal {
        Goal::AllCorrect
    }
}

/// Mean multi-class hinge loss (Crammer and Singer 2001), negated: with the label `y` and a margin `m > 0`, a
/// sample costs `max(0, m - (z_y - max over c != y of z_c))`.
///
/// A sample that is right by the margin costs nothing, one that is wrong costs the more the farther it is
/// off. Unlike [`CrossEntropy`] it ends: a mask whose samples all have the margin has performance 0 and
/// counts as solved, so that masks tie there and a search compares their sparsity.
///
/// ```
/// use slt_core::{BitMask, Objective};
/// use slt_datasets::Dataset;
/// use slt_mlp::metric::{Margin, Metric};
/// use slt_mlp::{Evaluator, Network};
/// use ndarray::array;
/// let network = Network::from_parameters(vec![(array![[0.0, 0.75]], array![0.0, 0.0])])?;
/// let data = Dataset::new("two", array![[1.0], [2.0]], vec![1, 1], 2)?;
/// let evaluator = Evaluator::new(&network, &data, Margin::new(1.0)?)?;
/// assert_eq!(evaluator.evaluate(&[&BitMask::ones(2)], None)[0].exact(), Some(-0.125));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Margin {
    margin: Positive,
}

impl Margin {
    /// With this margin.
    ///
    /// # Errors
    /// If it is not positive and finite.
    pub fn new(margin: f32) -> Result<Self, Error> {
        let wrong = Error::MetricParameter { parameter: "margin", value: margin };
        Ok(Self { margin: Positive::new(margin).ok_or(wrong)? })
    }

    /// By how much the logit of the label has to exceed the others.
    pub fn margin(self) -> f32 {
        self.margin.get()
    }
}

impl Metric for Margin {
    fn name(&self) -> Cow<'_, str> {
        format!("margin:{}", self.margin()).into()
    }
    fn scoring(&self) -> Scoring<'_> {
        Scoring::Loss(Loss::Margin(*self))
    }
    fn range(&self) -> RangeInclusive<f64> {
        RANGE
    }
}
