//! Reading and writing what a user names.

use std::fmt::Display;
use std::fs::{self, File};
use std::io::{self, BufReader, ErrorKind, Read};
use std::path::{Path, PathBuf};

use serde::Serialize;
use slt_core::BitMask;
use slt_mlp::Ticket;
use slt_run::write_atomically;

use crate::failure::Failure;
use crate::stdout::show;

/// No ticket is larger; anything beyond is not read into memory.
const MAX_TICKET_BYTES: u64 = 64 << 20;

/// Opens a file for reading; `None` if there is none.
pub(crate) fn open(path: &Path) -> Result<Option<BufReader<File>>, Failure> {
    if path.is_dir() {
        return Err(Failure::run(format!("{} is a folder, expected a file", path.display())));
    }
    match File::open(path) {
        Ok(file) => Ok(Some(BufReader::new(file))),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(unreadable(path, &error)),
    }
}

/// Reads a ticket in either form.
pub(crate) fn read_ticket(path: &Path) -> Result<Ticket, Failure> {
    Ok(read_ticket_with_size(path)?.0)
}

/// Reads a ticket in either form, and says how many bytes its file has.
pub(crate) fn read_ticket_with_size(path: &Path) -> Result<(Ticket, usize), Failure> {
    let Some(file) = open(path)? else {
        return Err(Failure::run(format!("{}: there is no such file", path.display())));
    };
    let mut bytes = Vec::new();
    file.take(MAX_TICKET_BYTES + 1).read_to_end(&mut bytes).map_err(|error| unreadable(path, &error))?;
    if bytes.len() as u64 > MAX_TICKET_BYTES {
        let message =
            format!("{} is no ticket: none is larger than {MAX_TICKET_BYTES} bytes", path.display());
        return Err(Failure::run(message));
    }
    let read = if Ticket::is_lean(&bytes) { Ticket::from_lean_bytes } else { Ticket::from_bytes };
    let ticket = read(&bytes).map_err(|error| Failure::run(format!("{}: {error}", path.display())))?;
    Ok((ticket, bytes.len()))
}

/// A file that a command has made, or why it has not.
pub(crate) struct Saved {
    name: Option<String>,
    result: Result<(), Failure>,
}

/// Writes the file that a command was asked for, if it was asked for one. The report comes first: it is not
/// lost where the file cannot be written.
pub(crate) fn save(out: Option<&Path>, bytes: &[u8]) -> Saved {
    let Some(out) = out else { return Saved { name: None, result: Ok(()) } };
    Saved::of(out, write_atomically(out, bytes).map_err(Failure::from))
}

impl Saved {
    /// A file, and how writing it went.
    pub(crate) fn of(file: &Path, result: Result<(), Failure>) -> Self {
        let name = result.is_ok().then(|| file.display().to_string());
        Self { name, result }
    }

    /// The name of the file if it was written.
    pub(crate) fn name(&self) -> Option<String> {
        self.name.clone()
    }

    /// Prints the report, then fails if the file could not be written.
    pub(crate) fn show(self, report: &(impl Serialize + Display), json: bool) -> Result<(), Failure> {
        show(report, json)?;
        self.result
    }

    /// Fails if the file could not be written.
    pub(crate) fn result(self) -> Result<(), Failure> {
        self.result
    }
}

fn unreadable(path: &Path, error: &io::Error) -> Failure {
    Failure::run(format!("cannot read {}: {error}", path.display()))
}

/// Whether two names are of the same file, which need not exist.
pub(crate) fn is_same_file(a: &Path, b: &Path) -> bool {
    let in_its_folder = |path: &Path| -> Option<PathBuf> {
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
        Some(fs::canonicalize(folder.unwrap_or(Path::new("."))).ok()?.join(path.file_name()?))
    };
    let place = |path: &Path| fs::canonicalize(path).ok().or_else(|| in_its_folder(path));
    place(a) == place(b)
}

/// The hash of a mask as it is printed.
pub(crate) fn mask_hash(mask: &BitMask) -> String {
    format!("{:016x}", mask.stable_hash())
}

/// A text as a field of CSV.
pub(crate) fn csv_field(text: &str) -> String {
    if text.contains([',', '"', '\n', '\r']) || text.trim() != text {
        format!("\"{}\"", text.replace('"', "\"\""))
    } else {
        text.to_owned()
    }
}
