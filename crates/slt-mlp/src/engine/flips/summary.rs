//! What the logits come to: margins, decisions, losses.

use std::sync::OnceLock;

use slt_datasets::Dataset;

use super::super::kernel::argmax;
use super::super::loss::{block_sum, losses};
use super::change::{Change, add_edges};
use slt_simd::fused::{BLOCK, Strip, Vector, Vectors};
use slt_simd::math::{exp, log1p};

/// The labels of a data set, in blocks of 64 samples.
#[derive(Debug, Clone)]
pub(super) struct LabelBlocks {
    len: usize,
    /// The class of each sample, as a float.
    labels: Vec<Strip>,
    /// Bit `i` of block `b`: sample `i` has class 1. What two-class networks compare with.
    is_class_one: Vec<u64>,
}

impl LabelBlocks {
    pub(super) fn new(data: &Dataset) -> Self {
        let n_blocks = data.n_samples().div_ceil(BLOCK);
        let mut samples = Self {
            len: data.n_samples(),
            labels: vec![Strip::ZERO; n_blocks],
            is_class_one: vec![0; n_blocks],
        };
        for (i, &label) in data.labels().iter().enumerate() {
            samples.labels[i / BLOCK].0[i % BLOCK] = label as f32;
            samples.is_class_one[i / BLOCK] |= u64::from(label == 1) << (i % BLOCK);
        }
        samples
    }

    /// Number of samples.
    pub(super) fn len(&self) -> usize {
        self.len
    }

    pub(super) fn n_blocks(&self) -> usize {
        self.labels.len()
    }

    #[inline(always)]
    pub(super) fn labels(&self, b: usize) -> &Strip {
        &self.labels[b]
    }

    #[inline(always)]
    pub(super) fn is_class_one(&self, b: usize) -> u64 {
        self.is_class_one[b]
    }

    /// Bit `i`: sample `i` of block `b` exists.
    #[inline(always)]
    pub(super) fn valid(&self, b: usize) -> u64 {
        u64::MAX >> (BLOCK - BLOCK.min(self.len - b * BLOCK))
    }

    /// Zeroes what belongs to no sample in a strip of block `b`.
    #[inline(always)]
    pub(super) fn clear_padding(&self, strip: &mut Strip, b: usize) {
        let end = BLOCK.min(self.len - b * BLOCK);
        strip.0[end..].fill(0.0);
    }
}

/// What the logits of every block come to.
#[derive(Debug, Clone)]
pub(super) struct LogitSummary {
    /// With two classes, the second logit less the first; with more, that of the label less the largest of
    /// the others.
    margins: Vec<Strip>,
    /// Exact even where sums are not canonical. Where losses are held, not known after a commit until
    /// somebody asks.
    correct: OnceLock<Correct>,
    losses: Option<HeldLosses>,
    /// `0..n_classes`: where the logits are among the strips of their block.
    slots: Vec<u32>,
}

/// The samples that are classified correctly.
#[derive(Debug, Clone)]
pub(super) struct Correct {
    /// As bits, block by block.
    bits: Vec<u64>,
    count: u64,
}

impl Correct {
    pub(super) fn new(bits: Vec<u64>) -> Self {
        let count = bits.iter().map(|bits| u64::from(bits.count_ones())).sum();
        Self { bits, count }
    }

    /// As bits, block by block.
    #[inline(always)]
    pub(super) fn bits(&self) -> &[u64] {
        &self.bits
    }

    pub(super) fn count(&self) -> u64 {
        self.count
    }
}

/// What is held of the losses, for those who ask for them.
#[derive(Debug, Clone)]
struct HeldLosses {
    /// The sum of the losses of all samples.
    total: f64,
    /// The sum of the losses of each block.
    sums: Vec<f64>,
    /// With more than two classes.
    exponentials: Option<Exponentials>,
}

impl LogitSummary {
    pub(super) fn new(n_classes: usize, n_blocks: usize, with_losses: bool) -> Self {
        let losses = || HeldLosses {
            total: 0.0,
            sums: vec![0.0; n_blocks],
            exponentials: (n_classes > 2).then(|| Exponentials::new(n_classes, n_blocks)),
        };
        Self {
            margins: vec![Strip::ZERO; n_blocks],
            correct: OnceLock::new(),
            losses: with_losses.then(losses),
            slots: (0..n_classes as u32).collect(),
        }
    }

