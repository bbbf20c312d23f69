//! A generation, taken apart: who is born, what they perform, who survives.

mod breed;
mod evaluate;
mod newcomer;
mod random;
mod survive;

use slt_core::{BitMask, Objective};

pub(crate) use breed::{mutate, recombine};
pub(crate) use evaluate::evaluate;
pub(crate) use newcomer::{Newcomer, Pool};
pub(crate) use random::RandomMasks;
pub(crate) use survive::Ranking;

use crate::operators::{CutOff, GroupFirst, Mutation, RandomWalk, Roulette, SurvivorSelection, UniformBit};
use crate::{Admissibility, Error, MutationKind, SelectionKind, ValidConfig};

/// The parameters and the operators of a generation, for an objective.
pub(crate) struct Setup<'a> {
    objective: &'a dyn Objective,
    config: &'a ValidConfig,
    mutation: Box<dyn Mutation>,
    selection: Box<dyn SurvivorSelection>,
}

impl<'a> Setup<'a> {
    pub(crate) fn new(objective: &'a dyn Objective, config: &'a ValidConfig) -> Result<Self, Error> {
        let mutation: Box<dyn Mutation> = match config.config().mutation {
            MutationKind::UniformBit => Box::new(UniformBit),
            MutationKind::GroupFirst => Box::new(GroupFirst::new(bit_groups(objective)?)),
        };
        let selection: Box<dyn SurvivorSelection> = match config.config().selection {
            SelectionKind::CutOff => Box::new(CutOff),
            SelectionKind::Roulette => Box::new(Roulette),
            SelectionKind::RandomWalk { rate } => Box::new(RandomWalk { rate }),
        };
        Ok(Self { objective, config, mutation, selection })
    }

    /// Size of the population.
    pub(crate) fn n(&self) -> usize {
        self.config.config().population
    }

    /// Length of the masks.
    pub(crate) fn n_bits(&self) -> usize {
        self.objective.n_bits()
    }

    pub(crate) fn selection(&self) -> &dyn SurvivorSelection {
        &*self.selection
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
fn bit_groups(objective: &dyn Objective) -> Result<Vec<std::ops::Range<usize>>, Error> {
    let (groups, n_bits) = (objective.bit_groups(), objective.n_bits());
    let mut expected = 0;
    for (group, range) in groups.iter().enumerate() {
        if range.start != expected || range.end < range.start || range.end > n_bits {
            return Err(Error::Groups { group, start: range.start, end: range.end, expected, n_bits });
        }
        expected = range.end;
    }
    if expected == n_bits { Ok(groups) } else { Err(Error::GroupsEnd { end: expected, n_bits }) }
}
