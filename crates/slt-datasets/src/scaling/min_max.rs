//! The paper's scaling: one range for everything, taken from the data themselves.

use ndarray::{Array2, NdFloat};

use crate::{dataset::Dataset, error::Error};

/// Lower end of the scaled range.
pub const LOW: f64 = -0.7;
/// Upper end of the scaled range.
pub const HIGH: f64 = 0.7;

/// Scales a data set to `[-0.7, 0.7]` by its own minimum and maximum; see [`min_max_array`].
///
/// # Errors
///
/// [`Error::NotFinite`] if the range of the values exceeds that of `f32`.
///
/// ```
/// use ndarray::array;
/// use slt_datasets::{Dataset, scaling};
///
/// let data = Dataset::new("two", array![[0., 4.], [8., 16.]], vec![0, 1], 2)?;
/// assert_eq!(scaling::min_max(&data)?.values(), [-0.7, -0.35, 0.0, 0.7]);
/// # Ok::<(), slt_datasets::Error>(())
/// ```
pub fn min_max(data: &Dataset) -> Result<Dataset, Error> {
    data.with_features(min_max_array(data.features()))
}

/// Scales an array to `[-0.7, 0.7]` by one minimum and one maximum over all its elements.
///
/// Every operation is in the precision of the elements and in the order written:
/// `1.4 * (x - min) / (max - min) + -0.7`. The constants are rounded to that precision first. Rounding may
/// carry the ends one unit in the last place beyond the range. If all elements are equal, they become 0, the
/// middle; an array without elements stays as it is.
#[must_use]
pub fn min_max_array<F: NdFloat>(values: &Array2<F>) -> Array2<F> {
    let min = values.iter().copied().fold(F::infinity(), F::min);
    let max = values.iter().copied().fold(F::neg_infinity(), F::max);
    let (span, low) = (constant::<F>(HIGH - LOW), constant::<F>(LOW));
    if min == max {
        return Array2::zeros(values.dim());
    }
    values.mapv(|value| rescale(value, min, max, span, low))
}

/// The formula of [`min_max_array`] for one value.
pub(super) fn rescale<F: NdFloat>(value: F, min: F, max: F, span: F, low: F) -> F {
    span * (value - min) / (max - min) + low
}

fn constant<F: NdFloat>(value: f64) -> F {
    F::from(value).expect("every float type holds small constants")
}
