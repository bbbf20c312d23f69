use std::fmt;
use std::str::FromStr;

use slt_run::Algorithm;

/// What can be searched with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum SearchAlgorithm {
    /// The paper's.
    Genetic(Algorithm),
    /// Others.
    Mask(MaskAlgorithm),
}

/// The algorithms beyond the paper's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum MaskAlgorithm {
    Descent,
    Anneal,
    LateAcceptance,
    HeavyTailed,
    Memetic,
    Nsga2,
    Umda,
    UnitDescent,
}

impl SearchAlgorithm {
    pub(super) const GA: Self = Self::Genetic(Algorithm::Ga);
    pub(super) const MEMETIC: Self = Self::Mask(MaskAlgorithm::Memetic);

    pub(super) const NAMES: &'static [&'static str] = &[
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

    fn name(self) -> &'static str {
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
    type Err = String;

    fn from_str(name: &str) -> Result<Self, String> {
        let known = Self::ALL.into_iter().find(|algorithm| algorithm.name() == name);
        known.ok_or_else(|| format!("expected one of {}", Self::NAMES.join(", ")))
    }
}
