use std::fmt;

use slt_core::{BitMask, Objective, Seed};

use crate::operators::{CutOff, GroupFirst, Mutation, RandomWalk, Roulette, SurvivorSelection, UniformBit};
use crate::{Admissibility, Error, MutationKind, SelectionKind, ValidConfig};

/// What stays the same throughout a search.
pub(crate) struct Setup<'a> {
    pub(crate) objective: &'a dyn Objective,
    pub(crate) config: ValidConfig,
    pub(crate) seed: Seed,
    pub(crate) n_bits: usize,
    pub(crate) fingerprint: u64,
    pub(crate) mutation: Box<dyn Mutation>,
    pub(crate) selection: Box<dyn SurvivorSelection>,
}

impl<'a> Setup<'a> {
    pub(crate) fn new(objective: &'a dyn Objective, config: ValidConfig, seed: Seed) -> Result<Self, Error> {
        let n_bits = objective.n_bits();
        if n_bits == 0 {
            return Err(Error::NoBits);
        }
        let mutation: Box<dyn Mutation> = match config.config().mutation {
            MutationKind::UniformBit => Box::new(UniformBit),
            MutationKind::GroupFirst => Box::new(GroupFirst::new(bit_groups(objective, n_bits)?)),
        };
        let selection: Box<dyn SurvivorSelection> = match config.config().selection {
            SelectionKind::CutOff => Box::new(CutOff),
            SelectionKind::Roulette => Box::new(Roulette),
            SelectionKind::RandomWalk { rate } => Box::new(RandomWalk { rate }),
        };
        let fingerprint = objective.fingerprint();
        Ok(Self { objective, config, seed, n_bits, fingerprint, mutation, selection })
    }

    /// Size of the population.
    pub(crate) fn n(&self) -> usize {
        self.config.config().population
    }

    /// Fills `mask`, again and again until it may live. False if it was given up.
    pub(crate) fn fill_admissible(&self, mask: &mut BitMask, mut fill: impl FnMut(&mut BitMask)) -> bool {
        match self.config.config().admissibility {
            Admissibility::Ignored => {
                fill(mask);
                true
            }
            Admissibility::Required { redraws } => (0..=redraws).any(|_| {
                fill(mask);
                self.objective.admissible(mask)
            }),
        }
    }
}

/// The bit groups of an objective, checked to be in order and without gaps.
fn bit_groups(objective: &dyn Objective, n_bits: usize) -> Result<Vec<std::ops::Range<usize>>, Error> {
    let groups = objective.bit_groups();
    let mut expected = 0;
    for (group, range) in groups.iter().enumerate() {
        if range.start != expected || range.end < range.start || range.end > n_bits {
            return Err(Error::Groups { group, start: range.start, end: range.end, expected, n_bits });
        }
        expected = range.end;
    }
    if expected == n_bits { Ok(groups) } else { Err(Error::GroupsEnd { end: expected, n_bits }) }
}

impl fmt::Debug for Setup<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Setup")
            .field("config", &self.config)
            .field("seed", &self.seed)
            .field("n_bits", &self.n_bits)
            .field("fingerprint", &self.fingerprint)
            .finish_non_exhaustive()
    }
}
