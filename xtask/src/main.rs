//! Project automation, run as `cargo xtask COMMAND`.
//!
//! A thin front: it builds a program of the workspace in release mode and passes the arguments on.

use std::env;
use std::ffi::OsString;
use std::iter::once;
use std::process::{Command, ExitCode};

const USAGE: &str = "\
Project automation

Usage: cargo xtask reproduce [FIGURE]... [OPTIONS]   reproduce figures of the paper; --help lists the options
       cargo xtask bench [SECTION]... [OPTIONS]      measure how fast slt is; --help lists sections and options";

/// Runs a program of the workspace in release mode; cargo builds it first.
fn run(package: &str, program: &str, arguments: impl Iterator<Item = OsString>) -> ExitCode {
    let cargo = env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let status = Command::new(cargo)
        .args(["run", "--release", "--package", package, "--bin", program, "--"])
        .args(arguments)
        .status();
    match status {
        // A code outside a byte, or none because of a signal, is a failure like any other.
        Ok(status) => {
            status.code().and_then(|code| u8::try_from(code).ok()).map_or(ExitCode::FAILURE, ExitCode::from)
        }
        Err(error) => {
            eprintln!("error: cannot start cargo: {error}");
            ExitCode::FAILURE
        }
    }
}

fn main() -> ExitCode {
    let mut arguments = env::args_os().skip(1);
    let command = arguments.next();
    match command.as_ref().and_then(|command| command.to_str()) {
        Some("reproduce") => run("slt-cli", "slt", once("reproduce".into()).chain(arguments)),
        Some("bench") => run("slt-bench", "slt-bench", arguments),
        Some("help" | "--help" | "-h") => {
            println!("{USAGE}");
            ExitCode::SUCCESS
        }
        _ => {
            eprintln!("{USAGE}");
            ExitCode::from(2)
        }
    }
}
