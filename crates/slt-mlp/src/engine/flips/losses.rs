//! The cross-entropy after a flip.

use super::super::loss::block_sum;
use super::change::{Change, Edge};
use super::outcome::LARGEST_STEP;
use super::propagate::{State, add_edges, new_logits, propagate};
use super::sums::Stage;
use super::wiring::View;
use slt_simd::fused::{BLOCK, Row, Vector, Vectors};
use slt_simd::math::{exp, log1p};
use slt_simd::{InstructionSet, Pass, dispatch};

/// The sum of the losses of all samples after a change, added up as `docs/numerics.md` says. `None` as soon as it is more
/// than `most`: losses are not negative, so the sum only grows.
pub(super) fn sum_losses(
    instructions: InstructionSet,
    state: State<'_>,
    change: &Change,
    rows: &mut [Row],
    most: f64,
) -> Option<f64> {
    dispatch(instructions, SumLosses { state, change, rows, most })
}

struct SumLosses<'a> {
    state: State<'a>,
    change: &'a Change,
    rows: &'a mut [Row],
    most: f64,
}

impl Pass for SumLosses<'_> {
    type Output = Option<f64>;

    #[inline(always)]
    fn run<I: Vectors>(self) -> Option<f64> {
        let Self { state, change, rows, most } = self;
        let (rows, logits) = rows.split_at_mut(change.n_carriers());
        let mut sum = 0.0;
        for b in 0..state.samples.n_blocks() {
            sum += if propagate::<I>(change, state.sums, b, rows) {
                block_loss::<I>(state, change, b, rows, logits)
            } else {
                state.outcome.block_loss(b)
            };
            if sum > most {
                return None;
            }
        }
        Some(sum)
    }
}

/// The sum of the losses of block `b` after `change`, given the `rows` of its carriers. There is room for the logits.
#[inline(always)]
pub(super) fn block_loss<I: Vectors>(
    State { samples, sums, outcome }: State<'_>,
    change: &Change,
    b: usize,
    rows: &[Row],
    logits: &mut [Row],
) -> f64 {
    let labels = samples.labels(b);
    let mut losses = Row::ZERO;
    let held_logits = sums.logits(b);
    let accurate = if held_logits.len() == 2 {
        let margins = &outcome.margins()[b];
        margin_losses::<I::Half>(margins, change.margin_edges(), rows, labels, &mut losses)
    } else {
        let odds = outcome.odds().filter(|_| change.largest_step() <= LARGEST_STEP);
        odds.is_some_and(|odds| odds.losses::<I::Half>(change, rows, labels, b, &mut losses))
    };
    if accurate {
        samples.clear_padding(&mut losses, b);
    } else {
        let logits = &mut logits[..held_logits.len()];
        new_logits::<I>(change, held_logits, rows, logits);
        losses = outcome.losses_of::<I>(samples, logits, b);
    }
    block_sum(&losses.0)
}

/// The losses of two classes: log1p(exp(-|margin|)), and |margin| more where the label has the smaller logit. Not
/// all of them are finite if the answer is false.
#[inline(always)]
fn margin_losses<V: Vector>(
    margins: &Row,
    edges: &[Edge],
    rows: &[Row],
    labels: &Row,
    losses: &mut Row,
) -> bool {
    let (zero, one) = (V::splat(0.0), V::splat(1.0));
    let mut all = true;
    for at in (0..BLOCK).step_by(V::WIDTH) {
        let margin = add_edges(V::load(margins, at), edges, rows, at);
        let inverse = zero.sub(margin);
        let below = margin.select(zero.greater(margin), inverse);
        let against = inverse.select(V::load(labels, at).equal(one), margin);
        let loss = log1p(exp(below)).add(against.relu());
        all &= V::bits(V::splat(f32::INFINITY).greater(loss)) == u64::MAX >> (BLOCK - V::WIDTH);
        loss.store(losses, at);
    }
    all
}

/// The same by a forward pass of all samples.
pub(super) fn sum_fresh_losses(
    instructions: InstructionSet,
    state: State<'_>,
    view: View<'_>,
    stage: &mut Stage,
    most: f64,
) -> Option<f64> {
    dispatch(instructions, SumFreshLosses { state, view, stage, most })
}

struct SumFreshLosses<'a> {
    state: State<'a>,
    view: View<'a>,
    stage: &'a mut Stage,
    most: f64,
}

impl Pass for SumFreshLosses<'_> {
    type Output = Option<f64>;

    #[inline(always)]
    fn run<I: Vectors>(self) -> Option<f64> {
        let Self { state: State { samples, sums, outcome }, view, stage, most } = self;
        let mut sum = 0.0;
        for b in 0..samples.n_blocks() {
            stage.load_inputs(sums, b);
            stage.forward::<I>(view);
            sum += block_sum(&outcome.losses_of::<I>(samples, stage.logits(), b).0);
            if sum > most {
                return None;
            }
        }
        Some(sum)
    }
}
