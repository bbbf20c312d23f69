//! A network under a mask: its parameters by unit and by bit, and the active weights, kept up to date flip by
//! flip.

use std::ops::Range;

use slt_core::BitMask;

use crate::Network;

/// The parameters of a network by unit and by bit.
///
/// The *units* are the inputs, the hidden units and the outputs, numbered through, layer by layer.
#[derive(Debug, Clone)]
struct Topology {
    /// First unit of each layer of units, and the number of units.
    first_unit: Vec<usize>,
    /// First bit of each layer of weights, and the number of bits.
    first_bit: Vec<usize>,
    weights: Vec<f32>,
    biases: Vec<f32>,
}

impl Topology {
    fn new(network: &Network) -> Self {
        let sizes = network.architecture().sizes();
        let mut topology = Self {
            first_unit: vec![0, sizes[0]],
            first_bit: vec![0],
            weights: Vec::with_capacity(network.architecture().n_weights()),
            biases: vec![0.0; sizes[0]],
        };
        for layer in network.layers() {
            topology.weights.extend(layer.weights());
            topology.biases.extend(layer.biases());
            topology.first_unit.push(topology.biases.len());
            topology.first_bit.push(topology.weights.len());
        }
        topology
    }

    fn n_units(&self) -> usize {
        self.biases.len()
    }

    fn n_layers(&self) -> usize {
        self.first_bit.len() - 1
    }

    fn first_output(&self) -> usize {
        self.first_unit[self.n_layers()]
    }

    fn targets(&self, layer: usize) -> Range<usize> {
        self.first_unit[layer + 1]..self.first_unit[layer + 2]
    }

    fn bit(&self, layer: usize, source: usize, target: usize) -> usize {
        let targets = self.targets(layer);
        self.first_bit[layer] + (source - self.first_unit[layer]) * targets.len() + (target - targets.start)
    }

    /// `(layer, source, target)` of the weight of a bit.
    fn ends(&self, bit: usize) -> (usize, usize, usize) {
        let layer = self.first_bit.partition_point(|&first| first <= bit) - 1;
        let targets = self.targets(layer);
        let place = bit - self.first_bit[layer];
        (layer, self.first_unit[layer] + place / targets.len(), targets.start + place % targets.len())
    }
}

/// What flipping a bit does: a weight between two units comes or goes.
#[derive(Debug, Clone, Copy)]
pub(super) struct Flip {
    bit: usize,
    layer: usize,
    source: usize,
    target: usize,
    weight: f32,
    added: bool,
}

impl Flip {
    /// Layer of weights.
    pub(super) fn layer(&self) -> usize {
        self.layer
    }

    /// The unit that the weight comes from.
    pub(super) fn source(&self) -> usize {
        self.source
    }

    /// The unit that it goes to.
    pub(super) fn target(&self) -> usize {
        self.target
    }

    /// Whether the weight comes.
    pub(super) fn is_added(&self) -> bool {
        self.added
    }

    /// What the target gains for each 1 that the source says.
    pub(super) fn gain(&self) -> f32 {
        if self.added { self.weight } else { -self.weight }
    }
}

/// An active weight into a unit.
#[derive(Debug, Clone, Copy)]
pub(super) struct Edge {
    pub(super) source: u32,
    pub(super) weight: f32,
}

/// A network, a mask, and what the mask makes of it.
#[derive(Debug, Clone)]
pub(super) struct Wiring {
    topology: Topology,
    mask: BitMask,
    /// The active weights into each unit, sources ascending.
    incoming: Vec<Vec<Edge>>,
    /// Whether an active way leads from a unit to an output.
    alive: Vec<bool>,
    /// Whether an active way leads from an input to a unit.
    reached: Vec<bool>,
    /// In each layer, the number of active weights that are part of an active way from an input to an output.
    useful: Vec<usize>,
}

impl Wiring {
    /// The empty mask.
    pub(super) fn new(network: &Network) -> Self {
        let topology = Topology::new(network);
        let n_units = topology.n_units();
        let mut wiring = Self {
            mask: BitMask::zeros(topology.weights.len()),
            incoming: vec![Vec::new(); n_units],
            alive: vec![false; n_units],
            reached: vec![false; n_units],
            useful: vec![0; topology.n_layers()],
            topology,
        };
        wiring.find_ways();
        wiring
    }

    pub(super) fn set(&mut self, mask: &BitMask) {
        self.mask.clone_from(mask);
        self.incoming.iter_mut().for_each(Vec::clear);
        // Bits ascend by source.
        for bit in mask.iter_ones() {
            let (_, source, target) = self.topology.ends(bit);
            let weight = self.topology.weights[bit];
            self.incoming[target].push(Edge { source: source as u32, weight });
        }
        self.find_ways();
    }

    pub(super) fn mask(&self) -> &BitMask {
        &self.mask
    }

    pub(super) fn n_units(&self) -> usize {
        self.topology.n_units()
    }

    pub(super) fn n_inputs(&self) -> usize {
        self.topology.first_unit[1]
    }

    /// Layers of weights.
    pub(super) fn n_layers(&self) -> usize {
        self.topology.n_layers()
    }

    pub(super) fn n_outputs(&self) -> usize {
        self.n_units() - self.topology.first_output()
    }

    /// The hidden units.
    pub(super) fn hidden(&self) -> Range<usize> {
        self.n_inputs()..self.topology.first_output()
    }

    /// The hidden units and the outputs.
    pub(super) fn computed_units(&self) -> Range<usize> {
        self.n_inputs()..self.n_units()
    }

