//! How far rounding can have moved the sums. [`Flips::what_if_correct`](crate::Flips::what_if_correct) has the
//! derivation, whose letters the comments here use.

use super::topology::Topology;
use super::wiring::Wiring;

/// Bounds are worked out in `f64` and compared in `f32`; this makes up for the rounding of both.
const SLACK: f64 = 1.0 + 1e-3;

/// Unit roundoff of `f32`.
const ROUNDOFF: f64 = 1.0 / (1_u64 << 24) as f64;

/// Half the smallest positive `f32`, rounded up: what an operation can lose where numbers are too small for a relative
/// bound.
const UNDERFLOW: f64 = 7.1e-46;

/// Sums of more than this are not bounded: an intermediate result might overflow.
const OVERFLOW: f64 = 1e37;

/// The largest error of a chain of `n` fused multiply-adds with terms that add up to at most `sum`, absolutely:
/// gamma_n * sum.
pub(super) fn rounding(n: usize, sum: f64) -> f64 {
    let nu = n as f64 * ROUNDOFF;
    if sum < OVERFLOW && nu < 0.5 { nu / (1.0 - nu) * sum + n as f64 * UNDERFLOW } else { f64::INFINITY }
}

/// `gap` as an `f32` that is not smaller; infinite if it is not a number.
pub(super) fn threshold(gap: f64) -> f32 {
    let gap = gap * SLACK;
    if gap < f64::from(f32::MAX) { (gap as f32).max(f32::MIN_POSITIVE) } else { f32::INFINITY }
}

/// What is not a number, such as the difference of infinite bounds, bounds nothing.
pub(super) fn or_infinite(bound: f64) -> f64 {
    if bound.is_nan() { f64::INFINITY } else { bound }
}

/// What is known of the sums of a unit over all samples; for an output, of its logits. Of an input, which is what
/// it is, only the size is not zero.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Bound {
    /// The largest held sum of a hidden unit.
    pub(super) top: f64,
    /// A: no activation is larger, neither the exact, nor the canonical, nor the held. Zero where all of them are
    /// zero for every sample: the unit is off.
    pub(super) size: f64,
    /// |bias| + sum of |weight| A over the sources.
    pub(super) sum: f64,
    /// The share of the unit itself in `canonical`.
    pub(super) rounding: f64,
    /// C: no canonical sum is farther from the exact one.
    pub(super) canonical: f64,
    /// R: no held sum is farther from what exact arithmetic would make of the held activations of the sources.
    pub(super) residual: f64,
    /// H: no held sum is farther from the exact one.
    pub(super) held: f64,
}

impl Bound {
    /// No held and canonical sum are farther apart.
    pub(super) fn gap(&self) -> f64 {
        self.canonical + self.held
    }
}

/// Whether a unit whose held sums are at most `top`, and which has this gap, is off for every sample.
pub(super) fn is_off(top: f64, gap: f64) -> bool {
    top < -gap * SLACK
}

/// The bounds of all units.
#[derive(Debug, Clone)]
pub(super) struct Bounds {
    of_unit: Vec<Bound>,
    /// R of the held margins of two classes, with respect to the held activations of the last hidden layer.
    pub(super) margin_residual: f64,
}

impl std::ops::Index<usize> for Bounds {
    type Output = Bound;

    fn index(&self, unit: usize) -> &Bound {
        &self.of_unit[unit]
    }
}

impl Bounds {
    pub(super) fn new(topology: &Topology) -> Self {
        Self { of_unit: vec![Bound::default(); topology.n_units()], margin_residual: 0.0 }
    }

    /// Takes the largest absolute value of an input.
    pub(super) fn set_input(&mut self, unit: usize, size: f64) {
        self.of_unit[unit] = Bound { size, ..Bound::default() };
    }

    /// Works out the bounds of a neuron from those of its sources. Its largest held sum is `top`; `residual` is
    /// known where its held sums are not canonical.
    pub(super) fn set(
        &mut self,
        topology: &Topology,
        wiring: &Wiring,
        unit: usize,
        top: f64,
        residual: Option<f64>,
    ) {
        let edges = wiring.incoming(unit);
        let (mut sum, mut canonical, mut held) = (f64::from(topology.bias(unit).abs()), 0.0, 0.0);
        for edge in edges {
            let (weight, source) = (f64::from(edge.weight.abs()), &self.of_unit[edge.source as usize]);
            if source.size > 0.0 {
                sum += weight * source.size;
                canonical += weight * source.canonical;
                held += weight * source.held;
            }
        }
        let rounding = rounding(edges.len(), sum);
        let residual = residual.unwrap_or(rounding);
        let (canonical, held) = (or_infinite(canonical + rounding), or_infinite(held + residual));
        let gap = canonical + held;
        let size = if is_off(top, gap) { 0.0 } else { top.max(0.0) + gap * SLACK };
        let sum = or_infinite(sum);
        self.of_unit[unit] = Bound { top, size, sum, rounding, canonical, residual, held };
    }

    /// Works out R of the margins of two classes, after all logits have become canonical.
    pub(super) fn set_margins(&mut self, topology: &Topology) {
        let logits = &self.of_unit[topology.first_output()..];
        let residuals: f64 = logits.iter().map(|bound| bound.residual).sum();
        let sizes: f64 = logits.iter().map(|bound| bound.sum + bound.residual).sum();
        self.margin_residual = residuals + rounding(1, sizes);
    }

    /// How the bounds of what is held of the outputs compare with those of canonical logits.
    pub(super) fn drift(&self, topology: &Topology) -> f64 {
        let logits = &self.of_unit[topology.first_output()..];
        let canonical: f64 = logits.iter().map(|bound| bound.canonical).sum();
        let mut held: f64 = logits.iter().map(|bound| bound.held).sum();
        if let [zero, one] = logits {
            held += self.margin_residual - zero.residual - one.residual;
        }
        held / canonical
    }
}
