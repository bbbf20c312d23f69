//! The labels of a data set, laid out in blocks.

use slt_datasets::Dataset;

use super::super::simd::{BLOCK, Row};

/// Labels in blocks of 64 samples, in the order of the data set.
#[derive(Debug, Clone)]
pub(super) struct Samples {
    len: usize,
    /// The class of each sample, as a float.
    labels: Vec<Row>,
    /// Bit `i` of block `b`: sample `i` has class 1. What two-class networks compare with.
    is_class_one: Vec<u64>,
}

impl Samples {
    pub(super) fn new(data: &Dataset) -> Self {
        let n_blocks = data.n_samples().div_ceil(BLOCK);
        let mut samples = Self {
            len: data.n_samples(),
            labels: vec![Row::ZERO; n_blocks],
            is_class_one: vec![0; n_blocks],
        };
        for (i, &label) in data.labels().iter().enumerate() {
            samples.labels[i / BLOCK].0[i % BLOCK] = label as f32;
            samples.is_class_one[i / BLOCK] |= u64::from(label == 1) << (i % BLOCK);
        }
        samples
    }

    /// Number of samples.
    pub(super) fn len(&self) -> usize {
        self.len
    }

    pub(super) fn n_blocks(&self) -> usize {
        self.labels.len()
    }

    #[inline(always)]
    pub(super) fn labels(&self, b: usize) -> &Row {
        &self.labels[b]
    }

    #[inline(always)]
    pub(super) fn is_class_one(&self, b: usize) -> u64 {
        self.is_class_one[b]
    }

    /// Bit `i`: sample `i` of block `b` exists.
    #[inline(always)]
    pub(super) fn valid(&self, b: usize) -> u64 {
        u64::MAX >> (BLOCK - BLOCK.min(self.len - b * BLOCK))
    }

    /// Zeroes what belongs to no sample in a row of block `b`.
    #[inline(always)]
    pub(super) fn clear_padding(&self, row: &mut Row, b: usize) {
        let end = BLOCK.min(self.len - b * BLOCK);
        row.0[end..].fill(0.0);
    }
}
