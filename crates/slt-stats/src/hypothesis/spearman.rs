//! Spearman's rank correlation.

use serde::{Deserialize, Serialize};

use crate::alternative::Alternative;
use crate::distribution::student_p;
use crate::error::{Error, check_pairs};
use crate::ranks::Ranks;
use crate::summary::mean_unchecked;

/// A correlation and its test.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Correlation {
    /// Coefficient in [-1, 1].
    pub rho: f64,
    /// Probability of a coefficient at least as extreme if the two are unrelated.
    pub p: f64,
    /// What is claimed against that: a correlation, a negative one ([`Alternative::Less`]) or a positive one.
    pub alternative: Alternative,
    /// Number of pairs.
    pub n: usize,
}

/// Spearman's rank correlation: Pearson's correlation of the ranks, in which equal values share their mean
/// rank.
///
/// The p-value is that of `rho sqrt((n - 2) / (1 - rho^2))` under Student's t with `n - 2` degrees of
/// freedom, as scipy has it; it is an approximation for fewer than some ten pairs.
///
/// ```
/// use slt_stats::{Alternative, spearman};
///
/// let fit = spearman(&[1.0, 2.0, 3.0, 4.0], &[1.0, 4.0, 9.0, 16.0], Alternative::TwoSided)?;
/// assert_eq!((fit.rho, fit.p), (1.0, 0.0));
/// # Ok::<(), slt_stats::Error>(())
/// ```
///
/// # Errors
/// [`Error::PairLength`] if the samples differ in length, [`Error::SampleSize`] for fewer than three pairs,
/// [`Error::NotFinite`] if a value is NaN or infinite, [`Error::NoVariation`] if a sample is constant.
pub fn spearman(x: &[f64], y: &[f64], alternative: Alternative) -> Result<Correlation, Error> {
    check_pairs(x, y, 3)?;
    let (x, y) = (Ranks::of(x), Ranks::of(y));
    if x.groups.len() == 1 || y.groups.len() == 1 {
        return Err(Error::NoVariation { statistic: "Spearman's rho" });
    }
    let (x, y) = (centred(&x.ranks), centred(&y.ranks));
    let product = |a: &[f64], b: &[f64]| a.iter().zip(b).map(|(a, b)| a * b).sum::<f64>();
    let rho = (product(&x, &y) / (product(&x, &x) * product(&y, &y)).sqrt()).clamp(-1.0, 1.0);
    let df = (x.len() - 2) as f64;
    let rest = (1.0 - rho) * (1.0 + rho);
    let p = match (rest > 0.0, alternative) {
        (true, _) => student_p(rho * (df / rest).sqrt(), df, alternative),
        (false, Alternative::Less) if rho > 0.0 => 1.0,
        (false, Alternative::Greater) if rho < 0.0 => 1.0,
        (false, _) => 0.0,
    };
    Ok(Correlation { rho, p, alternative, n: x.len() })
}

fn centred(ranks: &[f64]) -> Vec<f64> {
    let mean = mean_unchecked(ranks);
    ranks.iter().map(|rank| rank - mean).collect()
}
