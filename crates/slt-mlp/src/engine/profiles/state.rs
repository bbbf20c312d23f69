//! The sums of all units for the samples that are held, and how they follow a change of one unit.

use slt_core::BitMask;

use super::super::loss::{BlockLoss, block_sum};
use super::fixed::round;
use super::inputs::Inputs;
use super::wiring::{Edge, Unit, Wiring};
use crate::metric::Loss;
use slt_simd::fused::{BLOCK, Strip, Vectors};
use slt_simd::octet::{LANES, Octet};
use slt_simd::{InstructionSet, Pass, dispatch};

/// Samples in a chunk: its sums of a unit are next to each other, and a thread takes it as a whole.
pub(super) const CHUNK: usize = 512;

/// Samples one after the other, at most [`CHUNK`], with room for all.
#[derive(Debug, Clone)]
pub(super) struct Chunk {
    /// The number of its first sample.
    pub(super) first: usize,
    /// Samples that there are.
    pub(super) len: usize,
    /// By layer, the sums of its units: unit after unit, `CHUNK` each.
    sums: Vec<Vec<i32>>,
    /// Classes as floats, in blocks.
    labels: Vec<Strip>,
    /// Sum of the losses.
    pub(super) loss: f64,
}

impl Chunk {
    pub(super) fn new(wiring: &Wiring, inputs: &Inputs, first: usize, len: usize) -> Self {
        let mut labels = vec![Strip::ZERO; CHUNK / BLOCK];
        for (i, &label) in inputs.labels[first..first + len].iter().enumerate() {
            labels[i / BLOCK].0[i % BLOCK] = label as f32;
        }
        let sums = (0..wiring.n_layers()).map(|layer| vec![0; wiring.width(layer) * CHUNK]).collect();
        Self { first, len, sums, labels, loss: 0.0 }
    }

    pub(super) fn sums(&self, unit: Unit) -> &[i32] {
        &self.sums[unit.layer][unit.index * CHUNK..][..CHUNK]
    }

    fn sums_mut(&mut self, unit: Unit) -> &mut [i32] {
        &mut self.sums[unit.layer][unit.index * CHUNK..][..CHUNK]
    }

    /// Bit `i`: sample `i` of the block exists.
    pub(super) fn valid(&self, block: usize) -> u64 {
        match self.len.saturating_sub(block * BLOCK) {
            0 => 0,
            n if n >= BLOCK => u64::MAX,
            n => u64::MAX >> (BLOCK - n),
        }
    }

    pub(super) fn labels(&self, block: usize) -> &Strip {
        &self.labels[block]
    }

    /// The blocks that there are samples in.
    pub(super) fn blocks(&self) -> std::ops::Range<usize> {
        0..self.len.div_ceil(BLOCK)
    }

    /// The sums of a unit for a block, as real numbers.
    #[inline(always)]
    pub(super) fn real(&self, wiring: &Wiring, unit: Unit, block: usize) -> Strip {
        let (sums, scale) = (&self.sums(unit)[block * BLOCK..][..BLOCK], wiring.fixed.unit(unit.layer));
        let mut strip = Strip::ZERO;
        strip.0.iter_mut().zip(sums).for_each(|(x, &sum)| *x = sum as f32 * scale);
        strip
    }

    /// Computes all sums under a mask.
    pub(super) fn compute(
        &mut self,
        instructions: InstructionSet,
        wiring: &Wiring,
        inputs: &Inputs,
        mask: &BitMask,
        loss: Loss<'_>,
    ) {
        dispatch(instructions, Compute { chunk: self, wiring, inputs, mask, loss });
    }

    /// Sets the sums of a unit; those behind it follow.
    pub(super) fn set(
        &mut self,
        instructions: InstructionSet,
        wiring: &Wiring,
        mask: &BitMask,
        unit: Unit,
        sums: &[i32],
        loss: Loss<'_>,
    ) {
        dispatch(instructions, Set { chunk: self, wiring, mask, unit, sums, loss });
    }

    /// The sum of the losses, from the outputs.
    #[inline(always)]
    fn lose<I: Vectors>(&mut self, wiring: &Wiring, loss: Loss<'_>) {
        let layer = wiring.n_layers() - 1;
        let slots: Vec<u32> = (0..wiring.width(layer) as u32).collect();
        self.loss = 0.0;
        for block in self.blocks() {
            let strips: Vec<Strip> = (0..wiring.width(layer))
                .map(|index| self.real(wiring, Unit { layer, index }, block))
                .collect();
            let losses = loss.losses::<I::One>(&strips, &slots, self.labels(block), self.valid(block));
            self.loss += block_sum(&losses.0);
        }
    }
}

