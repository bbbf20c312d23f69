//! The data, feature by feature, without zeros.

use std::ops::Range;

use slt_core::random::index_below;
use slt_core::{Purpose, Seed};
use slt_datasets::Dataset;

/// The order that samples are taken in is the same for all data of a size.
const ORDER: Purpose = Purpose::new("batches");

/// The samples of one feature that are not zero, and the feature there.
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

/// Samples in a random order, so that those that are next to each other are a random sample of all.
#[derive(Debug)]
pub(super) struct Inputs {
    pub(super) columns: Vec<Column>,
    pub(super) labels: Vec<u32>,
}

impl Inputs {
    pub(super) fn new(data: &Dataset) -> Self {
        let n = data.n_samples();
        let mut order: Vec<usize> = (0..n).collect();
        let mut rng = Seed(0).stream(ORDER, 0, 0);
        for i in (1..n).rev() {
            order.swap(i, index_below(&mut rng, i + 1));
        }
        let n_features = data.n_features();
        let mut columns = vec![Column::default(); n_features];
        let mut counts = vec![0; n_features];
        for row in data.values().chunks_exact(n_features) {
            row.iter().zip(&mut counts).for_each(|(&x, count)| *count += usize::from(x != 0.0));
        }
        for (column, &count) in columns.iter_mut().zip(&counts) {
            column.samples.reserve_exact(count);
            column.values.reserve_exact(count);
        }
        for (place, &sample) in order.iter().enumerate() {
            let row = &data.values()[sample * n_features..][..n_features];
            for (column, &x) in columns.iter_mut().zip(row).filter(|(_, x)| **x != 0.0) {
                column.samples.push(place as u32);
                column.values.push(x);
            }
        }
        Self { columns, labels: order.iter().map(|&sample| data.labels()[sample]).collect() }
    }

    pub(super) fn n_samples(&self) -> usize {
        self.labels.len()
    }

    /// The least and the largest value of each feature.
    pub(super) fn ranges(&self) -> Vec<(f32, f32)> {
        let range = |column: &Column| {
            let start = if column.samples.len() == self.n_samples() {
                (f32::INFINITY, f32::NEG_INFINITY)
            } else {
                (0.0, 0.0)
            };
            column.values.iter().fold(start, |(low, high), &x| (low.min(x), high.max(x)))
        };
        self.columns.iter().map(range).collect()
    }
}
