//! Cross-entropy from logits.

use super::kernel::argmax;
use super::math::{exp, exp_tight, log, log1p, single};
use super::simd::{BLOCK, Row, Vector};

/// The cross-entropy of each sample of a block, as `docs/numerics.md` defines it; 0 where `valid` says that there is no
/// sample.
///
/// `slots` say where in `rows` the logits are, class by class; `labels` are the classes as floats.
#[inline(always)]
pub(super) fn losses<V: Vector>(rows: &[Row], slots: &[u32], labels: &Row, valid: u64) -> Row {
    let mut losses = Row::ZERO;
    for at in (0..BLOCK).step_by(V::WIDTH) {
        let label = V::load(labels, at);
        let (class, top) = argmax::<V>(rows, slots, at);
        let (mut others, mut of_label) = (V::splat(0.0), top);
        let mut c = 0.0;
        for &slot in slots {
            let z = V::load(&rows[slot as usize], at);
            let this = V::splat(c);
            others = others.add(V::splat(0.0).select(this.equal(class), exp(z.sub(top))));
            of_label = z.select(this.equal(label), of_label);
            c += 1.0;
        }
        let loss = log1p(others).add(top.sub(of_label));
        let finite = V::splat(f32::INFINITY).greater(loss);
        loss.select(finite, V::splat(f32::INFINITY)).store(&mut losses, at);
    }
    if valid != u64::MAX {
        losses.0[valid.count_ones() as usize..].fill(0.0);
    }
    losses
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
pub(super) fn losses_f32<V: Vector>(rows: &[Row], slots: &[u32], labels: &Row, valid: u64) -> Row {
    let mut losses = Row::ZERO;
    for at in (0..BLOCK).step_by(V::WIDTH) {
        let label = V::load(labels, at);
        let (_, top) = argmax::<V>(rows, slots, at);
        let (mut sum, mut of_label) = (V::splat(0.0), top);
        let mut c = 0.0;
        for &slot in slots {
            let z = V::load(&rows[slot as usize], at);
            sum = sum.add(exp_tight(z.sub(top)));
            of_label = z.select(V::splat(c).equal(label), of_label);
            c += 1.0;
        }
        let loss = log(sum).add(top.sub(of_label));
        let finite = V::splat(f32::INFINITY).greater(loss);
        loss.select(finite, V::splat(f32::INFINITY)).store(&mut losses, at);
    }
    if valid != u64::MAX {
        losses.0[valid.count_ones() as usize..].fill(0.0);
    }
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
