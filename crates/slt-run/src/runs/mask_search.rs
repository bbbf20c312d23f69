use std::ops::ControlFlow;

use serde::{Deserialize, Serialize};
use slt_baselines::DataShape;
use slt_core::{BitMask, Seed};
use slt_datasets::split::stratified;
use slt_datasets::{Dataset, Split};
use slt_ga::Memetic;
use slt_mlp::{Evaluator, Kernel, MetricName, Network, Recipe};
use slt_search::{
    Algorithm, Annealing, Budget, Candidate, Checkpoint, Descent, HeavyTailed, LateAcceptance, Milestone,
    Observer, Outcome, Problem, Search, StopReason, View, Work,
};

use super::{About, Chosen, Context, Kind, Recorded, RunRecord, TicketSpec, initialisation};
use crate::checkpoint::{Resumable, read_any, write_any};
use crate::{DataSource, Error};

/// A search for a mask by any algorithm of `slt-search` and `slt-ga`, on any metric.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct MaskSearchSpec {
    /// The data.
    pub data: DataSource,
    /// What the network is drawn from.
    pub network: Recipe,
    /// How it is searched.
    pub method: SearchMethod,
    /// What moves follow, and what results are judged by.
    pub goal: Goal,
    /// How much it may ask.
    pub budget: Budget,
    /// Seed of the search.
    pub search_seed: Seed,
}

/// An algorithm with its parameters.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "algorithm", rename_all = "kebab-case")]
#[non_exhaustive]
pub enum SearchMethod {
    /// See [`Descent`].
    Descent(Descent),
    /// See [`Annealing`].
    Annealing(Annealing),
    /// See [`LateAcceptance`].
    LateAcceptance(LateAcceptance),
    /// See [`HeavyTailed`].
    HeavyTailed(HeavyTailed),
    /// See [`Memetic`].
    Memetic(Memetic),
}

/// What moves follow, and what results are judged by.
///
/// The training data may be divided: `hold_out` sets a stratified part aside, by which results are then judged. Moves follow
/// the metric on the rest, or on `samples` of it, evenly spread; a memetic algorithm then ends on all of it.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Goal {
    /// What moves follow.
    pub metric: MetricName,
    /// What results are judged by; the metric that moves follow if there is none.
    pub judge: Option<MetricName>,
    /// What a last local search follows, on all samples; none leaves it out.
    pub refinement: Option<MetricName>,
    /// The most samples that moves are judged on.
    pub samples: Option<usize>,
    /// The part of the training data that is held out for the judge.
    pub hold_out: Option<HoldOut>,
}

/// A part of the training data that moves do not see.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct HoldOut {
    /// Its share, in (0, 1).
    pub share: f64,
    /// Seed of the division, whatever the seed of the search.
    pub seed: Seed,
}

impl Goal {
    /// Everything follows one metric, on all samples.
    pub fn only(metric: MetricName) -> Self {
        Self { metric, judge: None, refinement: None, samples: None, hold_out: None }
    }

    /// What does well on data of a shape, found on training data of the paper's: moves follow the accuracy on at most 10,000
    /// samples for two classes of few features and many samples, where the classes overlap more often than not; else the
    /// cross-entropy. The training accuracy judges.
    ///
    /// | classes | features | samples | moves follow |
    /// |---|---|---|---|
    /// | 2 | up to 4 | from 2,000 | accuracy |
    /// | others | | | cross-entropy; in the end the accuracy |
    pub fn for_shape(shape: DataShape) -> Self {
        let overlaps = shape.classes == 2 && shape.features <= 4 && shape.samples >= 2_000;
        Self {
            metric: if overlaps { MetricName::Accuracy } else { MetricName::CrossEntropy },
            judge: Some(MetricName::Accuracy),
            refinement: Some(MetricName::Accuracy),
            samples: Some(10_000),
            hold_out: None,
        }
    }
}

/// What came out of a search for a mask.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct MaskSearchRecord {
    /// What was run.
    pub spec: MaskSearchSpec,
    /// The best, by its judge, and how it does.
    pub best: Chosen,
    /// What the judge says of it.
    pub performance: f64,
    /// Steps taken.
    pub steps: u64,
    /// What was asked.
    pub work: Work,
    /// Why the search ended.
    pub stop_reason: StopReason,
    /// The best on the way, at growing amounts of work.
    pub milestones: Vec<Passed>,
}

/// The best of a search on the way.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Passed {
    /// Masks judged.
    pub judged: u64,
    /// Multiply-adds with active weights.
    pub multiply_adds: u64,
    /// Share of the training samples that are classified correctly.
    pub train_accuracy: f64,
    /// Share of the test samples that are classified correctly.
    pub test_accuracy: f64,
    /// Share of the weights that are masked out.
    pub sparsity: f64,
}

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
}

