//! The file that keeps a search or a training while it goes on.

use std::fmt::Display;
use std::fs::File;
use std::io::{BufReader, Read};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use clap::Args;
use slt_run::{check_output, write_atomically};

use crate::failure::Failure;
use crate::files::{is_same_file, open};
use crate::stderr::note;
use crate::values::whole;

/// How often a checkpoint is kept if nothing else is said.
const INTERVAL: Duration = Duration::from_secs(10);

/// What is kept while the work goes on.
#[derive(Args)]
pub(crate) struct CheckpointArguments {
    /// File to keep checkpoints in; in the end it holds the end, which --resume with a higher limit goes on
    /// from
    #[arg(long = "checkpoint", value_name = "FILE")]
    file: Option<PathBuf>,
    /// Generations, or epochs of a training, between checkpoints, at least 1 [default: as many as take 10
    /// seconds]
    #[arg(
        long = "checkpoint-every",
        value_name = "N",
        requires = "file",
        value_parser = whole::<u64, 1, { u64::MAX }>
    )]
    every: Option<u64>,
    /// Go on from the checkpoint, if there is one; limits such as the last generation may have been raised
    #[arg(long, requires = "file")]
    resume: bool,
}

/// What was kept.
pub(crate) struct Kept<T> {
    pub(crate) checkpoint: T,
    /// Whether it may be gone on from: without `--resume` only an end that was reached is taken up.
    pub(crate) resume: bool,
}

impl CheckpointArguments {
    /// The file, if there is one.
    pub(crate) fn file(&self) -> Option<&Path> {
        self.file.as_deref()
    }

    /// Checks that checkpoints can be written, and not where the result goes.
    pub(crate) fn check(&self, out: Option<&Path>) -> Result<(), Failure> {
        let Some(file) = &self.file else { return Ok(()) };
        if out.is_some_and(|out| is_same_file(file, out)) {
            let file = file.display();
            return Err(Failure::usage(format!(
                "--checkpoint and --out are both {file}: give each its own file"
            )));
        }
        Ok(check_output(file)?)
    }

    /// The checkpoint that is there, as `parse` reads it.
    pub(crate) fn read<T, E: Display>(
        &self,
        parse: impl FnOnce(BufReader<File>) -> Result<T, E>,
    ) -> Result<Option<Kept<T>>, Failure> {
        let Some(path) = &self.file else { return Ok(None) };
        let name = path.display();
        let Some(file) = open(path)? else {
            if self.resume {
                note(format_args!("no checkpoint at {name} yet: starting from the beginning"));
            }
            return Ok(None);
        };
        match parse(file) {
            Ok(checkpoint) => Ok(Some(Kept { checkpoint, resume: self.resume })),
            Err(_) if !self.resume => Err(self.in_the_way()),
            Err(error) => Err(Failure::run(format!("cannot go on from {name}: {error}"))),
        }
    }

    /// Says from where the work goes on. Without `--resume` it does not, but an end that was reached is taken
    /// up.
    pub(crate) fn take_up(&self, ended: bool, resume: bool, step: &str, number: u64) -> Result<(), Failure> {
        if !ended && !resume {
            return Err(self.in_the_way());
        }
        note(if ended {
            format!("the checkpoint holds the end, after {step} {number}")
        } else {
            format!("going on after {step} {number}")
        });
        Ok(())
    }

    /// A file that is not to be gone on from is not overwritten either.
    pub(crate) fn in_the_way(&self) -> Failure {
        let name = self.file.as_deref().unwrap_or(Path::new("")).display();
        Failure::usage(format!("{name} exists: add --resume to go on from it, or remove it"))
    }

    /// A search that the options describe cannot be gone on with from the file.
    pub(crate) fn cannot_go_on(&self, error: impl Display) -> Failure {
        let name = self.file.as_deref().unwrap_or(Path::new("")).display();
        Failure::usage(format!("cannot go on from {name}: {error}"))
    }

    /// Starts keeping checkpoints.
    pub(crate) fn keeper(&self) -> Keeper<'_> {
        Keeper { arguments: self, last: Instant::now() }
    }
}

/// Keeps checkpoints when they are due. One that cannot be written is a warning, and the next one is tried
/// again: hours of work are not given up for it.
pub(crate) struct Keeper<'a> {
    arguments: &'a CheckpointArguments,
    last: Instant,
}

impl Keeper<'_> {
    /// Keeps the checkpoint after generation or epoch `step`, if it is due.
    pub(crate) fn step(&mut self, step: u64, checkpoint: impl FnOnce() -> Vec<u8>) {
        let due = match self.arguments.every {
            Some(every) => step > 0 && step.is_multiple_of(every),
            None => self.last.elapsed() >= INTERVAL,
        };
        if due {
            self.keep(checkpoint);
        }
    }

    /// Keeps a checkpoint; the file, if that went well.
    pub(crate) fn keep(&mut self, checkpoint: impl FnOnce() -> Vec<u8>) -> Option<&Path> {
        let path = self.arguments.file.as_deref()?;
        let result = write_atomically(path, &checkpoint());
        self.last = Instant::now();
        match result {
            Ok(()) => Some(path),
            Err(error) => {
                note(format_args!("warning: no checkpoint: {error}"));
                None
            }
        }
    }
}

/// No checkpoint is larger; anything beyond is not read into memory.
const MAX_BYTES: u64 = 1 << 32;

/// All bytes of a file.
pub(crate) fn whole_of(file: impl Read) -> Result<Vec<u8>, String> {
    let mut bytes = Vec::new();
    file.take(MAX_BYTES).read_to_end(&mut bytes).map_err(|error| error.to_string())?;
    Ok(bytes)
}

/// What becomes of the work after an interruption: a checkpoint, and the names of files with the result.
pub(crate) fn what_is_kept<'n>(
    checkpoint: Option<&Path>,
    results: impl IntoIterator<Item = &'n str>,
) -> String {
    let checkpoint =
        checkpoint.map(|path| format!("{} holds a checkpoint: add --resume to go on", path.display()));
    let names: Vec<&str> = results.into_iter().collect();
    let result = match names.as_slice() {
        [] => None,
        [name] => Some(format!("{name} holds what was reached")),
        names => Some(format!("{} hold what was reached", names.join(" and "))),
    };
    match (result, checkpoint) {
        (Some(result), Some(checkpoint)) => format!("{result}, {checkpoint}"),
        (Some(one), None) | (None, Some(one)) => one,
        (None, None) => "nothing is kept; --checkpoint FILE and --out FILE keep what was reached".to_owned(),
    }
}
