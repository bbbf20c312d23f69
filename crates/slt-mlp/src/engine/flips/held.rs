//! The state, what can be asked of it, and how it changes.

use rayon::prelude::*;
use slt_core::BitMask;
use slt_datasets::Dataset;

use super::super::dispatch::{Kernel, Pass, dispatch};
use super::super::simd::{BLOCK, InstructionSet, Row, Vector};
use super::change::{Bounds, Change, Follow, Reach};
use super::decide::Decisions;
use super::losses::{sum_fresh_losses, sum_losses};
use super::outcome::{Outcome, Samples};
use super::pool::Pool;
use super::propagate::{State, apply};
use super::sums::{Stage, Sums, Tops};
use super::wiring::{Edge, Flip, View, Wiring};
use crate::Network;

/// Held sums are computed afresh once their bounds are so many times those of canonical ones, and samples in doubt have
/// cost as much as that.
const LARGEST_DRIFT: f64 = 2.0;

/// Fewer blocks of samples than this are not worth a thread: some ten microseconds, if a question is a cheap one.
const BLOCKS_PER_TASK: usize = 512;

/// Pieces of work for each thread, because questions do not cost the same.
const TASKS_PER_THREAD: usize = 8;

/// A mask of a network, and the sums of every neuron for every sample.
#[derive(Debug, Clone)]
pub(crate) struct Held {
    kernel: Kernel,
    wiring: Wiring,
    samples: Samples,
    sums: Sums,
    outcome: Outcome,
    n_correct: u64,
    bounds: Bounds,
    tops: Tops,
    /// Whether all sums are canonical.
    is_canonical: bool,
    pool: Pool<Scratch>,
}

/// What is filled anew for each flip.
#[derive(Debug)]
struct Scratch {
    change: Change,
    /// A row for each carrier of a change, then one for each class.
    rows: Vec<Row>,
    decisions: Decisions,
    /// The flip whose decisions these are, all of them.
    decided: Option<usize>,
    /// Samples in doubt that were evaluated since all sums were last canonical.
    n_evaluated: usize,
    stage: Stage,
    /// The active weights into the target of a flip.
    edges: Vec<Edge>,
}

impl Scratch {
    fn new(wiring: &Wiring, samples: &Samples) -> Self {
        Self {
            change: Change::new(wiring),
            rows: vec![Row::ZERO; wiring.n_units() + 1],
            decisions: Decisions::new(samples),
            decided: None,
            n_evaluated: 0,
            stage: Stage::new(wiring),
            edges: Vec::new(),
        }
    }
}

impl Held {
    /// Holds `mask`, which has a bit for each weight. The data fit the network.
    pub(crate) fn new(
        network: &Network,
        data: &Dataset,
        with_losses: bool,
        kernel: Kernel,
        mask: &BitMask,
    ) -> Self {
        let wiring = Wiring::new(network);
        let samples = Samples::new(data);
        let mut held = Self {
            kernel,
            sums: Sums::new(&wiring, data),
            outcome: Outcome::new(wiring.n_outputs(), samples.n_blocks(), with_losses),
            n_correct: 0,
            bounds: Bounds::new(&wiring, data),
            tops: Tops::new(&wiring),
            is_canonical: false,
            pool: Pool::default(),
            wiring,
            samples,
        };
        held.set_mask(mask);
        held
    }

    pub(crate) fn n_samples(&self) -> usize {
        self.samples.len()
    }

    pub(crate) fn mask(&self) -> &BitMask {
        self.wiring.mask()
    }

    /// Number of samples that are classified correctly.
    pub(crate) fn n_correct(&self) -> u64 {
        self.n_correct
    }

    /// The sum of the losses of all samples; 0 where no losses are held.
    pub(crate) fn loss_sum(&self) -> f64 {
        self.outcome.loss_sum()
    }

    /// The logits: `each(sample, class, logit)`.
    pub(crate) fn for_each_logit(&mut self, mut each: impl FnMut(usize, usize, f32)) {
        if !self.is_canonical {
            self.recompute_all();
        }
        for sample in 0..self.samples.len() {
            for (class, row) in self.sums.logits(sample / BLOCK).iter().enumerate() {
                each(sample, class, row.0[sample % BLOCK]);
            }
        }
    }

    /// Whether an active way leads from an input to an output if `bit` is flipped.
    pub(crate) fn is_connected_after(&self, bit: usize) -> bool {
        self.wiring.is_connected_after(&self.wiring.flip(bit))
    }

