//! What a flip changes: the units on the way from the flipped weight to the outputs, and how far rounding can
//! have moved their sums. `docs/numerics.md` derives the bounds, under "Flips"; the comments here use its
//! letters.

use std::ops::Range;

use slt_datasets::Dataset;

use super::sums::LargestSums;
use super::wiring::{Flip, Wiring};
use slt_simd::fused::{Strip, Vector};

/// Bounds are worked out in `f64` and compared in `f32`; this makes up for the rounding of both.
const SLACK: f64 = 1.0 + 1e-3;

/// Unit roundoff of `f32`.
const ROUNDOFF: f64 = 1.0 / (1_u64 << 24) as f64;

/// Half the smallest positive `f32`, rounded up: what an operation can lose where numbers are too small for a
/// relative bound.
const UNDERFLOW: f64 = 7.1e-46;

/// Sums of more than this are not bounded: an intermediate result might overflow.
const OVERFLOW: f64 = 1e37;

/// The largest error of a chain of `n` fused multiply-adds with terms that add up to at most `sum`,
/// absolutely: gamma_n * sum.
fn rounding(n: usize, sum: f64) -> f64 {
    let nu = n as f64 * ROUNDOFF;
    if sum < OVERFLOW && nu < 0.5 { nu / (1.0 - nu) * sum + n as f64 * UNDERFLOW } else { f64::INFINITY }
}

/// `gap` as an `f32` that is not smaller; infinite if it is not a number.
fn threshold(gap: f64) -> f32 {
    let gap = gap * SLACK;
    if gap < f64::from(f32::MAX) { (gap as f32).max(f32::MIN_POSITIVE) } else { f32::INFINITY }
}

/// What is not a number, such as the difference of infinite bounds, bounds nothing.
fn or_infinite(bound: f64) -> f64 {
    if bound.is_nan() { f64::INFINITY } else { bound }
}

/// What is known of the sums of a unit over all samples; for an output, of its logits. An input has no
/// roundings: only its size is not zero.
#[derive(Debug, Clone, Copy, Default)]
struct Bound {
    /// The largest held sum of a hidden unit.
    top: f64,
    /// A: no activation is larger, neither the exact, nor the canonical, nor the held. Zero where all of them
    /// are zero for every sample: the unit is off.
    size: f64,
    /// |bias| + sum of |weight| A over the sources.
    sum: f64,
    /// The share of the unit itself in `canonical`.
    rounding: f64,
    /// C: no canonical sum is farther from the exact one.
    canonical: f64,
    /// R: no held sum is farther from what exact arithmetic would make of the held activations of the
    /// sources.
    residual: f64,
    /// H: no held sum is farther from the exact one.
    held: f64,
}

impl Bound {
    /// No held and canonical sum are farther apart.
    fn gap(&self) -> f64 {
        self.canonical + self.held
    }
}

/// Whether a unit whose held sums are at most `top`, and which has this gap, is off for every sample.
fn is_off(top: f64, gap: f64) -> bool {
    top < -gap * SLACK
}

/// The bounds of all units.
#[derive(Debug, Clone)]
pub(super) struct Bounds {
    of_unit: Vec<Bound>,
    /// R of the held margins of two classes, with respect to the held activations of the last hidden layer.
    margin_residual: f64,
}

impl Bounds {
    /// Bounds of the inputs: the largest absolute values of the features.
    pub(super) fn new(wiring: &Wiring, data: &Dataset) -> Self {
        let mut of_unit = vec![Bound::default(); wiring.n_units()];
        for (bound, column) in of_unit.iter_mut().zip(data.features().columns()) {
            bound.size = f64::from(column.iter().fold(0.0_f32, |largest, x| largest.max(x.abs())));
        }
        Self { of_unit, margin_residual: 0.0 }
    }

    /// Takes the bounds of canonical sums.
    pub(super) fn set(&mut self, wiring: &Wiring, largest_sums: &LargestSums) {
        wiring.hidden().for_each(|unit| self.set_unit(wiring, unit, largest_sums.get(unit), None));
        wiring.outputs().for_each(|unit| self.set_unit(wiring, unit, 0.0, None));
        let logits = &self.of_unit[wiring.outputs()];
        let residuals: f64 = logits.iter().map(|bound| bound.residual).sum();
        let sizes: f64 = logits.iter().map(|bound| bound.sum + bound.residual).sum();
        self.margin_residual = residuals + rounding(1, sizes);
    }

