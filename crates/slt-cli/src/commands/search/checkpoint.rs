use std::fs;
use std::io::ErrorKind;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use clap::Args;
use slt_ga::{Checkpoint, Observer, View};
use slt_run::{SearchSpec, check_output, read_checkpoint, write_atomically, write_checkpoint};

use crate::failure::Failure;
use crate::files::{is_same_file, open};
use crate::stderr::note;
use crate::values::whole;

/// What is kept of a search while it goes on.
#[derive(Args)]
pub(super) struct CheckpointArguments {
    /// File to keep checkpoints in; it is removed when the search is done
    #[arg(long = "checkpoint", value_name = "FILE")]
    file: Option<PathBuf>,
    /// Generations between checkpoints, at least 1
    #[arg(
        long = "checkpoint-every",
        value_name = "N",
        default_value_t = 50,
        requires = "file",
        value_parser = whole::<u64, 1, { u64::MAX }>
    )]
    every: u64,
    /// Go on from the checkpoint, if there is one
    #[arg(long, requires = "file")]
    resume: bool,
}

impl CheckpointArguments {
    /// Checks that checkpoints can be written, and not where the result goes.
    pub(super) fn check(&self, out: Option<&Path>) -> Result<(), Failure> {
        let Some(file) = &self.file else { return Ok(()) };
        if out.is_some_and(|out| is_same_file(file, out)) {
            let file = file.display();
            return Err(Failure::usage(format!(
                "--checkpoint and --out are both {file}: give each its own file"
            )));
        }
        Ok(check_output(file)?)
    }

    /// The checkpoint to go on from. One that is in the way without `--resume` is not overwritten.
    pub(super) fn read(&self, spec: &SearchSpec) -> Result<Option<Checkpoint>, Failure> {
        let Some(path) = &self.file else { return Ok(None) };
        let name = path.display();
        match open(path)? {
            None => {
                if self.resume {
                    note(format_args!("no checkpoint at {name} yet: starting from the beginning"));
                }
                Ok(None)
            }
            Some(_) if !self.resume => {
                Err(Failure::usage(format!("{name} exists: add --resume to go on from it, or remove it")))
            }
            Some(file) => read_checkpoint(file, spec)
                .map(Some)
                .map_err(|error| Failure::run(format!("cannot go on from {name}: {error}"))),
        }
    }

    /// Stores a checkpoint, if that is asked for, and says where.
    pub(super) fn store(&self, spec: &SearchSpec, checkpoint: &Checkpoint) -> Result<Option<&Path>, Failure> {
        if let Some(path) = &self.file {
            write_atomically(path, &write_checkpoint(spec, checkpoint))?;
        }
        Ok(self.file.as_deref())
    }

    /// Removes the checkpoint of a search that is done.
    pub(super) fn remove(&self) -> Result<(), Failure> {
        let Some(path) = &self.file else { return Ok(()) };
        match fs::remove_file(path) {
            Err(error) if error.kind() != ErrorKind::NotFound => {
                Err(Failure::run(format!("cannot remove {}: {error}", path.display())))
            }
            _ => Ok(()),
        }
    }
}

/// Stores a checkpoint every so many generations.
pub(super) struct Keeper<'a> {
    arguments: &'a CheckpointArguments,
    spec: &'a SearchSpec,
    failure: Option<Failure>,
}

impl<'a> Keeper<'a> {
    pub(super) fn new(arguments: &'a CheckpointArguments, spec: &'a SearchSpec) -> Self {
        Self { arguments, spec, failure: None }
    }

    /// What went wrong, if that ended the search.
    pub(super) fn result(self) -> Result<(), Failure> {
        self.failure.map_or(Ok(()), Err)
    }
}

impl Observer for Keeper<'_> {
    fn on_generation(&mut self, view: &View<'_>) -> ControlFlow<()> {
        let generation = view.generation();
        let due = self.arguments.file.is_some()
            && generation > 0
            && generation.is_multiple_of(self.arguments.every);
        if due && let Err(failure) = self.arguments.store(self.spec, &view.checkpoint()) {
            self.failure = Some(failure);
            return ControlFlow::Break(());
        }
        ControlFlow::Continue(())
    }
}
