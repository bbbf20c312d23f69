//! The samples of a batch, and what units do on them.

use super::lanes::{BLOCK, BLOCK_GROUPS, Group, NO_SAMPLE};
use super::sparse::Sparse;
use crate::{Samples, Scalar};
use slt_simd::unfused::LANES;

/// The values of units on the samples of a batch: all units of the first group, then those of the second.
#[derive(Debug, Clone, Default)]
pub(crate) struct Units<T> {
    n_units: usize,
    groups: Vec<Group<T>>,
}

impl<T: Scalar> Units<T> {
    /// Takes another shape. What is held afterwards is to be written first.
    pub(crate) fn reshape(&mut self, n_units: usize, n_groups: usize) {
        self.n_units = n_units;
        self.groups.resize(n_units * n_groups, Group::zero());
    }

    /// Number of units.
    #[inline(always)]
    pub(crate) fn len(&self) -> usize {
        self.n_units
    }

    /// Groups of each unit.
    #[inline(always)]
    pub(crate) fn n_groups(&self) -> usize {
        self.groups.len() / self.n_units.max(1)
    }

    /// All units on a group.
    #[inline(always)]
    pub(crate) fn at(&self, group: usize) -> &[Group<T>] {
        &self.groups[group * self.n_units..][..self.n_units]
    }

    /// `N` units from `first` on, on a group.
    #[inline(always)]
    pub(crate) fn some<const N: usize>(&self, group: usize, first: usize) -> &[Group<T>; N] {
        let start = group * self.n_units + first;
        self.groups[start..].first_chunk().expect("as many as were asked for")
    }

    /// All units on a group, to be written.
    #[inline(always)]
    pub(crate) fn at_mut(&mut self, group: usize) -> &mut [Group<T>] {
        &mut self.groups[group * self.n_units..][..self.n_units]
    }

    /// All units on all groups, to be written.
    pub(crate) fn groups_mut(&mut self) -> &mut [Group<T>] {
        &mut self.groups
    }
}

/// Of each unit, the groups on which it is not zero throughout, and its values there.
#[derive(Debug, Clone, Default)]
struct ActiveGroups<T> {
    /// Where the list of each unit ends.
    ends: Vec<usize>,
    groups: Vec<u32>,
    values: Vec<Group<T>>,
}

impl<T: Scalar> ActiveGroups<T> {
    fn fill(&mut self, units: &Units<T>) {
        self.ends.clear();
        self.groups.clear();
        self.values.clear();
        for unit in 0..units.len() {
            for group in 0..units.n_groups() {
                let values = units.at(group)[unit];
                if values.0.iter().any(|&x| x != T::zero()) {
                    self.groups.push(group as u32);
                    self.values.push(values);
                }
            }
            self.ends.push(self.groups.len());
        }
    }

    #[inline(always)]
    fn of(&self, unit: usize) -> impl Iterator<Item = (usize, &Group<T>)> {
        let start = if unit == 0 { 0 } else { self.ends[unit - 1] };
        let list = start..self.ends[unit];
        self.groups[list.clone()].iter().map(|&group| group as usize).zip(&self.values[list])
    }
}

/// Units that others are summed from.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Sources<'a, T> {
    pub(crate) units: &'a Units<T>,
    active: Option<&'a ActiveGroups<T>>,
}

impl<'a, T: Scalar> Sources<'a, T> {
    /// Whether most values are zero.
    pub(crate) fn is_sparse(&self) -> bool {
        self.active.is_some()
    }

    /// The groups on which a unit is not zero throughout, ascending, and its values there; `None` if that is
    /// not known.
    #[inline(always)]
    pub(crate) fn active(&self, unit: usize) -> Option<impl Iterator<Item = (usize, &'a Group<T>)>> {
        self.active.map(|active| active.of(unit))
    }
}

impl<'a, T> From<&'a Units<T>> for Sources<'a, T> {
    fn from(units: &'a Units<T>) -> Self {
        Self { units, active: None }
    }
}

/// Some samples, feature by feature. The last group may be partly empty.
#[derive(Debug, Clone)]
pub(crate) struct Batch<T> {
    n_samples: usize,
    features: Units<T>,
    /// Whether most features are zero; what else follows is up to date only then.
    is_sparse: bool,
    sparse: Sparse<T>,
    active: ActiveGroups<T>,
    /// One for each lane of each block.
    labels: Vec<[u32; BLOCK]>,
}

impl<T: Scalar> Batch<T> {
    /// No samples yet.
    pub(crate) fn new() -> Self {
        Self {
            n_samples: 0,
            features: Units::default(),
            is_sparse: false,
            sparse: Sparse::new(),
            active: ActiveGroups::default(),
            labels: Vec::new(),
        }
    }

    /// The samples at `rows`, in that order.
    pub(crate) fn pack(samples: &Samples<T>, rows: impl ExactSizeIterator<Item = usize> + Clone) -> Self {
        let mut batch = Self::new();
        batch.fill(samples, rows);
        batch
    }

    /// The samples at `rows`, so many in each batch but the last.
    pub(crate) fn pack_all(samples: &Samples<T>, rows: &[usize], size: usize) -> Vec<Self> {
        rows.chunks(size).map(|rows| Self::pack(samples, rows.iter().copied())).collect()
    }

    /// Takes other samples; memory is kept.
    pub(crate) fn fill(&mut self, samples: &Samples<T>, rows: impl ExactSizeIterator<Item = usize> + Clone) {
        let n_features = samples.n_features();
        self.n_samples = rows.len();
        let n_groups = self.n_samples.div_ceil(LANES);
        self.features.reshape(n_features, n_groups);
        self.features.groups.fill(Group::zero());
        self.labels.clear();
        self.labels.resize(self.n_samples.div_ceil(BLOCK), [NO_SAMPLE; BLOCK]);
        let (values, labels) = (samples.values(), samples.labels());
        let mut n_nonzero = 0;
        for (i, row) in rows.clone().enumerate() {
            let (group, lane) = (i / LANES, i % LANES);
            let sample = &values[row * n_features..][..n_features];
            for (feature, &x) in self.features.at_mut(group).iter_mut().zip(sample) {
                feature.0[lane] = x;
                n_nonzero += usize::from(x != T::zero());
            }
            self.labels[i / BLOCK][i % BLOCK] = labels[row];
        }
        // Lists are walked at some cost: they pay where most values are zero.
        self.is_sparse = 2 * n_nonzero < self.n_samples * n_features;
        if self.is_sparse {
            self.sparse.clear();
            for row in rows {
                self.sparse.push(values[row * n_features..][..n_features].iter());
            }
            self.active.fill(&self.features);
        }
    }

    /// Number of samples.
    pub(crate) fn n_samples(&self) -> usize {
        self.n_samples
    }

    /// Number of groups.
    pub(crate) fn n_groups(&self) -> usize {
        self.features.n_groups()
    }

    /// The features.
    pub(crate) fn features(&self) -> Sources<'_, T> {
        Sources { units: &self.features, active: self.is_sparse.then_some(&self.active) }
    }

    /// Of each sample, the features that are not zero, if most are zero.
    pub(super) fn sparse(&self) -> Option<&Sparse<T>> {
        self.is_sparse.then_some(&self.sparse)
    }

    /// The labels of a group.
    pub(crate) fn labels_of(&self, group: usize) -> &[u32; LANES] {
        &self.labels[group / BLOCK_GROUPS].as_chunks().0[group % BLOCK_GROUPS]
    }

    /// The labels of each block.
    pub(crate) fn labels(&self) -> &[[u32; BLOCK]] {
        &self.labels
    }
}
