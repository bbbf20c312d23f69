//! Comparing arrays with their descriptions in the fixtures.

use ndarray::{Array2, Axis};
use serde_json::Value;
use slt_datasets::{Raw, scaling};

use super::{floats, integers, sha256_int64};

/// Rows and extremes of double precision data, absolute.
pub(crate) const ROWS: f64 = 1e-13;
/// Means and standard deviations, absolute.
pub(crate) const MOMENTS: f64 = 1e-12;
/// Sums over all values, relative.
pub(crate) const SUMS: f64 = 1e-9;
/// Everything that was rounded to single precision and scaled, absolute: two units in the last place of 0.7
/// .. 2.
pub(crate) const SINGLE: f64 = 2.4e-7;

/// Fails unless the numbers agree within `tolerance`.
#[track_caller]
pub(crate) fn close(path: &str, actual: &[f64], expected: &[f64], tolerance: f64) {
    assert_eq!(actual.len(), expected.len(), "{path}: number of values");
    for (index, (a, e)) in actual.iter().zip(expected).enumerate() {
        assert!(
            (a - e).abs() <= tolerance,
            "{path}[{index}]: {a} instead of {e}, off by {:e}",
            (a - e).abs()
        );
    }
}

/// Compares everything that a `describe` block of the fixtures says about raw data.
pub(crate) fn check_description(path: &str, block: &Value, raw: &Raw) {
    check_labels(path, block, &raw.labels);
    assert_eq!(block["n"], raw.features.nrows(), "{path}: n");
    assert_eq!(block["n_features"], raw.features.ncols(), "{path}: n_features");

    let scaled = raw.min_max_scaled().features;
    let data = raw.clone().into_dataset("reference").unwrap();
    let scaled_single = scaling::min_max(&data).unwrap();
    let widened = scaled_single.features().mapv(f64::from);

    let [low, high] = extremes(raw.features.iter());
    close(&format!("{path}/global_min"), &[low], &floats(&block["global_min"]), ROWS);
    close(&format!("{path}/global_max"), &[high], &floats(&block["global_max"]), ROWS);
    check_block(&format!("{path}/raw_float64"), &block["raw_float64"], &raw.features, [ROWS, MOMENTS]);
    check_block(&format!("{path}/scaled_float64"), &block["scaled_float64"], &scaled, [ROWS, MOMENTS]);
    check_block(&format!("{path}/scaled_float32"), &block["scaled_float32"], &widened, [SINGLE, SINGLE]);
    let single_sum = exact_sum(data.features().iter().map(|&value| f64::from(value)));
    close_sum(&format!("{path}/raw_float32_sum_all"), single_sum, &block["raw_float32_sum_all"], 0.0);

    if let Some(probes) = block.get("probe_rows") {
        let rows: Vec<usize> = integers(&probes["index"]).into_iter().map(|row| row as usize).collect();
        let pick = |array: &Array2<f64>| flat(&array.select(Axis(0), &rows));
        close(&format!("{path}/probe_rows"), &pick(&raw.features), &floats(&probes["raw_float64"]), ROWS);
        close(&format!("{path}/probe_rows"), &pick(&widened), &floats(&probes["scaled_float32"]), SINGLE);
        let labels: Vec<u64> = rows.iter().map(|&row| u64::from(raw.labels[row])).collect();
        assert_eq!(labels, integers(&probes["label"]), "{path}/probe_rows/label");
    }
}

/// Compares counts, ends and hash of labels: all exact.
pub(crate) fn check_labels(path: &str, block: &Value, labels: &[u32]) {
    let wide: Vec<u64> = labels.iter().map(|&label| label.into()).collect();
    for (class, count) in block["labels_count"].as_object().unwrap() {
        let class: u64 = class.parse().unwrap();
        assert_eq!(
            *count,
            wide.iter().filter(|&&label| label == class).count(),
            "{path}: count of class {class}"
        );
    }
    assert_eq!(wide[..wide.len().min(20)], integers(&block["labels_first_20"]), "{path}: first labels");
    assert_eq!(
        wide[wide.len().saturating_sub(5)..],
        integers(&block["labels_last_5"]),
        "{path}: last labels"
    );
    assert_eq!(block["labels_sha256_int64_le"], sha256_int64(wide), "{path}: hash of the labels");
}

/// Compares rows, columns and sum of one array.
fn check_block(path: &str, block: &Value, array: &Array2<f64>, [rows, moments]: [f64; 2]) {
    let (first, last) = (floats(&block["first_rows"]), floats(&block["last_rows"]));
    let all = flat(array);
    close(&format!("{path}/first_rows"), &all[..first.len()], &first, rows);
    close(&format!("{path}/last_rows"), &all[all.len() - last.len()..], &last, rows);
    let n = array.nrows() as f64;
    for (column, values) in array.columns().into_iter().enumerate() {
        let mean = exact_sum(values.iter().copied()) / n;
        let variance = exact_sum(values.iter().map(|value| (value - mean) * (value - mean))) / n;
        let [low, high] = extremes(values.iter());
        let expected = |key: &str| [block[key][column].as_f64().unwrap()];
        close(&format!("{path}/col_mean/{column}"), &[mean], &expected("col_mean"), moments);
        close(
            &format!("{path}/col_std_ddof0/{column}"),
            &[variance.sqrt()],
            &expected("col_std_ddof0"),
            moments,
        );
        close(&format!("{path}/col_min/{column}"), &[low], &expected("col_min"), rows);
        close(&format!("{path}/col_max/{column}"), &[high], &expected("col_max"), rows);
    }
    // A single precision value may round the other way, so its sum may be off by that much for a few of them.
    let slack = if rows > ROWS { 100.0 * rows } else { 0.0 };
    close_sum(&format!("{path}/sum_all"), exact_sum(array.iter().copied()), &block["sum_all"], slack);
}

/// Fails unless a sum agrees to 1e-9 relative (absolute below 1) or within `slack`.
#[track_caller]
pub(crate) fn close_sum(path: &str, actual: f64, expected: &Value, slack: f64) {
    let expected = expected.as_f64().unwrap();
    close(path, &[actual], &[expected], (SUMS * expected.abs().max(1.0)).max(slack));
}

fn extremes<'a>(values: impl Iterator<Item = &'a f64>) -> [f64; 2] {
    values.fold([f64::INFINITY, f64::NEG_INFINITY], |[low, high], &value| [low.min(value), high.max(value)])
}

fn flat(array: &Array2<f64>) -> Vec<f64> {
    array.iter().copied().collect()
}

/// A sum that carries the rounding error of every addition along (Neumaier).
pub(crate) fn exact_sum(values: impl Iterator<Item = f64>) -> f64 {
    let (mut sum, mut rest) = (0.0_f64, 0.0);
    for value in values {
        let next = sum + value;
        rest += if sum.abs() >= value.abs() { (sum - next) + value } else { (value - next) + sum };
        sum = next;
    }
    sum + rest
}
