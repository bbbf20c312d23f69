//! What a box plot shows.

use serde::{Deserialize, Serialize};

use crate::error::{Error, check, check_sample};
use crate::quantile::quantile_of_sorted;
use crate::quantile::sorted;
use crate::summary::mean_unchecked;

/// The numbers of a box plot as matplotlib's `boxplot_stats` has them.
///
/// ```
/// let plot = slt_stats::BoxPlot::of(&[1.0, 2.0, 3.0, 4.0, 20.0], 1.5)?;
/// assert_eq!((plot.q1, plot.median, plot.q3), (2.0, 3.0, 4.0));
/// assert_eq!((plot.whisker_low, plot.whisker_high, plot.outliers), (1.0, 4.0, vec![20.0]));
/// # Ok::<(), slt_stats::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct BoxPlot {
    /// Arithmetic mean.
    pub mean: f64,
    /// Lower quartile.
    pub q1: f64,
    /// Median.
    pub median: f64,
    /// Upper quartile.
    pub q3: f64,
    /// Smallest value that is at least `q1 - reach * (q3 - q1)`, but no more than `q1`.
    pub whisker_low: f64,
    /// Largest value that is at most `q3 + reach * (q3 - q1)`, but no less than `q3`.
    pub whisker_high: f64,
    /// Values beyond the whiskers: those below, then those above, each in the order of the sample.
    pub outliers: Vec<f64>,
    /// Lower end of the notch, `median - 1.57 (q3 - q1) / sqrt(n)`.
    pub notch_low: f64,
    /// Upper end of the notch.
    pub notch_high: f64,
}

/// Half the width of a notch: about a 95 % interval of the median, after McGill, Tukey and Larsen (1978).
const NOTCH: f64 = 1.57;

impl BoxPlot {
    /// The box plot of a sample; whiskers reach out to `reach` times the interquartile range, usually 1.5.
    ///
    /// # Errors
    /// [`Error::SampleSize`] without values, [`Error::NotFinite`] if one is NaN or infinite,
    /// [`Error::Parameter`] unless `reach` is finite and at least 0.
    pub fn of(x: &[f64], reach: f64) -> Result<Self, Error> {
        check_sample(x, 1)?;
        check(reach.is_finite() && reach >= 0.0, "reach", reach, "finite and at least 0")?;
        let sorted = sorted(x);
        let [q1, median, q3] = [0.25, 0.5, 0.75].map(|p| quantile_of_sorted(&sorted, p));
        let spread = q3 - q1;
        let (lowest, highest) = (q1 - reach * spread, q3 + reach * spread);
        let whisker_low = sorted.iter().copied().find(|&v| v >= lowest).map_or(q1, |v| v.min(q1));
        let whisker_high = sorted.iter().rev().copied().find(|&v| v <= highest).map_or(q3, |v| v.max(q3));
        let below = x.iter().filter(|&&value| value < whisker_low);
        let above = x.iter().filter(|&&value| value > whisker_high);
        let notch = NOTCH * spread / (x.len() as f64).sqrt();
        Ok(Self {
            mean: mean_unchecked(x),
            q1,
            median,
            q3,
            whisker_low,
            whisker_high,
            outliers: below.chain(above).copied().collect(),
            notch_low: median - notch,
            notch_high: median + notch,
        })
    }
}
