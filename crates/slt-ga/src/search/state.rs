use crate::memory::Memory;
use crate::search::{Bound, Handed};
use crate::{GenerationStats, Individual};

/// What changes from one generation to the next, and is all that the next one depends on.
#[derive(Debug, Clone)]
pub(crate) struct State {
    /// Ranked, and never empty.
    pub(crate) population: Vec<Individual>,
    /// One record for each generation from 0; never empty.
    pub(crate) history: Vec<GenerationStats>,
    pub(crate) bound: Option<Bound>,
    pub(crate) handed: Handed,
    pub(crate) memory: Memory,
}

impl State {
    pub(crate) fn stats(&self) -> &GenerationStats {
        &self.history[self.history.len() - 1]
    }

    pub(crate) fn generation(&self) -> u64 {
        self.stats().generation
    }
}