    /// Takes the bounds after a change that was added to the held sums.
    pub(super) fn commit(
        &mut self,
        wiring: &Wiring,
        change: &Change,
        reach: Reach,
        largest_sums: &LargestSums,
    ) {
        for carrier in &change.carriers[1..] {
            self.set_unit(
                wiring,
                carrier.unit,
                largest_sums.get(carrier.unit),
                Some(carrier.spread.residual),
            );
        }
        if reach == Reach::Outputs {
            for (unit, spread) in wiring.outputs().zip(&change.outputs) {
                self.set_unit(wiring, unit, 0.0, Some(spread.residual));
            }
            if wiring.n_outputs() == 2 {
                self.margin_residual = change.margin_residual;
            }
        }
    }

    /// Works out the bounds of a unit from those of its sources. Its largest held sum is `top`; `residual` is
    /// known where its held sums are not canonical.
    fn set_unit(&mut self, wiring: &Wiring, unit: usize, top: f64, residual: Option<f64>) {
        let edges = wiring.incoming(unit);
        let (mut sum, mut canonical, mut held) = (f64::from(wiring.bias(unit).abs()), 0.0, 0.0);
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

    /// How the bounds of what is held of the outputs compare with those of canonical logits.
    pub(super) fn drift(&self, wiring: &Wiring) -> f64 {
        let logits = &self.of_unit[wiring.outputs()];
        let canonical: f64 = logits.iter().map(|bound| bound.canonical).sum();
        let mut held: f64 = logits.iter().map(|bound| bound.held).sum();
        if let [zero, one] = logits {
            held += self.margin_residual - zero.residual - one.residual;
        }
        held / canonical
    }
}

/// A unit whose activation changes.
#[derive(Debug, Clone, Copy)]
struct Carrier {
    unit: usize,
    /// Where the weights over which change reaches it end in the list of edges.
    end: usize,
    spread: Spread,
}

/// How far a change moves the sums of a unit, and the bounds on them.
#[derive(Debug, Clone, Copy, Default)]
struct Spread {
    /// G: the activation does not change by more, neither the exact, nor the canonical, nor the held.
    size: f64,
    /// By how much C of the activation grows at most.
    canonical: f64,
    /// By how much H of the activation grows at most.
    held: f64,
    /// R after the change.
    residual: f64,
    /// No held and canonical sum are then farther apart.
    gap: f64,
}

/// A weight over which change travels.
#[derive(Debug, Clone, Copy)]
pub(super) struct Edge {
    /// Index of the carrier that it comes from.
    pub(super) carrier: usize,
    pub(super) weight: f32,
}

/// How far a change reaches.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Reach {
    /// No activation changes, and no held sum.
    Nothing,
    /// Hidden units may change, but no output does.
    Hidden,
    /// Outputs may change.
    Outputs,
}

/// What to follow.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Follow {
    /// What leads to the outputs.
    ToOutputs,
    /// Everything, because all held sums are going to be changed.
    Everywhere,
}

/// The way of a change through the network.
///
/// The first carrier is the source of the flipped weight: its whole activation is what the target gains, or
/// loses where the sign of the weight is inverted. Then come the hidden units that change, layer by layer.
#[derive(Debug, Clone)]
pub(super) struct Change {
    carriers: Vec<Carrier>,
    edges: Vec<Edge>,
    /// Where the weights into each output end in the list of edges; they come after those into the carriers.
    output_ends: Vec<usize>,
    outputs: Vec<Spread>,
    /// With two classes, what carriers add to the difference of the second and the first logit.
    margin_edges: Vec<Edge>,
    /// R of that difference after the change.
    margin_residual: f64,
    /// No difference of two new logits and that of the canonical ones are farther apart.
    gap: f32,
    /// No logit changes by more.
    largest_step: f64,
}

impl Change {
    pub(super) fn new(wiring: &Wiring) -> Self {
        let n_outputs = wiring.n_outputs();
        Self {
            carriers: Vec::with_capacity(wiring.n_units()),
            edges: Vec::new(),
            output_ends: Vec::with_capacity(n_outputs),
            outputs: Vec::with_capacity(n_outputs),
            margin_edges: Vec::new(),
            margin_residual: 0.0,
            gap: 0.0,
            largest_step: 0.0,
        }
    }

    /// Number of units that change, or say what changes: the source, then hidden ones.
    #[inline(always)]
    pub(super) fn n_carriers(&self) -> usize {
        self.carriers.len()
    }

    /// Carrier `i`.
    #[inline(always)]
    pub(super) fn unit(&self, i: usize) -> usize {
        self.carriers[i].unit
    }

