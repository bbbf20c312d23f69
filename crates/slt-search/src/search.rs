use std::fmt;
use std::ops::ControlFlow;

use serde::{Deserialize, Serialize};
use slt_core::Seed;

use crate::arena::Means;
use crate::observer::Fingerprints;
use crate::{
    Algorithm, Arena, Budget, Candidate, Checkpoint, Error, Observer, Problem, Pulse, StopReason, Tally,
    View, Work,
};

/// Searches until the algorithm comes to an end, the budget is used up, or the observer wants to stop.
///
/// The outcome depends on problem, algorithm, budget and seed alone: not on threads, observers, or how often
/// the search was interrupted and [resumed](resume).
///
/// # Errors
/// [`Error::NoBits`], [`Error::Interrupted`] if the observer stops it before there is a state, and what
/// objectives that break their contract cause.
pub fn run<A: Algorithm>(
    problem: Problem<'_>,
    algorithm: A,
    budget: Budget,
    seed: Seed,
    observer: &mut dyn Observer<A>,
) -> Result<Outcome<A::State>, Error> {
    Search::start(problem, algorithm, budget, seed, observer)?.finish(observer)
}

/// Goes on from a checkpoint, to the same outcome as if the search had not been interrupted. Problem,
/// algorithm and seed have to be given again and are held against the checkpoint; what ends the search may be
/// changed.
///
/// # Errors
/// [`Error::ResumeMismatch`], with the name of the field that differs; and those of [`run`].
pub fn resume<A: Algorithm>(
    problem: Problem<'_>,
    algorithm: A,
    budget: Budget,
    seed: Seed,
    checkpoint: Checkpoint<A::State>,
    observer: &mut dyn Observer<A>,
) -> Result<Outcome<A::State>, Error> {
    Search::resume(problem, algorithm, budget, seed, checkpoint)?.finish(observer)
}

/// A search that is stepped by its user.
pub struct Search<'a, A: Algorithm> {
    problem: Problem<'a>,
    fingerprints: Fingerprints,
    algorithm: A,
    budget: Budget,
    seed: Seed,
    steps: u64,
    means: Means<'a>,
    state: A::State,
    milestones: Vec<Milestone>,
    interrupted: bool,
}

/// The best of a search on the way.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Milestone {
    /// Steps taken.
    pub steps: u64,
    /// What was asked.
    pub work: Work,
    /// The best so far.
    pub best: Candidate,
}

impl Milestone {
    /// Whether multiply-adds have grown enough since the last one: each time by a factor of about the square
    /// root of 2.
    fn is_due(last: Option<&Self>, work: &Work) -> bool {
        let place = |work: &Work| (2.0 * (work.multiply_adds.max(1) as f64).log2()) as u64;
        last.is_none_or(|last| place(work) > place(&last.work))
    }
}

/// What a search found.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Outcome<S> {
    /// The best.
    pub best: Candidate,
    /// All that the algorithm has come to.
    pub state: S,
    /// Steps taken.
    pub steps: u64,
    /// What was asked.
    pub work: Work,
    /// Why the search ended.
    pub stop_reason: StopReason,
    /// The best after growing amounts of work, the first after the start, each at about 1.4 times the
    /// multiply-adds of the one before.
    pub milestones: Vec<Milestone>,
}

impl<'a, A: Algorithm> Search<'a, A> {
    /// The search before its first step.
    ///
    /// # Errors
    /// As [`run`].
    pub fn start(
        problem: Problem<'a>,
        algorithm: A,
        budget: Budget,
        seed: Seed,
        observer: &mut dyn Observer<A>,
    ) -> Result<Self, Error> {
        let fingerprints = fingerprints(&problem)?;
        let mut means = Means::new(Work::default());
        let mut pulse = |pulse: &Pulse| observer.on_pulse(pulse);
        let state = algorithm.start(&mut Arena::new(problem, seed, 0, &mut means, &mut pulse))?;
        let mut search = Self {
            problem,
            fingerprints,
            algorithm,
            budget,
            seed,
            steps: 0,
            means,
            state,
            milestones: Vec::new(),
            interrupted: false,
        };
        search.pass_milestone();
        search.interrupted = observer.on_step(&search.view()).is_break();
        Ok(search)
    }

