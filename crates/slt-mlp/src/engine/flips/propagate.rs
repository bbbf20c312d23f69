//! Takes a change through the blocks of samples.

use super::change::{Change, Edge, Reach};
use super::losses::block_loss;
use super::outcome::{Outcome, Samples};
use super::sums::{Sums, Tops};
use slt_simd::fused::{BLOCK, Row, Vector, Vectors};
use slt_simd::{InstructionSet, Pass, dispatch};

/// What is held of all samples, as far as questions read it.
#[derive(Clone, Copy)]
pub(super) struct State<'a> {
    pub(super) samples: &'a Samples,
    pub(super) sums: &'a Sums,
    pub(super) outcome: &'a Outcome,
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
        new.store(self.row_mut(unit, b), at);
    }
}

/// By how much the activation of each carrier of `change` changes in block `b`, into `rows`; false if none changes.
#[inline(always)]
pub(super) fn propagate<I: Vectors>(
    change: &Change,
    mut access: impl Access,
    b: usize,
    rows: &mut [Row],
) -> bool {
    let (source, n) = (change.unit(0), change.n_carriers());
    let relu = !access.sums().is_input(source);
    let mut moved = false;
    for at in (0..BLOCK).step_by(I::Half::WIDTH) {
        let value = I::Half::load(access.sums().row(source, b), at);
        let value = if relu { value.relu() } else { value };
        value.store(&mut rows[0], at);
        moved |= !is_zero(value);
    }
    if n == 1 || !moved {
        return moved;
    }
    moved = move_unit::<I>(change, 1, &mut access, b, rows);
    if moved {
        for i in 2..n {
            move_unit::<I>(change, i, &mut access, b, rows);
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
    rows: &mut [Row],
) -> bool {
    let (unit, edges) = (change.unit(i), change.edges(i));
    let mut moved = false;
    for at in (0..BLOCK).step_by(I::Half::WIDTH) {
        let old = I::Half::load(access.sums().row(unit, b), at);
        let new = add_edges(old, edges, rows, at);
        access.keep(unit, b, new, at);
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
pub(super) fn new_logits<I: Vectors>(change: &Change, held: &[Row], rows: &[Row], logits: &mut [Row]) {
    for (c, (held, logit)) in held.iter().zip(logits).enumerate() {
        let edges = change.output_edges(c);
        for at in (0..BLOCK).step_by(I::Half::WIDTH) {
            add_edges(I::Half::load(held, at), edges, rows, at).store(logit, at);
        }
    }
}

/// Adds `change` to what is held: to the sums of the hidden units, the margins, and the losses where they are held, but
/// not to the decisions. Finds the `tops` of the units that change. Of the logits, only those of more than two classes are
/// changed: the margins of two take their place.
pub(super) fn apply(
    instructions: InstructionSet,
    (change, reach): (&Change, Reach),
    samples: &Samples,
    sums: &mut Sums,
    outcome: &mut Outcome,
    rows: &mut [Row],
    tops: &mut Tops,
) {
    for i in 1..change.n_carriers() {
        tops.clear(change.unit(i));
    }
    dispatch(instructions, Apply { change, reach, samples, sums, outcome, rows, tops });
}

struct Apply<'a> {
    change: &'a Change,
    reach: Reach,
    samples: &'a Samples,
    sums: &'a mut Sums,
    outcome: &'a mut Outcome,
    rows: &'a mut [Row],
    tops: &'a mut Tops,
}

impl Pass for Apply<'_> {
    type Output = ();

    #[inline(always)]
    fn run<I: Vectors>(self) {
        let Self { change, reach, samples, sums, outcome, rows, tops } = self;
        let (rows, logits) = rows.split_at_mut(change.n_carriers());
        for b in 0..samples.n_blocks() {
            let moved = propagate::<I>(change, &mut *sums, b, rows);
            for i in 1..change.n_carriers() {
                let unit = change.unit(i);
                tops.raise::<I::One>(unit, sums.row(unit, b));
            }
            if !moved || reach != Reach::Outputs {
                continue;
            }
            if outcome.has_losses() {
                let state = State { samples, sums, outcome };
                let loss = block_loss::<I>(state, change, b, rows, logits);
                outcome.set_block_loss(b, loss);
            }
            let held = sums.logits_mut(b);
            if held.len() == 2 {
                let margins = outcome.margins_mut(b);
                for at in (0..BLOCK).step_by(I::Half::WIDTH) {
                    let held = I::Half::load(margins, at);
                    add_edges(held, change.margin_edges(), rows, at).store(margins, at);
                }
            } else {
                let logits = &mut logits[..held.len()];
                new_logits::<I>(change, held, rows, logits);
                held.copy_from_slice(logits);
                outcome.set_margins::<I>(samples, logits, b);
                outcome.set_odds::<I>(samples, logits, b);
            }
        }
        outcome.add_up();
    }
}
