//! A data set laid out for the kernels: blocks of 64 samples, one strip a feature.

use slt_datasets::Dataset;

use slt_simd::fused::{BLOCK, Strip};

/// Samples in blocks of 64. Blocks may be padded with zeros at their end.
#[derive(Debug, Clone)]
pub(crate) struct Blocks {
    n_features: usize,
    /// Strip of feature `f` in block `b`: `b * n_features + f`.
    features: Vec<Strip>,
    /// The class of each sample, as a float.
    labels: Vec<Strip>,
    /// Bit `i` of block `b`: sample `i` has class 1. What two-class networks compare with.
    is_class_one: Vec<u64>,
    /// Which sample of the data set is where; each block's samples come first.
    samples: Vec<u32>,
    /// Samples before each block, and in all.
    starts: Vec<u32>,
}

/// One block.
#[derive(Clone, Copy)]
pub(crate) struct Block<'a> {
    pub(crate) features: &'a [Strip],
    pub(crate) labels: &'a Strip,
    pub(crate) is_class_one: u64,
    /// Bit `i`: sample `i` exists.
    pub(crate) valid: u64,
}

impl Blocks {
    /// The samples in the order of the data set.
    pub(crate) fn in_order(data: &Dataset) -> Self {
        let all: Vec<u32> = (0..data.n_samples() as u32).collect();
        Self::of_groups(data, [&all[..]])
    }

    /// The samples of each group in turn; each group begins with a new block.
    pub(crate) fn of_groups<'a>(data: &Dataset, groups: impl IntoIterator<Item = &'a [u32]>) -> Self {
        let mut blocks = Self {
            n_features: data.n_features(),
            features: Vec::new(),
            labels: Vec::new(),
            is_class_one: Vec::new(),
            samples: Vec::with_capacity(data.n_samples()),
            starts: vec![0],
        };
        for samples in groups.into_iter().flat_map(|group| group.chunks(BLOCK)) {
            blocks.push(data, samples);
        }
        blocks
    }

    fn push(&mut self, data: &Dataset, samples: &[u32]) {
        let (values, n_features) = (data.values(), self.n_features);
        let first_row = self.features.len();
        self.features.resize(first_row + n_features, Strip::ZERO);
        let (mut labels, mut is_class_one) = (Strip::ZERO, 0);
        for (lane, &sample) in samples.iter().enumerate() {
            let sample = sample as usize;
            for (f, &x) in values[sample * n_features..][..n_features].iter().enumerate() {
                self.features[first_row + f].0[lane] = x;
            }
            let label = data.labels()[sample];
            labels.0[lane] = label as f32;
            is_class_one |= u64::from(label == 1) << lane;
        }
        self.labels.push(labels);
        self.is_class_one.push(is_class_one);
        self.samples.extend(samples);
        self.starts.push(self.samples.len() as u32);
    }

    pub(crate) fn len(&self) -> usize {
        self.labels.len()
    }

    /// Which samples of the data set block `b` holds.
    pub(crate) fn samples(&self, b: usize) -> &[u32] {
        &self.samples[self.starts[b] as usize..self.starts[b + 1] as usize]
    }

    #[inline(always)]
    pub(crate) fn get(&self, b: usize) -> Block<'_> {
        let samples = self.starts[b + 1] - self.starts[b];
        Block {
            features: &self.features[b * self.n_features..][..self.n_features],
            labels: &self.labels[b],
            is_class_one: self.is_class_one[b],
            valid: u64::MAX >> (BLOCK as u32 - samples),
        }
    }
}
