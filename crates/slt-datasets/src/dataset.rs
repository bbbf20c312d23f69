//! [`Dataset`]: labelled samples that were checked once, and [`Split`]: a training set with its test set.

use std::sync::Arc;

use ndarray::{Array2, Axis};

use crate::error::Error;

/// The largest number of classes a [`Dataset`] may have, 65,536.
///
/// It bounds the memory that per-class counts take when a label in a file is nonsense.
pub const MAX_CLASSES: usize = 1 << 16;

/// Labelled samples for classification, checked on construction and immutable afterwards. Clones share them.
///
/// Whoever holds a `Dataset` may rely on this: there is at least one sample and one feature, there is one
/// label a sample, every feature is finite, and every label is below [`n_classes`](Self::n_classes).
///
/// # Shapes
///
/// `features` is `n_samples x n_features` in standard (row-major, contiguous) layout; `labels` has
/// `n_samples` entries.
///
/// ```
/// use ndarray::array;
/// use slt_datasets::Dataset;
///
/// let xor = Dataset::new("xor", array![[0., 0.], [0., 1.], [1., 0.], [1., 1.]], vec![0, 1, 1, 0], 2)?;
/// assert_eq!((xor.n_samples(), xor.n_features(), xor.n_classes()), (4, 2, 2));
/// assert_eq!(xor.class_counts(), [2, 2]);
/// # Ok::<(), slt_datasets::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Dataset {
    name: String,
    features: Arc<Array2<f32>>,
    labels: Arc<Vec<u32>>,
    n_classes: usize,
}

impl Dataset {
    /// Checks and takes the parts. Another memory layout than row-major is copied into row-major.
    ///
    /// # Errors
    ///
    /// [`Error::Empty`], [`Error::LabelCount`], [`Error::ClassCount`], [`Error::NotFinite`] or
    /// [`Error::LabelOutOfRange`], the last two for the first offending row.
    pub fn new(
        name: impl Into<String>,
        features: Array2<f32>,
        labels: Vec<u32>,
        n_classes: usize,
    ) -> Result<Self, Error> {
        let (n_samples, n_features) = features.dim();
        if n_samples == 0 || n_features == 0 {
            return Err(Error::Empty { n_samples, n_features });
        }
        if labels.len() != n_samples {
            return Err(Error::LabelCount { n_samples, n_labels: labels.len() });
        }
        if !(1..=MAX_CLASSES).contains(&n_classes) {
            return Err(Error::ClassCount { n_classes, max: MAX_CLASSES });
        }
        if let Some((row, column, value)) = first_not_finite(&features) {
            return Err(Error::NotFinite { row, column, value });
        }
        if let Some(row) = labels.iter().position(|&label| label as usize >= n_classes) {
            return Err(Error::LabelOutOfRange { row, label: labels[row], n_classes });
        }
        let features =
            if features.is_standard_layout() { features } else { features.as_standard_layout().into_owned() };
        Ok(Self { name: name.into(), features: Arc::new(features), labels: Arc::new(labels), n_classes })
    }

    /// The name the data set was given. Training set and test set of one split share it.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The features, `n_samples x n_features`, row-major.
    #[must_use]
    pub fn features(&self) -> &Array2<f32> {
        &self.features
    }

    /// The features as one slice, sample after sample: feature `j` of sample `i` is at `i * n_features + j`.
    #[must_use]
    pub fn values(&self) -> &[f32] {
        self.features.as_slice().expect("the constructor made the layout standard")
    }

    /// The labels, one a sample, each below [`n_classes`](Self::n_classes).
    #[must_use]
    pub fn labels(&self) -> &[u32] {
        &self.labels
    }

    /// Number of samples, at least 1.
    #[must_use]
    pub fn n_samples(&self) -> usize {
        self.features.nrows()
    }

    /// Number of features, at least 1.
    #[must_use]
    pub fn n_features(&self) -> usize {
        self.features.ncols()
    }

