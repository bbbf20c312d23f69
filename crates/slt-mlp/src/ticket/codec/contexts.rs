//! What is known about a bit of a mask before it is decoded.
//!
//! The decoder has the network, so it knows the weights; and it goes through the layers from the last to the
//! first, so it knows what a unit is good for before it comes to the weights into it. A bit is spoken about
//! by:
//!
//! | cells | told apart by |
//! |---|---|
//! | 1 | nothing: how full the layer is |
//! | 16 | the size of the weight, as a share of the largest in the layer |
//! | 32 | the number of active weights out of the target; none is a dead unit |
//! | one a target | the target |
//! | 1 | the source: it is new for each source |
//! | one a class | the classes that the target speaks for or against, each with its sign; new for each source |
//!
//! and, where the inputs are an image, by the bits of its neighbours in the image for the same target: left;
//! above; above to the left and to the right; left, above and two to the left at once. Each of them is masked
//! out, or active with a weight of the same sign, or with one of the other sign.

use slt_core::BitMask;

use super::coder::BitCoder;
use super::regression::{Cell, ONE, Regression};
use crate::Network;

/// With more classes than this, units are not asked what they speak for.
const MAX_CLASSES: usize = 32;

/// How far cells may move at first, and what is expected of any mask: large weights rather than small ones,
/// none of a dead unit.
const FULLNESS: Cell = Cell::new(0, 4 * ONE);
const SIZE_VARIANCE: i64 = 3 * ONE / 4;
const SIZE_SLOPE: i64 = ONE / 10;
const DEAD: Cell = Cell::new(-3 * ONE, ONE);
const FAN_OUT: Cell = Cell::new(0, ONE / 2);
const NEIGHBOUR: Cell = Cell::new(0, 3 * ONE / 10);
const NEIGHBOURS: Cell = Cell::new(0, 3 * ONE / 20);
const TARGET: Cell = Cell::new(0, ONE / 10);
const SOURCE: i64 = 2 * ONE / 5;
const CLASS: i64 = 3 * ONE / 20;
const SOURCE_OF_IMAGE: i64 = ONE / 5;
const CLASS_OF_IMAGE: i64 = 3 * ONE / 10;

const N_SIZES: usize = 16;
const N_FAN_OUTS: usize = 32;
/// Left, above, both diagonals.
const N_NEIGHBOUR: usize = 3 + 3 + 9;
/// Three at once.
const N_NEIGHBOURS: usize = 27;

/// Takes a mask through a coder: an encoder gets it as it is, a decoder leaves in it what it finds. With
/// `inverted`, each active weight has a second bit there.
///
/// # Panics
/// If a mask does not have a bit for each weight.
pub(super) fn code_mask(
    network: &Network,
    active: &mut BitMask,
    mut inverted: Option<&mut BitMask>,
    coder: &mut impl BitCoder,
) {
    let layers: Vec<_> = network.layers().iter().zip(network.architecture().layer_bits()).collect();
    let n_outputs = network.architecture().n_outputs();
    let classes = if n_outputs <= MAX_CLASSES { n_outputs } else { 0 };
    let mut targets = Targets { classes, fan_outs: Vec::new(), leanings: Vec::new() };
    for (index, (layer, bits)) in layers.iter().enumerate().rev() {
        let (n_in, n_out) = layer.weights().dim();
        let weights = layer.weights().as_slice().expect("weights are in standard layout");
        let is_signed = inverted.is_some();
        let mut model = LayerModel::new(weights, n_out, &targets, image_side(index, n_in), is_signed);
        let mut sources = Targets { classes, fan_outs: Vec::new(), leanings: Vec::new() };
        for source in 0..n_in {
            model.next_source();
            let mut tally = Tally::default();
            for target in 0..n_out {
                let (at, bit) = (source * n_out + target, bits.start + source * n_out + target);
                model.hear_of_active(at);
                let is_active = model.active.code(coder, active.get(bit));
                active.set(bit, is_active);
                let mut negative = weights[at] < 0.0;
                if is_active {
                    if let Some(inverted) = &mut inverted {
                        model.hear_of_inverted(at);
                        let is_inverted = model.inverted.code(coder, inverted.get(bit));
                        inverted.set(bit, is_inverted);
                        negative ^= is_inverted;
                    }
                    tally.add(targets.leanings(target), target, negative);
                }
                model.states.push(if is_active { 1 + u8::from(negative) } else { 0 });
            }
            sources.push(&tally);
        }
        targets = sources;
    }
}

