//! Canonical sums: what a fresh evaluation computes.

use super::super::dispatch::Pass;
use super::super::simd::{BLOCK, InstructionSet, Row, Vector};
use super::activations::Activations;
use super::outcome::Outcome;
use super::samples::Samples;
use super::stage::Stage;
use super::topology::Topology;
use super::wiring::Wiring;

/// Computes everything.
pub(super) struct RecomputeAll<'a> {
    pub(super) topology: &'a Topology,
    pub(super) wiring: &'a Wiring,
    pub(super) samples: &'a Samples,
    pub(super) activations: &'a mut Activations,
    pub(super) outcome: &'a mut Outcome,
    pub(super) tops: &'a mut Tops,
    pub(super) stage: &'a mut Stage,
}

impl Pass for RecomputeAll<'_> {
    type Output = ();

    #[inline(always)]
    fn run<I: InstructionSet>(self) {
        let Self { topology, wiring, samples, activations, outcome, tops, stage } = self;
        for b in 0..samples.n_blocks() {
            stage.load_inputs(topology, activations, b);
            stage.forward::<I>(topology, wiring, Some((activations, b)));
            for unit in topology.n_inputs()..topology.first_output() {
                tops.raise::<I::One>(unit, activations.row(unit, b));
            }
            outcome.set::<I>(samples, activations.logits(b), b);
        }
    }
}

/// Computes a unit and those that depend on it.
pub(super) struct Recompute<'a> {
    pub(super) topology: &'a Topology,
    pub(super) wiring: &'a Wiring,
    pub(super) samples: &'a Samples,
    pub(super) activations: &'a mut Activations,
    pub(super) outcome: &'a mut Outcome,
    /// Ascending.
    pub(super) units: &'a [usize],
    pub(super) tops: &'a mut Tops,
}

impl Pass for Recompute<'_> {
    type Output = ();

    #[inline(always)]
    fn run<I: InstructionSet>(self) {
        let Self { topology, wiring, samples, activations, outcome, units, tops } = self;
        for b in 0..samples.n_blocks() {
            let (mut rest, mut changed) = (units, true);
            if !topology.is_output(units[0]) {
                let before = *activations.row(units[0], b);
                activations.compute::<I>(topology, wiring, units[0], b);
                changed = activations_differ::<I::One>(&before, activations.row(units[0], b));
                rest = &units[1..];
            }
            if changed {
                for &unit in rest {
                    activations.compute::<I>(topology, wiring, unit, b);
                }
                outcome.set::<I>(samples, activations.logits(b), b);
            }
            for &unit in units {
                if !topology.is_output(unit) {
                    tops.raise::<I::One>(unit, activations.row(unit, b));
                }
            }
        }
    }
}

/// Whether sums that differ come to different activations.
#[inline(always)]
fn activations_differ<V: Vector>(a: &Row, b: &Row) -> bool {
    let mut same = true;
    for at in (0..BLOCK).step_by(V::WIDTH) {
        let equal = V::bits(V::load(a, at).relu().equal(V::load(b, at).relu()));
        same &= equal == u64::MAX >> (BLOCK - V::WIDTH);
    }
    !same
}

/// The largest sums of the hidden units.
#[derive(Debug, Clone)]
pub(super) struct Tops {
    /// By unit, in the first lanes of a row.
    rows: Vec<Row>,
}

impl Tops {
    pub(super) fn new(topology: &Topology) -> Self {
        Self { rows: vec![Row::ZERO; topology.first_output()] }
    }

    /// Forgets what is known of a unit.
    pub(super) fn clear(&mut self, unit: usize) {
        self.rows[unit] = Row([f32::NEG_INFINITY; BLOCK]);
    }

    /// Takes more sums of a unit.
    #[inline(always)]
    pub(super) fn raise<V: Vector>(&mut self, unit: usize, sums: &Row) {
        let mut top = V::load(&self.rows[unit], 0);
        for at in (0..BLOCK).step_by(V::WIDTH) {
            let sum = V::load(sums, at);
            top = sum.select(sum.greater(top), top);
        }
        top.store(&mut self.rows[unit], 0);
    }

    /// The largest sum of a unit that was ever taken since it was cleared.
    pub(super) fn get(&self, unit: usize) -> f64 {
        f64::from(self.rows[unit].0.iter().fold(f32::NEG_INFINITY, |a, &b| a.max(b)))
    }
}
