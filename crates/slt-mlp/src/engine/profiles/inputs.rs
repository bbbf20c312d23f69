//! The data, feature by feature, without zeros.

use std::ops::Range;

use slt_core::random::index_below;
use slt_core::{Purpose, Seed};
use slt_datasets::{Dataset, Shifts};

/// The order that samples are taken in is the same for all data of a size.
const ORDER: Purpose = Purpose::new("batches");

/// The samples of one feature that are not zero, ascending, and the feature there.
#[derive(Debug, Clone, Default)]
pub(super) struct Column {
    pub(super) samples: Vec<u32>,
    pub(super) values: Vec<f32>,
}

impl Column {
    /// What it says of some of the samples.
    pub(super) fn part(&self, samples: Range<usize>) -> (&[u32], &[f32]) {
        let place = |n: usize| self.samples.partition_point(|&sample| (sample as usize) < n);
        let part = place(samples.start)..place(samples.end);
        (&self.samples[part.clone()], &self.values[part])
    }
}

/// The samples that a mask is held on, numbered from 0.
#[derive(Debug, Default)]
pub(super) struct Inputs {
    pub(super) columns: Vec<Column>,
    pub(super) labels: Vec<u32>,
}

/// All samples and their copies in a random order, so that those that are next to each other are a random sample of all.
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
    fn for_each(&self, samples: Range<usize>, mut f: impl FnMut(u32, &[f32])) {
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
        let room =
            |&count: &usize| Column { samples: Vec::with_capacity(count), values: Vec::with_capacity(count) };
        let mut columns: Vec<Column> = counts.iter().map(room).collect();
        self.for_each(samples.clone(), |place, features| {
            for (column, &x) in columns.iter_mut().zip(features).filter(|(_, x)| **x != 0.0) {
                column.samples.push(place);
                column.values.push(x);
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
