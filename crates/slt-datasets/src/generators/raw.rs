//! [`Raw`]: data in double precision, as generators and files give it.

use ndarray::{Array2, Axis, s};

use crate::{dataset::Dataset, error::Error, numpy::RandomState, scaling, split};

/// Features and labels in double precision, before they become a [`Dataset`].
///
/// # Shapes
///
/// `features` is `n_samples x n_features`, `labels` has `n_samples` entries.
#[derive(Clone, Debug, PartialEq)]
pub struct Raw {
    /// One sample a row.
    pub features: Array2<f64>,
    /// The class of each sample, below `n_classes`.
    pub labels: Vec<u32>,
    /// Number of classes.
    pub n_classes: usize,
}

/// Raw training and test data.
#[derive(Clone, Debug, PartialEq)]
pub struct RawSplit {
    /// The training part.
    pub train: Raw,
    /// The test part.
    pub test: Raw,
}

impl Raw {
    /// Rounds the features to single precision and checks everything.
    ///
    /// # Errors
    ///
    /// Those of [`Dataset::new`]; a value beyond the range of `f32` is [`Error::NotFinite`].
    pub fn into_dataset(self, name: impl Into<String>) -> Result<Dataset, Error> {
        let single = self.features.mapv(|value| value as f32);
        Dataset::new(name, single, self.labels, self.n_classes).map_err(|error| match error {
            // Report the number the caller knows, not the infinity it was rounded to.
            Error::NotFinite { row, column, .. } => {
                Error::NotFinite { row, column, value: self.features[[row, column]] }
            }
            other => other,
        })
    }

    /// Cuts off the last `ceil(test_fraction * n)` rows as the test part; see [`split::ordered`].
    ///
    /// # Errors
    ///
    /// [`Error::Parameter`] and [`Error::EmptySplit`], as [`split::ordered`]; [`Error::LabelCount`] if there
    /// is not one label a row.
    pub fn split_ordered(&self, test_fraction: f64) -> Result<RawSplit, Error> {
        let (n_train, _) = self.split_sizes(test_fraction)?;
        let n_samples = self.features.nrows();
        let part = |from: usize, to: usize| Raw {
            features: self.features.slice(s![from..to, ..]).to_owned(),
            labels: self.labels[from..to].to_vec(),
            n_classes: self.n_classes,
        };
        Ok(RawSplit { train: part(0, n_train), test: part(n_train, n_samples) })
    }

    /// Puts the rows into random order; the first `ceil(test_fraction * n)` of them are the test part, the
    /// others the training part.
    ///
    /// The order is [`RandomState::permutation`] of the seed `random_state`, so this is scikit-learn's
    /// `train_test_split(test_size=test_fraction, random_state=random_state)`, row by row.
    ///
    /// # Errors
    ///
    /// As [`split_ordered`](Self::split_ordered).
    ///
    /// ```
    /// let raw = slt_datasets::digits::first_classes(10)?;
    /// let split = raw.split_shuffled(0.25, 1)?;
    /// assert_eq!((split.train.labels.len(), split.test.labels.len()), (1347, 450));
    /// assert_eq!(split.test.labels[..5], [1, 5, 0, 7, 1]);
    /// # Ok::<(), slt_datasets::Error>(())
    /// ```
    pub fn split_shuffled(&self, test_fraction: f64, random_state: u32) -> Result<RawSplit, Error> {
        let (_, n_test) = self.split_sizes(test_fraction)?;
        let order = RandomState::new(random_state).permutation(self.features.nrows());
        let (test, train) = order.split_at(n_test);
        Ok(RawSplit { train: self.rows(train), test: self.rows(test) })
    }

    /// Training and test size, once there is a label for each row.
    fn split_sizes(&self, test_fraction: f64) -> Result<(usize, usize), Error> {
        let (n_samples, n_labels) = (self.features.nrows(), self.labels.len());
        if n_labels != n_samples {
            return Err(Error::LabelCount { n_samples, n_labels });
        }
        split::ordered_sizes(n_samples, test_fraction)
    }

    /// All features by one minimum and one maximum to `[-0.7, 0.7]`; see [`scaling::min_max_array`].
    #[must_use]
    pub fn min_max_scaled(&self) -> Self {
        Self { features: scaling::min_max_array(&self.features), ..self.clone() }
    }

    /// Renumbers the classes that occur as 0, 1, 2, ... in ascending order of their present numbers.
    ///
    /// ```
    /// let raw = slt_datasets::digits::select(&[3, 5, 8])?.renumbered();
    /// assert_eq!((raw.n_classes, &raw.labels[..4]), (3, &[0, 1, 2, 0][..]));
    /// # Ok::<(), slt_datasets::Error>(())
    /// ```
    #[must_use]
    pub fn renumbered(mut self) -> Self {
        let mut present = self.labels.clone();
        present.sort_unstable();
        present.dedup();
        for label in &mut self.labels {
            *label = present.partition_point(|other| other < label) as u32;
        }
        self.n_classes = present.len();
        self
    }

    /// The given rows, which exist, in the given order.
    pub(crate) fn rows(&self, rows: &[usize]) -> Self {
        Self {
            features: self.features.select(Axis(0), rows),
            labels: rows.iter().map(|&row| self.labels[row]).collect(),
            n_classes: self.n_classes,
        }
    }
}