    /// Asks one thing or several, one after the other.
    pub(crate) fn ask<A>(&self, work: impl FnOnce(&mut Asker<'_>) -> A) -> A {
        let make = || Scratch::new(&self.wiring, &self.samples);
        self.pool.with(make, |scratch| work(&mut Asker { held: self, scratch }))
    }

    /// Answers `questions` by `answer`, on all threads of the current rayon pool.
    pub(crate) fn ask_all<Q: Sync, A: Send>(
        &self,
        questions: &[Q],
        answers: &mut [A],
        answer: impl Fn(&mut Asker<'_>, &Q) -> A + Sync,
    ) {
        let ask_some = |(questions, answers): (&[Q], &mut [A])| {
            self.ask(|asker| {
                for (question, place) in questions.iter().zip(answers) {
                    *place = answer(asker, question);
                }
            });
        };
        let least = self.least_piece();
        if questions.len() <= least || rayon::current_num_threads() == 1 {
            ask_some((questions, answers));
        } else {
            let piece = least.max(questions.len() / (TASKS_PER_THREAD * rayon::current_num_threads()));
            questions.par_chunks(piece).zip(answers.par_chunks_mut(piece)).for_each(ask_some);
        }
    }

    /// The number of questions that keeps the threads of the current rayon pool busy.
    pub(crate) fn batch(&self) -> usize {
        match rayon::current_num_threads() {
            1 => 1,
            threads => TASKS_PER_THREAD * threads * self.least_piece(),
        }
    }

    /// The least number of questions that are worth a thread.
    fn least_piece(&self) -> usize {
        BLOCKS_PER_TASK.div_ceil(self.samples.n_blocks())
    }

    /// Holds another mask, which has a bit for each weight.
    pub(crate) fn set_mask(&mut self, mask: &BitMask) {
        self.wiring.set(mask);
        self.recompute_all();
    }

    /// Flips `bit`. Where losses are held, all sums are canonical after that.
    pub(crate) fn commit(&mut self, bit: usize) {
        let flip = self.wiring.flip(bit);
        if self.outcome.has_losses() {
            self.wiring.commit(&flip);
            self.recompute_from(flip.target());
            return;
        }
        let mut pool = std::mem::take(&mut self.pool);
        if pool.all().all(|scratch| scratch.decided != Some(bit)) {
            let make = || Scratch::new(&self.wiring, &self.samples);
            let decide = |scratch: &mut _| Asker { held: self, scratch }.count_correct_after(bit, u64::MAX);
            pool.with(make, decide).expect("any number of samples may be wrong");
        }
        let scratch = pool.all().find(|scratch| scratch.decided == Some(bit));
        self.apply(&flip, scratch.expect("it was decided just now, if not before"));
        let n_evaluated: usize = pool.all().map(|scratch| scratch.n_evaluated).sum();
        pool.all().for_each(|scratch| scratch.decided = None);
        self.pool = pool;
        if n_evaluated > self.samples.len() && self.bounds.drift(&self.wiring) > LARGEST_DRIFT {
            self.recompute_all();
        }
    }

    /// Flips a bit whose decisions are in the scratch, by changing the held sums by what it adds to them.
    fn apply(&mut self, flip: &Flip, scratch: &mut Scratch) {
        let Self { kernel, wiring, samples, sums, outcome, bounds, tops, .. } = self;
        let Scratch { change, rows, decisions, .. } = scratch;
        let reach = change.trace(wiring, bounds, flip, Follow::Everywhere);
        wiring.commit(flip);
        outcome.swap_correct(decisions.correct_mut());
        self.n_correct = outcome.count_correct();
        if reach != Reach::Nothing {
            self.is_canonical = false;
            apply(*kernel, (change, reach), samples, sums, outcome, rows, tops);
            bounds.commit(wiring, change, reach, tops);
        }
    }

    fn recompute_all(&mut self) {
        let Self { kernel, wiring, samples, sums, outcome, tops, pool, .. } = self;
        wiring.hidden().for_each(|unit| tops.clear(unit));
        pool.with(
            || Scratch::new(wiring, samples),
            |Scratch { stage, .. }| {
                dispatch(*kernel, RecomputeAll { wiring, samples, sums, outcome, tops, stage });
            },
        );
        let units: Vec<usize> = self.wiring.neurons().collect();
        self.take_stock(&units);
    }

    /// Computes a unit and all that depend on it; everything else is canonical.
    fn recompute_from(&mut self, unit: usize) {
        let Self { kernel, wiring, samples, sums, outcome, tops, .. } = self;
        let mut units = vec![unit];
        for later in unit + 1..wiring.n_units() {
            let is_touched = |source: u32| units.binary_search(&(source as usize)).is_ok();
            if wiring.incoming(later).iter().any(|edge| is_touched(edge.source)) {
                units.push(later);
            }
        }
        units.iter().filter(|unit| wiring.hidden().contains(unit)).for_each(|&unit| tops.clear(unit));
        dispatch(*kernel, Recompute { wiring, samples, sums, outcome, units: &units, tops });
        self.take_stock(&units);
    }

    /// Works out what follows once `units`, and with them all, are canonical.
    fn take_stock(&mut self, units: &[usize]) {
        self.is_canonical = true;
        for scratch in self.pool.all() {
            scratch.n_evaluated = 0;
            scratch.decided = None;
        }
        self.n_correct = self.outcome.count_correct();
        self.bounds.set(&self.wiring, units.iter().copied(), &self.tops);
    }
}

/// Asks what flips would come to, with buffers of its own.
pub(crate) struct Asker<'a> {
    held: &'a Held,
    scratch: &'a mut Scratch,
}

impl Asker<'_> {
    /// The sum of the losses of all samples if `bit` were flipped, 0 where no losses are held; `None` if it is more than
    /// `most`.
    pub(crate) fn loss_sum_after(&mut self, bit: usize, most: f64) -> Option<f64> {
        let Held { kernel, wiring, samples, sums, outcome, bounds, .. } = self.held;
        let Scratch { change, rows, stage, edges, .. } = &mut *self.scratch;
        let (flip, state) = (wiring.flip(bit), State { samples, sums, outcome });
        if change.trace(wiring, bounds, &flip, Follow::ToOutputs) != Reach::Outputs || !outcome.has_losses() {
            let sum = outcome.loss_sum();
            (sum <= most).then_some(sum)
        } else if change.gap().is_finite() {
            sum_losses(*kernel, state, change, rows, most)
        } else {
            sum_fresh_losses(*kernel, state, View::flipped(wiring, &flip, edges), stage, most)
        }
    }

