//! Reads `.npy`.

use std::io::Read;

use ndarray::{Array2, s};

use super::{
    FORMAT, MAGIC,
    header::{self, Header},
};
use crate::{
    dataset::MAX_CLASSES,
    error::Error,
    generators::Raw,
    io::{read_part, read_rest},
};

/// Reads a table of `<f8` or `<f4` in C order with the label in the last column.
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
pub fn read(mut reader: impl Read) -> Result<Raw, Error> {
    let Header { descr, fortran_order, shape } = read_header(&mut reader)?;
    let width = match descr.as_str() {
        "<f8" => 8,
        "<f4" => 4,
        _ => return Err(Error::NpyDtype { descr }),
    };
    if fortran_order {
        return Err(Error::NpyFortranOrder);
    }
    let &[rows, columns] = shape.as_slice() else {
        return Err(Error::NpyShape { shape });
    };
    if rows == 0 || columns < 2 {
        return Err(Error::NpyShape { shape });
    }
    let bytes = rows.checked_mul(columns).and_then(|values| values.checked_mul(width));
    let expected = bytes.ok_or(Error::NpyHeader { problem: "'shape' is larger than any memory" })?;
    let bytes = read_rest(reader, expected as u64, FORMAT, "data")?;
    let values = match width {
        8 => decode(&bytes, f64::from_le_bytes),
        _ => decode(&bytes, |bytes| f64::from(f32::from_le_bytes(bytes))),
    };
    let table =
        Array2::from_shape_vec((rows, columns), values).expect("as many values were read as the shape has");
    let labels = labels(&table)?;
    let n_classes = labels.iter().max().map_or(1, |&label| label as usize + 1);
    Ok(Raw { features: table.slice(s![.., ..columns - 1]).to_owned(), labels, n_classes })
}

fn read_header(reader: &mut impl Read) -> Result<Header, Error> {
    let mut start = [0; 10];
    read_part(reader, &mut start, FORMAT, "header")?;
    let [magic @ .., major, minor, low, high] = start;
    if magic != *MAGIC {
        return Err(Error::Magic { format: "a .npy file", found: magic.to_vec(), expected: "\\x93NUMPY" });
    }
    if (major, minor) != (1, 0) {
        return Err(Error::NpyVersion { major, minor });
    }
    let mut text = vec![0; usize::from(u16::from_le_bytes([low, high]))];
    read_part(reader, &mut text, FORMAT, "header")?;
    header::parse(std::str::from_utf8(&text).map_err(|_| Error::NpyHeader { problem: "it is not text" })?)
}

/// Elements of `N` bytes each.
fn decode<const N: usize>(bytes: &[u8], element: impl Fn([u8; N]) -> f64) -> Vec<f64> {
    bytes.chunks_exact(N).map(|chunk| element(chunk.try_into().expect("a chunk has N bytes"))).collect()
}

/// The last column as class indices.
fn labels(table: &Array2<f64>) -> Result<Vec<u32>, Error> {
    let column = table.column(table.ncols() - 1);
    let label = |(row, &value): (usize, &f64)| {
        let max = MAX_CLASSES - 1;
        if value.fract() == 0.0 && (0.0..=max as f64).contains(&value) {
            Ok(value as u32)
        } else {
            Err(Error::NpyLabel { row, value, max })
        }
    };
    column.iter().enumerate().map(label).collect()
}
