//! A network on a batch: forward, the losses, and backward.

use super::batch::{Batch, Units};
use super::divide::spread;
use super::gradient::Factors;
use super::head::{self, Block, Head, Tally};
use super::lanes::BLOCK_GROUPS;
use super::sparse::SparseSums;
use super::sums::{Direction, Finish, Start, WeightedSums};
use crate::Scalar;
use slt_simd::unfused::{self, LANES, Pass, Vectors};

/// The weights of a layer: source `s` to target `t` is `weights[s * n_out + t]`. Weights that a mask drops
/// are zero.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Layer<'a, T> {
    pub(crate) weights: &'a [T],
    pub(crate) biases: &'a [T],
    /// Whether many weights are zero.
    pub(crate) masked: bool,
}

/// Values and deltas of all units on a batch; buffers are kept from batch to batch.
#[derive(Debug, Clone)]
pub(crate) struct Workspace<T> {
    /// Units of each layer, inputs first.
    sizes: Vec<usize>,
    /// Outputs of each layer.
    pub(super) values: Vec<Units<T>>,
    /// Gradients of the summed loss by each layer's outputs before ReLU.
    pub(super) deltas: Vec<Units<T>>,
    head: Vec<Block<T>>,
}

impl<T: Scalar> Workspace<T> {
    /// For layers of `sizes` units, inputs first.
    pub(crate) fn new(sizes: &[usize]) -> Self {
        let units = vec![Units::default(); sizes.len() - 1];
        let head = vec![Block::zero(); sizes[sizes.len() - 1]];
        Self { sizes: sizes.to_vec(), values: units.clone(), deltas: units, head }
    }

    /// Fills the values with the outputs of each layer; ReLU after every layer but the last.
    pub(crate) fn forward(&mut self, layers: &[Layer<'_, T>], batch: &Batch<T>) {
        for (l, layer) in layers.iter().enumerate() {
            let (before, here) = self.values.split_at_mut(l);
            here[0].reshape(self.sizes[l + 1], batch.n_groups());
            let is_last = l + 1 == layers.len();
            let &Layer { weights, biases, masked } = layer;
            let (first, out) = (0, here[0].groups_mut());
            if let Some(samples) = batch.sparse().filter(|_| l == 0 && biases.len() >= LANES) {
                spread(SparseSums { samples, weights, biases, relu: !is_last, first, out });
                continue;
            }
            spread(WeightedSums {
                weights,
                n_out: biases.len(),
                masked,
                direction: Direction::Forward,
                terms: before.last().unwrap_or(batch.features().units),
                start: Start::At(biases),
                finish: if is_last { Finish::Keep } else { Finish::Relu },
                first,
                out,
            });
        }
    }

    /// The outputs of the last layer.
    pub(crate) fn outputs(&self) -> &Units<T> {
        self.values.last().expect("a network has a layer")
    }

    /// Losses and correct samples of the outputs.
    pub(crate) fn tally(&mut self, head: Head, batch: &Batch<T>) -> Tally {
        self.judge(head, batch, false)
    }

    /// Losses and correct samples of the outputs; then fills the deltas of all layers.
    pub(crate) fn backward(&mut self, head: Head, layers: &[Layer<'_, T>], batch: &Batch<T>) -> Tally {
        let tally = self.judge(head, batch, true);
        for l in (1..layers.len()).rev() {
            let (before, here) = self.deltas.split_at_mut(l);
            let out = &mut before[l - 1];
            out.reshape(self.sizes[l], batch.n_groups());
            spread(WeightedSums {
                weights: layers[l].weights,
                n_out: self.sizes[l + 1],
                masked: layers[l].masked,
                direction: Direction::Backward,
                terms: &here[0],
                start: Start::Zero,
                finish: Finish::Gate(&self.values[l - 1]),
                first: 0,
                out: out.groups_mut(),
            });
        }
        tally
    }

    fn judge(&mut self, head: Head, batch: &Batch<T>, with_deltas: bool) -> Tally {
        let mut tally = Tally::default();
        let last = self.deltas.len() - 1;
        self.deltas[last].reshape(self.sizes[last + 1], batch.n_groups());
        unfused::run(Judge {
            head,
            batch,
            outputs: &self.values[last],
            deltas: with_deltas.then_some(&mut self.deltas[last]),
            rows: &mut self.head,
            tally: &mut tally,
        });
        tally
    }

    /// What the gradient of the weights of a layer is made of, after [`backward`](Self::backward).
    pub(crate) fn factors<'a>(&'a self, l: usize, batch: &'a Batch<T>) -> Factors<'a, T> {
        let sources = if l == 0 { batch.features() } else { (&self.values[l - 1]).into() };
        (sources, &self.deltas[l])
    }

    /// The deltas of a layer.
    pub(crate) fn deltas(&self, l: usize) -> &Units<T> {
        &self.deltas[l]
    }
}

/// Takes outputs through the head, block by block.
struct Judge<'a, T> {
    head: Head,
    batch: &'a Batch<T>,
    outputs: &'a Units<T>,
    deltas: Option<&'a mut Units<T>>,
    rows: &'a mut [Block<T>],
    tally: &'a mut Tally,
}

impl<T: Scalar> Pass for Judge<'_, T> {
    #[inline(always)]
    fn run<I: Vectors>(self) {
        let Self { head, batch, outputs, mut deltas, rows, tally } = self;
        for (block, labels) in batch.labels().iter().enumerate() {
            let groups = block * BLOCK_GROUPS..outputs.n_groups().min((block + 1) * BLOCK_GROUPS);
            for (part, group) in groups.clone().enumerate() {
                for (row, values) in rows.iter_mut().zip(outputs.at(group)) {
                    row.parts_mut()[part] = values.0;
                }
            }
            let Some(deltas) = &mut deltas else {
                head::tally(head, rows, labels, tally);
                continue;
            };
            head::apply(head, rows, labels, tally);
            for (part, group) in groups.enumerate() {
                for (row, delta) in rows.iter_mut().zip(deltas.at_mut(group)) {
                    delta.0 = row.parts_mut()[part];
                }
            }
        }
    }
}