/// The side of the image that the inputs are: they are one if they are a square of at least 4 x 4.
fn image_side(layer: usize, n_in: usize) -> usize {
    let side = n_in.isqrt();
    if layer == 0 && side >= 4 && side * side == n_in { side } else { 0 }
}

/// What is known of the units that a layer leads to. Of the outputs there is nothing to be known.
struct Targets {
    classes: usize,
    /// Active weights out of each, as the number of a cell.
    fan_outs: Vec<u8>,
    /// For each and each class: +1 if more active ways lead to the class with a positive sign, -1 with a
    /// negative one.
    leanings: Vec<i8>,
}

impl Targets {
    /// What a target speaks for.
    fn leanings(&self, target: usize) -> &[i8] {
        self.leanings.get(target * self.classes..(target + 1) * self.classes).unwrap_or(&[])
    }

    fn push(&mut self, tally: &Tally) {
        let few = tally.fan_out.min(5);
        self.fan_outs.push((few + (tally.fan_out / 6 + 1).ilog2()) as u8);
        self.leanings.extend(tally.classes[..self.classes].iter().map(|sum| sum.signum() as i8));
    }
}

/// What comes together over the active weights out of a unit.
#[derive(Default)]
struct Tally {
    fan_out: u32,
    classes: [i32; MAX_CLASSES],
}

impl Tally {
    /// A weight to a unit with these leanings; to the output number `target` if it has none.
    fn add(&mut self, leanings: &[i8], target: usize, negative: bool) {
        self.fan_out += 1;
        let sign = if negative { -1 } else { 1 };
        if leanings.is_empty()
            && let Some(class) = self.classes.get_mut(target)
        {
            *class += sign;
        }
        for (class, &leaning) in self.classes.iter_mut().zip(leanings) {
            *class += sign * i32::from(leaning);
        }
    }
}

/// What has been learned of a layer, whose bits come source by source.
struct LayerModel<'a> {
    weights: &'a [f32],
    largest: f32,
    n_out: usize,
    targets: &'a Targets,
    side: usize,
    /// For each weight so far: 0 if it is masked out, 1 if it is active and positive, 2 if it is active and
    /// negative.
    states: Vec<u8>,
    active: Regression,
    inverted: Regression,
    is_signed: bool,
}

/// Where the cells are. Those that are new for each source come last.
mod place {
    use super::{N_FAN_OUTS, N_NEIGHBOUR, N_NEIGHBOURS, N_SIZES};

    pub(super) const FULLNESS: usize = 0;
    pub(super) const SIZES: usize = 1;
    pub(super) const FAN_OUTS: usize = SIZES + N_SIZES;
    pub(super) const NEIGHBOURS: usize = FAN_OUTS + N_FAN_OUTS;
    pub(super) const TARGETS: usize = NEIGHBOURS + N_NEIGHBOUR + N_NEIGHBOURS;
}

impl<'a> LayerModel<'a> {
    fn new(weights: &'a [f32], n_out: usize, targets: &'a Targets, side: usize, is_signed: bool) -> Self {
        let size = |k| Cell::new((2 * k - (N_SIZES as i64 - 1)) * SIZE_SLOPE / 2, SIZE_VARIANCE);
        let cells = |n_targets| {
            let mut cells = vec![FULLNESS];
            cells.extend((0..N_SIZES as i64).map(size));
            cells.push(DEAD);
            for (cell, n) in [
                (FAN_OUT, N_FAN_OUTS - 1),
                (NEIGHBOUR, N_NEIGHBOUR),
                (NEIGHBOURS, N_NEIGHBOURS),
                (TARGET, n_targets),
                // Those of the source.
                (Cell::new(0, 0), 1 + targets.classes),
            ] {
                cells.extend(std::iter::repeat_n(cell, n));
            }
            Regression::new(cells)
        };
        let largest = weights.iter().fold(0.0_f32, |largest, weight| largest.max(weight.abs()));
        let (active, inverted) = (cells(n_out), cells(if is_signed { n_out } else { 0 }));
        let states = Vec::with_capacity(weights.len());
        Self { weights, largest, n_out, targets, side, states, active, inverted, is_signed }
    }

