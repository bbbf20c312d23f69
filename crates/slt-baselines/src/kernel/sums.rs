//! The weighted sums of the units of a layer, from either side.

use std::ops::{Range, RangeInclusive};

use super::batch::Units;
use super::divide::Divide;
use super::lanes::{BLOCK_GROUPS, Group};
use super::sparse::Sparse;
use crate::Scalar;
use slt_simd::unfused::{LANES, Lanes, Pass, Vectors};

/// From what to what a sum runs over the weights of a layer, `weights[source * n_out + target]`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Direction {
    /// A sum for each target, over its sources.
    Forward,
    /// A sum for each source, over its targets.
    Backward,
}

/// What a sum starts at.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Start<'a, T> {
    Zero,
    /// One number for each sum.
    At(&'a [T]),
    /// What is there already.
    Held,
}

/// What becomes of a sum.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Finish<'a, T> {
    Keep,
    /// ReLU: `x > 0 ? x : +0`.
    Relu,
    /// Zero where the unit of the same number is off, that is, where its activation is not above zero.
    Gate(&'a Units<T>),
}

/// `out = finish(start + sum of weight * term)` for each sum and sample; products are rounded first, terms
/// ascend.
///
/// Several sums are taken at a time, which changes no bit.
#[derive(Debug)]
pub(crate) struct WeightedSums<'a, T> {
    pub(crate) weights: &'a [T],
    pub(crate) n_out: usize,
    /// Whether many weights are zero.
    pub(crate) masked: bool,
    pub(crate) direction: Direction,
    pub(crate) terms: &'a Units<T>,
    pub(crate) start: Start<'a, T>,
    pub(crate) finish: Finish<'a, T>,
    /// The first group, and all sums on it and on those behind it.
    pub(crate) first: usize,
    pub(crate) out: &'a mut [Group<T>],
}

impl<T: Scalar> WeightedSums<'_, T> {
    fn n_sums(&self) -> usize {
        match self.direction {
            Direction::Forward => self.n_out,
            Direction::Backward => self.weights.len() / self.n_out,
        }
    }

    fn n_groups(&self) -> usize {
        self.out.len() / self.n_sums()
    }

    /// Takes sums from `from` on, `S` at a time on `V` groups each, while there are as many; returns the next
    /// one.
    #[inline(always)]
    fn tiles<I: Vectors, const S: usize, const V: usize>(
        &mut self,
        groups: Range<usize>,
        mut from: usize,
    ) -> usize {
        while from + S <= self.n_sums() {
            let mut group = groups.start;
            while group + V <= groups.end {
                self.tile::<I, S, V>(from, group);
                group += V;
            }
            for group in group..groups.end {
                self.tile::<I, S, 1>(from, group);
            }
            from += S;
        }
        from
    }

    /// `S` sums on `V` groups.
    #[inline(always)]
    fn tile<I: Vectors, const S: usize, const V: usize>(&mut self, from: usize, group: usize) {
        let mut sums = self.started::<I, S, V>(from, group);
        let (weights, n_out) = (self.weights, self.n_out);
        let units: [&[Group<T>]; V] = std::array::from_fn(|v| self.terms.at(self.first + group + v));
        match self.direction {
            Direction::Forward => {
                for term in 0..units[0].len() {
                    let weights = weights[term * n_out + from..].first_chunk::<S>().expect("a weight each");
                    add::<I, T, S, V>(&mut sums, &units, term, |s| weights[s]);
                }
            }
            Direction::Backward => {
                let rows: [&[T]; S] = std::array::from_fn(|s| &weights[(from + s) * n_out..][..n_out]);
                for term in 0..units[0].len() {
                    add::<I, T, S, V>(&mut sums, &units, term, |s| rows[s][term]);
                }
            }
        }
        self.finished::<I, S, V>(from, group, &sums);
    }

    /// All sums one by one, `V` groups at a time, over the terms that are listed for each.
    #[inline(always)]
    fn listed<I: Vectors, const V: usize>(&mut self, groups: Range<usize>, lists: &Sparse<T>) {
        for sum in 0..self.n_sums() {
            let mut group = groups.start;
            while group + V <= groups.end {
                self.listed_sum::<I, V>(sum, group, lists.list(sum));
                group += V;
            }
            for group in group..groups.end {
                self.listed_sum::<I, 1>(sum, group, lists.list(sum));
            }
        }
    }

    /// The weights of each sum that are not zero, with their terms.
    fn active_weights(&self) -> Sparse<T> {
        let mut lists = Sparse::new();
        for sum in 0..self.n_sums() {
            let (start, stride) = match self.direction {
                Direction::Forward => (sum, self.n_out),
                Direction::Backward => (sum * self.n_out, 1),
            };
            lists.push(self.weights[start..].iter().step_by(stride).take(self.terms.len()));
        }
        lists
    }

    /// The sum over `terms` on `V` groups.
    #[inline(always)]
    fn listed_sum<I: Vectors, const V: usize>(&mut self, sum: usize, group: usize, terms: &[(u32, T)]) {
        let mut sums = self.started::<I, 1, V>(sum, group);
        let units: [&[Group<T>]; V] = std::array::from_fn(|v| self.terms.at(self.first + group + v));
        for &(term, weight) in terms {
            add::<I, T, 1, V>(&mut sums, &units, term as usize, |_| weight);
        }
        self.finished::<I, 1, V>(sum, group, &sums);
    }

    /// Where `S` sums from `from` on begin, on `V` groups.
    #[inline(always)]
    fn started<I: Vectors, const S: usize, const V: usize>(
        &self,
        from: usize,
        group: usize,
    ) -> [[I::Vector<T>; V]; S] {
        match self.start {
            Start::Zero => [[I::Vector::<T>::splat(T::zero()); V]; S],
            Start::At(numbers) => {
                let numbers = numbers[from..].first_chunk::<S>().expect("a number each");
                numbers.map(|number| [I::Vector::<T>::splat(number); V])
            }
            Start::Held => {
                let held: [&[Group<T>; S]; V] = std::array::from_fn(|v| {
                    let held = &self.out[(group + v) * self.n_sums() + from..];
                    held.first_chunk().expect("a sum each")
                });
                std::array::from_fn(|s| std::array::from_fn(|v| I::Vector::<T>::load(&held[v][s].0)))
            }
        }
    }

    /// Writes the sums that [`started`](Self::started) there.
    #[inline(always)]
    fn finished<I: Vectors, const S: usize, const V: usize>(
        &mut self,
        from: usize,
        group: usize,
        sums: &[[I::Vector<T>; V]; S],
    ) {
        let n_sums = self.n_sums();
        for v in 0..V {
            let out = self.out[(group + v) * n_sums + from..].first_chunk_mut::<S>().expect("a sum each");
            match self.finish {
                Finish::Keep => {
                    for s in 0..S {
                        sums[s][v].store(&mut out[s].0);
                    }
                }
                Finish::Relu => {
                    for s in 0..S {
                        sums[s][v].gate(sums[s][v]).store(&mut out[s].0);
                    }
                }
                Finish::Gate(units) => {
                    let activations = units.some::<S>(self.first + group + v, from);
                    for s in 0..S {
                        let activation = I::Vector::<T>::load(&activations[s].0);
                        sums[s][v].gate(activation).store(&mut out[s].0);
                    }
                }
            }
        }
    }
}

