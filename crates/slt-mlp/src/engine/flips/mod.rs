//! What single flips of a mask come to, from activations that are kept.
//!
//! [`Held`] keeps the [sums](activations) of every neuron for every sample. Of a flip, [`change`] traces the way to the
//! outputs, and [`propagate`] takes it through a block of samples. What comes out are new logits that differ from
//! canonical ones by rounding, good enough for a [cross-entropy](losses). Where it has to be [decided](decide) which samples are
//! classified correctly, [`bounds`] say how large a margin is certain; the samples below it are [evaluated](resolve).
//!
//! A commit [recomputes](recompute) what it touches where losses are held. Where only decisions are asked for, which
//! are exact in any case, it is enough to [apply](apply) the change and to keep account of the bounds.

mod activations;
mod apply;
mod bounds;
mod change;
mod decide;
mod losses;
mod odds;
mod outcome;
mod propagate;
mod recompute;
mod resolve;
mod samples;
mod stage;
mod topology;
mod wiring;

use slt_core::BitMask;
use slt_datasets::Dataset;

use self::activations::Activations;
use self::apply::Apply;
use self::bounds::Bounds;
use self::change::{Change, Follow, Reach};
use self::decide::{Decide, Doubts};
use self::losses::{SumFreshLosses, SumLosses};
use self::outcome::Outcome;
use self::recompute::{Recompute, RecomputeAll, Tops};
use self::resolve::{Queue, Resolve};
use self::samples::Samples;
use self::stage::Stage;
use self::topology::{Flip, Topology};
use self::wiring::Wiring;
use super::dispatch::{Kernel, dispatch};
use super::simd::{BLOCK, Row};
use crate::Network;

/// Held sums are computed afresh once their bounds are so many times those of canonical ones, and samples in doubt have
/// cost as much as that.
const LARGEST_DRIFT: f64 = 2.0;

/// A mask of a network, and the sums of every neuron for every sample.
#[derive(Debug, Clone)]
pub(crate) struct Held {
    kernel: Kernel,
    topology: Topology,
    wiring: Wiring,
    samples: Samples,
    activations: Activations,
    outcome: Outcome,
    n_correct: u64,
    bounds: Bounds,
    /// Whether all sums are canonical.
    is_canonical: bool,
    /// Samples in doubt that were evaluated since all sums were last computed.
    n_evaluated: usize,
    /// The flip whose decisions are in the scratch, all of them.
    decided: Option<usize>,
    scratch: Scratch,
}

