//! Stderr: notes, and the bars that they must not run into; and the log that has the same.

use std::fmt::Display;
use std::fs::{File, OpenOptions};
use std::io::{self, Write};
use std::path::Path;
use std::sync::{LazyLock, OnceLock};
use std::time::Instant;

use console::Term;
use indicatif::{MultiProgress, ProgressDrawTarget};

/// How often a second bars are redrawn.
const REDRAWS: u8 = 5;

/// On a terminal with fewer columns a bar says nothing.
const MIN_COLUMNS: u16 = 30;

/// Where things are said.
#[derive(Default)]
struct Voice {
    quiet: bool,
    log: Option<Log>,
}

struct Log {
    file: File,
    start: Instant,
}

/// That of the program, once its command line is read; before, there are only errors.
static VOICE: OnceLock<Voice> = OnceLock::new();

/// Says nothing but errors if that is asked for, and everything in a file, too, behind what it has.
pub(crate) fn set_voice(quiet: bool, log: Option<&Path>) -> io::Result<()> {
    let open = |path| OpenOptions::new().create(true).append(true).open(path);
    let log = log.map(open).transpose()?.map(|file| Log { file, start: Instant::now() });
    // A process reads one command line.
    let _ = VOICE.set(Voice { quiet, log });
    Ok(())
}

fn voice() -> &'static Voice {
    VOICE.get_or_init(Voice::default)
}

static BARS: LazyLock<MultiProgress> = LazyLock::new(|| {
    let (_, columns) = Term::stderr().size();
    MultiProgress::with_draw_target(if voice().quiet || columns < MIN_COLUMNS {
        ProgressDrawTarget::hidden()
    } else {
        ProgressDrawTarget::stderr_with_hz(REDRAWS)
    })
});

/// The bars. They are hidden where stderr is not a terminal, or one that cannot show them: then lines take
/// their place.
pub(crate) fn bars() -> &'static MultiProgress {
    &BARS
}

/// Prints a line, unless only errors are wanted.
pub(crate) fn note(message: impl Display) {
    say(message, !voice().quiet);
}

/// Prints an error.
pub(crate) fn error(message: impl Display) {
    say(format_args!("error: {message}"), true);
}

/// Prints how far work has come, where no bar shows it.
pub(crate) fn progress(message: impl Display) {
    say(message, !voice().quiet && BARS.is_hidden());
}

/// Whether [`progress`] is wanted anywhere.
pub(crate) fn wants_progress() -> bool {
    BARS.is_hidden() || voice().log.is_some()
}

/// A message stays one line, whatever names and files put into it.
fn say(message: impl Display, on_stderr: bool) {
    let line = message.to_string().replace(char::is_control, " ");
    // Nothing is left to do if stderr is closed, or the log cannot be written any more.
    if let Some(Log { file, start }) = &voice().log {
        let _ = writeln!(&*file, "{:10.3} s  {line}", start.elapsed().as_secs_f64());
    }
    if on_stderr {
        BARS.suspend(|| {
            let _ = writeln!(io::stderr(), "{line}");
        });
    }
}

/// Says that batches are smaller than asked for, because there are not as many samples.
pub(crate) fn warn_if_cut(asked: Option<usize>, batch_size: usize) {
    if asked.is_some_and(|asked| asked > batch_size) {
        note(format_args!(
            "warning: there are only {batch_size} samples to train on, so a batch has no more"
        ));
    }
}
