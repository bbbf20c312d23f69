//! Works out the way of a change, and how large a margin is certain after it.

use std::ops::Range;

use super::bounds::{Bound, Bounds, is_off, or_infinite, rounding, threshold};
use super::change::{Carrier, Change, Edge, Follow, Reach, Spread};
use super::topology::{Flip, Topology};
use super::wiring::Wiring;

impl Change {
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
        from: Range<usize>,
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
            largest_gap = largest_gap.max(spread.gap);
            self.largest_step = self.largest_step.max(spread.size);
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
