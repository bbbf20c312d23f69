//! Decides about samples in doubt.

use super::super::dispatch::Pass;
use super::super::simd::{BLOCK, InstructionSet, Row, Vector};
use super::activations::Activations;
use super::change::Change;
use super::decide::Doubts;
use super::outcome::Outcome;
use super::samples::Samples;
use super::stage::Stage;
use super::topology::Topology;
use super::wiring::Wiring;

/// Samples in doubt, on their way to an evaluation.
#[derive(Debug, Clone)]
pub(super) struct Queue {
    labels: Row,
    /// Block and lane of each.
    origins: Vec<(usize, usize)>,
}

impl Queue {
    pub(super) fn new() -> Self {
        Self { labels: Row::ZERO, origins: Vec::with_capacity(BLOCK) }
    }
}

/// What the forward passes need: the network after the flip, and what is held from before it.
pub(super) struct State<'a> {
    pub(super) topology: &'a Topology,
    pub(super) wiring: &'a Wiring,
    pub(super) samples: &'a Samples,
    pub(super) activations: &'a Activations,
    pub(super) outcome: &'a Outcome,
}

/// Adds to `correct` the samples in doubt that are classified correctly: those that the change cannot touch if they
/// were before it, the others if a forward pass says so. Returns the number of the latter.
pub(super) struct Resolve<'a> {
    pub(super) state: State<'a>,
    pub(super) change: &'a Change,
    pub(super) doubts: &'a Doubts,
    pub(super) queue: &'a mut Queue,
    pub(super) stage: &'a mut Stage,
    pub(super) correct: &'a mut [u64],
}

impl Pass for Resolve<'_> {
    type Output = usize;

    #[inline(always)]
    fn run<I: InstructionSet>(mut self) -> usize {
        let mut n_evaluated = 0;
        for &(b, doubt) in self.doubts {
            let untouched = untouched::<I::One>(self.change, self.state.activations, b);
            self.correct[b] |= self.state.outcome.correct[b] & doubt & untouched;
            let mut rest = doubt & !untouched;
            n_evaluated += rest.count_ones() as usize;
            while rest != 0 {
                let lane = rest.trailing_zeros() as usize;
                rest &= rest - 1;
                self.push(b, lane);
                if self.queue.origins.len() == BLOCK {
                    self.evaluate::<I>();
                }
            }
        }
        if !self.queue.origins.is_empty() {
            self.evaluate::<I>();
        }
        n_evaluated
    }
}

impl Resolve<'_> {
    fn push(&mut self, b: usize, lane: usize) {
        let place = self.queue.origins.len();
        for input in 0..self.state.topology.n_inputs() {
            self.stage.set_input(input, place, self.state.activations.row(input, b).0[lane]);
        }
        self.queue.labels.0[place] = self.state.samples.labels(b).0[lane];
        self.queue.origins.push((b, lane));
    }

    #[inline(always)]
    fn evaluate<I: InstructionSet>(&mut self) {
        self.stage.forward::<I>(self.state.topology, self.state.wiring, None);
        let correct = self.state.outcome.correct_of::<I>(self.stage.logits(), &self.queue.labels);
        for (place, (b, lane)) in self.queue.origins.drain(..).enumerate() {
            self.correct[b] |= (correct >> place & 1) << lane;
        }
    }
}

/// The samples of block `b` for which the canonical activations are certain to be what they were: the source of the
/// flipped weight is off, or its target is before and after.
#[inline(always)]
fn untouched<V: Vector>(change: &Change, activations: &Activations, b: usize) -> u64 {
    let carriers = change.carriers();
    let source = activations.row(carriers[0].unit, b);
    let is_input = activations.is_input(carriers[0].unit);
    let mut untouched = 0;
    for at in (0..BLOCK).step_by(V::WIDTH) {
        let value = V::load(source, at);
        let silent = if is_input {
            value.equal(V::splat(0.0))
        } else {
            V::splat(-change.carrier_gap(0)).greater(value)
        };
        untouched |= V::bits(silent) << at;
        if let Some(target) = carriers.get(1) {
            let value = if is_input { value } else { value.relu() };
            let old = V::load(activations.row(target.unit, b), at);
            let new = V::splat(change.edges(1)[0].weight).mul_add(value, old);
            let bound = V::splat(-change.carrier_gap(1));
            untouched |= (V::bits(bound.greater(old)) & V::bits(bound.greater(new))) << at;
        }
    }
    untouched
}
