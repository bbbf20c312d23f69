use std::ops::ControlFlow;
use std::sync::atomic::{AtomicBool, Ordering};

use super::{DrawProgress, Observer, View};
use crate::Individual;

/// An observer made of a function that is called after every generation.
///
/// ```
/// use std::ops::ControlFlow;
/// let mut bests = Vec::new();
/// let observer = slt_ga::on_generation(|view| {
///     bests.push(view.stats().best);
///     ControlFlow::Continue(())
/// });
/// # let _ = observer;
/// ```
pub fn on_generation<F>(function: F) -> OnGeneration<F>
where
    F: FnMut(&View<'_>) -> ControlFlow<()>,
{
    OnGeneration(function)
}

/// See [`on_generation`].
#[derive(Debug, Clone)]
pub struct OnGeneration<F>(F);

impl<F> Observer for OnGeneration<F>
where
    F: FnMut(&View<'_>) -> ControlFlow<()>,
{
    fn on_generation(&mut self, view: &View<'_>) -> ControlFlow<()> {
        (self.0)(view)
    }
}

/// Stops the search, at the next generation or drawn mask, once a flag is set: by a signal handler, say, or
/// another thread.
#[derive(Debug, Clone, Copy)]
pub struct StopFlag<'a>(pub &'a AtomicBool);

impl StopFlag<'_> {
    fn check(self) -> ControlFlow<()> {
        if self.0.load(Ordering::Relaxed) { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    }
}

impl Observer for StopFlag<'_> {
    fn on_generation(&mut self, _view: &View<'_>) -> ControlFlow<()> {
        self.check()
    }

    fn on_draw(&mut self, _progress: &DrawProgress) -> ControlFlow<()> {
        self.check()
    }
}

/// Keeps the best individual of all generations seen. With cut-off selection it is the fittest of the last
/// one; other selections may lose it on the way.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct BestSeen {
    /// The best so far: the first one found with the highest performance. None before the first generation.
    pub individual: Option<Individual>,
}

impl Observer for BestSeen {
    fn on_generation(&mut self, view: &View<'_>) -> ControlFlow<()> {
        let best = view.best();
        match &mut self.individual {
            Some(seen) if seen.performance >= best.performance => {}
            Some(seen) => seen.clone_from(best),
            none => *none = Some(best.clone()),
        }
        ControlFlow::Continue(())
    }
}
