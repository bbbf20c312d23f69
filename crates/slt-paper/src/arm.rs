//! The arms of the experiments: a method on data with a network, one run for each of the seeds 1 to R.
//! Figures and claims name arms; an arm says which runs it needs and what came out of them.

use slt_baselines::{EdgePopupConfig, MlpClassifier};
use slt_core::Seed;
use slt_datasets::paper::{PaperData, PaperName, PaperScaling, PaperSplit};
use slt_ga::{AdaptiveBound, GaConfig, SelectionKind};
use slt_mlp::{Architecture, Initializer, Recipe};

use crate::genetic::{Bounding, Cap, Ga};
use crate::method::{EdgePopup, KEEP, Keep, Method};
use crate::quantity::Quantity;
use crate::{Error, Plan, Protocol, Scale};
use slt_run::{
    DataSource, EdgePopupSpec, HistoryKept, MaskSearchRecord, MaskSearchSpec, PruningRecord, Records,
    RunSpec, SearchRecord, SearchSpec, TieBreak, TrainingSpec, architecture_for, attempt_limits,
    canonical_data,
};

/// The four architectures of moons and circles, from small to large.
pub(crate) const ARCHITECTURES: [&str; 4] = ["A", "B", "C", "D"];

/// Numbers of classes of the blobs.
pub(crate) const BLOB_CLASSES: std::ops::RangeInclusive<u32> = 2..=10;

/// Numbers of classes of the digits.
pub(crate) const DIGIT_CLASSES: [u32; 5] = [2, 3, 4, 5, 10];

/// Generations after which a search is ended whose survivor selection may lose the best: it would not come to
/// rest on its own. That is well above what the same search takes with cut-off selection, which keeps the
/// rule of the paper.
const RESTLESS_GENERATIONS: u64 = 500;

/// The letter of the network that the paper uses for a data set with many classes.
pub(crate) fn usual_architecture(name: PaperName) -> &'static str {
    if name == PaperName::Digits { "B" } else { "C" }
}

/// A method on data with a network.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Arm {
    pub(crate) method: Method,
    pub(crate) data: PaperData,
    pub(crate) architecture: &'static str,
    pub(crate) repetitions: Repetitions,
}

/// How many runs an arm has, where the plan says R.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Repetitions {
    /// R.
    Full,
    /// Twice as many, where the published analysis has them; R at the smaller scales.
    Double,
    /// 10 at most: an arm that only explains.
    Ten,
    /// 5 at most: long runs, and analyses of single tickets.
    Five,
}

impl Repetitions {
    fn of(self, plan: &Plan) -> Plan {
        let runs = match self {
            Self::Full => plan.runs,
            Self::Double if plan.scale == Scale::Paper => 2 * plan.runs,
            Self::Double => plan.runs,
            Self::Ten => plan.runs.min(10),
            Self::Five => plan.runs.min(5),
        };
        Plan { runs, ..*plan }
    }
}

impl Arm {
    /// A method on moons or circles.
    pub(crate) fn binary(method: Method, name: PaperName, architecture: &'static str) -> Self {
        Self { method, data: PaperData::new(name), architecture, repetitions: Repetitions::Full }
    }

    /// A method on moons or circles with each of the four architectures.
    pub(crate) fn over_architectures(method: Method, name: PaperName) -> Vec<Self> {
        ARCHITECTURES.map(|architecture| Self::binary(method, name, architecture)).to_vec()
    }

    /// A method on so many classes of blobs or digits, scaled as the paper says, with its network.
    pub(crate) fn classes(method: Method, name: PaperName, classes: u32) -> Self {
        let data = PaperData { classes: Some(classes), ..PaperData::new(name) };
        Self { method, data, architecture: usual_architecture(name), repetitions: Repetitions::Full }
    }

    /// The same on otherwise scaled data.
    pub(crate) fn scaled(self, scaling: PaperScaling) -> Self {
        Self { data: PaperData { scaling, ..self.data }, ..self }
    }

