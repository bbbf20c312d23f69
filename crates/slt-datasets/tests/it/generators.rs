//! Parameters that no generator accepts, and properties that hold for all it accepts.

use ndarray::{Array2, array};
use proptest::prelude::*;
use slt_datasets::{
    Error,
    blobs::{self, Blobs, Centers, Deviation},
    circles::Circles,
    digits,
    moons::{Counts, Moons},
};

#[track_caller]
fn check_refused<T: std::fmt::Debug>(result: Result<T, Error>, message: &str) {
    assert_eq!(result.unwrap_err().to_string(), message);
}

#[test]
fn moons_and_circles_name_the_bad_parameter() {
    let moons = Moons::default();
    check_refused(
        Moons { samples: Counts::Total(0), ..moons.clone() }.generate(),
        "samples is 0: it must be at least 1 altogether",
    );
    for (noise, text) in [(-0.1, "-0.1"), (f64::NAN, "NaN"), (f64::INFINITY, "inf")] {
        check_refused(
            Moons { noise: Some(noise), ..moons.clone() }.generate(),
            &format!("noise is {text}: it must be finite and at least 0"),
        );
    }
    for (factor, text) in [(1.0, "1"), (-0.5, "-0.5"), (f64::NAN, "NaN")] {
        check_refused(
            Circles { factor, ..Circles::default() }.generate(),
            &format!("factor is {text}: it must be at least 0 and below 1"),
        );
    }
}

#[test]
fn sizes_beyond_memory_are_refused_before_they_are_built() {
    let samples = Counts::PerClass { outer: usize::MAX, inner: 1 };
    assert!(matches!(Moons { samples, ..Moons::default() }.generate(), Err(Error::TooLarge { .. })));
    let samples = Counts::Total(usize::MAX);
    assert!(matches!(Circles { samples, ..Circles::default() }.generate(), Err(Error::TooLarge { .. })));
    let samples = blobs::Counts::Total(usize::MAX);
    assert!(matches!(Blobs { samples, ..Blobs::default() }.generate(), Err(Error::TooLarge { .. })));
    let samples = blobs::Counts::PerCenter(vec![usize::MAX, 2]);
    assert!(matches!(Blobs { samples, ..Blobs::default() }.generate(), Err(Error::TooLarge { .. })));
    assert!(matches!(
        Blobs { n_features: usize::MAX, ..Blobs::default() }.generate(),
        Err(Error::TooLarge { .. })
    ));
}

#[test]
fn blobs_name_the_bad_parameter() {
    let refused = |blobs: Blobs, message| check_refused(blobs.generate(), message);
    let base = Blobs::default();
    refused(
        Blobs { centers: Some(Centers::Count(0)), ..base.clone() },
        "centers is 0: it must be 1 to 65,536 clusters",
    );
    refused(
        Blobs { samples: blobs::Counts::PerCenter(vec![]), ..base.clone() },
        "centers is 0: it must be 1 to 65,536 clusters",
    );
    refused(
        Blobs { samples: blobs::Counts::PerCenter(vec![0, 0]), ..base.clone() },
        "samples is 0: it must be at least 1 altogether",
    );
    refused(
        Blobs {
            samples: blobs::Counts::PerCenter(vec![1, 2]),
            centers: Some(Centers::Count(3)),
            ..base.clone()
        },
        "samples has 2 entries: 3 are needed, one for each centre",
    );
    refused(
        Blobs { cluster_std: Deviation::PerCenter(vec![1.0]), ..base.clone() },
        "cluster_std has 1 entries: 3 are needed, one for each centre",
    );
    refused(
        Blobs { cluster_std: Deviation::Common(-1.0), ..base.clone() },
        "cluster_std is -1: it must be finite and at least 0",
    );
    refused(Blobs { n_features: 0, ..base.clone() }, "n_features is 0: it must be at least 1");
    refused(
        Blobs { center_box: (1.0, 0.0), ..base.clone() },
        "center_box.0 is 1: it must be at most center_box.1",
    );
    refused(Blobs { center_box: (f64::NAN, 0.0), ..base.clone() }, "center_box is NaN: it must be finite");
    refused(
        Blobs { center_box: (f64::MIN, f64::MAX), ..base.clone() },
        "center_box is inf: it must be finite",
    );
    refused(
        Blobs { centers: Some(Centers::At(array![[1.0, f64::INFINITY]])), ..base.clone() },
        "centers is inf: it must be finite in every coordinate",
    );
    refused(
        Blobs { centers: Some(Centers::At(Array2::zeros((2, 0)))), ..base },
        "n_features is 0: it must be at least 1",
    );
}

