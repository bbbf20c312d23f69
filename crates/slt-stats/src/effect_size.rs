//! How much two samples differ.

use serde::{Deserialize, Serialize};

use crate::error::{Error, check_sample};
use crate::magnitude::{divided, unit};
use crate::quantile::sorted;
use crate::summary::mean_and_squares;

/// How often a value of one sample beats a value of another, over all pairs of one value each.
///
/// ```
/// let dominance = slt_stats::Dominance::of(&[3.0, 5.0], &[1.0, 3.0])?;
/// assert_eq!((dominance.greater, dominance.less, dominance.equal), (3, 0, 1));
/// assert_eq!((dominance.a12(), dominance.cliffs_delta()), (0.875, 0.75));
/// # Ok::<(), slt_stats::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Dominance {
    /// Pairs in which the value of the first sample is larger.
    pub greater: u64,
    /// Pairs in which it is smaller.
    pub less: u64,
    /// Pairs of equal values.
    pub equal: u64,
}

impl Dominance {
    /// Counts the pairs.
    ///
    /// # Errors
    /// [`Error::SampleSize`] if a sample has no values, [`Error::NotFinite`] if a value is NaN or infinite.
    pub fn of(x: &[f64], y: &[f64]) -> Result<Self, Error> {
        check_sample(x, 1)?;
        check_sample(y, 1)?;
        let y = sorted(y);
        let mut counts = Self { greater: 0, less: 0, equal: 0 };
        for value in x {
            let smaller = y.partition_point(|other| other < value);
            let not_larger = y.partition_point(|other| other <= value);
            counts.greater += smaller as u64;
            counts.equal += (not_larger - smaller) as u64;
            counts.less += (y.len() - not_larger) as u64;
        }
        Ok(counts)
    }

    fn pairs(&self) -> f64 {
        (self.greater + self.less + self.equal) as f64
    }

    /// Vargha and Delaney's A12 in [0, 1]: the chance that a value of the first sample is larger, ties
    /// counted half. 0.5 is no difference.
    pub fn a12(&self) -> f64 {
        (self.greater as f64 + 0.5 * self.equal as f64) / self.pairs()
    }

    /// Cliff's delta in [-1, 1]: `2 A12 - 1`.
    pub fn cliffs_delta(&self) -> f64 {
        (self.greater as f64 - self.less as f64) / self.pairs()
    }
}

/// Cohen's d: the difference of the means, first minus second, over the pooled standard deviation.
///
/// # Errors
/// [`Error::SampleSize`] if a sample has fewer than two values, [`Error::NotFinite`] if a value is NaN or
/// infinite, [`Error::NoVariation`] if both samples are constant.
pub fn cohens_d(x: &[f64], y: &[f64]) -> Result<f64, Error> {
    check_sample(x, 2)?;
    check_sample(y, 2)?;
    let unit = unit(x.iter().chain(y));
    let (x, y) = (divided(x, unit), divided(y, unit));
    let ((mean_x, squares_x), (mean_y, squares_y)) = (mean_and_squares(&x), mean_and_squares(&y));
    let pooled = (squares_x + squares_y) / (x.len() + y.len() - 2) as f64;
    if pooled == 0.0 {
        return Err(Error::NoVariation { statistic: "Cohen's d" });
    }
    Ok((mean_x - mean_y) / pooled.sqrt())
}