    pub(super) fn outputs(&self) -> Range<usize> {
        self.topology.first_output()..self.n_units()
    }

    /// The units that a layer of weights goes to.
    pub(super) fn targets(&self, layer: usize) -> Range<usize> {
        self.topology.targets(layer)
    }

    pub(super) fn bias(&self, unit: usize) -> f32 {
        self.topology.biases[unit]
    }

    /// The weight from `source` to `target`, two units that `layer` connects; `None` where the mask drops it.
    pub(super) fn active_weight(&self, layer: usize, source: usize, target: usize) -> Option<f32> {
        let bit = self.topology.bit(layer, source, target);
        self.mask.get(bit).then(|| self.topology.weights[bit])
    }

    /// The active weights into a unit, sources ascending.
    #[inline(always)]
    pub(super) fn incoming(&self, unit: usize) -> &[Edge] {
        &self.incoming[unit]
    }

    /// Whether an active way leads from a unit to an output.
    pub(super) fn is_alive(&self, unit: usize) -> bool {
        self.alive[unit]
    }

    /// What flipping `bit` would do.
    ///
    /// # Panics
    /// If there is no such bit.
    pub(super) fn flip(&self, bit: usize) -> Flip {
        let added = !self.mask.get(bit);
        let (layer, source, target) = self.topology.ends(bit);
        Flip { bit, layer, source, target, weight: self.topology.weights[bit], added }
    }

    /// Flips a weight.
    pub(super) fn commit(&mut self, flip: &Flip) {
        let Flip { layer, source, target, added, .. } = *flip;
        self.mask.flip(flip.bit);
        toggle(&mut self.incoming[target], flip);
        // Ways are looked for only where they may have changed for other weights.
        let revives = self.alive[target] && self.alive[source] != self.leads_to_output(layer, source);
        if revives || self.reached[source] && self.reached[target] != self.is_led_to(target) {
            self.find_ways();
        } else if self.reached[source] && self.alive[target] {
            self.useful[layer] = if added { self.useful[layer] + 1 } else { self.useful[layer] - 1 };
        }
    }

    /// Whether an active way leads from an input to an output after a flip.
    pub(super) fn is_connected_after(&self, flip: &Flip) -> bool {
        // A way has one weight in each layer. So all ways lead through a weight if it is the only useful one
        // of its layer.
        let is_useful = self.reached[flip.source] && self.alive[flip.target];
        let others = self.useful[flip.layer] - usize::from(is_useful && !flip.added);
        others > 0 || is_useful && flip.added
    }

    /// Whether an active weight leads from a unit to one that is alive.
    fn leads_to_output(&self, layer: usize, source: usize) -> bool {
        let is_active = |target| self.mask.get(self.topology.bit(layer, source, target));
        self.targets(layer).any(|target| self.alive[target] && is_active(target))
    }

    /// Whether an active weight leads to a unit from a unit that is reached.
    fn is_led_to(&self, target: usize) -> bool {
        self.incoming[target].iter().any(|edge| self.reached[edge.source as usize])
    }

    /// Finds the active ways.
    fn find_ways(&mut self) {
        self.alive.fill(false);
        self.alive[self.topology.first_output()..].fill(true);
        for unit in self.computed_units().rev() {
            if self.alive[unit] {
                for edge in &self.incoming[unit] {
                    self.alive[edge.source as usize] = true;
                }
            }
        }
        let n_inputs = self.n_inputs();
        self.reached[..n_inputs].fill(true);
        for layer in 0..self.n_layers() {
            self.useful[layer] = 0;
            for unit in self.targets(layer) {
                let reached = self.incoming[unit].iter().filter(|edge| self.reached[edge.source as usize]);
                let n_reached = reached.count();
                self.reached[unit] = n_reached > 0;
                self.useful[layer] += if self.alive[unit] { n_reached } else { 0 };
            }
        }
    }
}

/// Adds the flipped weight to the weights into its target, or takes it away.
fn toggle(edges: &mut Vec<Edge>, flip: &Flip) {
    let source = flip.source as u32;
    let place = edges.partition_point(|edge| edge.source < source);
    if flip.added {
        edges.insert(place, Edge { source, weight: flip.weight });
    } else {
        edges.remove(place);
    }
}

/// The active weights that a forward pass takes: those of the mask, or those after a flip that is not made.
#[derive(Debug, Clone, Copy)]
pub(super) struct View<'a> {
    wiring: &'a Wiring,
    /// The target of the flip, and the weights into it.
    flipped: Option<(usize, &'a [Edge])>,
}

impl<'a> View<'a> {
    pub(super) fn held(wiring: &'a Wiring) -> Self {
        Self { wiring, flipped: None }
    }

    /// `buffer` takes the weights into the target.
    pub(super) fn flipped(wiring: &'a Wiring, flip: &Flip, buffer: &'a mut Vec<Edge>) -> Self {
        buffer.clear();
        buffer.extend_from_slice(wiring.incoming(flip.target));
        toggle(buffer, flip);
        Self { wiring, flipped: Some((flip.target, buffer)) }
    }

    pub(super) fn wiring(&self) -> &'a Wiring {
        self.wiring
    }

    /// The active weights into a unit, sources ascending.
    #[inline(always)]
    pub(super) fn incoming(&self, unit: usize) -> &'a [Edge] {
        match self.flipped {
            Some((target, edges)) if target == unit => edges,
            _ => self.wiring.incoming(unit),
        }
    }
}
