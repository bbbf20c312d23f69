//! How a command fails: one line on stderr, exit code 2 for usage, that of the signal where one ended it, 1
//! for everything else.

use std::fmt::{self, Display};
use std::process::ExitCode;

use clap::error::{ContextKind, ErrorKind};

use crate::{interrupt, stderr};

/// Why a command did not do what it was asked to.
pub(crate) enum Failure {
    /// The command line is wrong.
    Usage(String),
    /// It was told to stop.
    Interrupted(String),
    /// Something else went wrong.
    Run(String),
    /// What clap says: help, the version, or a wrong command line.
    Clap(clap::Error),
}

impl Failure {
    pub(crate) fn usage(message: impl Display) -> Self {
        Self::Usage(message.to_string())
    }

    pub(crate) fn run(message: impl Display) -> Self {
        Self::Run(message.to_string())
    }

    pub(crate) fn interrupted(message: impl Display) -> Self {
        Self::Interrupted(message.to_string())
    }

    /// Tells the user.
    pub(crate) fn report(self) -> ExitCode {
        let (message, code) = match self {
            Failure::Usage(message) => (message, 2),
            Failure::Interrupted(message) => (message, interrupt::exit_code()),
            Failure::Run(message) => (message, 1),
            Failure::Clap(error) => {
                let asked_for = matches!(error.kind(), ErrorKind::DisplayHelp | ErrorKind::DisplayVersion);
                if asked_for || error.kind() == ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand {
                    // Nothing is left to do if stdout or stderr is closed.
                    let _ = error.print();
                    return if asked_for { ExitCode::SUCCESS } else { ExitCode::from(2) };
                }
                (in_one_line(&error), 2)
            }
        };
        stderr::error(message);
        ExitCode::from(code)
    }
}

impl Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Usage(message) | Self::Interrupted(message) | Self::Run(message) => f.write_str(message),
            Self::Clap(error) => f.write_str(&in_one_line(error)),
        }
    }
}

impl From<clap::Error> for Failure {
    fn from(error: clap::Error) -> Self {
        Self::Clap(error)
    }
}

/// Errors of the libraries fail the run, unless a command says that they are a matter of usage.
macro_rules! run_failures {
    ($($error:ty),*) => {
        $(impl From<$error> for Failure {
            fn from(error: $error) -> Self {
                Self::run(error)
            }
        })*
    };
}
run_failures!(
    interrupt::Deaf,
    slt_baselines::Error,
    slt_datasets::Error,
    slt_ga::Error,
    slt_mlp::Error,
    slt_mlp::TicketError
);

impl From<slt_run::Error> for Failure {
    fn from(error: slt_run::Error) -> Self {
        match error {
            slt_run::Error::Interrupted => Self::interrupted(error),
            error => Self::run(error),
        }
    }
}

impl From<slt_paper::Error> for Failure {
    fn from(error: slt_paper::Error) -> Self {
        match error {
            slt_paper::Error::Run(error) => error.into(),
            error => Self::run(error),
        }
    }
}

/// What clap says is wrong, and its tips, without the usage that it adds.
fn in_one_line(error: &clap::Error) -> String {
    let text = error.to_string();
    let text = text.strip_prefix("error: ").unwrap_or(&text);
    let said = text.split("\n\nUsage:").next().unwrap_or(text);
    let said = said.split("\n\nFor more information").next().unwrap_or(said);
    let mut line = String::new();
    let mut listing = false;
    for part in said.lines().map(str::trim).filter(|part| !part.is_empty()) {
        // How to pass a flag as a value is no help to anyone here.
        if part.starts_with("tip: to pass") {
            continue;
        }
        let (between, part) = match part.strip_prefix("tip: ") {
            Some(tip) => ("; ", tip),
            None if line.is_empty() => ("", part),
            None if listing && !line.ends_with(':') => (", ", part),
            None => (" ", part),
        };
        line += between;
        line += part;
        listing |= line.ends_with(':');
    }
    let unknown = matches!(error.kind(), ErrorKind::UnknownArgument | ErrorKind::InvalidSubcommand);
    let hinted = [ContextKind::SuggestedArg, ContextKind::SuggestedSubcommand];
    if unknown && hinted.iter().all(|&kind| error.get(kind).is_none()) {
        line += "; --help lists what there is";
    }
    line
}
