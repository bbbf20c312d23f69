//! Changes the held sums by what a flip adds to them, without computing them afresh.

use super::super::dispatch::Pass;
use super::super::simd::{BLOCK, InstructionSet, Row, Vector};
use super::activations::Activations;
use super::change::{Change, Reach};
use super::outcome::Outcome;
use super::propagate::{add_edges, new_logits, propagate};
use super::recompute::Tops;
use super::samples::Samples;

/// Changes the sums of the hidden units and the margins. Of the logits, only those of more than two classes: the
/// margins of two take their place.
pub(super) struct Apply<'a> {
    pub(super) change: &'a Change,
    pub(super) reach: Reach,
    pub(super) samples: &'a Samples,
    pub(super) activations: &'a mut Activations,
    pub(super) outcome: &'a mut Outcome,
    pub(super) rows: &'a mut [Row],
    pub(super) tops: &'a mut Tops,
}

impl Pass for Apply<'_> {
    type Output = ();

    #[inline(always)]
    fn run<I: InstructionSet>(self) {
        let Self { change, reach, samples, activations, outcome, rows, tops } = self;
        let hidden = &change.carriers()[1..];
        let (rows, logits) = rows.split_at_mut(change.carriers().len());
        for b in 0..samples.n_blocks() {
            let moved = propagate::<I, true>(change, activations, b, rows);
            for carrier in hidden {
                tops.raise::<I::One>(carrier.unit, activations.row(carrier.unit, b));
            }
            if !moved || reach != Reach::Outputs {
                continue;
            }
            let held = activations.logits_mut(b);
            if held.len() == 2 {
                let margins = &mut outcome.margins[b];
                for at in (0..BLOCK).step_by(I::Half::WIDTH) {
                    let held = I::Half::load(margins, at);
                    add_edges(held, change.margin_edges(), rows, at).store(margins, at);
                }
            } else {
                let logits = &mut logits[..held.len()];
                new_logits::<I>(change, held, rows, logits);
                held.copy_from_slice(logits);
                outcome.set_margins::<I>(samples, logits, b);
            }
        }
    }
}
