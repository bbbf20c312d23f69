//! What the tests against the reference numbers share: finding and walking the files, and comparing.

#![allow(dead_code, reason = "every test file uses its own part")]

pub(crate) mod calls;
pub(crate) mod compare;

use std::{
    env, fs,
    path::{Path, PathBuf},
};

use serde_json::Value;
use sha2::{Digest, Sha256};

/// The folder of data set fixtures; `SLT_REFERENCE_DIR` replaces `fixtures/reference`.
pub(crate) fn folder() -> PathBuf {
    let workspace = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let reference = env::var_os("SLT_REFERENCE_DIR").unwrap_or_else(|| "fixtures/reference".into());
    workspace.join(reference).join("datasets")
}

/// Every JSON file whose name starts with `stem`; there must be one.
pub(crate) fn load(stem: &str) -> Vec<(String, Value)> {
    let entries = fs::read_dir(folder()).unwrap_or_else(|error| panic!("{}: {error}", folder().display()));
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    let name = |path: &Path| path.file_name().unwrap().to_str().unwrap().to_owned();
    paths.retain(|path| name(path).starts_with(stem) && name(path).ends_with(".json"));
    assert!(!paths.is_empty(), "no {stem}*.json in {}", folder().display());
    paths.iter().map(|path| (name(path), serde_json::from_slice(&fs::read(path).unwrap()).unwrap())).collect()
}

/// Calls `visit` for every object below `value` that has all of `keys`, and for none inside such an object.
pub(crate) fn each_object<'a>(
    value: &'a Value,
    keys: &[&str],
    path: &str,
    visit: &mut dyn FnMut(&str, &'a Value),
) {
    let Value::Object(map) = value else { return };
    if keys.iter().all(|&key| map.contains_key(key)) {
        visit(path, value);
        return;
    }
    for (key, inner) in map {
        each_object(inner, keys, &format!("{path}/{key}"), visit);
    }
}

/// SHA-256 of integers as little-endian 64-bit numbers.
pub(crate) fn sha256_int64(values: impl IntoIterator<Item = u64>) -> String {
    sha256(&values.into_iter().flat_map(u64::to_le_bytes).collect::<Vec<u8>>())
}

pub(crate) fn sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// A list of whole numbers.
pub(crate) fn integers(value: &Value) -> Vec<u64> {
    value.as_array().unwrap().iter().map(|number| number.as_u64().unwrap()).collect()
}

/// A list of numbers, or the rows of a matrix joined.
pub(crate) fn floats(value: &Value) -> Vec<f64> {
    match value {
        Value::Array(list) => list.iter().flat_map(floats).collect(),
        number => vec![number.as_f64().unwrap()],
    }
}
