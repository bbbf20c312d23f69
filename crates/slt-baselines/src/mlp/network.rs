//! The parameters of a network in training, and one batch of it.

use ndarray::{Array1, Array2};

use super::fitted::MlpParameters;
use super::solver::Optimizer;
use crate::kernel::{Blocks, Dense, Head, Step, Want, Workspace};
use crate::{Samples, Scalar};

/// Parameters and buffers; a step allocates nothing.
#[derive(Debug)]
pub(super) struct Trained<T> {
    /// Weights of each layer, then biases of each layer.
    tensors: Vec<Vec<T>>,
    workspace: Workspace<T>,
    batch: Blocks<T>,
    gradient: Vec<T>,
    head: Head,
    n_out: Vec<usize>,
}

impl<T: Scalar> Trained<T> {
    pub(super) fn new(sizes: &[usize], initial: &MlpParameters<T>, n_classes: usize) -> Self {
        let weights = initial.coefs.iter().map(|w| w.iter().copied().collect());
        let biases = initial.intercepts.iter().map(|b| b.to_vec());
        Self {
            tensors: weights.chain(biases).collect(),
            workspace: Workspace::new(sizes),
            batch: Blocks::new(sizes[0]),
            gradient: Vec::new(),
            head: if n_classes == 2 { Head::Logistic } else { Head::ClippedSoftmax },
            n_out: sizes[1..].to_vec(),
        }
    }

    /// Weights of each layer, then biases of each layer.
    pub(super) fn tensors(&self) -> &[Vec<T>] {
        &self.tensors
    }

    /// One batch: returns the objective, summed over its samples, before the update.
    pub(super) fn step(
        &mut self,
        optimizer: &mut Optimizer<T>,
        alpha: f64,
        samples: &Samples<T>,
        rows: &[usize],
    ) -> f64 {
        self.batch.fill(samples, rows.iter().copied());
        let Self { tensors, workspace, batch, gradient, head, n_out } = self;
        pass(tensors, n_out, batch, *head, Want::All, workspace);
        let depth = n_out.len();
        let penalty: f64 = tensors[..depth].iter().map(|w| sum_of_squares(w)).sum();
        optimizer.begin_step();
        for l in 0..depth {
            workspace.weight_gradient(l, gradient);
            optimizer.update(l, &mut tensors[l], gradient, alpha, rows.len());
            workspace.bias_gradient(l, gradient);
            optimizer.update(depth + l, &mut tensors[depth + l], gradient, 0.0, rows.len());
        }
        workspace.tally.loss() + 0.5 * alpha * penalty
    }

    /// Samples that are classified correctly.
    pub(super) fn correct(&mut self, data: &Blocks<T>) -> u64 {
        let Self { tensors, workspace, head, n_out, .. } = self;
        pass(tensors, n_out, data, *head, Want::Tally, workspace);
        workspace.tally.correct
    }

    pub(super) fn is_finite(&self) -> bool {
        self.tensors.iter().flatten().all(|w| w.is_finite())
    }
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

/// How many numbers each tensor of a network has: weights of each layer, then biases. None if there are too many.
pub(super) fn lengths(sizes: &[usize]) -> Option<Vec<usize>> {
    let weights = sizes.windows(2).map(|pair| pair[0].checked_mul(pair[1]));
    weights.chain(sizes[1..].iter().map(|&n| Some(n))).collect()
}

/// Forward, and backward where gradients are wanted, over all of `data`.
fn pass<T: Scalar>(
    tensors: &[Vec<T>],
    n_out: &[usize],
    data: &Blocks<T>,
    head: Head,
    want: Want,
    workspace: &mut Workspace<T>,
) {
    workspace.clear();
    let (weights, biases) = tensors.split_at(n_out.len());
    with_layers(weights, n_out, |layers| {
        Step { layers, biases, data, blocks: 0..data.len(), head: Some(head), want, workspace }.run();
    });
}

/// Networks of up to this many layers need no allocation for their views.
const USUAL_LAYERS: usize = 8;

/// Calls `body` with views of the weights.
fn with_layers<T: Scalar>(weights: &[Vec<T>], n_out: &[usize], body: impl FnOnce(&[Dense<'_, T>])) {
    let view = |l: usize| Dense { weights: &weights[l], n_out: n_out[l] };
    if weights.len() <= USUAL_LAYERS {
        let views: [Dense<'_, T>; USUAL_LAYERS] = std::array::from_fn(|l| view(l.min(weights.len() - 1)));
        body(&views[..weights.len()]);
    } else {
        body(&(0..weights.len()).map(view).collect::<Vec<_>>());
    }
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
