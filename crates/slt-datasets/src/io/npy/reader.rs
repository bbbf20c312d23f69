//! Reads `.npy`.

use std::io::Read;

use ndarray::{Array2, ArrayD, IxDyn, ShapeBuilder, s};

use super::{
    FORMAT, MAGIC,
    dtype::Dtype,
    header::{self, Header},
};
use crate::{
    dataset::MAX_CLASSES,
    error::Error,
    generators::Raw,
    io::{MaybeGzip, read_part, read_up_to, refuse_more},
};

/// Bytes that are decoded together; a multiple of all widths.
const CHUNK_BYTES: usize = 1 << 16;

/// Reads a table with the label in the last column.
///
/// The number of classes is the largest label plus 1. Features are not checked here; [`Raw::into_dataset`]
/// refuses what is not finite.
///
/// # Shapes
///
/// The array in the file is `n_samples x (n_features + 1)`.
///
/// # Errors
///
/// [`Error::Magic`], [`Error::Truncated`], [`Error::TrailingBytes`] and the `Npy...` variants of [`Error`];
/// [`Error::Io`] if the reader fails.
///
/// ```
/// use ndarray::array;
/// use slt_datasets::{Raw, io::npy};
///
/// let raw = Raw { features: array![[0.5, 1.5], [2.5, 3.5]], labels: vec![1, 0], n_classes: 2 };
/// let mut file = Vec::new();
/// npy::write(&mut file, &raw)?;
/// assert_eq!(npy::read(file.as_slice())?, raw);
/// # Ok::<(), slt_datasets::Error>(())
/// ```
pub fn read(reader: impl Read) -> Result<Raw, Error> {
    let table = read_matrix(reader, Ok)?;
    if table.ncols() < 2 {
        return Err(Error::NpyShape {
            shape: table.shape().to_vec(),
            needed: "at least 2 columns (label last)",
        });
    }
    let column = table.column(table.ncols() - 1);
    let label = |(row, &value): (usize, &f64)| {
        let max = MAX_CLASSES - 1;
        if value.fract() == 0.0 && (0.0..=max as f64).contains(&value) {
            Ok(value as u32)
        } else {
            Err(Error::NpyLabel { row, value, max })
        }
    };
    let labels = column.iter().enumerate().map(label).collect::<Result<Vec<u32>, Error>>()?;
    let n_classes = labels.iter().max().map_or(1, |&label| label as usize + 1);
    Ok(Raw { features: table.slice(s![.., ..-1]).to_owned(), labels, n_classes })
}

/// Reads an array of samples in single precision, for a [`Table`](crate::table::Table::from_arrays). NaN
/// stays NaN: it is a missing value.
///
/// # Shapes
///
/// The first axis of the array in the file counts samples; all others are joined, in C order. So images of
/// shape `n x 28 x 28` become `n x 784`, and an array of one dimension has one feature.
///
/// # Errors
///
/// As [`read`]; [`Error::NotFinite`] for an infinity or a number too large for `f32`, with its place among
/// the features of the sample.
///
/// ```
/// use slt_datasets::{Raw, io::npy};
///
/// let raw = Raw { features: ndarray::array![[0.5, 1.5]], labels: vec![1], n_classes: 2 };
/// let mut file = Vec::new();
/// npy::write(&mut file, &raw)?;
/// assert_eq!(npy::read_features(file.as_slice())?, ndarray::array![[0.5, 1.5, 1.0]]);
/// # Ok::<(), slt_datasets::Error>(())
/// ```
pub fn read_features(reader: impl Read) -> Result<Array2<f32>, Error> {
    // The largest number that rounding to single precision does not carry to infinity lies below this.
    let in_range = |value: f64| value.is_nan() || (value as f32).is_finite();
    let mut out_of_range = None;
    let features = read_matrix(reader, |value| {
        if out_of_range.is_none() && !in_range(value) {
            out_of_range = Some(value);
        }
        Ok(value as f32)
    })?;
    if let Some(value) = out_of_range {
        let infinite = |(_, value): &((usize, usize), &f32)| value.is_infinite();
        let ((row, column), _) = features.indexed_iter().find(infinite).expect("one was found");
        return Err(Error::NotFinite { row, column, value });
    }
    Ok(features)
}

