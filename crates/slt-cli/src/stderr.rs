//! Stderr: notes, and the bars that they must not run into.

use std::fmt::Display;
use std::io::{self, Write};
use std::sync::LazyLock;

use console::Term;
use indicatif::{MultiProgress, ProgressDrawTarget};

/// How often a second bars are redrawn.
const REDRAWS: u8 = 5;

/// On a terminal with fewer columns a bar says nothing.
const MIN_COLUMNS: u16 = 30;

static BARS: LazyLock<MultiProgress> = LazyLock::new(|| {
    let (_, columns) = Term::stderr().size();
    MultiProgress::with_draw_target(if columns < MIN_COLUMNS {
        ProgressDrawTarget::hidden()
    } else {
        ProgressDrawTarget::stderr_with_hz(REDRAWS)
    })
});

/// The bars. They are hidden where stderr is not a terminal, or one that cannot show them: then lines take their place.
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

/// Says that batches are smaller than asked for, because there are not as many samples.
pub(crate) fn warn_if_cut(asked: Option<usize>, batch_size: usize) {
    if asked.is_some_and(|asked| asked > batch_size) {
        note(format_args!(
            "warning: there are only {batch_size} samples to train on, so a batch has no more"
        ));
    }
}
