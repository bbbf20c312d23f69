//! The state, what can be asked of it, and how it changes.

use rayon::prelude::*;
use slt_core::BitMask;
use slt_datasets::Dataset;

use super::change::{Bounds, Change, Follow, Reach};
use super::commit::apply;
use super::decide::{Decisions, decide_afresh};
use super::losses::{sum_fresh_losses, sum_losses};
use super::pool::Pool;
use super::propagate::State;
use super::summary::{Correct, LabelBlocks, LogitSummary};
use super::sums::{ForwardPass, LargestSums, Sums};
use super::wiring::{Edge, View, Wiring};
use crate::Network;
use slt_simd::fused::{BLOCK, Strip, Vectors};
use slt_simd::{InstructionSet, Pass, dispatch};

/// Without losses, held sums are computed afresh once their bounds are so many times those of canonical ones,
/// and samples in doubt have cost as much as that.
const LARGEST_DRIFT: f64 = 2.0;

/// Where losses are held, sums are computed afresh once as many roundings may have entered one of them as
/// there are samples, within these limits. The roundings of a sum are about as often up as down, so that n of
/// them come to some sqrt(n) / 2 of its last places: 16 * 2^-25 = 5e-7 of the sum for 256. Those of many
/// samples cancel again in the mean of their losses.
const LEAST_ROUNDINGS: usize = 256;
const MOST_ROUNDINGS: usize = 4096;

/// Fewer blocks of samples than this are not worth a thread: some ten microseconds, if a question is a cheap
/// one.
const BLOCKS_PER_TASK: usize = 512;

/// Pieces of work for each thread, because questions do not cost the same.
const TASKS_PER_THREAD: usize = 8;

/// A mask of a network, and the sums of every unit for every sample.
#[derive(Debug, Clone)]
pub(crate) struct HeldMask {
    instructions: InstructionSet,
    wiring: Wiring,
    samples: LabelBlocks,
    sums: Sums,
    summary: LogitSummary,
    bounds: Bounds,
    largest_sums: LargestSums,
    /// Whether all sums are canonical.
    is_canonical: bool,
    /// Roundings that entered a sum since then, at most.
    n_roundings: usize,
    pool: Pool<Scratch>,
}

/// What is filled anew for each flip.
#[derive(Debug)]
struct Scratch {
    change: Change,
    /// A strip for each carrier of a change, then one for each class.
    strips: Vec<Strip>,
    decisions: Decisions,
    /// The flip whose decisions these are, all of them.
    decided: Option<usize>,
    /// LabelBlocks in doubt that were evaluated since all sums were last canonical.
    n_evaluated: usize,
    forward: ForwardPass,
    /// The active weights into the target of a flip.
    edges: Vec<Edge>,
}

impl Scratch {
    fn new(wiring: &Wiring, samples: &LabelBlocks) -> Self {
        Self {
            change: Change::new(wiring),
            strips: vec![Strip::ZERO; wiring.n_units() + 1],
            decisions: Decisions::new(samples),
            decided: None,
            n_evaluated: 0,
            forward: ForwardPass::new(wiring),
            edges: Vec::new(),
        }
    }
}

