use std::ops::{ControlFlow, Range};

use serde::{Deserialize, Serialize};
use slt_core::{BitMask, Purpose};

use crate::candidate::check_mask;
use crate::descent::random_mask;
use crate::walk::shuffled;
use crate::walk::{Bar, Best, Proposal, walk};
use crate::{Algorithm, Arena, Candidate, Error, Price, Problem, StopReason, Tally};

const ORDER: Purpose = Purpose::new("units");
const BITS: Purpose = Purpose::new("bits");

/// How many samples, and how often all units are gone through on them. Each sweep takes those after the ones
/// before, so that several on small batches see all samples.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Batch {
    /// Samples; 0 for all that there are.
    pub samples: usize,
    /// Sweeps through all units.
    pub sweeps: u64,
}

impl Batch {
    /// The most samples it takes.
    fn most(&self) -> usize {
        if self.samples == 0 { usize::MAX } else { self.samples }
    }

    /// Samples of a sweep that follows others on so many.
    fn of(&self, before: usize, all: usize) -> Range<usize> {
        let samples = self.most().min(all);
        let first = before % (all - samples + 1);
        first..first + samples
    }
}

/// Descent (in the loss) unit by unit, on growing batches of samples: for long masks and many samples.
///
/// In a sweep the units of the objective are opened in random order (see [`Units`](slt_core::Units)), and the
/// bits of each are gone through in random order, `passes` times; a bit is flipped if the mask is worth more
/// after it. Units answer estimates: if a mask turns out to be worth less once the unit is closed, its flips
/// are taken back. So what the mask is worth on a batch never falls at a given price.
///
/// | name | default | range | purpose |
/// |---|---|---|---|
/// | `batches` | 2 sweeps on all samples | at least one; sweeps at least 1 | see [`Batch`] |
/// | `passes` | 1 | at least 1 | how often the bits of an open unit are gone through |
/// | `price` | none | see [`Price`] | what active weights cost; it rises over the first `ramp` of samples times sweeps |
/// | `density` | 0.5 | \[0, 1\] | share of ones in the random mask that it starts from |
///
/// The mask is judged after each sweep.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct UnitDescent {
    /// Samples and sweeps, in order.
    pub batches: Vec<Batch>,
    /// How often the bits of an open unit are gone through.
    pub passes: u64,
    /// What active weights cost.
    pub price: Price,
    /// Share of ones in the random mask that it starts from.
    pub density: f64,
}

impl Default for UnitDescent {
    fn default() -> Self {
        let batches = vec![Batch { samples: 0, sweeps: 2 }];
        Self { batches, passes: 1, price: Price::NONE, density: 0.5 }
    }
}

/// Fewer samples than this are all taken at once.
const FEW: usize = 4_000;

impl UnitDescent {
    /// With what does well on so many samples: below 4,000, eight sweeps on all of them; else one sweep each
    /// on an eighth and on half as many again, up to three fifths, and three on all. With several `copies` of
    /// each sample, batches grow on, to four times the samples, and there are no sweeps on all.
    ///
    /// ```
    /// use slt_search::{Batch, UnitDescent};
    ///
    /// let sizes = |copies| -> Vec<usize> {
    ///     UnitDescent::for_samples(60_000, copies).batches.iter().map(|batch| batch.samples).collect()
    /// };
    /// assert_eq!(sizes(1), [7_500, 11_250, 16_875, 25_312, 0]);
    /// assert_eq!(sizes(9), [7_500, 11_250, 16_875, 25_312, 37_968, 56_952, 85_428, 128_142, 192_213]);
    /// ```
    pub fn for_samples(samples: usize, copies: usize) -> Self {
        let most = match copies {
            1 if samples < FEW => 0,
            1 => (3 * samples - 1) / 5,
            _ => samples.saturating_mul(copies.min(4)),
        };
        let growing = std::iter::successors(Some(samples.max(FEW) / 8), |size| Some(size * 3 / 2));
        let growing = growing.take_while(|&size| size <= most);
        let mut batches: Vec<Batch> = growing.map(|samples| Batch { samples, sweeps: 1 }).collect();
        if copies == 1 || batches.is_empty() {
            batches.push(Batch { samples: 0, sweeps: if samples < FEW { 8 } else { 3 } });
        }
        Self { batches, ..Self::default() }
    }

    /// Checks every field.
    ///
    /// # Errors
    /// [`Error::Config`] with the first field that is out of range.
    pub fn validate(&self) -> Result<(), Error> {
        Error::check_range("batches", self.batches.len() as f64, 1.0, f64::MAX, "at least one")?;
        for batch in &self.batches {
            Error::check_range("batches.sweeps", batch.sweeps as f64, 1.0, f64::MAX, "at least 1")?;
        }
        Error::check_range("passes", self.passes as f64, 1.0, f64::MAX, "at least 1")?;
        self.price.check()?;
        Error::check_range("density", self.density, 0.0, 1.0, "in [0, 1]")
    }

    /// Sweeps that are done.
    fn sweeps_before(&self, place: &Place) -> u64 {
        let before = self.batches.iter().take(place.batch).map(|batch| batch.sweeps);
        before.fold(place.sweep, u64::saturating_add)
    }

