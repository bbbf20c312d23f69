use std::ops::ControlFlow;

use slt_datasets::split::stratified;
use slt_datasets::{Dataset, Shifts, Split};
use slt_ga::pareto::spread;
use slt_mlp::{Evaluator, InstructionSet, MetricName, Network, SignedMask};
use slt_search::{
    Algorithm, Candidate, Checkpoint, Milestone, Observer, Outcome, Problem, Pulse, Search, View, Work,
};

use super::masks::Masks;
use super::{FrontPoint, Goal, MaskOption, MaskSearchRecord, MaskSearchSpec, Passed};
use crate::Error;
use crate::checkpoint::{read_any, write_any};
use crate::runs::Chosen;

/// How a search goes, for whoever watches it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Going {
    /// Steps taken.
    pub steps: u64,
    /// What was asked.
    pub work: Work,
    /// The share of the work that is done, if it is known.
    pub done: Option<f64>,
    /// What the best is judged at.
    pub best: f64,
    /// Share of its weights that are masked out.
    pub sparsity: f64,
}

/// Watches a search for a mask.
pub trait Watch {
    /// After every step. `checkpoint` makes the bytes of a checkpoint's file. `Break` ends the search.
    fn step(&mut self, going: &Going, checkpoint: &dyn Fn() -> Vec<u8>) -> ControlFlow<()>;

    /// Within steps that take long, where the algorithm says how far it has come. `Break` gives up the step,
    /// and ends the search.
    fn pulse(&mut self, pulse: &Pulse) -> ControlFlow<()> {
        let _ = pulse;
        ControlFlow::Continue(())
    }
}

/// A search that is over, or was interrupted.
#[derive(Debug, Clone, PartialEq)]
pub struct Searched {
    /// What was found.
    pub record: MaskSearchRecord,
    /// The bytes of its checkpoint's file: from there it goes on.
    pub checkpoint: Vec<u8>,
}

/// A search for a mask with its data loaded and its network drawn. Work runs on the current rayon pool.
#[derive(Debug, Clone)]
pub struct PreparedMaskSearch {
    spec: MaskSearchSpec,
    network: Network,
    objective: Masks,
    judge: Option<Masks>,
    refinement: Option<Masks>,
    train: Masks,
    test: Masks,
}

impl PreparedMaskSearch {
    /// Divides the data and draws the network, for an instruction set.
    ///
    /// # Errors
    /// If data, network or instruction set are impossible, or do not fit together; [`Error::BoundNeedsShare`]
    /// for a genetic algorithm with a bound on random masks that follows a metric with other values than
    /// those from 0 to 1; [`Error::ShiftsNeedUnits`]; [`Error::SignsNeedUnits`].
    pub fn on(spec: &MaskSearchSpec, data: &Split, instructions: InstructionSet) -> Result<Self, Error> {
        let network = Network::from_recipe(spec.network.clone())?;
        let evaluator = |data: &Dataset, metric| {
            Evaluator::new(&network, data, metric)?.with_instruction_set(instructions)
        };
        let Goal { metric, judge, samples, hold_out, shifts, .. } = spec.goal;
        let method = &spec.method;
        method.method().follows(metric)?;
        if shifts > 0 && !method.takes(MaskOption::Shifts) {
            return Err(Error::ShiftsNeedUnits { method: method.name() });
        }
        if spec.signed && !method.takes(MaskOption::Signed) {
            return Err(Error::SignsNeedUnits { method: method.name() });
        }
        let divided = hold_out.map(|part| stratified(&data.train, part.share, part.seed)).transpose()?;
        let (seen, judged) = divided.as_ref().map_or((&data.train, &data.train), |d| (&d.train, &d.test));
        let sample = samples.filter(|&samples| samples < seen.n_samples());
        let sample = sample.map(|samples| evenly_spread(seen, samples)).transpose()?;
        // A judge that would say the same as the objective is none.
        let is_other = judge.is_some_and(|judge| judge != metric) || sample.is_some() || hold_out.is_some();
        let train = evaluator(&data.train, MetricName::Accuracy)?;
        // Those on all training samples share them.
        let on = |data: &Dataset, whole: bool, metric| match whole {
            true => train.with_metric(metric),
            false => evaluator(data, metric),
        };
        let undivided = divided.is_none();
        let judge = is_other.then(|| on(judged, undivided, judge.unwrap_or(metric))).transpose()?;
        let moves = sample.as_ref().unwrap_or(seen);
        let mut objective = on(moves, undivided && sample.is_none(), metric)?;
        if shifts > 0 {
            objective = objective.with_shifts(Shifts::new(moves.n_features(), shifts)?);
        }
        let refinement = spec.goal.refined(moves.n_samples(), seen.n_samples());
        let refinement = refinement.map(|metric| on(seen, undivided, metric)).transpose()?;
        // Where all samples are training samples, those that are tested on are laid out already.
        let test = match data.test.shares_samples_with(&data.train) {
            true => train.clone(),
            false => evaluator(&data.test, MetricName::Accuracy)?,
        };
        let masks = |evaluator| Masks::new(evaluator, spec.signed);
        Ok(Self {
            objective: masks(objective),
            judge: judge.map(masks),
            refinement: refinement.map(masks),
            test: masks(test),
            train: masks(train),
            spec: spec.clone(),
            network,
        })
    }

