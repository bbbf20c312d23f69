//! Losses from logits.

use super::kernel::argmax;
use crate::metric::{Loss, SampleLoss};
use slt_simd::fused::{BLOCK, Strip, Vector};
use slt_simd::math::{exp, exp_tight, log, log1p, single};

/// A loss for the samples of a block.
pub(super) trait BlockLoss: Sync {
    /// The loss of each sample, as `docs/numerics.md` defines it; 0 where `valid` says that there is no
    /// sample.
    ///
    /// `slots` say where in `strips` the logits are, class by class; `labels` are the classes as floats.
    fn losses<V: Vector>(&self, strips: &[Strip], slots: &[u32], labels: &Strip, valid: u64) -> Strip;
}

/// That of [`Loss::CrossEntropy`].
pub(super) struct CrossEntropy;

/// That of [`Loss::CrossEntropyF32`].
pub(super) struct CrossEntropyF32;

impl BlockLoss for CrossEntropy {
    #[inline(always)]
    fn losses<V: Vector>(&self, strips: &[Strip], slots: &[u32], labels: &Strip, valid: u64) -> Strip {
        losses::<V>(strips, slots, labels, valid)
    }
}

impl BlockLoss for CrossEntropyF32 {
    #[inline(always)]
    fn losses<V: Vector>(&self, strips: &[Strip], slots: &[u32], labels: &Strip, valid: u64) -> Strip {
        losses_f32::<V>(strips, slots, labels, valid)
    }
}

/// Any loss, chosen for each block: one pass for those that are not worth a pass of their own.
impl BlockLoss for Loss<'_> {
    #[inline(always)]
    fn losses<V: Vector>(&self, strips: &[Strip], slots: &[u32], labels: &Strip, valid: u64) -> Strip {
        match *self {
            Loss::CrossEntropy => losses::<V>(strips, slots, labels, valid),
            Loss::CrossEntropyF32 => losses_f32::<V>(strips, slots, labels, valid),
            Loss::Tempered(metric) => {
                tempered_losses::<V, true>(strips, slots, labels, valid, metric.temperature())
            }
            Loss::Margin(metric) => margin_losses::<V>(strips, slots, labels, valid, metric.margin()),
            Loss::Each(loss) => each_loss(loss, strips, slots, labels, valid),
        }
    }
}

/// The cross-entropy of each sample of a block, as `docs/numerics.md` defines it; 0 where `valid` says that
/// there is no sample.
///
/// `slots` say where in `strips` the logits are, class by class; `labels` are the classes as floats.
#[inline(always)]
pub(super) fn losses<V: Vector>(strips: &[Strip], slots: &[u32], labels: &Strip, valid: u64) -> Strip {
    tempered_losses::<V, false>(strips, slots, labels, valid, 1.0)
}

/// The same, of logits that are divided by a temperature if `TEMPERED`.
#[inline(always)]
fn tempered_losses<V: Vector, const TEMPERED: bool>(
    strips: &[Strip],
    slots: &[u32],
    labels: &Strip,
    valid: u64,
    temperature: f32,
) -> Strip {
    let mut losses = Strip::ZERO;
    for at in (0..BLOCK).step_by(V::WIDTH) {
        let label = V::load(labels, at);
        let (class, top) = argmax::<V>(strips, slots, at);
        let (mut others, mut of_label) = (V::splat(0.0), top);
        let mut c = 0.0;
        for &slot in slots {
            let z = V::load(&strips[slot as usize], at);
            let this = V::splat(c);
            let mut below = z.sub(top);
            if TEMPERED {
                below = below.div(V::splat(temperature));
            }
            others = others.add(V::splat(0.0).select(this.equal(class), exp(below)));
            of_label = z.select(this.equal(label), of_label);
            c += 1.0;
        }
        let mut missed = top.sub(of_label);
        if TEMPERED {
            missed = missed.div(V::splat(temperature));
        }
        finite_or_infinite(log1p(others).add(missed)).store(&mut losses, at);
    }
    clear_padding(&mut losses, valid);
    losses
}

