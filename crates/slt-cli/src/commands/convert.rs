//! `slt convert`: the same ticket in another form.

use std::fmt;
use std::path::PathBuf;

use clap::{Args, ValueEnum};
use serde::Serialize;
use slt_mlp::Ticket;
use slt_run::check_output;

use crate::failure::Failure;
use crate::files::{read_ticket_with_size, save};
use crate::stderr::note;

/// Names of classes that a note lists.
const NAMES_SHOWN: usize = 12;

/// Write a ticket in another form
///
/// A full ticket knows where it comes from, the names of columns and classes, and has a checksum. A lean one
/// has what it takes to predict: the recipe of the network, the mask, the scaler, and a check byte. Commands
/// read both; a lean one has to be told its data with --data. It takes the columns of a file by their
/// positions, whatever they are called, and knows the classes by their numbers: to evaluate it, those have to
/// be the labels.
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
        Form::Lean => {
            let bytes = ticket.to_lean_bytes()?;
            say_which_class_is_which(&ticket);
            bytes
        }
    };
    let saved = save(Some(&arguments.out), &bytes);
    let report = Report { bytes_before, bytes: bytes.len(), file: saved.name() };
    saved.show(&report, arguments.json)
}

/// What a lean ticket does not know any more, if its classes are not called by their numbers.
fn say_which_class_is_which(ticket: &Ticket) {
    let names = ticket.class_names().unwrap_or_default();
    if names.iter().enumerate().all(|(class, name)| *name == class.to_string()) {
        return;
    }
    let shown = names.iter().enumerate().take(NAMES_SHOWN);
    let mut list: Vec<String> = shown.map(|(class, name)| format!("{class} is {name}")).collect();
    if names.len() > NAMES_SHOWN {
        list.push("and so on".to_owned());
    }
    note(format_args!("a lean ticket has no names of classes: {}", list.join(", ")));
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
