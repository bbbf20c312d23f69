//! Records as files: one a run, named by the hash of its spec.

pub mod archive;
mod envelope;
mod merge;

use std::fs::{self, File, TryLockError};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use crate::files::{folder_of, sweep, write_atomically};
use serde::{Deserialize, Serialize};

use crate::{Error, RunRecord, RunSpec};

pub use merge::Merged;

/// How often a process that waits for another one's run looks again.
const LOCK_INTERVAL: Duration = Duration::from_millis(50);

/// How long a run took.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct RunTimes {
    /// Wall-clock seconds, of the last sitting if the run was interrupted.
    pub seconds: f64,
    /// Processor seconds of the run's thread in the same time.
    pub cpu_seconds: f64,
}

/// A folder of run records.
///
/// | path | holds |
/// |---|---|
/// | `runs/HASH.json` | a record with its checksum; the same spec always gives the same bytes |
/// | `times/HASH.json` | how long the run took; not part of the result |
/// | `checkpoints/HASH.ckpt` | a run that was interrupted |
/// | `locks/HASH` | held while the run is computed, so that two processes do not compute it twice |
///
/// Files appear whole or not at all. [`merge`](Self::merge) joins stores.
#[derive(Debug, Clone)]
pub struct Store {
    root: PathBuf,
}

/// A file of a store, and the record in it or what is wrong with it.
pub type Entry = (PathBuf, Result<RunRecord, String>);

/// Held while a run is computed; given back on drop, also when the process is killed.
#[derive(Debug)]
pub(crate) struct RunLock {
    _file: File,
}

impl Store {
    /// Opens the store in `root`, and makes its folders if they are missing. The folder around `root` must
    /// exist.
    ///
    /// # Errors
    /// If the folders cannot be made.
    pub fn open(root: impl Into<PathBuf>) -> Result<Self, Error> {
        let root = root.into();
        make_folder(&root)?;
        for folder in ["runs", "times", "checkpoints", "locks"] {
            make_folder(&root.join(folder))?;
            sweep(&root.join(folder));
        }
        Ok(Self { root })
    }

    /// The folder.
    pub fn root(&self) -> &Path {
        &self.root
    }

    fn record_path(&self, hash: &str) -> PathBuf {
        self.root.join("runs").join(format!("{hash}.json"))
    }

    fn times_path(&self, hash: &str) -> PathBuf {
        self.root.join("times").join(format!("{hash}.json"))
    }

    pub(crate) fn checkpoint_path(&self, hash: &str) -> PathBuf {
        self.root.join("checkpoints").join(format!("{hash}.ckpt"))
    }

    /// Puts a record that was computed elsewhere into the store, unless it is there.
    ///
    /// # Errors
    /// If the file cannot be written; nothing partial is left.
    pub fn add(&self, record: &RunRecord) -> Result<(), Error> {
        let path = self.record_path(&record.spec().hash());
        if path.is_file() { Ok(()) } else { write_atomically(&path, &record.to_bytes()) }
    }

    /// How long a run took, if that is known.
    pub fn times(&self, spec: &RunSpec) -> Option<RunTimes> {
        serde_json::from_slice(&fs::read(self.times_path(&spec.hash())).ok()?).ok()
    }

    /// All records, in the order of their names.
    ///
    /// # Errors
    /// If the folder or a file cannot be read.
    pub fn entries(&self) -> Result<Vec<Entry>, Error> {
        let folder = self.root.join("runs");
        let mut paths = Vec::new();
        for entry in fs::read_dir(&folder).map_err(Error::at(&folder))? {
            paths.push(entry.map_err(Error::at(&folder))?.path());
        }
        paths.retain(|path| path.extension().is_some_and(|extension| extension == "json"));
        paths.sort();
        paths
            .into_iter()
            .map(|path| {
                let bytes = fs::read(&path).map_err(Error::at(&path))?;
                let opened = RunRecord::from_bytes(&bytes).and_then(|record| {
                    let named = path.file_stem().is_some_and(|stem| *stem == *record.spec().hash());
                    if named { Ok(record) } else { Err("its name is not that of its run".to_owned()) }
                });
                Ok((path, opened))
            })
            .collect()
    }

