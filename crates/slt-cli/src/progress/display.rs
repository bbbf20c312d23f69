use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use indicatif::{HumanDuration, ProgressBar, ProgressStyle};

use crate::stderr::{bars, progress, wants_progress};

/// How often a line is printed where there are no bars.
const LINE_INTERVAL: Duration = Duration::from_secs(10);

/// Steps of the bar.
const STEPS: f64 = 1000.0;

/// How much of some work is done: a bar where stderr shows bars; lines elsewhere. It is gone when dropped.
pub(super) struct Display {
    bar: ProgressBar,
    state: Mutex<State>,
}

struct State {
    last_line: Instant,
    /// When work began and how much was done then, or was at the first look.
    begin: Option<(Instant, f64)>,
}

impl Display {
    pub(super) fn new() -> Self {
        let bar = bars().add(ProgressBar::new(STEPS as u64));
        bar.set_style(style("{bar:10} {percent:>3}%  {wide_msg}"));
        bar.set_message("preparing");
        Self { bar, state: Mutex::new(State { last_line: Instant::now(), begin: None }) }
    }

    /// Shows that the share `done` of the work is done.
    pub(super) fn show(&self, done: f64, message: impl FnOnce() -> String) {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let (start, done_before) = *state.begin.get_or_insert((Instant::now(), done));
        let line_due = wants_progress() && state.last_line.elapsed() >= LINE_INTERVAL;
        if bars().is_hidden() && !line_due {
            return;
        }
        let gone = start.elapsed();
        let left = (done > done_before).then(|| gone.mul_f64((1.0 - done) / (done - done_before)));
        let left = left.map_or(String::new(), |left| format!(", {:#} left", HumanDuration(left)));
        let message = message() + &left;
        if line_due {
            state.last_line = Instant::now();
            progress(format_args!("{:>3.0}%  {message}", 100.0 * done));
        }
        let position = (STEPS * done) as u64;
        self.bar.set_position(position.max(self.bar.position()));
        self.bar.set_message(message);
    }
}

impl Drop for Display {
    fn drop(&mut self) {
        self.bar.finish_and_clear();
    }
}

/// The style of a template, which is valid: it is a constant of this program.
pub(super) fn style(template: &str) -> ProgressStyle {
    ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar())
}
