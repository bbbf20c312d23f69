//! Changes of the mask that is held.

use slt_core::BitMask;

use super::super::dispatch::dispatch;
use super::apply::Apply;
use super::change::{Follow, Reach};
use super::held::{Held, Scratch};
use super::recompute::{Recompute, RecomputeAll};
use super::topology::Flip;

/// Held sums are computed afresh once their bounds are so many times those of canonical ones, and samples in doubt have
/// cost as much as that.
const LARGEST_DRIFT: f64 = 2.0;

impl Held {
    /// Holds another mask, which has a bit for each weight.
    pub(crate) fn set_mask(&mut self, mask: &BitMask) {
        self.wiring.set(&self.topology, mask);
        self.recompute_all();
    }

    /// Flips `bit`. Where losses are held, all sums are canonical after that.
    pub(crate) fn commit(&mut self, bit: usize) {
        let flip = self.wiring.flip(&self.topology, bit);
        if self.outcome.losses.is_some() {
            self.wiring.commit(&self.topology, &flip);
            self.recompute_from(flip.target);
            return;
        }
        if self.decided != Some(bit) {
            let count = self.count_correct_after(bit, u64::MAX);
            debug_assert!(count.is_some(), "any number of samples may be wrong");
        }
        self.apply(&flip);
        if self.n_evaluated > self.samples.len() && self.bounds.drift(&self.topology) > LARGEST_DRIFT {
            self.recompute_all();
        }
    }

    /// Flips a bit whose decisions are in the scratch, by changing the held sums by what it adds to them.
    fn apply(&mut self, flip: &Flip) {
        let reach = self.trace(flip, Follow::Everywhere);
        self.wiring.commit(&self.topology, flip);
        std::mem::swap(&mut self.outcome.correct, &mut self.scratch.correct);
        self.n_correct = self.outcome.count_correct();
        self.decided = None;
        if reach == Reach::Nothing {
            return;
        }
        self.is_canonical = false;
        let Self { kernel, topology, wiring, samples, activations, outcome, scratch, bounds, .. } = self;
        let Scratch { change, rows, tops, .. } = scratch;
        for carrier in &change.carriers()[1..] {
            tops.clear(carrier.unit);
        }
        dispatch(*kernel, Apply { change, reach, samples, activations, outcome, rows, tops });
        for (i, carrier) in change.carriers().iter().enumerate().skip(1) {
            let residual = Some(change.carrier_residual(i));
            bounds.set(topology, wiring, carrier.unit, tops.get(carrier.unit), residual);
        }
        if reach == Reach::Outputs {
            for c in 0..topology.n_outputs() {
                let residual = Some(change.output_residual(c));
                bounds.set(topology, wiring, topology.first_output() + c, 0.0, residual);
            }
            if topology.n_outputs() == 2 {
                bounds.margin_residual = change.margin_residual();
            }
        }
    }

    pub(super) fn recompute_all(&mut self) {
        let Self { kernel, topology, wiring, samples, activations, outcome, scratch, .. } = self;
        let Scratch { units, tops, stage, .. } = scratch;
        units.clear();
        units.extend(topology.n_inputs()..topology.n_units());
        (topology.n_inputs()..topology.first_output()).for_each(|unit| tops.clear(unit));
        dispatch(*kernel, RecomputeAll { topology, wiring, samples, activations, outcome, tops, stage });
        self.take_stock();
    }

    /// Computes a unit and all that depend on it; everything else is canonical.
    fn recompute_from(&mut self, unit: usize) {
        let Self { kernel, topology, wiring, samples, activations, outcome, scratch, .. } = self;
        let Scratch { units, tops, .. } = scratch;
        units.clear();
        units.push(unit);
        for later in unit + 1..topology.n_units() {
            let is_touched = |source: u32| units.binary_search(&(source as usize)).is_ok();
            if wiring.incoming(later).iter().any(|edge| is_touched(edge.source)) {
                units.push(later);
            }
        }
        units.iter().filter(|&&unit| !topology.is_output(unit)).for_each(|&unit| tops.clear(unit));
        dispatch(*kernel, Recompute { topology, wiring, samples, activations, outcome, units, tops });
        self.take_stock();
    }

    /// Works out what follows once the units in the scratch, and with them all, are canonical.
    fn take_stock(&mut self) {
        self.is_canonical = true;
        self.n_evaluated = 0;
        self.decided = None;
        self.n_correct = self.outcome.count_correct();
        let Self { topology, wiring, bounds, scratch, .. } = self;
        for &unit in &scratch.units {
            let top = if topology.is_output(unit) { 0.0 } else { scratch.tops.get(unit) };
            bounds.set(topology, wiring, unit, top, None);
        }
        bounds.set_margins(topology);
    }
}