    /// The record of `spec`, if it is stored and undamaged. A record that cannot be read, fails its checksum
    /// or is of another spec or version counts as missing, so it is computed again; `damaged` is told why.
    ///
    /// # Errors
    /// If the file exists and the system cannot read it.
    pub fn load(
        &self,
        spec: &RunSpec,
        damaged: impl FnOnce(&Path, &str),
    ) -> Result<Option<RunRecord>, Error> {
        let path = self.record_path(&spec.hash());
        let Some(bytes) = read_if_there(&path)? else { return Ok(None) };
        match RunRecord::from_bytes(&bytes) {
            Ok(record) if record.spec() == *spec => return Ok(Some(record)),
            Ok(_) => damaged(&path, "it is the record of another run"),
            Err(reason) => damaged(&path, &reason),
        }
        Ok(None)
    }

    /// Stores a record and how long it took, and removes the run's checkpoint.
    ///
    /// # Errors
    /// If a file cannot be written; nothing partial is left.
    pub fn save(&self, record: &RunRecord, times: &RunTimes) -> Result<(), Error> {
        let mut bytes = serde_json::to_vec(times).expect("plain data has a JSON form");
        bytes.push(b'\n');
        let hash = record.spec().hash();
        write_atomically(&self.times_path(&hash), &bytes)?;
        write_atomically(&self.record_path(&hash), &record.to_bytes())?;
        let checkpoint = self.checkpoint_path(&hash);
        match fs::remove_file(&checkpoint) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(Error::at(&checkpoint)(error)),
            _ => Ok(()),
        }
    }

    /// The bytes of the checkpoint of an interrupted run, by the hash of its spec.
    ///
    /// # Errors
    /// If the file exists and the system cannot read it.
    pub fn load_checkpoint(&self, hash: &str) -> Result<Option<Vec<u8>>, Error> {
        read_if_there(&self.checkpoint_path(hash))
    }

    /// Stores a checkpoint of a run, by the hash of its spec.
    ///
    /// # Errors
    /// If the file cannot be written; nothing partial is left.
    pub fn save_checkpoint(&self, hash: &str, checkpoint: &[u8]) -> Result<(), Error> {
        write_atomically(&self.checkpoint_path(hash), checkpoint)
    }

    /// Waits until no other process computes the run; `None` if `stop` is set meanwhile.
    pub(crate) fn lock(&self, spec: &RunSpec, stop: &AtomicBool) -> Result<Option<RunLock>, Error> {
        let path = self.root.join("locks").join(spec.hash());
        let file = File::create(&path).map_err(Error::at(&path))?;
        loop {
            match file.try_lock() {
                Ok(()) => return Ok(Some(RunLock { _file: file })),
                Err(TryLockError::Error(error)) => return Err(Error::at(&path)(error)),
                Err(TryLockError::WouldBlock) if stop.load(Ordering::Relaxed) => return Ok(None),
                Err(TryLockError::WouldBlock) => std::thread::sleep(LOCK_INTERVAL),
            }
        }
    }
}

fn make_folder(path: &Path) -> Result<(), Error> {
    match fs::create_dir(path) {
        Err(error) if !path.is_dir() => Err(match error.kind() {
            io::ErrorKind::NotFound => {
                Error::NoFolder { path: path.to_owned(), folder: folder_of(path).to_owned() }
            }
            io::ErrorKind::AlreadyExists => Error::NotAFolder { path: path.to_owned() },
            _ => Error::at(path)(error),
        }),
        _ => Ok(()),
    }
}

fn read_if_there(path: &Path) -> Result<Option<Vec<u8>>, Error> {
    match fs::read(path) {
        Ok(bytes) => Ok(Some(bytes)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(Error::at(path)(error)),
    }
}
