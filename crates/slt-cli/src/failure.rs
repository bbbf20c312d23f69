//! How a command fails: one line on stderr, exit code 2 for usage, 1 for everything else.

use std::fmt::Display;
use std::process::ExitCode;

/// Why a command did not do what it was asked to.
pub(crate) enum Failure {
    /// The command line is wrong.
    Usage(String),
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

    pub(crate) fn report(self) -> ExitCode {
        let (message, code) = match self {
            Failure::Usage(message) => (message, 2),
            Failure::Run(message) => (message, 1),
            Failure::Clap(error) if !error.use_stderr() => {
                // Help and version go to stdout; nothing is left to do if that is closed.
                let _ = error.print();
                return ExitCode::SUCCESS;
            }
            Failure::Clap(error)
                if error.kind() == clap::error::ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand =>
            {
                let _ = error.print();
                return ExitCode::from(2);
            }
            Failure::Clap(error) => (in_one_line(&error.to_string()), 2),
        };
        eprintln!("error: {}", message.replace('\n', " "));
        ExitCode::from(code)
    }
}

/// What is wrong, without the usage that clap adds in further paragraphs.
fn in_one_line(text: &str) -> String {
    let text = text.strip_prefix("error: ").unwrap_or(text);
    let about = text.split("\n\nUsage:").next().unwrap_or(text).split("\n\nFor more").next().unwrap_or(text);
    about.split_whitespace().collect::<Vec<_>>().join(" ")
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
run_failures!(slt_datasets::Error, slt_ga::Error, slt_mlp::Error, slt_mlp::TicketError, slt_paper::Error);

/// For errors that are the fault of the command line.
pub(crate) trait OrUsage<T> {
    fn or_usage(self) -> Result<T, Failure>;
}

impl<T, E: Display> OrUsage<T> for Result<T, E> {
    fn or_usage(self) -> Result<T, Failure> {
        self.map_err(Failure::usage)
    }
}
