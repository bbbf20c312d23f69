//! The profile of a unit: for every sample the loss as a function of the unit's sum, as a table.

use rayon::prelude::*;
use slt_core::BitMask;

use super::behind::{Behind, Strips};
use super::inputs::Inputs;
use super::state::{CHUNK, Chunk};
use super::tables::{POINTS, Points, Source, Tables};
use super::wiring::{Unit, Wiring};
use crate::metric::Loss;
use slt_simd::fused::{BLOCK, Vectors};
use slt_simd::{InstructionSet, Pass, dispatch};

/// How much a table reaches beyond the sums that there are: they will change. Further out it goes on as a
/// straight line.
const MARGIN: f32 = 0.15;

/// An open unit.
#[derive(Debug)]
pub(super) struct Profile {
    pub(super) unit: Unit,
    tables: Tables,
    /// Sums as they were, chunk after chunk.
    before: Vec<i32>,
    /// The sum of the losses, as the tables have it.
    pub(super) loss: f64,
    /// Whether nothing depends on the unit, so that the tables are empty.
    is_nothing: bool,
    /// Whether anything was flipped.
    pub(super) is_changed: bool,
}

impl Profile {
    /// Tabulates what the samples lose by what the unit says.
    pub(super) fn new(
        instructions: InstructionSet,
        wiring: &Wiring,
        chunks: &[Chunk],
        mask: &BitMask,
        unit: Unit,
        loss: Loss<'_>,
    ) -> Self {
        let behind = Behind::new(wiring, mask, unit);
        let is_hidden = !wiring.is_output(unit);
        let limits = |chunk: &Chunk| {
            let sums = chunk.sums(unit)[..chunk.len].iter();
            sums.fold((i32::MAX, i32::MIN), |(low, high), &sum| (low.min(sum), high.max(sum)))
        };
        let of_chunks = chunks.par_iter().map(limits);
        let (low, high) = of_chunks.reduce(|| (i32::MAX, i32::MIN), |a, b| (a.0.min(b.0), a.1.max(b.1)));
        let (low, high) = if is_hidden { (0, high.max(0)) } else { (low, high) };
        // Not all points at one place.
        let least = (1.0 / wiring.fixed.unit(unit.layer)).clamp(16.0, 1e9);
        let span = ((high - low) as f32).max(least);
        let low = if is_hidden { 0 } else { low - (MARGIN * span) as i32 };
        let span = span * if is_hidden { 1.0 + MARGIN } else { 1.0 + 2.0 * MARGIN };
        let points = Points { low, per_unit: (POINTS - 1) as f32 / span, is_hidden };
        let n = chunks.len() * CHUNK;
        let mut profile = Self {
            unit,
            tables: Tables::new(points, n),
            before: chunks.iter().flat_map(|chunk| chunk.sums(unit)).copied().collect(),
            loss: chunks.iter().map(|chunk| chunk.loss).sum(),
            is_nothing: behind.is_nothing(wiring),
            is_changed: false,
        };
        profile.tables.sums[..n].copy_from_slice(&profile.before);
        if profile.is_nothing {
            return profile;
        }
        let losses = profile.tables.losses.par_chunks_mut(CHUNK * POINTS);
        let now = profile.tables.now.par_chunks_mut(CHUNK);
        losses.zip(now).zip(chunks).for_each_init(Strips::default, |strips, ((losses, now), chunk)| {
            dispatch(
                instructions,
                Tabulate { behind: &behind, wiring, chunk, points, loss, strips, losses, now },
            );
        });
        profile
    }

    /// By how much the sum of the losses changes if a weight is flipped, by the tables. `by` is what its
    /// source is multiplied with: see [`super::fixed::Fixed::factor`]; negated for a weight that is active.
    pub(super) fn change(
        &self,
        instructions: InstructionSet,
        inputs: &Inputs,
        chunks: &[Chunk],
        source: usize,
        by: f32,
    ) -> f64 {
        if self.is_nothing {
            return 0.0;
        }
        self.tables.change(instructions, &self.source(inputs, chunks, source), by)
    }

    /// Flips a weight.
    pub(super) fn flip(
        &mut self,
        instructions: InstructionSet,
        inputs: &Inputs,
        chunks: &[Chunk],
        source: usize,
        by: f32,
    ) {
        let source = self.source(inputs, chunks, source);
        self.loss += self.tables.flip(instructions, &source, by);
        self.is_changed = true;
    }

    /// What a source of the unit says.
    fn source<'a>(&self, inputs: &'a Inputs, chunks: &'a [Chunk], source: usize) -> Source<'a> {
        if self.unit.layer == 0 {
            return Source::Sparse(&inputs.columns[source]);
        }
        let source = Unit { layer: self.unit.layer - 1, index: source };
        Source::Dense(chunks.iter().map(|chunk| chunk.sums(source)).collect())
    }

    /// The sums as they are now, for a chunk.
    pub(super) fn sums(&self, chunk: usize) -> &[i32] {
        &self.tables.sums[chunk * CHUNK..][..CHUNK]
    }

    /// The sums as they were when it was opened, for a chunk.
    pub(super) fn sums_before(&self, chunk: usize) -> &[i32] {
        &self.before[chunk * CHUNK..][..CHUNK]
    }
}

struct Tabulate<'a> {
    behind: &'a Behind,
    wiring: &'a Wiring,
    chunk: &'a Chunk,
    points: Points,
    loss: Loss<'a>,
    strips: &'a mut Strips,
    losses: &'a mut [f32],
    now: &'a mut [f32],
}

impl Pass for Tabulate<'_> {
    type Output = ();

    #[inline(always)]
    fn run<I: Vectors>(self) {
        let Self { behind, wiring, chunk, points, loss, strips, losses, now } = self;
        let unit = behind.unit();
        let scale = wiring.fixed.unit(unit.layer);
        let slots: Vec<u32> = (0..wiring.width(wiring.n_layers() - 1) as u32).collect();
        for block in chunk.blocks() {
            let (tables, _) = losses[block * BLOCK * POINTS..][..BLOCK * POINTS].as_chunks_mut::<POINTS>();
            strips.start::<I>(behind, wiring, chunk, block);
            for point in 0..POINTS {
                let (labels, valid) = (chunk.labels(block), chunk.valid(block));
                let of_block =
                    strips.losses::<I>(behind, points.at(point) * scale, loss, &slots, labels, valid);
                tables.iter_mut().zip(&of_block.0).for_each(|(table, &loss)| table[point] = loss);
            }
        }
        Tables::read_chunk::<I::Eight>(points, losses, chunk.sums(unit), now);
    }
}