/// Adds a term to `S` sums on `V` groups.
#[inline(always)]
fn add<I: Vectors, T: Scalar, const S: usize, const V: usize>(
    sums: &mut [[I::Vector<T>; V]; S],
    units: &[&[Group<T>]; V],
    term: usize,
    weight: impl Fn(usize) -> T,
) {
    for v in 0..V {
        let values = I::Vector::<T>::load(&units[v][term].0);
        for s in 0..S {
            sums[s][v] = sums[s][v].accumulate(I::Vector::<T>::splat(weight(s)), values);
        }
    }
}

impl<T: Scalar> Pass for WeightedSums<'_, T> {
    #[inline(always)]
    fn run<I: Vectors>(mut self) {
        // As many sums and groups at a time as fit the registers; eight `f64` are two.
        let is_single = size_of::<T>() == 4;
        let lists = (self.masked && LISTED_TERMS.contains(&self.terms.len())).then(|| self.active_weights());
        for start in (0..self.n_groups()).step_by(BLOCK_GROUPS) {
            let groups = start..self.n_groups().min(start + BLOCK_GROUPS);
            match (&lists, is_single) {
                (Some(lists), true) => self.listed::<I, 8>(groups, lists),
                (Some(lists), false) => self.listed::<I, 4>(groups, lists),
                (None, true) => {
                    let next = self.tiles::<I, 5, 2>(groups.clone(), 0);
                    let next = self.tiles::<I, 2, 4>(groups.clone(), next);
                    self.tiles::<I, 1, 8>(groups, next);
                }
                (None, false) => {
                    let next = self.tiles::<I, 5, 1>(groups.clone(), 0);
                    let next = self.tiles::<I, 2, 2>(groups.clone(), next);
                    self.tiles::<I, 1, 4>(groups, next);
                }
            }
        }
    }
}

/// Where many weights are zero, sums over so many terms do without those. Each sum reads the values of its
/// terms again: of more terms than that they are not in the nearest cache, and fewer are not worth a list.
const LISTED_TERMS: RangeInclusive<usize> = 8..=64;

impl<T: Scalar> Divide for WeightedSums<'_, T> {
    fn cost(&self) -> usize {
        self.weights.len() * self.n_groups() * LANES
    }

    fn divide(self) -> Result<(Self, Self), Self> {
        let half = self.n_groups() / 2;
        if half == 0 {
            return Err(self);
        }
        let (out, rest) = self.out.split_at_mut(half * self.n_sums());
        let first = self.first + half;
        Ok((WeightedSums { out, ..self }, WeightedSums { out: rest, first, ..self }))
    }
}
