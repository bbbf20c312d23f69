//! Stdout: the result of a command, for people or as JSON, and nothing else.

use std::fmt::Display;
use std::io::{self, ErrorKind, Write};

use serde::Serialize;

use crate::failure::Failure;

/// Prints a result, as one JSON object on one line if that is asked for.
pub(crate) fn show(report: &(impl Serialize + Display), json: bool) -> Result<(), Failure> {
    let text = if json {
        serde_json::to_string(report).expect("plain data has a JSON form") + "\n"
    } else {
        // A file may hold anything, but it does not get hold of the terminal.
        report.to_string().replace(|c: char| c.is_control() && c != '\n', " ")
    };
    print(&text)
}

/// Prints a text as it is.
pub(crate) fn print(text: &str) -> Result<(), Failure> {
    let mut stdout = io::stdout().lock();
    match stdout.write_all(text.as_bytes()).and_then(|()| stdout.flush()) {
        // A reader such as `head` has seen enough.
        Err(error) if error.kind() == ErrorKind::BrokenPipe => Ok(()),
        result => result.map_err(|error| Failure::run(format!("cannot write to stdout: {error}"))),
    }
}

/// A share in percent with two decimals at most: `29`, `0.25`.
pub(crate) fn percent(share: f64) -> String {
    let text = format!("{:.2}", 100.0 * share);
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// A number of things: `1 epoch`, `2 epochs`.
pub(crate) fn count(n: u64, thing: &str) -> String {
    if n == 1 { format!("{n} {thing}") } else { format!("{n} {thing}s") }
}