impl HeldMask {
    /// Holds `mask`, which has a bit for each weight. The data fit the network.
    pub(crate) fn new(
        network: &Network,
        data: &Dataset,
        with_losses: bool,
        instructions: InstructionSet,
        mask: &BitMask,
    ) -> Self {
        let wiring = Wiring::new(network);
        let samples = LabelBlocks::new(data);
        let mut held = Self {
            instructions,
            sums: Sums::new(&wiring, data),
            summary: LogitSummary::new(wiring.n_outputs(), samples.n_blocks(), with_losses),
            bounds: Bounds::new(&wiring, data),
            largest_sums: LargestSums::new(&wiring),
            is_canonical: false,
            n_roundings: 0,
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
        self.correct().count()
    }

    fn correct(&self) -> &Correct {
        self.summary.correct(|| {
            self.with_scratch(|Scratch { forward, .. }| {
                decide_afresh(self.instructions, self.state(), View::held(&self.wiring), forward)
            })
        })
    }

    /// The sum of the losses of all samples; 0 where no losses are held.
    pub(crate) fn loss_sum(&self) -> f64 {
        self.summary.loss_sum()
    }

    /// The logits of a fresh evaluation: `each(sample, class, logit)`.
    pub(crate) fn for_each_logit(&self, each: impl FnMut(usize, usize, f32)) {
        self.with_scratch(|Scratch { forward, .. }| {
            let Self { wiring, samples, sums, .. } = self;
            dispatch(self.instructions, ForEachLogit { wiring, samples, sums, forward, each });
        });
    }

    fn state(&self) -> State<'_> {
        State { samples: &self.samples, sums: &self.sums, summary: &self.summary }
    }

    fn with_scratch<R>(&self, work: impl FnOnce(&mut Scratch) -> R) -> R {
        let mut scratch = self.take_scratch();
        let result = work(&mut scratch);
        self.pool.give(scratch);
        result
    }

    fn take_scratch(&self) -> Box<Scratch> {
        self.pool.take(|| Scratch::new(&self.wiring, &self.samples))
    }

    /// Whether an active way leads from an input to an output if `bit` is flipped.
    pub(crate) fn is_connected_after(&self, bit: usize) -> bool {
        self.wiring.is_connected_after(&self.wiring.flip(bit))
    }

    /// Asks one thing or several, one after the other.
    pub(crate) fn ask<A>(&self, work: impl FnOnce(&mut Asker<'_>) -> A) -> A {
        self.with_scratch(|scratch| work(&mut Asker { held: self, scratch }))
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

    /// Holds another mask, which has a bit for each weight. All sums are canonical after that.
    pub(crate) fn set_mask(&mut self, mask: &BitMask) {
        if self.mask() != mask {
            self.wiring.set(mask);
            self.is_canonical = false;
        }
        self.settle();
    }

    /// Makes all sums canonical.
    pub(crate) fn settle(&mut self) {
        if self.is_canonical {
            return;
        }
        let mut scratch = self.take_scratch();
        let Self { instructions, wiring, samples, sums, summary, bounds, largest_sums, pool, .. } = self;
        wiring.hidden().for_each(|unit| largest_sums.clear(unit));
        let forward = &mut scratch.forward;
        let correct =
            dispatch(*instructions, Recompute { wiring, samples, sums, summary, largest_sums, forward });
        pool.give(scratch);
        summary.set_correct(Some(Correct::new(correct)));
        summary.add_up();
        bounds.set(wiring, largest_sums);
        for scratch in pool.all() {
            scratch.n_evaluated = 0;
            scratch.decided = None;
        }
        self.n_roundings = 0;
        self.is_canonical = true;
    }

    /// Flips `bit`, by adding what it changes to what is held.
    pub(crate) fn commit(&mut self, bit: usize) {
        let flip = self.wiring.flip(bit);
        // Where losses are held, decisions wait until somebody asks for them.
        let decisions = (!self.summary.has_losses()).then(|| self.decide(bit));
        let mut scratch = self.take_scratch();
        let Self { instructions, wiring, samples, sums, summary, bounds, largest_sums, pool, .. } = self;
        let Scratch { change, strips, .. } = &mut *scratch;
        let reach = change.trace(wiring, bounds, &flip, Follow::Everywhere);
        wiring.commit(&flip);
        let is_bounded = reach != Reach::Outputs || change.gap().is_finite();
        if reach != Reach::Nothing {
            self.is_canonical = false;
            apply(*instructions, (change, reach), samples, sums, summary, strips, largest_sums);
            bounds.commit(wiring, change, reach, largest_sums);
            self.n_roundings += change.n_roundings();
        }
        if decisions.is_some() || reach == Reach::Outputs {
            summary.set_correct(decisions);
        }
        pool.give(scratch);
        pool.all().for_each(|scratch| scratch.decided = None);
        if self.has_drifted() || self.summary.has_losses() && !is_bounded {
            self.settle();
        }
    }

    /// The decisions if `bit` is flipped.
    fn decide(&mut self, bit: usize) -> Correct {
        if let Some(scratch) = self.pool.all().find(|scratch| scratch.decided == Some(bit)) {
            return scratch.decisions.correct();
        }
        self.ask(|asker| {
            let count = asker.count_correct_after(bit, u64::MAX);
            assert!(count.is_some(), "any number of samples may be wrong");
            asker.scratch.decisions.correct()
        })
    }

    /// Whether so much rounding may have entered the held sums that they are worth being computed afresh.
    fn has_drifted(&mut self) -> bool {
        if self.summary.has_losses() {
            // Answers follow from the commits alone, so this does, too.
            return self.n_roundings > self.samples.len().clamp(LEAST_ROUNDINGS, MOST_ROUNDINGS);
        }
        let n_evaluated: usize = self.pool.all().map(|scratch| scratch.n_evaluated).sum();
        n_evaluated > self.samples.len() && self.bounds.drift(&self.wiring) > LARGEST_DRIFT
    }
}

/// Asks what flips would come to, with buffers of its own.
pub(crate) struct Asker<'a> {
    held: &'a HeldMask,
    scratch: &'a mut Scratch,
}

impl Asker<'_> {
    /// The sum of the losses of all samples if `bit` were flipped, 0 where no losses are held; `None` if it
    /// is more than `most`.
    pub(crate) fn loss_sum_after(&mut self, bit: usize, most: f64) -> Option<f64> {
        let HeldMask { instructions, wiring, samples, sums, summary, bounds, .. } = self.held;
        let Scratch { change, strips, forward, edges, .. } = &mut *self.scratch;
        let (flip, state) = (wiring.flip(bit), State { samples, sums, summary });
        if change.trace(wiring, bounds, &flip, Follow::ToOutputs) != Reach::Outputs || !summary.has_losses() {
            let sum = summary.loss_sum();
            (sum <= most).then_some(sum)
        } else if change.gap().is_finite() {
            sum_losses(*instructions, state, change, strips, most)
        } else {
            sum_fresh_losses(*instructions, state, View::flipped(wiring, &flip, edges), forward, most)
        }
    }

