//! Quantiles of a sample.

use crate::error::{Error, check, check_sample};

/// Quantile by linear interpolation between order statistics, numpy's default (type 7 of Hyndman and Fan).
///
/// With the values in ascending order counted from 0, quantile `p` stands at place `p * (n - 1)`. `p` is in
/// [0, 1].
///
/// ```
/// assert_eq!(slt_stats::quantile(&[4.0, 1.0, 2.0], 0.25)?, 1.5);
/// # Ok::<(), slt_stats::Error>(())
/// ```
///
/// # Errors
/// [`Error::SampleSize`] without values, [`Error::NotFinite`] if one is NaN or infinite, [`Error::Parameter`]
/// unless `p` is in its range.
pub fn quantile(x: &[f64], p: f64) -> Result<f64, Error> {
    Ok(quantiles(x, &[p])?[0])
}

/// Several [`quantile`]s, which takes one sort.
///
/// # Errors
/// Those of [`quantile`].
pub fn quantiles(x: &[f64], p: &[f64]) -> Result<Vec<f64>, Error> {
    check_sample(x, 1)?;
    for &p in p {
        check((0.0..=1.0).contains(&p), "p", p, "in [0, 1]")?;
    }
    let sorted = sorted(x);
    Ok(p.iter().map(|&p| quantile_of_sorted(&sorted, p)).collect())
}

/// The values in ascending order.
pub(crate) fn sorted(x: &[f64]) -> Vec<f64> {
    let mut sorted = x.to_vec();
    sorted.sort_unstable_by(f64::total_cmp);
    sorted
}

/// [`quantile`] of values in ascending order.
pub(crate) fn quantile_of_sorted(sorted: &[f64], p: f64) -> f64 {
    let place = p * (sorted.len() - 1) as f64;
    let below = (place as usize).min(sorted.len() - 1);
    let above = (below + 1).min(sorted.len() - 1);
    let (low, high, share) = (sorted[below], sorted[above], place - below as f64);
    if !(high - low).is_finite() {
        return low * (1.0 - share) + high * share;
    }
    // From the nearer end, as numpy does: the result is exact at both of them.
    if share < 0.5 { low + (high - low) * share } else { high - (high - low) * (1.0 - share) }
}
