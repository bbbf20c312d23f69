//! Missing values.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

use crate::error::{Error, known_name};

/// What becomes of missing values.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Missing {
    /// They are refused.
    #[default]
    Refuse,
    /// The mean of the column's values in the training rows; the most frequent one for categories.
    Mean,
    /// Their median, the mean of the middle two if their number is even; the most frequent one for
    /// categories.
    Median,
    /// The most frequent one; of several the smallest, or for categories the first in their order.
    MostFrequent,
}

impl Missing {
    /// Names for the command line, in the order of the variants.
    pub const NAMES: &[&str] = &["refuse", "mean", "median", "most-frequent"];
    const ALL: [Self; 4] = [Self::Refuse, Self::Mean, Self::Median, Self::MostFrequent];

    /// The value of a column of numbers that stands for missing ones. `values` are not empty, and none is
    /// missing.
    pub(super) fn value_of(self, mut values: Vec<f32>) -> Option<f32> {
        let n = values.len();
        match self {
            Self::Refuse => None,
            Self::Mean => Some((values.iter().map(|&value| f64::from(value)).sum::<f64>() / n as f64) as f32),
            Self::Median => {
                values.sort_unstable_by(f32::total_cmp);
                let (low, high) = (f64::from(values[(n - 1) / 2]), f64::from(values[n / 2]));
                Some((0.5 * (low + high)) as f32)
            }
            Self::MostFrequent => {
                values.sort_unstable_by(f32::total_cmp);
                // -0 and 0 are next to each other, and equal. The first of the longest runs, that is the
                // smallest.
                values.chunk_by(|a, b| a == b).rev().max_by_key(|run| run.len()).map(|run| run[0])
            }
        }
    }
}

impl fmt::Display for Missing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(Self::NAMES[*self as usize])
    }
}

impl FromStr for Missing {
    type Err = Error;

    fn from_str(given: &str) -> Result<Self, Error> {
        Ok(Self::ALL[known_name("treatment of missing values", given, Self::NAMES)?])
    }
}
