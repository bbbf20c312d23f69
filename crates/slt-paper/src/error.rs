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
    /// A figure needs at least one run.
    #[error("runs is 0, it must be at least 1")]
    NoRuns,
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
