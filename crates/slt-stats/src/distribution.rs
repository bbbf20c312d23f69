//! Tails and quantiles of the distributions in use, so that their construction is in one place.

use statrs::distribution::{ChiSquared, ContinuousCDF, Normal, StudentsT};

use crate::alternative::Alternative;

fn standard_normal() -> Normal {
    Normal::standard()
}

fn student(df: f64) -> StudentsT {
    // The degrees of freedom come from samples that have been checked.
    StudentsT::new(0.0, 1.0, df).expect("degrees of freedom are positive")
}

/// p-value of a statistic that is standard normal under the null hypothesis. Both tails are survival
/// functions, so that small p-values keep their digits.
pub(crate) fn normal_p(z: f64, alternative: Alternative) -> f64 {
    alternative.p(z, |z| standard_normal().sf(z))
}

/// p-value of a statistic that has Student's t distribution under the null hypothesis.
pub(crate) fn student_p(t: f64, df: f64, alternative: Alternative) -> f64 {
    alternative.p(t, |t| student(df).sf(t))
}

/// Probability that a chi-squared variable is at least as large as a statistic; `df` is positive.
pub(crate) fn chi_squared_p(statistic: f64, df: usize) -> f64 {
    let distribution = ChiSquared::new(df as f64).expect("degrees of freedom are positive");
    distribution.sf(statistic).clamp(0.0, 1.0)
}

/// Half the width of the central interval that holds `level` of a standard normal distribution.
pub(crate) fn normal_half_width(level: f64) -> f64 {
    -standard_normal().inverse_cdf((1.0 - level) / 2.0)
}

/// Half the width of the central interval that holds `level` of Student's t distribution.
pub(crate) fn student_half_width(level: f64, df: f64) -> f64 {
    -student(df).inverse_cdf((1.0 - level) / 2.0)
}
