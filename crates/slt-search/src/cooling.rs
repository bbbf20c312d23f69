use rand::RngCore;
use serde::{Deserialize, Serialize};
use slt_core::random::{index_below, unit_f64};
use slt_core::{BitMask, Purpose};

use crate::walk::{Bar, Proposal, shuffled, walk};
use crate::{Arena, Error, Guide, Moves, Price};

const FLIP: Purpose = Purpose::new("flip");
const SWEEP: Purpose = Purpose::new("sweep");
const PROBE: Purpose = Purpose::new("probe");

/// Flips proposed in a step of a search, at most: long enough to make up for holding the mask afresh, short
/// enough to be watched.
pub const FLIPS_OF_A_STEP: u64 = 4_096;

/// Flips that a loss is measured on.
const PROBES: usize = 256;

/// A local search from a given mask: all bits are proposed in a random order, sweep after sweep, and one that
/// makes the mask worth `d` less is flipped all the same with probability `exp(-d / T)`. The temperature `T`
/// falls geometrically; at 0 only flips are taken that lose nothing.
///
/// It is what [`Annealing`](crate::Annealing) starts again and again, and what a memetic algorithm improves
/// its masks with.
///
/// | name | range | purpose |
/// |---|---|---|
/// | `flips` | at least 1 | flips proposed in all |
/// | `end` | (0, 1\] | by what the temperature has fallen in the end |
/// | `price` | see [`Price`] | what active weights cost |
/// | `only_admissible` | | whether masks that are not admissible are passed over |
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Cooling {
    /// Flips proposed in all.
    pub flips: u64,
    /// By what the temperature has fallen in the end.
    pub end: f64,
    /// What active weights cost.
    pub price: Price,
    /// Whether masks that are not admissible are passed over.
    pub only_admissible: bool,
}

/// Where a cooling has come to.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Cooled {
    /// The mask that it is at.
    pub mask: BitMask,
    /// The step of the search in which it began: what its random orders are drawn by.
    pub begun: u64,
    /// Flips proposed.
    pub done: u64,
    /// The temperature that it started at.
    pub temperature: f64,
}

/// What a part of a cooling came by.
#[derive(Debug, Clone, PartialEq)]
pub struct Passed {
    /// The mask that was worth most, if that was not the last one.
    pub highest: Option<BitMask>,
    /// What the mask is worth that it has come to.
    pub worth: f64,
    /// Flips taken.
    pub taken: u64,
}

impl Cooled {
    /// A cooling that begins at a mask.
    pub fn from(mask: BitMask, temperature: f64) -> Self {
        Self { mask, begun: 0, done: 0, temperature }
    }
}

impl Cooled {
    /// The bits that are proposed from here on: sweep after sweep, each in a random order of its own.
    fn bits(&self, arena: &Arena<'_, '_>) -> impl Iterator<Item = usize> + use<> {
        let (n_bits, seed, begun) = (arena.n_bits(), arena.seed(), self.begun);
        let (first, within) = (self.done / n_bits as u64, (self.done % n_bits as u64) as usize);
        (first..).flat_map(move |sweep| {
            let order = shuffled(n_bits, &mut seed.stream(SWEEP, begun, sweep));
            order.into_iter().skip(if sweep == first { within } else { 0 })
        })
    }
}

impl Cooling {
    /// Checks every field.
    ///
    /// # Errors
    /// [`Error::Config`] with the first field that is out of range.
    pub fn validate(&self) -> Result<(), Error> {
        self.price.check()?;
        Error::check_range("flips", self.flips as f64, 1.0, f64::MAX, "at least 1")?;
        Error::check_range("end", self.end, f64::MIN_POSITIVE, 1.0, "above 0 and at most 1")
    }

    /// Whether all flips are done.
    pub fn is_over(&self, state: &Cooled) -> bool {
        state.done >= self.flips
    }

    /// Proposes the next flips, at most [`FLIPS_OF_A_STEP`].
    ///
    /// # Errors
    /// As [`Arena::hold`].
    pub fn part(&self, state: &mut Cooled, guide: Guide, arena: &mut Arena<'_, '_>) -> Result<Passed, Error> {
        let n_bits = arena.n_bits();
        if state.done == 0 {
            state.begun = arena.step();
        }
        let mut rng = arena.stream(FLIP, 0);
        let count = (self.flips - state.done).min(FLIPS_OF_A_STEP);
        let cooled = |flips: u64| libm::pow(self.end, flips as f64 / self.flips as f64);
        let proposals: Vec<Proposal> = (0..count)
            .zip(state.bits(arena))
            .map(|(i, bit)| {
                let temperature = state.temperature * cooled(state.done + i);
                Proposal { bit, bar: Bar::Change(temperature * ln_uniform(&mut rng)) }
            })
            .collect();
        let worth = self.price.worth(n_bits, state.done as f64 / self.flips as f64);
        let mut moves = arena.hold(guide, &state.mask)?;
        let start = worth.of(moves.performance(), moves.mask().count_ones());
        let (mut highest, mut last, mut taken) = ((start, None), start, 0);
        walk(&mut moves, worth, self.only_admissible, &proposals, |moves, _, was_taken, value| {
            taken += u64::from(was_taken);
            last = value;
            if was_taken && value > highest.0 {
                highest = (value, Some(moves.mask().clone()));
            }
        });
        let mask = moves.mask().clone();
        let highest = if highest.0 > last { highest.1 } else { None };
        state.mask = mask;
        state.done += count;
        Ok(Passed { highest, worth: last, taken })
    }

    /// The mean of what random flips of a mask change its worth by, gains and losses alike: what temperatures
    /// are measured in.
    ///
    /// # Errors
    /// As [`Arena::hold`].
    pub fn spread(&self, mask: &BitMask, guide: Guide, arena: &mut Arena<'_, '_>) -> Result<f64, Error> {
        let mut rng = arena.stream(PROBE, 0);
        let worth = self.price.worth(arena.n_bits(), 0.0);
        let mut moves = arena.hold(guide, mask)?;
        let ones = moves.mask().count_ones();
        let before = worth.of(moves.performance(), ones);
        let mut change = |moves: &mut Moves<'_, '_>| {
            let bit = index_below(&mut rng, moves.mask().len());
            let after = if moves.mask().get(bit) { ones - 1 } else { ones + 1 };
            (worth.of(moves.what_if(bit), after) - before).abs()
        };
        Ok((0..PROBES).map(|_| change(&mut moves)).sum::<f64>() / PROBES as f64)
    }
}

/// The logarithm of a uniform number in (0, 1\]: what a proposal may lose, in units of the temperature.
fn ln_uniform<R: RngCore + ?Sized>(rng: &mut R) -> f64 {
    libm::log(1.0 - unit_f64(rng))
}
