//! Masked inference written down plainly: the oracle that the engine is tested against.
//!
//! The same sums in the same order as `docs/numerics.md` fixes them, generic over the precision. In `f32` the
//! logits equal the engine's to the bit; in `f64` they serve as the exact value.

use ndarray::{Array1, Array2, ArrayView1, NdFloat};
use slt_core::BitMask;

use crate::Network;

/// A layer of a masked network.
///
/// # Shapes
/// `weights` and `mask` are `n_in x n_out`, `biases` has `n_out` elements.
#[derive(Debug, Clone)]
pub struct PlainLayer<T> {
    /// Weights.
    pub weights: Array2<T>,
    /// Biases.
    pub biases: Array1<T>,
    /// Which weights are active.
    pub mask: Array2<bool>,
}

/// The layers of `network` under `mask`, converted to `T`.
///
/// # Panics
/// If the mask does not have a bit for each weight.
pub fn layers<T: NdFloat + From<f32>>(network: &Network, mask: &BitMask) -> Vec<PlainLayer<T>> {
    let bits = network.architecture().layer_bits();
    network
        .layers()
        .iter()
        .zip(bits)
        .map(|(layer, bits)| PlainLayer {
            weights: layer.weights().mapv(Into::into),
            biases: layer.biases().mapv(Into::into),
            mask: Array2::from_shape_fn(layer.weights().dim(), |(source, target)| {
                mask.get(bits.start + source * layer.weights().ncols() + target)
            }),
        })
        .collect()
}

/// The outputs of a masked network: ReLU after every layer but the last.
///
/// # Shapes
/// `features` is `n_samples x n_inputs`, the result `n_samples x n_outputs`.
///
/// # Panics
/// If the shapes do not fit together.
///
/// ```
/// use ndarray::array;
/// use slt_mlp::plain::{PlainLayer, logits};
/// let layer = PlainLayer { weights: array![[2.0, 3.0]], biases: array![1.0, 0.5], mask: array![[true, false]] };
/// assert_eq!(logits(&[layer], &array![[10.0]]), array![[21.0, 0.5]]);
/// ```
pub fn logits<T: NdFloat>(layers: &[PlainLayer<T>], features: &Array2<T>) -> Array2<T> {
    let mut values = features.clone();
    for (l, layer) in layers.iter().enumerate() {
        values = Array2::from_shape_fn((values.nrows(), layer.biases.len()), |(sample, target)| {
            let mut sum = layer.biases[target];
            for source in 0..values.ncols() {
                if layer.mask[[source, target]] {
                    sum = layer.weights[[source, target]].mul_add(values[[sample, source]], sum);
                }
            }
            let is_output = l + 1 == layers.len();
            if is_output || sum > T::zero() { sum } else { T::zero() }
        });
    }
    values
}

/// The first class with the largest logit.
#[expect(clippy::needless_pass_by_value, reason = "a view is a reference")]
pub fn argmax<T: NdFloat>(logits: ArrayView1<'_, T>) -> usize {
    let mut top = 0;
    for (class, &logit) in logits.iter().enumerate() {
        if logit > logits[top] {
            top = class;
        }
    }
    top
}

/// The mean cross-entropy, -ln softmax(logits) at the label, with the largest logit subtracted first.
///
/// # Panics
/// If there are fewer labels than rows, or a label is not a class.
pub fn mean_cross_entropy<T: NdFloat>(logits: &Array2<T>, labels: &[u32]) -> T {
    let (mut total, mut count) = (T::zero(), T::zero());
    for (row, &label) in logits.rows().into_iter().zip(labels) {
        let top = row[argmax(row)];
        let sum = row.iter().fold(T::zero(), |sum, &z| sum + (z - top).exp());
        total += sum.ln() + (top - row[label as usize]);
        count += T::one();
    }
    total / count
}
