//! Names for the parts of a network: units, bits, and what a bit connects.

use crate::Network;

/// What flipping a bit does: a weight between two units comes or goes.
#[derive(Debug, Clone, Copy)]
pub(super) struct Flip {
    pub(super) bit: usize,
    /// Layer of weights.
    pub(super) layer: usize,
    /// The unit that the weight comes from.
    pub(super) source: usize,
    /// The unit that it goes to.
    pub(super) target: usize,
    pub(super) weight: f32,
    /// Whether the weight comes.
    pub(super) added: bool,
}

/// The parameters of a network by unit and by bit.
///
/// The *units* are the inputs, the hidden neurons and the outputs, numbered through, layer by layer.
#[derive(Debug, Clone)]
pub(super) struct Topology {
    /// First unit of each layer of units, and the number of units.
    first_unit: Vec<usize>,
    /// First bit of each layer of weights, and the number of bits.
    first_bit: Vec<usize>,
    weights: Vec<f32>,
    biases: Vec<f32>,
}

impl Topology {
    pub(super) fn new(network: &Network) -> Self {
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

    pub(super) fn n_units(&self) -> usize {
        self.biases.len()
    }

    pub(super) fn n_bits(&self) -> usize {
        self.weights.len()
    }

    pub(super) fn n_inputs(&self) -> usize {
        self.first_unit[1]
    }

    /// Layers of weights.
    pub(super) fn n_layers(&self) -> usize {
        self.first_bit.len() - 1
    }

    pub(super) fn first_output(&self) -> usize {
        self.first_unit[self.n_layers()]
    }

    pub(super) fn n_outputs(&self) -> usize {
        self.n_units() - self.first_output()
    }

    pub(super) fn is_output(&self, unit: usize) -> bool {
        unit >= self.first_output()
    }

    /// The units that a layer of weights goes to.
    pub(super) fn targets(&self, layer: usize) -> std::ops::Range<usize> {
        self.first_unit[layer + 1]..self.first_unit[layer + 2]
    }

    /// The bit of the weight from `source` to `target`, two units that `layer` connects.
    pub(super) fn bit(&self, layer: usize, source: usize, target: usize) -> usize {
        let targets = self.targets(layer);
        self.first_bit[layer] + (source - self.first_unit[layer]) * targets.len() + (target - targets.start)
    }

    pub(super) fn weight(&self, bit: usize) -> f32 {
        self.weights[bit]
    }

    pub(super) fn bias(&self, unit: usize) -> f32 {
        self.biases[unit]
    }

    /// `(layer, source, target)` of the weight of a bit.
    pub(super) fn ends(&self, bit: usize) -> (usize, usize, usize) {
        let layer = self.first_bit.partition_point(|&first| first <= bit) - 1;
        let targets = self.targets(layer);
        let place = bit - self.first_bit[layer];
        (layer, self.first_unit[layer] + place / targets.len(), targets.start + place % targets.len())
    }
}
