use std::collections::HashSet;

use slt_core::BitMask;

use super::Checkpoint;
use crate::Error;
use crate::individual::is_ranked;
use crate::memory::Known;
use crate::search::Bound;

impl Checkpoint {
    /// Whether the parts fit together, so that a search can go on from them without further checks.
    pub(super) fn check(&self) -> Result<(), Error> {
        self.config.validate()?;
        self.check_population()?;
        self.check_history()?;
        self.check_bound()?;
        self.check_memory()
    }

    fn check_population(&self) -> Result<(), Error> {
        let size = self.population.len();
        ensure(size == self.config.population, "its population has not the configured size")?;
        for individual in &self.population {
            self.check_mask(&individual.mask)?;
            check_performance(individual.performance)?;
        }
        ensure(is_ranked(&self.population), "its population is not ranked")
    }

    fn check_history(&self) -> Result<(), Error> {
        let generations = self.history.iter().map(|stats| stats.generation);
        ensure(
            generations.eq(0..self.history.len() as u64),
            "its records are not those of generations 0, 1, ...",
        )?;
        let best = self.population.first().map(|fittest| fittest.performance);
        let last = self.history.last();
        ensure(last.map(|stats| stats.best) == best, "its last record is not of its population")?;
        let evaluations = last.map(|stats| stats.evaluations);
        ensure(evaluations == Some(self.evaluations), "its last record has another number of evaluations")?;
        let bits = self.evaluations.saturating_mul(self.n_bits as u64);
        ensure(self.evaluated_ones <= bits, "it evaluated more set bits than its masks have bits")
    }

    fn check_bound(&self) -> Result<(), Error> {
        match (&self.config.bound, &self.bound) {
            (None, None) => Ok(()),
            (Some(config), Some(state)) => {
                let in_range = (config.lowest..=config.start).contains(&state.value);
                ensure(in_range, "its bound is not in the configured range")?;
                let fell = (config.exponent..=f64::MAX).contains(&state.exponent);
                ensure(fell, "the exponent of the bound's fall is below the configured one")?;
                ensure(config.falls || *state == Bound::new(config), "its bound fell and was not to")
            }
            _ => ensure(false, "it has a bound that is not configured, or the other way round"),
        }
    }

    fn check_memory(&self) -> Result<(), Error> {
        ensure(self.memory.len() <= self.config.memory, "it remembers more masks than configured")?;
        let mut masks = HashSet::with_capacity(self.memory.len());
        for (mask, known) in &self.memory {
            let (Known::Exact(performance) | Known::Below(performance)) = *known;
            self.check_mask(mask)?;
            check_performance(performance)?;
            ensure(masks.insert(mask), "it remembers a mask twice")?;
        }
        Ok(())
    }

    fn check_mask(&self, mask: &BitMask) -> Result<(), Error> {
        ensure(mask.len() == self.n_bits, "a mask has not the objective's number of bits")
    }
}

fn check_performance(performance: f64) -> Result<(), Error> {
    // `-0` never gets into a search, where it would rank below `0`.
    let negative_zero = performance == 0.0 && performance.is_sign_negative();
    ensure(performance.is_finite() && !negative_zero, "a performance is not finite, or is -0")
}

fn ensure(holds: bool, violated: &'static str) -> Result<(), Error> {
    if holds { Ok(()) } else { Err(Error::CheckpointInconsistent { violated }) }
}
