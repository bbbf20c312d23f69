//! A step: forward and, if wanted, backward over some blocks.

use std::ops::Range;

use super::Blocks;
use super::connections::Connections;
use super::head::{self, Head, Tally};
use super::rows::{Row, Sums, add_rows, gate, lanes_for, outer_products, relu, weighted_sum};
use super::together::{TOGETHER, weighted_sums};
use crate::Scalar;
use slt_simd::unfused::{self, LANES, Pass, Vectors};

/// What a step computes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Want {
    /// Losses and correct samples.
    Tally,
    /// Also the gradient of the weights.
    Weights,
    /// Also the gradient of weights and biases.
    All,
}

/// Buffers for a network of given sizes; a step allocates nothing.
#[derive(Debug, Clone)]
pub(crate) struct Workspace<T> {
    /// Outputs of each layer; of the last, deltas after a step.
    pub(super) values: Vec<Vec<Row<T>>>,
    /// Deltas of each hidden layer.
    pub(super) deltas: Vec<Vec<Row<T>>>,
    /// Gradients of weights, `n_in x n_out`, in eight lanes.
    pub(super) weight_sums: Vec<Vec<[T; LANES]>>,
    /// Gradients of biases in eight lanes.
    pub(super) bias_sums: Vec<Vec<[T; LANES]>>,
    /// Losses and correct samples since the last [`clear`](Self::clear).
    pub(crate) tally: Tally,
}

impl<T: Scalar> Workspace<T> {
    /// Buffers for layers of `sizes` units, inputs first.
    pub(crate) fn new(sizes: &[usize]) -> Self {
        let rows = |sizes: &[usize]| sizes.iter().map(|&n| vec![Row::zero(); n]).collect();
        let lanes = |n: usize| vec![[T::zero(); LANES]; n];
        Self {
            values: rows(&sizes[1..]),
            deltas: rows(&sizes[1..sizes.len() - 1]),
            weight_sums: sizes.windows(2).map(|pair| lanes(pair[0] * pair[1])).collect(),
            bias_sums: sizes[1..].iter().map(|&n| lanes(n)).collect(),
            tally: Tally::default(),
        }
    }

    /// Forgets gradients and tally.
    pub(crate) fn clear(&mut self) {
        self.weight_sums.iter_mut().for_each(|sums| sums.fill([T::zero(); LANES]));
        self.bias_sums.iter_mut().for_each(|sums| sums.fill([T::zero(); LANES]));
        self.tally = Tally::default();
    }

    /// Gradient of the summed loss by the weights of a layer, `n_in x n_out`.
    pub(crate) fn weight_gradient(&self, layer: usize, out: &mut Vec<T>) {
        unfused::run(Sums(&self.weight_sums[layer], out));
    }

    /// Gradient of the summed loss by the biases of a layer.
    pub(crate) fn bias_gradient(&self, layer: usize, out: &mut Vec<T>) {
        unfused::run(Sums(&self.bias_sums[layer], out));
    }

    /// The outputs of the last layer on the block before the head was applied; only for a step without gradients and
    /// with `head: None`.
    pub(crate) fn outputs(&self) -> &[Row<T>] {
        self.values.last().expect("a network has a layer")
    }
}

/// Forward and backward over blocks of samples; gradients and tally are added to the workspace.
#[derive(Debug)]
pub(crate) struct Step<'a, T, C> {
    /// Weights of each layer.
    pub(crate) layers: &'a [C],
    /// Biases of each layer.
    pub(crate) biases: &'a [Vec<T>],
    /// The samples.
    pub(crate) data: &'a Blocks<T>,
    /// Which of the blocks.
    pub(crate) blocks: Range<usize>,
    /// What the outputs mean; `None` leaves the logits of the last block in the workspace.
    pub(crate) head: Option<Head>,
    /// What to compute.
    pub(crate) want: Want,
    /// Buffers and results.
    pub(crate) workspace: &'a mut Workspace<T>,
}