#[test]
fn digits_name_the_bad_parameter() {
    check_refused(digits::first_classes(0), "k is 0: it must be 1 to 10 digits");
    check_refused(digits::first_classes(11), "k is 11: it must be 1 to 10 digits");
    check_refused(digits::select(&[]), "number of digits is 0: it must be at least 1");
    check_refused(digits::select(&[3, 10]), "digit is 10: it must be 0 to 9");
}

#[test]
fn given_centres_are_returned_as_they_are() {
    let centers = array![[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]];
    let blobs = Blobs { centers: Some(Centers::At(centers.clone())), n_features: 7, ..Blobs::default() };
    let generated = blobs.generate().unwrap();
    assert_eq!(generated.centers, centers);
    assert_eq!(generated.raw.features.dim(), (100, 3));
    assert_eq!(generated.into_dataset("blobs").unwrap().n_classes(), 2);
}

/// Features as bits, so that rows can be sorted and compared exactly.
fn sorted_rows(features: &Array2<f64>, labels: &[u32]) -> Vec<(u32, Vec<u64>)> {
    let bits = |row: ndarray::ArrayView1<'_, f64>| row.iter().map(|value| value.to_bits()).collect();
    let mut rows: Vec<_> = labels.iter().copied().zip(features.rows().into_iter().map(bits)).collect();
    rows.sort();
    rows
}

proptest! {
    #[test]
    fn shuffling_only_moves_rows(outer in 0_usize..40, inner in 1_usize..40, seed: u32) {
        let samples = Counts::PerClass { outer, inner };
        let ordered = Circles { samples, shuffle: false, seed, ..Circles::default() }.generate().unwrap();
        let shuffled = Circles { samples, shuffle: true, seed, ..Circles::default() }.generate().unwrap();
        prop_assert!(ordered.labels.is_sorted());
        prop_assert_eq!(
            sorted_rows(&ordered.features, &ordered.labels),
            sorted_rows(&shuffled.features, &shuffled.labels)
        );
    }

    #[test]
    fn noiseless_points_lie_on_their_curves(total in 1_usize..200, factor in 0.0..1.0_f64, seed: u32) {
        let samples = Counts::Total(total);
        let circles = Circles { samples, factor, seed, ..Circles::default() }.generate().unwrap();
        for (row, label) in circles.features.rows().into_iter().zip(&circles.labels) {
            let radius = if *label == 0 { 1.0 } else { factor };
            prop_assert!((row[0].hypot(row[1]) - radius).abs() < 1e-12);
        }
        let moons = Moons { samples, seed, ..Moons::default() }.generate().unwrap();
        for (row, label) in moons.features.rows().into_iter().zip(&moons.labels) {
            let (x, y) = if *label == 0 { (row[0], row[1]) } else { (1.0 - row[0], 0.5 - row[1]) };
            prop_assert!((x.hypot(y) - 1.0).abs() < 1e-12 && y >= -1e-12);
        }
    }

    #[test]
    fn blobs_without_spread_sit_on_their_centres(
        counts in prop::collection::vec(0_usize..9, 1..6), seed: u32,
    ) {
        prop_assume!(counts.iter().sum::<usize>() > 0);
        let samples = blobs::Counts::PerCenter(counts.clone());
        let cluster_std = Deviation::Common(0.0);
        let generated = Blobs { samples, cluster_std, seed, ..Blobs::default() }.generate().unwrap();
        for (row, &label) in generated.raw.features.rows().into_iter().zip(&generated.raw.labels) {
            prop_assert_eq!(row, generated.centers.row(label as usize));
        }
        let data = generated.into_dataset("blobs").unwrap();
        prop_assert_eq!(data.class_counts(), counts);
    }
}