    /// The search as a checkpoint left it. What ends it may be other than when the checkpoint was taken: the
    /// outcome is the same as if it had been so from the beginning. Only a budget that is used up by then
    /// ends it where it is.
    ///
    /// # Errors
    /// [`Error::ResumeMismatch`] if problem, algorithm or seed is another than the checkpoint's;
    /// [`Error::CheckpointInconsistent`] if it does not make sense; [`Error::ResumeBeyond`] if the search
    /// would have ended before the checkpoint was taken.
    pub fn resume(
        problem: Problem<'a>,
        algorithm: A,
        budget: Budget,
        seed: Seed,
        checkpoint: Checkpoint<A::State>,
    ) -> Result<Self, Error> {
        let fingerprints = fingerprints(&problem)?;
        let (state, tally, milestones) = checkpoint.restore(&algorithm, seed, fingerprints)?;
        algorithm.check(&state, &tally)?;
        let Tally { steps, work, .. } = tally;
        let means = Means::new(work);
        Ok(Self {
            problem,
            fingerprints,
            algorithm,
            budget,
            seed,
            steps,
            means,
            state,
            milestones,
            interrupted: false,
        })
    }

    /// Takes a step, whether or not there is a reason to stop, and tells the observer. If the observer gives
    /// up the step, the search stays where it is.
    ///
    /// # Errors
    /// If an objective breaks its contract. The search stays where it is.
    pub fn step(&mut self, observer: &mut dyn Observer<A>) -> Result<(), Error> {
        let before = self.means.work;
        self.interrupted = false;
        let mut pulse = |pulse: &Pulse| observer.on_pulse(pulse);
        let mut arena = Arena::new(self.problem, self.seed, self.steps + 1, &mut self.means, &mut pulse);
        match self.algorithm.step(&mut self.state, &mut arena) {
            Ok(ControlFlow::Continue(())) => {
                self.steps += 1;
                self.pass_milestone();
                self.interrupted = observer.on_step(&self.view()).is_break();
                Ok(())
            }
            Ok(ControlFlow::Break(())) => {
                self.means.work = before;
                self.interrupted = true;
                Ok(())
            }
            Err(error) => {
                self.means.work = before;
                Err(error)
            }
        }
    }

    fn pass_milestone(&mut self) {
        let work = self.means.work;
        if Milestone::is_due(self.milestones.last(), &work) {
            let best = self.algorithm.best(&self.state).clone();
            self.milestones.push(Milestone { steps: self.steps, work, best });
        }
    }

    /// The share of its work that is done, in [0, 1], as far as budget or algorithm say how much there is.
    pub fn progress(&self) -> Option<f64> {
        let of_budget = self.budget.used(self.steps, &self.means.work);
        let of_algorithm = self.algorithm.progress(&self.state);
        of_budget.into_iter().chain(of_algorithm).reduce(f64::max).map(|share| share.min(1.0))
    }

    /// Why the search should end now, if it should.
    pub fn stop_reason(&self) -> Option<StopReason> {
        self.algorithm
            .end(&self.state, &self.problem)
            .or_else(|| self.budget.reached(self.steps, &self.means.work).then_some(StopReason::Budget))
            .or_else(|| self.interrupted.then_some(StopReason::Interrupted))
    }

    /// The search as an observer sees it.
    pub fn view(&self) -> View<'_, A> {
        View {
            algorithm: &self.algorithm,
            state: &self.state,
            steps: self.steps,
            work: self.means.work,
            seed: self.seed,
            fingerprints: self.fingerprints,
            milestones: &self.milestones,
            progress: self.progress(),
        }
    }

    /// Steps until there is a reason to stop.
    ///
    /// # Errors
    /// As [`step`](Self::step).
    pub fn finish(mut self, observer: &mut dyn Observer<A>) -> Result<Outcome<A::State>, Error> {
        while self.stop_reason().is_none() {
            self.step(observer)?;
        }
        Ok(self.outcome())
    }

    /// Ends the search. Its reason is [`StopReason::Interrupted`] unless there is a better one.
    pub fn outcome(self) -> Outcome<A::State> {
        let stop_reason = self.stop_reason().unwrap_or(StopReason::Interrupted);
        Outcome {
            best: self.algorithm.best(&self.state).clone(),
            state: self.state,
            steps: self.steps,
            work: self.means.work,
            stop_reason,
            milestones: self.milestones,
        }
    }
}

impl<A: Algorithm> fmt::Debug for Search<'_, A> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Search")
            .field("algorithm", &self.algorithm.name())
            .field("seed", &self.seed)
            .field("steps", &self.steps)
            .field("work", &self.means.work)
            .finish_non_exhaustive()
    }
}

fn fingerprints(problem: &Problem<'_>) -> Result<Fingerprints, Error> {
    let n_bits = problem.objective().n_bits();
    if n_bits == 0 {
        return Err(Error::NoBits);
    }
    if let Some(other) = problem.all().into_iter().flatten().find(|other| other.n_bits() != n_bits) {
        return Err(Error::OtherBits { objective: n_bits, other: other.n_bits() });
    }
    let prints = problem.all().map(|objective| objective.map(slt_core::Objective::fingerprint));
    Ok(Fingerprints { n_bits, prints })
}
