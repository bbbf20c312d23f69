//! The kernels, generic over the vectors. They take blocks of samples through a program.
//!
//! Everything here is `#[inline(always)]` and written with plain loops: the copies that run are those that
//! [`super::dispatch`] instantiates inside functions with the right target features.

use super::blocks::Blocks;
use super::program::{Edge, Program, Unit};
use slt_simd::fused::{BLOCK, Strip, Vector, Vectors};

/// First largest class, as a float, and its logit.
#[inline(always)]
pub(super) fn argmax<V: Vector>(strips: &[Strip], slots: &[u32], at: usize) -> (V, V) {
    let mut class = V::splat(0.0);
    let mut top = V::load(&strips[slots[0] as usize], at);
    let mut c = 0.0;
    for &slot in &slots[1..] {
        c += 1.0;
        let z = V::load(&strips[slot as usize], at);
        let larger = z.greater(top);
        class = V::splat(c).select(larger, class);
        top = z.select(larger, top);
    }
    (class, top)
}

/// bias + sum of weight * source, sources ascending, for `V::WIDTH` samples.
#[inline(always)]
fn sum<V: Vector>(unit: &Unit, edges: &[Edge], strips: &[Strip], at: usize) -> V {
    let mut sum = V::splat(unit.bias);
    for edge in edges {
        sum = V::splat(edge.weight).mul_add(V::load(&strips[edge.source as usize], at), sum);
    }
    sum
}

/// Computes units, one after the other.
#[inline(always)]
fn compute<V: Vector>(units: &[Unit], edges: &[Edge], mut start: usize, strips: &mut [Strip]) {
    for unit in units {
        let active = &edges[start..unit.end as usize];
        start = unit.end as usize;
        for at in (0..BLOCK).step_by(V::WIDTH) {
            let sum = sum::<V>(unit, active, strips, at);
            let value = if unit.hidden { sum.relu() } else { sum };
            value.store(&mut strips[unit.slot as usize], at);
        }
    }
}

/// The two logits of a shallow network: each hidden value is added to both as soon as it is known.
#[inline(always)]
fn compute_shallow<V: Vector>(program: &Program, features: &[Strip], strips: &mut [Strip]) {
    let [hidden @ .., zero, one] = &program.units[..] else { return };
    for at in (0..BLOCK).step_by(V::WIDTH) {
        let mut logits = (V::splat(zero.bias), V::splat(one.bias));
        let mut start = 0;
        for (unit, fan) in hidden.iter().zip(&program.shallow) {
            let active = &program.edges[start..unit.end as usize];
            start = unit.end as usize;
            let value = sum::<V>(unit, active, features, at).relu();
            if fan.active[0] {
                logits.0 = V::splat(fan.weights[0]).mul_add(value, logits.0);
            }
            if fan.active[1] {
                logits.1 = V::splat(fan.weights[1]).mul_add(value, logits.1);
            }
        }
        logits.0.store(&mut strips[zero.slot as usize], at);
        logits.1.store(&mut strips[one.slot as usize], at);
    }
}

/// Takes the logits of every mask for every block.
pub(super) trait Sink {
    /// Mask `mask` has its logits for block `b` in `slots` of `strips`, class by class.
    fn take<I: Vectors>(&mut self, b: usize, mask: usize, strips: &[Strip], slots: &[u32]);
}

/// Runs `program` on the blocks of a list; `strips` has a strip for each slot.
#[inline(always)]
pub(super) fn run<I: Vectors, S: Sink>(
    program: &Program,
    blocks: &Blocks,
    list: &[usize],
    strips: &mut [Strip],
    sink: &mut S,
) {
    for &b in list {
        let block = blocks.get(b);
        if !program.shallow.is_empty() {
            compute_shallow::<I::Half>(program, block.features, strips);
            sink.take::<I>(b, 0, strips, program.logits(0));
            continue;
        }
        strips[..block.features.len()].copy_from_slice(block.features);
        let (mut first, mut first_edge) = (0, 0);
        for (mask, &end) in program.ends.iter().enumerate() {
            let units = &program.units[first..end as usize];
            compute::<I::Wide>(units, &program.edges, first_edge, strips);
            if let Some(last) = units.last() {
                first_edge = last.end as usize;
            }
            first = end as usize;
            sink.take::<I>(b, mask, strips, program.logits(mask));
        }
    }
}
