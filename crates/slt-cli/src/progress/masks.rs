use std::time::{Duration, Instant};

use slt_run::Going;

use super::display::Display;

/// The progress of a search beyond the paper's.
pub(crate) struct MaskProgress {
    display: Display,
    start: Instant,
    /// When it has to end, if there is a limit.
    time: Option<Duration>,
    /// Searches that follow each other, and how many of them are done.
    searches: usize,
    over: usize,
}

impl MaskProgress {
    /// Of so many searches that follow each other.
    pub(crate) fn new(time: Option<Duration>, searches: usize) -> Self {
        Self { display: Display::new(), start: Instant::now(), time, searches, over: 0 }
    }

    /// A search is over.
    pub(crate) fn next(&mut self) {
        self.over += 1;
    }

    pub(crate) fn show(&self, going: &Going) {
        let of_time = self.time.map(|time| self.start.elapsed().as_secs_f64() / time.as_secs_f64().max(1e-9));
        let of_searches = (self.over as f64 + going.done.unwrap_or(0.0)) / self.searches as f64;
        let done = of_time.unwrap_or(0.0).max(of_searches).min(1.0);
        self.display.show(done, || {
            let Going { best, sparsity, work, .. } = going;
            let judged = work.judged();
            format!("{judged} masks judged, best {best:.4}, sparsity {:.1} %", 100.0 * sparsity)
        });
    }
}
