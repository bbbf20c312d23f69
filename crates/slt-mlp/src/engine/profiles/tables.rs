//! Tables of losses, and how they are read.

use super::inputs::Column;
use super::state::CHUNK;
use slt_simd::fused::Vectors;
use slt_simd::octet::{LANES, Octet};
use slt_simd::{InstructionSet, Pass, dispatch};

/// Points of a table.
pub(super) const POINTS: usize = 16;

/// Changes that are added up in single precision.
const RUN: usize = 256;

/// The points at which losses are tabulated: equally spaced.
#[derive(Debug, Clone, Copy)]
pub(super) struct Points {
    /// The first one, in units of the sums.
    pub(super) low: i32,
    /// Points in a unit of the sums.
    pub(super) per_unit: f32,
    /// Whether what is below the first point is as good as that: for a unit with a ReLU, of which it is 0.
    pub(super) is_hidden: bool,
}

impl Points {
    /// The sum at a point.
    pub(super) fn at(self, point: usize) -> f32 {
        self.low as f32 + point as f32 / self.per_unit
    }

    /// The losses of eight samples by their sums: between two points, and beyond the outer ones, straight
    /// lines. `sample` are the samples' numbers.
    #[inline(always)]
    fn read<O: Octet>(self, tables: &[f32], sample: O::Int, sum: O::Int) -> O::Float {
        let low = O::int(self.low);
        let sum = if self.is_hidden { O::max_int(sum, low) } else { sum };
        let at = O::mul(O::to_float(O::sub_int(sum, low)), O::float(self.per_unit));
        let point = O::truncate(at);
        let point = O::max_int(O::min_int(point, O::int(POINTS as i32 - 2)), O::int(0));
        let share = O::sub(at, O::to_float(point));
        let place = O::add_int(O::sixteenfold(sample), point);
        let here = O::gather_float(tables, place);
        let next = O::gather_float(tables, O::add_int(place, O::int(1)));
        O::add(here, O::mul(share, O::sub(next, here)))
    }
}

/// What the source of a weight says, sample by sample.
pub(super) enum Source<'a> {
    /// An input: samples on which it is not 0, and what it says there.
    Sparse(&'a Column),
    /// A unit: what comes into it, by chunk.
    Dense(Vec<&'a [i32]>),
}

/// The samples by their losses: what they would be at every sum, and where they stand.
#[derive(Debug)]
pub(super) struct Tables {
    pub(super) points: Points,
    /// [`POINTS`] losses of each sample.
    pub(super) losses: Vec<f32>,
    /// What comes into the unit.
    pub(super) sums: Vec<i32>,
    /// The loss there, as the table has it.
    pub(super) now: Vec<f32>,
}

const _: () = assert!(POINTS == 16, "`Octet::sixteenfold` finds the table of a sample");

impl Tables {
    /// Of `n` samples and one more, the last, that loses nothing.
    pub(super) fn new(points: Points, n: usize) -> Self {
        Self { points, losses: vec![0.0; (n + 1) * POINTS], sums: vec![0; n + 1], now: vec![0.0; n + 1] }
    }

    fn spare(&self) -> u32 {
        self.sums.len() as u32 - 1
    }

    /// By how much the sum of the losses changes, if `by` times what the source says is added to the sums,
    /// each product rounded.
    pub(super) fn change(&self, instructions: InstructionSet, source: &Source<'_>, by: f32) -> f64 {
        dispatch(instructions, Each { source, spare: self.spare(), by, visit: Ask(self) })
    }

    /// Adds it, and answers the same.
    pub(super) fn flip(&mut self, instructions: InstructionSet, source: &Source<'_>, by: f32) -> f64 {
        dispatch(instructions, Each { source, spare: self.spare(), by, visit: Take(self) })
    }

    /// Reads the losses at the sums of a chunk.
    #[inline(always)]
    pub(super) fn read_chunk<O: Octet>(points: Points, losses: &[f32], sums: &[i32], now: &mut [f32]) {
        let (sums, _) = sums.as_chunks::<LANES>();
        let (now, _) = now.as_chunks_mut::<LANES>();
        for ((first, sums), now) in (0..).step_by(LANES).zip(sums).zip(now) {
            O::store_float(points.read::<O>(losses, ascending::<O>(first), O::load_int(sums)), now);
        }
    }
}

/// `first`, `first + 1`, ...
#[inline(always)]
fn ascending<O: Octet>(first: i32) -> O::Int {
    O::add_int(O::int(first), O::load_int(&[0, 1, 2, 3, 4, 5, 6, 7]))
}

/// The sum of lanes.
#[inline(always)]
fn added<O: Octet>(lanes: O::Float) -> f64 {
    let mut sums = [0.0; LANES];
    O::store_float(lanes, &mut sums);
    let [a, b, c, d, e, f, g, h] = sums;
    f64::from(((a + b) + (c + d)) + ((e + f) + (g + h)))
}

/// Eight samples.
enum Samples<O: Octet> {
    /// By their numbers.
    Each(O::Int),
    /// One after the other, from this one on.
    From(usize),
}

impl<O: Octet> Samples<O> {
    #[inline(always)]
    fn numbers(&self) -> O::Int {
        match *self {
            Self::Each(numbers) => numbers,
            Self::From(first) => ascending::<O>(first as i32),
        }
    }

    /// Their sums and losses.
    #[inline(always)]
    fn load(&self, sums: &[i32], now: &[f32]) -> (O::Int, O::Float) {
        match *self {
            Self::Each(numbers) => (O::gather_int(sums, numbers), O::gather_float(now, numbers)),
            Self::From(first) => {
                let sums = sums[first..].first_chunk().expect("samples come in eights");
                let now = now[first..].first_chunk().expect("samples come in eights");
                (O::load_int(sums), O::load_float(now))
            }
        }
    }

    #[inline(always)]
    fn store(&self, new_sums: O::Int, new: O::Float, sums: &mut [i32], now: &mut [f32]) {
        match *self {
            Self::Each(numbers) => {
                let (mut at, mut eight_sums, mut eight) = ([0; LANES], [0; LANES], [0.0; LANES]);
                O::store_int(numbers, &mut at);
                O::store_int(new_sums, &mut eight_sums);
                O::store_float(new, &mut eight);
                for ((&at, &sum), &loss) in at.iter().zip(&eight_sums).zip(&eight) {
                    (sums[at as usize], now[at as usize]) = (sum, loss);
                }
            }
            Self::From(first) => {
                O::store_int(new_sums, sums[first..].first_chunk_mut().expect("samples come in eights"));
                O::store_float(new, now[first..].first_chunk_mut().expect("samples come in eights"));
            }
        }
    }
}

/// What is done with eight samples, to whose sums something is added. (A trait, because closures would not be
/// compiled for the instruction set.)
trait Visit {
    /// By how much their losses change.
    fn visit<O: Octet>(&mut self, samples: &Samples<O>, add: O::Int) -> O::Float;
}

/// Only asks.
struct Ask<'a>(&'a Tables);

