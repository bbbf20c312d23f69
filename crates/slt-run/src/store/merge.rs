//! Stores that were filled apart, joined.

use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use super::{Store, read_if_there};
use crate::files::{is_temporary, write_atomically};
use crate::{Error, RunRecord, RunTimes};

/// What [`Store::merge`] did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Merged {
    /// Number of records that were copied.
    pub copied: usize,
    /// Number of records that were there already, or in an earlier source, byte for byte.
    pub equal: usize,
    /// Number of records that the store holds now.
    pub total: usize,
}

/// A record that was found: its file, and the SHA-256 of the file.
struct Found {
    path: PathBuf,
    sha256: [u8; 32],
}

impl Store {
    /// Copies into the store in `root` all records of the stores in `sources` that it does not hold, and how
    /// long they took; it is made if it is missing. Records do not depend on the order of the sources. Where
    /// several say how long a run took, `root` and then the first source is right. Checkpoints are not
    /// copied.
    ///
    /// All files are read and checked before the first one is written.
    ///
    /// # Errors
    /// [`Error::NoStore`] if a source is none, [`Error::NoRecord`] if there is a file in a folder `runs` that
    /// is no whole record of the run that it is named for, [`Error::Conflict`] if two records of a run
    /// differ: nothing is changed then. [`Error::Io`] if a file cannot be read or written; what was copied
    /// before is whole, and the same call goes on.
    pub fn merge(root: &Path, sources: &[PathBuf]) -> Result<Merged, Error> {
        let mut found = if root.join("runs").is_dir() { records_in(root)? } else { BTreeMap::new() };
        let mut new = Vec::new();
        let mut equal = 0;
        for source in sources {
            if !source.join("runs").is_dir() {
                return Err(Error::NoStore { path: source.clone() });
            }
            for (hash, record) in records_in(source)? {
                match found.get(&hash) {
                    Some(known) if known.sha256 == record.sha256 => equal += 1,
                    Some(known) => {
                        return Err(Error::Conflict { path: record.path, other: known.path.clone() });
                    }
                    None => {
                        new.push((hash.clone(), record.path.clone()));
                        found.insert(hash, record);
                    }
                }
            }
        }
        let store = Self::open(root)?;
        for hash in found.keys() {
            store.take_times(hash, sources)?;
        }
        for (hash, path) in &new {
            let bytes = fs::read(path).map_err(Error::at(path))?;
            if Sha256::digest(&bytes)[..] != found[hash].sha256 {
                let reason = "it changed while it was copied".to_owned();
                return Err(Error::NoRecord { path: path.clone(), reason });
            }
            write_atomically(&store.record_path(hash), &bytes)?;
        }
        Ok(Merged { copied: new.len(), equal, total: found.len() })
    }

    /// Copies how long a run took from the first store that knows, unless it is known.
    fn take_times(&self, hash: &str, sources: &[PathBuf]) -> Result<(), Error> {
        let target = self.times_path(hash);
        if target.exists() {
            return Ok(());
        }
        for source in sources {
            let source = Self { root: source.clone() };
            let Some(bytes) = read_if_there(&source.times_path(hash))? else { continue };
            // They are no result: what is damaged is left out.
            if serde_json::from_slice::<RunTimes>(&bytes).is_ok() {
                return write_atomically(&target, &bytes);
            }
        }
        Ok(())
    }
}

/// All records of a store, by the hash of their runs.
fn records_in(root: &Path) -> Result<BTreeMap<String, Found>, Error> {
    let folder = root.join("runs");
    let mut found = BTreeMap::new();
    for entry in fs::read_dir(&folder).map_err(Error::at(&folder))? {
        let path = entry.map_err(Error::at(&folder))?.path();
        let name = path.file_name().and_then(OsStr::to_str).unwrap_or_default();
        // A process that was killed while it wrote leaves its temporary file behind.
        if is_temporary(name) {
            continue;
        }
        let no_record = |reason: &str| Error::NoRecord { path: path.clone(), reason: reason.to_owned() };
        if !path.is_file() {
            return Err(no_record("it is no file"));
        }
        let bytes = fs::read(&path).map_err(Error::at(&path))?;
        let record = RunRecord::from_bytes(&bytes).map_err(|reason| no_record(&reason))?;
        let hash = record.spec().hash();
        if name != format!("{hash}.json") {
            return Err(no_record("its name is not that of its run"));
        }
        let sha256 = Sha256::digest(&bytes).into();
        found.insert(hash, Found { path, sha256 });
    }
    Ok(found)
}
