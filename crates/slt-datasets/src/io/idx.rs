//! The IDX format of MNIST and its kin: images of bytes in one file, labels of bytes in another.
//!
//! A file starts with big-endian numbers: a magic number that says what it holds (`0x00000803` for images,
//! `0x00000801` for labels), then the size in each dimension. The published files are compressed with gzip;
//! decompress them first.

use std::io::Read;

use ndarray::Array2;

use crate::{
    dataset::Dataset,
    error::Error,
    io::{read_part, read_rest},
};

const FORMAT: &str = "IDX";
/// Unsigned bytes in three dimensions.
const IMAGES: [u8; 4] = [0, 0, 8, 3];
/// Unsigned bytes in one dimension.
const LABELS: [u8; 4] = [0, 0, 8, 1];

/// Reads images and their labels. Features are the pixels, row after row, as they are in the file, 0 to 255;
/// the number of classes is the largest label plus 1.
///
/// # Shapes
///
/// Images of `rows x columns` pixels become `rows * columns` features.
///
/// # Errors
///
/// [`Error::Magic`] if a file is not what it should be, [`Error::Truncated`] or [`Error::TrailingBytes`] if
/// its size is not the announced one, [`Error::IdxCount`] if there is not one label an image,
/// [`Error::Empty`] without images or pixels, [`Error::Io`] if a reader fails.
///
/// ```
/// use slt_datasets::io::idx;
///
/// let images = [0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 1, 0, 0, 0, 3, 10, 20, 30, 40, 50, 60];
/// let labels = [0, 0, 8, 1, 0, 0, 0, 2, 1, 0];
/// let data = idx::read(&images[..], &labels[..], "two images")?;
/// assert_eq!(data.values(), [10., 20., 30., 40., 50., 60.]);
/// assert_eq!(data.labels(), [1, 0]);
/// # Ok::<(), slt_datasets::Error>(())
/// ```
pub fn read(images: impl Read, labels: impl Read, name: impl Into<String>) -> Result<Dataset, Error> {
    let ([n_samples, rows, columns], pixels) =
        read_file(images, IMAGES, "an IDX file of images", "00 00 08 03", "pixels")?;
    let ([n_labels], labels) = read_file(labels, LABELS, "an IDX file of labels", "00 00 08 01", "labels")?;
    if n_samples != n_labels {
        return Err(Error::IdxCount { n_images: n_samples, n_labels });
    }
    // Before any array is shaped: with no images, the other two sizes may be anything.
    let n_features = rows.saturating_mul(columns);
    if n_samples == 0 || n_features == 0 {
        return Err(Error::Empty { n_samples, n_features });
    }
    let n_classes = labels.iter().max().map_or(1, |&label| usize::from(label) + 1);
    let values = pixels.into_iter().map(f32::from).collect();
    let features = Array2::from_shape_vec((n_samples, n_features), values).expect("the size was checked");
    Dataset::new(name, features, labels.into_iter().map(u32::from).collect(), n_classes)
}

/// The sizes and the bytes of a file of `D` dimensions.
fn read_file<const D: usize>(
    mut reader: impl Read,
    magic: [u8; 4],
    format: &'static str,
    expected: &'static str,
    part: &'static str,
) -> Result<([usize; D], Vec<u8>), Error> {
    let mut start = [0; 4];
    read_part(&mut reader, &mut start, FORMAT, "header")?;
    if start != magic {
        return Err(Error::Magic { format, found: start.to_vec(), expected });
    }
    let mut sizes = [0_u32; D];
    for size in &mut sizes {
        let mut bytes = [0; 4];
        read_part(&mut reader, &mut bytes, FORMAT, "header")?;
        *size = u32::from_be_bytes(bytes);
    }
    // Three sizes of 32 bits may exceed 64: then no file can hold what is announced.
    let bytes = sizes.iter().try_fold(1_u64, |product, &size| product.checked_mul(u64::from(size)));
    let data = read_rest(reader, bytes.unwrap_or(u64::MAX), FORMAT, part)?;
    Ok((sizes.map(|size| size as usize), data))
}
