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

impl RunRecord {
    /// The bytes of its file in a store: a line of JSON with the checksum of the record's text. The same
    /// record always has the same bytes.
    pub fn to_bytes(&self) -> Vec<u8> {
        let record = serde_json::value::to_raw_value(self).expect("plain data has a JSON form");
        let sha256 = canonical::sha256_hex(record.get().as_bytes());
        let envelope = Envelope { results_version: RESULTS_VERSION, sha256, record };
        let mut bytes = serde_json::to_vec(&envelope).expect("plain data has a JSON form");
        bytes.push(b'\n');
        bytes
    }

    /// Reads the bytes of a record's file.
    ///
    /// # Errors
    /// What is wrong with them: they are no record, of another version of results, or damaged.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, String> {
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
}
