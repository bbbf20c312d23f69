use serde::{Deserialize, Serialize};
use slt_ga::Memetic;
use slt_search::{Algorithm, Annealing, Descent, HeavyTailed, LateAcceptance};

/// An algorithm with its parameters.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "algorithm", rename_all = "kebab-case")]
#[non_exhaustive]
pub enum SearchMethod {
    /// See [`Descent`].
    Descent(Descent),
    /// See [`Annealing`].
    Annealing(Annealing),
    /// See [`LateAcceptance`].
    LateAcceptance(LateAcceptance),
    /// See [`HeavyTailed`].
    HeavyTailed(HeavyTailed),
    /// See [`Memetic`].
    Memetic(Memetic),
}

impl SearchMethod {
    /// The name on the command line.
    pub fn name(&self) -> &'static str {
        match self {
            SearchMethod::Descent(algorithm) => algorithm.name(),
            SearchMethod::Annealing(algorithm) => algorithm.name(),
            SearchMethod::LateAcceptance(algorithm) => algorithm.name(),
            SearchMethod::HeavyTailed(algorithm) => algorithm.name(),
            SearchMethod::Memetic(algorithm) => algorithm.name(),
        }
    }
}
