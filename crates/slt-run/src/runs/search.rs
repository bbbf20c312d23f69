use std::fmt;
use std::ops::ControlFlow;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use slt_baselines::DataShape;
use slt_core::{BitMask, Seed};
use slt_datasets::paper::{PaperData, PaperName};
use slt_ga::{
    GaConfig, GenerationStats, GeneticAlgorithm, Observer, Pulse, SelectionKind, StopReason, View, thinned,
};
use slt_mlp::{Architecture, Initializer, Metric, MetricName, Recipe};

use super::{About, Context, Kind, Prepared, RunRecord, RunSpec, TicketSpec, initialisation};
use crate::{DataSource, Error, canonical_data, read_checkpoint, write_checkpoint};

/// The two configurations of the genetic algorithm that the paper compares.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Algorithm {
    /// "GA".
    Ga,
    /// "GA (adaptive AB)": random masks must reach a bound on their accuracy.
    GaAb,
}

impl Algorithm {
    /// The name on the command line.
    pub const fn name(self) -> &'static str {
        match self {
            Algorithm::Ga => "ga",
            Algorithm::GaAb => "ga-ab",
        }
    }

    /// The paper's configuration for an objective on data of a size.
    ///
    /// | algorithm | objective | preset |
    /// |---|---|---|
    /// | `ga` | accuracy and others of the predicted classes | [`GaConfig::paper`] |
    /// | `ga-ab` | accuracy and others in [0, 1] | [`GaConfig::paper_adaptive`] with the [limits](attempt_limits) of the architecture |
    /// | `ga` | cross-entropy, other losses and AUC | [`GaConfig::paper_loss`] with 2 looks; for up to 10 features and below 40,000 samples with 5 looks, until solved |
    ///
    /// So the paper's blobs get what the paper gave them, and so do its other data.
    ///
    /// # Errors
    /// For `ga-ab` with an objective that has other values than those from 0 to 1.
    pub fn config(
        self,
        metric: MetricName,
        data: DataShape,
        architecture: &Architecture,
    ) -> Result<GaConfig, Error> {
        let is_small = data.features <= 10 && data.samples < 40_000;
        match self {
            Algorithm::Ga if !metric.is_gradual() => Ok(GaConfig::paper()),
            Algorithm::Ga if is_small => {
                let mut config = GaConfig::paper_loss(5);
                config.termination.stop_when_solved = true;
                Ok(config)
            }
            Algorithm::Ga => Ok(GaConfig::paper_loss(2)),
            Algorithm::GaAb if metric.range() == (0.0..=1.0) => {
                let (reasonable, given) = attempt_limits(architecture);
                Ok(GaConfig::paper_adaptive(reasonable, given))
            }
            Algorithm::GaAb => Err(Error::BoundNeedsShare { metric }),
        }
    }
}

impl fmt::Display for Algorithm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

impl FromStr for Algorithm {
    type Err = Error;

    fn from_str(name: &str) -> Result<Self, Error> {
        [Algorithm::Ga, Algorithm::GaAb].into_iter().find(|algorithm| algorithm.name() == name).ok_or_else(
            || Error::UnknownName {
                kind: "algorithm",
                given: name.to_owned(),
                known: "ga or ga-ab".to_owned(),
            },
        )
    }
}

/// The limits of "GA (adaptive AB)" in attempts, (reasonable, given): the reference's 4 and 5 seconds over
/// its measured time of one attempt on the paper's networks, by number of weights. A network in between takes
/// the limits of the next larger one.
pub fn attempt_limits(architecture: &Architecture) -> (u32, u32) {
    match architecture.n_weights() {
        ..=80 => (360, 450),
        81..=300 => (190, 240),
        301..=400 => (140, 175),
        _ => (80, 100),
    }
}

