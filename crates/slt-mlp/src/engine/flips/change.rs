//! What a flip changes: the units on the way from the flipped weight to the outputs.

use super::bounds::{Bound, Bounds, is_off, rounding, threshold};
use super::topology::{Flip, Topology};
use super::wiring::Wiring;

/// A unit whose activation changes.
#[derive(Debug, Clone, Copy)]
pub(super) struct Carrier {
    pub(super) unit: usize,
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
    /// Everything: all held sums are going to be changed.
    Everywhere,
}

/// The way of a change through the network.
///
/// The first carrier is the source of the flipped weight: its whole activation is what the target gains, or loses where
/// the sign of the weight is inverted. Then come the hidden units that change, layer by layer.
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
    pub(super) fn new(topology: &Topology) -> Self {
        let n_outputs = topology.n_outputs();
        Self {
            carriers: Vec::with_capacity(topology.n_units()),
            edges: Vec::new(),
            output_ends: Vec::with_capacity(n_outputs),
            outputs: Vec::with_capacity(n_outputs),
            margin_edges: Vec::new(),
            margin_residual: 0.0,
            gap: 0.0,
            largest_step: 0.0,
        }
    }

    /// Units: the source, then the hidden ones that change.
    #[inline(always)]
    pub(super) fn carriers(&self) -> &[Carrier] {
        &self.carriers
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

    /// No logit changes by more.
    pub(super) fn largest_step(&self) -> f64 {
        self.largest_step
    }

    /// No held and canonical sum of carrier `i` are farther apart, before and after.
    pub(super) fn carrier_gap(&self, i: usize) -> f32 {
        threshold(self.carriers[i].spread.gap)
    }

    /// R of carrier `i` after the change.
    pub(super) fn carrier_residual(&self, i: usize) -> f64 {
        self.carriers[i].spread.residual
    }

    /// R of class `c` after the change.
    pub(super) fn output_residual(&self, c: usize) -> f64 {
        self.outputs[c].residual
    }

    /// R of the margins of two classes after the change.
    pub(super) fn margin_residual(&self) -> f64 {
        self.margin_residual
    }

    /// Works out what `flip` changes.
    pub(super) fn trace(
        &mut self,
        topology: &Topology,
        wiring: &Wiring,
        bounds: &Bounds,
        flip: &Flip,
        follow: Follow,
    ) -> Reach {
        self.carriers.clear();
        self.edges.clear();
        let source = &bounds[flip.source];
        if source.size == 0.0 {
            return Reach::Nothing;
        }
        let (canonical, held) = if flip.added { (source.canonical, source.held) } else { (0.0, 0.0) };
        let spread =
            Spread { size: source.size, canonical, held, residual: source.residual, gap: source.gap() };
        self.carriers.push(Carrier { unit: flip.source, end: 0, spread });
        let edge = Edge { carrier: 0, weight: if flip.added { flip.weight } else { -flip.weight } };

        let last = topology.n_layers() - 1;
        if flip.layer == last {
            return self.reach_outputs(topology, wiring, bounds, 0, Some((flip.target, edge)));
        }
        if follow == Follow::ToOutputs && !wiring.is_alive(flip.target) {
            return Reach::Nothing;
        }
        self.edges.push(edge);
        if self.reach_unit(wiring, bounds, flip.target, 0).size == 0.0 {
            return Reach::Hidden;
        }
        let mut first = 1;
        for layer in flip.layer + 1..last {
            let end = self.carriers.len();
            for unit in topology.targets(layer) {
                if follow == Follow::ToOutputs && !wiring.is_alive(unit) {
                    continue;
                }
                let start = self.edges.len();
                self.add_active_edges(topology, wiring, layer, first..end, unit);
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
        self.reach_outputs(topology, wiring, bounds, first, None)
    }

    /// Adds the active weights from carriers to `unit`.
    fn add_active_edges(
        &mut self,
        topology: &Topology,
        wiring: &Wiring,
        layer: usize,
        from: std::ops::Range<usize>,
        unit: usize,
    ) {
        for carrier in from {
            let bit = topology.bit(layer, self.carriers[carrier].unit, unit);
            if wiring.mask().get(bit) {
                self.edges.push(Edge { carrier, weight: topology.weight(bit) });
            }
        }
    }

    /// Makes a carrier of a unit that change reaches over the edges from `start` on.
    fn reach_unit(&mut self, wiring: &Wiring, bounds: &Bounds, unit: usize, start: usize) -> Spread {
        let spread = self.spread(&bounds[unit], wiring.incoming(unit).len(), start);
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
        canonical += rounding(n + 1, bound.sum + size) - bound.rounding;
        let own = rounding(edges.len() + 1, bound.sum + bound.residual + size);
        held += own;
        let residual = bound.residual + own;
        let gap = bound.gap() + canonical + held;
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

    /// Follows the change into the outputs: over the active weights of the carriers from `first` on, or over a single
    /// weight.
    fn reach_outputs(
        &mut self,
        topology: &Topology,
        wiring: &Wiring,
        bounds: &Bounds,
        first: usize,
        single: Option<(usize, Edge)>,
    ) -> Reach {
        self.output_ends.clear();
        self.outputs.clear();
        self.largest_step = 0.0;
        let first_edge = self.edges.len();
        let mut largest_gap = 0.0_f64;
        for unit in topology.first_output()..topology.n_units() {
            let start = self.edges.len();
            match single {
                Some((target, edge)) => self.edges.extend((unit == target).then_some(edge)),
                None => {
                    let carriers = first..self.carriers.len();
                    self.add_active_edges(topology, wiring, topology.n_layers() - 1, carriers, unit);
                }
            }
            let spread = self.spread(&bounds[unit], wiring.incoming(unit).len(), start);
            // `max` alone would drop what is not a number.
            let finite = |x: f64| if x.is_finite() { x } else { f64::INFINITY };
            largest_gap = largest_gap.max(finite(spread.gap));
            self.largest_step = self.largest_step.max(finite(spread.size));
            self.outputs.push(spread);
            self.output_ends.push(self.edges.len());
        }
        if self.edges.len() == first_edge {
            return Reach::Hidden;
        }
        self.gap = threshold(2.0 * largest_gap);
        if topology.n_outputs() == 2 {
            self.merge_outputs(topology, bounds);
        }
        Reach::Outputs
    }

    /// Turns the weights into two outputs into weights into their difference.
    fn merge_outputs(&mut self, topology: &Topology, bounds: &Bounds) {
        let mut merged = std::mem::take(&mut self.margin_edges);
        merged.clear();
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
        for (spread, unit) in self.outputs.iter().zip(topology.first_output()..) {
            let bound = &bounds[unit];
            sum += bound.sum;
            // The residuals of the logits play no part in the difference, which has its own.
            gap += bound.canonical + spread.canonical + (bound.held + spread.held - spread.residual);
        }
        self.margin_residual = bounds.margin_residual + rounding(n + 2, sum);
        self.gap = threshold(gap + self.margin_residual);
    }
}
