//! Arrays in numpy's `.npy` format, version 1.0.

use std::fs;
use std::io;
use std::path::Path;

/// A type of element: its name in the format, and its bytes, the lowest first.
pub(crate) trait Element: Copy {
    const DESCR: &'static str;

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
elements!(f32: "<f4", u32: "<u4", u8: "|u1");

/// Writes an array in row-major order.
///
/// # Shapes
/// As many values as the product of `shape`.
pub(crate) fn save<T: Element>(file: &Path, shape: &[usize], values: &[T]) -> io::Result<()> {
    fs::write(file, to_bytes(shape, values))
}

fn to_bytes<T: Element>(shape: &[usize], values: &[T]) -> Vec<u8> {
    debug_assert_eq!(shape.iter().product::<usize>(), values.len());
    let shape: String = shape.iter().map(|size| format!("{size}, ")).collect();
    let dictionary = format!("{{'descr': '{}', 'fortran_order': False, 'shape': ({shape}), }}", T::DESCR);
    // The header, with magic, version and length before it and a line feed at its end, fills multiples of 64
    // bytes.
    let length = (10 + dictionary.len() + 1).next_multiple_of(64) - 10;
    let mut bytes = b"\x93NUMPY\x01\x00".to_vec();
    bytes.extend((length as u16).to_le_bytes());
    bytes.extend(format!("{dictionary:<width$}\n", width = length - 1).as_bytes());
    values.iter().for_each(|value| value.extend(&mut bytes));
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;
    use slt_datasets::io::npy;

    /// The reader of `slt-datasets` is held against numpy's own files.
    #[test]
    fn reads_back() {
        let bytes = to_bytes(&[2, 3], &[0.5_f32, -1.25, 1.0, 3.0, 1e-30, 0.0]);
        assert_eq!((bytes.len() - 24) % 64, 0);
        let raw = npy::read(&bytes[..]).unwrap().into_dataset("read").unwrap();
        assert_eq!(raw.values(), [0.5, -1.25, 3.0, 1e-30]);
        assert_eq!(raw.labels(), [1, 0]);
    }
}