/// Reads labels: whole numbers of any size, whatever their type.
///
/// # Shapes
///
/// One dimension, or others of size 1 behind it.
///
/// # Errors
///
/// As [`read`]; [`Error::NpyLabel`] for a label that is no whole number of at most 2^53 in size.
pub fn read_labels(reader: impl Read) -> Result<Vec<i64>, Error> {
    const MAX: usize = 1 << 53;
    let mut row = 0;
    let labels = read_matrix(reader, |value| {
        row += 1;
        if value.fract() == 0.0 && value.abs() <= MAX as f64 {
            Ok(value as i64)
        } else {
            Err(Error::NpyLabel { row: row - 1, value, max: MAX })
        }
    })?;
    if labels.ncols() != 1 {
        return Err(Error::NpyShape { shape: labels.shape().to_vec(), needed: "one label a sample" });
    }
    Ok(labels.into_raw_vec_and_offset().0)
}

/// Reads an array of any number of dimensions with at least one row, all axes but the first joined.
fn read_matrix<T: Clone>(
    reader: impl Read,
    mut convert: impl FnMut(f64) -> Result<T, Error>,
) -> Result<Array2<T>, Error> {
    let mut reader = MaybeGzip::new(reader)?;
    let Header { descr, fortran_order, shape } = read_header(&mut reader)?;
    let dtype = Dtype::parse(&descr)?;
    let n = shape.iter().try_fold(1_usize, |product, &size| product.checked_mul(size));
    let n_bytes = n.and_then(|n| n.checked_mul(dtype.width())).filter(|&n| n <= isize::MAX as usize);
    let (Some(n), Some(n_bytes)) = (n, n_bytes) else {
        return Err(Error::NpyHeader { problem: "'shape' is larger than any memory" });
    };
    if shape.is_empty() || n == 0 {
        return Err(Error::NpyShape { shape, needed: "at least one sample and one value" });
    }
    // Memory grows with the bytes that are there.
    let mut values = Vec::new();
    let mut chunk = vec![0; CHUNK_BYTES.min(n_bytes)];
    let mut done = 0;
    while done < n_bytes {
        let wanted = CHUNK_BYTES.min(n_bytes - done);
        let found = read_up_to(&mut reader, &mut chunk[..wanted])?;
        if found < wanted {
            let (expected, found) = (n_bytes as u64, (done + found) as u64);
            return Err(Error::Truncated { format: FORMAT, part: "data", expected, found });
        }
        dtype.decode(&chunk[..wanted], |value| {
            values.push(convert(value)?);
            Ok(())
        })?;
        done += wanted;
    }
    refuse_more(&mut reader, n_bytes as u64, FORMAT, "data")?;
    values.shrink_to_fit();
    let (n_samples, n_values) = (shape[0], n / shape[0]);
    let rows = (n_samples, n_values);
    if !fortran_order {
        return Ok(Array2::from_shape_vec(rows, values).expect("as many values were read as the shape has"));
    }
    let columns = ArrayD::from_shape_vec(IxDyn(&shape).f(), values).expect("as many values as the shape has");
    let values = columns.as_standard_layout().into_owned().into_raw_vec_and_offset().0;
    Ok(Array2::from_shape_vec(rows, values).expect("as many values as the shape has"))
}

fn read_header(reader: &mut impl Read) -> Result<Header, Error> {
    let mut start = [0; 8];
    read_part(reader, &mut start, FORMAT, "header")?;
    let [magic @ .., major, minor] = start;
    if magic != *MAGIC {
        return Err(Error::Magic { format: "a .npy file", found: magic.to_vec(), expected: "\\x93NUMPY" });
    }
    let length = match (major, minor) {
        (1, 0) => {
            let mut bytes = [0; 2];
            read_part(reader, &mut bytes, FORMAT, "header")?;
            u64::from(u16::from_le_bytes(bytes))
        }
        (2 | 3, 0) => {
            let mut bytes = [0; 4];
            read_part(reader, &mut bytes, FORMAT, "header")?;
            u64::from(u32::from_le_bytes(bytes))
        }
        _ => return Err(Error::NpyVersion { major, minor }),
    };
    let mut text = Vec::new();
    reader.by_ref().take(length).read_to_end(&mut text)?;
    if (text.len() as u64) < length {
        let found = text.len() as u64;
        return Err(Error::Truncated { format: FORMAT, part: "header", expected: length, found });
    }
    if major == 3 {
        let text = String::from_utf8(text).map_err(|_| Error::NpyHeader { problem: "it is not text" })?;
        return header::parse(&text);
    }
    // Latin-1, whose characters have the numbers of their bytes.
    header::parse(&text.into_iter().map(char::from).collect::<String>())
}
