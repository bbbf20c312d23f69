//! Confidence intervals of a mean.

use serde::{Deserialize, Serialize};

use crate::distribution::student_half_width;
use crate::error::{Error, check_level, check_sample};
use crate::summary::{mean_unchecked, sd_unchecked};

/// A confidence interval.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Interval {
    /// Lower end.
    pub low: f64,
    /// Upper end.
    pub high: f64,
}

impl Interval {
    /// The interval `center ± half_width`.
    pub(crate) fn around(center: f64, half_width: f64) -> Self {
        Self { low: center - half_width, high: center + half_width }
    }

    /// Whether a value is in the interval, its ends included.
    pub fn contains(&self, value: f64) -> bool {
        (self.low..=self.high).contains(&value)
    }
}

/// Standard error of the mean, `sd / sqrt(n)` with `n - 1` in the denominator of `sd`.
///
/// # Errors
/// [`Error::SampleSize`] for fewer than two values, [`Error::NotFinite`] if one is NaN or infinite.
pub fn standard_error(x: &[f64]) -> Result<f64, Error> {
    check_sample(x, 2)?;
    Ok(sd_unchecked(x, 1) / (x.len() as f64).sqrt())
}

/// Confidence interval of the mean by Student's t with `n - 1` degrees of freedom; `level` is in (0, 1).
///
/// ```
/// let interval = slt_stats::t_interval(&[0.91, 0.94, 0.93, 0.96], 0.95)?;
/// assert!((interval.low - 0.901_876).abs() < 1e-6 && interval.contains(0.935));
/// # Ok::<(), slt_stats::Error>(())
/// ```
///
/// # Errors
/// Those of [`standard_error`], and [`Error::Parameter`] unless `level` is in its range.
pub fn t_interval(x: &[f64], level: f64) -> Result<Interval, Error> {
    check_level(level)?;
    let se = standard_error(x)?;
    Ok(Interval::around(mean_unchecked(x), student_half_width(level, (x.len() - 1) as f64) * se))
}
