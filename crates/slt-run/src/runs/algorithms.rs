//! The names of all algorithms that search for masks.

use std::fmt;
use std::str::FromStr;

use super::Algorithm;
use crate::Error;

/// What can be searched with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SearchAlgorithm {
    /// The paper's.
    Genetic(Algorithm),
    /// Others.
    Mask(MaskAlgorithm),
}

/// The algorithms beyond the paper's; see [`SearchMethod`](super::SearchMethod).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MaskAlgorithm {
    /// `descent`
    Descent,
    /// `anneal`
    Anneal,
    /// `late-acceptance`
    LateAcceptance,
    /// `heavy-tailed`
    HeavyTailed,
    /// `memetic`
    Memetic,
    /// `nsga2`
    Nsga2,
    /// `umda`
    Umda,
    /// `unit-descent`
    UnitDescent,
}

impl SearchAlgorithm {
    /// The paper's genetic algorithm.
    pub const GA: Self = Self::Genetic(Algorithm::Ga);
    /// What does best without anybody's choice.
    pub const MEMETIC: Self = Self::Mask(MaskAlgorithm::Memetic);

    /// Names for the command line.
    pub const NAMES: &'static [&'static str] = &[
        "memetic",
        "anneal",
        "descent",
        "late-acceptance",
        "heavy-tailed",
        "nsga2",
        "umda",
        "unit-descent",
        "ga",
        "ga-ab",
    ];

    const ALL: [Self; 10] = [
        Self::MEMETIC,
        Self::Mask(MaskAlgorithm::Anneal),
        Self::Mask(MaskAlgorithm::Descent),
        Self::Mask(MaskAlgorithm::LateAcceptance),
        Self::Mask(MaskAlgorithm::HeavyTailed),
        Self::Mask(MaskAlgorithm::Nsga2),
        Self::Mask(MaskAlgorithm::Umda),
        Self::Mask(MaskAlgorithm::UnitDescent),
        Self::GA,
        Self::Genetic(Algorithm::GaAb),
    ];

    /// The name on the command line.
    pub fn name(self) -> &'static str {
        Self::ALL
            .into_iter()
            .zip(Self::NAMES)
            .find_map(|(one, name)| (one == self).then_some(*name))
            .unwrap_or("")
    }
}

impl fmt::Display for SearchAlgorithm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

impl FromStr for SearchAlgorithm {
    type Err = Error;

    fn from_str(name: &str) -> Result<Self, Error> {
        let known = Self::ALL.into_iter().find(|algorithm| algorithm.name() == name);
        known.ok_or_else(|| Error::UnknownName {
            kind: "algorithm",
            given: name.to_owned(),
            known: Self::NAMES.join(", "),
        })
    }
}
