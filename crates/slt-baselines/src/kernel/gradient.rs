//! Gradients of weights and biases, and what is done with them while they are at hand.

use std::ops::Range;

use super::batch::{Sources, Units};
use super::divide::Divide;
use super::lanes::{BLOCK_GROUPS, Group};
use crate::Scalar;
use slt_simd::unfused::{self, LANES, Lanes, Pass, Vectors, sum};

/// What a gradient is made of: it is summed over the samples of products of a source's value and a target's
/// delta.
pub(crate) type Factors<'a, T> = (Sources<'a, T>, &'a Units<T>);

/// What is done with the gradient of the weights of a layer, or with some rows of it.
pub(crate) trait Rule<T>: Sized + Send {
    /// Takes the gradient of the weights from `start` on. Implementations are `#[inline(always)]`.
    fn apply(&mut self, start: usize, gradient: &[T]);
    /// The rule for the first weights, and that for the others, which are numbered anew.
    fn split_at(self, n_weights: usize) -> (Self, Self);
}

/// The gradient by the weights between `P` pairs of layers of units, their products added up.
#[derive(Debug)]
pub(crate) struct Gradient<'a, T, R, const P: usize> {
    factors: [Factors<'a, T>; P],
    /// The sources whose weights are meant.
    sources: Range<usize>,
    rule: R,
}

impl<'a, T: Scalar, R: Rule<T>, const P: usize> Gradient<'a, T, R, P> {
    /// Of all sources. The rule is for as many weights as there are sources times targets.
    pub(crate) fn new(factors: [Factors<'a, T>; P], rule: R) -> Self {
        let sources = 0..factors[0].0.units.len();
        Self { factors, sources, rule }
    }

    fn n_out(&self) -> usize {
        self.factors[0].1.len()
    }

    /// Takes the gradient for `A` of the sources and `B` targets at a time, targets from `from` on, while
    /// there are as many; returns the next one. Together they are [`LANES`] or fewer.
    #[inline(always)]
    fn tiles<I: Vectors, const A: usize, const B: usize>(
        &self,
        sources: &Range<usize>,
        mut from: usize,
        gradient: &mut [T],
    ) -> usize {
        let n_out = self.n_out();
        while from + B <= n_out {
            let mut source = sources.start;
            while source + A <= sources.end {
                let sums = self.tile::<I, A, B>(source, from);
                for a in 0..A {
                    let start = (source - sources.start + a) * n_out + from;
                    gradient[start..start + B].copy_from_slice(&sums[a * B..][..B]);
                }
                source += A;
            }
            for source in source..sources.end {
                let sums = self.tile::<I, 1, B>(source, from);
                gradient[(source - sources.start) * n_out + from..][..B].copy_from_slice(&sums[..B]);
            }
            from += B;
        }
        from
    }

    /// The gradient for `A` sources and `B` targets of each.
    #[inline(always)]
    fn tile<I: Vectors, const A: usize, const B: usize>(&self, source: usize, from: usize) -> [T; LANES] {
        let mut held = [[I::Vector::<T>::splat(T::zero()); B]; A];
        let n_groups = self.factors[0].1.n_groups();
        if P == 1 {
            let (sources, targets) = self.factors[0];
            match sources.active(source) {
                Some(values) if A == 1 => {
                    for (group, values) in values {
                        add_products::<I, T, 1, B>(
                            held.first_chunk_mut().expect("a source"),
                            std::array::from_ref(values),
                            targets.some(group, from),
                        );
                    }
                }
                _ => {
                    for group in 0..n_groups {
                        let (values, deltas) = (sources.units.some(group, source), targets.some(group, from));
                        add_products::<I, T, A, B>(&mut held, values, deltas);
                    }
                }
            }
        } else {
            for start in (0..n_groups).step_by(BLOCK_GROUPS) {
                for (sources, targets) in self.factors {
                    for group in start..n_groups.min(start + BLOCK_GROUPS) {
                        let (values, deltas) = (sources.units.some(group, source), targets.some(group, from));
                        add_products::<I, T, A, B>(&mut held, values, deltas);
                    }
                }
            }
        }
        let mut lanes = [[T::zero(); LANES]; LANES];
        for a in 0..A {
            for b in 0..B {
                held[a][b].store(&mut lanes[a * B + b]);
            }
        }
        I::Vector::<T>::sums(&lanes)
    }
}

/// Adds the products of sources and targets on a group.
#[inline(always)]
fn add_products<I: Vectors, T: Scalar, const A: usize, const B: usize>(
    held: &mut [[I::Vector<T>; B]; A],
    values: &[Group<T>; A],
    deltas: &[Group<T>; B],
) {
    let values = values.each_ref().map(|values| I::Vector::<T>::load(&values.0));
    for b in 0..B {
        let delta = I::Vector::<T>::load(&deltas[b].0);
        for a in 0..A {
            held[a][b] = held[a][b].accumulate(values[a], delta);
        }
    }
}

/// Sources that are taken through all targets before the next ones: their values and gradients stay in the
/// nearest cache.
const TOGETHER: usize = 16;

impl<T: Scalar, R: Rule<T>, const P: usize> Pass for Gradient<'_, T, R, P> {
    #[inline(always)]
    fn run<I: Vectors>(mut self) {
        let n_out = self.n_out();
        let mut gradient = vec![T::zero(); TOGETHER.min(self.sources.len()) * n_out];
        for start in self.sources.clone().step_by(TOGETHER) {
            let sources = start..self.sources.end.min(start + TOGETHER);
            let gradient = &mut gradient[..sources.len() * n_out];
            if P == 1 && self.factors[0].0.is_sparse() {
                let next = self.tiles::<I, 1, LANES>(&sources, 0, gradient);
                let next = self.tiles::<I, 1, 4>(&sources, next, gradient);
                self.tiles::<I, 1, 1>(&sources, next, gradient);
            } else {
                let next = self.tiles::<I, 2, 4>(&sources, 0, gradient);
                let next = self.tiles::<I, 4, 2>(&sources, next, gradient);
                self.tiles::<I, 8, 1>(&sources, next, gradient);
            }
            self.rule.apply((start - self.sources.start) * n_out, gradient);
        }
    }
}

