//! What is run on which samples, on which thread, and for how long.

use std::cell::RefCell;
use std::sync::Arc;

use rayon::prelude::*;
use slt_core::BitMask;
use slt_datasets::Dataset;

use super::blocks::Blocks;
use super::compile::Compiler;
use super::dispatch::{Kernel, Pass, dispatch};
use super::kernel::{self, Correct, Finish, Losses, LossesF32, Sink};
use super::loss::{block_sum, mean_f32};
use super::order::Order;
use super::program::Program;
use super::race::Raced;
use super::simd::{BLOCK, InstructionSet, Row};
use crate::Network;

/// A task of less work than this, in multiply-adds for a block, is not worth a thread: some ten microseconds.
const WORK_PER_TASK: usize = 1 << 13;

/// Evaluates masks of a network on a data set.
#[derive(Debug)]
pub(crate) struct Engine {
    pub(crate) network: Network,
    pub(crate) data: Arc<Dataset>,
    pub(crate) kernel: Kernel,
    /// Whether masks that cannot keep within a budget are dropped.
    pub(crate) racing: bool,
    /// Whether masks that are evaluated together share equal neurons.
    pub(crate) sharing: bool,
    pub(super) order: Order,
    blocks: Blocks,
}

impl Clone for Engine {
    fn clone(&self) -> Self {
        Self {
            network: self.network.clone(),
            data: Arc::clone(&self.data),
            blocks: self.blocks.clone(),
            order: self.order.clone(),
            ..*self
        }
    }
}

thread_local! {
    static COMPILER: RefCell<Compiler> = RefCell::default();
    static ROWS: RefCell<Vec<Row>> = const { RefCell::new(Vec::new()) };
}

impl Engine {
    pub(crate) fn new(network: Network, data: Arc<Dataset>) -> Self {
        Self {
            blocks: Blocks::in_order(&data),
            order: Order::new(data.n_samples()),
            kernel: Kernel::detect(),
            racing: true,
            sharing: true,
            network,
            data,
        }
    }

    /// For each mask, the number of samples that are classified correctly; with a budget, `None` where more samples than
    /// that are certain to be wrong.
    pub(crate) fn count_correct(&self, masks: &[&BitMask], most_wrong: Option<f64>) -> Vec<Option<u64>> {
        let count = |hits: &[u64]| hits.iter().map(|hits| u64::from(hits.count_ones())).sum();
        match most_wrong.filter(|_| self.racing) {
            None => self.run_all::<Correct>(masks).iter().map(|hits| Some(count(hits))).collect(),
            Some(budget) => {
                let raced = self.race::<Correct>(masks, budget);
                raced.of_masks.iter().map(|hits| hits.as_deref().map(count)).collect()
            }
        }
    }

    /// For each mask, the sum of the cross-entropies of all samples; with a budget, `None` where it is certain to be
    /// larger.
    pub(crate) fn sum_losses(&self, masks: &[&BitMask], most: Option<f64>) -> Vec<Option<f64>> {
        let sum = |losses: &[Row]| losses.iter().map(|row| block_sum(&row.0)).sum();
        self.reduce_losses::<Losses, _>(masks, most, sum)
    }

    /// For each mask, the mean cross-entropy of all samples in single precision throughout; with a budget, `None` where
    /// the exact sum of the same losses is certain to be larger.
    pub(crate) fn mean_losses_f32(&self, masks: &[&BitMask], most: Option<f64>) -> Vec<Option<f32>> {
        let n_samples = self.data.n_samples();
        let mean = |losses: &[Row]| mean_f32(losses.iter().flat_map(|row| row.0).take(n_samples));
        self.reduce_losses::<LossesF32, _>(masks, most, mean)
    }

    /// For each mask, what `reduce` makes of the losses, which it gets block by block in the order of the data set.
    fn reduce_losses<F: Finish<Output = Row>, T>(
        &self,
        masks: &[&BitMask],
        most: Option<f64>,
        reduce: impl Fn(&[Row]) -> T,
    ) -> Vec<Option<T>> {
        match most.filter(|_| self.racing) {
            None => self.run_all::<F>(masks).iter().map(|losses| Some(reduce(losses))).collect(),
            Some(budget) => {
                let Raced { ordered, processed, of_masks } = self.race::<F>(masks, budget);
                let mut in_order = vec![Row::ZERO; self.blocks.len()];
                let mut put_in_order = |losses: Vec<Row>| {
                    for (&b, row) in processed.iter().zip(losses) {
                        for (&sample, loss) in ordered.blocks.samples(b).iter().zip(row.0) {
                            in_order[sample as usize / BLOCK].0[sample as usize % BLOCK] = loss;
                        }
                    }
                    reduce(&in_order)
                };
                of_masks.into_iter().map(|losses| losses.map(&mut put_in_order)).collect()
            }
        }
    }

