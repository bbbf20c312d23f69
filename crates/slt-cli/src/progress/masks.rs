use std::time::{Duration, Instant};

use slt_run::Going;

use super::display::Display;

/// The progress of a search beyond the paper's.
pub(crate) struct MaskProgress {
    display: Display,
    start: Instant,
    /// When it has to end, if there is a limit.
    time: Option<Duration>,
}

impl MaskProgress {
    pub(crate) fn new(time: Option<Duration>) -> Self {
        Self { display: Display::new(), start: Instant::now(), time }
    }

    pub(crate) fn show(&self, going: &Going) {
        let of_time = self.time.map(|time| self.start.elapsed().as_secs_f64() / time.as_secs_f64().max(1e-9));
        let done = going.done.into_iter().chain(of_time).fold(0.0, f64::max).min(1.0);
        self.display.show(done, || {
            let Going { best, sparsity, work, .. } = going;
            let judged = work.judged();
            format!("{judged} masks judged, best {best:.4}, sparsity {:.1} %", 100.0 * sparsity)
        });
    }
}
