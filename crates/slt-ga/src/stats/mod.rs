mod diversity;
mod newcomers;
mod thinned;

use serde::{Deserialize, Serialize};

pub use diversity::diversity;
pub use newcomers::{Newcomers, Origin};
pub use thinned::thinned;

use slt_search::Candidate;

/// What is recorded of a generation once its survivors are known. Generation 0 is the first population.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GenerationStats {
    /// The generation.
    pub generation: u64,
    /// Performance of the fittest, the first of the ranked survivors.
    pub best: f64,
    /// Mean performance of the survivors.
    pub mean: f64,
    /// Share of zeros of the fittest, in [0, 1].
    pub sparsity_of_fittest: f64,
    /// Largest share of zeros among the survivors.
    pub highest_sparsity: f64,
    /// Largest share of zeros among the survivors of this and all earlier generations.
    pub highest_sparsity_so_far: f64,
    /// Mean share of bits in which two survivors differ, in [0, 1]; see [`diversity`].
    pub diversity: f64,
    /// Survivors that this generation brought forth.
    pub newcomers: Newcomers,
    /// What made the fittest, if it is new and ranks strictly above the fittest of the generation before:
    /// by performance, then by the number of zeros. Always [`Origin::FirstPopulation`] in generation 0. None
    /// wherever an older individual is the fittest, or selection lost a better one.
    pub new_best: Option<Origin>,
    /// The bound on random masks after this generation, if there is one.
    pub bound: Option<f64>,
    /// Masks handed to the objective so far.
    pub evaluations: u64,
}

impl GenerationStats {
    /// What there is to say of a ranked population, given the record of the generation before it.
    pub(crate) fn of(
        population: &[Candidate],
        previous: Option<&Self>,
        newcomers: Newcomers,
        new_best: Option<Origin>,
        bound: Option<f64>,
        evaluations: u64,
    ) -> Self {
        let fittest = &population[0];
        let highest_sparsity = population.iter().map(|x| x.mask.sparsity()).fold(0.0, f64::max);
        Self {
            generation: previous.map_or(0, |p| p.generation + 1),
            best: fittest.performance,
            mean: mean(population),
            sparsity_of_fittest: fittest.mask.sparsity(),
            highest_sparsity,
            highest_sparsity_so_far: previous
                .map_or(highest_sparsity, |p| p.highest_sparsity_so_far.max(highest_sparsity)),
            diversity: diversity(population.iter().map(|x| &x.mask)),
            newcomers,
            new_best,
            bound,
            evaluations,
        }
    }

    #[cfg(test)]
    pub(crate) fn for_test(generation: u64, best: f64) -> Self {
        let population = [Candidate { mask: slt_core::BitMask::zeros(1), performance: best }];
        Self { generation, ..Self::of(&population, None, Newcomers::default(), None, None, 0) }
    }
}

/// The mean performance. Finite, like its parts: where they are so large that their sum is not, every part
/// is divided before they are added.
fn mean(population: &[Candidate]) -> f64 {
    let n = population.len() as f64;
    let performances = population.iter().map(|x| x.performance);
    let sum: f64 = performances.clone().sum();
    if sum.is_finite() { sum / n } else { performances.map(|p| p / n).sum::<f64>().clamp(f64::MIN, f64::MAX) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use slt_core::BitMask;

    fn individual(mask: &str, performance: f64) -> Candidate {
        Candidate { mask: mask.chars().map(|c| c == '1').collect(), performance }
    }

    #[test]
    fn a_population_by_hand() {
        let population = [individual("1100", 0.9), individual("1000", 0.9), individual("1111", 0.3)];
        let newcomers = Newcomers { recombination: 1, mutation: 0, migration: 1 };
        let first =
            GenerationStats::of(&population, None, newcomers, Some(Origin::FirstPopulation), Some(0.6), 7);
        let expect = GenerationStats {
            generation: 0,
            best: 0.9,
            mean: 0.7,
            sparsity_of_fittest: 0.5,
            highest_sparsity: 0.75,
            highest_sparsity_so_far: 0.75,
            // Distances 1, 2 and 3: a mean of 2 of 4 bits.
            diversity: 0.5,
            newcomers,
            new_best: Some(Origin::FirstPopulation),
            bound: Some(0.6),
            evaluations: 7,
        };
        assert_eq!(GenerationStats { mean: 0.7, ..first.clone() }, expect);
        assert!((first.mean - 0.7).abs() < 1e-15);
        let next = GenerationStats::of(&population[2..], Some(&first), newcomers, None, None, 9);
        assert_eq!((next.generation, next.highest_sparsity, next.highest_sparsity_so_far), (1, 0.0, 0.75));
    }

    #[test]
    fn the_mean_stays_finite() {
        let worst = Candidate { mask: BitMask::zeros(1), performance: f64::MIN };
        let population = vec![worst; 7];
        assert!((mean(&population) / f64::MIN - 1.0).abs() < 1e-15);
    }
}
