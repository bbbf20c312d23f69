//! The embedded digits against scikit-learn.

use std::{fs::File, io::Read};

use crate::common::{calls, compare, each_object, floats, folder, integers, load, sha256, sha256_int64};
use flate2::read::GzDecoder;
use ndarray::Array2;
use serde_json::Value;
use slt_datasets::{
    Dataset, Raw, digits,
    paper::{PaperData, PaperName, PaperSplit},
    scaling,
};

fn pixels(raw: &Raw) -> Vec<u8> {
    raw.features.iter().map(|&value| value as u8).collect()
}

fn check_part(path: &str, block: &Value, raw: &Raw) {
    compare::check_labels(path, block, &raw.labels);
    assert_eq!(block["n"], raw.features.nrows(), "{path}: n");
    assert_eq!(block["n_features"], raw.features.ncols(), "{path}: n_features");
    let bytes = pixels(raw);
    assert_eq!(block["pixels_sha256_uint8"], sha256(&bytes), "{path}: hash of the pixels");
    let all: Vec<u64> = bytes.iter().map(|&byte| byte.into()).collect();
    let rows = |key: &str| block[key].as_array().unwrap().iter().flat_map(integers).collect::<Vec<u64>>();
    let (first, last) = (rows("raw_first_20_rows"), rows("raw_last_5_rows"));
    assert_eq!(all[..first.len()], first, "{path}: first rows");
    assert_eq!(all[all.len() - last.len()..], last, "{path}: last rows");
    assert_eq!(block["raw_sum_all"], all.iter().sum::<u64>(), "{path}: sum");
    assert_eq!(block["global_min"], *all.iter().min().unwrap(), "{path}: minimum");
    assert_eq!(block["global_max"], *all.iter().max().unwrap(), "{path}: maximum");
    check_columns(path, block, raw);
    check_scaled(path, block, raw, &bytes);
}

fn check_columns(path: &str, block: &Value, raw: &Raw) {
    let n = raw.features.nrows() as f64;
    for (index, column) in raw.features.columns().into_iter().enumerate() {
        let mean = column.sum() / n;
        let deviation = (column.iter().map(|value| (value - mean) * (value - mean)).sum::<f64>() / n).sqrt();
        let low = column.iter().copied().fold(f64::INFINITY, f64::min);
        let high = column.iter().copied().fold(0.0, f64::max);
        let expected = ["raw_col_mean", "raw_col_std_ddof0", "raw_col_min", "raw_col_max"]
            .map(|key| block[key][index].as_f64().unwrap());
        compare::close(
            &format!("{path}/column {index}"),
            &[mean, deviation, low, high],
            &expected,
            compare::MOMENTS,
        );
    }
}

fn check_scaled(path: &str, block: &Value, raw: &Raw, bytes: &[u8]) {
    let double: Vec<f64> = raw.min_max_scaled().features.iter().copied().collect();
    let scaled = scaling::min_max(&raw.clone().into_dataset("digits").unwrap()).unwrap();
    let single: Vec<f64> = scaled.values().iter().map(|&value| value.into()).collect();
    let table = |key: &str| {
        let table = block[key].as_array().unwrap();
        bytes.iter().map(|&pixel| table[usize::from(pixel)].as_f64().unwrap()).collect::<Vec<f64>>()
    };
    let path = format!("{path}/scaled");
    compare::close(&path, &double, &table("scaled_float64_of_pixel_0_to_16"), compare::ROWS);
    compare::close(&path, &single, &table("scaled_float32_of_pixel_0_to_16"), compare::SINGLE);
    let sum = |values: &[f64]| compare::exact_sum(values.iter().copied());
    compare::close_sum(&path, sum(&double), &block["scaled_float64_sum_all"], 0.0);
    compare::close_sum(&path, sum(&single), &block["scaled_float32_sum_all"], 0.0);
}

#[test]
fn selections_equal_the_reference() {
    for (file, json) in load("digits") {
        let mut cases = 0;
        each_object(&json, &["classes", "split", "train", "test"], &file, &mut |path, set| {
            let classes: Vec<u32> = integers(&set["classes"]).into_iter().map(|class| class as u32).collect();
            let raw = digits::select(&classes).unwrap();
            assert_eq!(set["n_total"], raw.labels.len(), "{path}: number of images");
            let fraction = calls::test_fraction(set["split"].as_str().unwrap());
            let split = raw.split_ordered(fraction).unwrap();
            check_part(&format!("{path}/train"), &set["train"], &split.train);
            check_part(&format!("{path}/test"), &set["test"], &split.test);
            let k = classes.len() as u32;
            if classes == (0..k).collect::<Vec<u32>>() && fraction == 0.25 {
                let split = PaperSplit::FileOrder;
                let preset = PaperData { classes: Some(k), split, ..PaperData::new(PaperName::Digits) };
                let preset = preset.raw().unwrap();
                check_part(&format!("{path}/train of the preset"), &set["train"], &preset.train);
                check_part(&format!("{path}/test of the preset"), &set["test"], &preset.test);
            }
            cases += 1;
        });
        assert!(cases >= 1, "{file}: no cases");
    }
}