/// Buffers that are filled anew for each flip.
#[derive(Debug, Clone)]
struct Scratch {
    change: Change,
    /// A row for each carrier of a change, then one for each class.
    rows: Vec<Row>,
    /// The decisions after a flip.
    correct: Vec<u64>,
    doubts: Doubts,
    queue: Queue,
    stage: Stage,
    tops: Tops,
    /// Units to be computed.
    units: Vec<usize>,
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
        let topology = Topology::new(network);
        let samples = Samples::new(data);
        let n_blocks = samples.n_blocks();
        let mut bounds = Bounds::new(&topology);
        for (input, column) in data.features().columns().into_iter().enumerate() {
            let largest = column.iter().fold(0.0_f32, |largest, x| largest.max(x.abs()));
            bounds.set_input(input, f64::from(largest));
        }
        let scratch = Scratch {
            change: Change::new(&topology),
            rows: vec![Row::ZERO; topology.n_units() + 1],
            correct: vec![0; n_blocks],
            doubts: Vec::with_capacity(n_blocks),
            queue: Queue::new(),
            stage: Stage::new(&topology),
            tops: Tops::new(&topology),
            units: Vec::with_capacity(topology.n_units()),
        };
        let mut held = Self {
            kernel,
            wiring: Wiring::new(&topology),
            activations: Activations::new(&topology, data),
            outcome: Outcome::new(topology.n_outputs(), n_blocks, with_losses),
            n_correct: 0,
            bounds,
            is_canonical: false,
            n_evaluated: 0,
            decided: None,
            scratch,
            topology,
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

    /// Holds another mask, which has a bit for each weight.
    pub(crate) fn set_mask(&mut self, mask: &BitMask) {
        self.wiring.set(&self.topology, mask);
        self.recompute_all();
    }

    /// Number of samples that are classified correctly.
    pub(crate) fn n_correct(&self) -> u64 {
        self.n_correct
    }

    /// The sum of the losses of all samples; 0 where no losses are held.
    pub(crate) fn loss_sum(&self) -> f64 {
        self.outcome.losses.as_ref().map_or(0.0, |held| held.sums.iter().sum())
    }

    /// The logits: `each(sample, class, logit)`.
    pub(crate) fn for_each_logit(&mut self, mut each: impl FnMut(usize, usize, f32)) {
        if !self.is_canonical {
            self.recompute_all();
        }
        for sample in 0..self.samples.len() {
            for (class, row) in self.activations.logits(sample / BLOCK).iter().enumerate() {
                each(sample, class, row.0[sample % BLOCK]);
            }
        }
    }

    /// The sum of the losses of all samples if `bit` were flipped; 0 where no losses are held.
    pub(crate) fn loss_sum_after(&mut self, bit: usize) -> f64 {
        let flip = self.wiring.flip(&self.topology, bit);
        let reach = self.trace(&flip, Follow::ToOutputs);
        let Self { kernel, topology, wiring, samples, activations, outcome, scratch, .. } = self;
        let Some(held) = outcome.losses.as_ref().filter(|_| reach == Reach::Outputs) else {
            return self.loss_sum();
        };
        let Scratch { change, rows, stage, .. } = scratch;
        if change.gap().is_finite() {
            return dispatch(*kernel, SumLosses { change, samples, activations, outcome, held, rows });
        }
        wiring.toggle(&flip);
        let pass = SumFreshLosses { topology, wiring, samples, activations, outcome, stage };
        let sum = dispatch(*kernel, pass);
        wiring.toggle(&flip);
        sum
    }

    /// The number of samples that are classified correctly if `bit` is flipped; `None` if more than `most_wrong` are not.
    pub(crate) fn count_correct_after(&mut self, bit: usize, most_wrong: u64) -> Option<u64> {
        let flip = self.wiring.flip(&self.topology, bit);
        if self.trace(&flip, Follow::ToOutputs) == Reach::Outputs {
            self.decided = None;
            self.decide(&flip, most_wrong)?;
        } else {
            self.scratch.correct.copy_from_slice(&self.outcome.correct);
        }
        self.decided = Some(bit);
        let count: u64 = self.scratch.correct.iter().map(|correct| u64::from(correct.count_ones())).sum();
        (self.samples.len() as u64 - count <= most_wrong).then_some(count)
    }

    /// Decides about all samples, into the scratch; `None` if more than `most_wrong` are certain to be wrong.
    fn decide(&mut self, flip: &Flip, most_wrong: u64) -> Option<()> {
        let Self { kernel, topology, wiring, samples, activations, outcome, scratch, .. } = self;
        let Scratch { change, rows, correct, doubts, queue, stage, .. } = scratch;
        doubts.clear();
        let pass = Decide { change, samples, activations, outcome, rows, most_wrong, correct, doubts };
        if !dispatch(*kernel, pass) {
            return None;
        }
        if !doubts.is_empty() {
            wiring.toggle(flip);
            let pass = Resolve {
                topology,
                wiring,
                change,
                samples,
                activations,
                outcome,
                doubts,
                queue,
                stage,
                correct,
            };
            self.n_evaluated += dispatch(*kernel, pass);
            wiring.toggle(flip);
        }
        Some(())
    }

    /// Flips `bit`.
    pub(crate) fn commit(&mut self, bit: usize) {
        let flip = self.wiring.flip(&self.topology, bit);
        if self.outcome.losses.is_some() {
            self.wiring.commit(&self.topology, &flip);
            self.recompute_from(flip.target);
            return;
        }
        if self.decided != Some(bit) {
            let count = self.count_correct_after(bit, u64::MAX);
            debug_assert!(count.is_some());
        }
        self.apply(&flip);
        if self.n_evaluated > self.samples.len() && self.bounds.drift(&self.topology) > LARGEST_DRIFT {
            self.recompute_all();
        }
    }

    fn trace(&mut self, flip: &Flip, follow: Follow) -> Reach {
        let Self { topology, wiring, bounds, scratch, .. } = self;
        scratch.change.trace(topology, wiring, bounds, flip, follow)
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
            bounds.margin_residual = change.margin_residual();
        }
    }

    fn recompute_all(&mut self) {
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
