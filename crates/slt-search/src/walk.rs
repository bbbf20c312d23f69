//! What descent, annealing and their kin have in common: flips proposed one after the other, each taken if
//! the mask is worth enough after it.

use slt_core::random::index_below;
use slt_core::{BitMask, StreamRng, WhatIf};

use crate::price::Worth;
use crate::{Arena, Candidate, Error, Moves};

/// A proposed flip.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Proposal {
    pub(crate) bit: usize,
    pub(crate) bar: Bar,
}

/// What the mask has to be worth for a flip to be taken.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Bar {
    /// More than before.
    Above,
    /// At least what it was before, and this much more; less than 0 allows a loss.
    Change(f64),
    /// At least this, or what it was before.
    AtLeast(f64),
}

impl Bar {
    fn value(self, before: f64) -> f64 {
        match self {
            Bar::Above => before.next_up(),
            Bar::Change(by) => before + by,
            Bar::AtLeast(value) => value.min(before),
        }
    }
}

/// Proposals are asked several at once where fewer than this are expected to be taken among them.
const MOST_WASTED: f64 = 0.5;

/// Proposals that the rate at which they are taken is remembered for.
const MEMORY: f64 = 64.0;

/// Takes proposals in order, each judged on the mask that those before it left. `passed` is told of each,
/// whether it was taken, and what the mask is worth after it.
///
/// Several are asked at once where there are threads for it and few are taken: what follows one that is taken
/// is asked again.
pub(crate) fn walk(
    moves: &mut Moves<'_, '_>,
    worth: Worth<'_>,
    only_admissible: bool,
    proposals: &[Proposal],
    mut passed: impl FnMut(&Moves<'_, '_>, usize, bool, f64),
) {
    let mut ones = moves.mask().count_ones();
    let mut value = worth.of(moves.performance(), ones);
    let mut next = 0;
    // The share of proposals that were taken lately: it decides how many are asked at once, never what comes
    // out.
    let mut rate = 1.0;
    let mut questions = Vec::new();
    let mut places = Vec::new();
    while next < proposals.len() {
        let lot = moves.batch();
        let lot = if rate * (lot as f64) < MOST_WASTED { lot } else { 1 };
        let end = proposals.len().min(next + lot);
        questions.clear();
        places.clear();
        for (place, proposal) in (next..).zip(&proposals[next..end]) {
            if only_admissible && !moves.admissible(proposal.bit) {
                continue;
            }
            let after = if moves.mask().get(proposal.bit) { ones - 1 } else { ones + 1 };
            let floor = worth.performance_for(proposal.bar.value(value), after);
            questions.push(WhatIf { bit: proposal.bit, floor });
            places.push(place);
        }
        let found = moves.first(&questions);
        let stop = found.map_or(end, |(i, _)| places[i]);
        let passed_by = (stop - next) as f64;
        rate *= (1.0 - passed_by / MEMORY).max(0.0);
        if found.is_some() {
            rate += (1.0 - rate) / MEMORY;
        }
        (next..stop).for_each(|place| passed(moves, place, false, value));
        next = stop;
        if let Some((i, performance)) = found {
            let bit = questions[i].bit;
            ones = if moves.mask().get(bit) { ones - 1 } else { ones + 1 };
            moves.commit(bit);
            value = worth.of(performance, ones);
            passed(moves, stop, true, value);
            next = stop + 1;
        }
    }
}

/// The best mask that a local search has come by.
///
/// Without a judge it is the one that was worth most; what it is worth is known up to rounding on the way,
/// and exactly at the end of a step. With a judge, the masks at the ends of steps are judged.
#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Best {
    pub(crate) candidate: Candidate,
    /// What it is worth.
    pub(crate) value: f64,
}

impl Best {
    pub(crate) fn new(mask: BitMask, worth: Worth<'_>, arena: &mut Arena<'_, '_>) -> Result<Self, Error> {
        let candidate = arena.candidate(mask)?;
        let value = worth.of(candidate.performance, candidate.mask.count_ones());
        Ok(Self { candidate, value })
    }

    /// Takes another mask if it is worth more, or as much with fewer weights.
    pub(crate) fn update(
        &mut self,
        mask: &BitMask,
        worth: Worth<'_>,
        arena: &mut Arena<'_, '_>,
    ) -> Result<bool, Error> {
        let other = Self::new(mask.clone(), worth, arena)?;
        Ok(self.take(other))
    }

    /// Whether it can come from a search over masks of so many bits.
    pub(crate) fn check(&self, n_bits: usize) -> Result<(), Error> {
        self.candidate.check(n_bits)
    }

    pub(crate) fn take(&mut self, other: Self) -> bool {
        let sparser = other.candidate.zeros() > self.candidate.zeros();
        let better = other.value > self.value || (other.value == self.value && sparser);
        if better {
            *self = other;
        }
        better
    }
}

/// All bits in a random order.
pub(crate) fn shuffled(n_bits: usize, rng: &mut StreamRng) -> Vec<usize> {
    let mut order: Vec<usize> = (0..n_bits).collect();
    for i in (1..n_bits).rev() {
        order.swap(i, index_below(rng, i + 1));
    }
    order
}
