//! Moons, circles and blobs against scikit-learn.

use crate::common::{calls, compare, each_object, floats, integers, load, sha256, sha256_int64};
use serde_json::Value;
use slt_datasets::{
    Dataset, Raw,
    numpy::RandomState,
    paper::{PaperData, PaperName},
    scaling,
};

#[track_caller]
fn check_two_class(stem: &str) {
    for (file, json) in load(stem) {
        let mut cases = 0;
        each_object(&json, &["call", "labels_count"], &file, &mut |path, block| {
            let (name, parameters) = calls::parse(block["call"].as_str().unwrap());
            let (raw, _) = calls::generate(&name, &parameters);
            compare::check_description(path, block, &raw);
            cases += 1;
        });
        assert!(cases >= 2, "{file}: only {cases} cases");
    }
}

#[test]
fn moons_equal_the_reference() {
    check_two_class("moons");
}

#[test]
fn circles_equal_the_reference() {
    check_two_class("circles");
}

#[test]
fn blobs_equal_the_reference() {
    for (file, json) in load("blobs") {
        let mut cases = 0;
        each_object(&json, &["call", "split", "train", "test"], &file, &mut |path, set| {
            let (name, parameters) = calls::parse(set["call"].as_str().unwrap());
            let (raw, centers) = calls::generate(&name, &parameters);
            let centers: Vec<f64> = centers.unwrap().iter().copied().collect();
            compare::close(&format!("{path}/centers"), &centers, &floats(&set["centers"]), compare::ROWS);
            let hash = sha256_int64(raw.labels.iter().map(|&label| label.into()));
            assert_eq!(set["labels_all_sha256_int64_le"], hash, "{path}: hash of all labels");
            let split = raw.split_ordered(calls::test_fraction(set["split"].as_str().unwrap())).unwrap();
            compare::check_description(&format!("{path}/train"), &set["train"], &split.train);
            compare::check_description(&format!("{path}/test"), &set["test"], &split.test);
            cases += 1;
        });
        assert!(cases >= 1, "{file}: no cases");
    }
}

#[test]
fn small_arrays_equal_the_reference() {
    for (file, json) in load("small_arrays") {
        let sets = json["sets"].as_array().unwrap();
        assert!(!sets.is_empty(), "{file}: no sets");
        for (index, set) in sets.iter().enumerate() {
            let path = format!("{file}/{index}");
            let parameters = set["params"].as_object().unwrap();
            let (raw, _) = calls::generate(set["generator"].as_str().unwrap(), parameters);
            let labels: Vec<u64> = raw.labels.iter().map(|&label| label.into()).collect();
            assert_eq!(labels, integers(&set["y"]), "{path}: labels");
            let values: Vec<f64> = raw.features.iter().copied().collect();
            compare::close(&path, &values, &floats(&set["X"]), compare::ROWS);
            let scaled = scaling::min_max(&raw.into_dataset("small").unwrap()).unwrap();
            let scaled: Vec<f64> = scaled.values().iter().map(|&value| value.into()).collect();
            compare::close(&path, &scaled, &floats(&set["X_scaled_float32"]), compare::SINGLE);
            if let Some(order) = set.get("shuffle_indices") {
                let seed = parameters["random_state"].as_u64().unwrap() as u32;
                let order: Vec<usize> = integers(order).into_iter().map(|row| row as usize).collect();
                assert_eq!(
                    RandomState::new(seed).permutation(order.len()),
                    order,
                    "{path}: order of the rows"
                );
            }
        }
    }
}

/// The presets call the generators as the paper does. Their blocks are compared wherever the reference has
/// them.
#[test]
fn presets_equal_the_reference() {
    let mut found = 0;
    for (name, stem) in [(PaperName::Moons, "moons"), (PaperName::Circles, "circles")] {
        let raw = PaperData::new(name).raw().unwrap();
        for (part, data) in [("train", &raw.train), ("test", &raw.test)] {
            let n = data.features.nrows();
            let call = format!("make_{stem}(n_samples={n}, noise=0.07, random_state=42)");
            for (file, json) in load(stem) {
                each_object(&json, &["call", "labels_count"], &file, &mut |path, block| {
                    if block["call"] == *call {
                        check_preset(&format!("{path} as {part}"), block, data);
                        found += 1;
                    }
                });
            }
        }
    }
    for classes in 2..=10 {
        let raw = PaperData { classes: Some(classes), ..PaperData::new(PaperName::Blobs) }.raw().unwrap();
        let n = raw.train.features.nrows() + raw.test.features.nrows();
        let call = format!(
            "make_blobs(n_samples={n}, centers={classes}, center_box=(-20.0, 40.0), random_state=10)"
        );
        for (file, json) in load("blobs") {
            each_object(&json, &["call", "split", "train", "test"], &file, &mut |path, set| {
                if set["call"] == *call && calls::test_fraction(set["split"].as_str().unwrap()) == 0.25 {
                    check_preset(&format!("{path}/train"), &set["train"], &raw.train);
                    check_preset(&format!("{path}/test"), &set["test"], &raw.test);
                    found += 2;
                }
            });
        }
    }
    assert!(!is_committed() || found == 4 + 18, "only {found} blocks of the paper's data were found");
}

/// The committed set has all of the paper's data; another one may have none, or come from another C library.
fn is_committed() -> bool {
    std::env::var_os("SLT_REFERENCE_DIR").is_none()
}

/// What the experiments of the paper start from is the same to the last bit of single precision.
fn check_preset(path: &str, block: &Value, raw: &Raw) {
    compare::check_description(path, block, raw);
    if is_committed() {
        let data = raw.clone().into_dataset("preset").unwrap();
        let hash = |data: &Dataset| {
            sha256(&data.values().iter().flat_map(|value| value.to_le_bytes()).collect::<Vec<u8>>())
        };
        assert_eq!(block["raw_float32_sha256_informational"], hash(&data), "{path}: raw bits");
        let scaled = scaling::min_max(&data).unwrap();
        assert_eq!(block["scaled_float32_sha256_informational"], hash(&scaled), "{path}: scaled bits");
    }
}
