//! Numbers most of which are zero, and the sums of a first layer over the features that are not.

use super::divide::Divide;
use super::lanes::Group;
use crate::Scalar;
use slt_simd::unfused::{LANES, Lanes, Pass, Vectors};

/// Of each of some lists of numbers, those that are not zero, with their places, ascending.
#[derive(Debug, Clone)]
pub(super) struct Sparse<T> {
    /// Where each list ends.
    ends: Vec<usize>,
    nonzero: Vec<(u32, T)>,
}

impl<T: Scalar> Sparse<T> {
    pub(super) fn new() -> Self {
        Self { ends: Vec::new(), nonzero: Vec::new() }
    }

    pub(super) fn clear(&mut self) {
        self.ends.clear();
        self.nonzero.clear();
    }

    /// Appends a list.
    pub(super) fn push<'a>(&mut self, numbers: impl Iterator<Item = &'a T>) {
        let nonzero = numbers.enumerate().filter(|(_, x)| **x != T::zero());
        self.nonzero.extend(nonzero.map(|(place, &x)| (place as u32, x)));
        self.ends.push(self.nonzero.len());
    }

    fn len(&self) -> usize {
        self.ends.len()
    }

    #[inline(always)]
    pub(super) fn list(&self, i: usize) -> &[(u32, T)] {
        let start = if i == 0 { 0 } else { self.ends[i - 1] };
        &self.nonzero[start..self.ends[i]]
    }
}

/// The [sums](super::sums::WeightedSums) of a first layer, target by target in the lanes: only as many
/// products as there are features that are not zero.
#[derive(Debug)]
pub(super) struct SparseSums<'a, T> {
    /// The features of each.
    pub(super) samples: &'a Sparse<T>,
    /// Source `s` to target `t` is `weights[s * n_out + t]`, where `n_out` is the number of biases, at least
    /// [`LANES`].
    pub(super) weights: &'a [T],
    pub(super) biases: &'a [T],
    pub(super) relu: bool,
    /// The first group, and all targets on it and on those behind it.
    pub(super) first: usize,
    pub(super) out: &'a mut [Group<T>],
}

impl<T: Scalar> SparseSums<'_, T> {
    /// All targets on a sample, `V` vectors at a time. The last ones overlap with those before where it does
    /// not come out even.
    #[inline(always)]
    fn sample<I: Vectors, const V: usize>(&mut self, sample: usize) {
        let n_out = self.biases.len();
        let features = self.samples.list(sample);
        let (group, lane) = (sample / LANES - self.first, sample % LANES);
        let out = &mut self.out[group * n_out..][..n_out];
        for from in (0..n_out).step_by(V * LANES) {
            let from = from.min(n_out - V * LANES);
            let mut sums: [_; V] =
                std::array::from_fn(|v| I::Vector::<T>::load(vectors::<T, V>(self.biases, from, v)));
            for &(feature, x) in features {
                let x = I::Vector::<T>::splat(x);
                let weights = &self.weights[feature as usize * n_out..][..n_out];
                for v in 0..V {
                    let weights = I::Vector::<T>::load(vectors::<T, V>(weights, from, v));
                    sums[v] = sums[v].accumulate(x, weights);
                }
            }
            for v in 0..V {
                let sum = if self.relu { sums[v].gate(sums[v]) } else { sums[v] };
                let mut lanes = [T::zero(); LANES];
                sum.store(&mut lanes);
                for (out, sum) in out[from + v * LANES..].iter_mut().zip(lanes) {
                    out.0[lane] = sum;
                }
            }
        }
    }

    #[inline(always)]
    fn samples<I: Vectors, const V: usize>(&mut self) {
        let first = self.first * LANES;
        let end = (first + self.out.len() / self.biases.len() * LANES).min(self.samples.len());
        for sample in first..end {
            self.sample::<I, V>(sample);
        }
    }
}

/// The `v`-th of `V` vectors that begin at `from`.
#[inline(always)]
fn vectors<T, const V: usize>(numbers: &[T], from: usize, v: usize) -> &[T; LANES] {
    let (vectors, _) = numbers[from..from + V * LANES].as_chunks();
    &vectors[v]
}

impl<T: Scalar> Pass for SparseSums<'_, T> {
    #[inline(always)]
    fn run<I: Vectors>(mut self) {
        match self.biases.len() / LANES {
            // Half of the registers; eight `f64` are two.
            8.. if size_of::<T>() == 4 => self.samples::<I, 8>(),
            4.. => self.samples::<I, 4>(),
            2.. => self.samples::<I, 2>(),
            _ => self.samples::<I, 1>(),
        }
    }
}

impl<T: Scalar> Divide for SparseSums<'_, T> {
    fn cost(&self) -> usize {
        let n_groups = self.out.len() / self.biases.len();
        self.biases.len() * self.samples.nonzero.len() / self.samples.len().max(1) * n_groups * LANES
    }

    fn divide(self) -> Result<(Self, Self), Self> {
        let n_out = self.biases.len();
        let half = self.out.len() / n_out / 2;
        if half == 0 {
            return Err(self);
        }
        let (out, rest) = self.out.split_at_mut(half * n_out);
        let first = self.first + half;
        Ok((SparseSums { out, ..self }, SparseSums { out: rest, first, ..self }))
    }
}
