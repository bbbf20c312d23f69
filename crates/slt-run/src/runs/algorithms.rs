//! The names of all algorithms that search for masks.

use std::fmt;
use std::str::FromStr;

use super::mask_search::TABLE;
use super::{Algorithm, MaskAlgorithm, MaskOption};
use crate::Error;

/// What can be searched with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SearchAlgorithm {
    /// The paper's.
    Genetic(Algorithm),
    /// Others.
    Mask(MaskAlgorithm),
}

/// The paper's, in the order in which help lists them after the others.
const GENETIC: [Algorithm; 2] = [Algorithm::Ga, Algorithm::GaAb];

impl SearchAlgorithm {
    /// The paper's genetic algorithm.
    pub const GA: Self = Self::Genetic(Algorithm::Ga);
    /// What does best without anybody's choice.
    pub const MEMETIC: Self = Self::Mask(MaskAlgorithm::Memetic);

    /// The most bits in a population, its number of masks times that of the weights: they take 2 GiB.
    pub const MAX_POPULATION_BITS: usize = 1 << 34;

    /// Names for the command line.
    pub const NAMES: &'static [&'static str] = &{
        let mut names = [""; TABLE.len() + GENETIC.len()];
        let mut i = 0;
        while i < names.len() {
            names[i] = if i < TABLE.len() { TABLE[i].name } else { GENETIC[i - TABLE.len()].name() };
            i += 1;
        }
        names
    };

    /// All, in the order of their names.
    fn all() -> impl Iterator<Item = Self> {
        let masks = TABLE.iter().map(|row| Self::Mask(row.algorithm));
        masks.chain(GENETIC.into_iter().map(Self::Genetic))
    }

    /// The name on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Self::Genetic(algorithm) => algorithm.name(),
            Self::Mask(algorithm) => algorithm.name(),
        }
    }

    /// Whether it takes an option.
    pub fn takes(self, option: MaskOption) -> bool {
        match self {
            Self::Genetic(_) => matches!(option, MaskOption::Population | MaskOption::Generations),
            Self::Mask(algorithm) => algorithm.takes(option),
        }
    }

    /// Those that take an option, as messages list them: the paper's first.
    ///
    /// ```
    /// use slt_run::{MaskOption, SearchAlgorithm};
    /// let taking = SearchAlgorithm::taking(MaskOption::Generations);
    /// assert!(taking.map(SearchAlgorithm::name).eq(["ga", "ga-ab", "nsga2", "umda"]));
    /// ```
    pub fn taking(option: MaskOption) -> impl Iterator<Item = Self> {
        let mut algorithms: Vec<Self> = Self::all().filter(|algorithm| algorithm.takes(option)).collect();
        algorithms.sort_by_key(|algorithm| match algorithm {
            Self::Genetic(algorithm) => (0, *algorithm as usize),
            Self::Mask(algorithm) => (1, *algorithm as usize),
        });
        algorithms.into_iter()
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
        let known = Self::all().find(|algorithm| algorithm.name() == name);
        known.ok_or_else(|| Error::UnknownName {
            kind: "algorithm",
            given: name.to_owned(),
            known: Self::NAMES.join(", "),
        })
    }
}