    /// The same data divided into training and test data in another way.
    pub(crate) fn split(self, split: PaperSplit) -> Self {
        Self { data: PaperData { split, ..self.data }, ..self }
    }

    /// The same with another number of runs.
    pub(crate) fn repeated(self, repetitions: Repetitions) -> Self {
        Self { repetitions, ..self }
    }

    /// Data and network in words.
    pub(crate) fn cell(self) -> String {
        let name = canonical_data(self.data).and_then(|data| Ok(data.dataset_name()?));
        format!("{}, {}", name.unwrap_or_default(), self.architecture)
    }

    /// Another method on the same data with the same network.
    pub(crate) fn by(self, method: Method) -> Self {
        Self { method, ..self }
    }

    /// The two configurations of the genetic algorithm that the paper compares, "GA" first.
    pub(crate) fn both_configurations(self) -> [Self; 2] {
        [self.by(Method::ga()), self.by(Method::ga_ab())]
    }

    /// The runs that it needs, those included that others of its runs follow from, as far as they are known
    /// from the records.
    ///
    /// # Errors
    /// If a spec is impossible.
    pub(crate) fn runs(self, plan: &Plan, records: &Records) -> Result<Vec<RunSpec>, Error> {
        Ok(match self.method {
            Method::Ga(Ga { pruned, .. }) => {
                let searches = self.searches(plan, records)?;
                let prunings = if pruned { prunings(records, &searches) } else { Vec::new() };
                any(searches).chain(prunings).collect()
            }
            Method::BetterGa => runs(self.both_configurations(), plan, records)?,
            Method::EdgePopup(EdgePopup { keep: Keep::Adapted | Keep::Sparsity, .. }) => {
                let mut runs = runs(self.both_configurations(), plan, records)?;
                for protocol in Protocol::ALL {
                    runs.extend(any(self.popups(plan, records, protocol)?.into_iter().flatten()));
                }
                runs
            }
            Method::EdgePopup(_) => {
                any(self.popups(plan, records, Protocol::Clean)?.into_iter().flatten()).collect()
            }
            Method::Backpropagation => any(self.trainings(plan)?).collect(),
            Method::Search(_) => any(self.mask_searches(plan)?).collect(),
        })
    }

    /// A value of each of its runs, in the order of the seeds.
    ///
    /// # Errors
    /// [`slt_run::Error::Missing`] if a record is not there.
    pub(crate) fn values(
        self,
        plan: &Plan,
        records: &Records,
        protocol: Protocol,
        quantity: Quantity,
    ) -> Result<Vec<f64>, Error> {
        Ok(match self.method {
            Method::Ga(Ga { pruned: true, .. }) => {
                let found = self.tickets(plan, records)?.into_iter();
                let pruned = found.map(|record| records.need(&protocol.pruning(record)));
                let value = |record: &PruningRecord| match quantity {
                    Quantity::TestAccuracy => record.test_accuracy,
                    Quantity::TrainAccuracy => record.train_accuracy,
                    Quantity::Sparsity => record.sparsity,
                    Quantity::Ties => f64::NAN,
                };
                pruned.map(|record| record.map(value)).collect::<Result<_, _>>()?
            }
            Method::Ga(_) => {
                let found = self.tickets(plan, records)?.into_iter();
                let value = |record| {
                    let chosen = protocol.chosen(record);
                    match quantity {
                        Quantity::TestAccuracy => chosen.test_accuracy,
                        Quantity::TrainAccuracy => chosen.train_accuracy,
                        Quantity::Sparsity => chosen.sparsity,
                        Quantity::Ties => {
                            1.0 - record.distinct_performances as f64 / record.distinct_masks.max(1) as f64
                        }
                    }
                };
                found.map(value).collect()
            }
            Method::BetterGa => {
                let better = self.better_configuration(plan, records, protocol)?;
                better.values(plan, records, protocol, quantity)?
            }
            Method::EdgePopup(_) => {
                let specs = self.need_popups(plan, records, protocol)?;
                let found = records.need_all(&specs)?.into_iter();
                found
                    .map(|record| match quantity {
                        Quantity::TestAccuracy => record.last.test_accuracy,
                        Quantity::TrainAccuracy => record.last.train_accuracy,
                        Quantity::Sparsity => record.last.sparsity,
                        Quantity::Ties => f64::NAN,
                    })
                    .collect()
            }
            Method::Backpropagation => {
                let found = records.need_all(&self.trainings(plan)?)?.into_iter();
                found
                    .map(|record| match quantity {
                        Quantity::TestAccuracy => record.test_accuracy,
                        Quantity::TrainAccuracy => record.train_accuracy,
                        Quantity::Sparsity => 0.0,
                        Quantity::Ties => f64::NAN,
                    })
                    .collect()
            }
            Method::Search(_) => {
                let value = |record: &MaskSearchRecord| match quantity {
                    Quantity::TestAccuracy => record.best.test_accuracy,
                    Quantity::TrainAccuracy => record.best.train_accuracy,
                    Quantity::Sparsity => record.best.sparsity,
                    Quantity::Ties => f64::NAN,
                };
                self.masks(plan, records)?.into_iter().map(value).collect()
            }
        })
    }

