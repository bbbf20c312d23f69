//! Writes `.npy`.

use std::io::Write;

use ndarray::Array2;

use super::MAGIC;
use crate::{dataset::Dataset, error::Error, generators::Raw};

/// The header ends at a multiple of this many bytes.
const ALIGNMENT: usize = 64;

/// Writes a table of little-endian `f64` in C order, the label as the last column; `numpy.load` reads it.
///
/// # Shapes
///
/// The array in the file is `n_samples x (n_features + 1)`.
///
/// # Errors
///
/// [`Error::LabelCount`] if there is not one label a row; [`Error::NotFinite`] for a value that is not finite, as CSV
/// refuses it; [`Error::Io`] if the writer fails.
pub fn write(writer: impl Write, data: &Raw) -> Result<(), Error> {
    write_table(writer, &data.features, &data.labels)
}

/// Writes single precision data as [`write()`]; the features are widened to `f64`, which is exact.
///
/// # Errors
///
/// [`Error::Io`] if the writer fails.
pub fn write_dataset(writer: impl Write, data: &Dataset) -> Result<(), Error> {
    write_table(writer, data.features(), data.labels())
}

fn write_table<F: Copy + Into<f64>>(
    mut writer: impl Write,
    features: &Array2<F>,
    labels: &[u32],
) -> Result<(), Error> {
    let (n_samples, n_features) = features.dim();
    if labels.len() != n_samples {
        return Err(Error::LabelCount { n_samples, n_labels: labels.len() });
    }
    if let Some(((row, column), &value)) =
        features.indexed_iter().find(|(_, value)| !(**value).into().is_finite())
    {
        return Err(Error::NotFinite { row, column, value: value.into() });
    }
    writer.write_all(&header(n_samples, n_features + 1))?;
    let mut bytes = Vec::with_capacity(8 * (n_features + 1));
    for (row, &label) in features.rows().into_iter().zip(labels) {
        bytes.clear();
        for value in row.iter().map(|&value| value.into()).chain([f64::from(label)]) {
            bytes.extend_from_slice(&value.to_le_bytes());
        }
        writer.write_all(&bytes)?;
    }
    writer.flush()?;
    Ok(())
}

/// Magic, version, length, and the dictionary with spaces up to a line end at the alignment.
fn header(rows: usize, columns: usize) -> Vec<u8> {
    let dictionary = format!("{{'descr': '<f8', 'fortran_order': False, 'shape': ({rows}, {columns}), }}");
    let used = MAGIC.len() + 4 + dictionary.len() + 1;
    let padding = used.next_multiple_of(ALIGNMENT) - used;
    let length = (dictionary.len() + padding + 1) as u16;
    let mut bytes = MAGIC.to_vec();
    bytes.extend_from_slice(&[1, 0]);
    bytes.extend_from_slice(&length.to_le_bytes());
    bytes.extend_from_slice(dictionary.as_bytes());
    bytes.resize(bytes.len() + padding, b' ');
    bytes.push(b'\n');
    bytes
}