    /// The number of samples that are classified correctly if `bit` is flipped; `None` if more than
    /// `most_wrong` are not.
    pub(crate) fn count_correct_after(&mut self, bit: usize, most_wrong: u64) -> Option<u64> {
        let HeldMask { instructions, wiring, samples, bounds, .. } = self.held;
        let Scratch { change, strips, decisions, decided, n_evaluated, forward, edges } = &mut *self.scratch;
        let (flip, state, before) = (wiring.flip(bit), self.held.state(), self.held.correct());
        *decided = None;
        if change.trace(wiring, bounds, &flip, Follow::ToOutputs) != Reach::Outputs {
            decisions.keep(before);
        } else if decisions.judge(*instructions, state, change, strips, most_wrong)? {
            let view = View::flipped(wiring, &flip, edges);
            *n_evaluated += decisions.resolve(*instructions, state, change, view, before, forward);
        }
        *decided = Some(bit);
        let count = decisions.count_correct();
        (samples.len() as u64 - count <= most_wrong).then_some(count)
    }
}

/// Computes all sums as a fresh evaluation does, and what they come to. Answers with the samples that are
/// classified correctly.
struct Recompute<'a> {
    wiring: &'a Wiring,
    samples: &'a LabelBlocks,
    sums: &'a mut Sums,
    summary: &'a mut LogitSummary,
    largest_sums: &'a mut LargestSums,
    forward: &'a mut ForwardPass,
}

