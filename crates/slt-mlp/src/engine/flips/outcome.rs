//! What the logits come to.

use super::super::kernel::argmax;
use super::super::loss::{block_sum, losses};
use super::super::simd::{BLOCK, InstructionSet, Row, Vector};
use super::odds::Odds;
use super::samples::Samples;

/// What the logits of every block come to.
#[derive(Debug, Clone)]
pub(super) struct Outcome {
    /// With two classes, the second logit less the first; with more, that of the label less the largest of the others.
    pub(super) margins: Vec<Row>,
    /// The samples that are classified correctly, as bits. Exact even where sums are not canonical.
    pub(super) correct: Vec<u64>,
    pub(super) losses: Option<HeldLosses>,
    /// `0..n_classes`: where the logits are among the rows of their block.
    slots: Vec<u32>,
}

/// What is held of the losses, for those who ask for them.
#[derive(Debug, Clone)]
pub(super) struct HeldLosses {
    /// The sum of the losses of each block.
    pub(super) sums: Vec<f64>,
    /// With more than two classes.
    pub(super) odds: Option<Odds>,
}

impl Outcome {
    pub(super) fn new(n_classes: usize, n_blocks: usize, with_losses: bool) -> Self {
        let losses = || HeldLosses {
            sums: vec![0.0; n_blocks],
            odds: (n_classes > 2).then(|| Odds::new(n_classes, n_blocks)),
        };
        Self {
            margins: vec![Row::ZERO; n_blocks],
            correct: vec![0; n_blocks],
            losses: with_losses.then(losses),
            slots: (0..n_classes as u32).collect(),
        }
    }

    pub(super) fn count_correct(&self) -> u64 {
        self.correct.iter().map(|correct| u64::from(correct.count_ones())).sum()
    }

    /// Takes the logits of block `b`.
    #[inline(always)]
    pub(super) fn set<I: InstructionSet>(&mut self, samples: &Samples, logits: &[Row], b: usize) {
        let labels = samples.labels(b);
        self.correct[b] = self.correct_of::<I>(logits, labels) & samples.valid(b);
        self.set_margins::<I>(samples, logits, b);
        if let Some(held) = &mut self.losses {
            let losses = losses::<I::Half>(logits, &self.slots, labels, samples.valid(b));
            held.sums[b] = block_sum(&losses.0);
            if let Some(odds) = &mut held.odds {
                odds.set::<I::Half>(logits, labels, b);
            }
        }
    }

    /// Works out the margins from the logits of block `b`.
    #[inline(always)]
    pub(super) fn set_margins<I: InstructionSet>(&mut self, samples: &Samples, logits: &[Row], b: usize) {
        for at in (0..BLOCK).step_by(I::One::WIDTH) {
            let margin = if let [zero, one] = logits {
                I::One::load(one, at).sub(I::One::load(zero, at))
            } else {
                label_margin::<I::One>(logits, samples.labels(b), at)
            };
            margin.store(&mut self.margins[b], at);
        }
    }

    /// The samples to which `logits` give their labels.
    #[inline(always)]
    pub(super) fn correct_of<I: InstructionSet>(&self, logits: &[Row], labels: &Row) -> u64 {
        let mut hits = 0;
        for at in (0..BLOCK).step_by(I::One::WIDTH) {
            let (class, _) = argmax::<I::One>(logits, &self.slots, at);
            hits |= I::One::bits(class.equal(I::One::load(labels, at))) << at;
        }
        hits
    }

    /// The losses of `logits`.
    #[inline(always)]
    pub(super) fn losses_of<I: InstructionSet>(&self, samples: &Samples, logits: &[Row], b: usize) -> Row {
        losses::<I::Half>(logits, &self.slots, samples.labels(b), samples.valid(b))
    }
}

/// The logit of the label less the largest of the others.
#[inline(always)]
pub(super) fn label_margin<V: Vector>(logits: &[Row], labels: &Row, at: usize) -> V {
    let (label, lowest) = (V::load(labels, at), V::splat(f32::NEG_INFINITY));
    let (mut of_label, mut others) = (lowest, lowest);
    let mut c = 0.0;
    for row in logits {
        let z = V::load(row, at);
        let is_label = label.equal(V::splat(c));
        of_label = z.select(is_label, of_label);
        let other = lowest.select(is_label, z);
        others = other.select(other.greater(others), others);
        c += 1.0;
    }
    of_label.sub(others)
}
