//! Samples packed into blocks.

use super::head::NO_SAMPLE;
use super::rows::{BLOCK, Row};
use crate::{Samples, Scalar};

/// Samples in blocks of 64, feature by feature. The last block may be partly empty.
#[derive(Debug, Clone)]
pub(crate) struct Blocks<T> {
    n_features: usize,
    n_samples: usize,
    inputs: Vec<Row<T>>,
    labels: Vec<[u32; BLOCK]>,
}

impl<T: Scalar> Blocks<T> {
    /// No samples yet.
    pub(crate) fn new(n_features: usize) -> Self {
        Self { n_features, n_samples: 0, inputs: Vec::new(), labels: Vec::new() }
    }

    /// The samples at `rows`, in that order.
    pub(crate) fn pack(samples: &Samples<T>, rows: impl ExactSizeIterator<Item = usize>) -> Self {
        let mut blocks = Self::new(samples.n_features());
        blocks.fill(samples, rows);
        blocks
    }

    /// Takes other samples; memory is kept.
    pub(crate) fn fill(&mut self, samples: &Samples<T>, rows: impl ExactSizeIterator<Item = usize>) {
        self.n_samples = rows.len();
        let n_blocks = self.n_samples.div_ceil(BLOCK);
        self.inputs.clear();
        self.inputs.resize(n_blocks * self.n_features, Row::zero());
        self.labels.clear();
        self.labels.resize(n_blocks, [NO_SAMPLE; BLOCK]);
        let (values, labels) = (samples.values(), samples.labels());
        for (i, row) in rows.enumerate() {
            let (block, lane) = (i / BLOCK, i % BLOCK);
            let sample = &values[row * self.n_features..][..self.n_features];
            for (input, &x) in self.inputs[block * self.n_features..].iter_mut().zip(sample) {
                input.0[lane] = x;
            }
            self.labels[block][lane] = labels[row];
        }
    }

    /// Number of samples.
    pub(crate) fn n_samples(&self) -> usize {
        self.n_samples
    }

    /// Number of blocks.
    pub(crate) fn len(&self) -> usize {
        self.labels.len()
    }

    /// Rows of features, labels, and number of samples of a block.
    #[inline(always)]
    pub(crate) fn get(&self, block: usize) -> (&[Row<T>], &[u32; BLOCK], usize) {
        let inputs = &self.inputs[block * self.n_features..][..self.n_features];
        (inputs, &self.labels[block], (self.n_samples - block * BLOCK).min(BLOCK))
    }
}