    /// The network.
    pub fn network(&self) -> &Network {
        &self.network
    }

    fn problem(&self) -> Problem<'_> {
        let problem = Problem::new(self.objective.objective());
        let (judge, refinement) = (self.judge.as_ref(), self.refinement.as_ref());
        let problem = judge.map_or(problem, |judge| problem.judged_by(judge.objective()));
        refinement.map_or(problem, |refinement| problem.refined_on(refinement.objective()))
    }

    /// Searches, from the beginning or from the file of a checkpoint of the same run.
    ///
    /// # Errors
    /// If the checkpoint is of another run, or an algorithm's parameters are impossible.
    pub fn search(&self, checkpoint: Option<&[u8]>, watch: &mut dyn Watch) -> Result<Searched, Error> {
        self.spec.method.method().search(Task { on: self, checkpoint, watch })
    }

    /// Whether a search goes no further than the file of a checkpoint of it.
    ///
    /// # Errors
    /// If the checkpoint is of another run.
    pub fn has_ended(&self, checkpoint: &[u8]) -> Result<bool, Error> {
        struct Once;
        impl Watch for Once {
            fn step(&mut self, _: &Going, _: &dyn Fn() -> Vec<u8>) -> ControlFlow<()> {
                ControlFlow::Break(())
            }
        }
        let reached = steps_of(checkpoint, &self.spec)?;
        Ok(self.search(Some(checkpoint), &mut Once)?.record.steps == reached)
    }

    fn record<S>(&self, outcome: &Outcome<S>, front: &[Candidate]) -> Result<MaskSearchRecord, Error> {
        let passed = |milestone: &Milestone| -> Result<Passed, Error> {
            let mask = &milestone.best.mask;
            Ok(Passed {
                judged: milestone.work.judged(),
                multiply_adds: milestone.work.multiply_adds,
                train_accuracy: self.train.accuracy(mask)?,
                test_accuracy: self.test.accuracy(mask)?,
                sparsity: self.spec.sparsity(mask),
            })
        };
        Ok(MaskSearchRecord {
            spec: self.spec.clone(),
            best: self.chosen(&outcome.best)?,
            performance: outcome.best.performance,
            steps: outcome.steps,
            work: outcome.work,
            stop_reason: outcome.stop_reason,
            milestones: outcome.milestones.iter().map(passed).collect::<Result<_, _>>()?,
            front: self.points(front)?,
        })
    }

    /// The points of a front that a record keeps.
    fn points(&self, front: &[Candidate]) -> Result<Vec<FrontPoint>, Error> {
        let ranks: Vec<_> = front.iter().map(Candidate::rank).collect();
        let point = |i: usize| {
            let Candidate { mask, performance } = &front[i];
            Ok(FrontPoint {
                performance: *performance,
                train_accuracy: self.train.accuracy(mask)?,
                test_accuracy: self.test.accuracy(mask)?,
                sparsity: self.spec.sparsity(mask),
                mask: mask.clone(),
            })
        };
        spread(&ranks, FrontPoint::MOST).into_iter().map(point).collect()
    }

    fn chosen(&self, candidate: &Candidate) -> Result<Chosen, Error> {
        let ((train, kept), (test, _)) = (self.train.at(&candidate.mask)?, self.test.at(&candidate.mask)?);
        Ok(Chosen {
            train_accuracy: train.accuracy(&kept)?,
            test_accuracy: test.accuracy(&kept)?,
            train_loss: train.cross_entropy(&kept)?.min(f64::MAX),
            test_loss: test.cross_entropy(&kept)?.min(f64::MAX),
            sparsity: kept.sparsity(),
            // Without bits that cancel out, of a signed one.
            mask: if self.spec.signed { SignedMask::from_bits(&candidate.mask)?.to_bits() } else { kept },
        })
    }
}