impl Pass for Recompute<'_> {
    type Output = Vec<u64>;

    #[inline(always)]
    fn run<I: Vectors>(self) -> Vec<u64> {
        let Self { wiring, samples, sums, summary, largest_sums, forward } = self;
        let mut correct = Vec::with_capacity(samples.n_blocks());
        for b in 0..samples.n_blocks() {
            forward.load_inputs(sums, b);
            forward.run_and_keep::<I>(View::held(wiring), sums, b);
            for unit in wiring.hidden() {
                largest_sums.raise::<I::One>(unit, sums.strip(unit, b));
            }
            correct.push(summary.set::<I>(samples, sums.logits(b), b));
        }
        correct
    }
}

/// Hands over the logits of a forward pass, `each(sample, class, logit)`.
struct ForEachLogit<'a, F> {
    wiring: &'a Wiring,
    samples: &'a LabelBlocks,
    sums: &'a Sums,
    forward: &'a mut ForwardPass,
    each: F,
}

impl<F: FnMut(usize, usize, f32)> Pass for ForEachLogit<'_, F> {
    type Output = ();

    #[inline(always)]
    fn run<I: Vectors>(self) {
        let Self { wiring, samples, sums, forward, mut each } = self;
        for b in 0..samples.n_blocks() {
            forward.load_inputs(sums, b);
            forward.run::<I>(View::held(wiring));
            for sample in b * BLOCK..samples.len().min((b + 1) * BLOCK) {
                for (class, strip) in forward.logits().iter().enumerate() {
                    each(sample, class, strip.0[sample % BLOCK]);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use ndarray_rand::rand_distr::{Distribution, StandardNormal};
    use slt_core::{Purpose, Seed};

    use super::*;
    use crate::{Architecture, Initializer};

    /// The share of 2,048 random samples that are in doubt after a flip, over all flips that reach an output.
    /// Every sample in doubt costs an evaluation.
    fn share_in_doubt(sizes: &[usize]) -> f64 {
        const SAMPLES: usize = 2_048;
        let architecture = Architecture::new(sizes.to_vec()).unwrap();
        let network = Network::random(&architecture, Initializer::paper(), Seed(1)).unwrap();
        let mut rng = Seed(1).stream(Purpose::new("tight"), 0, 0);
        let mask = BitMask::random(architecture.n_weights(), &mut rng);
        let shape = (SAMPLES, architecture.n_inputs());
        let features = ndarray::Array2::from_shape_simple_fn(shape, || StandardNormal.sample(&mut rng));
        let classes = architecture.n_outputs();
        let labels = (0..SAMPLES).map(|i| (i % classes) as u32).collect();
        let data = Dataset::new("random", features, labels, classes).unwrap();
        let held = HeldMask::new(&network, &data, false, InstructionSet::detect(), &mask);
        let (mut doubts, mut judged) = (0, 0);
        held.with_scratch(|Scratch { change, strips, decisions, .. }| {
            for bit in 0..mask.len() {
                let flip = held.wiring.flip(bit);
                if change.trace(&held.wiring, &held.bounds, &flip, Follow::ToOutputs) == Reach::Outputs {
                    decisions.judge(held.instructions, held.state(), change, strips, u64::MAX).unwrap();
                    doubts += decisions.count_doubts();
                    judged += SAMPLES;
                }
            }
        });
        assert!(judged > 0);
        doubts as f64 / judged as f64
    }

    /// A bound that is too wide gives right answers, only late. So the shares in doubt are held against
    /// limits: they are 0, 4.2e-5, 3.7e-4 and 8.3e-5, and 5.4e-5, 5.2e-4, 1.5e-3 and 2.6e-3 with ten times
    /// the roundings.
    #[test]
    fn bounds_are_tight() {
        for (sizes, most) in [
            (&[2, 20, 2][..], 2e-5),
            (&[2, 100, 2], 1.5e-4),
            (&[8, 16, 16, 3], 7e-4),
            (&[64, 75, 10], 2.5e-4),
        ] {
            let share = share_in_doubt(sizes);
            assert!(
                share < most,
                "{sizes:?}: a share of {share:e} is in doubt, at most {most:e} are expected"
            );
        }
    }
}
