use ndarray::ArrayView2;

use crate::engine::{loss_f32, mean_f32};

/// The cross-entropy of each sample and their mean, in single precision throughout, as common deep-learning
/// libraries compute them. With the largest logit `m` and the label `y`,
///
/// ```text
/// loss = ln(sum over c, ascending, of exp(z_c - m)) + (m - z_y)
/// ```
///
/// with every operation rounded to `f32`. A loss that is not finite counts as infinite. `docs/numerics.md`
/// fixes the order in which the mean is summed. It is the plain form of what an
/// [`Evaluator`](crate::Evaluator) computes for
/// [`MetricName::CrossEntropyF32`](crate::MetricName::CrossEntropyF32), equal to the bit.
///
/// # Shapes
/// `logits` is `n_samples x n_classes`, `labels` has `n_samples` elements in `0..n_classes`. Without samples,
/// the mean is NaN.
///
/// # Panics
/// If there is not one label for each sample, or a label is not a class.
///
/// ```
/// use ndarray::array;
/// let logits = array![[0.0_f32, 0.0], [0.0, 16.6], [0.0, 16.7]];
/// let (losses, mean) = slt_mlp::cross_entropy_f32(logits.view(), &[0, 1, 1]);
/// assert_eq!(losses, [std::f32::consts::LN_2, 1.192_092_8e-7, 0.0]);
/// assert_eq!(mean, (losses[0] + losses[1]) / 3.0);
/// ```
#[expect(clippy::needless_pass_by_value, reason = "a view is a reference")]
pub fn cross_entropy_f32(logits: ArrayView2<'_, f32>, labels: &[u32]) -> (Vec<f32>, f32) {
    assert_eq!(logits.nrows(), labels.len(), "one label for each sample");
    let rows = logits.rows().into_iter().zip(labels);
    let losses: Vec<f32> =
        rows.map(|(row, &label)| loss_f32(row.iter().copied(), row[label as usize])).collect();
    let mean = mean_f32(losses.iter().copied());
    (losses, mean)
}
