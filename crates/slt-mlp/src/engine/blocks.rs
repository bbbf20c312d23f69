//! A data set laid out for the kernels: blocks of 64 samples, one row a feature.

use slt_datasets::Dataset;

use super::simd::{BLOCK, Row};

/// Samples in blocks of 64. The last block is padded with zeros, which `valid` marks.
#[derive(Debug, Clone)]
pub(crate) struct Blocks {
    n_samples: usize,
    n_features: usize,
    /// Row of feature `f` in block `b`: `b * n_features + f`.
    features: Vec<Row>,
    /// The class of each sample, as a float.
    labels: Vec<Row>,
    /// Bit `i` of block `b`: sample `i` has class 1. What two-class networks compare with.
    is_class_one: Vec<u64>,
}

/// One block.
#[derive(Clone, Copy)]
pub(crate) struct Block<'a> {
    pub(crate) features: &'a [Row],
    pub(crate) labels: &'a Row,
    pub(crate) is_class_one: u64,
    /// Bit `i`: sample `i` exists.
    pub(crate) valid: u64,
}

impl Blocks {
    pub(crate) fn new(data: &Dataset) -> Self {
        let (n_samples, n_features) = (data.n_samples(), data.n_features());
        let n_blocks = n_samples.div_ceil(BLOCK);
        let mut blocks = Self {
            n_samples,
            n_features,
            features: vec![Row::ZERO; n_blocks * n_features],
            labels: vec![Row::ZERO; n_blocks],
            is_class_one: vec![0; n_blocks],
        };
        for (i, (sample, &label)) in data.features().rows().into_iter().zip(data.labels()).enumerate() {
            let (b, lane) = (i / BLOCK, i % BLOCK);
            for (f, &x) in sample.iter().enumerate() {
                blocks.features[b * n_features + f].0[lane] = x;
            }
            blocks.labels[b].0[lane] = label as f32;
            blocks.is_class_one[b] |= u64::from(label == 1) << lane;
        }
        blocks
    }

    pub(crate) fn n_samples(&self) -> usize {
        self.n_samples
    }

    pub(crate) fn len(&self) -> usize {
        self.labels.len()
    }

    #[inline(always)]
    pub(crate) fn get(&self, b: usize) -> Block<'_> {
        let samples = BLOCK.min(self.n_samples - b * BLOCK);
        Block {
            features: &self.features[b * self.n_features..][..self.n_features],
            labels: &self.labels[b],
            is_class_one: self.is_class_one[b],
            valid: u64::MAX >> (BLOCK - samples),
        }
    }
}
