//! `slt data` against scikit-learn.

use std::fs;
use std::path::PathBuf;

use crate::common::{Folder, read_table, reference_folder};
use serde_json::Value;

const TOLERANCE: f64 = 1e-12;
/// Numbers rounded to single precision and scaled, absolute.
const SINGLE_TOLERANCE: f64 = 2.4e-7;

/// The JSON files of data sets whose name starts with `stem`; there must be one.
fn load(stem: &str) -> Vec<(String, Value)> {
    let folder = reference_folder().join("datasets");
    let entries = fs::read_dir(&folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let name = |path: &PathBuf| path.file_name().unwrap().to_str().unwrap().to_owned();
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    paths.retain(|path| name(path).starts_with(stem) && name(path).ends_with(".json"));
    paths.sort();
    assert!(!paths.is_empty(), "no {stem}*.json in {}", folder.display());
    paths.iter().map(|path| (name(path), serde_json::from_slice(&fs::read(path).unwrap()).unwrap())).collect()
}

fn floats(values: &Value) -> Vec<f64> {
    values.as_array().unwrap().iter().map(|value| value.as_f64().unwrap()).collect()
}

/// The command that makes what a call of scikit-learn made; `None` if the command line has no options for it,
/// such as a list of centres.
fn command(generator: &str, parameters: &serde_json::Map<String, Value>) -> Option<String> {
    let name = generator.strip_prefix("make_").unwrap();
    let mut command = format!("data {name}");
    if name == "blobs" && parameters.get("centers").is_none_or(Value::is_null) {
        command += " --classes 3";
    }
    for (key, value) in parameters {
        let flag = match (key.as_str(), value) {
            (_, Value::Null) | ("shuffle", Value::Bool(true)) => continue,
            ("shuffle", Value::Bool(false)) => "--no-shuffle".to_owned(),
            ("center_box", Value::Array(ends)) => format!("--center-box {},{}", ends[0], ends[1]),
            ("n_samples", Value::Number(n)) => format!("--samples {n}"),
            ("n_features", Value::Number(n)) => format!("--features {n}"),
            ("centers", Value::Number(n)) => format!("--classes {n}"),
            ("cluster_std", Value::Number(deviation)) => format!("--cluster-std {deviation}"),
            ("random_state", Value::Number(seed)) => format!("--seed {seed}"),
            ("noise" | "factor", Value::Number(value)) => format!("--{key} {value}"),
            _ => return None,
        };
        command = command + " " + &flag;
    }
    Some(command)
}

#[test]
fn generated_files_equal_the_reference() {
    let folder = Folder::new();
    let mut cases = 0;
    for (file, json) in load("small_arrays") {
        for (index, set) in json["sets"].as_array().unwrap().iter().enumerate() {
            let parameters = set["params"].as_object().unwrap();
            let Some(command) = command(set["generator"].as_str().unwrap(), parameters) else { continue };
            let expected: Vec<Vec<f64>> = set["X"].as_array().unwrap().iter().map(floats).collect();
            for out in ["set.csv", "set.npy"] {
                let path = format!("{file}/{index}, slt {command} --out {out}");
                folder.succeed(&format!("{command} --out {out}"));
                let (rows, labels) = read_table(&folder.read(out));
                assert_eq!(labels, floats(&set["y"]), "{path}: labels");
                assert_eq!(rows.len(), expected.len(), "{path}: rows");
                for (row, (actual, expected)) in rows.iter().zip(&expected).enumerate() {
                    close(&format!("{path}: row {row}"), actual, expected, TOLERANCE);
                }
            }
            cases += 1;
        }
    }
    assert!(cases > 0, "no case that the command line can make");
}

/// Without generator options: the paper's parts, min-max scaled for moons and raw for circles.
#[test]
fn paper_files_equal_the_reference() {
    let folder = Folder::new();
    let mut cases = 0;
    for (name, scaling) in [("moons", "scaled_float32"), ("circles", "raw_float64")] {
        for (part, n) in [("train", 50_000), ("test", 16_000)] {
            let call = format!("make_{name}(n_samples={n}, noise=0.07, random_state=42)");
            let files = load(name);
            let Some(block) = files.iter().find_map(|(_, json)| find_call(json, &call)) else { continue };
            folder.succeed(&format!("data {name} --split {part} --out part.npy"));
            let (rows, labels) = read_table(&folder.read("part.npy"));
            assert_eq!(labels.len(), n);
            assert_eq!(labels[..20], floats(&block["labels_first_20"]));
            let first = block[scaling]["first_rows"].as_array().unwrap();
            let last = block[scaling]["last_rows"].as_array().unwrap();
            for (row, expected) in rows.iter().zip(first).chain(rows[n - last.len()..].iter().zip(last)) {
                close(&format!("{name} {part}"), row, &floats(expected), SINGLE_TOLERANCE);
            }
            cases += 1;
        }
    }
    let committed = std::env::var_os("SLT_REFERENCE_DIR").is_none();
    assert!(cases == 4 || !committed, "only {cases} of the paper's parts are in the reference");
}

/// The block below `value` that describes a call.
fn find_call<'a>(value: &'a Value, call: &str) -> Option<&'a Value> {
    let map = value.as_object()?;
    if map.get("call").is_some_and(|found| found == call) && map.contains_key("labels_first_20") {
        return Some(value);
    }
    map.values().find_map(|inner| find_call(inner, call))
}

#[track_caller]
fn close(path: &str, actual: &[f64], expected: &[f64], tolerance: f64) {
    assert_eq!(actual.len(), expected.len(), "{path}");
    for (a, e) in actual.iter().zip(expected) {
        assert!((a - e).abs() <= tolerance, "{path}: {a} instead of {e}");
    }
}
