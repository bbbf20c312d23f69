use std::io;
use std::path::{Path, PathBuf};

/// What can go wrong while experiments are run, stored and drawn.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A file or folder could not be read or written.
    #[error("{path}: {source}", path = .path.display())]
    Io {
        /// The file or folder.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// A file was to be written where there is no folder.
    #[error("cannot write {}: the folder {} does not exist", .path.display(), .folder.display())]
    NoFolder {
        /// The file or folder to be made.
        path: PathBuf,
        /// The folder around it.
        folder: PathBuf,
    },
    /// Something that is no regular file is where a file was to be written.
    #[error("cannot write {path}: it is a folder or a device, expected a file", path = .path.display())]
    NotAFile {
        /// The path.
        path: PathBuf,
    },
    /// A file is where a folder was to be made.
    #[error("cannot write to {path}: it is a file, expected a folder", path = .path.display())]
    NotAFolder {
        /// The path.
        path: PathBuf,
    },
    /// An archive of records is damaged.
    #[error("{path}, line {line}: {reason}", path = .path.display())]
    Archive {
        /// The file.
        path: PathBuf,
        /// The line, from 1.
        line: usize,
        /// What is wrong with it.
        reason: String,
    },
    /// A reader failed.
    #[error("cannot be read: {0}")]
    Read(#[source] io::Error),
    /// The file is not a checkpoint, or its beginning is damaged.
    #[error("this is no checkpoint of a run, or it is damaged: its first line does not hold the run's spec")]
    NotACheckpoint,
    /// The checkpoint is of a program that computes other results.
    #[error("the checkpoint has results version {found}, this program has {supported}")]
    Version {
        /// Version of the file.
        found: u32,
        /// Version of this program.
        supported: u32,
    },
    /// The checkpoint is of another run.
    #[error("the checkpoint was taken with {field} = {checkpoint}, not {given}")]
    OtherRun {
        /// The field of the spec that differs.
        field: String,
        /// What the checkpoint has.
        checkpoint: String,
        /// What was asked for.
        given: String,
    },
    /// The accuracy bound is defined for accuracies only.
    #[error(
        "ga-ab bounds the accuracy of random masks, so it needs the accuracy objective, not cross-entropy"
    )]
    BoundNeedsAccuracy,
    /// A name that is not in a fixed list.
    #[error("unknown {kind} `{given}`: expected {known}")]
    UnknownName {
        /// What the name stands for.
        kind: &'static str,
        /// What was given.
        given: String,
        /// What there is.
        known: String,
    },
    /// A figure needs at least one run, and its specs have to fit into memory.
    #[error("the number of runs is {runs}, it must be 1 to {}", crate::Plan::MAX_RUNS)]
    Runs {
        /// What was asked for.
        runs: u64,
    },
    /// A record is needed that is not there.
    #[error("the record of `{run}` is missing: `slt reproduce` computes it")]
    Missing {
        /// The run, in words.
        run: String,
    },
    /// There is no such share of the work.
    #[error("there is no shard {index} of {count}: it must be 1 to {count}")]
    Shard {
        /// Which share was asked for.
        index: u32,
        /// How many there are.
        count: u32,
    },
    /// There is no such task.
    #[error(
        "there is no task `{given}` of this scale, number of runs and figures: names are such as `{example}`, and \
         --emit lists them"
    )]
    UnknownTask {
        /// What was asked for.
        given: String,
        /// One that there is.
        example: String,
    },
    /// A task needs the results of another one, which is not finished.
    #[error(
        "task `{task}` needs task `{needed}` to be finished first: the record of `{run}` is missing or damaged"
    )]
    Unfinished {
        /// The task that cannot be computed yet.
        task: String,
        /// The task that it needs.
        needed: String,
        /// A run of that task, in words.
        run: String,
    },
    /// Stores were to be joined, and a folder is none.
    #[error("{path} holds no results: expected a folder that `slt reproduce --out` has made", path = .path.display())]
    NoStore {
        /// The folder.
        path: PathBuf,
    },
    /// Stores were to be joined, and a file among the records is no whole record.
    #[error("{path} cannot be merged: {reason}; remove it, and `slt reproduce` computes its run again", path = .path.display())]
    NoRecord {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        reason: String,
    },
    /// Stores were to be joined, and two records of one run differ.
    #[error(
        "{path} and {other} are records of the same run and differ: remove the one of a program or machine that computes \
         other results",
        path = .path.display(),
        other = .other.display()
    )]
    Conflict {
        /// One file.
        path: PathBuf,
        /// The file that was found before.
        other: PathBuf,
    },
    /// The run was interrupted; what is stored stays.
    #[error("interrupted; the same command goes on where it stopped")]
    Interrupted,
    /// The data could not be made.
    #[error(transparent)]
    Data(#[from] slt_datasets::Error),
    /// The network or a mask is impossible.
    #[error(transparent)]
    Mlp(#[from] slt_mlp::Error),
    /// The ticket is impossible.
    #[error(transparent)]
    Ticket(#[from] slt_mlp::TicketError),
    /// A baseline failed.
    #[error(transparent)]
    Baselines(#[from] slt_baselines::Error),
    /// A statistic could not be computed.
    #[error(transparent)]
    Stats(#[from] slt_stats::Error),
    /// The search failed.
    #[error(transparent)]
    Search(#[from] slt_ga::Error),
    /// The figure could not be drawn.
    #[error(transparent)]
    Plot(#[from] slt_plot::Error),
    /// The threads could not be started.
    #[error("cannot start threads: {0}")]
    Threads(String),
}

impl Error {
    /// For `map_err`: says which path an I/O error is about.
    pub(crate) fn at(path: &Path) -> impl FnOnce(io::Error) -> Error + '_ {
        move |source| Error::Io { path: path.to_owned(), source }
    }
}
