//! The kernels, generic over the vectors. They take blocks of samples through a program.
//!
//! Everything here is `#[inline(always)]` and written with plain loops: the copies that run are those that
//! [`super::dispatch`] instantiates inside functions with the right target features.

use ndarray::Array2;

use super::blocks::{Block, Blocks};
use super::loss::{BlockLoss, block_sum};
use super::program::{Edge, Program, Unit};
use slt_simd::fused::{BLOCK, Strip, Vector, Vectors};

/// What is kept of the logits of a mask for a block.
pub(super) trait Readout: Sync {
    type Output: Send + Sync;

    /// What the mask loses by this: wrong samples, or the sum of the losses. Never negative.
    fn cost(&self, output: &Self::Output, block: Block<'_>) -> f64;

    /// Calls `each` with the lane and the cost of the samples that cost anything.
    fn for_each_cost(&self, output: &Self::Output, block: Block<'_>, each: impl FnMut(usize, f32));

    /// `slots` are the slots of the logits in `strips`, class by class.
    fn read<I: Vectors>(&self, strips: &[Strip], slots: &[u32], block: Block<'_>) -> Self::Output;
}

/// The samples that are classified correctly, as bits.
pub(super) struct Correct;

impl Readout for Correct {
    type Output = u64;

    fn cost(&self, output: &u64, block: Block<'_>) -> f64 {
        f64::from((block.valid & !output).count_ones())
    }

    fn for_each_cost(&self, output: &u64, block: Block<'_>, mut each: impl FnMut(usize, f32)) {
        let mut wrong = block.valid & !output;
        while wrong != 0 {
            each(wrong.trailing_zeros() as usize, 1.0);
            wrong &= wrong - 1;
        }
    }

    #[inline(always)]
    fn read<I: Vectors>(&self, strips: &[Strip], slots: &[u32], block: Block<'_>) -> u64 {
        let mut hits = 0;
        if let &[zero, one] = slots {
            let (zero, one) = (&strips[zero as usize], &strips[one as usize]);
            for at in (0..BLOCK).step_by(I::One::WIDTH) {
                hits |= I::One::bits(I::One::load(one, at).greater(I::One::load(zero, at))) << at;
            }
            hits = !(hits ^ block.is_class_one);
        } else {
            for at in (0..BLOCK).step_by(I::One::WIDTH) {
                let (class, _) = argmax::<I::One>(strips, slots, at);
                hits |= I::One::bits(class.equal(I::One::load(block.labels, at))) << at;
            }
        }
        hits & block.valid
    }
}

/// The predicted classes, as floats. What a sample costs stands in a matrix, row by row, if masks race.
pub(super) struct Classes<'a> {
    pub(super) costs: Option<&'a Array2<f64>>,
}

impl Classes<'_> {
    /// Calls `each` with the lane and the cost of each sample.
    #[inline]
    fn costs(&self, output: &Strip, block: Block<'_>, mut each: impl FnMut(usize, f64)) {
        let Some(costs) = self.costs else { return };
        for (lane, right, predicted) in pairs(output, block) {
            each(lane, costs[[right, predicted]]);
        }
    }
}

impl Readout for Classes<'_> {
    type Output = Strip;

    fn cost(&self, output: &Strip, block: Block<'_>) -> f64 {
        let mut total = 0.0;
        self.costs(output, block, |_, cost| total += cost);
        total
    }

    fn for_each_cost(&self, output: &Strip, block: Block<'_>, mut each: impl FnMut(usize, f32)) {
        self.costs(output, block, |lane, cost| each(lane, cost as f32));
    }

    #[inline(always)]
    fn read<I: Vectors>(&self, strips: &[Strip], slots: &[u32], _block: Block<'_>) -> Strip {
        let mut classes = Strip::ZERO;
        for at in (0..BLOCK).step_by(I::One::WIDTH) {
            argmax::<I::One>(strips, slots, at).0.store(&mut classes, at);
        }
        classes
    }
}

/// Lane, class and predicted class of the samples of a block.
pub(super) fn pairs(classes: &Strip, block: Block<'_>) -> impl Iterator<Item = (usize, usize, usize)> {
    let n = block.valid.count_ones() as usize;
    let pairs = block.labels.0[..n].iter().zip(&classes.0).enumerate();
    pairs.map(|(lane, (&right, &predicted))| (lane, right as usize, predicted as usize))
}

/// The loss of each sample; 0 for padding.
pub(super) struct Losses<L>(pub(super) L);

impl<L: BlockLoss> Readout for Losses<L> {
    type Output = Strip;

    fn cost(&self, output: &Strip, _block: Block<'_>) -> f64 {
        block_sum(&output.0)
    }

    fn for_each_cost(&self, output: &Strip, block: Block<'_>, mut each: impl FnMut(usize, f32)) {
        for (lane, &loss) in output.0[..block.valid.count_ones() as usize].iter().enumerate() {
            each(lane, loss);
        }
    }

    #[inline(always)]
    fn read<I: Vectors>(&self, strips: &[Strip], slots: &[u32], block: Block<'_>) -> Strip {
        self.0.losses::<I::One>(strips, slots, block.labels, block.valid)
    }
}

/// The logits, sample by sample. They cost nothing: what they are worth shows when all are there.
pub(super) struct Logits;

impl Readout for Logits {
    type Output = Box<[f32]>;

    fn cost(&self, _output: &Box<[f32]>, _block: Block<'_>) -> f64 {
        0.0
    }

    fn for_each_cost(&self, _output: &Box<[f32]>, _block: Block<'_>, _each: impl FnMut(usize, f32)) {}

    #[inline(always)]
    fn read<I: Vectors>(&self, strips: &[Strip], slots: &[u32], block: Block<'_>) -> Box<[f32]> {
        let lanes = 0..block.valid.count_ones() as usize;
        lanes.flat_map(|lane| slots.iter().map(move |&slot| strips[slot as usize].0[lane])).collect()
    }
}

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
