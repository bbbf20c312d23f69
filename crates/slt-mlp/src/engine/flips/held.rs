//! The state, what can be asked of it, and how it changes.

use slt_core::BitMask;
use slt_datasets::Dataset;

use super::super::dispatch::{Kernel, Pass, dispatch};
use super::super::simd::{BLOCK, InstructionSet, Row, Vector};
use super::change::{Bounds, Change, Follow, Reach};
use super::decide::Decisions;
use super::losses::{sum_fresh_losses, sum_losses};
use super::outcome::{Outcome, Samples};
use super::propagate::{State, apply};
use super::sums::{Stage, Sums, Tops};
use super::wiring::{Edge, Flip, View, Wiring};
use crate::Network;

/// Held sums are computed afresh once their bounds are so many times those of canonical ones, and samples in doubt have
/// cost as much as that.
const LARGEST_DRIFT: f64 = 2.0;

/// A mask of a network, and the sums of every neuron for every sample.
#[derive(Debug, Clone)]
pub(crate) struct Held {
    kernel: Kernel,
    wiring: Wiring,
    samples: Samples,
    sums: Sums,
    outcome: Outcome,
    n_correct: u64,
    bounds: Bounds,
    tops: Tops,
    /// Whether all sums are canonical.
    is_canonical: bool,
    /// Samples in doubt that were evaluated since all sums were last canonical.
    n_evaluated: usize,
    scratch: Scratch,
}

/// Buffers that are filled anew for each flip.
#[derive(Debug, Clone)]
struct Scratch {
    change: Change,
    /// A row for each carrier of a change, then one for each class.
    rows: Vec<Row>,
    decisions: Decisions,
    /// The flip whose decisions these are, all of them.
    decided: Option<usize>,
    stage: Stage,
    /// The active weights into the target of a flip.
    edges: Vec<Edge>,
}

impl Held {
    /// Holds `mask`, which has a bit for each weight. The data fit the network.
    pub(crate) fn new(
        network: &Network,
        data: &Dataset,
        with_losses: bool,
        kernel: Kernel,
        mask: &BitMask,
    ) -> Self {
        let wiring = Wiring::new(network);
        let samples = Samples::new(data);
        let scratch = Scratch {
            change: Change::new(&wiring),
            rows: vec![Row::ZERO; wiring.n_units() + 1],
            decisions: Decisions::new(&samples),
            decided: None,
            stage: Stage::new(&wiring),
            edges: Vec::new(),
        };
        let mut held = Self {
            kernel,
            sums: Sums::new(&wiring, data),
            outcome: Outcome::new(wiring.n_outputs(), samples.n_blocks(), with_losses),
            n_correct: 0,
            bounds: Bounds::new(&wiring, data),
            tops: Tops::new(&wiring),
            is_canonical: false,
            n_evaluated: 0,
            scratch,
            wiring,
            samples,
        };
        held.set_mask(mask);
        held
    }

    pub(crate) fn n_samples(&self) -> usize {
        self.samples.len()
    }

    pub(crate) fn mask(&self) -> &BitMask {
        self.wiring.mask()
    }

    /// Number of samples that are classified correctly.
    pub(crate) fn n_correct(&self) -> u64 {
        self.n_correct
    }

    /// The sum of the losses of all samples; 0 where no losses are held.
    pub(crate) fn loss_sum(&self) -> f64 {
        self.outcome.loss_sum()
    }

    /// The logits: `each(sample, class, logit)`.
    pub(crate) fn for_each_logit(&mut self, mut each: impl FnMut(usize, usize, f32)) {
        if !self.is_canonical {
            self.recompute_all();
        }
        for sample in 0..self.samples.len() {
            for (class, row) in self.sums.logits(sample / BLOCK).iter().enumerate() {
                each(sample, class, row.0[sample % BLOCK]);
            }
        }
    }

    /// The sum of the losses of all samples if `bit` were flipped; 0 where no losses are held.
    pub(crate) fn loss_sum_after(&mut self, bit: usize) -> f64 {
        let flip = self.wiring.flip(bit);
        let Self { kernel, wiring, samples, sums, outcome, bounds, scratch, .. } = self;
        let Scratch { change, rows, stage, edges, .. } = scratch;
        let reach = change.trace(wiring, bounds, &flip, Follow::ToOutputs);
        if reach != Reach::Outputs || !outcome.has_losses() {
            outcome.loss_sum()
        } else if change.gap().is_finite() {
            sum_losses(*kernel, State { samples, sums, outcome }, change, rows)
        } else {
            let view = View::flipped(wiring, &flip, edges);
            sum_fresh_losses(*kernel, State { samples, sums, outcome }, view, stage)
        }
    }

    /// The number of samples that are classified correctly if `bit` is flipped; `None` if more than `most_wrong`
    /// are not.
    pub(crate) fn count_correct_after(&mut self, bit: usize, most_wrong: u64) -> Option<u64> {
        let flip = self.wiring.flip(bit);
        let Self { kernel, wiring, samples, sums, outcome, bounds, scratch, .. } = self;
        let Scratch { change, rows, decisions, decided, stage, edges } = scratch;
        *decided = None;
        let state = State { samples, sums, outcome };
        if change.trace(wiring, bounds, &flip, Follow::ToOutputs) != Reach::Outputs {
            decisions.correct_mut().copy_from_slice(outcome.correct());
        } else if decisions.judge(*kernel, state, change, rows, most_wrong)? {
            let view = View::flipped(wiring, &flip, edges);
            self.n_evaluated += decisions.resolve(*kernel, state, change, view, stage);
        }
        *decided = Some(bit);
        let count = decisions.count_correct();
        (samples.len() as u64 - count <= most_wrong).then_some(count)
    }

