//! The parameters of a network in training, and one batch of it.

use ndarray::{Array1, Array2};

use super::fitted::MlpParameters;
use super::solver::Optimizer;
use crate::kernel::{Batch, Gradient, Head, Layer, Tally, Workspace, bias_gradient, spread};
use crate::{Samples, Scalar};

/// Parameters and buffers; a step allocates next to nothing.
#[derive(Debug)]
pub(crate) struct Trained<T> {
    /// Weights of each layer, then biases of each layer.
    tensors: Vec<Vec<T>>,
    workspace: Workspace<T>,
    batch: Batch<T>,
    bias_gradient: Vec<T>,
    head: Head,
}

impl<T: Scalar> Trained<T> {
    pub(super) fn new(sizes: &[usize], initial: &MlpParameters<T>, n_classes: usize) -> Self {
        let weights = initial.coefs.iter().map(|w| w.iter().copied().collect());
        let biases = initial.intercepts.iter().map(|b| b.to_vec());
        Self {
            tensors: weights.chain(biases).collect(),
            workspace: Workspace::new(sizes),
            batch: Batch::new(),
            bias_gradient: Vec::new(),
            head: if n_classes == 2 { Head::Logistic } else { Head::ClippedSoftmax },
        }
    }

    /// Weights of each layer, then biases of each layer.
    pub(super) fn tensors(&self) -> &[Vec<T>] {
        &self.tensors
    }

    /// One batch: returns the objective, summed over its samples, before the update.
    pub(crate) fn step(
        &mut self,
        optimizer: &mut Optimizer<T>,
        alpha: f64,
        samples: &Samples<T>,
        rows: &[usize],
    ) -> f64 {
        let Self { tensors, workspace, batch, bias_gradient: by_bias, head } = self;
        batch.fill(samples, rows.iter().copied());
        let layers = layers_of(tensors);
        workspace.forward(&layers, batch);
        let tally = workspace.backward(*head, &layers, batch);
        let depth = layers.len();
        let penalty: f64 = tensors[..depth].iter().map(|w| sum_of_squares(w)).sum();
        optimizer.begin_step();
        for l in 0..depth {
            let rule = optimizer.rule(l, &mut tensors[l], alpha, rows.len());
            spread(Gradient::new([workspace.factors(l, batch)], rule));
            bias_gradient(workspace.deltas(l), by_bias);
            optimizer.update(depth + l, &mut tensors[depth + l], by_bias, rows.len());
        }
        tally.loss() + 0.5 * alpha * penalty
    }

    /// Samples that are classified correctly.
    pub(crate) fn correct(&mut self, data: &[Batch<T>]) -> u64 {
        let layers = layers_of(&self.tensors);
        let mut tally = Tally::default();
        for batch in data {
            self.workspace.forward(&layers, batch);
            tally.add(&self.workspace.tally(self.head, batch));
        }
        tally.correct
    }

    pub(super) fn is_finite(&self) -> bool {
        self.tensors.iter().flatten().all(|w| w.is_finite())
    }
}

/// The layers whose weights are in the first half of the tensors, and biases in the second.
fn layers_of<T>(tensors: &[Vec<T>]) -> Vec<Layer<'_, T>> {
    let (weights, biases) = tensors.split_at(tensors.len() / 2);
    weights.iter().zip(biases).map(|(weights, biases)| Layer { weights, biases, masked: false }).collect()
}

/// Tensors as matrices and vectors.
pub(super) fn parameters<T: Scalar>(sizes: &[usize], tensors: Vec<Vec<T>>) -> MlpParameters<T> {
    let mut weights = tensors;
    let biases = weights.split_off(sizes.len() - 1);
    let shapes = sizes.windows(2).map(|pair| (pair[0], pair[1]));
    let matrix = |(w, shape)| Array2::from_shape_vec(shape, w).expect("weights keep their shape");
    MlpParameters {
        coefs: weights.into_iter().zip(shapes).map(matrix).collect(),
        intercepts: biases.into_iter().map(Array1::from).collect(),
    }
}

/// How many numbers each tensor of a network has: weights of each layer, then biases. None if there are too
/// many.
pub(super) fn lengths(sizes: &[usize]) -> Option<Vec<usize>> {
    let weights = sizes.windows(2).map(|pair| pair[0].checked_mul(pair[1]));
    weights.chain(sizes[1..].iter().map(|&n| Some(n))).collect()
}

/// In double precision, in eight lanes.
fn sum_of_squares<T: Scalar>(values: &[T]) -> f64 {
    let mut lanes = [0.0; 8];
    let (chunks, rest) = values.as_chunks::<8>();
    for chunk in chunks {
        for i in 0..8 {
            lanes[i] += chunk[i].to_double() * chunk[i].to_double();
        }
    }
    for (lane, x) in lanes.iter_mut().zip(rest) {
        *lane += x.to_double() * x.to_double();
    }
    lanes.iter().sum()
}