    /// The weights over which change reaches carrier `i`, which is not the first.
    #[inline(always)]
    pub(super) fn edges(&self, i: usize) -> &[Edge] {
        &self.edges[self.carriers[i - 1].end..self.carriers[i].end]
    }

    /// The weights over which change reaches class `c`.
    #[inline(always)]
    pub(super) fn output_edges(&self, c: usize) -> &[Edge] {
        let start = if c == 0 { self.carriers[self.carriers.len() - 1].end } else { self.output_ends[c - 1] };
        &self.edges[start..self.output_ends[c]]
    }

    /// With two classes, what carriers add to the difference of the second and the first logit.
    #[inline(always)]
    pub(super) fn margin_edges(&self) -> &[Edge] {
        &self.margin_edges
    }

    /// No difference of two new logits and that of the canonical ones are farther apart.
    #[inline(always)]
    pub(super) fn gap(&self) -> f32 {
        self.gap
    }

    /// Roundings that enter a sum, or a difference of two, at most: one for each weight, and one in the
    /// change that travels.
    pub(super) fn n_roundings(&self) -> usize {
        let ends = self.carriers.iter().map(|carrier| carrier.end).chain(self.output_ends.iter().copied());
        let longest = ends.scan(0, |start, end| Some(end - std::mem::replace(start, end))).max();
        longest.unwrap_or(0).max(self.margin_edges.len()) + 1
    }

    /// No logit changes by more.
    pub(super) fn largest_step(&self) -> f64 {
        self.largest_step
    }

    /// No held and canonical sum of carrier `i` are farther apart, before and after.
    pub(super) fn carrier_gap(&self, i: usize) -> f32 {
        threshold(self.carriers[i].spread.gap)
    }
}

impl Change {
    /// Works out what `flip` changes.
    pub(super) fn trace(&mut self, wiring: &Wiring, bounds: &Bounds, flip: &Flip, follow: Follow) -> Reach {
        self.carriers.clear();
        self.edges.clear();
        self.output_ends.clear();
        self.outputs.clear();
        self.margin_edges.clear();
        let source = &bounds.of_unit[flip.source()];
        if source.size == 0.0 {
            return Reach::Nothing;
        }
        let (canonical, held) = if flip.is_added() { (source.canonical, source.held) } else { (0.0, 0.0) };
        let spread =
            Spread { size: source.size, canonical, held, residual: source.residual, gap: source.gap() };
        self.carriers.push(Carrier { unit: flip.source(), end: 0, spread });
        let edge = Edge { carrier: 0, weight: flip.gain() };

        let last = wiring.n_layers() - 1;
        if flip.layer() == last {
            return self.reach_outputs(wiring, bounds, 0, Some((flip.target(), edge)));
        }
        if follow == Follow::ToOutputs && !wiring.is_alive(flip.target()) {
            return Reach::Nothing;
        }
        self.edges.push(edge);
        if self.reach_unit(wiring, bounds, flip.target(), 0).size == 0.0 {
            return Reach::Hidden;
        }
        let mut first = 1;
        for layer in flip.layer() + 1..last {
            let end = self.carriers.len();
            for unit in wiring.targets(layer) {
                if follow == Follow::ToOutputs && !wiring.is_alive(unit) {
                    continue;
                }
                let start = self.edges.len();
                self.add_active_edges(wiring, layer, first..end, unit);
                if self.edges.len() > start
                    && self.reach_unit(wiring, bounds, unit, start).size == 0.0
                    && follow == Follow::ToOutputs
                {
                    self.edges.truncate(start);
                    self.carriers.pop();
                }
            }
            first = end;
        }
        self.reach_outputs(wiring, bounds, first, None)
    }

    /// Adds the active weights to `unit` from carriers whose activation can change.
    fn add_active_edges(&mut self, wiring: &Wiring, layer: usize, from: Range<usize>, unit: usize) {
        for carrier in from {
            let Carrier { unit: source, spread, .. } = self.carriers[carrier];
            let weight = wiring.active_weight(layer, source, unit).filter(|_| spread.size > 0.0);
            self.edges.extend(weight.map(|weight| Edge { carrier, weight }));
        }
    }

    /// Makes a carrier of a unit that change reaches over the edges from `start` on.
    fn reach_unit(&mut self, wiring: &Wiring, bounds: &Bounds, unit: usize, start: usize) -> Spread {
        let spread = self.spread(&bounds.of_unit[unit], wiring.incoming(unit).len(), start);
        self.carriers.push(Carrier { unit, end: self.edges.len(), spread });
        spread
    }

