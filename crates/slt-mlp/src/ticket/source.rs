//! What a ticket says about the files of its data.

use serde::{Deserialize, Serialize};

use super::TicketError;

/// Files that a data set comes in: images, labels, and both again for the test set.
const MAX_FILES: usize = 4;
const MAX_FORMAT_BYTES: usize = 32;

/// The files that a ticket's data come from, and how they were divided, so that the same test samples can be
/// found again.
///
/// ```
/// use slt_mlp::{DataFiles, DataSplit};
/// let split = DataSplit::Stratified { test_fraction: 0.25, seed: 1 };
/// let source = DataFiles { format: "csv".into(), sha256: vec!["0".repeat(64)], split };
/// assert!(source.check().is_ok());
/// assert!(DataFiles { sha256: vec!["abc".into()], ..source }.check().is_err());
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DataFiles {
    /// Format of the files, such as `csv`: 1 to 32 lower-case letters, digits and hyphens.
    pub format: String,
    /// SHA-256 of each file, 1 to 4 of them, as 64 lower-case hexadecimal digits.
    pub sha256: Vec<String>,
    /// How training and test samples were divided.
    pub split: DataSplit,
}

/// How training and test samples were divided; see [`slt_datasets::split`].
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum DataSplit {
    /// They were not: all samples are training samples.
    Whole,
    /// [`slt_datasets::split::ordered`].
    Ordered {
        /// Share of the test samples, in (0, 1).
        test_fraction: f64,
    },
    /// [`slt_datasets::split::shuffled`].
    Shuffled {
        /// Share of the test samples, in (0, 1).
        test_fraction: f64,
        /// Seed of the order.
        seed: u64,
    },
    /// [`slt_datasets::split::stratified`].
    Stratified {
        /// Share of the test samples, in (0, 1).
        test_fraction: f64,
        /// Seed of the order.
        seed: u64,
    },
    /// The test samples are files of their own.
    TestFile {
        /// SHA-256 of each of these files.
        sha256: Vec<String>,
    },
}

impl DataFiles {
    /// Whether everything is as it has to be; a ticket takes nothing else.
    ///
    /// # Errors
    /// [`TicketError::Source`] names what is wrong.
    pub fn check(&self) -> Result<(), TicketError> {
        let bad = |problem| Err(TicketError::Source { problem });
        let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
        if !(1..=MAX_FORMAT_BYTES).contains(&self.format.len()) || !self.format.bytes().all(plain) {
            return bad("the format must be 1 to 32 lower-case letters, digits and hyphens");
        }
        let hexadecimal = |byte: u8| matches!(byte, b'0'..=b'9' | b'a'..=b'f');
        let is_hash = |text: &String| text.len() == 64 && text.bytes().all(hexadecimal);
        let are_hashes =
            |texts: &[String]| (1..=MAX_FILES).contains(&texts.len()) && texts.iter().all(is_hash);
        if !are_hashes(&self.sha256) {
            return bad("the SHA-256 of 1 to 4 files must be 64 lower-case hexadecimal digits each");
        }
        match &self.split {
            DataSplit::TestFile { sha256 } if !are_hashes(sha256) => {
                bad("the SHA-256 of 1 to 4 test files must be 64 lower-case hexadecimal digits each")
            }
            DataSplit::Ordered { test_fraction }
            | DataSplit::Shuffled { test_fraction, .. }
            | DataSplit::Stratified { test_fraction, .. }
                if !(*test_fraction > 0.0 && *test_fraction < 1.0) =>
            {
                bad("the test fraction must be above 0 and below 1")
            }
            _ => Ok(()),
        }
    }
}
