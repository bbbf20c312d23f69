//! How much two samples differ.

use serde::{Deserialize, Serialize};

use crate::error::{Error, check_sample};
use crate::quantile::sorted;

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
