//! The active weights of a mask, kept up to date flip by flip.

use slt_core::BitMask;

use super::topology::{Flip, Topology};

/// An active weight into a unit.
#[derive(Debug, Clone, Copy)]
pub(super) struct Edge {
    pub(super) source: u32,
    pub(super) weight: f32,
}

/// A mask, and what it makes of the network.
#[derive(Debug, Clone)]
pub(super) struct Wiring {
    mask: BitMask,
    /// The active weights into each unit, sources ascending.
    incoming: Vec<Vec<Edge>>,
    /// Whether an active way leads from a unit to an output.
    alive: Vec<bool>,
}

impl Wiring {
    /// The empty mask.
    pub(super) fn new(topology: &Topology) -> Self {
        let mut wiring = Self {
            mask: BitMask::zeros(topology.n_bits()),
            incoming: vec![Vec::new(); topology.n_units()],
            alive: vec![false; topology.n_units()],
        };
        wiring.find_alive(topology);
        wiring
    }

    pub(super) fn set(&mut self, topology: &Topology, mask: &BitMask) {
        self.mask.clone_from(mask);
        self.incoming.iter_mut().for_each(Vec::clear);
        // Bits ascend by source.
        for bit in mask.iter_ones() {
            let (_, source, target) = topology.ends(bit);
            self.incoming[target].push(Edge { source: source as u32, weight: topology.weight(bit) });
        }
        self.find_alive(topology);
    }

    pub(super) fn mask(&self) -> &BitMask {
        &self.mask
    }

    #[inline(always)]
    pub(super) fn incoming(&self, unit: usize) -> &[Edge] {
        &self.incoming[unit]
    }

    pub(super) fn is_alive(&self, unit: usize) -> bool {
        self.alive[unit]
    }

    /// What flipping `bit` would do.
    ///
    /// # Panics
    /// If there is no such bit.
    pub(super) fn flip(&self, topology: &Topology, bit: usize) -> Flip {
        let added = !self.mask.get(bit);
        let (layer, source, target) = topology.ends(bit);
        Flip { bit, layer, source, target, weight: topology.weight(bit), added }
    }

    /// Flips the weight for a while: twice is as if never. What is alive stays as it was.
    pub(super) fn toggle(&mut self, flip: &Flip) {
        self.mask.flip(flip.bit);
        let edges = &mut self.incoming[flip.target];
        let source = flip.source as u32;
        let place = edges.partition_point(|edge| edge.source < source);
        if edges.get(place).is_some_and(|edge| edge.source == source) {
            edges.remove(place);
        } else {
            edges.insert(place, Edge { source, weight: flip.weight });
        }
    }

    /// Flips the weight for good.
    pub(super) fn commit(&mut self, topology: &Topology, flip: &Flip) {
        self.toggle(flip);
        self.find_alive(topology);
    }

    /// Finds out which units are alive.
    fn find_alive(&mut self, topology: &Topology) {
        self.alive.fill(false);
        self.alive[topology.first_output()..].fill(true);
        for unit in (topology.n_inputs()..topology.n_units()).rev() {
            if self.alive[unit] {
                for edge in &self.incoming[unit] {
                    self.alive[edge.source as usize] = true;
                }
            }
        }
    }
}
