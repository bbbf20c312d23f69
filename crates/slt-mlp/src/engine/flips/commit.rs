//! Takes a change into what is held.

use super::change::{Change, Reach, add_edges};
use super::losses::block_loss;
use super::propagate::{State, new_logits, propagate};
use super::summary::{LabelBlocks, LogitSummary};
use super::sums::{LargestSums, Sums};
use slt_simd::fused::{BLOCK, Strip, Vector, Vectors};
use slt_simd::{InstructionSet, Pass, dispatch};

/// Adds `change` to what is held: to the sums of the hidden units, the margins, and the losses where they are
/// held, but not to the decisions. Finds the `largest_sums` of the units that change. Logits are
/// changed only where there are more than two classes: with two, the margins take their place.
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
