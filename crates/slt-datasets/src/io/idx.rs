//! The IDX format of MNIST and its kin: images of bytes in one file, labels of bytes in another.
//!
//! A file starts with big-endian numbers: a magic number that says what it holds (`0x00000803` for images,
//! `0x00000801` for labels), then the size in each dimension. The files may be compressed with gzip, as they
//! are published.

use std::io::Read;

use ndarray::Array2;

use crate::{
    dataset::Dataset,
    error::Error,
    io::{MaybeGzip, read_part, read_rest},
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
/// As [`read_images`] and [`read_labels`]; [`Error::IdxCount`] if there is not one label an image.
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
    let features = read_images(images)?;
    let labels = read_labels(labels)?;
    if features.nrows() != labels.len() {
        return Err(Error::IdxCount { n_images: features.nrows(), n_labels: labels.len() });
    }
    let n_classes = labels.iter().max().map_or(1, |&label| usize::from(label) + 1);
    Dataset::new(name, features, labels.into_iter().map(u32::from).collect(), n_classes)
}

/// Reads images alone, as for a [`Table`](crate::table::Table::from_arrays) or for predictions.
///
/// # Shapes
///
/// One image a row, its pixels row after row.
///
/// # Errors
///
/// [`Error::Magic`] if the file is not what it should be, [`Error::Truncated`] or [`Error::TrailingBytes`] if
/// its size is not the announced one, [`Error::Empty`] without images or pixels, [`Error::Io`] if the reader
/// fails or the file is a broken gzip file.
pub fn read_images(reader: impl Read) -> Result<Array2<f32>, Error> {
    let ([n_samples, rows, columns], pixels) =
        read_file(reader, IMAGES, "an IDX file of images", "00 00 08 03", "pixels")?;
    // Before any array is shaped: with no images, the other two sizes may be anything.
    let n_features = rows.saturating_mul(columns);
    if n_samples == 0 || n_features == 0 {
        return Err(Error::Empty { n_samples, n_features });
    }
    let values = pixels.into_iter().map(f32::from).collect();
    Ok(Array2::from_shape_vec((n_samples, n_features), values).expect("the size was checked"))
}

/// Reads labels alone.
///
/// # Errors
///
/// As [`read_images`].
pub fn read_labels(reader: impl Read) -> Result<Vec<u8>, Error> {
    let ([_], labels) = read_file(reader, LABELS, "an IDX file of labels", "00 00 08 01", "labels")?;
    Ok(labels)
}

/// The files of a folder that belong together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Files<'a> {
    /// Images and labels to train on.
    pub train: (&'a str, &'a str),
    /// Images and labels to test on, if there are any.
    pub test: Option<(&'a str, &'a str)>,
}

/// What a file holds by its name: for the test set instead of the training set, labels instead of images.
///
/// The names are those of MNIST and its kin: they contain `train`, or `t10k` or `test`; `images` or `labels`;
/// and `idx3` or `idx1` or `ubyte`, as in `train-images-idx3-ubyte.gz`, `t10k-labels.idx1-ubyte`,
/// `emnist-letters-test-images-idx3-ubyte`.
fn kind_of(name: &str) -> Option<(bool, bool)> {
    let name = name.to_ascii_lowercase();
    let has = |word: &str| name.contains(word);
    let test = match (has("train"), has("t10k") || has("test")) {
        (true, false) => false,
        (false, true) => true,
        _ => return None,
    };
    match (has("images"), has("labels"), has("idx1") || has("idx3") || has("ubyte")) {
        (true, false, true) => Some((test, false)),
        (false, true, true) => Some((test, true)),
        _ => None,
    }
}

/// Finds the IDX files among the names of the files of a folder; other files do not matter.
///
/// Names contain `train`, or `t10k` or `test`; `images` or `labels`; and `idx1`, `idx3` or `ubyte`, in upper
/// or lower case: `train-images-idx3-ubyte.gz` as well as `t10k-labels.idx1-ubyte`. Where a file is there
/// both as it is and compressed, the name without `.gz` is taken.
///
/// # Errors
///
/// [`Error::IdxFiles`] if images or labels are missing, or several files could be meant.
///
/// ```
/// use slt_datasets::io::idx;
///
/// let names = ["README", "train-images-idx3-ubyte.gz", "train-labels.idx1-ubyte", "train-labels.idx1-ubyte.gz"];
/// let files = idx::find(names)?;
/// assert_eq!(files.train, ("train-images-idx3-ubyte.gz", "train-labels.idx1-ubyte"));
/// assert_eq!(files.test, None);
/// # Ok::<(), slt_datasets::Error>(())
/// ```
pub fn find<'a>(names: impl IntoIterator<Item = &'a str>) -> Result<Files<'a>, Error> {
    let mut found: [Vec<&str>; 4] = Default::default();
    for name in names {
        if let Some((test, labels)) = kind_of(name) {
            found[2 * usize::from(test) + usize::from(labels)].push(name);
        }
    }
    let parts = ["training images", "training labels", "test images", "test labels"];
    for (part, names) in parts.into_iter().zip(&mut found) {
        let plain: Vec<&str> = names.iter().copied().filter(|name| !name.ends_with(".gz")).collect();
        names.retain(|name| name.strip_suffix(".gz").is_none_or(|stem| !plain.contains(&stem)));
        names.sort_unstable();
        if let [first, second, ..] = names[..] {
            let problem = format!("both {first:?} and {second:?} could be the {part}");
            return Err(Error::IdxFiles { problem });
        }
    }
    let pair = |from: usize| match (found[from].first(), found[from + 1].first()) {
        (Some(images), Some(labels)) => Ok(Some((*images, *labels))),
        (None, None) => Ok(None),
        (images, _) => {
            let lacking = parts[from + usize::from(images.is_some())];
            Err(Error::IdxFiles { problem: format!("there are no {lacking}") })
        }
    };
    let nothing = "there are no training images (such as train-images-idx3-ubyte.gz)".to_owned();
    Ok(Files { train: pair(0)?.ok_or(Error::IdxFiles { problem: nothing })?, test: pair(2)? })
}

/// The sizes and the bytes of a file of `D` dimensions.
fn read_file<const D: usize>(
    reader: impl Read,
    magic: [u8; 4],
    format: &'static str,
    expected: &'static str,
    part: &'static str,
) -> Result<([usize; D], Vec<u8>), Error> {
    let mut reader = MaybeGzip::new(reader)?;
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
