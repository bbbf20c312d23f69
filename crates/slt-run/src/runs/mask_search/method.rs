use serde::{Deserialize, Serialize};
use slt_ga::{GaConfig, Memetic, Nsga2, Umda};
use slt_search::{Algorithm, Annealing, Descent, Error, HeavyTailed, LateAcceptance, Price, UnitDescent};

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
    /// See [`Nsga2`].
    Nsga2(Nsga2),
    /// See [`Umda`].
    Umda(Umda),
    /// See [`UnitDescent`].
    UnitDescent(UnitDescent),
    /// The paper's, to compare the others with at equal work: a [`SearchSpec`](crate::SearchSpec) records
    /// what is reported of it by itself. See [`GeneticAlgorithm`](slt_ga::GeneticAlgorithm).
    #[serde(rename = "ga")]
    Genetic(GaConfig),
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
            SearchMethod::Nsga2(algorithm) => algorithm.name(),
            SearchMethod::Umda(algorithm) => algorithm.name(),
            SearchMethod::UnitDescent(algorithm) => algorithm.name(),
            SearchMethod::Genetic(_) => "ga",
        }
    }

    /// What active weights cost, for an algorithm that has a price.
    pub fn price(&self) -> Option<&Price> {
        match self {
            SearchMethod::Descent(descent) => Some(&descent.price),
            SearchMethod::Annealing(annealing) => Some(&annealing.cooling.price),
            SearchMethod::LateAcceptance(late) => Some(&late.price),
            SearchMethod::Memetic(memetic) => Some(&memetic.price),
            SearchMethod::UnitDescent(descent) => Some(&descent.price),
            _ => None,
        }
    }

    /// Checks every parameter.
    ///
    /// # Errors
    /// [`Error::Config`] with the first that is out of range; [`Error::NeverEnds`] for a genetic algorithm
    /// without an end.
    pub fn validate(&self) -> Result<(), Error> {
        match self {
            SearchMethod::Descent(algorithm) => algorithm.validate(),
            SearchMethod::Annealing(algorithm) => algorithm.validate(),
            SearchMethod::LateAcceptance(algorithm) => algorithm.validate(),
            SearchMethod::HeavyTailed(algorithm) => algorithm.validate(),
            SearchMethod::Memetic(algorithm) => algorithm.validate(),
            SearchMethod::Nsga2(algorithm) => algorithm.validate(),
            SearchMethod::Umda(algorithm) => algorithm.validate(),
            SearchMethod::UnitDescent(algorithm) => algorithm.validate(),
            SearchMethod::Genetic(config) => config.validate().map(drop),
        }
    }

    /// The same, ended by the rules of another one: see [`Algorithm::parameters`].
    pub(super) fn with_end_of(&self, other: &Self) -> Self {
        let mut method = self.clone();
        match (&mut method, other) {
            (SearchMethod::Nsga2(ours), SearchMethod::Nsga2(other)) => ours.generations = other.generations,
            (SearchMethod::Umda(ours), SearchMethod::Umda(other)) => ours.generations = other.generations,
            (SearchMethod::Genetic(ours), SearchMethod::Genetic(other)) => {
                ours.termination = other.termination;
            }
            _ => {}
        }
        method
    }
}
