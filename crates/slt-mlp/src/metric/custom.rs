use std::borrow::Cow;
use std::fmt;
use std::ops::RangeInclusive;
use std::sync::Arc;

use ndarray::ArrayView2;

use super::{Confusion, ConfusionScore, LogitScore, Loss, Metric, SampleLoss, Scoring};

/// A metric made of a closure: see [`custom`], [`of_confusion`] and [`of_losses`].
#[derive(Clone)]
pub struct Custom {
    name: String,
    range: RangeInclusive<f64>,
    score: Score,
}

#[derive(Clone)]
enum Score {
    Confusion(Arc<dyn ConfusionScore>),
    Losses(Arc<dyn SampleLoss>),
    Logits(Arc<dyn LogitScore>),
}

impl Custom {
    /// The same, known to score in this range only: a search that stops once nothing is left to gain stops at
    /// its end.
    ///
    /// ```
    /// use slt_mlp::metric::{Goal, Metric, of_confusion};
    /// let recall = of_confusion("recall of class 1", |confusion| confusion.of_class(1).recall).with_range(0.0..=1.0);
    /// assert_eq!(recall.goal(), Goal::Score(1.0));
    /// ```
    #[must_use]
    pub fn with_range(self, range: RangeInclusive<f64>) -> Self {
        Self { range, ..self }
    }
}

/// A metric of all logits (samples x classes) and labels.
///
/// Every mask is evaluated in full: nothing is known of the score before all logits are. The score is larger
/// for the better; NaN counts as the lowest. Equal names have to mean equal functions: see [`Metric::name`].
///
/// ```
/// use slt_core::{BitMask, Objective, Seed};
/// use slt_mlp::{Architecture, Evaluator, Initializer, Network, metric};
/// let data = slt_datasets::paper::moons()?.test;
/// let network = Network::random(&Architecture::new([2, 20, 2])?, Initializer::paper(), Seed(7))?;
///
/// // The least margin: what the worst sample has.
/// let worst = metric::custom("worst margin", |logits, labels| {
///     let margins = logits.rows().into_iter().zip(labels).map(|(z, &y)| z[y as usize] - z[1 - y as usize]);
///     f64::from(margins.fold(f32::INFINITY, f32::min))
/// });
/// let evaluator = Evaluator::new(&network, &data, worst)?;
/// let dense = evaluator.evaluate(&[&BitMask::ones(80)], None)[0].exact().unwrap();
/// assert!(dense < 0.0, "some sample is wrong: {dense}");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn custom<F>(name: impl Into<String>, score: F) -> Custom
where
    F: Fn(ArrayView2<'_, f32>, &[u32]) -> f64 + Send + Sync + 'static,
{
    let score = Score::Logits(Arc::new(score));
    Custom { name: name.into(), range: f64::MIN..=f64::MAX, score }
}

/// A metric of the confusion matrix. Of each sample only the predicted class is kept, which takes less time
/// and memory than [`custom`]; every mask is evaluated in full. For a cost of each confusion, see
/// [`MeanCost`](super::MeanCost).
///
/// ```
/// use slt_mlp::metric::{Metric, of_confusion};
/// // Of the samples taken for class 1, how many are.
/// let precision = of_confusion("precision of class 1", |confusion| confusion.of_class(1).precision);
/// assert_eq!(precision.name(), "precision of class 1");
/// ```
pub fn of_confusion<F>(name: impl Into<String>, score: F) -> Custom
where
    F: Fn(&Confusion) -> f64 + Send + Sync + 'static,
{
    let score = Score::Confusion(Arc::new(score));
    Custom { name: name.into(), range: f64::MIN..=f64::MAX, score }
}

/// The mean, negated, of a loss of one sample from its logits and its class. Masks that cannot reach a floor
/// are dropped early, as with the losses that are built in. A loss that is not a finite number counts as
/// infinite, a negative one as 0.
///
/// ```
/// use slt_core::{BitMask, Objective, Seed};
/// use slt_mlp::{Architecture, Evaluator, Initializer, Network, metric};
/// let data = slt_datasets::paper::moons()?.test;
/// let network = Network::random(&Architecture::new([2, 20, 2])?, Initializer::paper(), Seed(7))?;
/// let hinge = |z: &[f32], y: u32| (1.0 - (z[y as usize] - z[1 - y as usize])).max(0.0);
/// let score = |metric| Evaluator::new(&network, &data, metric).unwrap().evaluate(&[&BitMask::ones(80)], None);
/// assert_eq!(score(Box::new(metric::of_losses("hinge", hinge)) as Box<dyn metric::Metric>), score(Box::new(metric::Margin::new(1.0)?)));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn of_losses<F>(name: impl Into<String>, loss: F) -> Custom
where
    F: Fn(&[f32], u32) -> f32 + Send + Sync + 'static,
{
    let score = Score::Losses(Arc::new(loss));
    Custom { name: name.into(), range: f64::MIN..=0.0, score }
}

impl Metric for Custom {
    fn name(&self) -> Cow<'_, str> {
        self.name.as_str().into()
    }

    fn scoring(&self) -> Scoring<'_> {
        match &self.score {
            Score::Confusion(score) => Scoring::Confusion(&**score),
            Score::Losses(loss) => Scoring::Loss(Loss::Each(&**loss)),
            Score::Logits(score) => Scoring::Logits(&**score),
        }
    }

    fn range(&self) -> RangeInclusive<f64> {
        self.range.clone()
    }
}

impl fmt::Debug for Custom {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Custom").field("name", &self.name).field("range", &self.range).finish_non_exhaustive()
    }
}