    /// The test accuracy of each of its runs, as a share.
    ///
    /// # Errors
    /// [`slt_run::Error::Missing`] if a record is not there.
    pub(crate) fn accuracies(
        self,
        plan: &Plan,
        records: &Records,
        protocol: Protocol,
    ) -> Result<Vec<f64>, Error> {
        self.values(plan, records, protocol, Quantity::TestAccuracy)
    }

    /// The searches of an arm that is one configuration of the genetic algorithm, as far as they are known
    /// from the records; none otherwise.
    ///
    /// # Errors
    /// If a spec is impossible.
    pub(crate) fn searches(self, plan: &Plan, records: &Records) -> Result<Vec<SearchSpec>, Error> {
        let Method::Ga(ga) = self.method else { return Ok(Vec::new()) };
        let data = canonical_data(self.data)?;
        let spec = |seed| {
            let network = self.recipe(data, ga.initializer, seed)?;
            let mut config = ga.config(data, &network.architecture)?;
            plan.shorten(data.name, ga.metric, &mut config);
            let history = if self.is_in_fig4() { HistoryKept::Whole } else { HistoryKept::usual(ga.metric) };
            let tie_break = TieBreak::paper(ga.metric);
            Ok::<_, Error>(SearchSpec {
                data: data.into(),
                network,
                metric: ga.metric,
                config,
                search_seed: seed,
                tie_break,
                history,
            })
        };
        let mut specs: Vec<SearchSpec> = Vec::new();
        for seed in self.repetitions.of(plan).seeds() {
            let mut spec: SearchSpec = spec(seed)?;
            if let (Bounding::Carried, Some(bound), Some(last)) =
                (ga.bounding, &mut spec.config.bound, specs.last())
            {
                let Some(left) = records.get(last).and_then(|record| record.bound) else { break };
                *bound = bound.starting_at(left);
            }
            specs.push(spec);
        }
        Ok(specs)
    }