    pub(super) fn has_losses(&self) -> bool {
        self.losses.is_some()
    }

    /// The sum of the losses of all samples; 0 where no losses are held.
    pub(super) fn loss_sum(&self) -> f64 {
        self.losses.as_ref().map_or(0.0, |held| held.total)
    }

    /// The sum of the losses of block `b`; 0 where no losses are held.
    #[inline(always)]
    pub(super) fn block_loss(&self, b: usize) -> f64 {
        self.losses.as_ref().map_or(0.0, |held| held.sums[b])
    }

    /// What losses are worked out from with more than two classes; `None` where no losses are held.
    pub(super) fn exponentials(&self) -> Option<&Exponentials> {
        self.losses.as_ref()?.exponentials.as_ref()
    }

    /// The margins of all blocks.
    #[inline(always)]
    pub(super) fn margins(&self) -> &[Strip] {
        &self.margins
    }

    /// The margins of block `b`, to be changed.
    #[inline(always)]
    pub(super) fn margins_mut(&mut self, b: usize) -> &mut Strip {
        &mut self.margins[b]
    }

    /// The samples that are classified correctly; `decide` says which where that is not known.
    pub(super) fn correct(&self, decide: impl FnOnce() -> Correct) -> &Correct {
        self.correct.get_or_init(decide)
    }

    /// Takes decisions; `None` where they are left open.
    pub(super) fn set_correct(&mut self, correct: Option<Correct>) {
        self.correct = correct.map_or_else(OnceLock::new, OnceLock::from);
    }

    /// Takes the logits of block `b`, all but the decisions, which are the answer, and the sum of all losses.
    #[inline(always)]
    pub(super) fn set<I: Vectors>(&mut self, samples: &LabelBlocks, logits: &[Strip], b: usize) -> u64 {
        let labels = samples.labels(b);
        self.set_margins::<I>(samples, logits, b);
        if let Some(held) = &mut self.losses {
            let losses = losses::<I::Half>(logits, &self.slots, labels, samples.valid(b));
            held.sums[b] = block_sum(&losses.0);
        }
        self.set_exponentials::<I>(samples, logits, b);
        self.correct_of::<I>(logits, labels) & samples.valid(b)
    }

    /// Works out the exponentials from the logits of block `b`, where they are held.
    #[inline(always)]
    pub(super) fn set_exponentials<I: Vectors>(&mut self, samples: &LabelBlocks, logits: &[Strip], b: usize) {
        if let Some(HeldLosses { exponentials: Some(exponentials), .. }) = &mut self.losses {
            exponentials.set::<I::Half>(logits, samples.labels(b), b);
        }
    }

    /// Takes the sum of the losses of block `b`, where losses are held.
    #[inline(always)]
    pub(super) fn set_block_loss(&mut self, b: usize, sum: f64) {
        if let Some(held) = &mut self.losses {
            held.sums[b] = sum;
        }
    }

    /// Adds up the losses of all blocks, as `docs/numerics.md` says.
    pub(super) fn add_up(&mut self) {
        if let Some(held) = &mut self.losses {
            held.total = held.sums.iter().sum();
        }
    }