/// Reads an architecture for data: a letter of the paper, or a list of sizes.
///
/// # Errors
/// If it is neither, is impossible, or has not the data's numbers of features and classes.
pub fn architecture_for(data: &DataSource, text: &str) -> Result<Architecture, Error> {
    let DataShape { features, classes, .. } = data.shape()?;
    let architecture = Architecture::parse_for(text, features, classes)?;
    let (inputs, outputs) = (architecture.n_inputs(), architecture.n_outputs());
    if inputs != features {
        return Err(slt_mlp::Error::FeatureCount { inputs, features }.into());
    }
    if outputs != classes {
        return Err(slt_mlp::Error::ClassCount { outputs, classes }.into());
    }
    Ok(architecture)
}

/// What to run: everything that the result depends on, and nothing else.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SearchSpec {
    /// The data.
    pub data: DataSource,
    /// What the network is drawn from.
    pub network: Recipe,
    /// What is maximised.
    pub metric: MetricName,
    /// How it is searched.
    pub config: GaConfig,
    /// Seed of the search.
    pub search_seed: Seed,
    /// Which one of equal test accuracy is the [reranked](super::SearchRecord::reranked) individual.
    pub tie_break: TieBreak,
    /// Which generations the record tells of.
    pub history: HistoryKept,
}

/// Which individual of the last population protocol `paper` reports of several with the best test accuracy.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum TieBreak {
    /// The one with the most zeros, of those the first in the ranking: the published code's first version
    /// (accuracy as objective, Fig. 1 to 7 (a)).
    Zeros,
    /// The first in the ranking: its second version (cross-entropy as objective, Fig. 7 (b) to 11).
    Rank,
}

/// Which generations a record tells of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum HistoryKept {
    /// The first two, the last, those with a new best, and every 50th.
    Thinned,
    /// The same without those with a new best: for losses and the like, where nearly every generation has
    /// one.
    Sparse,
    /// All.
    Whole,
}

impl HistoryKept {
    /// What is kept of searches for an objective.
    pub fn usual(metric: MetricName) -> Self {
        if metric.is_gradual() { Self::Sparse } else { Self::Thinned }
    }

    /// Generations between those that a thinned history keeps in any case.
    const EVERY: u64 = 50;

    /// The part of a history that is kept.
    pub(super) fn of(self, history: &[GenerationStats]) -> Vec<GenerationStats> {
        match self {
            Self::Thinned => thinned(history, Self::EVERY),
            Self::Sparse => {
                let last = history.last().map(|generation| generation.generation);
                let kept = |generation: &&GenerationStats| {
                    let number = generation.generation;
                    number <= 1 || Some(number) == last || number.is_multiple_of(Self::EVERY)
                };
                history.iter().filter(kept).cloned().collect()
            }
            Self::Whole => history.to_vec(),
        }
    }
}

impl TieBreak {
    /// The published code's for an objective: as with accuracy for all of the predicted classes.
    pub fn paper(metric: MetricName) -> Self {
        if metric.is_gradual() { Self::Rank } else { Self::Zeros }
    }
}

impl SearchSpec {
    /// A run of the paper: accuracy as objective, weights and biases from U[-1, 1), one seed for network and
    /// search.
    ///
    /// `architecture` is a letter of the paper, for the data's numbers of features and classes, or a list of
    /// sizes.
    ///
    /// # Errors
    /// If the architecture is impossible.
    pub fn paper(
        data: PaperName,
        architecture: &str,
        algorithm: Algorithm,
        seed: Seed,
    ) -> Result<Self, Error> {
        let data = DataSource::from(canonical_data(PaperData::new(data))?);
        let architecture = architecture_for(&data, architecture)?;
        Ok(Self {
            metric: MetricName::Accuracy,
            config: algorithm.config(MetricName::Accuracy, data.shape()?, &architecture)?,
            data,
            network: Recipe { architecture, initializer: Initializer::paper(), seed },
            search_seed: seed,
            tie_break: TieBreak::paper(MetricName::Accuracy),
            history: HistoryKept::Thinned,
        })
    }

    /// The name of its record in a store: see [`RunSpec::hash`].
    pub fn hash(&self) -> String {
        RunSpec::from(self.clone()).hash()
    }

