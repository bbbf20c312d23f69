//! What lies behind one unit, and the losses that follow from what it says.

use slt_core::BitMask;

use super::super::loss::BlockLoss;
use super::state::Chunk;
use super::wiring::{Unit, Wiring};
use crate::metric::Loss;
use slt_simd::fused::{BLOCK, Row, Vector, Vectors};

/// The active weights into one unit: number of the source, weight.
type Fan = Vec<(u32, f32)>;

/// The part of the masked network that a unit acts on, in real numbers.
pub(super) struct Behind {
    unit: Unit,
    /// Units that it leads to: number, weight.
    first: Fan,
    /// What they lead to: of each unit of the layer behind them, which of `first`, by place.
    second: Vec<Fan>,
    /// The layers after that, whole: of each unit its bias and the weights into it.
    deeper: Vec<Vec<(f32, Fan)>>,
}

impl Behind {
    pub(super) fn new(wiring: &Wiring, mask: &BitMask, unit: Unit) -> Self {
        let Unit { layer, index } = unit;
        let n_layers = wiring.n_layers();
        let mut first = Fan::new();
        if layer + 1 < n_layers {
            first.extend(wiring.out_of(mask, layer + 1, index).iter().map(|edge| (edge.target, edge.weight)));
        }
        let mut second = Vec::new();
        if layer + 2 < n_layers {
            second.resize(wiring.width(layer + 2), Fan::new());
            for (place, &(source, _)) in first.iter().enumerate() {
                for edge in wiring.out_of(mask, layer + 2, source as usize) {
                    second[edge.target as usize].push((place as u32, edge.weight));
                }
            }
        }
        let whole = |layer: usize| {
            let biases = wiring.network.layers()[layer].biases();
            let mut units: Vec<(f32, Fan)> = biases.iter().map(|&bias| (bias, Fan::new())).collect();
            for source in 0..wiring.n_sources(layer) {
                for edge in wiring.out_of(mask, layer, source) {
                    units[edge.target as usize].1.push((source as u32, edge.weight));
                }
            }
            units
        };
        Self { unit, first, second, deeper: (layer + 3..n_layers).map(whole).collect() }
    }

    pub(super) fn unit(&self) -> Unit {
        self.unit
    }

    /// Whether nothing depends on the unit.
    pub(super) fn is_nothing(&self, wiring: &Wiring) -> bool {
        !wiring.is_output(self.unit) && self.first.is_empty()
    }

    /// Active weights behind the unit.
    pub(super) fn n_weights(&self) -> usize {
        let second: usize = self.second.iter().map(Vec::len).sum();
        let deeper: usize = self.deeper.iter().flatten().map(|(_, fan)| fan.len()).sum();
        self.first.len() + second + deeper
    }
}

/// Rows for one block of samples.
#[derive(Default)]
pub(super) struct Rows {
    /// What comes into the units of `first` from elsewhere.
    first: Vec<Row>,
    /// What comes into the units of the next layer from elsewhere.
    second: Vec<Row>,
    /// What the units of `first` say.
    said: Vec<Row>,
    outputs: Vec<Row>,
    spare: Vec<Row>,
}

impl Rows {
    /// Takes up a block.
    #[inline(always)]
    pub(super) fn start<I: Vectors>(
        &mut self,
        behind: &Behind,
        wiring: &Wiring,
        chunk: &Chunk,
        block: usize,
    ) {
        let unit = behind.unit;
        let last = wiring.n_layers() - 1;
        self.said.resize(behind.first.len(), Row::ZERO);
        self.outputs.resize(wiring.width(last), Row::ZERO);
        if unit.layer + 2 > last {
            for (index, row) in self.outputs.iter_mut().enumerate() {
                *row = chunk.real(wiring, Unit { layer: last, index }, block);
            }
        }
        if unit.layer == last {
            return;
        }
        let said = relu::<I>(&chunk.real(wiring, unit, block));
        self.first.clear();
        for (place, &(target, weight)) in behind.first.iter().enumerate() {
            let whole = chunk.real(wiring, Unit { layer: unit.layer + 1, index: target as usize }, block);
            self.said[place] = relu::<I>(&whole);
            self.first.push(less::<I>(&whole, weight, &said));
        }
        self.second.clear();
        for (index, fan) in behind.second.iter().enumerate() {
            let mut row = chunk.real(wiring, Unit { layer: unit.layer + 2, index }, block);
            for &(place, weight) in fan {
                row = less::<I>(&row, weight, &self.said[place as usize]);
            }
            self.second.push(row);
        }
    }

