//! Reading the reference files, and tables of known truth.
#![allow(dead_code, reason = "each test file uses its part")]

pub(crate) mod simulate;

use std::path::PathBuf;

use serde_json::Value;
use slt_stats::Table;

/// A folder of reference numbers.
pub(crate) fn folder(family: &str) -> PathBuf {
    // A relative folder counts from the workspace, not from the crate that tests run in.
    let workspace = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../.."));
    let root = std::env::var_os("SLT_REFERENCE_DIR").unwrap_or_else(|| "fixtures/reference".into());
    workspace.join(root).join(family)
}

/// Whether there is a family; a folder from elsewhere may be without those that came later.
pub(crate) fn family_is_there(family: &str) -> bool {
    std::env::var_os("SLT_REFERENCE_DIR").is_none() || folder(family).exists()
}

/// One file.
pub(crate) fn json(family: &str, name: &str) -> Value {
    let path = folder(family).join(name);
    let bytes = std::fs::read(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
    serde_json::from_slice(&bytes).unwrap_or_else(|e| panic!("{}: {e}", path.display()))
}

/// Names of all JSON files of a family.
pub(crate) fn names(family: &str) -> Vec<String> {
    let folder = folder(family);
    let entries = std::fs::read_dir(&folder).unwrap_or_else(|e| panic!("{}: {e}", folder.display()));
    let mut names: Vec<String> =
        entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.retain(|name| name.ends_with(".json"));
    names.sort();
    assert!(!names.is_empty(), "no files in {}", folder.display());
    names
}

/// The numbers of an array.
pub(crate) fn numbers(value: &Value) -> Vec<f64> {
    value.as_array().unwrap().iter().map(|number| number.as_f64().unwrap()).collect()
}

/// Fails unless the numbers agree within `tolerance`, absolutely below 1 and relatively above.
#[track_caller]
pub(crate) fn close(ours: f64, theirs: f64, tolerance: f64, what: &str) {
    let difference = (ours - theirs).abs();
    assert!(difference <= tolerance * theirs.abs().max(1.0), "{what}: {ours} instead of {theirs}");
}

/// A table from CSV whose columns of names in `numeric` hold numbers.
pub(crate) fn table(csv: &[u8], numeric: &[&str]) -> Table {
    let mut reader = csv::Reader::from_reader(csv);
    let header = reader.headers().unwrap().clone();
    let rows: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
    header.iter().enumerate().fold(Table::new(), |table, (i, name)| {
        let column = rows.iter().map(|row| row[i].to_owned());
        if numeric.contains(&name) {
            table.with_numbers(name, column.map(|number| number.parse().unwrap())).unwrap()
        } else {
            table.with_labels(name, column).unwrap()
        }
    })
}
