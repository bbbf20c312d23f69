//! The order of the samples in which masks that cannot reach a floor show it early.

use std::ops::Range;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use slt_datasets::Dataset;

use super::blocks::Blocks;
use slt_simd::fused::BLOCK;

/// The fewest samples a class needs for blocks of its own. With fewer, the padding of the last block would
/// cost more than the order gains.
const SAMPLES_OF_A_GROUP: usize = 1024;

/// Samples in groups, within a group those first that have often been wrong.
#[derive(Debug)]
pub(super) struct Ordered {
    pub(super) blocks: Blocks,
    /// The blocks of each group: of each class, if classes are large, else all.
    pub(super) groups: Vec<Range<usize>>,
    /// All blocks, the most difficult first.
    pub(super) sequence: Vec<usize>,
}

/// What racing has learned so far. It decides what is done when, never what comes out.
#[derive(Debug)]
pub(super) struct Order(Mutex<State>);

#[derive(Debug, Clone)]
struct State {
    difficulty: Difficulty,
    ordered: Option<Arc<Ordered>>,
}

impl Clone for Order {
    fn clone(&self) -> Self {
        Self(Mutex::new(self.lock().clone()))
    }
}

impl Order {
    pub(super) fn new(n_samples: usize) -> Self {
        Self(Mutex::new(State { difficulty: Difficulty::new(n_samples), ordered: None }))
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        // A thread that panicked while it held the lock has left nothing half done.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The samples in the order of what is known now.
    pub(super) fn current(&self, data: &Dataset) -> Arc<Ordered> {
        let State { difficulty, ordered } = &mut *self.lock();
        Arc::clone(ordered.get_or_insert_with(|| Arc::new(difficulty.order(data))))
    }

    /// Learns from a batch through `teach`, and now and then orders the samples anew.
    pub(super) fn learn(&self, data: &Dataset, teach: impl FnOnce(&mut Difficulty)) {
        let State { difficulty, ordered } = &mut *self.lock();
        teach(difficulty);
        if difficulty.is_due() {
            *ordered = Some(Arc::new(difficulty.order(data)));
        }
    }
}

/// How difficult each sample has been: errors, or losses, of masks that were evaluated in full, older ones
/// counting less.
#[derive(Debug, Clone)]
pub(super) struct Difficulty {
    of_sample: Vec<f32>,
    batches: u32,
}

impl Difficulty {
    fn new(n_samples: usize) -> Self {
        Self { of_sample: vec![0.0; n_samples], batches: 0 }
    }

    pub(super) fn add(&mut self, sample: u32, amount: f32) {
        self.of_sample[sample as usize] += amount;
    }

    /// Counts a batch of masks; says whether it is time for a new order: after batches 1, 2, 4, ... 32, and
    /// then every 32.
    fn is_due(&mut self) -> bool {
        self.batches += 1;
        self.batches.is_power_of_two() || self.batches.is_multiple_of(32)
    }

    /// The samples in their present order. What was learned so far counts half from now on.
    fn order(&mut self, data: &Dataset) -> Ordered {
        let by_class = data.n_samples() >= SAMPLES_OF_A_GROUP * data.n_classes();
        let mut samples: Vec<Vec<u32>> = vec![Vec::new(); if by_class { data.n_classes() } else { 1 }];
        for (sample, &label) in data.labels().iter().enumerate() {
            samples[if by_class { label as usize } else { 0 }].push(sample as u32);
        }
        let difficulty = |sample: u32| self.of_sample[sample as usize];
        for group in &mut samples {
            group.sort_by(|&a, &b| difficulty(b).total_cmp(&difficulty(a)));
        }
        let blocks = Blocks::of_groups(data, samples.iter().map(Vec::as_slice));
        let mut groups = Vec::with_capacity(samples.len());
        let mut end = 0;
        for group in &samples {
            let start = end;
            end += group.len().div_ceil(BLOCK);
            groups.push(start..end);
        }
        let mean = |b: usize| {
            let samples = blocks.samples(b);
            samples.iter().map(|&sample| difficulty(sample)).sum::<f32>() / samples.len() as f32
        };
        // Equally difficult blocks take turns between the groups.
        let places = groups.iter().flat_map(|group| 0..group.len());
        let mut sequence: Vec<(f32, usize, usize)> =
            places.enumerate().map(|(b, place)| (mean(b), place, b)).collect();
        sequence.sort_by(|x, y| y.0.total_cmp(&x.0).then(x.1.cmp(&y.1)));
        let sequence = sequence.into_iter().map(|(_, _, b)| b).collect();
        self.of_sample.iter_mut().for_each(|difficulty| *difficulty *= 0.5);
        Ordered { blocks, groups, sequence }
    }
}
