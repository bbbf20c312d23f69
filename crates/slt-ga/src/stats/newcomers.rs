use serde::{Deserialize, Serialize};

/// What made an individual.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Origin {
    /// It is a random mask of generation 0.
    FirstPopulation,
    /// It is a child of two parents.
    Recombination,
    /// It is a mutant.
    Mutation,
    /// It is a random mask that joined later.
    Migration,
}

/// Survivors that a generation brought forth, by what made them.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Newcomers {
    /// Children.
    pub recombination: usize,
    /// Mutants.
    pub mutation: usize,
    /// Random masks.
    pub migration: usize,
}

impl Newcomers {
    /// All of them.
    pub fn total(&self) -> usize {
        self.recombination + self.mutation + self.migration
    }

    pub(crate) fn count(&mut self, origin: Origin) {
        match origin {
            Origin::FirstPopulation => {}
            Origin::Recombination => self.recombination += 1,
            Origin::Mutation => self.mutation += 1,
            Origin::Migration => self.migration += 1,
        }
    }
}