    /// Which of the two configurations it is, going by its bound.
    pub fn algorithm(&self) -> Algorithm {
        if self.config.bound.is_some() { Algorithm::GaAb } else { Algorithm::Ga }
    }

    /// The ticket of a mask of its network.
    pub fn ticket(&self, mask: &BitMask) -> TicketSpec {
        TicketSpec { data: self.data.clone(), network: self.network.clone(), mask: mask.clone() }
    }
}

impl Kind for SearchSpec {
    fn what(&self) -> String {
        let metric = (self.metric != MetricName::Accuracy).then(|| self.metric.to_string());
        let selection = match self.config.selection {
            SelectionKind::CutOff => None,
            SelectionKind::Roulette => Some("roulette".to_owned()),
            SelectionKind::RandomWalk { rate } => Some(format!("random walk {rate}")),
        };
        let unusual: Vec<String> =
            [metric, selection, initialisation(&self.network)].into_iter().flatten().collect();
        match unusual.as_slice() {
            [] => self.algorithm().to_string(),
            unusual => format!("{} ({})", self.algorithm(), unusual.join(", ")),
        }
    }

    fn about(&self) -> About {
        let sizes = self.network.architecture.sizes().to_vec();
        About { data: self.data.clone(), sizes, seed: self.search_seed }
    }

    fn passes(&self) -> f64 {
        genetic_passes(&self.config, self.metric)
    }

    fn execute(&self, context: &mut dyn Context) -> Result<RunRecord, Error> {
        let prepared = Prepared::new(self)?;
        let resumed = match context.checkpoint()? {
            None => None,
            Some(bytes) => {
                let read = read_checkpoint(bytes.as_slice(), self);
                let search = read.and_then(|checkpoint| Ok(prepared.resume(checkpoint)?));
                let step = search.as_ref().map(|search| search.view().steps());
                context.resumed(step.map_err(ToString::to_string));
                search.ok()
            }
        };
        let search = match prepared.search(resumed, &mut Keeper { context, spec: self }) {
            Err(slt_ga::Error::Interrupted { .. }) => return Err(Error::Interrupted),
            search => search?,
        };
        if search.stop_reason() == Some(StopReason::Interrupted) {
            context.keep(&write_checkpoint(self, &search.view().checkpoint()));
            return Err(Error::Interrupted);
        }
        Ok(prepared.record(&search.outcome().into())?.into())
    }
}

/// About how many evaluations of all weights a genetic algorithm takes. Half of the weights are active, and
/// racing and sharing save most of the work.
pub(super) fn genetic_passes(config: &GaConfig, metric: MetricName) -> f64 {
    let generations = match config.termination.max_generations {
        cap if metric.is_gradual() => cap.unwrap_or(2_000),
        cap => cap.unwrap_or(300).min(300),
    };
    let (population, generations) = (config.population as f64, generations as f64);
    let saved = if metric.is_gradual() { 0.15 } else { 0.08 };
    let searched = saved * (population + 0.4 * population * generations);
    // Racing saves little on random masks that are held against a bound, and each takes many attempts.
    let drawn = config.bound.map_or(0.0, |bound| {
        let masks = population + config.migration_rate * population * generations;
        0.045 * f64::from(bound.given) * masks
    });
    searched + drawn
}

/// Watches a search: has its context keep checkpoints, and passes on what it says.
struct Keeper<'a> {
    context: &'a mut dyn Context,
    spec: &'a SearchSpec,
}

impl Observer<GeneticAlgorithm> for Keeper<'_> {
    fn on_step(&mut self, view: &View<'_>) -> ControlFlow<()> {
        let go_on = self.context.step(view);
        if self.context.is_due() {
            self.context.keep(&write_checkpoint(self.spec, &view.checkpoint()));
        }
        go_on
    }

    fn on_pulse(&mut self, pulse: &Pulse) -> ControlFlow<()> {
        self.context.pulse(pulse)
    }
}
