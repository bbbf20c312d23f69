//! Student's t tests.

use serde::{Deserialize, Serialize};

use crate::alternative::Alternative;
use crate::distribution::{student_half_width, student_p};
use crate::error::{Error, check_level, check_pairs, check_sample};
use crate::interval::Interval;
use crate::magnitude::{divided, unit};
use crate::summary::mean_and_squares;

/// Result of a t test on the difference of two means, first minus second.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct TTest {
    /// The difference.
    pub mean_difference: f64,
    /// Standard error of the difference.
    pub standard_error: f64,
    /// Degrees of freedom.
    pub df: f64,
    /// `mean_difference / standard_error`.
    pub t: f64,
    /// Probability of a statistic at least as extreme if the means are equal.
    pub p: f64,
    /// What is claimed against equality.
    pub alternative: Alternative,
}

impl TTest {
    /// From moments of samples that were divided by `unit`.
    fn new(
        mean_difference: f64,
        variance: f64,
        df: f64,
        alternative: Alternative,
        unit: f64,
    ) -> Result<Self, Error> {
        let standard_error = variance.sqrt();
        let t = mean_difference / standard_error;
        if !(t.is_finite() && df.is_finite() && df > 0.0) {
            return Err(Error::NoVariation { statistic: "Student's t" });
        }
        let p = student_p(t, df, alternative);
        let (mean_difference, standard_error) = (mean_difference * unit, standard_error * unit);
        Ok(Self { mean_difference, standard_error, df, t, p, alternative })
    }

    /// Two-sided confidence interval of the difference; `level` is in (0, 1).
    ///
    /// # Errors
    /// [`Error::Parameter`] unless `level` is in its range.
    pub fn interval(&self, level: f64) -> Result<Interval, Error> {
        check_level(level)?;
        Ok(Interval::around(self.mean_difference, student_half_width(level, self.df) * self.standard_error))
    }
}

/// Welch's t test: two independent samples whose variances may differ, degrees of freedom by Welch and
/// Satterthwaite.
///
/// ```
/// use slt_stats::{Alternative, welch_t};
///
/// let test = welch_t(&[0.94, 0.95, 0.97], &[0.90, 0.93, 0.91], Alternative::TwoSided)?;
/// assert!(test.p < 0.05 && test.interval(0.95)?.low > 0.0);
/// # Ok::<(), slt_stats::Error>(())
/// ```
///
/// # Errors
/// [`Error::SampleSize`] if a sample has fewer than two values, [`Error::NotFinite`] if a value is NaN or
/// infinite, [`Error::NoVariation`] if both samples are constant.
pub fn welch_t(x: &[f64], y: &[f64], alternative: Alternative) -> Result<TTest, Error> {
    let unit = unit(x.iter().chain(y));
    let moments = |sample: &[f64]| {
        check_sample(sample, 2)?;
        let (mean, squares) = mean_and_squares(&divided(sample, unit));
        let df = (sample.len() - 1) as f64;
        Ok((mean, squares / df / sample.len() as f64, df))
    };
    let ((mean_x, var_x, df_x), (mean_y, var_y, df_y)) = (moments(x)?, moments(y)?);
    let variance = var_x + var_y;
    let df = variance * variance / (var_x * var_x / df_x + var_y * var_y / df_y);
    TTest::new(mean_x - mean_y, variance, df, alternative, unit)
}

/// Student's t test: two independent samples of equal variance, `n + m - 2` degrees of freedom.
///
/// # Errors
/// Those of [`welch_t`].
pub fn student_t(x: &[f64], y: &[f64], alternative: Alternative) -> Result<TTest, Error> {
    check_sample(x, 2)?;
    check_sample(y, 2)?;
    let unit = unit(x.iter().chain(y));
    let ((mean_x, squares_x), (mean_y, squares_y)) =
        (mean_and_squares(&divided(x, unit)), mean_and_squares(&divided(y, unit)));
    let (n, m) = (x.len() as f64, y.len() as f64);
    let df = n + m - 2.0;
    let variance = (squares_x + squares_y) / df * (1.0 / n + 1.0 / m);
    TTest::new(mean_x - mean_y, variance, df, alternative, unit)
}

/// Paired t test: the differences of pairs, `n - 1` degrees of freedom.
///
/// # Errors
/// [`Error::PairLength`] if the samples differ in length, [`Error::SampleSize`] for fewer than two pairs,
/// [`Error::NotFinite`] if a value is NaN or infinite, [`Error::NoVariation`] if all differences are equal.
pub fn paired_t(x: &[f64], y: &[f64], alternative: Alternative) -> Result<TTest, Error> {
    check_pairs(x, y, 2)?;
    let unit = unit(x.iter().chain(y));
    let differences =
        divided(x, unit).iter().zip(divided(y, unit).iter()).map(|(x, y)| x - y).collect::<Vec<_>>();
    let (mean, squares) = mean_and_squares(&differences);
    let n = x.len() as f64;
    TTest::new(mean, squares / (n - 1.0) / n, n - 1.0, alternative, unit)
}
