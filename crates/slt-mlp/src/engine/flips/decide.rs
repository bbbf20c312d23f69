//! Which samples are classified correctly after a flip.

use super::change::{Change, add_edges};
use super::propagate::{State, new_logits, propagate};
use super::summary::{Correct, LabelBlocks, label_margin};
use super::sums::{ForwardPass, Sums};
use super::wiring::View;
use slt_simd::fused::{BLOCK, Strip, Vector, Vectors};
use slt_simd::{InstructionSet, Pass, dispatch};

/// Decisions about all samples.
#[derive(Debug, Clone)]
pub(super) struct Decisions {
    /// The samples that are classified correctly, as bits, block by block.
    correct: Vec<u64>,
    /// Blocks with samples in doubt, and which.
    doubts: Vec<(usize, u64)>,
    queue: Queue,
}

/// LabelBlocks in doubt, on their way to an evaluation.
#[derive(Debug, Clone)]
struct Queue {
    labels: Strip,
    /// Block and lane of each.
    origins: Vec<(usize, usize)>,
}

impl Decisions {
    pub(super) fn new(samples: &LabelBlocks) -> Self {
        let n_blocks = samples.n_blocks();
        Self {
            correct: vec![0; n_blocks],
            doubts: Vec::with_capacity(n_blocks),
            queue: Queue { labels: Strip::ZERO, origins: Vec::with_capacity(BLOCK) },
        }
    }

    /// Decides as before.
    pub(super) fn keep(&mut self, before: &Correct) {
        self.correct.copy_from_slice(before.bits());
    }

    /// The samples that are classified correctly.
    pub(super) fn correct(&self) -> Correct {
        Correct::new(self.correct.clone())
    }

    /// The number of samples that the last judgement left in doubt.
    #[cfg(test)]
    pub(super) fn count_doubts(&self) -> u64 {
        self.doubts.iter().map(|(_, doubts)| u64::from(doubts.count_ones())).sum()
    }

    pub(super) fn count_correct(&self) -> u64 {
        self.correct.iter().map(|correct| u64::from(correct.count_ones())).sum()
    }

    /// Judges all samples after `change`, as far as that is certain; says whether any are in doubt. `None` as
    /// soon as more than `most_wrong` samples are certain to be wrong.
    pub(super) fn judge(
        &mut self,
        instructions: InstructionSet,
        state: State<'_>,
        change: &Change,
        strips: &mut [Strip],
        most_wrong: u64,
    ) -> Option<bool> {
        let Self { correct, doubts, .. } = self;
        doubts.clear();
        let ledger = Ledger { samples: state.samples, most_wrong, correct, doubts: &mut *doubts };
        let certain = dispatch(instructions, Judge { state, change, strips, ledger });
        certain.then_some(!doubts.is_empty())
    }

    /// Decides about the samples in doubt: those that `change` cannot touch are what they were `before` it,
    /// for the others a forward pass decides. Returns the number of the latter.
    pub(super) fn resolve(
        &mut self,
        instructions: InstructionSet,
        state: State<'_>,
        change: &Change,
        view: View<'_>,
        before: &Correct,
        forward: &mut ForwardPass,
    ) -> usize {
        let Self { correct, doubts, queue } = self;
        dispatch(
            instructions,
            Resolve { state, change, view, before: before.bits(), doubts, queue, forward, correct },
        )
    }
}

/// Judges the samples of all blocks; false if more are wrong than may be.
struct Judge<'a> {
    state: State<'a>,
    change: &'a Change,
    strips: &'a mut [Strip],
    ledger: Ledger<'a>,
}

impl Pass for Judge<'_> {
    type Output = bool;

    #[inline(always)]
    fn run<I: Vectors>(self) -> bool {
        let Self { state, change, strips, ledger } = self;
        let State { samples, sums, summary } = state;
        let (n, gap, margins, source) =
            (change.n_carriers(), change.gap(), summary.margins(), change.unit(0));
        // The frequent cases, in which a few strips are read once and nothing is written.
        if let (1, [edge], false) = (n, change.margin_edges(), sums.is_input(source)) {
            let source = sums.strips(source);
            return ledger.fill::<I>(IntoOutput { source, weight: edge.weight, margins, gap, samples });
        }
        if let (2, [edge]) = (n, change.margin_edges()) {
            let pair = Pair {
                source: sums.strips(source),
                target: sums.strips(change.unit(1)),
                weight: change.edges(1)[0].weight,
                margin_weight: edge.weight,
                margins,
                gap,
                samples,
            };
            return if sums.is_input(source) {
                ledger.fill::<I>(IntoHidden::<false>(pair))
            } else {
                ledger.fill::<I>(IntoHidden::<true>(pair))
            };
        }
        ledger.fill::<I>(Anywhere { state, change, strips })
    }
}

