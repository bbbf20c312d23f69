//! Progress on stderr: a bar on a terminal, a line now and then elsewhere.

use std::io::IsTerminal;
use std::ops::ControlFlow;
use std::path::Path;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use indicatif::{MultiProgress, ProgressBar, ProgressDrawTarget, ProgressStyle};
use slt_ga::{DrawProgress, GaConfig, GenerationStats, Observer, View};
use slt_paper::{Progress, RunRecord, RunSpec, RunTimes};

/// How often a line is printed where there is no terminal.
const LINE_INTERVAL: Duration = Duration::from_secs(10);

/// Steps of a bar for one run.
const STEPS: u64 = 1000;

/// A bar on a terminal; lines elsewhere.
struct Display {
    bar: ProgressBar,
    lines: bool,
    last_line: Mutex<Instant>,
}

impl Display {
    fn new(steps: u64) -> Self {
        let lines = !std::io::stderr().is_terminal();
        let bar = ProgressBar::with_draw_target(Some(steps), ProgressDrawTarget::stderr_with_hz(5));
        let style =
            ProgressStyle::with_template("{bar:24} {percent:>3} %  {msg}  {elapsed} gone, {eta} left");
        bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
        Self { bar, lines, last_line: Mutex::new(Instant::now()) }
    }

    /// Shows where the work is; the message is only made if it is shown.
    fn show(&self, position: u64, message: impl FnOnce() -> String) {
        self.bar.set_position(position.max(self.bar.position()));
        if !self.lines {
            self.bar.set_message(message());
            return;
        }
        let mut last = self.last_line.lock().unwrap_or_else(PoisonError::into_inner);
        if last.elapsed() >= LINE_INTERVAL {
            *last = Instant::now();
            let percent = 100.0 * self.bar.position() as f64 / self.bar.length().unwrap_or(1).max(1) as f64;
            let left = self.bar.eta().as_secs();
            eprintln!("{percent:>3.0} %  {}  about {left} s left", message());
        }
    }
}

/// Which part of a search is done, in [0, 1]: by the generation at which it ends, or would end if nothing improved
/// any more.
fn share_done(config: &GaConfig, history: &[GenerationStats]) -> f64 {
    let Some(latest) = history.last() else { return 0.0 };
    let termination = &config.termination;
    let unchanged = history.iter().rev().take_while(|stats| stats.best >= latest.best).count() as u64;
    let until_patience = termination.patience.map(|patience| {
        let last_gain = latest.generation + 1 - unchanged;
        (last_gain + u64::from(patience)).max(termination.min_generations)
    });
    let end = [until_patience, termination.max_generations].into_iter().flatten().min();
    end.map_or(0.0, |end| (latest.generation as f64 / end.max(1) as f64).min(1.0))
}

fn describe(stats: &GenerationStats) -> String {
    format!(
        "generation {}, best {:.4}, sparsity {:.1} %, {} evaluations",
        stats.generation,
        stats.best,
        100.0 * stats.sparsity_of_fittest,
        stats.evaluations
    )
}

fn describe_draw(progress: &DrawProgress) -> String {
    let DrawProgress { accepted, wanted, bound, evaluations, .. } = progress;
    format!("drawing {accepted} of {wanted}, bound {bound:.4}, {evaluations} evaluations")
}

/// The progress of one search.
pub(crate) struct SearchProgress {
    display: Display,
    start: Instant,
    evaluations_before: Option<u64>,
}

impl SearchProgress {
    pub(crate) fn new(_spec: &RunSpec, resumed_at: Option<u64>) -> Self {
        if let Some(generation) = resumed_at {
            eprintln!("going on after generation {generation}");
        }
        Self { display: Display::new(STEPS), start: Instant::now(), evaluations_before: None }
    }

    pub(crate) fn finish(&self) {
        self.display.bar.finish_and_clear();
    }

    /// Evaluations a second in this sitting.
    fn rate(&mut self, evaluations: u64) -> f64 {
        let before = *self.evaluations_before.get_or_insert(evaluations);
        (evaluations - before) as f64 / self.start.elapsed().as_secs_f64().max(1e-9)
    }
}

