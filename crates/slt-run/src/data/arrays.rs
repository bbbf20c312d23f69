//! Data that are in memory.

use ndarray::Array2;
use sha2::{Digest, Sha256};
use slt_core::canonical;
use slt_datasets::scaling::ScalerKind;
use slt_datasets::table::{Missing, Preprocessing, Table};
use slt_datasets::{Dataset, Split};

use super::{DataSource, FileData, FileFormat, Loaded, TestPart};
use crate::Error;

/// What data in memory are called.
const NAME: &str = "arrays";

/// How arrays are to become samples.
#[derive(Debug, Clone, Default)]
pub struct ArrayOptions {
    /// Names of the columns; none calls them `x0`, `x1`, and so on.
    pub columns: Option<Vec<String>>,
    /// Names of the classes that occur, in the order of their labels; none calls them by their labels.
    pub classes: Option<Vec<String>>,
    /// How the features are scaled.
    pub scaling: Option<ScalerKind>,
}

impl Loaded {
    /// Data in memory, all of them to search and train on: what a file with these numbers and a test part of
    /// its own would give. The test part is the same samples.
    ///
    /// # Shapes
    /// `features` is `n_samples x n_features`, `labels` has `n_samples` entries.
    ///
    /// # Errors
    /// As [`Table::from_arrays`], [`Table::with_names`] and [`Preprocessing::fit`]; missing values (NaN) are
    /// refused.
    ///
    /// ```
    /// use ndarray::array;
    /// use slt_datasets::scaling::ScalerKind;
    /// use slt_run::{ArrayOptions, Loaded};
    /// let options = ArrayOptions { scaling: Some(ScalerKind::Standard), ..ArrayOptions::default() };
    /// let loaded = Loaded::arrays(array![[1.0, 2.0], [3.0, 6.0]], vec![5, -5], options)?;
    /// assert_eq!(loaded.split.train.values(), [-1.0, -1.0, 1.0, 1.0]);
    /// assert_eq!(loaded.split.train.labels(), [1, 0]);
    /// # Ok::<(), slt_run::Error>(())
    /// ```
    pub fn arrays(features: Array2<f32>, labels: Vec<i64>, options: ArrayOptions) -> Result<Self, Error> {
        let ArrayOptions { columns, classes, scaling } = options;
        let sha256 = vec![
            hash(features.iter().map(|value| value.to_le_bytes())),
            hash(labels.iter().map(|label| label.to_le_bytes())),
        ];
        let table = Table::from_arrays(features, Some(labels))?.with_names(columns, classes)?;
        let preprocessing = Preprocessing::fit(&table, Missing::Refuse, scaling)?;
        let train: Dataset = preprocessing.dataset(table, NAME)?;
        let source = FileData {
            sha256,
            format: FileFormat::Arrays,
            target: preprocessing.target_name().map(str::to_owned),
            categorical: Vec::new(),
            ignored: Vec::new(),
            missing: Missing::Refuse,
            resize: None,
            scaling,
            test: TestPart::None,
            features: train.n_features(),
            classes: train.n_classes(),
            samples: train.n_samples(),
        };
        Ok(Self {
            source: DataSource::File(Box::new(source)),
            split: Split::new(train.clone(), train)?,
            preprocessing: Some(preprocessing),
            notes: Vec::new(),
        })
    }
}

/// SHA-256 of numbers, the lowest byte of each first.
fn hash<const N: usize>(numbers: impl Iterator<Item = [u8; N]>) -> String {
    /// Numbers that are hashed at once, which is faster than one by one.
    const AT_ONCE: usize = 4096;
    let mut digest = Sha256::new();
    let mut bytes = Vec::with_capacity(AT_ONCE * N);
    for number in numbers {
        bytes.extend(number);
        if bytes.len() == bytes.capacity() {
            digest.update(&bytes);
            bytes.clear();
        }
    }
    digest.update(&bytes);
    canonical::to_hex(&digest.finalize())
}
