//! Labelled samples in the precision of a training run.

use ndarray::Array2;
use slt_datasets::Dataset;

use crate::{Error, Scalar};

/// The size of a classification task: what defaults for any data go by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct DataShape {
    /// Number of features.
    pub features: usize,
    /// Number of classes.
    pub classes: usize,
    /// Number of samples to train on.
    pub samples: usize,
}

/// Labelled samples in single or double precision, checked once.
///
/// A [`Dataset`] holds single precision; this type is for training in `f64` and on features that have no
/// single-precision form.
///
/// ```
/// use slt_baselines::Samples;
/// let moons = Samples::<f32>::from(&slt_datasets::paper::moons()?.train);
/// assert_eq!((moons.n_samples(), moons.n_features(), moons.n_classes()), (50_000, 2, 2));
/// # Ok::<(), slt_datasets::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Samples<T> {
    features: Array2<T>,
    labels: Vec<u32>,
    n_classes: usize,
}

impl<T: Scalar> Samples<T> {
    /// Checks and takes the parts.
    ///
    /// # Shapes
    /// `features` is `n_samples x n_features`, `labels` has `n_samples` entries below `n_classes`.
    ///
    /// # Errors
    /// [`Error::Empty`], [`Error::LabelCount`], [`Error::NotFinite`], [`Error::LabelOutOfRange`].
    pub fn new(features: Array2<T>, labels: Vec<u32>, n_classes: usize) -> Result<Self, Error> {
        let (n_samples, n_features) = features.dim();
        if n_samples == 0 || n_features == 0 {
            return Err(Error::Empty { n_samples, n_features });
        }
        if labels.len() != n_samples {
            return Err(Error::LabelCount { n_samples, n_labels: labels.len() });
        }
        if let Some(((row, column), _)) = features.indexed_iter().find(|(_, x)| !x.is_finite()) {
            return Err(Error::NotFinite { row, column });
        }
        if let Some(row) = labels.iter().position(|&label| label as usize >= n_classes) {
            return Err(Error::LabelOutOfRange { row, label: labels[row], n_classes });
        }
        let features =
            if features.is_standard_layout() { features } else { features.as_standard_layout().into_owned() };
        Ok(Self { features, labels, n_classes })
    }

    /// The rows at `rows`, in that order.
    pub(crate) fn select(&self, rows: &[usize]) -> Self {
        Self {
            features: self.features.select(ndarray::Axis(0), rows),
            labels: rows.iter().map(|&row| self.labels[row]).collect(),
            n_classes: self.n_classes,
        }
    }

    /// The features, `n_samples x n_features`.
    pub fn features(&self) -> &Array2<T> {
        &self.features
    }

    /// The features, sample after sample.
    pub(crate) fn values(&self) -> &[T] {
        self.features.as_slice().expect("the constructors make the layout standard")
    }

    /// The labels, each below the number of classes.
    pub fn labels(&self) -> &[u32] {
        &self.labels
    }

    /// Number of samples, at least 1.
    pub fn n_samples(&self) -> usize {
        self.features.nrows()
    }

    /// Number of features, at least 1.
    pub fn n_features(&self) -> usize {
        self.features.ncols()
    }

    /// Features, classes and samples.
    pub fn shape(&self) -> DataShape {
        let (samples, features) = self.features.dim();
        DataShape { features, classes: self.n_classes, samples }
    }

    /// Number of classes.
    pub fn n_classes(&self) -> usize {
        self.n_classes
    }
}

impl<T: Scalar> From<&Dataset> for Samples<T> {
    fn from(data: &Dataset) -> Self {
        Self {
            features: data.features().mapv(T::of_single),
            labels: data.labels().to_vec(),
            n_classes: data.n_classes(),
        }
    }
}