/// A search that is over, or was interrupted.
#[derive(Debug, Clone, PartialEq)]
pub struct Searched {
    /// What was found.
    pub record: MaskSearchRecord,
    /// The bytes of its checkpoint's file: from there it goes on.
    pub checkpoint: Vec<u8>,
}

impl Resumable for MaskSearchSpec {
    const PARTS: &'static [&'static str] = &["data", "network", "goal", "search_seed", "method"];

    fn hash(&self) -> String {
        super::RunSpec::from(self.clone()).hash()
    }

    fn with_end_of(&self, other: &Self) -> Self {
        Self { budget: other.budget, ..self.clone() }
    }
}

impl MaskSearchSpec {
    /// The name of its record in a store: see [`RunSpec::hash`](super::RunSpec::hash).
    pub fn hash(&self) -> String {
        Resumable::hash(self)
    }

    /// What does well without anybody's choice: [`Memetic::for_bits`] on [`Goal::for_shape`], to its end.
    ///
    /// # Errors
    /// If the data cannot be looked at.
    pub fn usual(data: DataSource, network: Recipe, search_seed: Seed) -> Result<Self, Error> {
        let method = SearchMethod::Memetic(Memetic::for_bits(network.architecture.n_weights()));
        let goal = Goal::for_shape(data.shape()?);
        Ok(Self { data, network, method, goal, budget: Budget::NONE, search_seed })
    }

    /// The ticket of a mask of its network.
    pub fn ticket(&self, mask: &BitMask) -> TicketSpec {
        TicketSpec { data: self.data.clone(), network: self.network.clone(), mask: mask.clone() }
    }
}

impl SearchMethod {
    /// The name on the command line.
    pub fn name(&self) -> &'static str {
        match self {
            SearchMethod::Descent(algorithm) => algorithm.name(),
            SearchMethod::Annealing(algorithm) => algorithm.name(),
            SearchMethod::LateAcceptance(algorithm) => algorithm.name(),
            SearchMethod::HeavyTailed(algorithm) => algorithm.name(),
            SearchMethod::Memetic(algorithm) => algorithm.name(),
        }
    }
}

/// A search for a mask with its data loaded and its network drawn. Work runs on the current rayon pool.
#[derive(Debug, Clone)]
pub struct PreparedMaskSearch {
    spec: MaskSearchSpec,
    network: Network,
    objective: Evaluator,
    judge: Option<Evaluator>,
    refinement: Option<Evaluator>,
    train: Evaluator,
    test: Evaluator,
}

impl PreparedMaskSearch {
    /// Divides the data and draws the network, for a kernel.
    ///
    /// # Errors
    /// If data, network or kernel are impossible, or do not fit together.
    pub fn on(spec: &MaskSearchSpec, data: &Split, kernel: Kernel) -> Result<Self, Error> {
        let network = Network::from_recipe(spec.network.clone())?;
        let evaluator = |data: &Dataset, metric| Evaluator::new(&network, data, metric)?.with_kernel(kernel);
        let Goal { metric, judge, refinement, samples, hold_out } = spec.goal;
        let divided = hold_out.map(|part| stratified(&data.train, part.share, part.seed)).transpose()?;
        let (seen, judged) = divided.as_ref().map_or((&data.train, &data.train), |d| (&d.train, &d.test));
        let sample = samples.filter(|&samples| samples < seen.n_samples());
        let sample = sample.map(|samples| evenly_spread(seen, samples)).transpose()?;
        // A judge that would say the same as the objective is none.
        let is_other = judge.is_some_and(|judge| judge != metric) || sample.is_some() || hold_out.is_some();
        let judge = is_other.then(|| evaluator(judged, judge.unwrap_or(metric))).transpose()?;
        Ok(Self {
            objective: evaluator(sample.as_ref().unwrap_or(seen), metric)?,
            judge,
            refinement: refinement.map(|metric| evaluator(seen, metric)).transpose()?,
            train: evaluator(&data.train, MetricName::Accuracy)?,
            test: evaluator(&data.test, MetricName::Accuracy)?,
            spec: spec.clone(),
            network,
        })
    }

    /// The network.
    pub fn network(&self) -> &Network {
        &self.network
    }