struct Compute<'a> {
    chunk: &'a mut Chunk,
    wiring: &'a Wiring,
    inputs: &'a Inputs,
    mask: &'a BitMask,
    loss: Loss<'a>,
}

impl Pass for Compute<'_> {
    type Output = ();

    #[inline(always)]
    fn run<I: Vectors>(self) {
        let Self { chunk, wiring, inputs, mask, loss } = self;
        for layer in 0..wiring.n_layers() {
            for index in 0..wiring.width(layer) {
                let bias = wiring.fixed.of(layer, wiring.network.layers()[layer].biases()[index]);
                chunk.sums_mut(Unit { layer, index }).fill(bias);
            }
            for source in 0..wiring.n_sources(layer) {
                let edges = wiring.out_of(mask, layer, source);
                if edges.is_empty() {
                    continue;
                }
                if layer == 0 {
                    let part = chunk.first..chunk.first + chunk.len;
                    let (samples, values) = inputs.columns[source].part(part);
                    for edge in edges {
                        let sums = &mut chunk.sums[0][edge.target as usize * CHUNK..][..CHUNK];
                        add_products::<I::Eight>(sums, samples, values, edge.factor);
                    }
                } else {
                    let (before, behind) = chunk.sums.split_at_mut(layer);
                    let from = &before[layer - 1][source * CHUNK..][..CHUNK];
                    for edge in edges {
                        let to = &mut behind[0][edge.target as usize * CHUNK..][..CHUNK];
                        for (to, &from) in to.iter_mut().zip(from) {
                            *to += round(from.max(0) as f32 * edge.factor);
                        }
                    }
                }
            }
        }
        chunk.lose::<I>(wiring, loss);
    }
}

/// Adds `factor` times a value, rounded, to the sum of its sample, of a chunk.
#[inline(always)]
fn add_products<O: Octet>(sums: &mut [i32], samples: &[u16], values: &[f32], factor: f32) {
    let (eights, rest) = samples.as_chunks::<LANES>();
    let (of_eights, of_rest) = values.as_chunks::<LANES>();
    let mut products = [0; LANES];
    for (samples, values) in eights.iter().zip(of_eights) {
        O::store_int(O::round(O::mul(O::load_float(values), O::float(factor))), &mut products);
        for (&sample, product) in samples.iter().zip(products) {
            sums[usize::from(sample) % CHUNK] += product;
        }
    }
    for (&sample, &x) in rest.iter().zip(of_rest) {
        sums[usize::from(sample) % CHUNK] += round(x * factor);
    }
}

struct Set<'a> {
    chunk: &'a mut Chunk,
    wiring: &'a Wiring,
    mask: &'a BitMask,
    unit: Unit,
    sums: &'a [i32],
    loss: Loss<'a>,
}

impl Pass for Set<'_> {
    type Output = ();

    #[inline(always)]
    fn run<I: Vectors>(self) {
        let Self { chunk, wiring, mask, unit, sums, loss } = self;
        let held = chunk.sums_mut(unit);
        if held == sums {
            return;
        }
        // Units of a layer that have changed, with what they were.
        let mut changed: Vec<(usize, Vec<i32>)> = vec![(unit.index, held.to_vec())];
        held.copy_from_slice(sums);
        for layer in unit.layer + 1..wiring.n_layers() {
            let mut next: Vec<Option<Vec<i32>>> = vec![None; wiring.width(layer)];
            let (before, behind) = chunk.sums.split_at_mut(layer);
            for (source, old) in &changed {
                let new = &before[layer - 1][source * CHUNK..][..CHUNK];
                if old.iter().zip(new).all(|(&old, &new)| old.max(0) == new.max(0)) {
                    continue;
                }
                for Edge { target, factor, .. } in wiring.out_of(mask, layer, *source) {
                    let to = &mut behind[0][target as usize * CHUNK..][..CHUNK];
                    next[target as usize].get_or_insert_with(|| to.to_vec());
                    for ((to, &old), &new) in to.iter_mut().zip(old).zip(new) {
                        *to += round(new.max(0) as f32 * factor) - round(old.max(0) as f32 * factor);
                    }
                }
            }
            changed = next.into_iter().enumerate().filter_map(|(unit, old)| Some((unit, old?))).collect();
        }
        chunk.lose::<I>(wiring, loss);
    }
}
