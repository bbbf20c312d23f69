use std::io;
use std::path::{Path, PathBuf};

use slt_mlp::MetricName;

/// What can go wrong while runs are computed and stored.
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
    /// A file was to be written under a name that no file can have.
    #[error("cannot write {path}: it names a folder, expected a file name at its end", path = .path.display())]
    NoFileName {
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
    /// The data of a run are those of a file, whose name a spec does not say.
    #[error("the run is on the data of a file (SHA-256 {sha256}), which has to be given")]
    NeedsFile {
        /// The hash of its content.
        sha256: String,
    },
    /// A file of data is not what it should be.
    #[error("{path}: {error}", path = .path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// What is wrong, with line and column.
        error: slt_datasets::Error,
    },
    /// The test part of a ticket's data is a file of its own.
    #[error("{path} has the training part of the ticket's data alone: --test-data names the file of the test part", path = .path.display())]
    NeedsTestFile {
        /// The file of the training part.
        path: PathBuf,
    },
    /// The accuracy bound is defined for accuracies only.
    #[error(
        "ga-ab bounds the performance of random masks, so it needs an objective with values from 0 to 1, such as accuracy, \
         not {metric}"
    )]
    BoundNeedsShare {
        /// What was asked for.
        metric: MetricName,
    },
    /// Copies of images, for a search that cannot look at them.
    #[error("{method} cannot search with moved copies of images: unit-descent can")]
    ShiftsNeedUnits {
        /// What was asked for.
        method: &'static str,
    },
    /// Signed masks, for a search that cannot look at them.
    #[error("{method} cannot search signed masks: unit-descent can")]
    SignsNeedUnits {
        /// What was asked for.
        method: &'static str,
    },
    /// A search by losses, for a metric that is none.
    #[error(
        "unit-descent needs an objective that is a mean of losses, such as cross-entropy: {metric} is none"
    )]
    NeedsLoss {
        /// What was asked for.
        metric: MetricName,
    },
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
    /// A record is needed that is not there.
    #[error("the record of `{run}` is missing")]
    Missing {
        /// The run, in words.
        run: String,
    },
    /// Stores were to be joined, and a folder is none.
    #[error("{path} holds no results: expected a folder that `slt reproduce --out` has made", path = .path.display())]
    NoStore {
        /// The folder.
        path: PathBuf,
    },
    /// Stores were to be joined, and a file among the records is no whole record.
    #[error("{path} cannot be merged: {reason}; remove it, and its run can be computed again", path = .path.display())]
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
    /// The search failed.
    #[error(transparent)]
    Search(#[from] slt_ga::Error),
    /// The threads could not be started.
    #[error("cannot start threads: {0}")]
    Threads(String),
}

impl Error {
    /// For `map_err`: says which path an I/O error is about.
    pub fn at(path: &Path) -> impl FnOnce(io::Error) -> Error + '_ {
        move |source| Error::Io { path: path.to_owned(), source }
    }
}