    fn problem(&self) -> Problem<'_> {
        let problem = Problem::new(&self.objective);
        let problem = self.judge.as_ref().map_or(problem, |judge| problem.judged_by(judge));
        self.refinement.as_ref().map_or(problem, |refinement| problem.refined_on(refinement))
    }

    /// Searches, from the beginning or from the file of a checkpoint of the same run.
    ///
    /// # Errors
    /// If the checkpoint is of another run, or an algorithm's parameters are impossible.
    pub fn search(&self, checkpoint: Option<&[u8]>, watch: &mut dyn Watch) -> Result<Searched, Error> {
        match &self.spec.method {
            SearchMethod::Descent(algorithm) => self.run(algorithm.clone(), checkpoint, watch),
            SearchMethod::Annealing(algorithm) => self.run(algorithm.clone(), checkpoint, watch),
            SearchMethod::LateAcceptance(algorithm) => self.run(algorithm.clone(), checkpoint, watch),
            SearchMethod::HeavyTailed(algorithm) => self.run(algorithm.clone(), checkpoint, watch),
            SearchMethod::Memetic(algorithm) => self.run(algorithm.clone(), checkpoint, watch),
        }
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

    fn run<A: Algorithm>(
        &self,
        algorithm: A,
        checkpoint: Option<&[u8]>,
        watch: &mut dyn Watch,
    ) -> Result<Searched, Error> {
        let (problem, budget, seed) = (self.problem(), self.spec.budget, self.spec.search_seed);
        let mut watcher = Watcher { spec: &self.spec, watch };
        let mut search = match checkpoint {
            None => Search::start(problem, algorithm, budget, seed, &mut watcher)?,
            Some(bytes) => {
                let checkpoint: Checkpoint<A::State> = Checkpoint::from_bytes(&read_any(bytes, &self.spec)?)?;
                Search::resume(problem, algorithm, budget, seed, checkpoint)?
            }
        };
        while search.stop_reason().is_none() {
            search.step(&mut watcher)?;
        }
        let checkpoint = write_any(&self.spec, &search.view().checkpoint().to_bytes());
        let record = self.record(&search.outcome())?;
        Ok(Searched { record, checkpoint })
    }

    fn record<S>(&self, outcome: &Outcome<S>) -> Result<MaskSearchRecord, Error> {
        let passed = |milestone: &Milestone| -> Result<Passed, Error> {
            let mask = &milestone.best.mask;
            Ok(Passed {
                judged: milestone.work.judged(),
                multiply_adds: milestone.work.multiply_adds,
                train_accuracy: self.train.accuracy(mask)?,
                test_accuracy: self.test.accuracy(mask)?,
                sparsity: mask.sparsity(),
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
        })
    }

    fn chosen(&self, candidate: &Candidate) -> Result<Chosen, Error> {
        let mask = &candidate.mask;
        Ok(Chosen {
            train_accuracy: self.train.accuracy(mask)?,
            test_accuracy: self.test.accuracy(mask)?,
            train_loss: self.train.cross_entropy(mask)?.min(f64::MAX),
            test_loss: self.test.cross_entropy(mask)?.min(f64::MAX),
            sparsity: mask.sparsity(),
            mask: mask.clone(),
        })
    }
}

/// Rows at even distances, which keeps the order of the data and, for shuffled data, their classes in proportion.
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
            sparsity: best.mask.sparsity(),
        };
        self.watch.step(&going, &|| write_any(self.spec, &view.checkpoint().to_bytes()))
    }
}

impl Kind for MaskSearchSpec {
    fn what(&self) -> String {
        let metric = self.goal.metric.to_string();
        match initialisation(&self.network) {
            None => format!("{} ({metric})", self.method.name()),
            Some(unusual) => format!("{} ({metric}, {unusual})", self.method.name()),
        }
    }

    fn about(&self) -> About {
        let sizes = self.network.architecture.sizes().to_vec();
        About { data: self.data.clone(), sizes, seed: self.search_seed }
    }

    /// A flip takes about what one weight takes of an evaluation, and a few weights behind it.
    fn passes(&self) -> f64 {
        let weights = self.network.architecture.n_weights() as f64;
        let asked = self.budget.evaluations.map_or(500_000.0, |asked| asked as f64);
        5.0 * asked / weights
    }

    fn execute(&self, context: &mut dyn Context) -> Result<RunRecord, Error> {
        struct Told<'c>(&'c mut dyn Context);
        impl Watch for Told<'_> {
            fn step(&mut self, going: &Going, checkpoint: &dyn Fn() -> Vec<u8>) -> ControlFlow<()> {
                if self.0.is_due() {
                    self.0.keep(&checkpoint());
                }
                self.0.advanced(going.done.unwrap_or(0.0))
            }
        }
        let prepared = PreparedMaskSearch::on(self, &self.data.load()?, Kernel::detect())?;
        let kept = context.checkpoint()?.filter(|bytes| {
            let steps = steps_of(bytes, self);
            let usable = steps.is_ok();
            context.resumed(steps.map_err(|error| error.to_string()));
            usable
        });
        let Searched { record, checkpoint } = prepared.search(kept.as_deref(), &mut Told(context))?;
        if record.stop_reason == StopReason::Interrupted {
            context.keep(&checkpoint);
            return Err(Error::Interrupted);
        }
        Ok(record.into())
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

impl Recorded for MaskSearchRecord {
    fn digest(&self) -> String {
        format!(
            "mask {:016x}, {} training and {} test accuracy, {} masks judged",
            self.best.mask.stable_hash(),
            self.best.train_accuracy,
            self.best.test_accuracy,
            self.work.judged()
        )
    }

    fn test_accuracy(&self) -> Option<f64> {
        Some(self.best.test_accuracy)
    }
}
