//! Cross-entropy from logits.

use super::kernel::argmax;
use super::math::{exp, log1p};
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
