//! Which samples are classified correctly after a change, as far as that is certain.

use super::super::dispatch::Pass;
use super::super::simd::{BLOCK, InstructionSet, Row, Vector};
use super::activations::Activations;
use super::change::Change;
use super::outcome::{Outcome, label_margin};
use super::propagate::{add_edges, new_logits, propagate};
use super::samples::Samples;

/// Blocks with samples in doubt, and which.
pub(super) type Doubts = Vec<(usize, u64)>;

/// Judges the samples of all blocks, into `correct` and `doubts`. Stops with false where more than `most_wrong`
/// samples are certain to be wrong.
pub(super) struct Decide<'a> {
    pub(super) change: &'a Change,
    pub(super) samples: &'a Samples,
    pub(super) activations: &'a mut Activations,
    pub(super) outcome: &'a Outcome,
    pub(super) rows: &'a mut [Row],
    pub(super) most_wrong: u64,
    pub(super) correct: &'a mut [u64],
    pub(super) doubts: &'a mut Doubts,
}

impl Pass for Decide<'_> {
    type Output = bool;

    #[inline(always)]
    fn run<I: InstructionSet>(self) -> bool {
        let Self { change, samples, activations, outcome, rows, most_wrong, correct, doubts } = self;
        let ledger = Ledger { samples, most_wrong, correct, doubts };
        let (carriers, gap) = (change.carriers(), change.gap());
        let (margins, source) = (&outcome.margins[..], carriers[0].unit);
        // The frequent cases, in which a few rows are read once and nothing is written.
        if let ([_], [edge], false) = (carriers, change.margin_edges(), activations.is_input(source)) {
            let source = activations.rows(source);
            return ledger.fill::<I>(IntoOutput { source, weight: edge.weight, margins, gap, samples });
        }
        if let ([_, target], [edge]) = (carriers, change.margin_edges()) {
            let pair = Pair {
                source: activations.rows(source),
                target: activations.rows(target.unit),
                weight: change.edges(1)[0].weight,
                margin_weight: edge.weight,
                margins,
                gap,
                samples,
            };
            return if activations.is_input(source) {
                ledger.fill::<I>(IntoHidden::<false>(pair))
            } else {
                ledger.fill::<I>(IntoHidden::<true>(pair))
            };
        }
        ledger.fill::<I>(Anywhere { change, samples, activations, outcome, rows })
    }
}

/// Where the judgements go.
struct Ledger<'a> {
    samples: &'a Samples,
    most_wrong: u64,
    correct: &'a mut [u64],
    doubts: &'a mut Doubts,
}

impl Ledger<'_> {
    #[inline(always)]
    fn fill<I: InstructionSet>(self, mut judge: impl Judge) -> bool {
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

/// The samples of a block that are certain to be classified correctly, or not, as bits. The others are in doubt.
struct Judgement {
    right: u64,
    wrong: u64,
}

/// A way to judge the samples of a block.
trait Judge {
    fn judge<I: InstructionSet>(&mut self, b: usize) -> Judgement;
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
    source: &'a [Row],
    weight: f32,
    margins: &'a [Row],
    gap: f32,
    samples: &'a Samples,
}

impl Judge for IntoOutput<'_> {
    #[inline(always)]
    fn judge<I: InstructionSet>(&mut self, b: usize) -> Judgement {
        let mut signs = Signs::default();
        for at in (0..BLOCK).step_by(I::Half::WIDTH) {
            let activation = I::Half::load(&self.source[b], at).relu();
            let margin = I::Half::load(&self.margins[b], at);
            signs.take(I::Half::splat(self.weight).mul_add(activation, margin), self.gap, at);
        }
        signs.compare(self.samples.is_class_one(b))
    }
}

/// Two classes, a weight into a unit of the last hidden layer, from another hidden unit (`RELU`) or from an input.
struct IntoHidden<'a, const RELU: bool>(Pair<'a>);

struct Pair<'a> {
    source: &'a [Row],
    target: &'a [Row],
    weight: f32,
    margin_weight: f32,
    margins: &'a [Row],
    gap: f32,
    samples: &'a Samples,
}

impl<const RELU: bool> Judge for IntoHidden<'_, RELU> {
    #[inline(always)]
    fn judge<I: InstructionSet>(&mut self, b: usize) -> Judgement {
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
    change: &'a Change,
    samples: &'a Samples,
    activations: &'a mut Activations,
    outcome: &'a Outcome,
    rows: &'a mut [Row],
}

impl Judge for Anywhere<'_> {
    #[inline(always)]
    fn judge<I: InstructionSet>(&mut self, b: usize) -> Judgement {
        let Self { change, samples, activations, outcome, rows } = self;
        let moved = propagate::<I, false>(change, activations, b, rows);
        let (rows, logits) = rows.split_at_mut(change.carriers().len());
        let (gap, held) = (change.gap(), activations.logits(b));
        let mut signs = Signs::default();
        if held.len() == 2 {
            let edges = if moved { change.margin_edges() } else { &[] };
            for at in (0..BLOCK).step_by(I::Half::WIDTH) {
                let margin = I::Half::load(&outcome.margins[b], at);
                signs.take(add_edges(margin, edges, rows, at), gap, at);
            }
            return signs.compare(samples.is_class_one(b));
        }
        let logits = &mut logits[..held.len()];
        if moved {
            new_logits::<I>(change, held, rows, logits);
        }
        for at in (0..BLOCK).step_by(I::One::WIDTH) {
            let margin = if moved {
                label_margin(logits, samples.labels(b), at)
            } else {
                I::One::load(&outcome.margins[b], at)
            };
            signs.take(margin, gap, at);
        }
        Judgement { right: signs.positive, wrong: signs.negative }
    }
}
