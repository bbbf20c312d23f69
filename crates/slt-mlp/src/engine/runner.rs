//! Programs run on blocks of samples, on all threads.

use std::cell::RefCell;

use rayon::prelude::*;
use slt_core::BitMask;

use super::blocks::Blocks;
use super::compile::Compiler;
use super::kernel::{self, Sink};
use super::program::Program;
use super::readout::Readout;
use crate::Network;
use slt_simd::fused::{Strip, Vectors};
use slt_simd::{InstructionSet, Pass, dispatch};

/// A task of less work than this, in multiply-adds for a block, is not worth a thread: some ten microseconds.
const WORK_PER_TASK: usize = 1 << 13;

thread_local! {
    static COMPILER: RefCell<Compiler> = RefCell::default();
    static STRIPS: RefCell<Vec<Strip>> = const { RefCell::new(Vec::new()) };
}

/// A network, and how its masks are run.
#[derive(Debug, Clone)]
pub(crate) struct Runner {
    pub(crate) network: Network,
    pub(crate) instructions: InstructionSet,
    /// Whether masks that are evaluated together share equal units.
    pub(crate) sharing: bool,
}

impl Runner {
    /// Programs for masks, in their order.
    pub(super) fn compile(&self, masks: &[&BitMask]) -> Vec<Program> {
        COMPILER.with_borrow_mut(|compiler| compiler.compile(&self.network, masks, self.sharing))
    }

    /// Runs a program on a list of blocks.
    pub(super) fn run_program(
        &self,
        program: &Program,
        blocks: &Blocks,
        list: &[usize],
        sink: &mut impl Sink,
    ) {
        struct Run<'a, S>(&'a Program, &'a Blocks, &'a [usize], &'a mut [Strip], &'a mut S);
        impl<S: Sink> Pass for Run<'_, S> {
            type Output = ();
            #[inline(always)]
            fn run<I: Vectors>(self) {
                let Self(program, blocks, list, strips, sink) = self;
                kernel::run::<I, S>(program, blocks, list, strips, sink);
            }
        }
        STRIPS.with_borrow_mut(|strips| {
            if strips.len() < program.n_slots {
                strips.resize(program.n_slots, Strip::ZERO);
            }
            dispatch(self.instructions, Run(program, blocks, list, strips, sink));
        });
    }

    /// Runs all programs on a list of blocks. For each mask, in the order of the programs, its outputs by
    /// place in the list.
    pub(super) fn run_list<F: Readout>(
        &self,
        readout: &F,
        programs: &[Program],
        blocks: &Blocks,
        list: &[usize],
    ) -> Vec<Vec<F::Output>> {
        struct Collect<'a, F: Readout>(&'a F, &'a Blocks, Vec<F::Output>);
        impl<F: Readout> Sink for Collect<'_, F> {
            #[inline(always)]
            fn take<I: Vectors>(&mut self, b: usize, _mask: usize, strips: &[Strip], slots: &[u32]) {
                self.2.push(self.0.read::<I>(strips, slots, self.1.get(b)));
            }
        }
        // Outputs come block by block, masks running fastest.
        let run = |program: &Program, list: &[usize]| {
            let mut sink = Collect(readout, blocks, Vec::with_capacity(list.len() * program.n_masks()));
            self.run_program(program, blocks, list, &mut sink);
            sink.2
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
                let mut outputs = outputs.into_iter();
                while outputs.len() > 0 {
                    for (of_mask, output) in of_masks[first..].iter_mut().zip(&mut outputs) {
                        of_mask.push(output);
                    }
                }
            }
        }
        of_masks
    }
}
