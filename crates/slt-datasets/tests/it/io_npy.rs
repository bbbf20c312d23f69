//! `.npy`: exact bytes, round trips, what is refused.

use ndarray::{Array2, array};
use proptest::prelude::*;
use slt_datasets::{Dataset, Error, Raw, io::npy};

/// A file with the given version, dictionary and data.
fn file(version: [u8; 2], dictionary: &str, data: &[u8]) -> Vec<u8> {
    let mut bytes = b"\x93NUMPY".to_vec();
    bytes.extend(version);
    bytes.extend((dictionary.len() as u16).to_le_bytes());
    bytes.extend(dictionary.as_bytes());
    bytes.extend(data);
    bytes
}

fn dictionary(descr: &str, order: &str, shape: &str) -> String {
    format!("{{'descr': '{descr}', 'fortran_order': {order}, 'shape': {shape}, }}")
}

fn doubles(values: &[f64]) -> Vec<u8> {
    values.iter().flat_map(|value| value.to_le_bytes()).collect()
}

#[track_caller]
fn check_refused(bytes: &[u8], message: &str) {
    assert_eq!(npy::read(bytes).unwrap_err().to_string(), message);
}

#[test]
fn writes_the_bytes_numpy_writes() {
    let raw = Raw { features: array![[0.5, -1.5], [2.0, 1e300]], labels: vec![1, 0], n_classes: 2 };
    let mut bytes = Vec::new();
    npy::write(&mut bytes, &raw).unwrap();
    let mut expected = b"\x93NUMPY\x01\x00v\x00".to_vec();
    expected.extend(b"{'descr': '<f8', 'fortran_order': False, 'shape': (2, 3), }");
    expected.resize(127, b' ');
    expected.push(b'\n');
    expected.extend(doubles(&[0.5, -1.5, 1.0, 2.0, 1e300, 0.0]));
    assert_eq!(bytes, expected);
}

#[test]
fn reads_single_precision() {
    let values = [0.1_f32, 2.0, -3.5, 0.0];
    let data: Vec<u8> = values.iter().flat_map(|value| value.to_le_bytes()).collect();
    let raw = npy::read(file([1, 0], &dictionary("<f4", "False", "(2, 2)"), &data).as_slice()).unwrap();
    assert_eq!(raw, Raw { features: array![[f64::from(0.1_f32)], [-3.5]], labels: vec![2, 0], n_classes: 3 });
}

#[test]
fn writes_data_sets_widened() {
    let data = Dataset::new("data", array![[0.1_f32], [3.0]], vec![0, 1], 2).unwrap();
    let mut bytes = Vec::new();
    npy::write_dataset(&mut bytes, &data).unwrap();
    assert_eq!(npy::read(bytes.as_slice()).unwrap().into_dataset("data").unwrap(), data);
}

#[test]
fn refuses_other_files() {
    let good = file([1, 0], &dictionary("<f8", "False", "(1, 2)"), &doubles(&[1.0, 0.0]));
    assert!(npy::read(good.as_slice()).is_ok());
    check_refused(b"", "truncated .npy file: 8 bytes of header are announced, 0 are there");
    check_refused(&good[..40], "truncated .npy file: 59 bytes of header are announced, 30 are there");
    check_refused(
        &good[..good.len() - 1],
        "truncated .npy file: 16 bytes of data are announced, 15 are there",
    );
    check_refused(
        &[&good[..], b"x"].concat(),
        "the .npy file goes on after the 16 bytes of data it announces",
    );
    check_refused(
        b"PK\x03\x04 a .npz file",
        "not a .npy file: the file starts with [50, 4b, 03, 04, 20, 61], expected \\x93NUMPY",
    );
    check_refused(
        &file([4, 0], &dictionary("<f8", "False", "(1, 2)"), &[]),
        ".npy version 4.0 is not supported: 1.0, 2.0 and 3.0 are",
    );
    check_refused(&file([1, 0], "{}", &[]), "broken .npy header: the key 'descr' is missing");
    for descr in ["<c16", "<f16", "|f8", "=f8", "f8", "|O", "<U3", ""] {
        let message = format!(
            "the kind of .npy array is not supported: its elements are {descr:?}; floats of 16, 32 and 64 bits, \
             integers and bool are (numpy: x.astype('<f8'))"
        );
        check_refused(&file([1, 0], &dictionary(descr, "False", "(1, 2)"), &[]), &message);
    }
}

#[test]
fn refuses_shapes_that_are_no_labelled_table() {
    for shape in ["()", "(3,)", "(0, 2)", "(3, 1)", "(0, 1, 2)"] {
        let data = if shape.contains('3') { doubles(&[0.0; 3]) } else { Vec::new() };
        let error =
            npy::read(file([1, 0], &dictionary("<f8", "False", shape), &data).as_slice()).unwrap_err();
        assert!(matches!(error, Error::NpyShape { .. }), "{shape}: {error}");
    }
}

#[test]
fn announced_sizes_are_not_believed() {
    // 2^62 elements of 8 bytes overflow; 2^40 rows do not, but are not there.
    let overflow = file([1, 0], &dictionary("<f8", "False", "(2305843009213693952, 2)"), &[0; 16]);
    check_refused(&overflow, "broken .npy header: 'shape' is larger than any memory");
    let large = file([1, 0], &dictionary("<f8", "False", "(1099511627776, 2)"), &[0; 16]);
    check_refused(&large, "truncated .npy file: 17592186044416 bytes of data are announced, 16 are there");
}

#[test]
fn refuses_labels_that_are_no_classes() {
    for label in [-1.0, 0.5, f64::NAN, f64::INFINITY, 65_536.0] {
        let bytes = file([1, 0], &dictionary("<f8", "False", "(2, 2)"), &doubles(&[1.0, 0.0, 1.0, label]));
        let error = npy::read(bytes.as_slice()).unwrap_err();
        assert!(matches!(error, Error::NpyLabel { row: 1, max: 65_535, .. }), "{label}: {error}");
    }
}

proptest! {
    #[test]
    fn round_trips_are_exact(
        columns in 1_usize..6, values in prop::collection::vec(prop::num::f64::NORMAL | prop::num::f64::ZERO, 6..60), classes in 1_u32..9,
    ) {
        let rows = values.len() / columns;
        let features = Array2::from_shape_vec((rows, columns), values[..rows * columns].to_vec()).unwrap();
        let labels: Vec<u32> = (0..rows as u32).map(|row| row % classes).collect();
        let n_classes = rows.min(classes as usize);
        let raw = Raw { features, labels, n_classes };
        let mut bytes = Vec::new();
        npy::write(&mut bytes, &raw).unwrap();
        prop_assert_eq!((bytes.len() - 8 * rows * (columns + 1)) % 64, 0);
        let read = npy::read(bytes.as_slice()).unwrap();
        let bits = |raw: &Raw| raw.features.iter().map(|value| value.to_bits()).collect::<Vec<u64>>();
        prop_assert_eq!(bits(&read), bits(&raw));
        prop_assert_eq!((read.features.dim(), read.n_classes), (raw.features.dim(), raw.n_classes));
        prop_assert_eq!(read.labels, raw.labels);
    }

    #[test]
    fn no_header_makes_the_reader_panic(
        text in "[{}()':, a-f0-9<]{0,60}", data in prop::collection::vec(any::<u8>(), 0..40),
    ) {
        _ = npy::read(file([1, 0], &text, &data).as_slice());
    }

    #[test]
    fn no_bytes_make_the_reader_panic(bytes in prop::collection::vec(any::<u8>(), 0..100)) {
        _ = npy::read(bytes.as_slice());
    }
}
