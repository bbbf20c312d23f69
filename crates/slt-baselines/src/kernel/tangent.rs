//! A pass and its derivative in a direction of parameter space: Pearlmutter's R-operator.
//!
//! With a direction `v` for the parameters, every quantity q of the pass has a tangent R{q} = d/dr q(w + r v)
//! at r = 0. A network of ReLUs is piecewise linear, so away from the kinks the gates have no tangent, and
//! the tangent of the gradient is the exact product of the Hessian with `v`.

use super::batch::{Batch, Units};
use super::divide::spread;
use super::gradient::{Gradient, Keep, bias_gradient};
use super::head::Head;
use super::pass::{Layer, Workspace};
use super::sums::{Direction, Finish, Start, WeightedSums};
use crate::Scalar;
use slt_simd::unfused::LANES;

/// Buffers of a pass with tangents.
#[derive(Debug, Clone)]
pub(crate) struct TangentWorkspace<T> {
    pass: Workspace<T>,
    value_tangents: Vec<Units<T>>,
    delta_tangents: Vec<Units<T>>,
}

impl<T: Scalar> TangentWorkspace<T> {
    /// For layers of `sizes` units, inputs first.
    pub(crate) fn new(sizes: &[usize]) -> Self {
        let units = vec![Units::default(); sizes.len() - 1];
        Self { pass: Workspace::new(sizes), value_tangents: units.clone(), delta_tangents: units }
    }

    /// Takes a batch through the network and back, with all tangents; `direction` has the shape of the
    /// layers.
    pub(crate) fn run(&mut self, layers: &[Layer<'_, T>], direction: &[Layer<'_, T>], batch: &Batch<T>) {
        self.pass.forward(layers, batch);
        self.pass.backward(Head::CrossEntropy, layers, batch);
        self.forward_tangents(layers, direction, batch);
        self.output_tangents(batch);
        self.backward_tangents(layers, direction);
    }

    /// R{z} = v_b + sum of v_w a + w R{a}, gated like the values.
    fn forward_tangents(&mut self, layers: &[Layer<'_, T>], direction: &[Layer<'_, T>], batch: &Batch<T>) {
        for l in 0..layers.len() {
            let (before, here) = self.value_tangents.split_at_mut(l);
            let values = &self.pass.values[l];
            let gate = if l + 1 < layers.len() { Finish::Gate(values) } else { Finish::Keep };
            here[0].reshape(values.len(), batch.n_groups());
            let mut sums = |weights, terms, start, finish| {
                let (n_out, masked, direction) = (values.len(), false, Direction::Forward);
                let (first, out) = (0, here[0].groups_mut());
                spread(WeightedSums { weights, n_out, masked, direction, terms, start, finish, first, out });
            };
            let start = Start::At(direction[l].biases);
            let Some(tangents) = before.last() else {
                sums(direction[l].weights, batch.features().units, start, gate);
                continue;
            };
            let sources = &self.pass.values[l - 1];
            sums(direction[l].weights, sources, start, Finish::Keep);
            sums(layers[l].weights, tangents, Start::Held, gate);
        }
    }

    /// R{delta} = p (R{z} - sum of p R{z}), where delta is p less the target.
    fn output_tangents(&mut self, batch: &Batch<T>) {
        let last = self.delta_tangents.len() - 1;
        let (deltas, tangents) = (&self.pass.deltas[last], &self.value_tangents[last]);
        let (n_classes, n_groups) = (deltas.len(), deltas.n_groups());
        let out = &mut self.delta_tangents[last];
        out.reshape(n_classes, n_groups);
        for group in 0..n_groups {
            let labels = batch.labels_of(group);
            let mut mean = [T::zero(); LANES];
            for c in 0..n_classes {
                let (delta, tangent) = (&deltas.at(group)[c].0, &tangents.at(group)[c].0);
                let probabilities = &mut out.at_mut(group)[c].0;
                for i in 0..LANES {
                    // Zero in lanes without a sample, where delta is zero and no label is c.
                    let target = if labels[i] == c as u32 { T::one() } else { T::zero() };
                    probabilities[i] = delta[i] + target;
                    mean[i] += probabilities[i] * tangent[i];
                }
            }
            for c in 0..n_classes {
                let (out, tangent) = (&mut out.at_mut(group)[c].0, &tangents.at(group)[c].0);
                for i in 0..LANES {
                    out[i] *= tangent[i] - mean[i];
                }
            }
        }
    }

    /// R{delta_source} = sum of v_w delta + w R{delta}, gated.
    fn backward_tangents(&mut self, layers: &[Layer<'_, T>], direction: &[Layer<'_, T>]) {
        for l in (1..layers.len()).rev() {
            let (before, here) = self.delta_tangents.split_at_mut(l);
            let (values, out) = (&self.pass.values[l - 1], &mut before[l - 1]);
            out.reshape(values.len(), values.n_groups());
            let mut sums = |weights, terms: &Units<T>, start, finish| {
                let (n_out, masked, direction) = (terms.len(), false, Direction::Backward);
                let (first, out) = (0, out.groups_mut());
                spread(WeightedSums { weights, n_out, masked, direction, terms, start, finish, first, out });
            };
            sums(direction[l].weights, &self.pass.deltas[l], Start::Zero, Finish::Keep);
            sums(layers[l].weights, &here[0], Start::Held, Finish::Gate(values));
        }
    }

    /// R{gradient} = a R{delta} + R{a} delta: the tangent of the gradient of the summed loss by the weights
    /// of a layer.
    ///
    /// # Shapes
    /// `n_in x n_out`.
    pub(crate) fn weight_tangent(&self, l: usize, batch: &Batch<T>, out: &mut [T]) {
        let Self { pass, value_tangents, delta_tangents } = self;
        let (sources, deltas) = pass.factors(l, batch);
        if l == 0 {
            spread(Gradient::new([(sources, &delta_tangents[l])], Keep(out)));
        } else {
            let factors = [(sources, &delta_tangents[l]), ((&value_tangents[l - 1]).into(), deltas)];
            spread(Gradient::new(factors, Keep(out)));
        }
    }

    /// Tangent of the gradient of the summed loss by the biases of a layer.
    pub(crate) fn bias_tangent(&self, l: usize, out: &mut Vec<T>) {
        bias_gradient(&self.delta_tangents[l], out);
    }
}