impl Visit for Ask<'_> {
    #[inline(always)]
    fn visit<O: Octet>(&mut self, samples: &Samples<O>, add: O::Int) -> O::Float {
        let Tables { points, losses, sums, now } = self.0;
        let (sum, before) = samples.load(sums, now);
        let sum = O::add_int(sum, add);
        O::sub(points.read::<O>(losses, samples.numbers(), sum), before)
    }
}

/// Keeps the new sums.
struct Take<'a>(&'a mut Tables);

impl Visit for Take<'_> {
    #[inline(always)]
    fn visit<O: Octet>(&mut self, samples: &Samples<O>, add: O::Int) -> O::Float {
        let Tables { points, losses, sums, now } = self.0;
        let (sum, before) = samples.load(sums, now);
        let sum = O::add_int(sum, add);
        let after = points.read::<O>(losses, samples.numbers(), sum);
        samples.store(sum, after, sums, now);
        O::sub(after, before)
    }
}

struct Each<'a, V> {
    source: &'a Source<'a>,
    spare: u32,
    by: f32,
    visit: V,
}

impl<V: Visit> Pass for Each<'_, V> {
    type Output = f64;

    #[inline(always)]
    fn run<I: Vectors>(self) -> f64 {
        each::<I::Eight>(self.source, self.spare, self.by, self.visit)
    }
}

/// The sum of what `visit` says of eight samples at a time and what is added to their sums. `spare` stands
/// for samples that are missing to eight.
#[inline(always)]
fn each<O: Octet>(source: &Source<'_>, spare: u32, by: f32, mut visit: impl Visit) -> f64 {
    let factor = O::float(by);
    let mut total = 0.0;
    match source {
        Source::Sparse(column) => {
            let mut segment = 0;
            for (run, values) in column.values().chunks(RUN).enumerate() {
                let mut lanes = O::float(0.0);
                let (eights, rest) = values.as_chunks::<LANES>();
                for (eight, values) in eights.iter().enumerate() {
                    let add = O::round(O::mul(O::load_float(values), factor));
                    let samples = column.samples(run * RUN + eight * LANES, &mut segment);
                    lanes = O::add(lanes, visit.visit::<O>(&Samples::Each(O::load_index(&samples)), add));
                }
                if !rest.is_empty() {
                    let (mut samples, mut values) = ([spare; LANES], [0.0; LANES]);
                    let first = run * RUN + eights.len() * LANES;
                    for (i, &value) in rest.iter().enumerate() {
                        [samples[i]] = column.samples(first + i, &mut segment);
                        values[i] = value;
                    }
                    let add = O::round(O::mul(O::load_float(&values), factor));
                    lanes = O::add(lanes, visit.visit::<O>(&Samples::Each(O::load_index(&samples)), add));
                }
                total += added::<O>(lanes);
            }
        }
        Source::Dense(chunks) => {
            for (chunk, sums) in chunks.iter().enumerate() {
                for (run, sums) in sums.chunks(RUN).enumerate() {
                    let mut lanes = O::float(0.0);
                    let (eights, _) = sums.as_chunks::<LANES>();
                    for (eight, sums) in eights.iter().enumerate() {
                        let said = O::to_float(O::max_int(O::load_int(sums), O::int(0)));
                        let first = chunk * CHUNK + run * RUN + eight * LANES;
                        let add = O::round(O::mul(said, factor));
                        lanes = O::add(lanes, visit.visit::<O>(&Samples::From(first), add));
                    }
                    total += added::<O>(lanes);
                }
            }
        }
    }
    total
}