/// The multi-class hinge loss of each sample of a block.
#[inline(always)]
fn margin_losses<V: Vector>(
    strips: &[Strip],
    slots: &[u32],
    labels: &Strip,
    valid: u64,
    margin: f32,
) -> Strip {
    let mut losses = Strip::ZERO;
    for at in (0..BLOCK).step_by(V::WIDTH) {
        let label = V::load(labels, at);
        let (mut of_label, mut top_other) = (V::splat(0.0), V::splat(f32::NEG_INFINITY));
        let mut c = 0.0;
        for &slot in slots {
            let z = V::load(&strips[slot as usize], at);
            let is_label = V::splat(c).equal(label);
            of_label = z.select(is_label, of_label);
            let other = V::splat(f32::NEG_INFINITY).select(is_label, z);
            top_other = other.select(other.greater(top_other), top_other);
            c += 1.0;
        }
        let loss = V::splat(margin).sub(of_label.sub(top_other));
        finite_or_infinite(loss).relu().store(&mut losses, at);
    }
    clear_padding(&mut losses, valid);
    losses
}

/// A loss of the user's for each sample of a block.
fn each_loss(loss: &dyn SampleLoss, strips: &[Strip], slots: &[u32], labels: &Strip, valid: u64) -> Strip {
    let mut losses = Strip::ZERO;
    let mut logits = vec![0.0; slots.len()];
    for lane in 0..valid.count_ones() as usize {
        for (logit, &slot) in logits.iter_mut().zip(slots) {
            *logit = strips[slot as usize].0[lane];
        }
        let loss = loss.loss(&logits, labels.0[lane] as u32);
        losses.0[lane] = if loss < f32::INFINITY { loss.max(0.0) } else { f32::INFINITY };
    }
    losses
}

/// A loss that is not a number counts as infinite, too.
#[inline(always)]
fn finite_or_infinite<V: Vector>(loss: V) -> V {
    let finite = V::splat(f32::INFINITY).greater(loss);
    loss.select(finite, V::splat(f32::INFINITY))
}

#[inline(always)]
fn clear_padding(losses: &mut Strip, valid: u64) {
    if valid != u64::MAX {
        losses.0[valid.count_ones() as usize..].fill(0.0);
    }
}

/// Sums a block in double precision, in the order that `docs/numerics.md` fixes.
#[inline(always)]
pub(super) fn block_sum(losses: &[f32; BLOCK]) -> f64 {
    let mut sums = [0.0_f64; 8];
    for eight in losses.chunks_exact(8) {
        for (sum, &loss) in sums.iter_mut().zip(eight) {
            *sum += f64::from(loss);
        }
    }
    ((sums[0] + sums[1]) + (sums[2] + sums[3])) + ((sums[4] + sums[5]) + (sums[6] + sums[7]))
}

/// The same as [`losses`] for the cross-entropy in single precision throughout.
#[inline(always)]
pub(super) fn losses_f32<V: Vector>(strips: &[Strip], slots: &[u32], labels: &Strip, valid: u64) -> Strip {
    let mut losses = Strip::ZERO;
    for at in (0..BLOCK).step_by(V::WIDTH) {
        let label = V::load(labels, at);
        let (_, top) = argmax::<V>(strips, slots, at);
        let (mut sum, mut of_label) = (V::splat(0.0), top);
        let mut c = 0.0;
        for &slot in slots {
            let z = V::load(&strips[slot as usize], at);
            sum = sum.add(exp_tight(z.sub(top)));
            of_label = z.select(V::splat(c).equal(label), of_label);
            c += 1.0;
        }
        finite_or_infinite(log(sum).add(top.sub(of_label))).store(&mut losses, at);
    }
    clear_padding(&mut losses, valid);
    losses
}

/// What [`losses_f32`] computes, for one sample.
pub(crate) fn loss_f32(logits: impl Iterator<Item = f32> + Clone, of_label: f32) -> f32 {
    let top = logits.clone().reduce(|top, z| if z > top { z } else { top }).expect("there are classes");
    let sum = logits.fold(0.0, |sum, z| sum + single(z - top, exp_tight));
    let loss = single(sum, log) + (top - of_label);
    if loss < f32::INFINITY { loss } else { f32::INFINITY }
}

/// Running sums of [`mean_f32`], and how many terms each takes, as a power of two.
const LEVELS: usize = 8;
const TERMS_LOG2: u32 = 4;

/// The mean in single precision, by the cascade that `docs/numerics.md` fixes; NaN if there is nothing.
pub(crate) fn mean_f32(losses: impl Iterator<Item = f32>) -> f32 {
    let mut sums = [0.0_f32; LEVELS];
    let mut n = 0_usize;
    for loss in losses {
        sums[0] += loss;
        let carries = (n.trailing_zeros() / TERMS_LOG2) as usize;
        for level in 0..carries.min(LEVELS - 1) {
            sums[level + 1] += sums[level];
            sums[level] = 0.0;
        }
        n += 1;
    }
    sums.iter().fold(0.0, |total, sum| total + sum) / n as f32
}