    /// Samples of all sweeps before this one, modulo all that there are.
    fn samples_before(&self, place: &Place) -> usize {
        let of = |batch: &Batch, sweeps: u64| {
            let samples = batch.most().min(place.all);
            (samples as u128 * u128::from(sweeps)) % (place.all as u128)
        };
        let here = self.batches.get(place.batch).map_or(0, |batch| of(batch, place.sweep));
        let before = self.batches.iter().take(place.batch).map(|batch| of(batch, batch.sweeps));
        ((before.sum::<u128>() + here) % place.all as u128) as usize
    }

    /// The part of the search that is over, by samples times sweeps.
    fn share_done(&self, at: &Place) -> f64 {
        let work = |batch: &Batch, sweeps: f64| batch.most().min(at.all) as f64 * sweeps;
        let total: f64 = self.batches.iter().map(|batch| work(batch, batch.sweeps as f64)).sum();
        let before: f64 =
            self.batches.iter().take(at.batch).map(|batch| work(batch, batch.sweeps as f64)).sum();
        let sweeps = at.sweep as f64 + at.done as f64 / at.units as f64;
        let here = self.batches.get(at.batch).map_or(0.0, |batch| work(batch, sweeps));
        (before + here) / total
    }
}

/// How far it has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Place {
    batch: usize,
    /// Sweeps over this batch that are done.
    sweep: u64,
    /// Units of this sweep that are done.
    done: usize,
    /// Units that there are, and samples.
    units: usize,
    all: usize,
}

/// Where a descent by units has come to.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct UnitDescentState {
    mask: BitMask,
    place: Place,
    best: Best,
}

impl UnitDescentState {
    /// The mask that it is at.
    pub fn mask(&self) -> &BitMask {
        &self.mask
    }
}

impl Algorithm for UnitDescent {
    type State = UnitDescentState;

    fn name(&self) -> &'static str {
        "unit-descent"
    }

    fn start(&self, arena: &mut Arena<'_, '_>) -> Result<UnitDescentState, Error> {
        self.validate()?;
        let mask = random_mask(arena.n_bits(), self.density, arena.seed(), 0);
        let best = Best::new(mask.clone(), self.price.worth(mask.len(), 1.0), arena)?;
        let units = arena.units(&mask, |all| self.batches[0].of(0, all))?;
        let place = Place { batch: 0, sweep: 0, done: 0, units: units.n_units(), all: units.n_samples() };
        Ok(UnitDescentState { mask, place, best })
    }

    fn step(
        &self,
        state: &mut UnitDescentState,
        arena: &mut Arena<'_, '_>,
    ) -> Result<ControlFlow<()>, Error> {
        let seed = arena.seed();
        let place = state.place;
        let batch = self.batches[place.batch];
        let mut units = arena.units(&state.mask, |all| batch.of(self.samples_before(&place), all))?;
        let same = units.n_units() == place.units && units.n_samples() == place.all;
        Error::check_consistent(same, "it has other units or samples than its objective")?;
        let order = shuffled(place.units, &mut seed.stream(ORDER, place.batch as u64, place.sweep));
        let unit = order[place.done];
        let worth = self.price.worth(state.mask.len(), self.share_done(&place));
        let before = worth.of(units.performance(), units.mask().count_ones());
        let bits = units.bits(unit);
        let mut rng = seed.stream(BITS, self.sweeps_before(&place), unit as u64);
        let mut moves = units.open(unit);
        for _ in 0..self.passes {
            let order = shuffled(bits.len(), &mut rng);
            let proposals: Vec<Proposal> =
                order.into_iter().map(|i| Proposal { bit: bits[i], bar: Bar::Above }).collect();
            walk(&mut moves, worth, false, &proposals, |_, _, _, _| {});
        }
        let performance = units.close();
        if worth.of(performance, units.mask().count_ones()) < before {
            units.discard();
        }
        state.mask = units.mask().clone();
        state.place = Place { done: place.done + 1, ..place };
        let place = &mut state.place;
        if place.done == place.units {
            (place.sweep, place.done) = (place.sweep + 1, 0);
            if place.sweep == batch.sweeps {
                (place.batch, place.sweep) = (place.batch + 1, 0);
            }
            state.best.update(&state.mask, self.price.worth(state.mask.len(), 1.0), arena)?;
        }
        Ok(ControlFlow::Continue(()))
    }

    fn best<'s>(&self, state: &'s UnitDescentState) -> &'s Candidate {
        &state.best.candidate
    }

    fn end(&self, state: &UnitDescentState, _problem: &Problem<'_>) -> Option<StopReason> {
        (state.place.batch >= self.batches.len()).then_some(StopReason::Finished)
    }

    fn progress(&self, state: &UnitDescentState) -> Option<f64> {
        Some(self.share_done(&state.place))
    }

    fn check(&self, state: &UnitDescentState, tally: &Tally) -> Result<(), Error> {
        check_mask(&state.mask, tally.n_bits)?;
        state.best.check(tally.n_bits)?;
        let Place { batch, sweep, done, units, all } = state.place;
        let fits = self.batches.get(batch).map_or(sweep == 0 && done == 0, |of| sweep < of.sweeps);
        Error::check_consistent(fits && done < units, "it is beyond its batches")?;
        Error::check_consistent(all > 0, "it has no samples")
    }
}
