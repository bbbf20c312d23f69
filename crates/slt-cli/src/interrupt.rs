//! Ctrl-C asks a command to store what it has and stop; a second one stops it at once.

use std::io::IsTerminal;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::failure::Failure;
use crate::stderr::note;

/// What shells report of a program that Ctrl-C ended.
const KILLED_BY_INTERRUPT: i32 = 130;

static STOP: AtomicBool = AtomicBool::new(false);

/// The flag that Ctrl-C sets.
pub(crate) fn stop_flag() -> Result<&'static AtomicBool, Failure> {
    let handler = || {
        if STOP.swap(true, Ordering::Relaxed) {
            std::process::exit(KILLED_BY_INTERRUPT);
        }
        if std::io::stderr().is_terminal() {
            note("stopping; Ctrl-C again to stop at once");
        }
    };
    ctrlc::set_handler(handler)
        .map_err(|error| Failure::run(format!("cannot listen for Ctrl-C: {error}")))?;
    Ok(&STOP)
}
