//! The data, feature by feature, without zeros.

use std::ops::Range;

use slt_core::random::index_below;
use slt_core::{Purpose, Seed};
use slt_datasets::{Dataset, Shifts};

/// The order that samples are taken in is the same for all data of a size.
const ORDER: Purpose = Purpose::new("batches");

/// Samples whose numbers differ in their last 16 bits alone.
const SEGMENT: usize = 1 << 16;

/// The samples of one feature that are not zero, ascending, and the feature there.
#[derive(Debug)]
pub(super) struct Column {
    /// The last 16 bits of their numbers, since columns are what takes memory.
    samples: Vec<u16>,
    values: Vec<f32>,
    /// Where each segment begins in both, and the end.
    starts: Vec<usize>,
}

impl Column {
    fn with_capacity(len: usize) -> Self {
        Self { samples: Vec::with_capacity(len), values: Vec::with_capacity(len), starts: vec![0, 0] }
    }

    /// Samples come in ascending order.
    fn push(&mut self, sample: usize, value: f32) {
        while self.starts.len() < sample / SEGMENT + 2 {
            self.starts.push(self.samples.len());
        }
        self.samples.push((sample % SEGMENT) as u16);
        self.values.push(value);
        *self.starts.last_mut().expect("there is an end") = self.samples.len();
    }

    pub(super) fn len(&self) -> usize {
        self.samples.len()
    }

    /// What it says of some of the samples, all of one segment: their numbers there, and values.
    pub(super) fn part(&self, samples: Range<usize>) -> (&[u16], &[f32]) {
        let segment = samples.start / SEGMENT;
        let Some(&[start, end]) = self.starts.get(segment..segment + 2) else { return (&[], &[]) };
        let place = |sample: usize| {
            let before = |&other: &u16| segment * SEGMENT + usize::from(other) < sample;
            start + self.samples[start..end].partition_point(before)
        };
        let part = place(samples.start)..place(samples.end);
        (&self.samples[part.clone()], &self.values[part])
    }

    /// The values, in order.
    pub(super) fn values(&self) -> &[f32] {
        &self.values
    }

    /// The samples of some values. `segment` is that of the values before, 0 at first.
    #[inline(always)]
    pub(super) fn samples<const N: usize>(&self, first: usize, segment: &mut usize) -> [u32; N] {
        let some: &[u16; N] = self.samples[first..].first_chunk().expect("there are as many");
        *segment = self.segment(first, *segment);
        if first + N <= self.starts[*segment + 1] {
            let base = (*segment * SEGMENT) as u32;
            return some.map(|sample| base + u32::from(sample));
        }
        std::array::from_fn(|i| {
            *segment = self.segment(first + i, *segment);
            (*segment * SEGMENT) as u32 + u32::from(some[i])
        })
    }

    /// The segment of a value, which is not before that of another one.
    fn segment(&self, place: usize, mut other: usize) -> usize {
        while self.starts[other + 1] <= place {
            other += 1;
        }
        other
    }
}

/// The samples that a mask is held on, numbered from 0.
#[derive(Debug, Default)]
pub(super) struct Inputs {
    pub(super) columns: Vec<Column>,
    pub(super) labels: Vec<u32>,
}

/// All samples and their copies in a random order, so that those that are next to each other are a random
/// sample of all.
#[derive(Debug)]
pub(super) struct Supply {
    data: Dataset,
    shifts: Option<Shifts>,
    /// Number of a sample, or of a copy: those of copy 1 follow all samples.
    order: Vec<u32>,
}

impl Supply {
    pub(super) fn new(data: &Dataset, shifts: Option<&Shifts>) -> Self {
        let n = data.n_samples() * shifts.map_or(1, Shifts::copies);
        let mut order: Vec<u32> = (0..n as u32).collect();
        let mut rng = Seed(0).stream(ORDER, 0, 0);
        for i in (1..n).rev() {
            order.swap(i, index_below(&mut rng, i + 1));
        }
        Self { data: data.clone(), shifts: shifts.cloned(), order }
    }

    pub(super) fn n_samples(&self) -> usize {
        self.order.len()
    }

    /// Calls `f` with the place of each of some samples and its features.
    fn for_each(&self, samples: Range<usize>, mut f: impl FnMut(usize, &[f32])) {
        let n_features = self.data.n_features();
        let mut copy = vec![0.0; n_features];
        for (&number, place) in self.order[samples].iter().zip(0..) {
            let (number, sample) = (number as usize, number as usize % self.data.n_samples());
            let features = &self.data.values()[sample * n_features..][..n_features];
            match &self.shifts {
                Some(shifts) if number != sample => {
                    shifts.write(number / self.data.n_samples(), features, &mut copy);
                    f(place, &copy);
                }
                _ => f(place, features),
            }
        }
    }

    /// The features of some of the samples.
    pub(super) fn inputs(&self, samples: Range<usize>) -> Inputs {
        let mut counts = vec![0; self.data.n_features()];
        self.for_each(samples.clone(), |_, features| {
            features.iter().zip(&mut counts).for_each(|(&x, count)| *count += usize::from(x != 0.0));
        });
        let mut columns: Vec<Column> = counts.into_iter().map(Column::with_capacity).collect();
        self.for_each(samples.clone(), |place, features| {
            for (column, &x) in columns.iter_mut().zip(features).filter(|(_, x)| **x != 0.0) {
                column.push(place, x);
            }
        });
        let label = |&number: &u32| self.data.labels()[number as usize % self.data.n_samples()];
        Inputs { columns, labels: self.order[samples].iter().map(label).collect() }
    }

    /// The least and the largest value of each feature.
    pub(super) fn ranges(&self) -> Vec<(f32, f32)> {
        let mut ranges = vec![(f32::INFINITY, f32::NEG_INFINITY); self.data.n_features()];
        self.for_each(0..self.n_samples(), |_, features| {
            for ((low, high), &x) in ranges.iter_mut().zip(features) {
                (*low, *high) = (low.min(x), high.max(x));
            }
        });
        ranges
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_column_has_the_samples_that_were_pushed() {
        let ends =
            [SEGMENT - 3, SEGMENT - 1, SEGMENT, SEGMENT + 7, 5 * SEGMENT - 1, 5 * SEGMENT, 7 * SEGMENT + 9];
        let lists = [vec![], vec![0], vec![3 * SEGMENT], ends.to_vec(), (0..20).chain(ends).collect()];
        for samples in lists.into_iter().chain([(SEGMENT - 30..SEGMENT + 30).collect()]) {
            let mut column = Column::with_capacity(samples.len());
            samples.iter().for_each(|&sample| column.push(sample, sample as f32));
            assert_eq!(column.values(), samples.iter().map(|&s| s as f32).collect::<Vec<_>>());
            let mut segment = 0;
            for (first, some) in samples.windows(8).enumerate().step_by(8) {
                let expected: Vec<u32> = some.iter().map(|&s| s as u32).collect();
                assert_eq!(column.samples::<8>(first, &mut segment)[..], expected);
            }
            for first in (0..8 * SEGMENT).step_by(SEGMENT / 8) {
                let part = first..first + SEGMENT / 8;
                let expected: Vec<f32> =
                    samples.iter().filter(|s| part.contains(s)).map(|&s| s as f32).collect();
                let (numbers, values) = column.part(part);
                assert_eq!(values, expected);
                assert!(numbers.iter().zip(values).all(|(&n, &x)| usize::from(n) == x as usize % SEGMENT));
            }
        }
    }
}