/// What the fixture says of one side of a shuffled split.
fn check_shuffled(path: &str, block: &Value, part: &Raw, whole: &Raw, rows: &Raw) {
    let rows: Vec<u64> = rows.features.iter().map(|&row| row as u64).collect();
    assert_eq!(rows, integers(&block["rows"]), "{path}: rows");
    assert_eq!(block["rows_sha256_int64_le"], sha256_int64(rows.iter().copied()), "{path}: hash of the rows");
    for (&row, image) in rows.iter().zip(part.features.rows()) {
        assert_eq!(image, whole.features.row(row as usize), "{path}: row {row}");
    }
    compare::check_labels(path, block, &part.labels);
    assert_eq!(block["pixels_sha256_uint8"], sha256(&pixels(part)), "{path}: hash of the pixels");
    assert_eq!(block["n"], part.labels.len(), "{path}: n");
}

/// Number, extremes and scaled values of one side, once they are a data set.
fn check_scaled_dataset(path: &str, block: &Value, raw: &Raw, scaled: &Dataset) {
    let extremes = |values: &mut dyn Iterator<Item = f64>| {
        values
            .fold([f64::INFINITY, f64::NEG_INFINITY], |[low, high], value| [low.min(value), high.max(value)])
    };
    let expected = |keys: [&str; 2]| keys.map(|key| block[key].as_f64().unwrap());
    let [low, high] = extremes(&mut raw.features.iter().copied());
    assert_eq!([low, high], expected(["global_min", "global_max"]), "{path}: extremes");
    let mut values = scaled.values().iter().map(|&value| f64::from(value));
    let sum = compare::exact_sum(values.clone());
    let range = expected(["scaled_float32_min", "scaled_float32_max"]);
    compare::close(&format!("{path}/scaled"), &extremes(&mut values), &range, compare::SINGLE);
    compare::close_sum(&format!("{path}/scaled"), sum, &block["scaled_float32_sum_all"], 0.0);
}

/// The shuffled split of scikit-learn, row by row.
#[test]
fn shuffled_splits_equal_the_reference() {
    let committed = std::env::var_os("SLT_REFERENCE_DIR").is_none();
    if !committed && !folder().join("split_digits.json").exists() {
        return;
    }
    for (file, json) in load("split_digits") {
        let cases = json["cases"].as_array().unwrap();
        assert!(!cases.is_empty(), "{file}: no cases");
        let mut presets = 0;
        for case in cases {
            let path = format!("{file}/{}", case["call"]);
            let k = case["first_classes"].as_u64().unwrap() as u32;
            let test_size = case["test_size"].as_f64().unwrap();
            let random_state = case["random_state"].as_u64().unwrap() as u32;
            let whole = digits::first_classes(k).unwrap();
            assert_eq!(case["n_total"], whole.labels.len(), "{path}: number of images");
            // The same labels with their rows as the only feature.
            let rows = Array2::from_shape_fn((whole.labels.len(), 1), |(row, _)| row as f64);
            let rows =
                Raw { features: rows, ..whole.clone() }.split_shuffled(test_size, random_state).unwrap();
            let split = whole.split_shuffled(test_size, random_state).unwrap();
            check_shuffled(&format!("{path}/train"), &case["train"], &split.train, &whole, &rows.train);
            check_shuffled(&format!("{path}/test"), &case["test"], &split.test, &whole, &rows.test);
            if (test_size, random_state) == (0.25, 1) {
                let preset = PaperData { classes: Some(k), ..PaperData::new(PaperName::Digits) };
                assert!(preset.raw().unwrap() == split, "{path}: the preset has another split");
                let scaled = preset.load().unwrap();
                check_scaled_dataset(&format!("{path}/train"), &case["train"], &split.train, &scaled.train);
                check_scaled_dataset(&format!("{path}/test"), &case["test"], &split.test, &scaled.test);
                presets += 1;
            }
        }
        assert!(presets == 5 || !committed, "{file}: the paper has five splits");
    }
}

/// Compares with the file the embedded data were packed from, where the reference has it.
#[test]
fn embedded_file_equals_the_reference() {
    let Ok(file) = File::open(folder().join("digits.csv.gz")) else {
        assert!(std::env::var_os("SLT_REFERENCE_DIR").is_some(), "the committed reference has digits.csv.gz");
        return;
    };
    let mut text = String::new();
    GzDecoder::new(file).read_to_string(&mut text).unwrap();
    let expected: Vec<f64> =
        text.lines().flat_map(|line| line.split(',')).map(|number| number.parse().unwrap()).collect();
    let raw = digits::raw();
    let actual: Vec<f64> = raw
        .features
        .rows()
        .into_iter()
        .zip(&raw.labels)
        .flat_map(|(row, &label)| row.to_vec().into_iter().chain([f64::from(label)]))
        .collect();
    assert_eq!(raw.features.dim(), (digits::N_SAMPLES, digits::N_FEATURES));
    assert!(actual == expected, "the embedded digits differ from digits.csv.gz");
    assert_eq!(floats(&serde_json::json!(raw.labels[..10])), [0., 1., 2., 3., 4., 5., 6., 7., 8., 9.]);
}