    /// The spread of a unit with `n` active weights that change reaches over the edges from `start` on.
    fn spread(&self, bound: &Bound, n: usize, start: usize) -> Spread {
        let edges = &self.edges[start..];
        if edges.is_empty() {
            return Spread { residual: bound.residual, gap: bound.gap(), ..Spread::default() };
        }
        let (mut size, mut canonical, mut held) = (0.0, 0.0, 0.0);
        for edge in edges {
            let (weight, from) = (f64::from(edge.weight.abs()), &self.carriers[edge.carrier].spread);
            size += weight * from.size;
            canonical += weight * from.canonical;
            held += weight * from.held;
        }
        let size = or_infinite(size);
        let own = rounding(edges.len() + 1, bound.sum + bound.residual + size);
        let residual = bound.residual + own;
        let mut canonical = or_infinite(canonical + rounding(n + 1, bound.sum + size) - bound.rounding);
        let mut held = or_infinite(held + own);
        let gap = (bound.gap() + canonical + held).max(bound.gap());
        if is_off(bound.top + size + own, gap) {
            // Off before and after.
            return Spread { residual, gap, ..Spread::default() };
        }
        if bound.size == 0.0 {
            // Off before: the bounds on its activation grow from zero.
            canonical += bound.canonical;
            held += bound.held;
        }
        Spread { size: size + bound.gap() + gap, canonical, held, residual, gap }
    }

    /// Follows the change into the outputs: over the active weights of the carriers from `first` on, or over
    /// a single weight.
    fn reach_outputs(
        &mut self,
        wiring: &Wiring,
        bounds: &Bounds,
        first: usize,
        single: Option<(usize, Edge)>,
    ) -> Reach {
        self.largest_step = 0.0;
        let first_edge = self.edges.len();
        let mut largest_gap = 0.0_f64;
        for unit in wiring.outputs() {
            let start = self.edges.len();
            match single {
                Some((target, edge)) => self.edges.extend((unit == target).then_some(edge)),
                None => {
                    let carriers = first..self.carriers.len();
                    self.add_active_edges(wiring, wiring.n_layers() - 1, carriers, unit);
                }
            }
            let spread = self.spread(&bounds.of_unit[unit], wiring.incoming(unit).len(), start);
            largest_gap = largest_gap.max(spread.gap);
            self.largest_step = self.largest_step.max(spread.size);
            self.outputs.push(spread);
            self.output_ends.push(self.edges.len());
        }
        if self.edges.len() == first_edge {
            return Reach::Hidden;
        }
        self.gap = threshold(2.0 * largest_gap);
        if wiring.n_outputs() == 2 {
            self.merge_outputs(wiring, bounds);
        }
        Reach::Outputs
    }

    /// Turns the weights into two outputs into weights into their difference.
    fn merge_outputs(&mut self, wiring: &Wiring, bounds: &Bounds) {
        let mut merged = std::mem::take(&mut self.margin_edges);
        merged.extend(self.output_edges(0).iter().map(|edge| Edge { weight: -edge.weight, ..*edge }));
        for edge in self.output_edges(1) {
            match merged.binary_search_by_key(&edge.carrier, |edge| edge.carrier) {
                Ok(i) => merged[i].weight += edge.weight,
                Err(i) => merged.insert(i, *edge),
            }
        }
        let change_of = |edge: &Edge| f64::from(edge.weight.abs()) * self.carriers[edge.carrier].spread.size;
        let size: f64 = self.output_edges(0).iter().chain(self.output_edges(1)).map(change_of).sum();
        self.margin_edges = merged;

        let n = self.margin_edges.len();
        let (mut sum, mut gap) = (bounds.margin_residual + size, 0.0);
        for (spread, unit) in self.outputs.iter().zip(wiring.outputs()) {
            let bound = &bounds.of_unit[unit];
            sum += bound.sum;
            // The residuals of the logits play no part in the difference, which has its own.
            gap += bound.canonical + spread.canonical + (bound.held + spread.held - spread.residual);
        }
        self.margin_residual = bounds.margin_residual + rounding(n + 2, sum);
        self.gap = threshold(gap + self.margin_residual);
    }
}

/// `sum` and what comes over `edges`.
#[inline(always)]
pub(super) fn add_edges<V: Vector>(mut sum: V, edges: &[Edge], strips: &[Strip], at: usize) -> V {
    for edge in edges {
        sum = V::splat(edge.weight).mul_add(V::load(&strips[edge.carrier], at), sum);
    }
    sum
}
