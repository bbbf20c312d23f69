//! The kernels, generic over the vectors. Each takes one block of samples through a compiled mask.
//!
//! Everything here is `#[inline(always)]`: the copies that run are those that [`super::dispatch`]
//! instantiates inside functions with the right target features.

use super::blocks::Block;
use super::compile::{CompiledMask, Edge, Layer, Neuron};
use super::math::{exp, log1p};
use super::simd::{BLOCK, InstructionSet, Row, Vector};
use crate::Architecture;

/// Rows for the values of two layers, swapped as a block passes through the network.
#[derive(Debug, Clone, Default)]
pub(crate) struct Scratch {
    input: Vec<Row>,
    output: Vec<Row>,
}

impl Scratch {
    pub(crate) fn new(architecture: &Architecture) -> Self {
        let width = architecture.sizes()[1..].iter().copied().max().unwrap_or(0);
        Self { input: vec![Row::ZERO; width], output: vec![Row::ZERO; width] }
    }
}

/// bias + sum of weight * source, sources ascending, for `V::WIDTH` samples.
#[inline(always)]
fn sum<V: Vector>(neuron: &Neuron, edges: &[Edge], input: &[Row], at: usize) -> V {
    let mut sum = V::splat(neuron.bias);
    for edge in edges {
        sum = V::splat(edge.weight).mul_add(V::load(&input[edge.source as usize], at), sum);
    }
    sum
}

#[inline(always)]
fn hidden<V: Vector>(layer: &Layer, input: &[Row], output: &mut [Row]) {
    for (neuron, edges) in layer.iter() {
        let out = &mut output[neuron.target as usize];
        for at in (0..BLOCK).step_by(V::WIDTH) {
            sum::<V>(neuron, edges, input, at).relu().store(out, at);
        }
    }
}

/// The two logits of a network with one hidden layer: each hidden value is added to both as soon as it is known.
#[inline(always)]
fn shallow<V: Vector>(net: &CompiledMask, features: &[Row], output: &mut [Row]) {
    let [zero, one, ..] = output else { return };
    let biases = &net.layers[1].neurons;
    for at in (0..BLOCK).step_by(V::WIDTH) {
        let mut logits = (V::splat(biases[0].bias), V::splat(biases[1].bias));
        let mut fans = net.shallow.iter();
        for (neuron, edges) in net.layers[0].iter() {
            let Some(fan) = fans.next() else { break };
            let value = sum::<V>(neuron, edges, features, at).relu();
            if fan.active[0] {
                logits.0 = V::splat(fan.weights[0]).mul_add(value, logits.0);
            }
            if fan.active[1] {
                logits.1 = V::splat(fan.weights[1]).mul_add(value, logits.1);
            }
        }
        logits.0.store(zero, at);
        logits.1.store(one, at);
    }
}

/// Takes the block through all layers and leaves the logits of class `c` in row `c` of the result.
#[inline(always)]
pub(super) fn logits<'s, I: InstructionSet>(
    net: &CompiledMask,
    block: Block<'_>,
    scratch: &'s mut Scratch,
) -> &'s mut [Row] {
    let Scratch { input, output } = scratch;
    if !net.shallow.is_empty() {
        shallow::<I::Half>(net, block.features, output);
        return &mut output[..2];
    }
    let (last, hidden_layers) = net.layers.split_last().expect("a network has a layer");
    if let Some((first, rest)) = hidden_layers.split_first() {
        hidden::<I::Wide>(first, block.features, output);
        std::mem::swap(input, output);
        for layer in rest {
            hidden::<I::Wide>(layer, input, output);
            std::mem::swap(input, output);
        }
    }
    let source = if hidden_layers.is_empty() { block.features } else { input };
    for (neuron, edges) in last.iter() {
        for at in (0..BLOCK).step_by(I::Wide::WIDTH) {
            sum::<I::Wide>(neuron, edges, source, at).store(&mut output[neuron.target as usize], at);
        }
    }
    &mut output[..last.neurons.len()]
}

/// The samples of the block that are classified correctly, as bits.
#[inline(always)]
pub(super) fn correct<I: InstructionSet>(net: &CompiledMask, block: Block<'_>, scratch: &mut Scratch) -> u64 {
    let logits = logits::<I>(net, block, scratch);
    let mut hits = 0;
    if let [zero, one] = logits {
        for at in (0..BLOCK).step_by(I::One::WIDTH) {
            hits |= I::One::bits(I::One::load(one, at).greater(I::One::load(zero, at))) << at;
        }
        hits = !(hits ^ block.is_class_one);
    } else {
        for at in (0..BLOCK).step_by(I::One::WIDTH) {
            let (class, _) = argmax::<I::One>(logits, at);
            hits |= I::One::bits(class.equal(I::One::load(block.labels, at))) << at;
        }
    }
    hits & block.valid
}

/// First largest class, as a float, and its logit.
#[inline(always)]
fn argmax<V: Vector>(logits: &[Row], at: usize) -> (V, V) {
    let mut class = V::splat(0.0);
    let mut top = V::load(&logits[0], at);
    for (c, row) in logits.iter().enumerate().skip(1) {
        let z = V::load(row, at);
        let larger = z.greater(top);
        class = V::splat(c as f32).select(larger, class);
        top = z.select(larger, top);
    }
    (class, top)
}

/// The cross-entropy of each sample of the block; 0 for the padding of the last block.
#[inline(always)]
pub(super) fn losses<I: InstructionSet>(
    net: &CompiledMask,
    block: Block<'_>,
    scratch: &mut Scratch,
    losses: &mut Row,
) {
    let logits = logits::<I>(net, block, scratch);
    for at in (0..BLOCK).step_by(I::One::WIDTH) {
        let label = I::One::load(block.labels, at);
        let (class, top) = argmax::<I::One>(logits, at);
        let (mut others, mut of_label) = (I::One::splat(0.0), top);
        for (c, row) in logits.iter().enumerate() {
            let z = I::One::load(row, at);
            let c = I::One::splat(c as f32);
            others = others.add(I::One::splat(0.0).select(c.equal(class), exp(z.sub(top))));
            of_label = z.select(c.equal(label), of_label);
        }
        let loss = log1p(others).add(top.sub(of_label));
        let finite = I::One::splat(f32::INFINITY).greater(loss);
        loss.select(finite, I::One::splat(f32::INFINITY)).store(losses, at);
    }
    if block.valid != u64::MAX {
        losses.0[block.valid.count_ones() as usize..].fill(0.0);
    }
}
