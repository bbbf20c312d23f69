//! A search in the middle, with the spec that it runs: what `slt search --checkpoint` and a store keep.

use std::io::{BufRead, Read};

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use slt_core::canonical;
use slt_ga::Checkpoint;

use crate::{Error, RESULTS_VERSION, SearchSpec};

/// A longer first line is not read.
const MAX_HEADER_BYTES: u64 = 1 << 20;

/// A run whose checkpoints are files of their own.
pub(crate) trait Resumable: Clone + PartialEq + Serialize + DeserializeOwned {
    /// The fields in which two runs may differ, the choices of data and network before what may follow from
    /// them; the last one holds all the rest.
    const PARTS: &'static [&'static str];

    /// The name of its record in a store.
    fn hash(&self) -> String;

    /// The same run, ended by the rules of another one: what ends a search may be changed when it goes on.
    fn with_end_of(&self, other: &Self) -> Self;
}

impl Resumable for SearchSpec {
    const PARTS: &'static [&'static str] =
        &["data", "network", "metric", "search_seed", "tie_break", "history", "config"];

    fn hash(&self) -> String {
        self.hash()
    }

    fn with_end_of(&self, other: &Self) -> Self {
        let mut spec = self.clone();
        spec.config.termination = other.config.termination;
        spec
    }
}

/// The first line of the file; the bytes of the checkpoint follow.
#[derive(Serialize, Deserialize)]
struct Header<S> {
    results_version: u32,
    spec_sha256: String,
    spec: S,
}

/// The bytes of a checkpoint's file.
pub fn write_checkpoint(spec: &SearchSpec, checkpoint: &Checkpoint) -> Vec<u8> {
    write_any(spec, &checkpoint.to_bytes())
}

/// The bytes of a file with the content of a checkpoint.
pub(crate) fn write_any<S: Resumable>(spec: &S, content: &[u8]) -> Vec<u8> {
    let header = Header { results_version: RESULTS_VERSION, spec_sha256: spec.hash(), spec: spec.clone() };
    let mut bytes = serde_json::to_vec(&header).expect("plain data has a JSON form");
    bytes.push(b'\n');
    bytes.extend(content);
    bytes
}

/// Reads the checkpoint of a run, which may have been taken with other rules of termination. The header is
/// checked before the rest is read.
///
/// # Errors
/// If the file is damaged or none, is of another version, or of another run: then the error names what
/// differs.
pub fn read_checkpoint(file: impl BufRead, spec: &SearchSpec) -> Result<Checkpoint, Error> {
    Ok(Checkpoint::from_bytes(&read_any(file, spec)?)?)
}

/// The content of the checkpoint of a run.
pub(crate) fn read_any<S: Resumable>(mut file: impl BufRead, spec: &S) -> Result<Vec<u8>, Error> {
    let mut line = Vec::new();
    file.by_ref().take(MAX_HEADER_BYTES).read_until(b'\n', &mut line).map_err(Error::Read)?;
    let header: Header<S> = serde_json::from_slice(&line).map_err(|_| Error::NotACheckpoint)?;
    if header.results_version != RESULTS_VERSION {
        return Err(Error::Version { found: header.results_version, supported: RESULTS_VERSION });
    }
    if header.spec_sha256 != header.spec.hash() {
        return Err(Error::NotACheckpoint);
    }
    // The search itself checks that it would not have ended before.
    let taken = header.spec.with_end_of(spec);
    if taken != *spec {
        let (field, checkpoint, given) = first_difference_of(&taken, spec);
        return Err(Error::OtherRun { field, checkpoint, given });
    }
    let mut content = Vec::new();
    file.read_to_end(&mut content).map_err(Error::Read)?;
    Ok(content)
}

/// The first field that differs, the choices of data and network before the details that may follow from
/// them.
fn first_difference_of<S: Resumable>(a: &S, b: &S) -> (String, String, String) {
    let value = |spec| serde_json::to_value(spec).expect("plain data has a JSON form");
    let (a, b): (Value, Value) = (value(a), value(b));
    let different = S::PARTS.iter().copied().find(|&part| a[part] != b[part]).unwrap_or("config");
    let (a, b) = (a.get(different), b.get(different));
    // A field that is left out where it says nothing unusual.
    let text = |side: Option<&Value>| side.map_or_else(|| "absent".to_owned(), canonical::to_json);
    let difference = a.zip(b).and_then(|(a, b)| canonical::first_difference(different, a, b));
    difference.unwrap_or_else(|| (different.to_owned(), text(a), text(b)))
}
