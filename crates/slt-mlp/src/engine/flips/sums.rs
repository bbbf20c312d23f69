//! What every unit says for every sample, in the order that `docs/numerics.md` fixes.

use slt_datasets::Dataset;

use super::wiring::{Edge, View, Wiring};
use slt_simd::fused::{BLOCK, Strip, Vector, Vectors};

/// The inputs, the sums of the hidden units before their ReLU, and the logits, in blocks of 64 samples.
///
/// A hidden unit's activation is one instruction away from its sum, so it is not stored.
#[derive(Debug, Clone)]
pub(super) struct Sums {
    n_blocks: usize,
    n_inputs: usize,
    first_output: usize,
    n_outputs: usize,
    /// Strip of input or hidden unit `u` in block `b`: `u * n_blocks + b`. A flip reads few units of all
    /// blocks.
    values: Vec<Strip>,
    /// Strip of class `c` in block `b`: `b * n_outputs + c`. The logits of a sample are used together.
    logits: Vec<Strip>,
}

impl Sums {
    /// Room for all samples of `data`, and their features.
    pub(super) fn new(wiring: &Wiring, data: &Dataset) -> Self {
        let n_blocks = data.n_samples().div_ceil(BLOCK);
        let (n_inputs, first_output, n_outputs) =
            (wiring.n_inputs(), wiring.outputs().start, wiring.n_outputs());
        let mut values = vec![Strip::ZERO; first_output * n_blocks];
        for (i, sample) in data.values().chunks_exact(data.n_features()).enumerate() {
            for (f, &x) in sample.iter().enumerate() {
                values[f * n_blocks + i / BLOCK].0[i % BLOCK] = x;
            }
        }
        let logits = vec![Strip::ZERO; n_outputs * n_blocks];
        Self { n_blocks, n_inputs, first_output, n_outputs, values, logits }
    }

    #[inline(always)]
    pub(super) fn is_input(&self, unit: usize) -> bool {
        unit < self.n_inputs
    }

    /// The strips of an input or a hidden unit, block by block.
    #[inline(always)]
    pub(super) fn strips(&self, unit: usize) -> &[Strip] {
        &self.values[unit * self.n_blocks..][..self.n_blocks]
    }

    /// The strip of an input or a hidden unit for block `b`.
    #[inline(always)]
    pub(super) fn strip(&self, unit: usize, b: usize) -> &Strip {
        &self.values[unit * self.n_blocks + b]
    }

    /// The same, to be changed.
    #[inline(always)]
    pub(super) fn strip_mut(&mut self, unit: usize, b: usize) -> &mut Strip {
        &mut self.values[unit * self.n_blocks + b]
    }

    /// The logits of block `b`, class by class.
    #[inline(always)]
    pub(super) fn logits(&self, b: usize) -> &[Strip] {
        &self.logits[b * self.n_outputs..][..self.n_outputs]
    }

    /// The same, to be changed.
    #[inline(always)]
    pub(super) fn logits_mut(&mut self, b: usize) -> &mut [Strip] {
        &mut self.logits[b * self.n_outputs..][..self.n_outputs]
    }

    /// The sums of a hidden unit, or the logits of an output, for block `b`.
    #[inline(always)]
    fn sums_mut(&mut self, unit: usize, b: usize) -> &mut Strip {
        if unit < self.first_output {
            &mut self.values[unit * self.n_blocks + b]
        } else {
            &mut self.logits[b * self.n_outputs + (unit - self.first_output)]
        }
    }
}

/// bias + sum of weight * value for `V::WIDTH` samples; `strips` hold the values of all sources.
#[inline(always)]
fn sum<V: Vector>(bias: f32, edges: &[Edge], strips: &[Strip], at: usize) -> V {
    let mut sum = V::splat(bias);
    for edge in edges {
        sum = V::splat(edge.weight).mul_add(V::load(&strips[edge.source as usize], at), sum);
    }
    sum
}

/// A forward pass of one block: of all inputs and hidden units the activations, of the outputs the logits.
#[derive(Debug, Clone)]
pub(super) struct ForwardPass {
    strips: Vec<Strip>,
    first_output: usize,
}

impl ForwardPass {
    pub(super) fn new(wiring: &Wiring) -> Self {
        Self { strips: vec![Strip::ZERO; wiring.n_units()], first_output: wiring.outputs().start }
    }

    /// Takes the inputs of block `b`.
    #[inline(always)]
    pub(super) fn load_inputs(&mut self, sums: &Sums, b: usize) {
        for input in 0..sums.n_inputs {
            self.strips[input] = *sums.strip(input, b);
        }
    }

    /// Takes the inputs of one sample of block `b` into a lane.
    #[inline(always)]
    pub(super) fn load_sample(&mut self, sums: &Sums, b: usize, sample: usize, lane: usize) {
        for input in 0..sums.n_inputs {
            self.strips[input].0[lane] = sums.strip(input, b).0[sample];
        }
    }

    #[inline(always)]
    pub(super) fn logits(&self) -> &[Strip] {
        &self.strips[self.first_output..]
    }

    /// Computes all units from the inputs.
    #[inline(always)]
    pub(super) fn run<I: Vectors>(&mut self, view: View<'_>) {
        self.run_into::<I>(view, None);
    }

    /// The same for block `b`, whose sums are kept.
    #[inline(always)]
    pub(super) fn run_and_keep<I: Vectors>(&mut self, view: View<'_>, sums: &mut Sums, b: usize) {
        self.run_into::<I>(view, Some((sums, b)));
    }

    #[inline(always)]
    fn run_into<I: Vectors>(&mut self, view: View<'_>, mut keep: Option<(&mut Sums, usize)>) {
        for unit in view.wiring().computed_units() {
            let (bias, edges) = (view.wiring().bias(unit), view.incoming(unit));
            for at in (0..BLOCK).step_by(I::Wide::WIDTH) {
                let sum = sum::<I::Wide>(bias, edges, &self.strips, at);
                if let Some((sums, b)) = &mut keep {
                    sum.store(sums.sums_mut(unit, *b), at);
                }
                let value = if unit < self.first_output { sum.relu() } else { sum };
                value.store(&mut self.strips[unit], at);
            }
        }
    }
}

/// The largest sums of the hidden units.
#[derive(Debug, Clone)]
pub(super) struct LargestSums {
    /// By unit, in the first lanes of a strip.
    strips: Vec<Strip>,
}

impl LargestSums {
    pub(super) fn new(wiring: &Wiring) -> Self {
        Self { strips: vec![Strip::ZERO; wiring.hidden().end] }
    }

    /// Forgets what is known of a unit.
    pub(super) fn clear(&mut self, unit: usize) {
        self.strips[unit] = Strip([f32::NEG_INFINITY; BLOCK]);
    }

    /// Takes more sums of a unit.
    #[inline(always)]
    pub(super) fn raise<V: Vector>(&mut self, unit: usize, sums: &Strip) {
        let mut top = V::load(&self.strips[unit], 0);
        for at in (0..BLOCK).step_by(V::WIDTH) {
            let sum = V::load(sums, at);
            top = sum.select(sum.greater(top), top);
        }
        top.store(&mut self.strips[unit], 0);
    }

    /// The largest sum of a unit that was ever taken since it was cleared.
    pub(super) fn get(&self, unit: usize) -> f64 {
        f64::from(self.strips[unit].0.iter().fold(f32::NEG_INFINITY, |a, &b| a.max(b)))
    }
}
