//! Project automation, run as `cargo xtask COMMAND`.
//!
//! A thin front: it builds a program of the workspace, in release mode unless told otherwise, and passes the
//! arguments on.

use std::env;
use std::ffi::{OsStr, OsString};
use std::iter::once;
use std::process::{Command, ExitCode};

const USAGE: &str = "\
Project automation

Usage: cargo xtask reproduce [FIGURE]... [OPTIONS]   reproduce figures, tables and claims of the paper; --help lists the options
       cargo xtask check [OPTIONS]                   reproduce (--scale smoke unless given), and check what came out
       cargo xtask check --store DIR                 check a published reproduction, computing only a sample of its runs
       cargo xtask bench [SECTION]... [OPTIONS]      measure how fast slt is; --help lists sections and options

Before a command, --profile NAME builds in another of cargo's profiles than release: dev is the one of `cargo test`.";

/// Runs a program of the workspace; cargo builds it first, in a profile.
fn run(profile: &OsStr, package: &str, program: &str, arguments: impl Iterator<Item = OsString>) -> ExitCode {
    let cargo = env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let status = Command::new(cargo)
        .args(["run", "--package", package, "--bin", program, "--profile"])
        .args([profile, OsStr::new("--")])
        .args(arguments)
        .env("SLT_COMMIT", commit())
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

/// The commit that is checked out, marked if files differ from it; empty if that is not known.
fn commit() -> String {
    let git = |arguments: &[&str]| {
        let output =
            Command::new("git").args(arguments).output().ok().filter(|output| output.status.success())?;
        String::from_utf8(output.stdout).ok()
    };
    let Some(commit) = git(&["rev-parse", "--short=12", "HEAD"]) else { return String::new() };
    let changed =
        git(&["status", "--porcelain", "--untracked-files=no"]).is_none_or(|changes| !changes.is_empty());
    commit.trim().to_owned() + if changed { ", changed" } else { "" }
}

/// Reproduces, and checks the results; a published reproduction is checked as it is.
fn check(profile: &OsStr, arguments: impl Iterator<Item = OsString>) -> ExitCode {
    let mut arguments: Vec<OsString> = arguments.collect();
    let is_given = |option: &str| {
        arguments.iter().any(|argument| argument.to_str().is_some_and(|text| text.starts_with(option)))
    };
    if is_given("--store") {
        return run(profile, "slt-cli", "slt", once("check".into()).chain(arguments));
    }
    if !is_given("--scale") {
        arguments.extend(["--scale".into(), "smoke".into()]);
    }
    let both = ["reproduce", "check"].map(OsString::from);
    for command in both {
        let code = run(profile, "slt-cli", "slt", once(command).chain(arguments.iter().cloned()));
        if code != ExitCode::SUCCESS {
            return code;
        }
    }
    ExitCode::SUCCESS
}

fn main() -> ExitCode {
    let mut arguments = env::args_os().skip(1).peekable();
    let mut profile = OsString::from("release");
    if arguments.next_if(|argument| argument == "--profile").is_some() {
        // Without a name it is cargo that says what is missing.
        profile = arguments.next().unwrap_or_default();
    }
    let command = arguments.next();
    match command.as_ref().and_then(|command| command.to_str()) {
        Some("reproduce") => run(&profile, "slt-cli", "slt", once("reproduce".into()).chain(arguments)),
        Some("check") => check(&profile, arguments),
        Some("bench") => run(&profile, "slt-bench", "slt-bench", arguments),
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
