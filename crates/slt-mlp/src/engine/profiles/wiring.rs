//! Who is connected to whom, under a mask.

use slt_core::BitMask;

use super::fixed::Fixed;
use crate::Network;

/// A neuron behind the inputs: a layer of weights leads to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Unit {
    pub(super) layer: usize,
    pub(super) index: usize,
}

/// An active weight, from its source.
#[derive(Debug, Clone, Copy)]
pub(super) struct Edge {
    pub(super) target: u32,
    pub(super) weight: f32,
    /// See [`Fixed::factor`].
    pub(super) factor: f32,
}

/// The layers of a network, and where in a mask their weights are.
#[derive(Debug, Clone)]
pub(super) struct Wiring {
    pub(super) network: Network,
    pub(super) fixed: Fixed,
    /// The first bit of each layer.
    offsets: Vec<usize>,
    /// Units before each layer, and in all.
    starts: Vec<usize>,
}

impl Wiring {
    pub(super) fn new(network: Network, fixed: Fixed) -> Self {
        let offsets = network.architecture().layer_bits().into_iter().map(|bits| bits.start).collect();
        let mut starts = vec![0];
        for (_, n_out) in network.architecture().layer_shapes() {
            starts.push(starts[starts.len() - 1] + n_out);
        }
        Self { network, fixed, offsets, starts }
    }

    pub(super) fn n_layers(&self) -> usize {
        self.offsets.len()
    }

    pub(super) fn n_units(&self) -> usize {
        self.starts[self.n_layers()]
    }

    /// Neurons that a layer of weights leads to.
    pub(super) fn width(&self, layer: usize) -> usize {
        self.starts[layer + 1] - self.starts[layer]
    }

    /// Sources of a layer of weights.
    pub(super) fn n_sources(&self, layer: usize) -> usize {
        if layer == 0 { self.network.architecture().n_inputs() } else { self.width(layer - 1) }
    }

    pub(super) fn unit(&self, number: usize) -> Unit {
        let layer = self.starts.partition_point(|&start| start <= number) - 1;
        Unit { layer, index: number - self.starts[layer] }
    }

    /// The number of a unit.
    pub(super) fn number(&self, unit: Unit) -> usize {
        self.starts[unit.layer] + unit.index
    }

    pub(super) fn is_output(&self, unit: Unit) -> bool {
        unit.layer + 1 == self.n_layers()
    }

    /// The bit of the weight from a source to a unit.
    pub(super) fn bit(&self, unit: Unit, source: usize) -> usize {
        self.offsets[unit.layer] + source * self.width(unit.layer) + unit.index
    }

    /// The source of a weight into a unit.
    ///
    /// # Panics
    /// If the bit is another unit's.
    pub(super) fn source(&self, unit: Unit, bit: usize) -> usize {
        let width = self.width(unit.layer);
        let place = bit.wrapping_sub(self.offsets[unit.layer]);
        let (source, target) = (place / width, place % width);
        assert!(
            target == unit.index && source < self.n_sources(unit.layer),
            "bit {bit} is not one of the open unit"
        );
        source
    }

    pub(super) fn weight(&self, layer: usize, source: usize, target: usize) -> f32 {
        self.network.layers()[layer].weights()[[source, target]]
    }

    /// The active weights out of a source of a layer of weights, targets ascending.
    pub(super) fn out_of(&self, mask: &BitMask, layer: usize, source: usize) -> Vec<Edge> {
        let first = self.offsets[layer] + source * self.width(layer);
        let active = (0..self.width(layer)).filter(|target| mask.get(first + target));
        let edge = |target: usize| {
            let weight = self.weight(layer, source, target);
            Edge { target: target as u32, weight, factor: self.fixed.factor(layer, weight) }
        };
        active.map(edge).collect()
    }
}
