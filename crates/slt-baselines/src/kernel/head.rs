//! The output layer: class probabilities, losses and where the gradient starts.

use super::lanes::{BLOCK, NO_SAMPLE};
use super::math::{exp, ln};
use crate::Scalar;
use slt_simd::unfused::{LANES, sum};

/// What the outputs mean.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Head {
    /// Softmax and cross-entropy, as log-sum-exp.
    CrossEntropy,
    /// Softmax and cross-entropy of probabilities cut to [eps, 1 - eps], scikit-learn's loss of several
    /// classes.
    ClippedSoftmax,
    /// One output: the logistic function is the probability of class 1, cut likewise.
    Logistic,
}

/// What one output is on the samples of a block.
#[derive(Debug, Clone, Copy)]
#[repr(C, align(64))]
pub(crate) struct Block<T>(pub(crate) [T; BLOCK]);

impl<T: Scalar> Block<T> {
    /// All zeros.
    pub(crate) fn zero() -> Self {
        Self([T::zero(); BLOCK])
    }

    /// The groups of samples.
    #[inline(always)]
    pub(super) fn parts_mut(&mut self) -> &mut [[T; LANES]] {
        self.0.as_chunks_mut().0
    }
}

/// Sums over samples.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Tally {
    losses: [f64; LANES],
    /// Samples whose label is the first largest output (for one output: a positive one means class 1).
    pub(crate) correct: u64,
}

impl Tally {
    /// The sum of the losses.
    pub(crate) fn loss(&self) -> f64 {
        sum(&self.losses)
    }

    /// Adds another tally.
    pub(crate) fn add(&mut self, other: &Self) {
        for (sum, loss) in self.losses.iter_mut().zip(other.losses) {
            *sum += loss;
        }
        self.correct += other.correct;
    }

    #[inline(always)]
    fn add_losses<T: Scalar>(&mut self, losses: &Block<T>) {
        for lanes in losses.0.as_chunks::<LANES>().0 {
            for i in 0..LANES {
                self.losses[i] += lanes[i].to_double();
            }
        }
    }
}

/// Turns logits into `probability - target`, the gradient of the summed loss, and adds up losses and correct
/// samples.
///
/// # Shapes
/// One row for each output.
#[inline(always)]
pub(crate) fn apply<T: Scalar>(
    head: Head,
    outputs: &mut [Block<T>],
    labels: &[u32; BLOCK],
    tally: &mut Tally,
) {
    deltas_or_not::<T, true>(head, outputs, labels, tally);
}

/// Adds up losses and correct samples as [`apply`] does; what it leaves in the outputs means nothing.
#[inline(always)]
pub(crate) fn tally<T: Scalar>(
    head: Head,
    outputs: &mut [Block<T>],
    labels: &[u32; BLOCK],
    tally: &mut Tally,
) {
    deltas_or_not::<T, false>(head, outputs, labels, tally);
}

#[inline(always)]
fn deltas_or_not<T: Scalar, const DELTAS: bool>(
    head: Head,
    outputs: &mut [Block<T>],
    labels: &[u32; BLOCK],
    tally: &mut Tally,
) {
    match head {
        Head::Logistic => logistic(&mut outputs[0], labels, tally),
        Head::CrossEntropy => softmax::<T, false, DELTAS>(outputs, labels, tally),
        Head::ClippedSoftmax => softmax::<T, true, DELTAS>(outputs, labels, tally),
    }
}

#[inline(always)]
fn softmax<T: Scalar, const CLIP: bool, const DELTAS: bool>(
    outputs: &mut [Block<T>],
    labels: &[u32; BLOCK],
    tally: &mut Tally,
) {
    let mut top = outputs[0];
    // Classes as scalars, so that lanes of one width are compared; the label of no sample is still none of
    // them.
    let (mut class, mut label) = (Block::<T>::zero(), Block::<T>::zero());
    for i in 0..BLOCK {
        label.0[i] = T::of(f64::from(labels[i]));
    }
    let mut own = Block::<T>::zero();
    for (c, row) in outputs.iter().enumerate() {
        let c = T::of(c as f64);
        for i in 0..BLOCK {
            let (z, before, winner, mine) = (row.0[i], top.0[i], class.0[i], own.0[i]);
            let larger = z > before;
            top.0[i] = if larger { z } else { before };
            class.0[i] = if larger { c } else { winner };
            own.0[i] = if label.0[i] == c { z } else { mine };
        }
    }
    tally.correct += (0..BLOCK).map(|i| u64::from(class.0[i] == label.0[i])).sum::<u64>();
    let mut total = Block::<T>::zero();
    for row in outputs.iter_mut() {
        for i in 0..BLOCK {
            row.0[i] = exp(row.0[i] - top.0[i]);
            total.0[i] += row.0[i];
        }
    }
    let mut losses = Block::<T>::zero();
    for i in 0..BLOCK {
        let loss = if CLIP {
            -ln(clip(exp(own.0[i] - top.0[i]) / total.0[i]))
        } else {
            ln(total.0[i]) + (top.0[i] - own.0[i])
        };
        losses.0[i] = if labels[i] == NO_SAMPLE { T::zero() } else { loss };
    }
    tally.add_losses(&losses);
    if !DELTAS {
        return;
    }
    for (c, row) in outputs.iter_mut().enumerate() {
        for i in 0..BLOCK {
            let target = if labels[i] == c as u32 { T::one() } else { T::zero() };
            let delta = row.0[i] / total.0[i] - target;
            row.0[i] = if labels[i] == NO_SAMPLE { T::zero() } else { delta };
        }
    }
}

#[inline(always)]
fn logistic<T: Scalar>(output: &mut Block<T>, labels: &[u32; BLOCK], tally: &mut Tally) {
    let mut losses = Block::<T>::zero();
    for i in 0..BLOCK {
        let z = output.0[i];
        // Both probabilities from one exponential that cannot overflow.
        let small = exp(-z.abs());
        let (near, far) = (T::one() / (T::one() + small), small / (T::one() + small));
        let (one, zero) = if z < T::zero() { (far, near) } else { (near, far) };
        let loss = -ln(clip(if labels[i] == 1 { one } else { zero }));
        let delta = if labels[i] == 1 { -zero } else { one };
        losses.0[i] = if labels[i] == NO_SAMPLE { T::zero() } else { loss };
        output.0[i] = if labels[i] == NO_SAMPLE { T::zero() } else { delta };
    }
    tally.add_losses(&losses);
    // |probability - target| is below 1/2 where the more probable class is the label.
    for i in 0..BLOCK {
        let right = if labels[i] == 1 { -output.0[i] < T::of(0.5) } else { output.0[i] <= T::of(0.5) };
        tally.correct += u64::from(right && labels[i] != NO_SAMPLE);
    }
}

#[inline(always)]
fn clip<T: Scalar>(p: T) -> T {
    let low = if p < T::EPSILON { T::EPSILON } else { p };
    if low > T::one() - T::EPSILON { T::one() - T::EPSILON } else { low }
}