    /// Holds another mask, which has a bit for each weight.
    pub(crate) fn set_mask(&mut self, mask: &BitMask) {
        self.wiring.set(mask);
        self.recompute_all();
    }

    /// Flips `bit`. Where losses are held, all sums are canonical after that.
    pub(crate) fn commit(&mut self, bit: usize) {
        let flip = self.wiring.flip(bit);
        if self.outcome.has_losses() {
            self.wiring.commit(&flip);
            self.recompute_from(flip.target());
            return;
        }
        if self.scratch.decided != Some(bit) {
            let count = self.count_correct_after(bit, u64::MAX);
            debug_assert!(count.is_some(), "any number of samples may be wrong");
        }
        self.apply(&flip);
        if self.n_evaluated > self.samples.len() && self.bounds.drift(&self.wiring) > LARGEST_DRIFT {
            self.recompute_all();
        }
    }

    /// Flips a bit whose decisions are in the scratch, by changing the held sums by what it adds to them.
    fn apply(&mut self, flip: &Flip) {
        let Self { kernel, wiring, samples, sums, outcome, bounds, tops, scratch, .. } = self;
        let Scratch { change, rows, decisions, decided, .. } = scratch;
        let reach = change.trace(wiring, bounds, flip, Follow::Everywhere);
        wiring.commit(flip);
        outcome.swap_correct(decisions.correct_mut());
        self.n_correct = outcome.count_correct();
        *decided = None;
        if reach != Reach::Nothing {
            self.is_canonical = false;
            apply(*kernel, (change, reach), samples, sums, outcome, rows, tops);
            bounds.commit(wiring, change, reach, tops);
        }
    }

    fn recompute_all(&mut self) {
        let Self { kernel, wiring, samples, sums, outcome, tops, scratch, .. } = self;
        wiring.hidden().for_each(|unit| tops.clear(unit));
        let stage = &mut scratch.stage;
        dispatch(*kernel, RecomputeAll { wiring, samples, sums, outcome, tops, stage });
        let units: Vec<usize> = self.wiring.neurons().collect();
        self.take_stock(&units);
    }

    /// Computes a unit and all that depend on it; everything else is canonical.
    fn recompute_from(&mut self, unit: usize) {
        let Self { kernel, wiring, samples, sums, outcome, tops, .. } = self;
        let mut units = vec![unit];
        for later in unit + 1..wiring.n_units() {
            let is_touched = |source: u32| units.binary_search(&(source as usize)).is_ok();
            if wiring.incoming(later).iter().any(|edge| is_touched(edge.source)) {
                units.push(later);
            }
        }
        units.iter().filter(|unit| wiring.hidden().contains(unit)).for_each(|&unit| tops.clear(unit));
        dispatch(*kernel, Recompute { wiring, samples, sums, outcome, units: &units, tops });
        self.take_stock(&units);
    }

    /// Works out what follows once `units`, and with them all, are canonical.
    fn take_stock(&mut self, units: &[usize]) {
        self.is_canonical = true;
        self.n_evaluated = 0;
        self.scratch.decided = None;
        self.n_correct = self.outcome.count_correct();
        self.bounds.set(&self.wiring, units.iter().copied(), &self.tops);
    }
}

/// Computes everything as a fresh evaluation does.
struct RecomputeAll<'a> {
    wiring: &'a Wiring,
    samples: &'a Samples,
    sums: &'a mut Sums,
    outcome: &'a mut Outcome,
    tops: &'a mut Tops,
    stage: &'a mut Stage,
}

impl Pass for RecomputeAll<'_> {
    type Output = ();

    #[inline(always)]
    fn run<I: InstructionSet>(self) {
        let Self { wiring, samples, sums, outcome, tops, stage } = self;
        for b in 0..samples.n_blocks() {
            stage.load_inputs(sums, b);
            stage.forward_and_keep::<I>(View::held(wiring), sums, b);
            for unit in wiring.hidden() {
                tops.raise::<I::One>(unit, sums.row(unit, b));
            }
            outcome.set::<I>(samples, sums.logits(b), b);
        }
    }
}

/// Computes a unit and those that depend on it.
struct Recompute<'a> {
    wiring: &'a Wiring,
    samples: &'a Samples,
    sums: &'a mut Sums,
    outcome: &'a mut Outcome,
    /// Ascending.
    units: &'a [usize],
    tops: &'a mut Tops,
}

impl Pass for Recompute<'_> {
    type Output = ();

    #[inline(always)]
    fn run<I: InstructionSet>(self) {
        let Self { wiring, samples, sums, outcome, units, tops } = self;
        let is_hidden = |unit: usize| wiring.hidden().contains(&unit);
        for b in 0..samples.n_blocks() {
            let (mut rest, mut changed) = (units, true);
            if is_hidden(units[0]) {
                let before = *sums.row(units[0], b);
                sums.compute::<I>(wiring, units[0], b);
                changed = activations_differ::<I::One>(&before, sums.row(units[0], b));
                rest = &units[1..];
            }
            if changed {
                for &unit in rest {
                    sums.compute::<I>(wiring, unit, b);
                }
                outcome.set::<I>(samples, sums.logits(b), b);
            }
            for &unit in units.iter().filter(|&&unit| is_hidden(unit)) {
                tops.raise::<I::One>(unit, sums.row(unit, b));
            }
        }
    }
}

/// Whether sums that differ come to different activations.
#[inline(always)]
fn activations_differ<V: Vector>(a: &Row, b: &Row) -> bool {
    let mut same = true;
    for at in (0..BLOCK).step_by(V::WIDTH) {
        let equal = V::bits(V::load(a, at).relu().equal(V::load(b, at).relu()));
        same &= equal == u64::MAX >> (BLOCK - V::WIDTH);
    }
    !same
}