impl<T: Scalar, C: Connections<T>> Step<'_, T, C> {
    /// Does it.
    pub(crate) fn run(self) {
        unfused::run(self);
    }
}

impl<T: Scalar, C: Connections<T>> Pass for Step<'_, T, C> {
    #[inline(always)]
    fn run<I: Vectors>(self) {
        let Step { layers, biases, data, blocks, head, want, workspace } = self;
        for block in blocks {
            let (inputs, labels, used) = data.get(block);
            let lanes = lanes_for(used);
            forward::<I, T, C>(lanes, layers, biases, inputs, &mut workspace.values);
            let Some(head) = head else { continue };
            let outputs = workspace.values.last_mut().expect("a network has a layer");
            if want == Want::Tally {
                head::tally(head, outputs, labels, &mut workspace.tally);
            } else {
                head::apply(head, outputs, labels, &mut workspace.tally);
                backward::<I, T, C>(lanes, layers, inputs, want == Want::All, workspace);
            }
        }
    }
}

/// Fills `values` with the outputs of each layer; ReLU after every layer but the last.
#[inline(always)]
pub(super) fn forward<I: Vectors, T: Scalar, C: Connections<T>>(
    lanes: usize,
    layers: &[C],
    biases: &[Vec<T>],
    inputs: &[Row<T>],
    values: &mut [Vec<Row<T>>],
) {
    let n_layers = layers.len();
    for (l, (layer, biases)) in layers.iter().zip(biases).enumerate() {
        let (before, here) = values.split_at_mut(l);
        let sources = before.last().map_or(inputs, |rows| rows);
        if l + 1 < n_layers {
            layer_outputs::<I, T, C, true>(lanes, layer, biases, sources, &mut here[0]);
        } else {
            layer_outputs::<I, T, C, false>(lanes, layer, biases, sources, &mut here[0]);
        }
    }
}

/// The outputs of all targets of a layer, several at a time where they have the same sources.
#[inline(always)]
fn layer_outputs<I: Vectors, T: Scalar, C: Connections<T>, const RELU: bool>(
    lanes: usize,
    layer: &C,
    biases: &[T],
    sources: &[Row<T>],
    out: &mut [Row<T>],
) {
    let mut target = 0;
    while let Some(rows) = out[target..].first_chunk_mut()
        && let Some(biases) = biases[target..].first_chunk()
        && let Some(terms) = layer.common_sources::<TOGETHER>(target)
    {
        weighted_sums::<I, T, RELU>(lanes, biases, &terms, sources, rows);
        target += TOGETHER;
    }
    for target in target..out.len() {
        weighted_sum::<I, T, false>(lanes, biases[target], layer.sources(target), sources, &mut out[target]);
        if RELU {
            relu::<I, T>(&mut out[target]);
        }
    }
}

/// Takes the deltas in the last layer of `values` back to the first, adding up gradients.
#[inline(always)]
fn backward<I: Vectors, T: Scalar, C: Connections<T>>(
    lanes: usize,
    layers: &[C],
    inputs: &[Row<T>],
    with_biases: bool,
    workspace: &mut Workspace<T>,
) {
    let Workspace { values, deltas, weight_sums, bias_sums, .. } = workspace;
    for l in (0..layers.len()).rev() {
        let (before, here) = deltas.split_at_mut(l);
        let delta: &[Row<T>] = here.first().unwrap_or(&values[values.len() - 1]);
        let sources = if l == 0 { inputs } else { &values[l - 1] };
        outer_products::<I, T>(lanes, sources, delta, &mut weight_sums[l]);
        if with_biases {
            add_rows(lanes, delta, &mut bias_sums[l]);
        }
        for (source, out) in before.last_mut().into_iter().flatten().enumerate() {
            weighted_sum::<I, T, false>(lanes, T::zero(), layers[l].targets(source), delta, out);
            gate::<I, T>(&values[l - 1][source], out);
        }
    }
}
