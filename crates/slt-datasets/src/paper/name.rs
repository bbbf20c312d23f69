//! The names of the paper's data sets.

use std::{fmt, ops::RangeInclusive, str::FromStr};

use serde::{Deserialize, Serialize};

use crate::error::{Error, known_name};

/// A data set of the paper; its text form is the name in lower case.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum PaperName {
    /// Two interleaving half circles.
    Moons,
    /// A large circle around a smaller one.
    Circles,
    /// Gaussian clusters.
    Blobs,
    /// Handwritten digits of 8 x 8 pixels.
    Digits,
}

impl PaperName {
    /// All data sets, in the order of the paper.
    pub const ALL: [Self; 4] = [Self::Moons, Self::Circles, Self::Blobs, Self::Digits];
    const NAMES: &[&str] = &["moons", "circles", "blobs", "digits"];

    /// The text form.
    pub(super) fn as_str(self) -> &'static str {
        Self::NAMES[self as usize]
    }

    /// How many classes there can be, in numbers and in words.
    pub(super) fn classes(self) -> (RangeInclusive<u32>, &'static str) {
        match self {
            Self::Moons => (2..=2, "2 for moons"),
            Self::Circles => (2..=2, "2 for circles"),
            Self::Blobs => (2..=10, "2 to 10 for blobs"),
            Self::Digits => (2..=10, "2 to 10 for digits"),
        }
    }
}

impl fmt::Display for PaperName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl FromStr for PaperName {
    type Err = Error;

    fn from_str(given: &str) -> Result<Self, Error> {
        Ok(Self::ALL[known_name("data set", given, Self::NAMES)?])
    }
}
