//! A forward pass of one block.

use super::super::simd::{BLOCK, InstructionSet, Row, Vector};
use super::activations::{Activations, sum};
use super::topology::Topology;
use super::wiring::Wiring;

/// Of all inputs and hidden units the activations, of the outputs the logits, for one block of samples.
#[derive(Debug, Clone)]
pub(super) struct Stage {
    rows: Vec<Row>,
    first_output: usize,
}

impl Stage {
    pub(super) fn new(topology: &Topology) -> Self {
        Self { rows: vec![Row::ZERO; topology.n_units()], first_output: topology.first_output() }
    }

    /// Sets an input of one sample.
    #[inline(always)]
    pub(super) fn set_input(&mut self, input: usize, lane: usize, value: f32) {
        self.rows[input].0[lane] = value;
    }

    /// Takes the inputs of block `b`.
    #[inline(always)]
    pub(super) fn load_inputs(&mut self, topology: &Topology, activations: &Activations, b: usize) {
        for input in 0..topology.n_inputs() {
            self.rows[input] = *activations.row(input, b);
        }
    }

    #[inline(always)]
    pub(super) fn logits(&self) -> &[Row] {
        &self.rows[self.first_output..]
    }

    /// Computes all neurons from the inputs, in the order that `docs/numerics.md` fixes. Where `keep` names a block of
    /// activations, it takes the sums.
    #[inline(always)]
    pub(super) fn forward<I: InstructionSet>(
        &mut self,
        topology: &Topology,
        wiring: &Wiring,
        mut keep: Option<(&mut Activations, usize)>,
    ) {
        for unit in topology.n_inputs()..topology.n_units() {
            let (bias, edges) = (topology.bias(unit), wiring.incoming(unit));
            for at in (0..BLOCK).step_by(I::Wide::WIDTH) {
                let sum = sum::<I::Wide, false>(bias, edges, &self.rows, 1, at);
                if let Some((activations, b)) = &mut keep {
                    sum.store(activations.sums_mut(unit, *b), at);
                }
                let value = if unit < self.first_output { sum.relu() } else { sum };
                value.store(&mut self.rows[unit], at);
            }
        }
    }
}
