use slt_core::Seed;

use crate::checkpoint::Checkpoint;
use crate::search::{Setup, State};
use crate::{GaConfig, GenerationStats, Individual};

/// What an observer sees of a search after a generation.
#[derive(Debug, Clone, Copy)]
pub struct View<'a> {
    setup: &'a Setup<'a>,
    state: &'a State,
}

impl<'a> View<'a> {
    pub(crate) fn new(setup: &'a Setup<'a>, state: &'a State) -> Self {
        Self { setup, state }
    }

    /// The generation; 0 is the first population.
    pub fn generation(&self) -> u64 {
        self.state.generation()
    }

    /// The record of this generation.
    pub fn stats(&self) -> &'a GenerationStats {
        self.state.stats()
    }

    /// The records of all generations, from 0 to this one.
    pub fn history(&self) -> &'a [GenerationStats] {
        &self.state.history
    }

    /// The survivors, ranked.
    pub fn population(&self) -> &'a [Individual] {
        &self.state.population
    }

    /// The fittest.
    pub fn best(&self) -> &'a Individual {
        &self.state.population[0]
    }

    /// The configuration of the search.
    pub fn config(&self) -> &'a GaConfig {
        self.setup.config.config()
    }

    /// The seed of the search.
    pub fn seed(&self) -> Seed {
        self.setup.seed
    }

    /// A checkpoint from which the search goes on after this generation, to the same end.
    pub fn checkpoint(&self) -> Checkpoint {
        Checkpoint::take(self.setup, self.state)
    }
}