impl Observer for SearchProgress {
    fn on_generation(&mut self, view: &View<'_>) -> ControlFlow<()> {
        let done = share_done(view.config(), view.history());
        let rate = self.rate(view.stats().evaluations);
        self.display
            .show((done * STEPS as f64) as u64, || format!("{} ({rate:.0}/s)", describe(view.stats())));
        ControlFlow::Continue(())
    }

    fn on_draw(&mut self, progress: &DrawProgress) -> ControlFlow<()> {
        if progress.generation == 0 {
            let rate = self.rate(progress.evaluations);
            self.display.show(0, || format!("{} ({rate:.0}/s)", describe_draw(progress)));
        }
        ControlFlow::Continue(())
    }
}

/// The progress of many runs.
pub(crate) struct RunsProgress {
    display: Display,
    runs: Mutex<Vec<Run>>,
    bars: MultiProgress,
}

#[derive(Clone, Default)]
struct Run {
    done: f64,
    bar: Option<ProgressBar>,
}

impl RunsProgress {
    pub(crate) fn new(specs: &[RunSpec]) -> Self {
        let bars = MultiProgress::with_draw_target(ProgressDrawTarget::stderr_with_hz(5));
        let mut display = Display::new(specs.len() as u64 * STEPS);
        display.bar = bars.add(display.bar);
        Self { display, runs: Mutex::new(vec![Run::default(); specs.len()]), bars }
    }

    pub(crate) fn finish(&self) {
        self.display.bar.finish_and_clear();
    }

    fn update(&self, index: usize, done: f64, detail: impl FnOnce() -> String) {
        let mut runs = self.runs.lock().unwrap_or_else(PoisonError::into_inner);
        runs[index].done = runs[index].done.max(done);
        let (finished, total) = (runs.iter().filter(|run| run.done >= 1.0).count(), runs.len());
        let position = runs.iter().map(|run| run.done).sum::<f64>() * STEPS as f64;
        let detail = detail();
        if let Some(bar) = &runs[index].bar {
            bar.set_message(detail.clone());
        }
        let lines = self.display.lines;
        self.display.show(position as u64, || {
            let latest = if lines && done < 1.0 { format!("  run {index}: {detail}") } else { String::new() };
            format!("{finished} of {total} runs{latest}")
        });
    }
}

impl Progress for RunsProgress {
    fn started(&self, index: usize, spec: &RunSpec, generation: Option<u64>) {
        let bar = self.bars.add(ProgressBar::new_spinner());
        let name = spec.data.dataset_name().unwrap_or_default();
        bar.set_style(
            ProgressStyle::with_template("  {prefix}: {msg}")
                .unwrap_or_else(|_| ProgressStyle::default_spinner()),
        );
        bar.set_prefix(format!("{name} [{}] seed {}", spec.network.architecture, spec.search_seed));
        if let Some(generation) = generation {
            bar.set_message(format!("going on after generation {generation}"));
        }
        self.runs.lock().unwrap_or_else(PoisonError::into_inner)[index].bar = Some(bar);
    }

    fn drawing(&self, index: usize, progress: &DrawProgress) {
        if progress.generation == 0 {
            self.update(index, 0.0, || describe_draw(progress));
        }
    }

    fn generation(&self, index: usize, view: &View<'_>) {
        // Not all of it: the record is not stored yet.
        let done = 0.999 * share_done(view.config(), view.history());
        self.update(index, done, || describe(view.stats()));
    }

    fn finished(&self, index: usize, _record: &RunRecord, _times: Option<&RunTimes>) {
        let bar = self.runs.lock().unwrap_or_else(PoisonError::into_inner)[index].bar.take();
        if let Some(bar) = bar {
            bar.finish_and_clear();
        }
        self.update(index, 1.0, String::new);
    }

    fn ignored(&self, path: &Path, reason: &str) {
        self.bars.suspend(|| {
            eprintln!("warning: {} is not used, its run is computed again: {reason}", path.display())
        });
    }
}
