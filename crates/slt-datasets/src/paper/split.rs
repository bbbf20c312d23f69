//! How the digits can be divided.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

use super::PaperName;
use crate::error::{Error, known_name};

/// How a data set of the paper is divided into training and test set; its text form is `paper` or
/// `file-order`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PaperSplit {
    /// As in the paper: the digits shuffled, see [`Raw::split_shuffled`](crate::Raw::split_shuffled).
    Paper,
    /// The digits in the order of their file, the last quarter of the rows as the test set. An earlier
    /// version of this crate took this for the paper's split; it is kept to compare with. Only the digits can
    /// be divided like this.
    FileOrder,
}

impl PaperSplit {
    /// All splits.
    pub const ALL: [Self; 2] = [Self::Paper, Self::FileOrder];
    const NAMES: &[&str] = &["paper", "file-order"];

    /// The text form.
    pub(super) fn as_str(self) -> &'static str {
        Self::NAMES[self as usize]
    }

    /// Whether `data` can be divided like this.
    #[must_use]
    pub fn suits(self, data: PaperName) -> bool {
        self == Self::Paper || data == PaperName::Digits
    }
}

impl fmt::Display for PaperSplit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl FromStr for PaperSplit {
    type Err = Error;

    fn from_str(given: &str) -> Result<Self, Error> {
        Ok(Self::ALL[known_name("split", given, Self::NAMES)?])
    }
}
