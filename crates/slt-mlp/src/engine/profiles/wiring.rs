//! Who is connected to whom, under a mask.

use slt_core::BitMask;

use super::fixed::Fixed;
use crate::Network;

/// A unit behind the inputs: a layer of weights leads to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Unit {
    pub(super) layer: usize,
    pub(super) index: usize,
}

/// An active weight, from its source.
#[derive(Debug, Clone, Copy)]
pub(super) struct Edge {
    pub(super) target: u32,
    /// With the sign that it has under the mask.
    pub(super) weight: f32,
    /// See [`Fixed::factor`].
    pub(super) factor: f32,
}

/// The layers of a network, and where in a mask their weights are. A signed mask has two bits for each: those
/// that add the negations of weights follow those that keep them as they are, as
/// [`crate::SignedMask::from_bits`] says.
#[derive(Debug, Clone)]
pub(super) struct Wiring {
    pub(super) network: Network,
    pub(super) fixed: Fixed,
    n_weights: usize,
    is_signed: bool,
    /// The first bit of each layer.
    offsets: Vec<usize>,
    /// Units before each layer, and in all.
    starts: Vec<usize>,
}

impl Wiring {
    /// `inputs` are the least and the largest value of each input.
    pub(super) fn new(network: Network, is_signed: bool, inputs: &[(f32, f32)]) -> Self {
        let fixed = Fixed::new(&network, is_signed, inputs);
        let n_weights = network.architecture().n_weights();
        let offsets = network.architecture().layer_bits().into_iter().map(|bits| bits.start).collect();
        let mut starts = vec![0];
        for (_, n_out) in network.architecture().layer_shapes() {
            starts.push(starts[starts.len() - 1] + n_out);
        }
        Self { network, fixed, n_weights, is_signed, offsets, starts }
    }

    /// Bits of a mask.
    pub(super) fn n_bits(&self) -> usize {
        if self.is_signed { 2 * self.n_weights } else { self.n_weights }
    }

    pub(super) fn n_layers(&self) -> usize {
        self.offsets.len()
    }

    pub(super) fn n_units(&self) -> usize {
        self.starts[self.n_layers()]
    }

    /// Units that a layer of weights leads to.
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

    /// Numbers of the weights into a unit, sources ascending.
    fn weights_into(&self, unit: Unit) -> impl Iterator<Item = usize> {
        let (first, width) = (self.offsets[unit.layer] + unit.index, self.width(unit.layer));
        (0..self.n_sources(unit.layer)).map(move |source| first + source * width)
    }

    /// The bits of the weights into a unit.
    pub(super) fn bits(&self, unit: Unit) -> Vec<usize> {
        let firsts = (0..self.n_bits()).step_by(self.n_weights);
        firsts.flat_map(|first| self.weights_into(unit).map(move |weight| first + weight)).collect()
    }

    /// The bits that are set of weights into a unit that a mask both keeps and adds the negation of: they
    /// cancel out.
    pub(super) fn cancelled(&self, mask: &BitMask, unit: Unit) -> Vec<usize> {
        if !self.is_signed {
            return Vec::new();
        }
        let both = self.weights_into(unit).map(|weight| [weight, self.n_weights + weight]);
        both.filter(|bits| bits.iter().all(|&bit| mask.get(bit))).flatten().collect()
    }

    /// The source of the weight into a unit that a bit stands for, and what the bit adds for it: the weight,
    /// or its negation.
    ///
    /// # Panics
    /// If the bit is another unit's.
    pub(super) fn input(&self, unit: Unit, bit: usize) -> (usize, f32) {
        let width = self.width(unit.layer);
        let is_inverted = self.is_signed && bit >= self.n_weights;
        let number = if is_inverted { bit - self.n_weights } else { bit };
        let place = number.wrapping_sub(self.offsets[unit.layer]);
        let (source, target) = (place / width, place % width);
        assert!(
            target == unit.index && source < self.n_sources(unit.layer),
            "bit {bit} is not one of the open unit"
        );
        let weight = self.weight(unit.layer, source, target);
        (source, if is_inverted { -weight } else { weight })
    }

    fn weight(&self, layer: usize, source: usize, target: usize) -> f32 {
        self.network.layers()[layer].weights()[[source, target]]
    }

    /// The active weights out of a source of a layer of weights, targets ascending.
    pub(super) fn out_of(&self, mask: &BitMask, layer: usize, source: usize) -> Vec<Edge> {
        let first = self.offsets[layer] + source * self.width(layer);
        let edge = |target: usize| {
            let bit = first + target;
            let is_inverted = self.is_signed && mask.get(self.n_weights + bit);
            // Neither bit, or both, which cancel out.
            if mask.get(bit) == is_inverted {
                return None;
            }
            let weight = self.weight(layer, source, target);
            let weight = if is_inverted { -weight } else { weight };
            Some(Edge { target: target as u32, weight, factor: self.fixed.factor(layer, weight) })
        };
        (0..self.width(layer)).filter_map(edge).collect()
    }
}
