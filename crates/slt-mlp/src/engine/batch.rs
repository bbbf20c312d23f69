//! What is run on which samples, on which thread, and for how long.

use std::sync::Arc;

use ndarray::{Array2, ArrayView2};
use rayon::prelude::*;
use slt_core::BitMask;
use slt_datasets::Dataset;

use super::blocks::Blocks;
use super::kernel::Sink;
use super::loss::{CrossEntropy, CrossEntropyF32, block_sum, mean_f32};
use super::order::Order;
use super::race::{Raced, Racer};
use super::readout::{Classes, Correct, Logits, Losses, Readout, pairs};
use super::runner::Runner;
use crate::Network;
use crate::metric::{Confusion, Loss};
use slt_simd::InstructionSet;
use slt_simd::fused::{BLOCK, Strip, Vectors};

/// Logits that are kept at once, of as many masks as that is enough for: 128 MiB.
const MOST_LOGITS: usize = 1 << 25;

/// Evaluates masks of a network on a data set.
#[derive(Debug)]
pub(crate) struct Engine {
    pub(crate) runner: Runner,
    pub(crate) data: Arc<Dataset>,
    /// Whether masks that cannot keep within a budget are dropped.
    pub(crate) racing: bool,
    order: Order,
    blocks: Arc<Blocks>,
}

impl Clone for Engine {
    fn clone(&self) -> Self {
        self.with_network(self.runner.network.clone())
    }
}

impl Engine {
    pub(crate) fn new(network: Network, data: Arc<Dataset>) -> Self {
        Self {
            blocks: Arc::new(Blocks::in_order(&data)),
            order: Order::new(data.n_samples()),
            runner: Runner { network, instructions: InstructionSet::detect(), sharing: true },
            racing: true,
            data,
        }
    }

    /// The same of another network, which shares the data.
    pub(crate) fn with_network(&self, network: Network) -> Self {
        Self {
            runner: Runner { network, ..self.runner },
            data: Arc::clone(&self.data),
            blocks: Arc::clone(&self.blocks),
            order: self.order.clone(),
            racing: self.racing,
        }
    }

    /// For each mask, the number of samples that are classified correctly; with a budget, `None` where more
    /// samples than that are certain to be wrong.
    pub(crate) fn count_correct(&self, masks: &[&BitMask], most_wrong: Option<f64>) -> Vec<Option<u64>> {
        let count = |hits: &[u64]| hits.iter().map(|hits| u64::from(hits.count_ones())).sum();
        match most_wrong.filter(|_| self.racing) {
            None => self.run_all(&Correct, masks).iter().map(|hits| Some(count(hits))).collect(),
            Some(budget) => {
                let raced = self.racer().race(&Correct, masks, budget);
                raced.of_masks.iter().map(|hits| hits.as_deref().map(count)).collect()
            }
        }
    }

    /// For each mask, how many samples of each class are taken for each; with costs, by class and predicted
    /// class, and the most that they may add up to, `None` where it is certain to be more.
    pub(crate) fn confusions(
        &self,
        masks: &[&BitMask],
        race: Option<(&Array2<f64>, f64)>,
    ) -> Vec<Option<Confusion>> {
        let count = |blocks: &Blocks, processed: &[usize], classes: &[Strip]| {
            let mut confusion = Confusion::empty(self.data.n_classes());
            for (&b, classes) in processed.iter().zip(classes) {
                pairs(classes, blocks.get(b))
                    .for_each(|(_, right, predicted)| confusion.add(right, predicted));
            }
            confusion
        };
        match race.filter(|_| self.racing) {
            None => {
                let all: Vec<usize> = (0..self.blocks.len()).collect();
                let of_masks = self.run_all(&Classes { costs: None }, masks);
                of_masks.par_iter().map(|classes| Some(count(&self.blocks, &all, classes))).collect()
            }
            Some((costs, budget)) => {
                let Raced { ordered, processed, of_masks } =
                    self.racer().race(&Classes { costs: Some(costs) }, masks, budget);
                let count = |classes: &Vec<Strip>| count(&ordered.blocks, &processed, classes);
                of_masks.par_iter().map(|classes| classes.as_ref().map(count)).collect()
            }
        }
    }

