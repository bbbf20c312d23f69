//! Takes a change through the blocks of samples.

use super::change::{Change, add_edges};
use super::summary::{LabelBlocks, LogitSummary};
use super::sums::Sums;
use slt_simd::fused::{BLOCK, Strip, Vector, Vectors};

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

/// By how much the activation of each carrier of `change` changes in block `b`, into `strips`; false if none
/// changes.
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
