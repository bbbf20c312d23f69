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
/// [`Error::LabelCount`] if there is not one label a row; [`Error::NotFinite`] for a value that is not
/// finite, as CSV refuses it; [`Error::Io`] if the writer fails.
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
    writer.write_all(&header(f64::DESCR, &[n_samples, n_features + 1]))?;
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

/// A type of the elements of an array in the format.
pub trait Element: Copy {
    /// Its name in the header.
    const DESCR: &'static str;

    /// Adds its bytes, the lowest first.
    fn extend(self, bytes: &mut Vec<u8>);
}

macro_rules! elements {
    ($($element:ty: $descr:literal),*) => {
        $(impl Element for $element {
            const DESCR: &'static str = $descr;

            fn extend(self, bytes: &mut Vec<u8>) {
                bytes.extend(self.to_le_bytes());
            }
        })*
    };
}
elements!(f64: "<f8", f32: "<f4", u32: "<u4", u8: "|u1");

/// Writes an array of any number of dimensions in C order.
///
/// # Shapes
///
/// As many values as the product of `shape`.
///
/// # Errors
///
/// [`Error::Length`] if there are more or fewer values; [`Error::Io`] if the writer fails.
///
/// ```
/// use slt_datasets::io::npy;
///
/// let mut file = Vec::new();
/// npy::write_array(&mut file, &[2, 2], &[0.5_f32, 1.5, 2.5, 3.5])?;
/// assert_eq!(npy::read_features(file.as_slice())?, ndarray::array![[0.5, 1.5], [2.5, 3.5]]);
/// # Ok::<(), slt_datasets::Error>(())
/// ```
pub fn write_array<T: Element>(mut writer: impl Write, shape: &[usize], values: &[T]) -> Result<(), Error> {
    let expected = shape.iter().product();
    if values.len() != expected {
        let (found, reason) = (values.len(), "the product of the shape");
        return Err(Error::Length { parameter: "values", found, expected, reason });
    }
    let mut bytes = header(T::DESCR, shape);
    values.iter().for_each(|value| value.extend(&mut bytes));
    writer.write_all(&bytes)?;
    writer.flush()?;
    Ok(())
}

/// Magic, version, length, and the dictionary with spaces up to a line end at the alignment.
fn header(descr: &str, shape: &[usize]) -> Vec<u8> {
    let comma = if shape.len() == 1 { "," } else { "" };
    let shape = shape.iter().map(usize::to_string).collect::<Vec<_>>().join(", ");
    let dictionary = format!("{{'descr': '{descr}', 'fortran_order': False, 'shape': ({shape}{comma}), }}");
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
