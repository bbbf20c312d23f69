use std::ops::ControlFlow;
use std::sync::atomic::{AtomicBool, Ordering};

use slt_core::Seed;

use crate::{Algorithm, Candidate, Checkpoint, Milestone, Pulse, Work};

/// Is told how a search goes, and can stop it.
///
/// Both methods do nothing unless they are written. `()` is the observer that does not care; a pair of
/// observers tells both and stops when one of them wants to. Nothing an observer does can change a result
/// other than by stopping.
pub trait Observer<A: Algorithm> {
    /// Called after every step, and before the first one (step 0). A resumed search does not repeat the call
    /// for the step it was saved after.
    ///
    /// `Break` ends the search with this step as the last.
    fn on_step(&mut self, view: &View<'_, A>) -> ControlFlow<()> {
        let _ = view;
        ControlFlow::Continue(())
    }

    /// Called within steps that take long, if the algorithm says how far it has come.
    ///
    /// `Break` gives up the step that has begun and ends the search with the one before it. Before there is a
    /// state there is nothing to return: the search ends with
    /// [`Error::Interrupted`](crate::Error::Interrupted).
    fn on_pulse(&mut self, pulse: &Pulse) -> ControlFlow<()> {
        let _ = pulse;
        ControlFlow::Continue(())
    }
}

/// What an observer sees of a search after a step.
pub struct View<'a, A: Algorithm> {
    pub(crate) algorithm: &'a A,
    pub(crate) state: &'a A::State,
    pub(crate) steps: u64,
    pub(crate) work: Work,
    pub(crate) seed: Seed,
    pub(crate) fingerprints: Fingerprints,
    pub(crate) milestones: &'a [Milestone],
    pub(crate) progress: Option<f64>,
}

/// What tells two problems apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Fingerprints {
    pub(crate) n_bits: usize,
    /// Of the objective, the judge, the refinement.
    pub(crate) prints: [Option<u64>; 3],
}

impl<A: Algorithm> Clone for View<'_, A> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<A: Algorithm> Copy for View<'_, A> {}

impl<'a, A: Algorithm> View<'a, A> {
    /// Steps taken.
    pub fn steps(&self) -> u64 {
        self.steps
    }

    /// The state after them.
    pub fn state(&self) -> &'a A::State {
        self.state
    }

    /// The best that the algorithm has: what the search comes to if it ends here.
    pub fn best(&self) -> &'a Candidate {
        self.algorithm.best(self.state)
    }

    /// What was asked so far.
    pub fn work(&self) -> Work {
        self.work
    }

    /// The algorithm.
    pub fn algorithm(&self) -> &'a A {
        self.algorithm
    }

    /// The seed of the search.
    pub fn seed(&self) -> Seed {
        self.seed
    }

    /// The best after growing amounts of work.
    pub fn milestones(&self) -> &'a [Milestone] {
        self.milestones
    }

    /// The share of its work that is done, in \[0, 1\], as far as budget or algorithm say how much there is.
    pub fn progress(&self) -> Option<f64> {
        self.progress
    }

    /// A checkpoint from which the search goes on after this step, to the same end.
    pub fn checkpoint(&self) -> Checkpoint<A::State> {
        Checkpoint::take(self)
    }
}

impl<A: Algorithm> Observer<A> for () {}

impl<A: Algorithm, O: Observer<A> + ?Sized> Observer<A> for &mut O {
    fn on_step(&mut self, view: &View<'_, A>) -> ControlFlow<()> {
        (**self).on_step(view)
    }

    fn on_pulse(&mut self, pulse: &Pulse) -> ControlFlow<()> {
        (**self).on_pulse(pulse)
    }
}

impl<A: Algorithm, O: Observer<A>, P: Observer<A>> Observer<A> for (O, P) {
    fn on_step(&mut self, view: &View<'_, A>) -> ControlFlow<()> {
        either(self.0.on_step(view), self.1.on_step(view))
    }

    fn on_pulse(&mut self, pulse: &Pulse) -> ControlFlow<()> {
        either(self.0.on_pulse(pulse), self.1.on_pulse(pulse))
    }
}

/// Not `a?`: the second observer is told even if the first has had enough.
fn either(a: ControlFlow<()>, b: ControlFlow<()>) -> ControlFlow<()> {
    if a.is_break() { a } else { b }
}

/// An observer made of a function that is called after every step.
///
/// ```
/// use std::ops::ControlFlow;
/// use slt_search::{Descent, View, on_step};
/// let mut bests = Vec::new();
/// let observer = on_step(|view: &View<'_, Descent>| {
///     bests.push(view.best().performance);
///     ControlFlow::Continue(())
/// });
/// # let _ = observer;
/// ```
pub fn on_step<A, F>(function: F) -> OnStep<F>
where
    A: Algorithm,
    F: FnMut(&View<'_, A>) -> ControlFlow<()>,
{
    OnStep(function)
}

/// See [`on_step`].
#[derive(Debug, Clone)]
pub struct OnStep<F>(F);

impl<A, F> Observer<A> for OnStep<F>
where
    A: Algorithm,
    F: FnMut(&View<'_, A>) -> ControlFlow<()>,
{
    fn on_step(&mut self, view: &View<'_, A>) -> ControlFlow<()> {
        (self.0)(view)
    }
}

/// Stops the search, after the step or within it, once a flag is set: by a signal handler, say, or another
/// thread.
#[derive(Debug, Clone, Copy)]
pub struct StopFlag<'a>(pub &'a AtomicBool);

impl StopFlag<'_> {
    fn check(self) -> ControlFlow<()> {
        if self.0.load(Ordering::Relaxed) { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    }
}

impl<A: Algorithm> Observer<A> for StopFlag<'_> {
    fn on_step(&mut self, _view: &View<'_, A>) -> ControlFlow<()> {
        self.check()
    }

    fn on_pulse(&mut self, _pulse: &Pulse) -> ControlFlow<()> {
        self.check()
    }
}

/// Keeps the best candidate of all steps seen: the first one with the highest performance. A genetic
/// algorithm whose selection is no cut-off may lose it on the way.
///
/// ```
/// use slt_core::{BitMask, Objective, Score, Seed};
/// use slt_search::{BestSeen, Budget, HeavyTailed, Problem, run};
/// # struct OneMax;
/// # impl Objective for OneMax {
/// #     fn n_bits(&self) -> usize { 40 }
/// #     fn evaluate(&self, masks: &[&BitMask], _floor: Option<f64>) -> Vec<Score> {
/// #         masks.iter().map(|mask| Score::Exact(mask.count_ones() as f64)).collect()
/// #     }
/// # }
/// let mut seen = BestSeen::default();
/// let outcome = run(Problem::new(&OneMax), HeavyTailed::default(), Budget::steps(20), Seed(1), &mut seen)?;
/// assert_eq!(seen.best, Some(outcome.best));
/// # Ok::<(), slt_search::Error>(())
/// ```
#[derive(Debug, Clone, Default, PartialEq)]
pub struct BestSeen {
    /// The best so far; none before the search has begun.
    pub best: Option<Candidate>,
}

impl<A: Algorithm> Observer<A> for BestSeen {
    fn on_step(&mut self, view: &View<'_, A>) -> ControlFlow<()> {
        let best = view.best();
        match &mut self.best {
            Some(seen) if seen.performance >= best.performance => {}
            Some(seen) => seen.clone_from(best),
            none => *none = Some(best.clone()),
        }
        ControlFlow::Continue(())
    }
}
