//! `slt convert`: the same ticket in another form.

use std::fmt;
use std::path::PathBuf;

use clap::{Args, ValueEnum};
use serde::Serialize;
use slt_run::check_output;

use crate::failure::Failure;
use crate::files::{read_ticket_with_size, save};

/// Write a ticket in another form
///
/// A full ticket knows where it comes from, the names of columns and classes, and has a checksum. A lean one
/// has what it takes to predict: the recipe of the network, the mask, the scaler, and a check byte. Commands
/// read both; a lean one has to be told its data with --data: a file without a header, or one whose columns
/// are called x0, x1, and so on, with the numbers of the classes as labels.
#[derive(Args)]
pub(crate) struct Arguments {
    /// Ticket file
    ticket: PathBuf,
    /// Form to write; full files of earlier versions get smaller, too
    #[arg(long, value_enum, value_name = "FORM")]
    to: Form,
    /// Ticket file to write; it may be the one that is read
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
    /// Print the result on stdout as JSON
    #[arg(long)]
    json: bool,
}

#[derive(Clone, Copy, ValueEnum)]
enum Form {
    /// With metadata and checksum
    Full,
    /// What it takes to predict
    Lean,
}

#[derive(Serialize)]
struct Report {
    bytes_before: usize,
    bytes: usize,
    file: Option<String>,
}

pub(crate) fn run(arguments: &Arguments) -> Result<(), Failure> {
    let (ticket, bytes_before) = read_ticket_with_size(&arguments.ticket)?;
    check_output(&arguments.out)?;
    let bytes = match arguments.to {
        Form::Full => ticket.to_bytes(),
        Form::Lean => ticket.to_lean_bytes()?,
    };
    let saved = save(Some(&arguments.out), &bytes);
    let report = Report { bytes_before, bytes: bytes.len(), file: saved.name() };
    saved.show(&report, arguments.json)
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} bytes, from {}", self.bytes, self.bytes_before)?;
        match &self.file {
            Some(file) => writeln!(f, " -> {file}"),
            None => writeln!(f),
        }
    }
}
