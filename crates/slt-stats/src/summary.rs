//! Location and spread of a sample.

use serde::{Deserialize, Serialize};

use crate::error::{Error, check_sample};
use crate::magnitude::{divided, unit};
use crate::quantile::{quantile_of_sorted, sorted};

/// What a sample looks like.
///
/// ```
/// let summary = slt_stats::Summary::of(&[1.0, 2.0, 3.0, 6.0])?;
/// assert_eq!((summary.mean, summary.median, summary.max), (3.0, 2.5, 6.0));
/// # Ok::<(), slt_stats::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Summary {
    /// Number of values.
    pub n: usize,
    /// Arithmetic mean.
    pub mean: f64,
    /// Standard deviation with `n - 1` in the denominator; `None` for one value.
    pub sd: Option<f64>,
    /// Smallest value.
    pub min: f64,
    /// Median: the mean of the two middle values where `n` is even.
    pub median: f64,
    /// Largest value.
    pub max: f64,
}

impl Summary {
    /// Summarises a sample.
    ///
    /// # Errors
    /// [`Error::SampleSize`] without values, [`Error::NotFinite`] if one is NaN or infinite.
    pub fn of(x: &[f64]) -> Result<Self, Error> {
        check_sample(x, 1)?;
        let sorted = sorted(x);
        let sd = if x.len() > 1 { Some(sd_unchecked(x, 1)) } else { None };
        let (min, max) = (sorted[0], sorted[x.len() - 1]);
        Ok(Self {
            n: x.len(),
            mean: mean_unchecked(x),
            sd,
            min,
            median: quantile_of_sorted(&sorted, 0.5),
            max,
        })
    }
}

/// Arithmetic mean.
///
/// # Errors
/// [`Error::SampleSize`] without values, [`Error::NotFinite`] if one is NaN or infinite.
pub fn mean(x: &[f64]) -> Result<f64, Error> {
    check_sample(x, 1)?;
    Ok(mean_unchecked(x))
}

/// Standard deviation `sqrt(sum((x - mean)^2) / (n - ddof))`.
///
/// `ddof` is 0 for the spread of these values themselves (numpy's default) and 1 for an estimate of the
/// spread of the population they come from.
///
/// # Errors
/// [`Error::SampleSize`] unless there are more than `ddof` values, [`Error::NotFinite`] if one is NaN or
/// infinite.
pub fn sd(x: &[f64], ddof: usize) -> Result<f64, Error> {
    check_sample(x, ddof.saturating_add(1))?;
    Ok(sd_unchecked(x, ddof))
}

/// [`mean`] of a sample that has been checked.
pub(crate) fn mean_unchecked(x: &[f64]) -> f64 {
    let unit = unit(x);
    divided(x, unit).iter().sum::<f64>() / x.len() as f64 * unit
}

/// The mean, and the sum of squared deviations from it, exactly 0 where all values are equal. Of values
/// beyond 1e100 the squares may be beyond f64: see [`crate::magnitude`].
pub(crate) fn mean_and_squares(x: &[f64]) -> (f64, f64) {
    if x.iter().all(|value| *value == x[0]) {
        return (x[0], 0.0);
    }
    let mean = x.iter().sum::<f64>() / x.len() as f64;
    (mean, x.iter().map(|value| (value - mean) * (value - mean)).sum())
}

/// [`sd`] of a sample that has been checked.
pub(crate) fn sd_unchecked(x: &[f64], ddof: usize) -> f64 {
    let unit = unit(x);
    (mean_and_squares(&divided(x, unit)).1 / (x.len() - ddof) as f64).sqrt() * unit
}
