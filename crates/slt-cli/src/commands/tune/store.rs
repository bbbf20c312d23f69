//! The file of finished trials.

use std::io::Read;
use std::path::Path;
use std::sync::{Mutex, MutexGuard, PoisonError};

use serde::{Deserialize, Serialize};
use serde_json::Value;
use slt_baselines::{Grid, RandomizedSearch, Solver, Trial};
use slt_core::canonical::first_difference;
use slt_run::{check_output, write_atomically};

use crate::failure::Failure;
use crate::files::open;
use crate::stderr::note;
use crate::usage::other_than;

const FORMAT: &str = "slt-trials";
const VERSION: u32 = 1;

/// No file of trials is larger; anything beyond is not read into memory.
const MAX_BYTES: u64 = 64 << 20;

/// All that the trials depend on.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Config {
    pub(super) data: String,
    pub(super) architecture: String,
    pub(super) search: RandomizedSearch,
    pub(super) grids: Vec<Grid>,
}

/// What the file holds.
#[derive(Serialize, Deserialize)]
struct Content {
    format: String,
    version: u32,
    config: Config,
    trials: Vec<Trial>,
}

/// Finished trials of one search, and the file that keeps them, if there is one.
pub(super) struct TrialStore<'a> {
    path: Option<&'a Path>,
    config: &'a Config,
    trials: Mutex<Vec<Trial>>,
    /// How storing them went the last time.
    written: Mutex<Result<(), Failure>>,
}

impl<'a> TrialStore<'a> {
    /// Takes over the trials in the file. They must be of this search, and are not overwritten without
    /// `resume`.
    pub(super) fn open(path: Option<&'a Path>, resume: bool, config: &'a Config) -> Result<Self, Failure> {
        let trials = match path {
            Some(path) => {
                check_output(path)?;
                read(path, resume, config)?
            }
            None => Vec::new(),
        };
        Ok(Self { path, config, trials: Mutex::new(trials), written: Mutex::new(Ok(())) })
    }

    pub(super) fn path(&self) -> Option<&Path> {
        self.path
    }

    /// The trials so far.
    pub(super) fn trials(&self) -> Vec<Trial> {
        self.held().clone()
    }

    /// Adds a trial, and stores all of them. What cannot be stored now is stored with the next one; the
    /// result of the last time is kept.
    pub(super) fn add(&self, trial: &Trial) {
        // Held while writing, so that no older content replaces a newer one.
        let mut trials = self.held();
        trials.push(trial.clone());
        let Some(path) = self.path else { return };
        // In an order that does not depend on threads.
        let mut sorted = trials.clone();
        sorted.sort_by_key(|trial| (name_of(trial.classifier.solver), trial.index));
        let (format, config) = (FORMAT.to_owned(), self.config.clone());
        let content = Content { format, version: VERSION, config, trials: sorted };
        let mut bytes = serde_json::to_vec(&content).expect("plain data has a JSON form");
        bytes.push(b'\n');
        let written = write_atomically(path, &bytes).map_err(Failure::from);
        if let Err(failure) = &written {
            note(format_args!("warning: trials are not stored: {failure}"));
        }
        *self.written.lock().unwrap_or_else(PoisonError::into_inner) = written;
    }

    /// Whether the file holds all trials.
    pub(super) fn result(&self) -> Result<(), Failure> {
        std::mem::replace(&mut *self.written.lock().unwrap_or_else(PoisonError::into_inner), Ok(()))
    }

    fn held(&self) -> MutexGuard<'_, Vec<Trial>> {
        self.trials.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The trials in a file; none if there is no file.
fn read(path: &Path, resume: bool, config: &Config) -> Result<Vec<Trial>, Failure> {
    let name = path.display();
    let Some(file) = open(path)? else {
        if resume {
            note(format_args!("no trials at {name} yet: starting from the beginning"));
        }
        return Ok(Vec::new());
    };
    if !resume {
        return Err(Failure::usage(format!("{name} exists: add --resume to go on from it, or remove it")));
    }
    let fail = |why: &str| Err(Failure::run(format!("cannot go on from {name}: {why}")));
    let mut bytes = Vec::new();
    if let Err(error) = file.take(MAX_BYTES + 1).read_to_end(&mut bytes) {
        return fail(&error.to_string());
    }
    if bytes.len() as u64 > MAX_BYTES {
        return fail(&format!("no file of trials is larger than {MAX_BYTES} bytes"));
    }
    let Ok(header) = serde_json::from_slice::<Value>(&bytes) else {
        return fail("it holds no trials, or is damaged");
    };
    if header["format"] != FORMAT {
        return fail("it holds no trials");
    }
    if header["version"] != VERSION {
        return fail(&format!("its version is {}, expected {VERSION}", header["version"]));
    }
    let Ok(content) = serde_json::from_value::<Content>(header) else {
        return fail("it is damaged");
    };
    // More or fewer draws are another part of the same search.
    let mut held = content.config;
    held.search.n_iter = config.search.n_iter;
    let value = |config| serde_json::to_value(config).expect("plain data has a JSON form");
    if let Some((field, held, given)) = first_difference("", &value(&held), &value(config)) {
        return fail(&format!("it is of another search: {}", other_than(&field, &held, &given)));
    }
    Ok(content.trials)
}

/// The name of a solver as options have it.
pub(super) fn name_of(solver: Solver) -> &'static str {
    if solver == Solver::Adam { "adam" } else { "sgd" }
}