/// Where the judgements go.
struct Ledger<'a> {
    samples: &'a LabelBlocks,
    most_wrong: u64,
    correct: &'a mut [u64],
    doubts: &'a mut Vec<(usize, u64)>,
}

impl Ledger<'_> {
    #[inline(always)]
    fn fill<I: Vectors>(self, mut judge: impl JudgeBlock) -> bool {
        let mut n_wrong = 0;
        for b in 0..self.samples.n_blocks() {
            let Judgement { right, wrong } = judge.judge::<I>(b);
            let valid = self.samples.valid(b);
            self.correct[b] = right & valid;
            let doubt = !(right | wrong) & valid;
            if doubt != 0 {
                self.doubts.push((b, doubt));
            }
            n_wrong += u64::from((wrong & valid).count_ones());
            if n_wrong > self.most_wrong {
                return false;
            }
        }
        true
    }
}

/// The samples of a block that are certain to be classified correctly, or not, as bits. The others are in
/// doubt.
struct Judgement {
    right: u64,
    wrong: u64,
}

/// A way to judge the samples of a block.
trait JudgeBlock {
    fn judge<I: Vectors>(&mut self, b: usize) -> Judgement;
}

/// Two classes, compared with the differences of their logits.
#[derive(Default)]
struct Signs {
    positive: u64,
    negative: u64,
}

impl Signs {
    /// Takes the margins of the lanes from `at` on, as far as they are certain. Not a number is neither.
    #[inline(always)]
    fn take<V: Vector>(&mut self, margins: V, gap: f32, at: usize) {
        self.positive |= V::bits(margins.greater(V::splat(gap))) << at;
        self.negative |= V::bits(V::splat(-gap).greater(margins)) << at;
    }

    #[inline(always)]
    fn compare(&self, is_class_one: u64) -> Judgement {
        Judgement {
            right: self.positive & is_class_one | self.negative & !is_class_one,
            wrong: self.positive & !is_class_one | self.negative & is_class_one,
        }
    }
}

/// Two classes, a weight from a hidden unit into an output.
struct IntoOutput<'a> {
    source: &'a [Strip],
    weight: f32,
    margins: &'a [Strip],
    gap: f32,
    samples: &'a LabelBlocks,
}

impl JudgeBlock for IntoOutput<'_> {
    #[inline(always)]
    fn judge<I: Vectors>(&mut self, b: usize) -> Judgement {
        let mut signs = Signs::default();
        for at in (0..BLOCK).step_by(I::Half::WIDTH) {
            let activation = I::Half::load(&self.source[b], at).relu();
            let margin = I::Half::load(&self.margins[b], at);
            signs.take(I::Half::splat(self.weight).mul_add(activation, margin), self.gap, at);
        }
        signs.compare(self.samples.is_class_one(b))
    }
}

/// Two classes, a weight into a unit of the last hidden layer, from another hidden unit (`RELU`) or from an
/// input.
struct IntoHidden<'a, const RELU: bool>(Pair<'a>);

struct Pair<'a> {
    source: &'a [Strip],
    target: &'a [Strip],
    weight: f32,
    margin_weight: f32,
    margins: &'a [Strip],
    gap: f32,
    samples: &'a LabelBlocks,
}

impl<const RELU: bool> JudgeBlock for IntoHidden<'_, RELU> {
    #[inline(always)]
    fn judge<I: Vectors>(&mut self, b: usize) -> Judgement {
        let Pair { source, target, weight, margin_weight, margins, gap, samples } = self.0;
        let mut signs = Signs::default();
        for at in (0..BLOCK).step_by(I::Half::WIDTH) {
            let value = I::Half::load(&source[b], at);
            let value = if RELU { value.relu() } else { value };
            let old = I::Half::load(&target[b], at);
            let new = I::Half::splat(weight).mul_add(value, old);
            let moved = new.relu().sub(old.relu());
            let margin = I::Half::load(&margins[b], at);
            signs.take(I::Half::splat(margin_weight).mul_add(moved, margin), gap, at);
        }
        signs.compare(samples.is_class_one(b))
    }
}

/// Any change.
struct Anywhere<'a> {
    state: State<'a>,
    change: &'a Change,
    strips: &'a mut [Strip],
}

