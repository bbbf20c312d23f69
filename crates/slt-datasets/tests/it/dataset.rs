//! Construction and selection of data sets.

use ndarray::{Array2, array};
use slt_datasets::{Dataset, Error, MAX_CLASSES, Raw, Split};

fn three() -> Dataset {
    Dataset::new("three", array![[1., 2.], [3., 4.], [5., 6.]], vec![0, 2, 0], 3).unwrap()
}

#[track_caller]
fn check_refused(features: Array2<f32>, labels: &[u32], n_classes: usize, message: &str) {
    let error = Dataset::new("bad", features, labels.to_vec(), n_classes).unwrap_err();
    assert_eq!(error.to_string(), message);
}

#[test]
fn refuses_what_is_not_a_data_set() {
    check_refused(
        Array2::zeros((0, 2)),
        &[],
        2,
        "a data set of 0 samples x 2 features is empty: at least 1 of each is needed",
    );
    check_refused(
        Array2::zeros((2, 0)),
        &[0, 0],
        2,
        "a data set of 2 samples x 0 features is empty: at least 1 of each is needed",
    );
    check_refused(
        array![[1.], [2.]],
        &[0],
        1,
        "1 labels for 2 samples: every sample needs exactly one label",
    );
    check_refused(
        array![[1., 2.], [3., f32::NAN]],
        &[0, 1],
        2,
        "the value NaN at row 1, column 1 is not a finite number",
    );
    check_refused(
        array![[1., 2.], [f32::NEG_INFINITY, 3.]],
        &[0, 1],
        2,
        "the value -inf at row 1, column 0 is not a finite number",
    );
    check_refused(array![[1.]], &[2], 2, "label 2 at row 0 is out of range: 2 classes are numbered 0 to 1");
    check_refused(array![[1.]], &[0], 0, "0 classes: a data set has between 1 and 65536 classes");
    check_refused(
        array![[1.]],
        &[0],
        MAX_CLASSES + 1,
        "65537 classes: a data set has between 1 and 65536 classes",
    );
}

#[test]
fn counts_classes_without_samples() {
    assert_eq!(three().class_counts(), [2, 0, 1]);
}

#[test]
fn makes_the_layout_row_major() {
    let columns_first = array![[1., 3.], [2., 4.]].reversed_axes();
    assert!(!columns_first.is_standard_layout());
    let data = Dataset::new("turned", columns_first, vec![0, 0], 1).unwrap();
    assert_eq!(data.values(), [1., 2., 3., 4.]);
}

#[test]
fn subset_keeps_order_repetition_and_classes() {
    let part = three().subset(&[2, 0, 2]).unwrap();
    assert_eq!(part.values(), [5., 6., 1., 2., 5., 6.]);
    assert_eq!((part.labels(), part.n_classes(), part.name()), (&[0, 0, 0][..], 3, "three"));
    assert_eq!(part.features().dim(), (3, 2));
}

#[test]
fn subset_refuses_rows_that_do_not_exist() {
    let error = three().subset(&[0, 3]).unwrap_err();
    assert_eq!(error.to_string(), "row 3 does not exist: the data set has 3 samples, rows 0 to 2");
    assert!(matches!(three().subset(&[]), Err(Error::Empty { n_samples: 0, n_features: 2 })));
}

#[test]
fn split_refuses_halves_of_different_problems() {
    let other = Dataset::new("other", array![[1.]], vec![0], 3).unwrap();
    let error = Split::new(three(), other).unwrap_err();
    assert_eq!(error.to_string(), "training set and test set differ: 2 against 1 features");
    let other = Dataset::new("other", array![[1., 1.]], vec![0], 2).unwrap();
    assert!(matches!(
        Split::new(three(), other),
        Err(Error::SplitMismatch { quantity: "classes", train: 3, test: 2 })
    ));
}

#[test]
fn raw_names_the_value_that_does_not_fit() {
    let raw = Raw { features: array![[1.0, 1e39]], labels: vec![0], n_classes: 1 };
    let error = raw.into_dataset("large").unwrap_err();
    assert!(matches!(error, Error::NotFinite { row: 0, column: 1, value } if value == 1e39), "{error}");
}