    /// The number of samples that are classified correctly if `bit` is flipped; `None` if more than `most_wrong`
    /// are not.
    pub(crate) fn count_correct_after(&mut self, bit: usize, most_wrong: u64) -> Option<u64> {
        let Held { kernel, wiring, samples, sums, outcome, bounds, .. } = self.held;
        let Scratch { change, rows, decisions, decided, n_evaluated, stage, edges } = &mut *self.scratch;
        let (flip, state) = (wiring.flip(bit), State { samples, sums, outcome });
        *decided = None;
        if change.trace(wiring, bounds, &flip, Follow::ToOutputs) != Reach::Outputs {
            decisions.correct_mut().copy_from_slice(outcome.correct());
        } else if decisions.judge(*kernel, state, change, rows, most_wrong)? {
            let view = View::flipped(wiring, &flip, edges);
            *n_evaluated += decisions.resolve(*kernel, state, change, view, stage);
        }
        *decided = Some(bit);
        let count = decisions.count_correct();
        (samples.len() as u64 - count <= most_wrong).then_some(count)
    }
}

/// Computes everything as a fresh evaluation does.
struct RecomputeAll<'a> {
    wiring: &'a Wiring,
    samples: &'a Samples,
    sums: &'a mut Sums,
    outcome: &'a mut Outcome,
    tops: &'a mut Tops,
    stage: &'a mut Stage,
}

impl Pass for RecomputeAll<'_> {
    type Output = ();

    #[inline(always)]
    fn run<I: InstructionSet>(self) {
        let Self { wiring, samples, sums, outcome, tops, stage } = self;
        for b in 0..samples.n_blocks() {
            stage.load_inputs(sums, b);
            stage.forward_and_keep::<I>(View::held(wiring), sums, b);
            for unit in wiring.hidden() {
                tops.raise::<I::One>(unit, sums.row(unit, b));
            }
            outcome.set::<I>(samples, sums.logits(b), b);
        }
    }
}

/// Computes a unit and those that depend on it.
struct Recompute<'a> {
    wiring: &'a Wiring,
    samples: &'a Samples,
    sums: &'a mut Sums,
    outcome: &'a mut Outcome,
    /// Ascending.
    units: &'a [usize],
    tops: &'a mut Tops,
}

impl Pass for Recompute<'_> {
    type Output = ();

    #[inline(always)]
    fn run<I: InstructionSet>(self) {
        let Self { wiring, samples, sums, outcome, units, tops } = self;
        let is_hidden = |unit: usize| wiring.hidden().contains(&unit);
        for b in 0..samples.n_blocks() {
            let (mut rest, mut changed) = (units, true);
            if is_hidden(units[0]) {
                let before = *sums.row(units[0], b);
                sums.compute::<I>(wiring, units[0], b);
                changed = activations_differ::<I::One>(&before, sums.row(units[0], b));
                rest = &units[1..];
            }
            if changed {
                for &unit in rest {
                    sums.compute::<I>(wiring, unit, b);
                }
                outcome.set::<I>(samples, sums.logits(b), b);
            }
            for &unit in units.iter().filter(|&&unit| is_hidden(unit)) {
                tops.raise::<I::One>(unit, sums.row(unit, b));
            }
        }
    }
}

/// Whether sums that differ come to different activations.
#[inline(always)]
fn activations_differ<V: Vector>(a: &Row, b: &Row) -> bool {
    let mut same = true;
    for at in (0..BLOCK).step_by(V::WIDTH) {
        let equal = V::bits(V::load(a, at).relu().equal(V::load(b, at).relu()));
        same &= equal == u64::MAX >> (BLOCK - V::WIDTH);
    }
    !same
}
