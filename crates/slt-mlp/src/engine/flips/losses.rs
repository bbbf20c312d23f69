//! The cross-entropy after a flip.

use super::super::loss::block_sum;
use super::change::{Change, Edge, add_edges};
use super::propagate::{State, new_logits, propagate};
use super::summary::LARGEST_STEP;
use super::sums::ForwardPass;
use super::wiring::View;
use slt_simd::fused::{BLOCK, Strip, Vector, Vectors};
use slt_simd::math::{exp, log1p};
use slt_simd::{InstructionSet, Pass, dispatch};

/// The sum of the losses of all samples after a change, added up as `docs/numerics.md` says. `None` as soon
/// as it is more than `most`: losses are not negative, so the sum only grows.
pub(super) fn sum_losses(
    instructions: InstructionSet,
    state: State<'_>,
    change: &Change,
    strips: &mut [Strip],
    most: f64,
) -> Option<f64> {
    dispatch(instructions, SumLosses { state, change, strips, most })
}

struct SumLosses<'a> {
    state: State<'a>,
    change: &'a Change,
    strips: &'a mut [Strip],
    most: f64,
}

impl Pass for SumLosses<'_> {
    type Output = Option<f64>;

    #[inline(always)]
    fn run<I: Vectors>(self) -> Option<f64> {
        let Self { state, change, strips, most } = self;
        let (strips, logits) = strips.split_at_mut(change.n_carriers());
        let mut sum = 0.0;
        for b in 0..state.samples.n_blocks() {
            sum += if propagate::<I>(change, state.sums, b, strips) {
                block_loss::<I>(state, change, b, strips, logits)
            } else {
                state.summary.block_loss(b)
            };
            if sum > most {
                return None;
            }
        }
        Some(sum)
    }
}

/// The sum of the losses of block `b` after `change`, given the `strips` of its carriers. There is room for
/// the logits.
#[inline(always)]
pub(super) fn block_loss<I: Vectors>(
    State { samples, sums, summary }: State<'_>,
    change: &Change,
    b: usize,
    strips: &[Strip],
    logits: &mut [Strip],
) -> f64 {
    let labels = samples.labels(b);
    let mut losses = Strip::ZERO;
    let held_logits = sums.logits(b);
    let accurate = if held_logits.len() == 2 {
        let margins = &summary.margins()[b];
        margin_losses::<I::Half>(margins, change.margin_edges(), strips, labels, &mut losses)
    } else {
        let exponentials = summary.exponentials().filter(|_| change.largest_step() <= LARGEST_STEP);
        exponentials.is_some_and(|exponentials| {
            exponentials.losses::<I::Half>(change, strips, labels, b, &mut losses)
        })
    };
    if accurate {
        samples.clear_padding(&mut losses, b);
    } else {
        let logits = &mut logits[..held_logits.len()];
        new_logits::<I>(change, held_logits, strips, logits);
        losses = summary.losses_of::<I>(samples, logits, b);
    }
    block_sum(&losses.0)
}

/// The losses of two classes: log1p(exp(-|margin|)), and |margin| more where the label has the smaller logit.
/// Not all of them are finite if the answer is false.
#[inline(always)]
fn margin_losses<V: Vector>(
    margins: &Strip,
    edges: &[Edge],
    strips: &[Strip],
    labels: &Strip,
    losses: &mut Strip,
) -> bool {
    let (zero, one) = (V::splat(0.0), V::splat(1.0));
    let mut all = true;
    for at in (0..BLOCK).step_by(V::WIDTH) {
        let margin = add_edges(V::load(margins, at), edges, strips, at);
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
    forward: &mut ForwardPass,
    most: f64,
) -> Option<f64> {
    dispatch(instructions, SumFreshLosses { state, view, forward, most })
}

struct SumFreshLosses<'a> {
    state: State<'a>,
    view: View<'a>,
    forward: &'a mut ForwardPass,
    most: f64,
}

impl Pass for SumFreshLosses<'_> {
    type Output = Option<f64>;

    #[inline(always)]
    fn run<I: Vectors>(self) -> Option<f64> {
        let Self { state: State { samples, sums, summary }, view, forward, most } = self;
        let mut sum = 0.0;
        for b in 0..samples.n_blocks() {
            forward.load_inputs(sums, b);
            forward.run::<I>(view);
            sum += block_sum(&summary.losses_of::<I>(samples, forward.logits(), b).0);
            if sum > most {
                return None;
            }
        }
        Some(sum)
    }
}
