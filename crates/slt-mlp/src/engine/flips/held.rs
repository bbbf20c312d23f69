//! The state, and what can be asked of it.

use slt_core::BitMask;
use slt_datasets::Dataset;

use super::super::dispatch::{Kernel, dispatch};
use super::super::simd::{BLOCK, Row};
use super::activations::Activations;
use super::bounds::Bounds;
use super::change::{Change, Follow, Reach};
use super::decide::{Decide, Doubts};
use super::losses::{SumFreshLosses, SumLosses};
use super::outcome::Outcome;
use super::recompute::Tops;
use super::resolve::{Queue, Resolve, State};
use super::samples::Samples;
use super::stage::Stage;
use super::topology::{Flip, Topology};
use super::wiring::Wiring;
use crate::Network;

/// A mask of a network, and the sums of every neuron for every sample.
#[derive(Debug, Clone)]
pub(crate) struct Held {
    pub(super) kernel: Kernel,
    pub(super) topology: Topology,
    pub(super) wiring: Wiring,
    pub(super) samples: Samples,
    pub(super) activations: Activations,
    pub(super) outcome: Outcome,
    pub(super) n_correct: u64,
    pub(super) bounds: Bounds,
    /// Whether all sums are canonical.
    pub(super) is_canonical: bool,
    /// Samples in doubt that were evaluated since all sums were last canonical.
    pub(super) n_evaluated: usize,
    /// The flip whose decisions are in the scratch, all of them.
    pub(super) decided: Option<usize>,
    pub(super) scratch: Scratch,
}

/// Buffers that are filled anew for each flip.
#[derive(Debug, Clone)]
pub(super) struct Scratch {
    pub(super) change: Change,
    /// A row for each carrier of a change, then one for each class.
    pub(super) rows: Vec<Row>,
    /// The decisions after a flip.
    pub(super) correct: Vec<u64>,
    doubts: Doubts,
    queue: Queue,
    pub(super) stage: Stage,
    pub(super) tops: Tops,
    /// Units to be computed, ascending.
    pub(super) units: Vec<usize>,
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

    /// The number of samples that are classified correctly if `bit` is flipped; `None` if more than `most_wrong`
    /// are not.
    pub(crate) fn count_correct_after(&mut self, bit: usize, most_wrong: u64) -> Option<u64> {
        let flip = self.wiring.flip(&self.topology, bit);
        self.decided = None;
        if self.trace(&flip, Follow::ToOutputs) != Reach::Outputs {
            self.scratch.correct.copy_from_slice(&self.outcome.correct);
        } else if !self.decide(&flip, most_wrong) {
            return None;
        }
        self.decided = Some(bit);
        let count: u64 = self.scratch.correct.iter().map(|correct| u64::from(correct.count_ones())).sum();
        (self.samples.len() as u64 - count <= most_wrong).then_some(count)
    }

    /// Decides about all samples after a flip that was traced, into the scratch. Stops with false where more than
    /// `most_wrong` are certain to be wrong.
    fn decide(&mut self, flip: &Flip, most_wrong: u64) -> bool {
        let Self { kernel, topology, wiring, samples, activations, outcome, scratch, .. } = self;
        let Scratch { change, rows, correct, doubts, queue, stage, .. } = scratch;
        doubts.clear();
        let pass = Decide { change, samples, activations, outcome, rows, most_wrong, correct, doubts };
        if !dispatch(*kernel, pass) {
            return false;
        }
        if !doubts.is_empty() {
            wiring.toggle(flip);
            let state = State { topology, wiring, samples, activations, outcome };
            let pass = Resolve { state, change, doubts, queue, stage, correct };
            self.n_evaluated += dispatch(*kernel, pass);
            wiring.toggle(flip);
        }
        true
    }

    pub(super) fn trace(&mut self, flip: &Flip, follow: Follow) -> Reach {
        let Self { topology, wiring, bounds, scratch, .. } = self;
        scratch.change.trace(topology, wiring, bounds, flip, follow)
    }
}