    /// Works out the margins from the logits of block `b`.
    #[inline(always)]
    pub(super) fn set_margins<I: Vectors>(&mut self, samples: &LabelBlocks, logits: &[Strip], b: usize) {
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
    pub(super) fn correct_of<I: Vectors>(&self, logits: &[Strip], labels: &Strip) -> u64 {
        let mut hits = 0;
        for at in (0..BLOCK).step_by(I::One::WIDTH) {
            let (class, _) = argmax::<I::One>(logits, &self.slots, at);
            hits |= I::One::bits(class.equal(I::One::load(labels, at))) << at;
        }
        hits
    }

    /// The losses of `logits`.
    #[inline(always)]
    pub(super) fn losses_of<I: Vectors>(&self, samples: &LabelBlocks, logits: &[Strip], b: usize) -> Strip {
        losses::<I::Half>(logits, &self.slots, samples.labels(b), samples.valid(b))
    }
}

/// The logit of the label less the largest of the others.
#[inline(always)]
pub(super) fn label_margin<V: Vector>(logits: &[Strip], labels: &Strip, at: usize) -> V {
    let (label, lowest) = (V::load(labels, at), V::splat(f32::NEG_INFINITY));
    let (mut of_label, mut others) = (lowest, lowest);
    let mut c = 0.0;
    for strip in logits {
        let z = V::load(strip, at);
        let is_label = label.equal(V::splat(c));
        of_label = z.select(is_label, of_label);
        let other = lowest.select(is_label, z);
        others = other.select(other.greater(others), others);
        c += 1.0;
    }
    of_label.sub(others)
}

/// Logits may change by this before the exponentials that are held as zero, those below exp(-87), could
/// matter.
pub(super) const LARGEST_STEP: f64 = 20.0;

/// The least exponential of the label for which the quotient by them is certain to be a finite and accurate
/// number.
const LEAST_EXPONENTIAL: f32 = 1e-24;

/// The exponential of each class in the softmax, exp(z_c - max z), so that a change costs one only for the
/// logits that it changes.
#[derive(Debug, Clone)]
pub(super) struct Exponentials {
    n_classes: usize,
    /// Strip of class `c` in block `b`: `b * n_classes + c`. Zero for the class of the label.
    others: Vec<Strip>,
    /// The exponential of the label in each block.
    of_label: Vec<Strip>,
}

impl Exponentials {
    pub(super) fn new(n_classes: usize, n_blocks: usize) -> Self {
        Self {
            n_classes,
            others: vec![Strip::ZERO; n_classes * n_blocks],
            of_label: vec![Strip::ZERO; n_blocks],
        }
    }

    /// Takes the logits of block `b`.
    #[inline(always)]
    pub(super) fn set<V: Vector>(&mut self, logits: &[Strip], labels: &Strip, b: usize) {
        let others = &mut self.others[b * self.n_classes..][..self.n_classes];
        for at in (0..BLOCK).step_by(V::WIDTH) {
            let mut top = V::load(&logits[0], at);
            for strip in logits {
                let z = V::load(strip, at);
                top = z.select(z.greater(top), top);
            }
            let label = V::load(labels, at);
            let (zero, mut of_label) = (V::splat(0.0), V::splat(0.0));
            let mut c = 0.0;
            for (strip, other) in logits.iter().zip(&mut *others) {
                let exponential = exp(V::load(strip, at).sub(top));
                let is_label = label.equal(V::splat(c));
                of_label = exponential.select(is_label, of_label);
                zero.select(is_label, exponential).store(other, at);
                c += 1.0;
            }
            of_label.store(&mut self.of_label[b], at);
        }
    }

    /// The losses of block `b` after `change`, given the `strips` of its carriers: log1p(sum over c != label
    /// of o_c exp(d_c) / (o_label exp(d_label))), where d is what is added to the logits. Not accurate for
    /// all samples if the answer is false.
    #[inline(always)]
    pub(super) fn losses<V: Vector>(
        &self,
        change: &Change,
        strips: &[Strip],
        labels: &Strip,
        b: usize,
        losses: &mut Strip,
    ) -> bool {
        let held = &self.others[b * self.n_classes..][..self.n_classes];
        let mut all = true;
        for at in (0..BLOCK).step_by(V::WIDTH) {
            let label = V::load(labels, at);
            let (mut others, mut factor_of_label) = (V::splat(0.0), V::splat(1.0));
            let mut c = 0.0;
            for (class, strip) in held.iter().enumerate() {
                let edges = change.output_edges(class);
                if edges.is_empty() {
                    others = others.add(V::load(strip, at));
                } else {
                    let factor = exp(add_edges(V::splat(0.0), edges, strips, at));
                    others = factor.mul_add(V::load(strip, at), others);
                    factor_of_label = factor.select(label.equal(V::splat(c)), factor_of_label);
                }
                c += 1.0;
            }
            let of_label = V::load(&self.of_label[b], at).mul(factor_of_label);
            all &= V::bits(of_label.greater(V::splat(LEAST_EXPONENTIAL))) == u64::MAX >> (BLOCK - V::WIDTH);
            log1p(others.div(of_label)).store(losses, at);
        }
        all
    }
}
