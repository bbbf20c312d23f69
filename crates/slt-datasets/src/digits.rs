//! Handwritten digits of 8 x 8 pixels, `sklearn.datasets.load_digits`.
//!
//! 1,797 images with 64 pixels from 0 to 16, row after row, and the digit each shows. They are the test part
//! of E. Alpaydin and C. Kaynak, "Optical Recognition of Handwritten Digits", UCI Machine Learning Repository
//! (1998), <https://doi.org/10.24432/C50P49>, under the licence CC BY 4.0, in the selection and order of
//! scikit-learn. The file in this crate holds the same numbers, repacked.

use ndarray::Array2;

use crate::{error::Error, generators::Raw};

/// Number of images.
pub const N_SAMPLES: usize = 1797;
/// Pixels of an image.
pub const N_FEATURES: usize = 64;
/// Number of different digits.
pub const N_CLASSES: u32 = 10;

/// Pixels of a line of an image, each in 5 bits.
const LINE_PIXELS: usize = 8;
const LINE_BYTES: usize = 5;
/// A record: the digit in one byte, then eight lines.
const RECORD_BYTES: usize = 1 + LINE_BYTES * N_FEATURES / LINE_PIXELS;

/// [`N_SAMPLES`] records. A line of eight pixels is a 40-bit little-endian number, the leftmost pixel lowest.
static PACKED: &[u8; N_SAMPLES * RECORD_BYTES] = include_bytes!("../data/digits.bin");

/// All images, in file order.
#[must_use]
pub fn raw() -> Raw {
    images(|_| true)
}

/// The images that show one of the given digits, in file order. Labels stay the digits themselves, so there
/// are still ten classes; [`Raw::renumbered`] numbers them through.
///
/// # Errors
///
/// [`Error::Parameter`] if the list is empty or a digit is above 9.
pub fn select(digits: &[u32]) -> Result<Raw, Error> {
    if digits.is_empty() {
        return Err(Error::Parameter { parameter: "number of digits", value: 0.0, allowed: "at least 1" });
    }
    if let Some(&digit) = digits.iter().find(|&&digit| digit >= N_CLASSES) {
        return Err(Error::Parameter { parameter: "digit", value: f64::from(digit), allowed: "0 to 9" });
    }
    Ok(images(|digit| digits.contains(&digit)))
}

/// The images of the digits `0..k`, in file order, as `k` classes.
///
/// # Errors
///
/// [`Error::Parameter`] unless `k` is 1 to 10.
///
/// ```
/// let raw = slt_datasets::digits::first_classes(2)?;
/// assert_eq!((raw.features.dim(), raw.n_classes), ((360, 64), 2));
/// # Ok::<(), slt_datasets::Error>(())
/// ```
pub fn first_classes(k: u32) -> Result<Raw, Error> {
    if !(1..=N_CLASSES).contains(&k) {
        return Err(Error::Parameter { parameter: "k", value: f64::from(k), allowed: "1 to 10 digits" });
    }
    Ok(Raw { n_classes: k as usize, ..images(|digit| digit < k) })
}

/// Unpacks the images whose digit is wanted.
fn images(wanted: impl Fn(u32) -> bool) -> Raw {
    let mut values = Vec::new();
    let mut labels = Vec::new();
    for record in PACKED.chunks_exact(RECORD_BYTES) {
        let digit = u32::from(record[0]);
        if !wanted(digit) {
            continue;
        }
        labels.push(digit);
        for line in record[1..].chunks_exact(LINE_BYTES) {
            let bits = line.iter().rev().fold(0_u64, |bits, &byte| (bits << 8) | u64::from(byte));
            values.extend((0..LINE_PIXELS).map(|pixel| ((bits >> (5 * pixel)) & 31) as f64));
        }
    }
    let features =
        Array2::from_shape_vec((labels.len(), N_FEATURES), values).expect("every record holds 64 pixels");
    Raw { features, labels, n_classes: N_CLASSES as usize }
}