    /// Number of classes, at least 1 and at most [`MAX_CLASSES`]. A class may be without samples.
    #[must_use]
    pub fn n_classes(&self) -> usize {
        self.n_classes
    }

    /// How many samples each class has; entry `c` counts label `c`.
    #[must_use]
    pub fn class_counts(&self) -> Vec<usize> {
        let mut counts = vec![0; self.n_classes];
        for &label in self.labels.iter() {
            counts[label as usize] += 1;
        }
        counts
    }

    /// Whether another data set is a clone of this one, which shares its samples. Equal samples that were
    /// made apart are not looked at.
    ///
    /// ```
    /// let data = slt_datasets::paper::digits(2)?;
    /// assert!(data.train.shares_samples_with(&data.train.clone()));
    /// assert!(!data.train.shares_samples_with(&data.test));
    /// # Ok::<(), slt_datasets::Error>(())
    /// ```
    #[must_use]
    pub fn shares_samples_with(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.features, &other.features) && Arc::ptr_eq(&self.labels, &other.labels)
    }

    /// The given rows in the given order, under the same name and with the same classes. A row may occur
    /// repeatedly.
    ///
    /// # Errors
    ///
    /// [`Error::IndexOutOfRange`] for the first row that does not exist, [`Error::Empty`] if no row is given.
    pub fn subset(&self, rows: &[usize]) -> Result<Self, Error> {
        check_rows(rows, self.n_samples(), self.n_features())?;
        Ok(Self {
            name: self.name.clone(),
            features: Arc::new(self.features.select(Axis(0), rows)),
            labels: Arc::new(rows.iter().map(|&row| self.labels[row]).collect()),
            n_classes: self.n_classes,
        })
    }

    /// The same samples with other features, such as scaled ones; checks them anew.
    pub(crate) fn with_features(&self, features: Array2<f32>) -> Result<Self, Error> {
        Self::new(self.name.clone(), features, self.labels.to_vec(), self.n_classes)
    }
}

/// Row, column and value of the first number that is not finite.
pub(crate) fn first_not_finite(values: &Array2<f32>) -> Option<(usize, usize, f64)> {
    // All at once is vector code, and hardly ever the end.
    if values.iter().fold(true, |all, value| all & value.is_finite()) {
        return None;
    }
    let mut of_row_major = values.indexed_iter();
    let ((row, column), &value) = of_row_major.find(|(_, value)| !value.is_finite())?;
    Some((row, column, f64::from(value)))
}

/// A training set and the test set that belongs to it.
///
/// ```
/// let data = slt_datasets::paper::digits(10)?;
/// assert_eq!((data.train.n_samples(), data.test.n_samples()), (1347, 450));
/// # Ok::<(), slt_datasets::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Split {
    /// The samples a search or a training may see.
    pub train: Dataset,
    /// The samples that only the final evaluation may see.
    pub test: Dataset,
}

impl Split {
    /// Joins two data sets that were made apart, such as two files.
    ///
    /// # Errors
    ///
    /// [`Error::SplitMismatch`] if they differ in their number of features or classes.
    pub fn new(train: Dataset, test: Dataset) -> Result<Self, Error> {
        let pairs = [
            ("features", train.n_features(), test.n_features()),
            ("classes", train.n_classes(), test.n_classes()),
        ];
        for (quantity, train, test) in pairs {
            if train != test {
                return Err(Error::SplitMismatch { quantity, train, test });
            }
        }
        Ok(Self { train, test })
    }
}

/// Refuses rows that do not exist, and none at all.
pub(crate) fn check_rows(rows: &[usize], n_samples: usize, n_features: usize) -> Result<(), Error> {
    if rows.is_empty() {
        return Err(Error::Empty { n_samples: 0, n_features });
    }
    match rows.iter().find(|&&row| row >= n_samples) {
        Some(&index) => Err(Error::IndexOutOfRange { index, n_samples }),
        None => Ok(()),
    }
}
