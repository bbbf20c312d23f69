mod ready;
mod view;

use std::ops::ControlFlow;

pub use ready::{BestSeen, OnGeneration, StopFlag, on_generation};
pub use view::View;

/// Is told how a search goes, and can stop it.
///
/// Both methods do nothing unless they are written. `()` is the observer that does not care; a pair of
/// observers tells both and stops when one of them wants to. Nothing an observer does can change a result
/// other than by stopping.
///
/// ```
/// use std::ops::ControlFlow;
/// use slt_ga::{Observer, View};
///
/// /// Stops as soon as the best reaches a target.
/// struct Target(f64);
///
/// impl Observer for Target {
///     fn on_generation(&mut self, view: &View<'_>) -> ControlFlow<()> {
///         if view.stats().best >= self.0 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
///     }
/// }
/// ```
pub trait Observer {
    /// Called when the survivors of a generation are known, the first population (generation 0) included.
    /// A resumed search does not repeat the call for the generation it was saved in.
    ///
    /// `Break` ends the search with this generation as the last.
    fn on_generation(&mut self, view: &View<'_>) -> ControlFlow<()> {
        let _ = view;
        ControlFlow::Continue(())
    }

    /// Called while masks are drawn that must reach a [bound](crate::AdaptiveBound), after every
    /// attempt: for the first population, which may take long, and for migrants.
    ///
    /// `Break` while migrants are drawn gives up the generation that has begun and ends the search with
    /// the one before it. While the first population is drawn there is nothing to return:
    /// [`run`](crate::run) ends with [`Error::Interrupted`](crate::Error::Interrupted).
    fn on_draw(&mut self, progress: &DrawProgress) -> ControlFlow<()> {
        let _ = progress;
        ControlFlow::Continue(())
    }
}

/// How far the drawing of masks that must reach a bound has come.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct DrawProgress {
    /// The generation that the masks are for.
    pub generation: u64,
    /// Masks accepted so far.
    pub accepted: usize,
    /// Masks wanted.
    pub wanted: usize,
    /// The bound as it is now.
    pub bound: f64,
    /// Masks handed to the objective so far in the whole search.
    pub evaluations: u64,
}

impl Observer for () {}

impl<O: Observer + ?Sized> Observer for &mut O {
    fn on_generation(&mut self, view: &View<'_>) -> ControlFlow<()> {
        (**self).on_generation(view)
    }

    fn on_draw(&mut self, progress: &DrawProgress) -> ControlFlow<()> {
        (**self).on_draw(progress)
    }
}

impl<A: Observer, B: Observer> Observer for (A, B) {
    fn on_generation(&mut self, view: &View<'_>) -> ControlFlow<()> {
        either(self.0.on_generation(view), self.1.on_generation(view))
    }

    fn on_draw(&mut self, progress: &DrawProgress) -> ControlFlow<()> {
        either(self.0.on_draw(progress), self.1.on_draw(progress))
    }
}

/// Not `a?`: the second observer is told even if the first has had enough.
fn either(a: ControlFlow<()>, b: ControlFlow<()>) -> ControlFlow<()> {
    if a.is_break() { a } else { b }
}
