mod consistency;
mod format;

use serde::{Deserialize, Serialize};
use slt_core::canonical::first_difference;
use slt_core::{BitMask, Seed};

use crate::memory::{Known, Memory};
use crate::search::{Bound, Handed, Setup, State};
use crate::{Error, GaConfig, GenerationStats, Individual};

/// A search after one of its generations, with all that it takes to go on to the same end, bit for bit.
///
/// An observer takes one from its [`View`](crate::View); [`resume`](crate::resume) continues from it, with
/// the same objective, configuration and seed. [`to_bytes`](Self::to_bytes) makes it a file:
///
/// | bytes | hold |
/// |---|---|
/// | 0-7 | `SLTGACP1` |
/// | 8-11 | the format version, 2, as little-endian `u32` |
/// | 12-19 | the length of the content, as little-endian `u64` |
/// | 20-51 | the SHA-256 checksum of the content |
/// | 52- | the content: configuration, seed, objective, population, records and memory, as JSON |
///
/// ```
/// use slt_core::{BitMask, Objective, Score, Seed};
/// use slt_ga::{Checkpoint, GaConfig, Search};
/// # struct OneMax;
/// # impl Objective for OneMax {
/// #     fn n_bits(&self) -> usize { 40 }
/// #     fn evaluate(&self, masks: &[&BitMask], _floor: Option<f64>) -> Vec<Score> {
/// #         masks.iter().map(|mask| Score::Exact(mask.count_ones() as f64)).collect()
/// #     }
/// # }
/// let (config, seed) = (GaConfig::paper().validate()?, Seed(1));
/// let mut search = Search::start(&OneMax, config.clone(), seed, &mut ())?;
/// search.step(&mut ())?;
/// let bytes = search.view().checkpoint().to_bytes();
///
/// let checkpoint = Checkpoint::from_bytes(&bytes)?;
/// let resumed = Search::resume(&OneMax, config, seed, checkpoint)?;
/// assert_eq!(resumed.view().population(), search.view().population());
/// # Ok::<(), slt_ga::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Checkpoint {
    config: GaConfig,
    seed: Seed,
    n_bits: usize,
    fingerprint: u64,
    bound: Option<Bound>,
    evaluations: u64,
    evaluated_ones: u64,
    population: Vec<Individual>,
    history: Vec<GenerationStats>,
    /// Oldest first.
    memory: Vec<(BitMask, Known)>,
}

impl Checkpoint {
    pub(crate) fn take(setup: &Setup<'_>, state: &State) -> Self {
        Self {
            config: setup.config.config().clone(),
            seed: setup.seed,
            n_bits: setup.n_bits,
            fingerprint: setup.fingerprint,
            bound: state.bound,
            evaluations: state.handed.masks,
            evaluated_ones: state.handed.ones,
            population: state.population.clone(),
            history: state.history.clone(),
            memory: state.memory.entries().map(|(mask, known)| (mask.clone(), known)).collect(),
        }
    }

    /// The configuration of the search.
    pub fn config(&self) -> &GaConfig {
        &self.config
    }

    /// The seed of the search.
    pub fn seed(&self) -> Seed {
        self.seed
    }

    /// The generation that the checkpoint was taken after.
    pub fn generation(&self) -> u64 {
        self.history.last().map_or(0, |stats| stats.generation)
    }

    /// The survivors of that generation, ranked.
    pub fn population(&self) -> &[Individual] {
        &self.population
    }

    /// The records of all generations up to that one.
    pub fn history(&self) -> &[GenerationStats] {
        &self.history
    }

    /// The state to go on with. What ends the search may have been changed, as long as it would not have ended before.
    ///
    /// # Errors
    /// [`Error::ResumeMismatch`] if the search is another one than the checkpoint's, [`Error::ResumeBeyond`] if it would have
    /// ended before.
    pub(crate) fn restore(self, setup: &Setup<'_>) -> Result<State, Error> {
        compare("seed", &self.seed.0, &setup.seed.0)?;
        compare("objective.n_bits", &self.n_bits, &setup.n_bits)?;
        compare("objective.fingerprint", &self.fingerprint, &setup.fingerprint)?;
        let termination = setup.config.config().termination;
        let taken = GaConfig { termination, ..self.config.clone() };
        let [taken, given] = [&taken, setup.config.config()]
            .map(|config| serde_json::to_value(config).expect("plain data has a JSON form"));
        if let Some((field, checkpoint, given)) = first_difference("config", &taken, &given) {
            return Err(Error::ResumeMismatch { field, checkpoint, given });
        }
        if let Some((ended, reason)) = termination.would_have_ended(&self.history) {
            return Err(Error::ResumeBeyond { generation: self.generation(), ended, reason });
        }
        let mut memory = Memory::new(self.config.memory);
        for (mask, known) in &self.memory {
            memory.insert(mask, *known);
        }
        Ok(State {
            population: self.population,
            history: self.history,
            bound: self.bound,
            handed: Handed { masks: self.evaluations, ones: self.evaluated_ones },
            memory,
        })
    }
}

fn compare<T: PartialEq + ToString>(field: &str, checkpoint: &T, given: &T) -> Result<(), Error> {
    if checkpoint == given {
        return Ok(());
    }
    let (checkpoint, given) = (checkpoint.to_string(), given.to_string());
    Err(Error::ResumeMismatch { field: field.to_owned(), checkpoint, given })
}
