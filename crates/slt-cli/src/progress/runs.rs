use std::path::Path;
use std::sync::{Mutex, MutexGuard, PoisonError};

use indicatif::ProgressBar;
use slt_ga::{Pulse, View};
use slt_run::{Error, Progress, RunRecord, RunSpec, RunTimes};

use super::display::{Display, style};
use super::{describe, describe_draw, share_done, share_drawn};
use crate::stderr::{bars, note};

/// What is left of a run when its search has ended: its record is not stored yet.
const SEARCHED: f64 = 0.999;

/// The progress of many runs.
pub(crate) struct RunsProgress {
    display: Display,
    runs: Mutex<Vec<Run>>,
}

#[derive(Default)]
struct Run {
    done: f64,
    /// Its part of all the work.
    weight: f64,
    bar: Option<ProgressBar>,
}

impl RunsProgress {
    pub(crate) fn new(specs: &[RunSpec]) -> Self {
        let total: f64 = specs.iter().map(RunSpec::cost).sum();
        let runs = specs.iter().map(|spec| Run { weight: spec.cost() / total, ..Run::default() }).collect();
        Self { display: Display::new(), runs: Mutex::new(runs) }
    }

    fn runs(&self) -> MutexGuard<'_, Vec<Run>> {
        self.runs.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn update(&self, index: usize, done: f64, detail: impl Fn() -> String) {
        let mut runs = self.runs();
        let run = &mut runs[index];
        run.done = run.done.max(done);
        if let Some(bar) = &run.bar {
            bar.set_message(detail());
        }
        let total = runs.len();
        let share = runs.iter().map(|run| run.weight * run.done).sum::<f64>().min(1.0);
        self.display.show(share, || {
            let finished = runs.iter().filter(|run| run.done >= 1.0).count();
            // On a terminal the run has a line of its own.
            let latest = if bars().is_hidden() && done < 1.0 { detail() } else { String::new() };
            let separator = if latest.is_empty() { "" } else { ": " };
            format!("{finished} of {total} runs{separator}{latest}")
        });
    }
}

impl Drop for RunsProgress {
    fn drop(&mut self) {
        for bar in self.runs().iter().filter_map(|run| run.bar.as_ref()) {
            bar.finish_and_clear();
        }
    }
}

impl Progress for RunsProgress {
    fn started(&self, index: usize, spec: &RunSpec) {
        let bar = bars().add(ProgressBar::new_spinner());
        bar.set_style(style("  {prefix}: {wide_msg}"));
        bar.set_prefix(spec.label());
        self.runs()[index].bar = Some(bar);
    }

    fn resumed(&self, index: usize, step: u64) {
        if let Some(bar) = &self.runs()[index].bar {
            bar.set_message(format!("going on after generation {step}"));
        }
    }

    fn pulse(&self, index: usize, pulse: &Pulse) {
        if pulse.step == 0 {
            self.update(index, share_drawn(pulse), || describe_draw(pulse));
        }
    }

    fn step(&self, index: usize, view: &View<'_>) {
        let done = SEARCHED * share_done(view);
        self.update(index, done, || describe(view.state().stats()));
    }

    fn advanced(&self, index: usize, done: f64) {
        self.update(index, done.min(SEARCHED), || format!("{:.0} %", 100.0 * done));
    }

    fn finished(&self, index: usize, _record: &RunRecord, _times: Option<&RunTimes>) {
        if let Some(bar) = self.runs()[index].bar.take() {
            bar.finish_and_clear();
            bars().remove(&bar);
        }
        self.update(index, 1.0, String::new);
    }

    fn ignored(&self, path: &Path, reason: &str) {
        note(format_args!("warning: {} is not used, its run is computed again: {reason}", path.display()));
    }

    fn unkept(&self, reason: &Error) {
        note(format_args!(
            "warning: no checkpoint: {reason}; the run goes on, and the next one is tried again"
        ));
    }
}