impl JudgeBlock for Anywhere<'_> {
    #[inline(always)]
    fn judge<I: Vectors>(&mut self, b: usize) -> Judgement {
        let Self { state: State { samples, sums, summary }, change, strips } = self;
        let moved = propagate::<I>(change, *sums, b, strips);
        let (strips, logits) = strips.split_at_mut(change.n_carriers());
        let (gap, held) = (change.gap(), sums.logits(b));
        let mut signs = Signs::default();
        if held.len() == 2 {
            let edges = if moved { change.margin_edges() } else { &[] };
            for at in (0..BLOCK).step_by(I::Half::WIDTH) {
                let margin = I::Half::load(&summary.margins()[b], at);
                signs.take(add_edges(margin, edges, strips, at), gap, at);
            }
            return signs.compare(samples.is_class_one(b));
        }
        let logits = &mut logits[..held.len()];
        if moved {
            new_logits::<I>(change, held, strips, logits);
        }
        for at in (0..BLOCK).step_by(I::One::WIDTH) {
            let margin = if moved {
                label_margin(logits, samples.labels(b), at)
            } else {
                I::One::load(&summary.margins()[b], at)
            };
            signs.take(margin, gap, at);
        }
        Judgement { right: signs.positive, wrong: signs.negative }
    }
}

struct Resolve<'a> {
    state: State<'a>,
    change: &'a Change,
    view: View<'a>,
    before: &'a [u64],
    doubts: &'a [(usize, u64)],
    queue: &'a mut Queue,
    forward: &'a mut ForwardPass,
    correct: &'a mut [u64],
}

impl Pass for Resolve<'_> {
    type Output = usize;

    #[inline(always)]
    fn run<I: Vectors>(mut self) -> usize {
        let mut n_evaluated = 0;
        for &(b, doubt) in self.doubts {
            let untouched = untouched::<I::One>(self.change, self.state.sums, b);
            self.correct[b] |= self.before[b] & doubt & untouched;
            let mut rest = doubt & !untouched;
            n_evaluated += rest.count_ones() as usize;
            while rest != 0 {
                let lane = rest.trailing_zeros() as usize;
                rest &= rest - 1;
                self.push(b, lane);
                if self.queue.origins.len() == BLOCK {
                    self.evaluate::<I>();
                }
            }
        }
        if !self.queue.origins.is_empty() {
            self.evaluate::<I>();
        }
        n_evaluated
    }
}

impl Resolve<'_> {
    fn push(&mut self, b: usize, lane: usize) {
        let place = self.queue.origins.len();
        self.forward.load_sample(self.state.sums, b, lane, place);
        self.queue.labels.0[place] = self.state.samples.labels(b).0[lane];
        self.queue.origins.push((b, lane));
    }

    #[inline(always)]
    fn evaluate<I: Vectors>(&mut self) {
        self.forward.run::<I>(self.view);
        let correct = self.state.summary.correct_of::<I>(self.forward.logits(), &self.queue.labels);
        for (place, (b, lane)) in self.queue.origins.drain(..).enumerate() {
            self.correct[b] |= (correct >> place & 1) << lane;
        }
    }
}

/// The samples of block `b` for which the canonical activations are certain to be what they were: the source
/// of the flipped weight is off, or its target is before and after.
#[inline(always)]
fn untouched<V: Vector>(change: &Change, sums: &Sums, b: usize) -> u64 {
    let source = sums.strip(change.unit(0), b);
    let is_input = sums.is_input(change.unit(0));
    let mut untouched = 0;
    for at in (0..BLOCK).step_by(V::WIDTH) {
        let value = V::load(source, at);
        let silent = if is_input {
            value.equal(V::splat(0.0))
        } else {
            V::splat(-change.carrier_gap(0)).greater(value)
        };
        untouched |= V::bits(silent) << at;
        if change.n_carriers() > 1 {
            let value = if is_input { value } else { value.relu() };
            let old = V::load(sums.strip(change.unit(1), b), at);
            let new = V::splat(change.edges(1)[0].weight).mul_add(value, old);
            let bound = V::splat(-change.carrier_gap(1));
            untouched |= (V::bits(bound.greater(old)) & V::bits(bound.greater(new))) << at;
        }
    }
    untouched
}

/// Decides about all samples by a forward pass.
pub(super) fn decide_afresh(
    instructions: InstructionSet,
    state: State<'_>,
    view: View<'_>,
    forward: &mut ForwardPass,
) -> Correct {
    Correct::new(dispatch(instructions, DecideAfresh { state, view, forward }))
}

struct DecideAfresh<'a> {
    state: State<'a>,
    view: View<'a>,
    forward: &'a mut ForwardPass,
}

impl Pass for DecideAfresh<'_> {
    type Output = Vec<u64>;

    #[inline(always)]
    fn run<I: Vectors>(self) -> Vec<u64> {
        let Self { state: State { samples, sums, summary }, view, forward } = self;
        let mut correct = Vec::with_capacity(samples.n_blocks());
        for b in 0..samples.n_blocks() {
            forward.load_inputs(sums, b);
            forward.run::<I>(view);
            correct.push(summary.correct_of::<I>(forward.logits(), samples.labels(b)) & samples.valid(b));
        }
        correct
    }
}
