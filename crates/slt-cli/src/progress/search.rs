use std::ops::ControlFlow;
use std::time::Instant;

use slt_ga::{GeneticAlgorithm, Observer, Pulse, View};

use super::display::Display;
use super::{describe, describe_draw, share_done, share_drawn};

/// The progress of one search.
pub(crate) struct SearchProgress {
    display: Display,
    /// When this sitting began to evaluate, and how many evaluations there were.
    begin: Option<(Instant, u64)>,
}

impl SearchProgress {
    pub(crate) fn new() -> Self {
        let display = Display::new();
        Self { display, begin: None }
    }

    /// Evaluations a second in this sitting.
    fn rate(&mut self, evaluations: u64) -> String {
        let (start, before) = *self.begin.get_or_insert((Instant::now(), evaluations));
        let seconds = start.elapsed().as_secs_f64();
        if evaluations == before || seconds == 0.0 {
            return String::new();
        }
        format!(", {:.0}/s", (evaluations - before) as f64 / seconds)
    }
}

impl Observer<GeneticAlgorithm> for SearchProgress {
    fn on_step(&mut self, view: &View<'_>) -> ControlFlow<()> {
        let rate = self.rate(view.work().evaluations);
        self.display.show(share_done(view), || describe(view.state().stats()) + &rate);
        ControlFlow::Continue(())
    }

    fn on_pulse(&mut self, pulse: &Pulse) -> ControlFlow<()> {
        if pulse.step == 0 {
            let rate = self.rate(pulse.judged);
            self.display.show(share_drawn(pulse), || describe_draw(pulse) + &rate);
        }
        ControlFlow::Continue(())
    }
}
