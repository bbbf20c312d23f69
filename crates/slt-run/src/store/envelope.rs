//! A record on disk: JSON, wrapped with the checksum of its text.

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use slt_core::canonical;

use crate::{RESULTS_VERSION, RunRecord};

#[derive(Serialize, Deserialize)]
struct Envelope {
    results_version: u32,
    sha256: String,
    record: Box<RawValue>,
}

/// The bytes of a record's file.
pub(super) fn seal(record: &RunRecord) -> Vec<u8> {
    let record = serde_json::value::to_raw_value(record).expect("plain data has a JSON form");
    let sha256 = canonical::sha256_hex(record.get().as_bytes());
    let envelope = Envelope { results_version: RESULTS_VERSION, sha256, record };
    let mut bytes = serde_json::to_vec(&envelope).expect("plain data has a JSON form");
    bytes.push(b'\n');
    bytes
}

/// The record in a file, or what is wrong with it.
pub(super) fn open(bytes: &[u8]) -> Result<RunRecord, String> {
    let envelope: Envelope =
        serde_json::from_slice(bytes).map_err(|error| format!("it is no record: {error}"))?;
    if envelope.results_version != RESULTS_VERSION {
        let version = envelope.results_version;
        return Err(format!("it has results version {version}, this program has {RESULTS_VERSION}"));
    }
    if envelope.sha256 != canonical::sha256_hex(envelope.record.get().as_bytes()) {
        return Err("its checksum does not match".to_owned());
    }
    serde_json::from_str(envelope.record.get()).map_err(|error| format!("it is no record: {error}"))
}
