//! What every unit says for every sample.

use slt_datasets::Dataset;

use super::super::simd::{BLOCK, InstructionSet, Row, Vector};
use super::topology::Topology;
use super::wiring::{Edge, Wiring};

/// The inputs, the sums of the hidden units before their ReLU, and the logits, in blocks of 64 samples.
///
/// A hidden unit's activation is one instruction away from its sum, so it is not stored.
#[derive(Debug, Clone)]
pub(super) struct Activations {
    n_blocks: usize,
    n_inputs: usize,
    first_output: usize,
    n_outputs: usize,
    /// Row of input or hidden unit `u` in block `b`: `u * n_blocks + b`. A flip reads few units of all blocks.
    values: Vec<Row>,
    /// Row of class `c` in block `b`: `b * n_outputs + c`. The logits of a sample are used together.
    logits: Vec<Row>,
}

impl Activations {
    /// Room for all samples of `data`, and their features.
    pub(super) fn new(topology: &Topology, data: &Dataset) -> Self {
        let n_blocks = data.n_samples().div_ceil(BLOCK);
        let mut activations = Self {
            n_blocks,
            n_inputs: topology.n_inputs(),
            first_output: topology.first_output(),
            n_outputs: topology.n_outputs(),
            values: vec![Row::ZERO; topology.first_output() * n_blocks],
            logits: vec![Row::ZERO; topology.n_outputs() * n_blocks],
        };
        for (i, sample) in data.values().chunks_exact(data.n_features()).enumerate() {
            for (f, &x) in sample.iter().enumerate() {
                activations.values[f * n_blocks + i / BLOCK].0[i % BLOCK] = x;
            }
        }
        activations
    }

    #[inline(always)]
    pub(super) fn is_input(&self, unit: usize) -> bool {
        unit < self.n_inputs
    }

    /// The rows of an input or a hidden unit, block by block.
    #[inline(always)]
    pub(super) fn rows(&self, unit: usize) -> &[Row] {
        &self.values[unit * self.n_blocks..][..self.n_blocks]
    }

    /// The row of an input or a hidden unit for block `b`.
    #[inline(always)]
    pub(super) fn row(&self, unit: usize, b: usize) -> &Row {
        &self.values[unit * self.n_blocks + b]
    }

    /// The logits of block `b`, class by class.
    #[inline(always)]
    pub(super) fn logits(&self, b: usize) -> &[Row] {
        &self.logits[b * self.n_outputs..][..self.n_outputs]
    }

    #[inline(always)]
    pub(super) fn logits_mut(&mut self, b: usize) -> &mut [Row] {
        &mut self.logits[b * self.n_outputs..][..self.n_outputs]
    }

    /// The sums of a hidden unit, or the logits of an output, for block `b`.
    #[inline(always)]
    pub(super) fn sums_mut(&mut self, unit: usize, b: usize) -> &mut Row {
        if unit < self.first_output {
            &mut self.values[unit * self.n_blocks + b]
        } else {
            &mut self.logits[b * self.n_outputs + (unit - self.first_output)]
        }
    }

    /// Computes the sums of a neuron for block `b`.
    #[inline(always)]
    pub(super) fn compute<I: InstructionSet>(
        &mut self,
        topology: &Topology,
        wiring: &Wiring,
        unit: usize,
        b: usize,
    ) {
        let (bias, edges) = (topology.bias(unit), wiring.incoming(unit));
        let from_inputs = edges.first().is_some_and(|edge| self.is_input(edge.source as usize));
        for at in (0..BLOCK).step_by(I::Wide::WIDTH) {
            let rows = &self.values[b..];
            let sum = if from_inputs {
                sum::<I::Wide, false>(bias, edges, rows, self.n_blocks, at)
            } else {
                sum::<I::Wide, true>(bias, edges, rows, self.n_blocks, at)
            };
            sum.store(self.sums_mut(unit, b), at);
        }
    }
}

/// bias + sum of weight * activation for `V::WIDTH` samples, in the order that `docs/numerics.md` fixes. The row of
/// source `s` is number `s * stride`; with `RELU`, rows hold the sums of the sources.
#[inline(always)]
pub(super) fn sum<V: Vector, const RELU: bool>(
    bias: f32,
    edges: &[Edge],
    rows: &[Row],
    stride: usize,
    at: usize,
) -> V {
    let mut sum = V::splat(bias);
    for edge in edges {
        let value = V::load(&rows[edge.source as usize * stride], at);
        let value = if RELU { value.relu() } else { value };
        sum = V::splat(edge.weight).mul_add(value, sum);
    }
    sum
}
