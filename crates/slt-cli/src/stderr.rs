//! Stderr: notes, and the bars that they must not run into.

use std::fmt::Display;
use std::io::{self, Write};
use std::sync::LazyLock;

use indicatif::{MultiProgress, ProgressDrawTarget};

/// How often a second bars are redrawn.
const REDRAWS: u8 = 5;

static BARS: LazyLock<MultiProgress> =
    LazyLock::new(|| MultiProgress::with_draw_target(ProgressDrawTarget::stderr_with_hz(REDRAWS)));

/// The bars; there is nothing to be seen of them where stderr is not a terminal.
pub(crate) fn bars() -> &'static MultiProgress {
    &BARS
}

/// Prints a line, which a message stays, whatever names and files put into it.
pub(crate) fn note(message: impl Display) {
    let line = message.to_string().replace(char::is_control, " ");
    BARS.suspend(|| {
        // Nothing is left to do if stderr is closed.
        let _ = writeln!(io::stderr(), "{line}");
    });
}
