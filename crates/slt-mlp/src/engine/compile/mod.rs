//! From masks to programs.
//!
//! A unit is computed if it has an active way to the output, and computed once for all masks of a program in
//! which it has the same active weights from equal sources. So work is proportional to the active weights
//! that matter and that are not shared: a converged population shares most of its units, and a unit with two
//! inputs has only four variants.

mod columns;
mod variants;

use slt_core::BitMask;

use super::program::{Edge, Fan, Program, Unit};
use crate::Network;
use columns::Columns;
use variants::{VariantId, Variants};

/// The most edges of a program of several masks, so that they stay in the processor's cache from one block to
/// the next.
const MAX_SHARED_EDGES: usize = 1 << 15;

/// The widest input that a network may have to be run as a shallow one. Beyond, sums over few registers at a
/// time cost more than passing the hidden layer through memory does.
const SHALLOW_INPUTS: usize = 4;

/// Compiles masks. The buffers are reused from one call to the next.
#[derive(Debug, Clone, Default)]
pub(crate) struct Compiler {
    columns: Columns,
    variants: Variants,
    /// For each mask of the program at hand and each unit, layer by layer: its variant. Units without a way
    /// to the output have none.
    assigned: Vec<VariantId>,
}

impl Compiler {
    /// The programs of `masks`, which have a bit for each weight of the network, in their order. Without
    /// `sharing`, one program each.
    pub(crate) fn compile(&mut self, network: &Network, masks: &[&BitMask], sharing: bool) -> Vec<Program> {
        let sharing = sharing && masks.len() > 1;
        let mut programs = Vec::new();
        let mut rest = masks;
        while !rest.is_empty() {
            let taken = self.assign_rows(network, rest, sharing);
            programs.push(self.emit(network, taken));
            rest = &rest[taken..];
        }
        programs
    }

    /// Finds the variants of as many masks as go into one program; returns how many.
    fn assign_rows(&mut self, network: &Network, masks: &[&BitMask], sharing: bool) -> usize {
        let sizes = network.architecture().sizes();
        self.variants.clear();
        self.assigned.clear();
        for (taken, mask) in masks.iter().enumerate() {
            if taken > 0 && (!sharing || self.variants.n_edges() >= MAX_SHARED_EDGES) {
                return taken;
            }
            self.columns.read(mask, sizes);
            // The features have no variants of their own.
            let mut inputs = 0..0;
            for l in 0..sizes.len() - 1 {
                let first = self.assigned.len();
                for target in 0..sizes[l + 1] {
                    let variant = match self.columns.of(l, target) {
                        None => VariantId::NONE,
                        Some(column) => self.variants.find_or_add(
                            l,
                            target,
                            column,
                            &self.assigned[inputs.clone()],
                            sharing,
                        ),
                    };
                    self.assigned.push(variant);
                }
                inputs = first..self.assigned.len();
            }
        }
        masks.len()
    }

    /// Writes down the units of the variants that were assigned.
    fn emit(&mut self, network: &Network, n_masks: usize) -> Program {
        let sizes = network.architecture().sizes();
        let (n_inputs, n_outputs, n_layers) = (sizes[0], sizes[sizes.len() - 1], sizes.len() - 1);
        let neurons_of_a_mask: usize = sizes[1..].iter().sum();
        let mut program = Program {
            units: Vec::with_capacity(self.variants.len()),
            edges: Vec::with_capacity(self.variants.n_edges()),
            n_outputs,
            ..Program::default()
        };
        let own_slots = n_inputs + self.variants.count_shared();
        let (mut next_shared, mut n_slots) = (n_inputs, own_slots);
        for mask in 0..n_masks {
            let mut next_own = own_slots;
            let assigned = &self.assigned[mask * neurons_of_a_mask..][..neurons_of_a_mask];
            for &id in assigned.iter().filter(|id| **id != VariantId::NONE) {
                let variant = self.variants.get(id);
                if variant.slot.is_some() {
                    continue;
                }
                let next = if variant.uses > 1 { &mut next_shared } else { &mut next_own };
                let slot = *next as u32;
                *next += 1;
                let layer = &network.layers()[variant.layer as usize];
                let n_out = layer.biases().len();
                let weights = layer.weights().as_slice().expect("weights are kept in standard layout");
                let target = variant.target as usize;
                for (source, source_slot) in self.variants.sources(id) {
                    program
                        .edges
                        .push(Edge { weight: weights[source * n_out + target], source: source_slot });
                }
                program.units.push(Unit {
                    bias: layer.biases()[target],
                    slot,
                    end: program.edges.len() as u32,
                    hidden: variant.layer as usize + 1 < n_layers,
                });
                self.variants.set_slot(id, slot);
            }
            n_slots = n_slots.max(next_own);
            program.ends.push(program.units.len() as u32);
            let outputs = &assigned[neurons_of_a_mask - n_outputs..];
            program.logits.extend(outputs.iter().map(|&id| self.variants.slot(id)));
        }
        program.n_slots = n_slots;
        if let (1, &[1..=SHALLOW_INPUTS, _, 2]) = (n_masks, sizes) {
            program.shallow = fans(&program);
        }
        program
    }
}

/// Turns the edges of the two outputs around: by source instead of by target. Sources come in the same order,
/// so the sums are the same.
fn fans(program: &Program) -> Vec<Fan> {
    let [hidden @ .., zero, one] = &program.units[..] else { return Vec::new() };
    let mut places = vec![0; program.n_slots];
    for (place, unit) in hidden.iter().enumerate() {
        places[unit.slot as usize] = place;
    }
    let mut fans = vec![Fan::default(); hidden.len()];
    let first = hidden.last().map_or(0, |unit| unit.end as usize);
    let edges_of =
        [&program.edges[first..zero.end as usize], &program.edges[zero.end as usize..one.end as usize]];
    for (output, edges) in edges_of.into_iter().enumerate() {
        for edge in edges {
            let fan = &mut fans[places[edge.source as usize]];
            fan.weights[output] = edge.weight;
            fan.active[output] = true;
        }
    }
    fans
}
