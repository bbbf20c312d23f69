//! A step and its derivative in a direction of parameter space: Pearlmutter's R-operator.
//!
//! With a direction `v` for the parameters, every quantity q of the pass has a tangent R{q} = d/dr q(w + r v) at r = 0.
//! A network of ReLUs is piecewise linear, so away from the kinks the gates have no tangent, and the tangent of the
//! gradient is the exact product of the Hessian with `v`.

use std::ops::Range;

use super::Blocks;
use super::connections::Connections;
use super::head::{self, Head, Tally};
use super::pass::forward;
use super::rows::{BLOCK, Row, Sums, add_rows, gate, lanes_for, outer_products, weighted_sum};
use crate::Scalar;
use slt_simd::unfused::{self, LANES, Pass, Vectors};

/// A direction in the parameters of a network.
#[derive(Debug)]
pub(crate) struct Direction<'a, T, C> {
    pub(crate) layers: &'a [C],
    pub(crate) biases: &'a [Vec<T>],
}

/// Buffers of a step with tangents.
#[derive(Debug, Clone)]
pub(crate) struct TangentWorkspace<T> {
    values: Vec<Vec<Row<T>>>,
    value_tangents: Vec<Vec<Row<T>>>,
    deltas: Vec<Vec<Row<T>>>,
    delta_tangents: Vec<Vec<Row<T>>>,
    weight_sums: Vec<Vec<[T; LANES]>>,
    bias_sums: Vec<Vec<[T; LANES]>>,
}

impl<T: Scalar> TangentWorkspace<T> {
    /// Buffers for layers of `sizes` units, inputs first.
    pub(crate) fn new(sizes: &[usize]) -> Self {
        let rows: Vec<Vec<Row<T>>> = sizes[1..].iter().map(|&n| vec![Row::zero(); n]).collect();
        let lanes = |n: usize| vec![[T::zero(); LANES]; n];
        Self {
            values: rows.clone(),
            value_tangents: rows.clone(),
            deltas: rows.clone(),
            delta_tangents: rows,
            weight_sums: sizes.windows(2).map(|pair| lanes(pair[0] * pair[1])).collect(),
            bias_sums: sizes[1..].iter().map(|&n| lanes(n)).collect(),
        }
    }

    /// Tangent of the gradient of the summed loss by the weights of a layer, `n_in x n_out`.
    pub(crate) fn weight_tangent(&self, layer: usize, out: &mut Vec<T>) {
        unfused::run(Sums(&self.weight_sums[layer], out));
    }

    /// Tangent of the gradient of the summed loss by the biases of a layer.
    pub(crate) fn bias_tangent(&self, layer: usize, out: &mut Vec<T>) {
        unfused::run(Sums(&self.bias_sums[layer], out));
    }
}

/// Adds the tangents of the gradient of the summed cross-entropy over some blocks to the workspace.
#[derive(Debug)]
pub(crate) struct TangentStep<'a, T, C> {
    pub(crate) layers: &'a [C],
    pub(crate) biases: &'a [Vec<T>],
    pub(crate) direction: Direction<'a, T, C>,
    pub(crate) data: &'a Blocks<T>,
    pub(crate) blocks: Range<usize>,
    pub(crate) workspace: &'a mut TangentWorkspace<T>,
}

impl<T: Scalar, C: Connections<T>> TangentStep<'_, T, C> {
    /// Does it.
    pub(crate) fn run(self) {
        unfused::run(self);
    }
}

impl<T: Scalar, C: Connections<T>> Pass for TangentStep<'_, T, C> {
    #[inline(always)]
    fn run<I: Vectors>(self) {
        let TangentStep { layers, biases, direction, data, blocks, workspace } = self;
        for block in blocks {
            let (inputs, labels, used) = data.get(block);
            let lanes = lanes_for(used);
            forward::<I, T, C>(lanes, layers, biases, inputs, &mut workspace.values);
            forward_tangents::<I, T, C>(lanes, layers, &direction, inputs, workspace);
            output_deltas(labels, workspace);
            backward_tangents::<I, T, C>(lanes, layers, &direction, inputs, workspace);
        }
    }
}

