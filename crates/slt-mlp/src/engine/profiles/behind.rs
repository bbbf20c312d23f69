//! What lies behind one unit, and the losses that follow from what it says.

use slt_core::BitMask;

use super::super::loss::BlockLoss;
use super::state::Chunk;
use super::wiring::{Unit, Wiring};
use crate::metric::Loss;
use slt_simd::fused::{BLOCK, Strip, Vector, Vectors};

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

/// Strips for one block of samples.
#[derive(Default)]
pub(super) struct Strips {
    /// What comes into the units of `first` from elsewhere.
    first: Vec<Strip>,
    /// What comes into the units of the next layer from elsewhere.
    second: Vec<Strip>,
    /// What the units of `first` say.
    said: Vec<Strip>,
    outputs: Vec<Strip>,
    spare: Vec<Strip>,
}

impl Strips {
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
        self.said.resize(behind.first.len(), Strip::ZERO);
        self.outputs.resize(wiring.width(last), Strip::ZERO);
        if unit.layer + 2 > last {
            for (index, strip) in self.outputs.iter_mut().enumerate() {
                *strip = chunk.real(wiring, Unit { layer: last, index }, block);
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
            let mut strip = chunk.real(wiring, Unit { layer: unit.layer + 2, index }, block);
            for &(place, weight) in fan {
                strip = less::<I>(&strip, weight, &self.said[place as usize]);
            }
            self.second.push(strip);
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
        labels: &Strip,
        valid: u64,
    ) -> Strip {
        if behind.first.is_empty() {
            self.outputs[behind.unit.index] = Strip([said; BLOCK]);
        } else if behind.second.is_empty() {
            for (place, &(target, weight)) in behind.first.iter().enumerate() {
                self.outputs[target as usize] = plus::<I>(&self.first[place], weight * said);
            }
        } else {
            for ((strip, from), &(_, weight)) in self.said.iter_mut().zip(&self.first).zip(&behind.first) {
                *strip = relu::<I>(&plus::<I>(from, weight * said));
            }
            let deep = !behind.deeper.is_empty();
            let out = if deep { &mut self.spare } else { &mut self.outputs };
            out.resize(behind.second.len(), Strip::ZERO);
            for ((strip, from), fan) in out.iter_mut().zip(&self.second).zip(&behind.second) {
                *strip = sum::<I>(from, fan, &self.said);
            }
            for (depth, layer) in behind.deeper.iter().enumerate() {
                let said: Vec<Strip> = self.spare.iter().map(relu::<I>).collect();
                let last = depth + 1 == behind.deeper.len();
                let out = if last { &mut self.outputs } else { &mut self.spare };
                out.resize(layer.len(), Strip::ZERO);
                for (strip, (bias, fan)) in out.iter_mut().zip(layer) {
                    *strip = sum::<I>(&Strip([*bias; BLOCK]), fan, &said);
                }
            }
        }
        loss.losses::<I::One>(&self.outputs, slots, labels, valid)
    }
}

#[inline(always)]
fn each<V: Vector>(strip: &Strip, f: impl Fn(V) -> V) -> Strip {
    let mut out = Strip::ZERO;
    for at in (0..BLOCK).step_by(V::WIDTH) {
        f(V::load(strip, at)).store(&mut out, at);
    }
    out
}

#[inline(always)]
fn relu<I: Vectors>(strip: &Strip) -> Strip {
    each::<I::Wide>(strip, Vector::relu)
}

#[inline(always)]
fn plus<I: Vectors>(strip: &Strip, x: f32) -> Strip {
    each::<I::Wide>(strip, |strip| strip.add(I::Wide::splat(x)))
}

/// `strip - weight * other`.
#[inline(always)]
fn less<I: Vectors>(strip: &Strip, weight: f32, other: &Strip) -> Strip {
    let mut out = Strip::ZERO;
    for at in (0..BLOCK).step_by(I::Half::WIDTH) {
        let (strip, other) = (I::Half::load(strip, at), I::Half::load(other, at));
        I::Half::splat(-weight).mul_add(other, strip).store(&mut out, at);
    }
    out
}

/// `from` and what comes over the weights of a fan.
#[inline(always)]
fn sum<I: Vectors>(from: &Strip, fan: &Fan, strips: &[Strip]) -> Strip {
    let mut out = Strip::ZERO;
    for at in (0..BLOCK).step_by(I::Wide::WIDTH) {
        let mut sum = I::Wide::load(from, at);
        for &(place, weight) in fan {
            sum = I::Wide::splat(weight).mul_add(I::Wide::load(&strips[place as usize], at), sum);
        }
        sum.store(&mut out, at);
    }
    out
}
