//! numpy's `.npz` format: arrays with names in a zip archive.
//!
//! ```python
//! numpy.savez_compressed("data.npz", x_train=X1, y_train=y1, x_test=X2, y_test=y2)   # or x=X, y=y
//! ```
//!
//! | array | names, in upper or lower case |
//! |---|---|
//! | features to train on | `x_train`, `train_x`, `train_images`, `x`, `data`, `features`, `images` |
//! | labels to train on | `y_train`, `train_y`, `train_labels`, `y`, `target`, `labels` |
//! | features to test on | `x_test`, `test_x`, `test_images` |
//! | labels to test on | `y_test`, `test_y`, `test_labels` |
//!
//! Other arrays do not matter.

use std::io::{Read, Seek};

use ndarray::Array2;
use zip::{ZipArchive, result::ZipError};

use crate::{
    error::{Error, excerpt},
    io::{gzip::Expanding, npy},
};

const FEATURES: &[&str] = &["x_train", "train_x", "train_images", "x", "data", "features", "images"];
const LABELS: &[&str] = &["y_train", "train_y", "train_labels", "y", "target", "labels"];
const TEST_FEATURES: &[&str] = &["x_test", "test_x", "test_images"];
const TEST_LABELS: &[&str] = &["y_test", "test_y", "test_labels"];

/// Samples, with labels if there are any; both go into a [`Table`](crate::table::Table::from_arrays).
#[derive(Clone, Debug, PartialEq)]
pub struct Arrays {
    /// One sample a row; see [`npy::read_features`].
    pub features: Array2<f32>,
    /// One label a sample; see [`npy::read_labels`].
    pub labels: Option<Vec<i64>>,
}

/// What was found in a `.npz` file.
#[derive(Clone, Debug, PartialEq)]
pub struct Npz {
    /// The samples to train on, or the only ones.
    pub train: Arrays,
    /// The samples to test on, if there are any.
    pub test: Option<Arrays>,
}

/// Reads a `.npz` file, compressed or not, by the names of its arrays.
///
/// # Errors
///
/// [`Error::Npz`] if the file is no such archive, there are no features, or two arrays could be meant; what
/// [`npy::read_features`] and [`npy::read_labels`] say about an array, in [`Error::NpzArray`];
/// [`Error::LabelCount`] if there is not one label a sample.
pub fn read(reader: impl Read + Seek) -> Result<Npz, Error> {
    let mut archive = ZipArchive::new(reader).map_err(broken)?;
    let names: Vec<String> =
        archive.file_names().map(|name| Ok(name?.into_owned())).collect::<Result<_, _>>().map_err(broken)?;
    let features = find(&names, FEATURES)?.ok_or_else(|| {
        let known: Vec<String> =
            names.iter().map(|name| format!("{:?}", excerpt(stem(name)))).take(12).collect();
        let (known, wanted) = (known.join(", "), FEATURES.join(", "));
        Error::Npz { problem: format!("it has no array of features, named {wanted}; it has {known}") }
    })?;
    let train = read_arrays(&mut archive, features, find(&names, LABELS)?)?;
    let test = match find(&names, TEST_FEATURES)? {
        Some(features) => Some(read_arrays(&mut archive, features, find(&names, TEST_LABELS)?)?),
        None => None,
    };
    Ok(Npz { train, test })
}

/// The one array that has one of the names.
fn find<'a>(names: &'a [String], wanted: &[&str]) -> Result<Option<&'a str>, Error> {
    let is_wanted = |name: &&String| wanted.iter().any(|wanted| wanted.eq_ignore_ascii_case(stem(name)));
    let mut found = names.iter().filter(is_wanted);
    match (found.next(), found.next()) {
        (Some(first), Some(second)) => {
            let (first, second) = (stem(first), stem(second));
            Err(Error::Npz { problem: format!("both arrays {first:?} and {second:?} could be meant") })
        }
        (first, _) => Ok(first.map(String::as_str)),
    }
}

/// The name of an array without what numpy appends.
fn stem(name: &str) -> &str {
    name.strip_suffix(".npy").unwrap_or(name)
}

fn read_arrays<R: Read + Seek>(
    archive: &mut ZipArchive<R>,
    features: &str,
    labels: Option<&str>,
) -> Result<Arrays, Error> {
    let features = read_array(archive, features, |reader| npy::read_features(reader))?;
    let labels =
        labels.map(|name| read_array(archive, name, |reader| npy::read_labels(reader))).transpose()?;
    if let Some(labels) = &labels
        && labels.len() != features.nrows()
    {
        return Err(Error::LabelCount { n_samples: features.nrows(), n_labels: labels.len() });
    }
    Ok(Arrays { features, labels })
}

fn read_array<R: Read + Seek, T>(
    archive: &mut ZipArchive<R>,
    name: &str,
    read: impl FnOnce(&mut dyn Read) -> Result<T, Error>,
) -> Result<T, Error> {
    let file = archive.by_name(name).map_err(broken)?;
    let size = file.compressed_size();
    read(&mut Expanding::new(file, size))
        .map_err(|error| Error::NpzArray { name: excerpt(stem(name)), error: Box::new(error) })
}

fn broken(error: ZipError) -> Error {
    match error {
        ZipError::Io(error) => Error::Io(error),
        other => Error::Npz { problem: other.to_string() },
    }
}
