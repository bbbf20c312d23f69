//! How the paper's data sets can be scaled.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

use super::PaperName;
use crate::error::{Error, known_name};

/// How a data set of the paper is scaled; its text form is `paper`, `none` or `minmax`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum PaperScaling {
    /// As in the paper's main runs: moons and digits [`MinMax`](Self::MinMax), circles and blobs
    /// [`None`](Self::None).
    Paper,
    /// Not at all.
    None,
    /// Each split by itself to `[-0.7, 0.7]`; see [`min_max`](crate::scaling::min_max).
    MinMax,
}

impl PaperScaling {
    /// All scalings.
    pub const ALL: [Self; 3] = [Self::Paper, Self::None, Self::MinMax];
    const NAMES: &[&str] = &["paper", "none", "minmax"];

    /// Whether this means that `data` is scaled.
    #[must_use]
    pub fn scales(self, data: PaperName) -> bool {
        match self {
            Self::Paper => matches!(data, PaperName::Moons | PaperName::Digits),
            Self::None => false,
            Self::MinMax => true,
        }
    }
}

impl fmt::Display for PaperScaling {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(Self::NAMES[*self as usize])
    }
}

impl FromStr for PaperScaling {
    type Err = Error;

    fn from_str(given: &str) -> Result<Self, Error> {
        Ok(Self::ALL[known_name("scaling", given, Self::NAMES)?])
    }
}