    /// The records of its searches.
    ///
    /// # Errors
    /// [`slt_run::Error::Missing`] if one is not there.
    pub(crate) fn tickets<'a>(
        self,
        plan: &Plan,
        records: &'a Records,
    ) -> Result<Vec<&'a SearchRecord>, Error> {
        Ok(records.need_all(&self.searches(plan, records)?)?)
    }

    /// The searches for a mask of an arm that is one beyond the paper; none otherwise.
    ///
    /// # Errors
    /// If a spec is impossible.
    pub(crate) fn mask_searches(self, plan: &Plan) -> Result<Vec<MaskSearchSpec>, Error> {
        let Method::Search(search) = self.method else { return Ok(Vec::new()) };
        let data = canonical_data(self.data)?;
        let spec = |seed| search.spec(plan, data, self.recipe(data, Initializer::paper(), seed)?, seed);
        self.repetitions.of(plan).seeds().map(spec).collect()
    }

    /// The records of these.
    ///
    /// # Errors
    /// [`slt_run::Error::Missing`] if one is not there.
    pub(crate) fn masks<'a>(
        self,
        plan: &Plan,
        records: &'a Records,
    ) -> Result<Vec<&'a MaskSearchRecord>, Error> {
        Ok(records.need_all(&self.mask_searches(plan)?)?)
    }

    /// Whether Fig. 4 draws a run of it.
    fn is_in_fig4(self) -> bool {
        self.method == Method::ga_ab() && self.data.name == PaperName::Circles && self.architecture == "B"
    }

    /// The one of the two configurations with the higher mean accuracy, "GA" if the means are equal: on test
    /// data in protocol `paper`, as published, on training data in protocol `clean`, which decides nothing by
    /// test data.
    ///
    /// # Errors
    /// [`slt_run::Error::Missing`] if a record is not there.
    pub(crate) fn better_configuration(
        self,
        plan: &Plan,
        records: &Records,
        protocol: Protocol,
    ) -> Result<Self, Error> {
        let [ga, ab] = self.both_configurations();
        let by = protocol.better_by();
        let mean = |arm: Self| Ok::<_, Error>(slt_stats::mean(&arm.values(plan, records, protocol, by)?)?);
        Ok(if mean(ab)? > mean(ga)? { ab } else { ga })
    }

    /// The fraction of the weights that edge-popup keeps, rounded to 4 digits where it is adapted. `None`
    /// until the records are there that it follows from.
    fn keep(
        self,
        keep: Keep,
        plan: &Plan,
        records: &Records,
        protocol: Protocol,
    ) -> Result<Option<f64>, Error> {
        if keep == Keep::Half {
            return Ok(Some(KEEP));
        }
        let sparsities = self
            .better_configuration(plan, records, protocol)
            .and_then(|better| better.values(plan, records, protocol, Quantity::Sparsity));
        match sparsities {
            Err(Error::Run(slt_run::Error::Missing { .. })) => Ok(None),
            Err(error) => Err(error),
            Ok(sparsities) => {
                let sparsity = sparsities.iter().sum::<f64>() / sparsities.len() as f64;
                let keep = if keep == Keep::Sparsity { sparsity } else { 1.0 - sparsity };
                Ok(Some((1e4 * keep).round() / 1e4))
            }
        }
    }

    /// The runs of edge-popup, on the same networks as the searches. `None` until the records are there that
    /// the keep rate follows from, or if it is another method.
    ///
    /// # Errors
    /// If a spec is impossible.
    pub(crate) fn popups(
        self,
        plan: &Plan,
        records: &Records,
        protocol: Protocol,
    ) -> Result<Option<Vec<EdgePopupSpec>>, Error> {
        let Method::EdgePopup(EdgePopup { initializer, keep }) = self.method else { return Ok(None) };
        let Some(keep) = self.keep(keep, plan, records, protocol)? else { return Ok(None) };
        let data = canonical_data(self.data)?;
        let mut config = EdgePopupConfig { keep, ..EdgePopupConfig::paper(data.name) };
        plan.cap_epochs(&mut config);
        let spec = |seed| {
            let network = self.recipe(data, initializer, seed)?;
            Ok(EdgePopupSpec { data: data.into(), network, config, search_seed: seed })
        };
        self.repetitions.of(plan).seeds().map(spec).collect::<Result<_, Error>>().map(Some)
    }

    /// The same where the records have to be there.
    ///
    /// # Errors
    /// [`slt_run::Error::Missing`] if a record is not there that the keep rate follows from.
    pub(crate) fn need_popups(
        self,
        plan: &Plan,
        records: &Records,
        protocol: Protocol,
    ) -> Result<Vec<EdgePopupSpec>, Error> {
        match self.popups(plan, records, protocol)? {
            Some(popups) => Ok(popups),
            // It says which record is missing.
            None => {
                self.better_configuration(plan, records, protocol)?;
                Ok(Vec::new())
            }
        }
    }

    /// The trainings with the paper's hyper-parameters.
    ///
    /// # Errors
    /// If a spec is impossible.
    pub(crate) fn trainings(self, plan: &Plan) -> Result<Vec<TrainingSpec>, Error> {
        let data = canonical_data(self.data)?;
        let sizes = architecture_for(&data.into(), self.architecture)?.sizes().to_vec();
        let hidden = &sizes[1..sizes.len() - 1];
        let mut classifier = MlpClassifier::paper(data.name, sizes[sizes.len() - 1], hidden)?;
        plan.cap_training(&mut classifier);
        let spec = |seed: Seed| TrainingSpec {
            data: data.into(),
            classifier: MlpClassifier { random_state: seed.0 as u32, ..classifier.clone() },
        };
        Ok(self.repetitions.of(plan).seeds().map(spec).collect())
    }

    /// A network, drawn with a seed.
    fn recipe(self, data: PaperData, initializer: Initializer, seed: Seed) -> Result<Recipe, Error> {
        Ok(Recipe { architecture: architecture_for(&data.into(), self.architecture)?, initializer, seed })
    }
}

