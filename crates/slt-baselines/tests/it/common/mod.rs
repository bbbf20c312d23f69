//! Reading the reference files.
#![allow(dead_code, reason = "each test file uses its part")]

use std::path::PathBuf;

use ndarray::{Array1, Array2};
use serde::de::DeserializeOwned;

fn folder(family: &str) -> PathBuf {
    // A relative folder counts from the workspace, not from the crate that tests run in.
    let workspace = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../.."));
    let root = std::env::var_os("SLT_REFERENCE_DIR").unwrap_or_else(|| "fixtures/reference".into());
    workspace.join(root).join(family)
}

/// Whether there is a family. The committed reference has all; another folder may be older than one.
pub(crate) fn family_is_there(family: &str) -> bool {
    std::env::var_os("SLT_REFERENCE_DIR").is_none() || folder(family).exists()
}

/// One file.
pub(crate) fn file<T: DeserializeOwned>(family: &str, name: &str) -> T {
    let path = folder(family).join(name);
    let bytes = std::fs::read(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
    serde_json::from_slice(&bytes).unwrap_or_else(|e| panic!("{}: {e}", path.display()))
}

/// All files of a family that `wanted` names, with their names.
pub(crate) fn files<T: DeserializeOwned>(family: &str, wanted: impl Fn(&str) -> bool) -> Vec<(String, T)> {
    let folder = folder(family);
    let entries = std::fs::read_dir(&folder).unwrap_or_else(|e| panic!("{}: {e}", folder.display()));
    let mut names: Vec<String> =
        entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.retain(|name| name.ends_with(".json") && wanted(name));
    names.sort();
    assert!(!names.is_empty(), "no files in {}", folder.display());
    names.into_iter().map(|name| (name.clone(), file(family, &name))).collect()
}

/// A matrix from nested rows.
pub(crate) fn matrix(rows: &[Vec<f64>]) -> Array2<f64> {
    let columns = rows.first().map_or(0, Vec::len);
    Array2::from_shape_vec((rows.len(), columns), rows.concat()).unwrap()
}

/// The transpose of a matrix from nested rows, in standard layout: from `out x in` to `in x out`.
pub(crate) fn transposed(rows: &[Vec<f64>]) -> Array2<f64> {
    matrix(rows).t().as_standard_layout().into_owned()
}

/// A bias vector; zeros where there is none.
pub(crate) fn biases(values: Option<&Vec<f64>>, n_out: usize) -> Array1<f64> {
    values.map_or_else(|| Array1::zeros(n_out), |b| Array1::from(b.clone()))
}

/// Fails unless the numbers agree within `tolerance`, absolutely below 1 and relatively above.
#[track_caller]
pub(crate) fn close(ours: f64, theirs: f64, tolerance: f64, what: &str) {
    let difference = (ours - theirs).abs();
    assert!(difference <= tolerance * theirs.abs().max(1.0), "{what}: {ours} instead of {theirs}");
}

/// [`close`] for sequences.
#[track_caller]
pub(crate) fn all_close<'a>(
    ours: impl IntoIterator<Item = &'a f64>,
    theirs: impl IntoIterator<Item = &'a f64>,
    tolerance: f64,
    what: &str,
) {
    let (ours, theirs): (Vec<f64>, Vec<f64>) =
        (ours.into_iter().copied().collect(), theirs.into_iter().copied().collect());
    assert_eq!(ours.len(), theirs.len(), "{what}");
    for (i, (ours, theirs)) in ours.iter().zip(&theirs).enumerate() {
        close(*ours, *theirs, tolerance, &format!("{what}, entry {i}"));
    }
}
