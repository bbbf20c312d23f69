//! Project automation, run as `cargo xtask COMMAND`.
//!
//! A thin front: it builds `slt` in release mode and passes the arguments on.

use std::env;
use std::ffi::OsString;
use std::process::{Command, ExitCode};

const USAGE: &str = "\
Project automation

Usage: cargo xtask reproduce [FIGURE]... [OPTIONS]   reproduce figures of the paper; --help lists the options";

/// Runs `slt` in release mode; cargo builds it first.
fn slt(command: &str, arguments: impl Iterator<Item = OsString>) -> ExitCode {
    let cargo = env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let status = Command::new(cargo)
        .args(["run", "--release", "--package", "slt-cli", "--bin", "slt", "--", command])
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
        Some("reproduce") => slt("reproduce", arguments),
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
