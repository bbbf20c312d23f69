//! Takes a change through a block of samples.

use super::super::simd::{BLOCK, InstructionSet, Row, Vector};
use super::activations::Activations;
use super::change::{Change, Edge};

/// By how much the activation of each carrier of `change` changes in block `b`, into `rows`; false if none changes.
/// With `KEEP`, the sums of the hidden units are replaced by the new ones.
#[inline(always)]
pub(super) fn propagate<I: InstructionSet, const KEEP: bool>(
    change: &Change,
    activations: &mut Activations,
    b: usize,
    rows: &mut [Row],
) -> bool {
    let source = change.carriers()[0].unit;
    let relu = !activations.is_input(source);
    let mut moved = false;
    for at in (0..BLOCK).step_by(I::Half::WIDTH) {
        let value = I::Half::load(activations.row(source, b), at);
        let value = if relu { value.relu() } else { value };
        value.store(&mut rows[0], at);
        moved |= !is_zero(value);
    }
    let n = change.carriers().len();
    if n == 1 || !moved {
        return moved;
    }
    moved = move_unit::<I, KEEP>(change, 1, activations, b, rows);
    if moved {
        for i in 2..n {
            move_unit::<I, KEEP>(change, i, activations, b, rows);
        }
    }
    moved
}

/// By how much the activation of carrier `i` changes; false if it does not.
#[inline(always)]
fn move_unit<I: InstructionSet, const KEEP: bool>(
    change: &Change,
    i: usize,
    activations: &mut Activations,
    b: usize,
    rows: &mut [Row],
) -> bool {
    let (unit, edges) = (change.carriers()[i].unit, change.edges(i));
    let mut moved = false;
    for at in (0..BLOCK).step_by(I::Half::WIDTH) {
        let old = I::Half::load(activations.row(unit, b), at);
        let new = add_edges(old, edges, rows, at);
        if KEEP {
            new.store(activations.sums_mut(unit, b), at);
        }
        let difference = new.relu().sub(old.relu());
        difference.store(&mut rows[i], at);
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
pub(super) fn add_edges<V: Vector>(mut sum: V, edges: &[Edge], rows: &[Row], at: usize) -> V {
    for edge in edges {
        sum = V::splat(edge.weight).mul_add(V::load(&rows[edge.carrier], at), sum);
    }
    sum
}

/// The logits of a block after `change`, given the `rows` of its carriers.
#[inline(always)]
pub(super) fn new_logits<I: InstructionSet>(change: &Change, held: &[Row], rows: &[Row], logits: &mut [Row]) {
    for (c, (held, logit)) in held.iter().zip(logits).enumerate() {
        let edges = change.output_edges(c);
        for at in (0..BLOCK).step_by(I::Half::WIDTH) {
            add_edges(I::Half::load(held, at), edges, rows, at).store(logit, at);
        }
    }
}