impl Ga {
    /// The settings of a search, as long as the paper's.
    pub(crate) fn config(self, data: PaperData, architecture: &Architecture) -> Result<GaConfig, Error> {
        let mut config = self.algorithm.config(self.metric, DataSource::from(data).shape()?, architecture)?;
        if let Some(bound) = &mut config.bound {
            let (reasonable, given) = attempt_limits(architecture);
            match self.bounding {
                Bounding::Paper | Bounding::Carried => {}
                Bounding::Quarter => *bound = AdaptiveBound::paper(reasonable / 4, given / 4),
                Bounding::From(start) => bound.start = start,
                Bounding::Fixed(value) => *bound = AdaptiveBound::fixed(value, given),
            }
        }
        config.selection = self.selection;
        config.population = self.population.unwrap_or(config.population);
        let cap = &mut config.termination.max_generations;
        match self.cap {
            Cap::Own => {}
            Cap::At(generations) => *cap = Some(generations),
            Cap::Open => *cap = None,
        }
        if self.selection != SelectionKind::CutOff {
            *cap = Some(cap.unwrap_or(RESTLESS_GENERATIONS).min(RESTLESS_GENERATIONS));
        }
        Ok(config)
    }
}

/// The runs that arms need, as far as they are known from the records.
///
/// # Errors
/// If a spec is impossible.
pub(crate) fn runs(
    arms: impl IntoIterator<Item = Arm>,
    plan: &Plan,
    records: &Records,
) -> Result<Vec<RunSpec>, Error> {
    let runs: Vec<Vec<RunSpec>> =
        arms.into_iter().map(|arm| arm.runs(plan, records)).collect::<Result<_, _>>()?;
    Ok(runs.into_iter().flatten().collect())
}

/// The prunings, in both protocols, of all tickets of `searches` that are there.
fn prunings(records: &Records, searches: &[SearchSpec]) -> Vec<RunSpec> {
    let found = searches.iter().filter_map(|spec| records.get(spec));
    found.flat_map(|record| Protocol::ALL.map(|protocol| protocol.pruning(record).into())).collect()
}

/// Specs of one kind as specs of any kind.
pub(crate) fn any<S: Into<RunSpec>>(specs: impl IntoIterator<Item = S>) -> impl Iterator<Item = RunSpec> {
    specs.into_iter().map(Into::into)
}
