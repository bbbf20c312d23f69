//! What is wrong with a command line, said in one line with the names of flags.

use slt_core::Short;
use slt_ga::StopReason;

use crate::failure::Failure;

/// For errors of the libraries that are the fault of the command line.
pub(crate) trait OrUsage<T> {
    fn or_usage(self) -> Result<T, Failure>;
}

impl<T, E: InFlags> OrUsage<T> for Result<T, E> {
    fn or_usage(self) -> Result<T, Failure> {
        self.map_err(|error| Failure::usage(error.in_flags()))
    }
}

/// Errors of the libraries name fields; a user knows flags.
pub(crate) trait InFlags {
    fn in_flags(&self) -> String;
}

impl InFlags for slt_datasets::Error {
    fn in_flags(&self) -> String {
        match self {
            Self::Parameter { parameter, value, allowed } => out_of_range(parameter, *value, allowed),
            Self::NotSquare { pixels, .. } => format!("--shifts is {pixels}: {self}"),
            other => other.to_string(),
        }
    }
}

impl InFlags for slt_ga::Error {
    fn in_flags(&self) -> String {
        match self {
            Self::Config { field, value, range } => out_of_range(field, *value, range),
            Self::ResumeMismatch { field, checkpoint, given } => {
                format!("the checkpoint was taken with {}", other_than(field, checkpoint, given))
            }
            Self::ResumeBeyond { generation, ended, reason } => {
                let raise = match reason {
                    StopReason::MaxGenerations => "--max-generations",
                    _ => "--patience or --min-generations",
                };
                format!(
                    "the checkpoint was taken after generation {generation}, but with these options the search would have \
                     ended after generation {ended} ({reason}): raise {raise}"
                )
            }
            other => other.to_string(),
        }
    }
}

impl InFlags for slt_baselines::Error {
    fn in_flags(&self) -> String {
        match self {
            Self::Parameter { parameter, value, allowed } => out_of_range(parameter, *value, allowed),
            Self::ResumeMismatch { field, checkpoint, given } => {
                format!("the checkpoint was taken with {}", other_than(field, checkpoint, given))
            }
            Self::ResumeBeyond { parameter, epoch, limit } => format!(
                "the checkpoint was taken after epoch {epoch}, so --{} {limit} is too few",
                parameter.replace('_', "-")
            ),
            Self::ResumeSchedule { planned, .. } => format!(
                "the learning rate falls over --epochs {planned}, so another number would have changed what is done: resume \
                 with {planned}, or train with --schedule constant"
            ),
            other => other.to_string(),
        }
    }
}

impl InFlags for slt_mlp::Error {
    fn in_flags(&self) -> String {
        match self {
            Self::KeepOutOfRange { keep } => out_of_range("keep", *keep, "in (0, 1]"),
            Self::ToleranceOutOfRange { tolerance } => {
                out_of_range("tolerance", *tolerance, "finite and at least 0")
            }
            other => other.to_string(),
        }
    }
}

impl InFlags for slt_paper::Error {
    fn in_flags(&self) -> String {
        match self {
            Self::Run(error) => error.in_flags(),
            other => other.to_string(),
        }
    }
}

impl InFlags for slt_run::Error {
    fn in_flags(&self) -> String {
        match self {
            Self::OtherRun { field, checkpoint, given } => {
                format!("the checkpoint was taken with {}", other_than(field, checkpoint, given))
            }
            Self::Data(error) => error.in_flags(),
            Self::Search(error) => error.in_flags(),
            Self::Mlp(error) => error.in_flags(),
            Self::NeedsLoss { metric } => format!(
                "--algorithm unit-descent needs an --objective that is a mean of losses, such as cross-entropy: {metric} is none"
            ),
            other => other.to_string(),
        }
    }
}

fn out_of_range(field: &str, value: f64, allowed: &str) -> String {
    let name = match field {
        "centers" => "classes",
        "n_features" => "features",
        "bound.start" => "bound",
        "n_iter" => "iterations",
        "cv" => "folds",
        "count" => "top",
        _ => field.rsplit('.').next().unwrap_or(field),
    };
    format!("--{} is {}: it must be {allowed}", name.replace('_', "-"), Short(value))
}

/// How something was made before, and how it is asked for now: `--folds 3, not 4`. Files name fields; a user
/// knows flags.
pub(crate) fn other_than(field: &str, before: &str, now: &str) -> String {
    /// What is longer tells nobody anything.
    const LONGEST: usize = 60;
    let flag = flag_of(field);
    if before.len().max(now.len()) > LONGEST {
        return format!("another {flag}");
    }
    format!("{flag} {}, not {}", before.trim_matches('"'), now.trim_matches('"'))
}

/// The flag that decides a field of a spec or a configuration.
fn flag_of(field: &str) -> String {
    let name = field.rsplit('.').next().unwrap_or(field);
    let name = name.split('[').next().unwrap_or(name);
    let flag = match (name, field) {
        (_, field) if field.contains("data.") || field == "data" || field.ends_with(".data") => match name {
            "classes" | "scaling" => name,
            _ => "data",
        },
        (_, field) if field.contains("architecture") => "arch",
        (_, field) if field.contains("initializer.weights") => "weights",
        (_, field) if field.contains("initializer.biases") => "biases",
        (_, field) if field.contains("network.seed") => "seed or --network-seed",
        ("search_seed", _) => "seed or --search-seed",
        (_, field) if field.contains("grids") && name != "max_iter" && name != "random_state" => "solver",
        ("random_state", field) if field.contains("grids") => "seed or --training-seed",
        ("random_state" | "seed", _) => "seed",
        ("cv", _) => "folds",
        ("n_iter", _) => "iterations",
        ("metric", _) => "objective",
        ("bound" | "admissibility", _) | ("required", _) => "algorithm",
        ("start", _) => "bound",
        ("reasonable" | "given", _) => "attempts",
        (name, _) => return format!("--{}", name.replace('_', "-")),
    };
    format!("--{flag}")
}