    /// The losses where the unit says `said`: for an output, the logit itself.
    #[inline(always)]
    pub(super) fn losses<I: Vectors>(
        &mut self,
        behind: &Behind,
        said: f32,
        loss: Loss<'_>,
        slots: &[u32],
        labels: &Row,
        valid: u64,
    ) -> Row {
        if behind.first.is_empty() {
            self.outputs[behind.unit.index] = Row([said; BLOCK]);
        } else if behind.second.is_empty() {
            for (place, &(target, weight)) in behind.first.iter().enumerate() {
                self.outputs[target as usize] = plus::<I>(&self.first[place], weight * said);
            }
        } else {
            for ((row, from), &(_, weight)) in self.said.iter_mut().zip(&self.first).zip(&behind.first) {
                *row = relu::<I>(&plus::<I>(from, weight * said));
            }
            let deep = !behind.deeper.is_empty();
            let out = if deep { &mut self.spare } else { &mut self.outputs };
            out.resize(behind.second.len(), Row::ZERO);
            for ((row, from), fan) in out.iter_mut().zip(&self.second).zip(&behind.second) {
                *row = sum::<I>(from, fan, &self.said);
            }
            for (depth, layer) in behind.deeper.iter().enumerate() {
                let said: Vec<Row> = self.spare.iter().map(relu::<I>).collect();
                let last = depth + 1 == behind.deeper.len();
                let out = if last { &mut self.outputs } else { &mut self.spare };
                out.resize(layer.len(), Row::ZERO);
                for (row, (bias, fan)) in out.iter_mut().zip(layer) {
                    *row = sum::<I>(&Row([*bias; BLOCK]), fan, &said);
                }
            }
        }
        loss.losses::<I::One>(&self.outputs, slots, labels, valid)
    }
}

#[inline(always)]
fn each<V: Vector>(row: &Row, f: impl Fn(V) -> V) -> Row {
    let mut out = Row::ZERO;
    for at in (0..BLOCK).step_by(V::WIDTH) {
        f(V::load(row, at)).store(&mut out, at);
    }
    out
}

#[inline(always)]
fn relu<I: Vectors>(row: &Row) -> Row {
    each::<I::Wide>(row, Vector::relu)
}

#[inline(always)]
fn plus<I: Vectors>(row: &Row, x: f32) -> Row {
    each::<I::Wide>(row, |row| row.add(I::Wide::splat(x)))
}

/// `row - weight * other`.
#[inline(always)]
fn less<I: Vectors>(row: &Row, weight: f32, other: &Row) -> Row {
    let mut out = Row::ZERO;
    for at in (0..BLOCK).step_by(I::Half::WIDTH) {
        let (row, other) = (I::Half::load(row, at), I::Half::load(other, at));
        I::Half::splat(-weight).mul_add(other, row).store(&mut out, at);
    }
    out
}

/// `from` and what comes over the weights of a fan.
#[inline(always)]
fn sum<I: Vectors>(from: &Row, fan: &Fan, rows: &[Row]) -> Row {
    let mut out = Row::ZERO;
    for at in (0..BLOCK).step_by(I::Wide::WIDTH) {
        let mut sum = I::Wide::load(from, at);
        for &(place, weight) in fan {
            sum = I::Wide::splat(weight).mul_add(I::Wide::load(&rows[place as usize], at), sum);
        }
        sum.store(&mut out, at);
    }
    out
}
