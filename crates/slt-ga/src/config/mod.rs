//! What a search is told: plain data with named presets, checked once into a [`ValidConfig`].

mod presets;
mod termination;
mod validate;

use serde::{Deserialize, Serialize};

use crate::AdaptiveBound;

pub use termination::{Looks, Termination};
pub use validate::ValidConfig;

/// The parameters of the genetic algorithm.
///
/// With N the population, a generation makes about `recombination_rate` N children, `mutation_rate` times
/// everyone present mutants, and `migration_rate` N migrants, and keeps N. [`paper`](GaConfig::paper) gives
/// the defaults; the other presets change what they name.
///
/// | name | default | range | purpose |
/// |---|---|---|---|
/// | `population` | 100 | 1 to 1,000,000 | N, the individuals that survive a generation |
/// | `recombination_rate` | 0.3 | \[0, 1\] | chance that an individual becomes a first parent |
/// | `parent_rate` | 0.3 | \[0, 1\] | partners come from the best `floor(parent_rate * N)` individuals, at least 1 |
/// | `mutation_rate` | 0.1 | \[0, 1\] | chance that an individual spawns a mutant |
/// | `migration_rate` | 0.1 | \[0, 1\] | `floor(migration_rate * N)` random masks join every generation |
/// | `mutation` | `UniformBit` | see [`MutationKind`] | which bit a mutant has flipped |
/// | `selection` | `CutOff` | see [`SelectionKind`] | who survives |
/// | `bound` | none | see [`AdaptiveBound`] | what random masks must reach to be taken |
/// | `admissibility` | `Ignored` | see [`Admissibility`] | whether newcomers must be admissible |
/// | `termination` | see [`Termination`] | | when the search ends |
/// | `memory` | 4,096 | 0 to 1,048,576 | evaluated masks that are remembered |
///
/// The products are computed in `f64` before they are rounded down: 0.29 of 100 is 28.
///
/// ```
/// use slt_ga::{GaConfig, SelectionKind, Termination};
/// let config = GaConfig {
///     population: 50,
///     selection: SelectionKind::Roulette,
///     termination: Termination { max_generations: Some(500), ..GaConfig::paper().termination },
///     ..GaConfig::paper()
/// };
/// config.validate()?;
/// let error = GaConfig { mutation_rate: 1.5, ..config }.validate().unwrap_err();
/// assert_eq!(error.to_string(), "mutation_rate is 1.5, it must be in [0, 1]");
/// # Ok::<(), slt_ga::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GaConfig {
    /// N, the number of individuals that survive a generation.
    pub population: usize,
    /// Chance that an individual becomes a first parent.
    pub recombination_rate: f64,
    /// Share of the population, from the best down, that partners are drawn from.
    pub parent_rate: f64,
    /// Chance that an individual, parent or child, spawns a mutant.
    pub mutation_rate: f64,
    /// Random masks that join every generation, as a share of the population.
    pub migration_rate: f64,
    /// Which bit a mutant has flipped.
    pub mutation: MutationKind,
    /// Who survives.
    pub selection: SelectionKind,
    /// What random masks must reach to be taken; none takes them as they come.
    pub bound: Option<AdaptiveBound>,
    /// Whether newcomers must be admissible.
    pub admissibility: Admissibility,
    /// When the search ends.
    pub termination: Termination,
    /// Number of evaluated masks that are remembered. It changes how many evaluations are counted, nothing
    /// else.
    pub memory: usize,
}

/// Which bit a mutant has flipped.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum MutationKind {
    /// Every bit is as likely as any other.
    UniformBit,
    /// Every [group](slt_core::Objective::bit_groups) is as likely as any other, then every bit in it: for
    /// groups of different sizes, bits of small groups mutate more often.
    GroupFirst,
}

/// Who survives a generation. Survivors are always N distinct individuals and ranked again.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SelectionKind {
    /// The first N of the ranking.
    CutOff,
    /// N draws without replacement, with probability proportional to performance; see
    /// [`Roulette`](crate::operators::Roulette).
    Roulette,
    /// N walks down the ranking; see [`RandomWalk`](crate::operators::RandomWalk).
    RandomWalk {
        /// Chance to stop at each individual, 0.01 to 1.
        rate: f64,
    },
}

/// Whether newcomers must be [admissible](slt_core::Objective::admissible).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Admissibility {
    /// The objective is not asked.
    Ignored,
    /// Children, mutants and random masks are drawn again until they are admissible. Random masks that had
    /// to reach a [bound](AdaptiveBound) and did, or were the best of the attempts that it gives, are taken
    /// without asking.
    ///
    /// A child, mutant or migrant that is not admissible after the last redraw is not born; for the first
    /// population that is an error.
    Required {
        /// Redraws of one newcomer before it is given up, 0 to 1,000,000; 1,000 in the presets.
        redraws: u32,
    },
}