    /// The cells of a source begin anew; those of a pixel with a part of what the one before it taught.
    fn next_source(&mut self) {
        let is_image = self.side > 0;
        let (source, class) = if is_image { (SOURCE_OF_IMAGE, CLASS_OF_IMAGE) } else { (SOURCE, CLASS) };
        let carries = is_image && !self.states.is_empty();
        for regression in [&mut self.active, &mut self.inverted] {
            let first = regression.cells.len() - self.targets.classes - 1;
            for (index, cell) in regression.cells[first..].iter_mut().enumerate() {
                let prior = if index == 0 { source } else { class };
                if carries {
                    cell.carry(prior);
                } else {
                    *cell = Cell::new(0, prior);
                }
            }
        }
    }

    fn hear_of_active(&mut self, at: usize) {
        let (weight, target) = (self.weights[at], at % self.n_out);
        let negative = weight < 0.0;
        let share = (weight.abs() / self.largest * N_SIZES as f32) as usize;
        let active = &mut self.active;
        active.hear(place::FULLNESS, false);
        active.hear(place::SIZES + share.min(N_SIZES - 1), false);
        active.hear(place::TARGETS + target, false);
        active.hear(place::TARGETS + self.n_out, false);
        if let Some(&fan_out) = self.targets.fan_outs.get(target) {
            active.hear(place::FAN_OUTS + usize::from(fan_out), false);
        }
        self.hear_neighbours(at, negative);
        // A weight that may be inverted can speak for what it likes.
        if !self.is_signed {
            hear_leanings(&mut self.active, self.targets, self.n_out, target, negative);
        }
    }

    fn hear_neighbours(&mut self, at: usize, negative: bool) {
        if self.side == 0 {
            return;
        }
        let agreement = |sources_back: usize| match at.checked_sub(sources_back * self.n_out) {
            Some(neighbour) => match self.states[neighbour] {
                0 => 0,
                state if (state == 2) == negative => 1,
                _ => 2,
            },
            None => 0,
        };
        let (left, above) = (agreement(1), agreement(self.side));
        let diagonals = agreement(self.side - 1) + 3 * agreement(self.side + 1);
        let three = left + 3 * above + 9 * agreement(2);
        for (start, state) in [(0, left), (3, above), (6, diagonals), (15, three)] {
            self.active.hear(place::NEIGHBOURS + start + state, false);
        }
    }

    /// What the sign of an active weight should be: whatever speaks for a positive one speaks for inverting a
    /// negative one.
    fn hear_of_inverted(&mut self, at: usize) {
        let (negative, target) = (self.weights[at] < 0.0, at % self.n_out);
        let inverted = &mut self.inverted;
        inverted.hear(place::FULLNESS, false);
        inverted.hear(place::TARGETS + target, !negative);
        inverted.hear(place::TARGETS + self.n_out, !negative);
        hear_leanings(inverted, self.targets, self.n_out, target, !negative);
        if self.side > 0 {
            for (start, sources_back) in [(0, 1), (3, self.side)] {
                let neighbour = at.checked_sub(sources_back * self.n_out);
                let state = neighbour.map_or(0, |neighbour| self.states[neighbour]);
                inverted.hear(place::NEIGHBOURS + start + usize::from(state), !negative);
            }
        }
    }
}

/// The classes of the source's, with the signs that the target has for them.
fn hear_leanings(model: &mut Regression, targets: &Targets, n_out: usize, target: usize, negative: bool) {
    for (class, &leaning) in targets.leanings(target).iter().enumerate() {
        if leaning != 0 {
            model.hear(place::TARGETS + n_out + 1 + class, (leaning < 0) != negative);
        }
    }
}