    /// For each mask, the sum of a loss of all samples, in double precision; with a budget, `None` where it
    /// is certain to be larger.
    pub(crate) fn sum_losses(
        &self,
        loss: Loss<'_>,
        masks: &[&BitMask],
        most: Option<f64>,
    ) -> Vec<Option<f64>> {
        let sum = |losses: &[Strip]| losses.iter().map(|strip| block_sum(&strip.0)).sum();
        match loss {
            Loss::CrossEntropy => self.reduce_losses(&Losses(CrossEntropy), masks, most, sum),
            other => self.reduce_losses(&Losses(other), masks, most, sum),
        }
    }

    /// For each mask, the mean cross-entropy of all samples in single precision throughout; with a budget,
    /// `None` where the exact sum of the same losses is certain to be larger.
    pub(crate) fn mean_losses_f32(&self, masks: &[&BitMask], most: Option<f64>) -> Vec<Option<f32>> {
        let n_samples = self.data.n_samples();
        let mean = |losses: &[Strip]| mean_f32(losses.iter().flat_map(|strip| strip.0).take(n_samples));
        self.reduce_losses(&Losses(CrossEntropyF32), masks, most, mean)
    }

    /// For each mask, what `reduce` makes of the losses, which it gets block by block in the order of the
    /// data set.
    fn reduce_losses<F: Readout<Output = Strip>, T>(
        &self,
        readout: &F,
        masks: &[&BitMask],
        most: Option<f64>,
        reduce: impl Fn(&[Strip]) -> T,
    ) -> Vec<Option<T>> {
        match most.filter(|_| self.racing) {
            None => self.run_all(readout, masks).iter().map(|losses| Some(reduce(losses))).collect(),
            Some(budget) => {
                let Raced { ordered, processed, of_masks } = self.racer().race(readout, masks, budget);
                let mut in_order = vec![Strip::ZERO; self.blocks.len()];
                let mut put_in_order = |losses: Vec<Strip>| {
                    for (&b, strip) in processed.iter().zip(losses) {
                        for (&sample, loss) in ordered.blocks.samples(b).iter().zip(strip.0) {
                            in_order[sample as usize / BLOCK].0[sample as usize % BLOCK] = loss;
                        }
                    }
                    reduce(&in_order)
                };
                of_masks.into_iter().map(|losses| losses.map(&mut put_in_order)).collect()
            }
        }
    }

    /// What `score` makes of the logits of each mask, samples x classes in the order of the data set.
    pub(crate) fn map_logits(
        &self,
        masks: &[&BitMask],
        score: impl Fn(ArrayView2<'_, f32>) -> f64 + Sync,
    ) -> Vec<f64> {
        let shape = (self.data.n_samples(), self.runner.network.architecture().n_outputs());
        let score = |blocks: &Vec<Box<[f32]>>| {
            let logits = Array2::from_shape_vec(shape, blocks.concat());
            score(logits.expect("the blocks have all samples once").view())
        };
        let at_once = (MOST_LOGITS / (shape.0 * shape.1)).max(1);
        let groups = masks.chunks(at_once).map(|masks| self.run_all(&Logits, masks));
        groups.flat_map(|of_masks| of_masks.par_iter().map(score).collect::<Vec<_>>()).collect()
    }

    /// Hands over the logits of each sample of the data set, class by class.
    pub(crate) fn for_each_logits(&self, mask: &BitMask, each: impl FnMut(usize, usize, f32)) {
        struct Logits<'a, F>(&'a Blocks, F);
        impl<F: FnMut(usize, usize, f32)> Sink for Logits<'_, F> {
            fn take<I: Vectors>(&mut self, b: usize, _mask: usize, strips: &[Strip], slots: &[u32]) {
                for (lane, &sample) in self.0.samples(b).iter().enumerate() {
                    for (class, &slot) in slots.iter().enumerate() {
                        (self.1)(sample as usize, class, strips[slot as usize].0[lane]);
                    }
                }
            }
        }
        let list: Vec<usize> = (0..self.blocks.len()).collect();
        let mut sink = Logits(&self.blocks, each);
        for program in &self.runner.compile(&[mask]) {
            self.runner.run_program(program, &self.blocks, &list, &mut sink);
        }
    }

    fn racer(&self) -> Racer<'_> {
        Racer { runner: &self.runner, order: &self.order, data: &self.data }
    }

    /// Runs all masks on all blocks, in the order of the data set.
    fn run_all<F: Readout>(&self, readout: &F, masks: &[&BitMask]) -> Vec<Vec<F::Output>> {
        let list: Vec<usize> = (0..self.blocks.len()).collect();
        self.runner.run_list(readout, &self.runner.compile(masks), &self.blocks, &list)
    }
}
