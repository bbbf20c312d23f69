//! Takes a change through the blocks of samples.

use super::change::{Change, Edge, Reach};
use super::losses::block_loss;
use super::summary::{LabelBlocks, LogitSummary};
use super::sums::{LargestSums, Sums};
use slt_simd::fused::{BLOCK, Strip, Vector, Vectors};
use slt_simd::{InstructionSet, Pass, dispatch};

/// What is held of all samples, as far as questions read it.
#[derive(Clone, Copy)]
pub(super) struct State<'a> {
    pub(super) samples: &'a LabelBlocks,
    pub(super) sums: &'a Sums,
    pub(super) summary: &'a LogitSummary,
}

/// The held sums, which take the new ones or stay what they are.
pub(super) trait Access {
    fn sums(&self) -> &Sums;

    /// Takes the new sums of a hidden unit for the lanes of block `b` from `at` on.
    fn keep<V: Vector>(&mut self, unit: usize, b: usize, new: V, at: usize);
}

impl Access for &Sums {
    #[inline(always)]
    fn sums(&self) -> &Sums {
        self
    }

    #[inline(always)]
    fn keep<V: Vector>(&mut self, _unit: usize, _b: usize, _new: V, _at: usize) {}
}

impl Access for &mut Sums {
    #[inline(always)]
    fn sums(&self) -> &Sums {
        self
    }

    #[inline(always)]
    fn keep<V: Vector>(&mut self, unit: usize, b: usize, new: V, at: usize) {
        new.store(self.strip_mut(unit, b), at);
    }
}

/// By how much the activation of each carrier of `change` changes in block `b`, into `strips`; false if none changes.
#[inline(always)]
pub(super) fn propagate<I: Vectors>(
    change: &Change,
    mut access: impl Access,
    b: usize,
    strips: &mut [Strip],
) -> bool {
    let (source, n) = (change.unit(0), change.n_carriers());
    let relu = !access.sums().is_input(source);
    let mut moved = false;
    for at in (0..BLOCK).step_by(I::Half::WIDTH) {
        let value = I::Half::load(access.sums().strip(source, b), at);
        let value = if relu { value.relu() } else { value };
        value.store(&mut strips[0], at);
        moved |= !is_zero(value);
    }
    if n == 1 || !moved {
        return moved;
    }
    moved = move_unit::<I>(change, 1, &mut access, b, strips);
    if moved {
        for i in 2..n {
            move_unit::<I>(change, i, &mut access, b, strips);
        }
    }
    moved
}

/// By how much the activation of carrier `i` changes; false if it does not.
#[inline(always)]
fn move_unit<I: Vectors>(
    change: &Change,
    i: usize,
    access: &mut impl Access,
    b: usize,
    strips: &mut [Strip],
) -> bool {
    let (unit, edges) = (change.unit(i), change.edges(i));
    let mut moved = false;
    for at in (0..BLOCK).step_by(I::Half::WIDTH) {
        let old = I::Half::load(access.sums().strip(unit, b), at);
        let new = add_edges(old, edges, strips, at);
        access.keep(unit, b, new, at);
        let difference = new.relu().sub(old.relu());
        difference.store(&mut strips[i], at);
        moved |= !is_zero(difference);
    }
    moved
}

#[inline(always)]
fn is_zero<V: Vector>(values: V) -> bool {
    V::bits(values.equal(V::splat(0.0))) == u64::MAX >> (BLOCK - V::WIDTH)
}

/// `sum` and what comes over `edges`.
#[inline(always)]
pub(super) fn add_edges<V: Vector>(mut sum: V, edges: &[Edge], strips: &[Strip], at: usize) -> V {
    for edge in edges {
        sum = V::splat(edge.weight).mul_add(V::load(&strips[edge.carrier], at), sum);
    }
    sum
}

/// The logits of a block after `change`, given the `strips` of its carriers.
#[inline(always)]
pub(super) fn new_logits<I: Vectors>(
    change: &Change,
    held: &[Strip],
    strips: &[Strip],
    logits: &mut [Strip],
) {
    for (c, (held, logit)) in held.iter().zip(logits).enumerate() {
        let edges = change.output_edges(c);
        for at in (0..BLOCK).step_by(I::Half::WIDTH) {
            add_edges(I::Half::load(held, at), edges, strips, at).store(logit, at);
        }
    }
}

/// Adds `change` to what is held: to the sums of the hidden units, the margins, and the losses where they are held, but
/// not to the decisions. Finds the `largest_sums` of the units that change. Of the logits, only those of more than two classes are
/// changed: the margins of two take their place.
pub(super) fn apply(
    instructions: InstructionSet,
    (change, reach): (&Change, Reach),
    samples: &LabelBlocks,
    sums: &mut Sums,
    summary: &mut LogitSummary,
    strips: &mut [Strip],
    largest_sums: &mut LargestSums,
) {
    for i in 1..change.n_carriers() {
        largest_sums.clear(change.unit(i));
    }
    dispatch(instructions, Apply { change, reach, samples, sums, summary, strips, largest_sums });
}

struct Apply<'a> {
    change: &'a Change,
    reach: Reach,
    samples: &'a LabelBlocks,
    sums: &'a mut Sums,
    summary: &'a mut LogitSummary,
    strips: &'a mut [Strip],
    largest_sums: &'a mut LargestSums,
}

impl Pass for Apply<'_> {
    type Output = ();

    #[inline(always)]
    fn run<I: Vectors>(self) {
        let Self { change, reach, samples, sums, summary, strips, largest_sums } = self;
        let (strips, logits) = strips.split_at_mut(change.n_carriers());
        for b in 0..samples.n_blocks() {
            let moved = propagate::<I>(change, &mut *sums, b, strips);
            for i in 1..change.n_carriers() {
                let unit = change.unit(i);
                largest_sums.raise::<I::One>(unit, sums.strip(unit, b));
            }
            if !moved || reach != Reach::Outputs {
                continue;
            }
            if summary.has_losses() {
                let state = State { samples, sums, summary };
                let loss = block_loss::<I>(state, change, b, strips, logits);
                summary.set_block_loss(b, loss);
            }
            let held = sums.logits_mut(b);
            if held.len() == 2 {
                let margins = summary.margins_mut(b);
                for at in (0..BLOCK).step_by(I::Half::WIDTH) {
                    let held = I::Half::load(margins, at);
                    add_edges(held, change.margin_edges(), strips, at).store(margins, at);
                }
            } else {
                let logits = &mut logits[..held.len()];
                new_logits::<I>(change, held, strips, logits);
                held.copy_from_slice(logits);
                summary.set_margins::<I>(samples, logits, b);
                summary.set_exponentials::<I>(samples, logits, b);
            }
        }
        summary.add_up();
    }
}
