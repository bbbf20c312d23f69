//! Reading tickets, and writing results whole or not at all.

use std::fs;
use std::path::Path;

use serde::Serialize;
use slt_mlp::Ticket;

use crate::failure::Failure;

/// No ticket is larger; anything beyond is not read into memory.
const MAX_TICKET_BYTES: u64 = 64 << 20;

/// Checks that a result can be written before hours are spent on it: the folder of `path` exists, and `path` is not
/// a folder itself.
pub(crate) fn check_output(path: &Path) -> Result<(), Failure> {
    let folder = match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    };
    if !folder.is_dir() {
        let (path, folder) = (path.display(), folder.display());
        return Err(Failure::run(format!("cannot write {path}: the folder {folder} does not exist")));
    }
    if path.is_dir() {
        return Err(Failure::run(format!(
            "cannot write {}: it is a folder, expected a file name",
            path.display()
        )));
    }
    Ok(())
}

/// Reads a ticket.
pub(crate) fn read_ticket(path: &Path) -> Result<Ticket, Failure> {
    let about = |message: &dyn std::fmt::Display| Failure::run(format!("{}: {message}", path.display()));
    let size = fs::metadata(path).map_err(|error| about(&error))?.len();
    if size > MAX_TICKET_BYTES {
        return Err(about(&format_args!("{size} bytes is no ticket: none has more than {MAX_TICKET_BYTES}")));
    }
    let bytes = fs::read(path).map_err(|error| about(&error))?;
    Ticket::from_bytes(&bytes).map_err(|error| about(&error))
}

/// Writes a result to stdout as one JSON object on one line.
pub(crate) fn print_json(value: &impl Serialize) {
    println!("{}", serde_json::to_string(value).expect("plain data has a JSON form"));
}

/// The hash of a mask as it is printed.
pub(crate) fn mask_hash(mask: &slt_core::BitMask) -> String {
    format!("{:016x}", mask.stable_hash())
}
