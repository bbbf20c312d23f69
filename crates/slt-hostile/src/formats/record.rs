//! Records of runs, and checkpoints of runs.

use std::path::Path;
use std::sync::LazyLock;
use std::{fs, io};

use serde_json::Value;
use serde_json::value::RawValue;
use slt_core::{Seed, canonical};
use slt_datasets::paper::{PaperData, PaperName};
use slt_ga::GaConfig;
use slt_mlp::{Initializer, MetricName, Recipe};
use slt_run::{
    DataSource, Error, HistoryKept, Prepared, RESULTS_VERSION, RunRecord, SearchSpec, TieBreak,
    architecture_for, archive, canonical_data, read_checkpoint, write_checkpoint,
};

use super::{envelope_of, envelope_parts, envelope_sealed};
use crate::{Format, Reached};

/// Records as a store keeps them.
pub const RECORD: Format =
    Format { name: "record", parts: record_parts, join: record_of, seal: record_sealed, read: read_record };

/// A search in the middle, with its spec before it.
pub const RUN_CHECKPOINT: Format = Format {
    name: "run-checkpoint",
    parts: checkpoint_parts,
    join: |parts| checkpoint_of(&parts[0], &envelope_of(&parts[1..])),
    seal: |bytes| {
        let (line, content) = divided(&bytes);
        checkpoint_of(line, &envelope_sealed(content.to_vec()))
    },
    read: read_run_checkpoint,
};

/// The text of the record.
fn record_parts(bytes: &[u8]) -> Option<Vec<Vec<u8>>> {
    Some(vec![record_in(bytes)?.into_bytes()])
}

fn record_in(bytes: &[u8]) -> Option<String> {
    let envelope: std::collections::BTreeMap<String, Box<RawValue>> = serde_json::from_slice(bytes).ok()?;
    Some(envelope.get("record")?.get().to_owned())
}

fn record_of(parts: &[Vec<u8>]) -> Vec<u8> {
    let sha256 = canonical::sha256_hex(&parts[0]);
    let start = format!("{{\"results_version\":{RESULTS_VERSION},\"sha256\":\"{sha256}\",\"record\":");
    [start.as_bytes(), &parts[0], b"}\n"].concat()
}

/// With the checksum of the record, where it is still found.
fn record_sealed(bytes: Vec<u8>) -> Vec<u8> {
    const BEFORE: &[u8] = b"\"sha256\":\"";
    let place = bytes.windows(BEFORE.len()).position(|window| window == BEFORE);
    let (Some(place), Some(record)) = (place, record_in(&bytes)) else { return bytes };
    let digits = place + BEFORE.len();
    let mut sealed = bytes;
    if let Some(old) = sealed.get_mut(digits..digits + 64) {
        old.copy_from_slice(canonical::sha256_hex(record.as_bytes()).as_bytes());
    }
    sealed
}

fn read_record(bytes: &[u8]) -> Reached {
    let record = match RunRecord::from_bytes(bytes) {
        Ok(record) => record,
        Err(reason) => {
            let outside = record_in(bytes).is_none() || !reason.starts_with("it is no record");
            return if outside { Reached::Outside } else { Reached::Inside };
        }
    };
    RunRecord::from_bytes(&record.to_bytes()).expect("it was written by this program");
    let spec = record.spec();
    let _ = (spec.hash(), spec.cell(), spec.cost(), spec.sizes(), record.digest(), record.test_accuracy());
    Reached::Accepted
}

static SPEC: LazyLock<SearchSpec> = LazyLock::new(|| {
    let data = PaperData { classes: Some(2), ..PaperData::new(PaperName::Digits) };
    let data = DataSource::from(canonical_data(data).expect("data of the paper"));
    let mut config = GaConfig { population: 10, ..GaConfig::paper() };
    config.termination.min_generations = 3;
    config.termination.max_generations = Some(3);
    SearchSpec {
        network: Recipe {
            architecture: architecture_for(&data, "64,4,2").expect("a network for these data"),
            initializer: Initializer::paper(),
            seed: Seed(1),
        },
        data,
        metric: MetricName::Accuracy,
        config,
        search_seed: Seed(1),
        tie_break: TieBreak::paper(MetricName::Accuracy),
        history: HistoryKept::Whole,
    }
});

/// The first line, and what follows.
fn divided(bytes: &[u8]) -> (&[u8], &[u8]) {
    let end = bytes.iter().position(|&byte| byte == b'\n').map_or(bytes.len(), |end| end + 1);
    bytes.split_at(end)
}

/// The first line, and the parts of the envelope behind it.
fn checkpoint_parts(bytes: &[u8]) -> Option<Vec<Vec<u8>>> {
    let (line, content) = divided(bytes);
    let mut parts = vec![line.to_vec()];
    parts.extend(envelope_parts(content)?);
    Some(parts)
}

/// With the hash of the spec in the first line as it has to be, where it is still found.
fn checkpoint_of(line: &[u8], content: &[u8]) -> Vec<u8> {
    let mut line = line.to_vec();
    if let Ok(mut header) = serde_json::from_slice::<Value>(&line)
        && let Ok(spec) = serde_json::from_value::<SearchSpec>(header["spec"].clone())
        && header.get("spec_sha256").is_some()
    {
        header["spec_sha256"] = spec.hash().into();
        line = format!("{header}\n").into_bytes();
    }
    [&line, content].concat()
}

fn read_run_checkpoint(bytes: &[u8]) -> Reached {
    match read_checkpoint(bytes, &SPEC) {
        Ok(checkpoint) => {
            let _ = write_checkpoint(&SPEC, &checkpoint);
            Reached::Accepted
        }
        Err(Error::NotACheckpoint | Error::Version { .. }) => Reached::Outside,
        Err(error) => {
            let _ = error.to_string();
            Reached::Inside
        }
    }
}

/// Takes a small record of each kind from those that are published, and runs a small search.
///
/// # Errors
/// If a file cannot be read or written.
pub fn write_corpus() -> io::Result<()> {
    let published = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/reproduction/runs");
    let mut smallest = std::collections::BTreeMap::<String, Vec<u8>>::new();
    for record in archive::unpack(&published).map_err(io::Error::other)?.iter() {
        let bytes = record.to_bytes();
        let kind = serde_json::to_value(record)?["kind"].as_str().unwrap_or_default().to_owned();
        let known = smallest.entry(kind).or_insert_with(|| bytes.clone());
        if bytes.len() < known.len() {
            *known = bytes;
        }
    }
    for (kind, bytes) in smallest {
        fs::write(RECORD.folder().join(format!("{kind}.json")), bytes)?;
    }
    let prepared = Prepared::new(&SPEC).map_err(io::Error::other)?;
    let search = prepared.search(None, &mut ()).map_err(io::Error::other)?;
    let bytes = write_checkpoint(&SPEC, &search.view().checkpoint());
    fs::write(RUN_CHECKPOINT.folder().join("ga.ckpt"), bytes)
}
