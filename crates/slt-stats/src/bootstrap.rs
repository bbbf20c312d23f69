//! Percentile bootstrap.

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{RngCore, SeedableRng};

use crate::error::{Error, check, check_level, check_sample};
use crate::interval::Interval;
use crate::magnitude::{divided, unit};
use crate::quantile::quantile_of_sorted;
use crate::quantile::sorted;

/// Means of `n_resamples` samples of the same size, drawn from `x` with replacement.
///
/// The same seed gives the same means on every machine and with every version of every dependency: indices
/// are the high half of the 128-bit product of a `u64` and `n`, redrawn while the low half is below
/// `2^64 mod n`; the words are those of ChaCha8 whose key holds the seed in its first 8 bytes, little-endian,
/// and `bootstrp` in the next 8.
///
/// # Errors
/// [`Error::SampleSize`] without values, [`Error::NotFinite`] if one is NaN or infinite, [`Error::Parameter`]
/// without resamples.
pub fn bootstrap_means(x: &[f64], n_resamples: usize, seed: u64) -> Result<Vec<f64>, Error> {
    check_sample(x, 1)?;
    check(n_resamples > 0, "n_resamples", 0.0, "at least 1")?;
    let mut rng = stream(seed);
    let n = x.len() as u64;
    let unit = unit(x);
    let x = divided(x, unit);
    let resample = |_| (0..n).map(|_| x[index(&mut rng, n)]).sum::<f64>() / n as f64 * unit;
    Ok((0..n_resamples).map(resample).collect())
}

/// Confidence interval of the mean from the percentiles of [`bootstrap_means`], as seaborn draws them.
///
/// ```
/// let x = [0.91, 0.94, 0.93, 0.96];
/// let interval = slt_stats::bootstrap_interval(&x, 0.95, 10_000, 7)?;
/// assert!(0.91 < interval.low && interval.low < 0.935 && interval.high < 0.96);
/// # Ok::<(), slt_stats::Error>(())
/// ```
///
/// # Errors
/// Those of [`bootstrap_means`], and [`Error::Parameter`] unless `level` is in (0, 1).
pub fn bootstrap_interval(x: &[f64], level: f64, n_resamples: usize, seed: u64) -> Result<Interval, Error> {
    check_level(level)?;
    percentile_interval(&bootstrap_means(x, n_resamples, seed)?, level)
}

/// The central interval that holds `level` of a set of bootstrap estimates, by [linear](crate::quantile)
/// percentiles.
///
/// # Errors
/// [`Error::SampleSize`] without estimates, [`Error::NotFinite`] if one is NaN or infinite,
/// [`Error::Parameter`] unless `level` is in (0, 1).
pub fn percentile_interval(estimates: &[f64], level: f64) -> Result<Interval, Error> {
    check_level(level)?;
    check_sample(estimates, 1)?;
    let sorted = sorted(estimates);
    let tail = (1.0 - level) / 2.0;
    Ok(Interval { low: quantile_of_sorted(&sorted, tail), high: quantile_of_sorted(&sorted, 1.0 - tail) })
}

fn stream(seed: u64) -> ChaCha8Rng {
    let mut key = [0; 32];
    key[..8].copy_from_slice(&seed.to_le_bytes());
    key[8..16].copy_from_slice(b"bootstrp");
    ChaCha8Rng::from_seed(key)
}

/// A uniform integer below `n`.
fn index(rng: &mut impl RngCore, n: u64) -> usize {
    let rejected = n.wrapping_neg() % n;
    loop {
        let product = u128::from(rng.next_u64()) * u128::from(n);
        if product as u64 >= rejected {
            return (product >> 64) as usize;
        }
    }
}