    /// Hands over the logits of each sample of the data set, class by class.
    pub(crate) fn for_each_logits(&self, mask: &BitMask, each: impl FnMut(usize, usize, f32)) {
        struct Logits<'a, F>(&'a Blocks, F);
        impl<F: FnMut(usize, usize, f32)> Sink for Logits<'_, F> {
            fn take<I: InstructionSet>(&mut self, b: usize, _mask: usize, rows: &[Row], slots: &[u32]) {
                for (lane, &sample) in self.0.samples(b).iter().enumerate() {
                    for (class, &slot) in slots.iter().enumerate() {
                        (self.1)(sample as usize, class, rows[slot as usize].0[lane]);
                    }
                }
            }
        }
        let list: Vec<usize> = (0..self.blocks.len()).collect();
        let mut sink = Logits(&self.blocks, each);
        for program in &self.compile(&[mask]) {
            self.run_program(program, &self.blocks, &list, &mut sink);
        }
    }

    pub(super) fn compile(&self, masks: &[&BitMask]) -> Vec<Program> {
        COMPILER.with_borrow_mut(|compiler| compiler.compile(&self.network, masks, self.sharing))
    }

    fn run_program(&self, program: &Program, blocks: &Blocks, list: &[usize], sink: &mut impl Sink) {
        struct Run<'a, S>(&'a Program, &'a Blocks, &'a [usize], &'a mut [Row], &'a mut S);
        impl<S: Sink> Pass for Run<'_, S> {
            type Output = ();
            #[inline(always)]
            fn run<I: InstructionSet>(self) {
                let Self(program, blocks, list, rows, sink) = self;
                kernel::run::<I, S>(program, blocks, list, rows, sink);
            }
        }
        ROWS.with_borrow_mut(|rows| {
            if rows.len() < program.n_slots {
                rows.resize(program.n_slots, Row::ZERO);
            }
            dispatch(self.kernel, Run(program, blocks, list, rows, sink));
        });
    }

    /// Runs all programs on a list of blocks. For each mask, in the order of the programs, its outputs by place in the list.
    pub(super) fn run_list<F: Finish>(
        &self,
        programs: &[Program],
        blocks: &Blocks,
        list: &[usize],
    ) -> Vec<Vec<F::Output>> {
        struct Collect<'a, F: Finish>(&'a Blocks, Vec<F::Output>);
        impl<F: Finish> Sink for Collect<'_, F> {
            #[inline(always)]
            fn take<I: InstructionSet>(&mut self, b: usize, _mask: usize, rows: &[Row], slots: &[u32]) {
                self.1.push(F::finish::<I>(rows, slots, self.0.get(b)));
            }
        }
        // Outputs come block by block, masks running fastest.
        let run = |program: &Program, list: &[usize]| {
            let mut sink = Collect::<F>(blocks, Vec::with_capacity(list.len() * program.n_masks()));
            self.run_program(program, blocks, list, &mut sink);
            sink.1
        };
        let threads = rayon::current_num_threads();
        let pieces = |program: &Program| {
            let least = WORK_PER_TASK.div_ceil(program.work().max(1));
            if threads == 1 { list.len().max(1) } else { list.len().div_ceil(4 * threads).max(least) }
        };
        let tasks: Vec<(&Program, &[usize])> = programs
            .iter()
            .flat_map(|program| list.chunks(pieces(program)).map(move |piece| (program, piece)))
            .collect();
        let results: Vec<Vec<F::Output>> = if threads == 1 || tasks.len() < 2 {
            tasks.iter().map(|&(program, piece)| run(program, piece)).collect()
        } else {
            tasks.par_iter().map(|&(program, piece)| run(program, piece)).collect()
        };
        let mut of_masks = Vec::new();
        let mut results = results.into_iter();
        for program in programs {
            let first = of_masks.len();
            of_masks.resize_with(first + program.n_masks(), || Vec::with_capacity(list.len()));
            for outputs in results.by_ref().take(list.len().div_ceil(pieces(program))) {
                for of_block in outputs.chunks_exact(program.n_masks()) {
                    for (of_mask, &output) in of_masks[first..].iter_mut().zip(of_block) {
                        of_mask.push(output);
                    }
                }
            }
        }
        of_masks
    }

    /// Runs all masks on all blocks, in the order of the data set.
    fn run_all<F: Finish>(&self, masks: &[&BitMask]) -> Vec<Vec<F::Output>> {
        let list: Vec<usize> = (0..self.blocks.len()).collect();
        self.run_list::<F>(&self.compile(masks), &self.blocks, &list)
    }
}
