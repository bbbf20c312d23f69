//! What runs are run on: the paper's data, a file, or arrays in memory.

mod arrays;
mod content;
mod load;

use serde::{Deserialize, Serialize};
use slt_baselines::DataShape;
use slt_core::Seed;
use slt_datasets::Split;
use slt_datasets::paper::{PaperData, PaperName, PaperScaling};
use slt_datasets::scaling::ScalerKind;
use slt_datasets::table::Missing;

use slt_mlp::{DataFiles, DataSplit};

pub use arrays::ArrayOptions;
pub use load::{
    FileOptions, FileScaling, Loaded, Rows, TestChoice, load_file, load_for_ticket, read_rows,
    read_rows_to_predict,
};

use crate::Error;

/// What a run is run on.
///
/// In a spec it says all that the samples depend on, and nothing else: not the name of a file, but the hash
/// of its content.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
#[non_exhaustive]
pub enum DataSource {
    /// A data set of the paper.
    Paper(PaperData),
    /// A file.
    File(Box<FileData>),
}

/// A file, and how it became samples.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FileData {
    /// SHA-256 of the file's content, or of that of each file where there are several, as 64 hexadecimal
    /// digits; of arrays that of the features, as single precision, and of the labels, as 64-bit integers,
    /// row after row, the lowest byte of each number first.
    pub sha256: Vec<String>,
    /// How it is coded.
    pub format: FileFormat,
    /// The column with the labels, if columns have names.
    pub target: Option<String>,
    /// Columns that hold categories.
    pub categorical: Vec<String>,
    /// Columns that are not used.
    pub ignored: Vec<String>,
    /// What stands for missing values.
    pub missing: Missing,
    /// Width that square images are averaged down to, if they are.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub resize: Option<usize>,
    /// How the features are scaled.
    pub scaling: Option<ScalerKind>,
    /// Where the test part comes from.
    pub test: TestPart,
    /// Number of features.
    pub features: usize,
    /// Number of classes.
    pub classes: usize,
    /// Number of samples to train on.
    pub samples: usize,
}

/// How a file is coded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum FileFormat {
    /// Text, one sample a line.
    Csv {
        /// Whether the first line names the columns.
        header: bool,
        /// What stands between two fields; none if that is found out.
        separator: Option<char>,
        /// What stands before the decimals.
        decimal: char,
    },
    /// Images and labels as MNIST has them.
    Idx,
    /// An array of numpy.
    Npy,
    /// Several arrays of numpy.
    Npz,
    /// Arrays in memory, of no file: features and labels.
    Arrays,
}

/// Where the test part of a file comes from.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum TestPart {
    /// The same share of every class, drawn at random: see [`slt_datasets::split::stratified`].
    Share {
        /// The share.
        fraction: f64,
        /// What it is drawn from.
        seed: Seed,
    },
    /// A file of its own, by the SHA-256 of its content.
    File(Vec<String>),
    /// The format has one.
    Given,
    /// There is none: all samples are to search and train on.
    None,
}

impl DataSource {
    /// The paper's data, if it is that.
    pub fn paper(&self) -> Option<PaperData> {
        match self {
            Self::Paper(data) => Some(*data),
            Self::File(_) => None,
        }
    }

    /// A short name: for the paper's data as [`PaperData::dataset_name`], for a file the beginning of its
    /// hash.
    pub fn name(&self) -> String {
        match self {
            Self::Paper(data) => data.dataset_name().unwrap_or_default(),
            Self::File(data) => {
                let hash = data.sha256.first().and_then(|hash| hash.get(..8));
                format!("file {}", hash.unwrap_or_default())
            }
        }
    }

    /// Loads data that can be made without a file.
    ///
    /// # Errors
    /// [`Error::NeedsFile`] for a file: it is loaded by those who know its name.
    pub fn load(&self) -> Result<Split, Error> {
        match self {
            Self::Paper(data) => Ok(data.load()?),
            Self::File(data) => Err(Error::NeedsFile { sha256: data.sha256.join(", ") }),
        }
    }

    /// Its size, which defaults go by.
    ///
    /// # Errors
    /// If there are no such data.
    pub fn shape(&self) -> Result<DataShape, Error> {
        Ok(match self {
            Self::Paper(data) => DataShape {
                features: data.n_features() as usize,
                classes: data.n_classes()? as usize,
                samples: match (data.name, data.n_classes()? as usize) {
                    (PaperName::Moons | PaperName::Circles, _) => 50_000,
                    (PaperName::Blobs, classes) => 3_750 * classes,
                    (PaperName::Digits, classes) => 135 * classes,
                },
            },
            Self::File(data) => {
                DataShape { features: data.features, classes: data.classes, samples: data.samples }
            }
        })
    }
}

impl FileData {
    /// What a ticket keeps of it, so that the same test samples can be found again.
    pub fn for_ticket(&self) -> DataFiles {
        let format = match self.format {
            FileFormat::Csv { .. } => "csv",
            FileFormat::Idx => "idx",
            FileFormat::Npy => "npy",
            FileFormat::Npz => "npz",
            FileFormat::Arrays => "arrays",
        };
        let split = match &self.test {
            TestPart::Share { fraction, seed } => {
                DataSplit::Stratified { test_fraction: *fraction, seed: seed.0 }
            }
            TestPart::File(sha256) => DataSplit::TestFile { sha256: sha256.clone() },
            TestPart::Given | TestPart::None => DataSplit::Whole,
        };
        DataFiles { format: format.to_owned(), sha256: self.sha256.clone(), split }
    }
}

impl From<PaperData> for DataSource {
    fn from(data: PaperData) -> Self {
        Self::Paper(data)
    }
}

/// The form of a choice of data that specs hold, so that the same data always have the same spec: the number
/// of classes is given where there is a choice, and the scaling is the paper's wherever that scales alike.
///
/// # Errors
/// If the number of classes is out of range.
pub fn canonical_data(data: PaperData) -> Result<PaperData, Error> {
    let classes = data.n_classes()?;
    let as_the_paper = data.scaling.scales(data.name) == PaperScaling::Paper.scales(data.name);
    Ok(PaperData {
        name: data.name,
        classes: matches!(data.name, PaperName::Blobs | PaperName::Digits).then_some(classes),
        scaling: if as_the_paper { PaperScaling::Paper } else { data.scaling },
        split: data.split,
    })
}