/// A search that is to be run, for its algorithm to take up.
pub(super) struct Task<'t> {
    on: &'t PreparedMaskSearch,
    checkpoint: Option<&'t [u8]>,
    watch: &'t mut dyn Watch,
}

impl Task<'_> {
    /// By an algorithm that looks for one mask.
    pub(super) fn run<A: Algorithm>(self, algorithm: A) -> Result<Searched, Error> {
        self.run_for_front(algorithm, |_| &[])
    }

    /// By an algorithm whose state has a front.
    pub(super) fn run_for_front<A: Algorithm>(
        self,
        algorithm: A,
        front: fn(&A::State) -> &[Candidate],
    ) -> Result<Searched, Error> {
        let Task { on, checkpoint, watch } = self;
        let spec = &on.spec;
        let (problem, budget, seed) = (on.problem(), spec.budget, spec.search_seed);
        let mut watcher = Watcher { spec, watch };
        let mut search = match checkpoint {
            None => Search::start(problem, algorithm, budget, seed, &mut watcher)?,
            Some(bytes) => {
                let checkpoint: Checkpoint<A::State> = Checkpoint::from_bytes(&read_any(bytes, spec)?)?;
                Search::resume(problem, algorithm, budget, seed, checkpoint)?
            }
        };
        while search.stop_reason().is_none() {
            search.step(&mut watcher)?;
        }
        let checkpoint = write_any(spec, &search.view().checkpoint().to_bytes());
        let outcome = search.outcome();
        let record = on.record(&outcome, front(&outcome.state))?;
        Ok(Searched { record, checkpoint })
    }
}

/// Rows at even distances, which keeps the order of the data and, for shuffled data, their classes in
/// proportion.
fn evenly_spread(data: &Dataset, samples: usize) -> Result<Dataset, Error> {
    let n = data.n_samples();
    let rows: Vec<usize> = (0..samples).map(|i| i * n / samples).collect();
    Ok(data.subset(&rows)?)
}

struct Watcher<'w> {
    spec: &'w MaskSearchSpec,
    watch: &'w mut dyn Watch,
}

impl<A: Algorithm> Observer<A> for Watcher<'_> {
    fn on_step(&mut self, view: &View<'_, A>) -> ControlFlow<()> {
        let best = view.best();
        let going = Going {
            steps: view.steps(),
            work: view.work(),
            done: view.progress(),
            best: best.performance,
            sparsity: self.spec.sparsity(&best.mask),
        };
        self.watch.step(&going, &|| write_any(self.spec, &view.checkpoint().to_bytes()))
    }

    fn on_pulse(&mut self, pulse: &Pulse) -> ControlFlow<()> {
        self.watch.pulse(pulse)
    }
}

/// The steps that the file of a checkpoint was written after.
///
/// # Errors
/// If it is none of this run.
pub fn steps_of(bytes: &[u8], spec: &MaskSearchSpec) -> Result<u64, Error> {
    let content = read_any(bytes, spec)?;
    Ok(Checkpoint::<serde_json::Value>::from_bytes(&content)?.steps())
}
