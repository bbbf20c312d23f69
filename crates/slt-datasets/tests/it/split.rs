//! Splits: pinned draws, sizes, and properties.

use ndarray::Array2;
use proptest::prelude::*;
use slt_core::Seed;
use slt_datasets::{Dataset, Error, Split, split};

/// Samples whose only feature is their row.
fn numbered(labels: Vec<u32>) -> Dataset {
    let n_classes = labels.iter().max().map_or(1, |&label| label as usize + 1);
    let features = Array2::from_shape_fn((labels.len(), 1), |(row, _)| row as f32);
    Dataset::new("numbered", features, labels, n_classes).unwrap()
}

fn rows(data: &Dataset) -> Vec<usize> {
    data.values().iter().map(|&value| value as usize).collect()
}

/// Draws are pinned: a change here changes every experiment that was split this way.
#[test]
fn value_stability() {
    let data = numbered((0..12).map(|row| u32::from(row % 4 == 3)).collect());
    let halves = split::shuffled(&data, 0.25, Seed(7)).unwrap();
    assert_eq!(rows(&halves.train), [1, 9, 3, 10, 4, 8, 0, 2, 6]);
    assert_eq!(rows(&halves.test), [11, 7, 5]);
    let halves = split::stratified(&data, 0.25, Seed(7)).unwrap();
    assert_eq!(rows(&halves.train), [1, 9, 3, 10, 4, 8, 0, 2, 11]);
    assert_eq!(rows(&halves.test), [6, 7, 5]);
}

#[test]
fn ordered_sizes_round_the_test_set_up() {
    for (n, fraction, sizes) in [
        (1797, 0.25, (1347, 450)),
        (5, 0.25, (3, 2)),
        (10, 0.3, (7, 3)),
        (2, 0.01, (1, 1)),
        (183, 0.3, (128, 55)),
    ] {
        assert_eq!(split::ordered_sizes(n, fraction).unwrap(), sizes);
    }
}

#[test]
fn refuses_fractions_that_leave_nothing() {
    let data = numbered(vec![0, 1, 0, 1]);
    for fraction in [0.0, 1.0, -0.1, 1.5, f64::NAN, f64::INFINITY] {
        for result in [
            split::ordered(&data, fraction),
            split::shuffled(&data, fraction, Seed(0)),
            split::stratified(&data, fraction, Seed(0)),
        ] {
            assert!(matches!(result, Err(Error::Parameter { parameter: "test_fraction", .. })), "{fraction}");
        }
    }
    let error = split::ordered(&data, 0.99).unwrap_err();
    assert_eq!(
        error.to_string(),
        "a test fraction of 0.99 gives 0 training and 4 test samples: both need at least 1"
    );
    let lonely = numbered(vec![0, 1, 2]);
    let error = split::stratified(&lonely, 0.5, Seed(0)).unwrap_err();
    assert!(matches!(error, Error::EmptySplit { n_train: 3, n_test: 0, .. }), "{error}");
}

#[test]
fn stratified_keeps_a_sample_of_every_class_for_training() {
    let halves = split::stratified(&numbered(vec![0, 0, 0, 0, 1, 1, 2]), 0.9, Seed(3)).unwrap();
    assert_eq!(halves.train.class_counts(), [1, 1, 1]);
    assert_eq!(halves.test.class_counts(), [3, 1, 0]);
    assert_eq!(halves.test.n_classes(), 3);
}

#[test]
fn seeds_give_different_orders() {
    let data = numbered(vec![0; 100]);
    let test = |seed| rows(&split::shuffled(&data, 0.5, Seed(seed)).unwrap().test);
    assert_eq!(test(1), test(1));
    assert_ne!(test(1), test(2));
}

fn check_partition(data: &Dataset, halves: &Split) {
    let mut all = [rows(&halves.train), rows(&halves.test)].concat();
    for (row, &label) in rows(&halves.train).iter().zip(halves.train.labels()) {
        assert_eq!(data.labels()[*row], label);
    }
    all.sort_unstable();
    assert!(all.into_iter().eq(0..data.n_samples()));
}

proptest! {
    #[test]
    fn every_row_lands_on_one_side(
        labels in prop::collection::vec(0_u32..4, 2..60), fraction in 0.01..0.99_f64, seed: u64,
    ) {
        let data = numbered(labels);
        if let Ok(halves) = split::ordered(&data, fraction) {
            check_partition(&data, &halves);
            prop_assert!(rows(&halves.test).is_sorted() && rows(&halves.train)[0] == 0);
            let shuffled = split::shuffled(&data, fraction, Seed(seed)).unwrap();
            check_partition(&data, &shuffled);
            prop_assert_eq!(shuffled.test.n_samples(), halves.test.n_samples());
        }
        if let Ok(halves) = split::stratified(&data, fraction, Seed(seed)) {
            check_partition(&data, &halves);
            let counts = data.class_counts();
            let (train_counts, test_counts) = (halves.train.class_counts(), halves.test.class_counts());
            for ((m, train), test) in counts.into_iter().zip(train_counts).zip(test_counts) {
                prop_assert_eq!(train + test, m);
                prop_assert!(m == 0 || train >= 1);
                let wanted = fraction * m as f64;
                prop_assert!((test as f64 - wanted).abs() <= 0.5 + 1e-9 || train == 1);
            }
        }
    }
}
