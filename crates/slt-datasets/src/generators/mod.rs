//! Synthetic data sets with the numbers of scikit-learn's generators.
//!
//! Each generator is a plain struct of parameters; `generate` checks them and returns [`Raw`] data in double
//! precision. Which random number goes where follows scikit-learn exactly, so labels and row order agree
//! exactly and features to about 1e-15 (the last digit of `sin`, `cos` and `ln`, which come from the `libm`
//! crate here and therefore do not depend on the platform). Rounded to single precision, the moons, circles
//! and blobs of the paper are the same to the last bit.

pub mod blobs;
pub mod circles;
pub mod moons;
mod raw;
mod two_class;

pub use raw::{Raw, RawSplit};
pub use two_class::Counts;

use crate::error::Error;

/// The largest number of values a generator builds, 2^31 (16 GiB in double precision).
pub(crate) const MAX_VALUES: usize = 1 << 31;

/// Refuses sizes that would exhaust memory before anything is allocated.
fn check_size(n_samples: Option<usize>, n_features: usize) -> Result<usize, Error> {
    n_samples
        .filter(|n| n.checked_mul(n_features).is_some_and(|values| values <= MAX_VALUES))
        .ok_or(Error::TooLarge { n_samples: n_samples.unwrap_or(usize::MAX), n_features, max: MAX_VALUES })
}

/// Refuses a standard deviation that is negative, infinite or NaN.
fn check_deviation(parameter: &'static str, value: f64) -> Result<(), Error> {
    if value.is_finite() && value >= 0.0 {
        return Ok(());
    }
    Err(Error::Parameter { parameter, value, allowed: "finite and at least 0" })
}
