//! Archives: the records of a cell in one small file, to be kept in a repository.
//!
//! An archive is a gzip file of lines, each of them a record as a store's file has it. A cell is a
//! configuration with all its seeds, so a study that grows by configurations adds archives and leaves those
//! that are there as they are.

use std::collections::BTreeMap;
use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::path::{Path, PathBuf};

use flate2::read::GzDecoder;
use flate2::{Compression, GzBuilder};

use crate::files::write_atomically;
use crate::{Error, Records, RunRecord};

/// Ending of the files.
const ENDING: &str = ".jsonl.gz";

/// A longer archive is not read: more than a thousand times what a cell of 25 runs takes.
const MAX_BYTES: u64 = 1 << 30;

/// Writes records as archives into a folder. Archives that are there already and hold the same are not
/// touched. Returns the names of those that were written.
///
/// # Errors
/// If a file cannot be written.
pub fn pack(records: &[RunRecord], folder: &Path) -> Result<Vec<String>, Error> {
    let mut cells: BTreeMap<String, Vec<(u64, String, &RunRecord)>> = BTreeMap::new();
    for record in records {
        let spec = record.spec();
        cells.entry(spec.cell()).or_default().push((spec.seed().0, spec.hash(), record));
    }
    let mut written = Vec::new();
    for (cell, mut runs) in cells {
        runs.sort_by(|a, b| (a.0, &a.1).cmp(&(b.0, &b.1)));
        let name = format!("{cell}{ENDING}");
        let path = folder.join(&name);
        let bytes = compress(runs.into_iter().flat_map(|(_, _, record)| record.to_bytes()));
        if fs::read(&path).is_ok_and(|old| old == bytes) {
            continue;
        }
        write_atomically(&path, &bytes)?;
        written.push(name);
    }
    Ok(written)
}

/// The bytes of an archive; without a time, so that the same records always give the same.
fn compress(lines: impl Iterator<Item = u8>) -> Vec<u8> {
    let mut encoder = GzBuilder::new().write(Vec::new(), Compression::best());
    let lines: Vec<u8> = lines.collect();
    // Writing to memory cannot fail.
    let _ = encoder.write_all(&lines);
    encoder.finish().unwrap_or_default()
}

/// The archives in a folder, in the order of their names.
///
/// # Errors
/// If the folder cannot be read.
pub fn archives(folder: &Path) -> Result<Vec<PathBuf>, Error> {
    let mut paths = Vec::new();
    for entry in fs::read_dir(folder).map_err(Error::at(folder))? {
        paths.push(entry.map_err(Error::at(folder))?.path());
    }
    paths.retain(|path| path.to_string_lossy().ends_with(ENDING));
    paths.sort();
    Ok(paths)
}

/// All records of the archives in a folder.
///
/// # Errors
/// [`Error::Archive`] with file and line if one is damaged, or if a file cannot be read.
pub fn unpack(folder: &Path) -> Result<Records, Error> {
    let mut records = Records::new();
    for path in archives(folder)? {
        let file = fs::File::open(&path).map_err(Error::at(&path))?;
        let lines = BufReader::new(GzDecoder::new(BufReader::new(file)).take(MAX_BYTES)).split(b'\n');
        for (line, bytes) in (1..).zip(lines) {
            let damaged = |reason: String| Error::Archive { path: path.clone(), line, reason };
            let record = RunRecord::from_bytes(&bytes.map_err(|error| damaged(error.to_string()))?)
                .map_err(damaged)?;
            records.insert(record);
        }
    }
    Ok(records)
}
