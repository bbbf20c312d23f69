use std::borrow::Cow;
use std::ops::RangeInclusive;

use ndarray::{ArrayView1, ArrayView2};

use super::{Metric, Scoring};

/// A score of all logits.
pub trait LogitScore: Send + Sync {
    /// The score; larger is better.
    ///
    /// # Shapes
    /// `logits` is samples x classes, `labels` has the class of each sample, in the order of the data set.
    fn score(&self, logits: ArrayView2<'_, f32>, labels: &[u32]) -> f64;
}

impl<F: Fn(ArrayView2<'_, f32>, &[u32]) -> f64 + Send + Sync> LogitScore for F {
    fn score(&self, logits: ArrayView2<'_, f32>, labels: &[u32]) -> f64 {
        self(logits, labels)
    }
}

/// Area under the ROC curve, in [0, 1]: the chance that of a sample of a class and one of another, drawn at
/// random, the first has the larger score for the class; ties count half. `roc_auc_score` of scikit-learn.
///
/// For two classes the score is the margin `z_1 - z_0`, in `f64`. For more, each class is taken against the
/// rest, with its softmax probability in `f64`, and the mean over the classes counts (`multi_class="ovr"`,
/// macro average). A class without samples, or without samples of another, takes no part; without any, the
/// area is 0.5. A score that is NaN ranks lowest.
///
/// It needs no threshold: a network that ranks well has an area of 1 even if it answers one class only. It
/// takes a sort of the samples for each mask.
///
/// ```
/// use slt_mlp::metric::{Auc, LogitScore};
/// use ndarray::array;
/// let logits = array![[0.0_f32, 1.0], [0.0, 2.0], [0.0, 2.0], [0.0, 3.0]];
/// // Of 4 pairs, 3 are in order and 1 is tied.
/// assert_eq!(Auc.score(logits.view(), &[0, 0, 1, 1]), 3.5 / 4.0);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Auc;

impl LogitScore for Auc {
    fn score(&self, logits: ArrayView2<'_, f32>, labels: &[u32]) -> f64 {
        if logits.ncols() == 2 {
            let margins = logits.rows().into_iter().map(|z| f64::from(z[1]) - f64::from(z[0]));
            return area(margins, labels, 1).unwrap_or(0.5);
        }
        let denominators: Vec<(f64, f64)> = logits.rows().into_iter().map(|z| softmax_terms(&z)).collect();
        let probabilities = |class: usize| {
            let terms = logits.column(class).into_iter().zip(&denominators);
            terms.map(|(&z, &(top, sum))| libm::exp(f64::from(z) - top) / sum).collect::<Vec<_>>()
        };
        let areas = (0..logits.ncols()).filter_map(|class| area(probabilities(class), labels, class as u32));
        let (sum, n) = areas.fold((0.0, 0), |(sum, n), area| (sum + area, n + 1));
        if n == 0 { 0.5 } else { sum / f64::from(n) }
    }
}

/// The largest logit, and the sum of the exponentials of their distances to it.
fn softmax_terms(logits: &ArrayView1<'_, f32>) -> (f64, f64) {
    let top = f64::from(logits.iter().copied().fold(f32::NEG_INFINITY, f32::max));
    (top, logits.iter().fold(0.0, |sum, &z| sum + libm::exp(f64::from(z) - top)))
}

/// The area for one class against the rest; `None` without samples of either.
fn area(scores: impl IntoIterator<Item = f64>, labels: &[u32], class: u32) -> Option<f64> {
    let mut ranked: Vec<(f64, bool)> = scores
        .into_iter()
        .zip(labels)
        // Adding zero makes the two zeros one.
        .map(|(score, &label)| (if score.is_nan() { f64::NEG_INFINITY } else { score + 0.0 }, label == class))
        .collect();
    ranked.sort_unstable_by(|a, b| a.0.total_cmp(&b.0));
    // Pairs in order twice, pairs that tie once: at most half the square of a number of samples that fits 32
    // bits.
    let (mut twice, mut below) = (0_u64, 0_u64);
    for tied in ranked.chunk_by(|a, b| a.0 == b.0) {
        let of_class = tied.iter().filter(|&&(_, of_class)| of_class).count() as u64;
        let of_rest = tied.len() as u64 - of_class;
        twice += of_class * (2 * below + of_rest);
        below += of_rest;
    }
    let pairs = below * (ranked.len() as u64 - below);
    (pairs > 0).then(|| twice as f64 / (2 * pairs) as f64)
}

impl Metric for Auc {
    fn name(&self) -> Cow<'_, str> {
        "auc".into()
    }
    fn scoring(&self) -> Scoring<'_> {
        Scoring::Logits(self)
    }
    fn range(&self) -> RangeInclusive<f64> {
        0.0..=1.0
    }
}
