//! Writes CSV.

use std::{
    fmt::{Display, LowerExp, Write as _},
    io::Write,
};

use ndarray::Array2;
use slt_core::Short;

use crate::{dataset::Dataset, error::Error, generators::Raw};

/// Writes data in double precision: a header `x0,x1,...,label`, then one sample a line, the label last.
///
/// Every number is the shortest decimal that reads back as the same `f64`, with an exponent where it is below
/// 1e-5 or from 1e16 on. Lines end in a line feed.
///
/// # Errors
///
/// [`Error::LabelCount`] if there is not one label a row, [`Error::NotFinite`] for a value that has no
/// decimal, [`Error::Io`] if the writer fails.
///
/// ```
/// use slt_datasets::{io::csv, moons::{Moons, Counts}};
///
/// let raw = Moons { samples: Counts::Total(2), shuffle: false, ..Moons::default() }.generate()?;
/// let mut file = Vec::new();
/// csv::write(&mut file, &raw)?;
/// assert_eq!(file, b"x0,x1,label\n1,0,0\n0,0.5,1\n");
/// # Ok::<(), slt_datasets::Error>(())
/// ```
pub fn write(writer: impl Write, data: &Raw) -> Result<(), Error> {
    write_rows(writer, &data.features, &data.labels)
}

/// Writes data in single precision, as [`write()`]: every number is the shortest decimal that reads back as
/// the same `f32`.
///
/// # Errors
///
/// [`Error::Io`] if the writer fails.
pub fn write_dataset(writer: impl Write, data: &Dataset) -> Result<(), Error> {
    write_rows(writer, data.features(), data.labels())
}

fn write_rows<F>(mut writer: impl Write, features: &Array2<F>, labels: &[u32]) -> Result<(), Error>
where
    F: Copy + Display + LowerExp + Into<f64>,
{
    if labels.len() != features.nrows() {
        return Err(Error::LabelCount { n_samples: features.nrows(), n_labels: labels.len() });
    }
    let mut text = String::new();
    for column in 0..features.ncols() {
        _ = write!(text, "x{column},");
    }
    text.push_str("label\n");
    for (row, (values, label)) in features.rows().into_iter().zip(labels).enumerate() {
        for (column, &value) in values.iter().enumerate() {
            if !value.into().is_finite() {
                return Err(Error::NotFinite { row, column, value: value.into() });
            }
            // Appending to a string cannot fail.
            _ = write!(text, "{},", Short(value));
        }
        _ = writeln!(text, "{label}");
        writer.write_all(text.as_bytes())?;
        text.clear();
    }
    writer.write_all(text.as_bytes())?;
    writer.flush()?;
    Ok(())
}
