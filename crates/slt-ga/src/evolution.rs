use std::collections::HashSet;

use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize};
use slt_core::BitMask;
use slt_search::{Candidate, Error, Tally, check_candidate, is_ranked};

use crate::generation::{Newcomer, Pool, Ranking};
use crate::memory::{Known, Memory};
use crate::{Bound, GaConfig, GenerationStats};

/// What a genetic algorithm has come to after a generation, and all that the next one depends on: the state
/// of a [`GeneticAlgorithm`](crate::GeneticAlgorithm).
///
/// ```
/// use slt_core::{BitMask, Objective, Score, Seed};
/// use slt_ga::{GaConfig, start};
/// # struct OneMax;
/// # impl Objective for OneMax {
/// #     fn n_bits(&self) -> usize { 40 }
/// #     fn evaluate(&self, masks: &[&BitMask], _floor: Option<f64>) -> Vec<Score> {
/// #         masks.iter().map(|mask| Score::Exact(mask.count_ones() as f64)).collect()
/// #     }
/// # }
/// let mut search = start(&OneMax, &GaConfig::paper(), Seed(1), &mut ())?;
/// search.step(&mut ())?;
/// let evolution = search.view().state();
/// assert_eq!(evolution.generation(), 1);
/// assert_eq!(evolution.population().len(), 100);
/// assert_eq!(evolution.stats().best, evolution.population()[0].performance);
/// # Ok::<(), slt_ga::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Evolution {
    /// Ranked, and never empty.
    #[serde(deserialize_with = "not_empty")]
    pub(crate) population: Vec<Candidate>,
    /// One record for each generation from 0; never empty.
    #[serde(deserialize_with = "not_empty")]
    pub(crate) history: Vec<GenerationStats>,
    pub(crate) bound: Option<Bound>,
    pub(crate) memory: Memory,
    /// The best by the judge, where there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) judged: Option<Candidate>,
    #[serde(skip)]
    pub(crate) workspace: Workspace,
}

impl Evolution {
    /// The survivors, ranked: by performance, then by the number of zeros, both descending. Never empty.
    pub fn population(&self) -> &[Candidate] {
        &self.population
    }

    /// The records of all generations, from 0 to this one. Never empty.
    pub fn history(&self) -> &[GenerationStats] {
        &self.history
    }

    /// The record of this generation.
    pub fn stats(&self) -> &GenerationStats {
        &self.history[self.history.len() - 1]
    }

    /// The generation; 0 is the first population.
    pub fn generation(&self) -> u64 {
        self.stats().generation
    }

    /// Where the bound on random masks has come to, if there is one.
    pub fn bound(&self) -> Option<Bound> {
        self.bound
    }

    pub(crate) fn into_parts(self) -> (Vec<Candidate>, Vec<GenerationStats>, Option<Bound>) {
        (self.population, self.history, self.bound)
    }

    /// Whether the parts fit together and to the rest of a checkpoint, so that a search can go on from them.
    pub(crate) fn check(&self, config: &GaConfig, tally: &Tally) -> Result<(), Error> {
        self.check_population(config, tally)?;
        self.judged.iter().try_for_each(|best| best.check(tally.n_bits))?;
        self.check_history(tally)?;
        self.check_bound(config)?;
        self.check_memory(config, tally)
    }

    fn check_population(&self, config: &GaConfig, tally: &Tally) -> Result<(), Error> {
        let fits = self.population.len() == config.population;
        Error::check_consistent(fits, "its population has not the configured size")?;
        self.population.iter().try_for_each(|candidate| candidate.check(tally.n_bits))?;
        Error::check_consistent(is_ranked(&self.population), "its population is not ranked")
    }

    fn check_history(&self, tally: &Tally) -> Result<(), Error> {
        let numbers = self.history.iter().map(|stats| stats.generation);
        let in_order = numbers.eq(0..self.history.len() as u64);
        Error::check_consistent(in_order, "its records are not those of generations 0, 1, ...")?;
        let last = self.stats();
        Error::check_consistent(
            last.generation == tally.steps,
            "its last record is not of its last generation",
        )?;
        let of_population = last.best == self.population[0].performance;
        Error::check_consistent(of_population, "its last record is not of its population")?;
        let counted = last.evaluations == tally.work.evaluations;
        Error::check_consistent(counted, "its last record has another number of evaluations")
    }

    fn check_bound(&self, config: &GaConfig) -> Result<(), Error> {
        match (&config.bound, &self.bound) {
            (None, None) => Ok(()),
            (Some(config), Some(bound)) => {
                let in_range = (config.lowest..=config.start).contains(&bound.value);
                Error::check_consistent(in_range, "its bound is not in the configured range")?;
                let fell = (config.exponent..=f64::MAX).contains(&bound.exponent);
                Error::check_consistent(
                    fell,
                    "the exponent of the bound's fall is below the configured one",
                )?;
                let may_fall = config.falls || *bound == Bound::new(config);
                Error::check_consistent(may_fall, "its bound fell and was not to")
            }
            _ => {
                let message = "it has a bound that is not configured, or the other way round";
                Error::check_consistent(false, message)
            }
        }
    }

    fn check_memory(&self, config: &GaConfig, tally: &Tally) -> Result<(), Error> {
        let few = self.memory.len() <= config.memory;
        Error::check_consistent(few, "it remembers more masks than configured")?;
        let mut masks: HashSet<&BitMask> = HashSet::with_capacity(self.memory.len());
        for (mask, known) in self.memory.entries() {
            let (Known::Exact(performance) | Known::Below(performance)) = known;
            check_candidate(mask, performance, tally.n_bits)?;
            Error::check_consistent(masks.insert(mask), "it remembers a mask twice")?;
        }
        Ok(())
    }
}

fn not_empty<'de, D: Deserializer<'de>, T: Deserialize<'de>>(deserializer: D) -> Result<Vec<T>, D::Error> {
    let items = Vec::deserialize(deserializer)?;
    if items.is_empty() { Err(D::Error::custom("an empty population or history")) } else { Ok(items) }
}

/// Buffers that are kept from one generation to the next: no part of what an evolution has come to.
#[derive(Debug, Default)]
pub(crate) struct Workspace {
    pub(crate) newcomers: Vec<Newcomer>,
    pub(crate) pool: Pool,
    pub(crate) ranking: Ranking,
}

impl Clone for Workspace {
    fn clone(&self) -> Self {
        Self::default()
    }
}

impl PartialEq for Workspace {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}