impl<T: Scalar, R: Rule<T>, const P: usize> Divide for Gradient<'_, T, R, P> {
    fn cost(&self) -> usize {
        self.sources.len() * self.n_out() * self.factors[0].1.n_groups() * LANES
    }

    fn divide(self) -> Result<(Self, Self), Self> {
        let half = (self.sources.len() / 2).next_multiple_of(TOGETHER);
        if half >= self.sources.len() {
            return Err(self);
        }
        let (rule, others) = self.rule.split_at(half * self.factors[0].1.len());
        let Range { start, end } = self.sources;
        let first = Gradient { factors: self.factors, sources: start..start + half, rule };
        Ok((first, Gradient { factors: self.factors, sources: start + half..end, rule: others }))
    }
}

/// The gradient by biases, `out[t] = sum of deltas[t]`.
pub(crate) fn bias_gradient<T: Scalar>(deltas: &Units<T>, out: &mut Vec<T>) {
    unfused::run(BiasGradient(deltas, out));
}

struct BiasGradient<'a, T>(&'a Units<T>, &'a mut Vec<T>);

impl<T: Scalar> Pass for BiasGradient<'_, T> {
    #[inline(always)]
    fn run<I: Vectors>(self) {
        let Self(deltas, out) = self;
        let mut lanes = vec![[T::zero(); LANES]; deltas.len()];
        for group in 0..deltas.n_groups() {
            for (lanes, delta) in lanes.iter_mut().zip(deltas.at(group)) {
                for i in 0..LANES {
                    lanes[i] += delta.0[i];
                }
            }
        }
        out.clear();
        out.extend(lanes.iter().map(sum));
    }
}

/// Keeps the gradient.
#[derive(Debug)]
pub(crate) struct Keep<'a, T>(pub(crate) &'a mut [T]);

impl<T: Scalar> Rule<T> for Keep<'_, T> {
    #[inline(always)]
    fn apply(&mut self, start: usize, gradient: &[T]) {
        self.0[start..start + gradient.len()].copy_from_slice(gradient);
    }

    fn split_at(self, n_weights: usize) -> (Self, Self) {
        let (first, second) = self.0.split_at_mut(n_weights);
        (Self(first), Self(second))
    }
}