/// R{z} = v_b + sum of v_w a + w R{a}, gated like the values.
#[inline(always)]
fn forward_tangents<I: Vectors, T: Scalar, C: Connections<T>>(
    lanes: usize,
    layers: &[C],
    direction: &Direction<'_, T, C>,
    inputs: &[Row<T>],
    workspace: &mut TangentWorkspace<T>,
) {
    let TangentWorkspace { values, value_tangents, .. } = workspace;
    for l in 0..layers.len() {
        let (before, here) = value_tangents.split_at_mut(l);
        let sources = if l == 0 { inputs } else { &values[l - 1] };
        for (target, out) in here[0].iter_mut().enumerate() {
            let terms = direction.layers[l].sources(target);
            weighted_sum::<I, T, false>(lanes, direction.biases[l][target], terms, sources, out);
            if let Some(tangents) = before.last() {
                let terms = layers[l].sources(target);
                weighted_sum::<I, T, true>(lanes, T::zero(), terms, tangents, out);
            }
            if l + 1 < layers.len() {
                gate::<I, T>(&values[l][target], out);
            }
        }
    }
}

/// delta = p - y and R{delta} = p (R{z} - sum of p R{z}).
#[inline(always)]
fn output_deltas<T: Scalar>(labels: &[u32; BLOCK], workspace: &mut TangentWorkspace<T>) {
    let last = workspace.values.len() - 1;
    let (probabilities, tangents) = (&mut workspace.values[last], &workspace.value_tangents[last]);
    head::apply(Head::CrossEntropy, probabilities, labels, &mut Tally::default());
    let delta_tangents = &mut workspace.delta_tangents[last];
    let mut mean = Row::<T>::zero();
    for (c, (delta, tangent)) in probabilities.iter().zip(tangents).enumerate() {
        for i in 0..BLOCK {
            // The probability again; zero in lanes without a sample, where delta is zero and no label is c.
            let target = if labels[i] == c as u32 { T::one() } else { T::zero() };
            let p = delta.0[i] + target;
            delta_tangents[c].0[i] = p;
            mean.0[i] += p * tangent.0[i];
        }
    }
    for (delta, tangent) in delta_tangents.iter_mut().zip(tangents) {
        for i in 0..BLOCK {
            delta.0[i] *= tangent.0[i] - mean.0[i];
        }
    }
    for (delta, output) in workspace.deltas[last].iter_mut().zip(probabilities) {
        *delta = *output;
    }
}

/// R{delta_source} = sum of v_w delta + w R{delta}, gated; R{gradient} = a R{delta} + R{a} delta.
#[inline(always)]
fn backward_tangents<I: Vectors, T: Scalar, C: Connections<T>>(
    lanes: usize,
    layers: &[C],
    direction: &Direction<'_, T, C>,
    inputs: &[Row<T>],
    workspace: &mut TangentWorkspace<T>,
) {
    let TangentWorkspace { values, value_tangents, deltas, delta_tangents, weight_sums, bias_sums } =
        workspace;
    for l in (0..layers.len()).rev() {
        let (deltas_before, deltas_here) = deltas.split_at_mut(l);
        let (tangents_before, tangents_here) = delta_tangents.split_at_mut(l);
        let (delta, tangent) = (&deltas_here[0], &tangents_here[0]);
        let sources = if l == 0 { inputs } else { &values[l - 1] };
        outer_products::<I, T>(lanes, sources, tangent, &mut weight_sums[l]);
        add_rows(lanes, tangent, &mut bias_sums[l]);
        if l == 0 {
            continue;
        }
        outer_products::<I, T>(lanes, &value_tangents[l - 1], delta, &mut weight_sums[l]);
        let outs = deltas_before[l - 1].iter_mut().zip(&mut tangents_before[l - 1]);
        for (source, (out, out_tangent)) in outs.enumerate() {
            let activation = &values[l - 1][source];
            let terms = direction.layers[l].targets(source);
            weighted_sum::<I, T, false>(lanes, T::zero(), terms, delta, out_tangent);
            let terms = layers[l].targets(source);
            weighted_sum::<I, T, true>(lanes, T::zero(), terms.clone(), tangent, out_tangent);
            gate::<I, T>(activation, out_tangent);
            weighted_sum::<I, T, false>(lanes, T::zero(), terms, delta, out);
            gate::<I, T>(activation, out);
        }
    }
}
