//! `.npy` and `.npz` files that numpy wrote, compressed files, and attacks on the memory.

use std::{
    fs,
    io::{Cursor, Read, Write},
    path::PathBuf,
};

use flate2::{Compression, write::GzEncoder};
use ndarray::{Array2, array};
use proptest::prelude::*;
use slt_datasets::{
    Error,
    io::{
        MaybeGzip,
        csv::{Dialect, Records},
        idx, npy, npz,
    },
    table::{Column, Table},
};

fn fixture(name: &str) -> Vec<u8> {
    let path: PathBuf = [env!("CARGO_MANIFEST_DIR"), "tests", "fixtures", "arrays", name].iter().collect();
    fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn features(name: &str) -> Array2<f32> {
    npy::read_features(fixture(name).as_slice()).unwrap_or_else(|error| panic!("{name}: {error}"))
}

fn compress(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn table() -> Array2<f32> {
    array![[0., 1., 2., 1.], [3., 1., 0., 0.], [5., 4., 7., 2.]]
}

#[test]
fn every_kind_of_number_is_read() {
    for kind in ["f2", "f4", "f8", "i1", "i2", "i4", "i8", "u1", "u2", "u4", "u8", "b1"] {
        for order in ["le", "be"] {
            if order == "be" && kind.ends_with('1') {
                continue;
            }
            let expected = if kind == "b1" { table().mapv(|value| value.min(1.0)) } else { table() };
            assert_eq!(features(&format!("{order}-{kind}.npy")), expected, "{order} {kind}");
        }
    }
}

/// The bytes of numpy's own files.
#[test]
fn arrays_are_written_as_by_numpy() {
    fn check<T: npy::Element>(name: &str, shape: &[usize], convert: impl Fn(f32) -> T) {
        let values: Vec<T> = table().iter().map(|&value| convert(value)).collect();
        let mut written = Vec::new();
        npy::write_array(&mut written, shape, &values).unwrap();
        assert!(written == fixture(&format!("{name}.npy")), "{name}");
        let error = npy::write_array(Vec::new(), &[5, 2], &values).unwrap_err().to_string();
        assert_eq!(error, "values has 12 entries: 10 are needed, the product of the shape");
    }
    check("le-f4", &[3, 4], |value| value);
    check("le-f8", &[3, 4], f64::from);
    check("le-u4", &[3, 4], |value| value as u32);
    check("le-u1", &[3, 4], |value| value as u8);
    check("images", &[3, 2, 2], |value| value as u8);
}

#[test]
fn every_version_and_order_is_read() {
    for name in ["version-2", "version-3", "fortran", "python2", "images", "images-fortran"] {
        let read = features(&format!("{name}.npy"));
        assert_eq!(read, table(), "{name}");
        assert!(read.is_standard_layout(), "{name}");
    }
    let raw = npy::read(fixture("version-3.npy").as_slice()).unwrap();
    assert_eq!((raw.labels, raw.n_classes, raw.features.ncols()), (vec![1, 0, 2], 3, 3));
    for name in ["npy-f_order", "npy-v2"] {
        assert_eq!(features(&format!("{name}.npy")), array![[0.5, 1.5, 1.], [2.5, 3.5, 0.]], "{name}");
    }
    assert_eq!(features("npy-int64.npy"), array![[0., 1., 1.], [2., 3., 0.]]);
    let extremes = features("extremes.npy");
    assert_eq!((extremes[[0, 0]], extremes[[0, 1]]), (65504.0, -(2_f32.powi(-24))));
    assert!(extremes[[0, 2]].is_nan());
}

#[test]
fn other_kinds_are_named() {
    for (name, descr) in [
        ("structured", "\"[('a', '<f8'), ('b', '<i4', (2,))]\""),
        ("complex", "\"<c16\""),
        ("text", "\"<U1\""),
        ("dates", "\"<M8[D]\""),
        ("objects", "\"|O\""),
        ("umlaut", "\"[('\u{e4}', '<f8')]\""),
    ] {
        let error = npy::read_features(fixture(&format!("other-{name}.npy")).as_slice()).unwrap_err();
        let message = error.to_string();
        let expected = format!("the kind of .npy array is not supported: its elements are {descr}; ");
        assert!(message.starts_with(&expected), "{name}: {message}");
        assert!(matches!(error, Error::NpyDtype { .. }));
    }
}

#[test]
fn labels_are_whole_numbers() {
    let labels = |name: &str| npy::read_labels(fixture(name).as_slice());
    let error = labels("le-f8.npy").unwrap_err().to_string();
    assert_eq!(error, "the .npy array has shape [3, 4]: needed is one label a sample");
    let error = labels("extremes.npy").unwrap_err().to_string();
    assert!(error.contains("the label -5.960464477539063e-8 at row 1 is not a class"), "{error}");
}

#[test]
fn arrays_with_a_column_of_labels_become_tables() {
    for (column, features, labels) in [
        (Column::Last, array![[0., 1., 2.], [3., 1., 0.], [5., 4., 7.]], [1, 0, 2]),
        (Column::from("0"), array![[1., 2., 1.], [1., 0., 0.], [4., 7., 2.]], [0, 1, 2]),
    ] {
        let table = Table::from_array(table(), Some(&column)).unwrap();
        assert_eq!(table.labels().unwrap(), labels);
        assert_eq!(table.feature_names().collect::<Vec<_>>(), ["x0", "x1", "x2"]);
        let preprocessing =
            slt_datasets::table::Preprocessing::fit(&table, Default::default(), None).unwrap();
        assert_eq!(preprocessing.features(table).unwrap(), features);
    }
    assert_eq!(Table::from_array(table(), None).unwrap().n_features(), 4);
    let error = Table::from_array(array![[1., 0.5]], Some(&Column::Last)).unwrap_err().to_string();
    assert_eq!(error, "the label 0.5 at row 0 is not a class: it must be a whole number of at most 16777216");
    assert!(matches!(Table::from_array(array![[1.]], Some(&Column::Last)), Err(Error::Empty { .. })));
}

#[test]
fn archives_are_read_by_name() {
    let read = |name: &str| npz::read(Cursor::new(fixture(name)));
    let (x, y) = (array![[0., 1., 2.], [3., 1., 0.], [5., 4., 7.]], vec![1, 0, 2]);
    let plain = read("plain.npz").unwrap();
    assert_eq!((&plain.train.features, plain.train.labels.as_ref()), (&x, Some(&y)));
    assert!(plain.test.is_none());
    let compressed = read("compressed.npz").unwrap();
    assert_eq!(compressed.train, plain.train);
    let test = compressed.test.unwrap();
    assert_eq!((test.features, test.labels), (array![[0., 1., 2.]], Some(vec![1])));
    let images = read("images.npz").unwrap();
    assert_eq!((images.train.features, images.train.labels), (table(), Some(y)));
    for (name, message) in [
        (
            "nothing.npz",
            "the .npz file cannot be used: it has no array of features, named x_train, train_x, train_images, x, \
             data, features, images; it has \"a\"",
        ),
        ("two.npz", "the .npz file cannot be used: both arrays \"x\" and \"data\" could be meant"),
    ] {
        assert_eq!(read(name).unwrap_err().to_string(), message);
    }
    let error = read("text.npz").unwrap_err().to_string();
    assert!(error.starts_with("array \"x\": the kind of .npy array is not supported"), "{error}");
    let error = npz::read(Cursor::new(b"x0,label\n1,2\n")).unwrap_err();
    assert!(matches!(error, Error::Npz { .. }), "{error}");
}

#[test]
fn gzip_is_transparent() {
    let images = idx::read_images(fixture("idx-im2.gz").as_slice()).unwrap();
    assert_eq!(images, array![[0., 1., 2.], [3., 4., 5.]]);
    let data = idx::read(fixture("idx-im2.gz").as_slice(), fixture("idx-lb2.gz").as_slice(), "pair").unwrap();
    assert_eq!((data.features(), data.labels()), (&images, &[1, 0][..]));
    let bytes = fixture("fortran.npy");
    assert_eq!(npy::read_features(compress(&bytes).as_slice()).unwrap(), table());
    // Files that are compressed in several parts are one file.
    let (first, second) = bytes.split_at(90);
    let parts = [compress(first), compress(second)].concat();
    assert_eq!(npy::read_features(parts.as_slice()).unwrap(), table());
    let file = compress(b"a,b\n\n1,2\n");
    let mut records = Records::new(file.as_slice(), &Dialect::default()).unwrap();
    assert_eq!(records.next().unwrap().unwrap().line(), 3);
    for length in [0, 1] {
        let mut bytes = Vec::new();
        MaybeGzip::new(&b"\x1f"[..length]).unwrap().read_to_end(&mut bytes).unwrap();
        assert_eq!(bytes, b"\x1f"[..length]);
    }
}

#[test]
fn damaged_gzip_is_noticed() {
    let good = compress(&fixture("le-f8.npy"));
    for end in 2..good.len() {
        let error = npy::read_features(&good[..end]).unwrap_err();
        assert!(matches!(error, Error::Io(_) | Error::Truncated { .. }), "{end}: {error}");
    }
    // The checksum comes last but for the size.
    let mut bad = good.clone();
    let at = bad.len() - 8;
    bad[at] ^= 1;
    let error = npy::read_features(bad.as_slice()).unwrap_err().to_string();
    assert!(error.contains("broken gzip file"), "{error}");
}

/// `n` zeros; nothing is held in memory.
fn zeros(n: u64) -> impl Read {
    std::io::repeat(0).take(n)
}

#[test]
fn what_expands_without_end_is_refused() {
    // 400 MB of zeros, which a header announces honestly.
    let header = [&[0, 0, 8, 1][..], &400_000_000_u32.to_be_bytes()].concat();
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(&header).unwrap();
    std::io::copy(&mut zeros(400_000_000), &mut encoder).unwrap();
    let bomb = encoder.finish().unwrap();
    assert!(400_000_000 > (1 << 28) + 200 * bomb.len());
    let error = idx::read_labels(bomb.as_slice()).unwrap_err().to_string();
    assert_eq!(error, "cannot read or write: the compressed data expand to more than 200 times their size");
}

#[test]
fn folders_of_images_are_recognised() {
    let mnist = [
        "t10k-images-idx3-ubyte.gz",
        "t10k-labels-idx1-ubyte.gz",
        "train-images-idx3-ubyte.gz",
        "train-labels-idx1-ubyte.gz",
    ];
    let files = idx::find(mnist).unwrap();
    assert_eq!(files.train, (mnist[2], mnist[3]));
    assert_eq!(files.test, Some((mnist[0], mnist[1])));
    let emnist = ["emnist-digits-test-labels-idx1-ubyte", "emnist-digits-train-labels-idx1-ubyte"];
    let error = idx::find(emnist).unwrap_err().to_string();
    assert_eq!(error, "IDX files: there are no training images");
    let dots = ["train-images.idx3-ubyte", "train-labels.idx1-ubyte", "train.csv", "test.npz"];
    assert_eq!(idx::find(dots).unwrap(), idx::Files { train: (dots[0], dots[1]), test: None });
    let error = idx::find([dots[0], mnist[2], dots[1]]).unwrap_err().to_string();
    assert!(error.contains("could be the training images"), "{error}");
    let error = idx::find(["notes.txt"]).unwrap_err().to_string();
    assert_eq!(error, "IDX files: there are no training images (such as train-images-idx3-ubyte.gz)");
    let error = idx::find([dots[0], dots[1], mnist[0]]).unwrap_err().to_string();
    assert_eq!(error, "IDX files: there are no test labels");
}

proptest! {
    #[test]
    fn no_damage_makes_the_readers_panic(
        name in prop::sample::select(vec!["plain.npz", "compressed.npz", "other-structured.npy", "fortran.npy"]),
        at in any::<prop::sample::Index>(), byte: u8, cut in any::<prop::sample::Index>(),
    ) {
        let mut bytes = fixture(name);
        let at = at.index(bytes.len());
        bytes[at] = byte;
        for bytes in [&bytes[..], &bytes[..cut.index(bytes.len())]] {
            _ = npz::read(Cursor::new(bytes));
            _ = npy::read_features(bytes);
            _ = npy::read_labels(bytes);
            _ = npy::read_features(compress(bytes).as_slice());
        }
    }
}
