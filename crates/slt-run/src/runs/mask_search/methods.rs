//! All algorithms: what can be asked of each, the parameters that it is given then, and what runs have
//! to know of it. A new one is named here, and nowhere else in this crate.

use serde::{Deserialize, Serialize};
use slt_baselines::DataShape;
use slt_datasets::Shifts;
use slt_ga::{GaConfig, GeneticAlgorithm, Memetic, Nsga2, Nsga2State, Umda};
use slt_mlp::metric::Scoring;
use slt_mlp::{Metric, MetricName};
use slt_search::{
    Algorithm, Annealing, Batch, Cooling, Descent, HeavyTailed, LateAcceptance, Price, UnitDescent,
};

use super::prepared::Task;
use super::{Goal, Searched};
use crate::Error;
use crate::runs::genetic_passes;

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
    /// See [`Nsga2`].
    Nsga2(Nsga2),
    /// See [`Umda`].
    Umda(Umda),
    /// See [`UnitDescent`].
    UnitDescent(UnitDescent),
    /// The paper's, to compare the others with at equal work: a [`SearchSpec`](crate::SearchSpec) records
    /// what is reported of it by itself. See [`GeneticAlgorithm`].
    #[serde(rename = "ga")]
    Genetic(GaConfig),
}

/// The algorithms beyond the paper's; see [`SearchMethod`]. Messages list them in this order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MaskAlgorithm {
    /// `descent`
    Descent,
    /// `anneal`
    Anneal,
    /// `late-acceptance`
    LateAcceptance,
    /// `heavy-tailed`
    HeavyTailed,
    /// `memetic`
    Memetic,
    /// `nsga2`
    Nsga2,
    /// `umda`
    Umda,
    /// `unit-descent`
    UnitDescent,
}

/// The names of the algorithms, the options that they take, and how they are made from them, in the order in
/// which help lists them.
pub(in crate::runs) const TABLE: &[Row] = {
    use MaskAlgorithm as A;
    use MaskOption::{
        Batches, Children, Flips, Front, Generations, Passes, Population, Price, Restarts, Shifts, Signed,
        Sweeps,
    };
    &[
        Row::new(A::Memetic, "memetic", &[Price, Front, Flips, Population, Children], memetic),
        Row::new(A::Anneal, "anneal", &[Price, Front, Flips, Restarts], annealing),
        Row::new(A::Descent, "descent", &[Price, Front, Sweeps], descent),
        Row::new(A::LateAcceptance, "late-acceptance", &[Price, Front, Flips], late_acceptance),
        Row::new(A::HeavyTailed, "heavy-tailed", &[], heavy_tailed).without_end(),
        Row::new(A::Nsga2, "nsga2", &[Front, Population, Generations], nsga2),
        Row::new(A::Umda, "umda", &[Population, Generations], umda),
        Row::new(A::UnitDescent, "unit-descent", &[Price, Batches, Passes, Shifts, Signed], unit_descent)
            .with_goal(goal_by_units),
    ]
};

/// What some of the algorithms can be asked for: all but the last are [`MaskOptions`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum MaskOption {
    /// `price`
    Price,
    /// `flips`
    Flips,
    /// `restarts`
    Restarts,
    /// `sweeps`
    Sweeps,
    /// `batches`
    Batches,
    /// `passes`
    Passes,
    /// `shifts`
    Shifts,
    /// `signed`
    Signed,
    /// `population`
    Population,
    /// `children`
    Children,
    /// `generations`
    Generations,
    /// Masks that none beats in both performance and sparsity. An algorithm that takes a price, too, finds
    /// them in a search for each of several prices; one that takes none in a single search.
    Front,
}

/// What is asked of a search for a mask. What is left open becomes what suits the data and the network: so
/// the command line and other programs that are asked for the same run the same.
///
/// An option that the algorithm does not have is of no effect.
///
/// | field | purpose | range | where it is left open |
/// |---|---|---|---|
/// | `objective` | metric that moves follow, and that is refined in the end | | [`Goal::usual`]; cross-entropy for `unit-descent` |
/// | `judge` | metric that results are judged by | | accuracy; the objective, if that is named |
/// | `hold_out` | share of the training data that is held out for the judge | (0, 1) | none |
/// | `samples` | the most samples that moves are judged on | from 1 | [`Goal::usual`]; all for `unit-descent` |
/// | `shifts` | pixels that copies of images are moved by (`unit-descent`) | | 0 |
/// | `signed` | whether weights may be inverted (`unit-descent`) | | `false` |
/// | `price` | what an active weight has to be worth (`descent`, `anneal`, `late-acceptance`, `memetic`, `unit-descent`) | from 0 | 0 |
/// | `flips` | flips of a local search (`anneal`, `late-acceptance`, `memetic`) | from 1 | by the number of weights |
/// | `restarts` | starts from a random mask (`anneal`) | from 1 | 1 |
/// | `sweeps` | sweeps over all weights (`descent`) | from 1 | that of [`Descent`] |
/// | `batches` | samples and sweeps on them (`unit-descent`) | | [`UnitDescent::for_samples`] |
/// | `passes` | passes over the weights of a unit (`unit-descent`) | from 1 | that of [`UnitDescent`] |
/// | `population` | masks that are kept, or drawn (`memetic`, `nsga2`, `umda`) | from 1 | by the number of weights; those of [`Nsga2`] and [`Umda`] |
/// | `children` | children in all (`memetic`) | | by the number of weights |
/// | `generations` | the last generation (`nsga2`, `umda`) | | those of [`Nsga2`] and [`Umda`] |
/// | `evaluations` | the most masks that are judged | from 1 | no limit |
#[derive(Debug, Clone, Default, PartialEq)]
#[allow(missing_docs, reason = "the table above")]
pub struct MaskOptions {
    pub objective: Option<MetricName>,
    pub judge: Option<MetricName>,
    pub hold_out: Option<f64>,
    pub samples: Option<usize>,
    pub shifts: usize,
    pub signed: bool,
    pub price: Option<Price>,
    pub flips: Option<u64>,
    pub restarts: Option<u64>,
    pub sweeps: Option<u64>,
    pub batches: Option<Vec<Batch>>,
    pub passes: Option<u64>,
    pub population: Option<usize>,
    pub children: Option<u64>,
    pub generations: Option<u64>,
    pub evaluations: Option<u64>,
}

/// An algorithm with its parameters, as runs know it.
pub(super) trait Method {
    /// See [`SearchMethod::name`].
    fn name(&self) -> &'static str;

    /// See [`SearchMethod::validate`].
    fn checked(&self) -> Result<(), slt_search::Error>;

    /// See [`SearchMethod::price`].
    fn price(&self) -> Option<&Price> {
        None
    }

    /// Refuses a metric that it is not defined for.
    fn follows(&self, _metric: MetricName) -> Result<(), Error> {
        Ok(())
    }

    /// The masks that it asks for as a whole until it ends; none if most of what it asks for are flips.
    fn masks(&self, _metric: MetricName) -> Option<f64> {
        None
    }

    /// The same with the end of another of its kind, if some of its parameters only end it: see
    /// [`Algorithm::parameters`](slt_search::Algorithm::parameters).
    fn with_end_of(&self, _other: &SearchMethod) -> Option<SearchMethod> {
        None
    }

    /// Searches.
    fn search(&self, task: Task<'_>) -> Result<Searched, Error>;
}

/// What an algorithm is asked for on, and for what.
pub(super) struct Setting {
    pub(super) goal: Goal,
    pub(super) shape: DataShape,
    pub(super) weights: usize,
}

/// What is known of an algorithm before it has parameters: a row of the [table](TABLE).
pub(in crate::runs) struct Row {
    pub(in crate::runs) algorithm: MaskAlgorithm,
    pub(in crate::runs) name: &'static str,
    options: &'static [MaskOption],
    has_end: bool,
    /// Its goal, from the usual one.
    pub(super) goal: fn(Goal, &MaskOptions) -> Goal,
    /// The algorithm with the parameters that are asked for.
    pub(super) asked: fn(&MaskOptions, &Setting) -> Result<SearchMethod, Error>,
}

impl Row {
    pub(super) const fn new(
        algorithm: MaskAlgorithm,
        name: &'static str,
        options: &'static [MaskOption],
        asked: fn(&MaskOptions, &Setting) -> Result<SearchMethod, Error>,
    ) -> Self {
        Self { algorithm, name, options, has_end: true, goal: |usual, _| usual, asked }
    }

    /// It goes on until something else ends it.
    pub(super) const fn without_end(self) -> Self {
        Self { has_end: false, ..self }
    }

    /// It has another goal than the usual one.
    pub(super) const fn with_goal(self, goal: fn(Goal, &MaskOptions) -> Goal) -> Self {
        Self { goal, ..self }
    }
}

impl MaskAlgorithm {
    pub(super) fn row(self) -> &'static Row {
        TABLE.iter().find(|row| row.algorithm == self).expect("the table has a row for each algorithm")
    }

    /// The name on the command line.
    pub fn name(self) -> &'static str {
        self.row().name
    }

    /// Whether it takes an option; those that it does not take are of no effect on it.
    pub fn takes(self, option: MaskOption) -> bool {
        self.row().options.contains(&option)
    }

    /// Whether it ends by itself. Otherwise it needs a budget, or somebody who stops it.
    pub fn has_end(self) -> bool {
        self.row().has_end
    }
}

impl SearchMethod {
    /// The name on the command line.
    pub fn name(&self) -> &'static str {
        self.method().name()
    }

    /// What active weights cost, for an algorithm that has a price.
    pub fn price(&self) -> Option<&Price> {
        self.method().price()
    }

    /// Checks every parameter.
    ///
    /// # Errors
    /// [`Config`](slt_search::Error::Config) with the first that is out of range;
    /// [`NeverEnds`](slt_search::Error::NeverEnds) for a genetic algorithm without an end.
    pub fn validate(&self) -> Result<(), slt_search::Error> {
        self.method().checked()
    }

    /// Whether an algorithm of its name takes an option.
    pub(super) fn takes(&self, option: MaskOption) -> bool {
        TABLE.iter().any(|row| row.name == self.name() && row.options.contains(&option))
    }

    /// The algorithm as runs know it.
    pub(super) fn method(&self) -> &dyn Method {
        match self {
            Self::Descent(method) => method,
            Self::Annealing(method) => method,
            Self::LateAcceptance(method) => method,
            Self::HeavyTailed(method) => method,
            Self::Memetic(method) => method,
            Self::Nsga2(method) => method,
            Self::Umda(method) => method,
            Self::UnitDescent(method) => method,
            Self::Genetic(method) => method,
        }
    }

    /// The same, ended by the rules of another one.
    pub(super) fn with_end_of(&self, other: &Self) -> Self {
        self.method().with_end_of(other).unwrap_or_else(|| self.clone())
    }
}

fn descent(options: &MaskOptions, _: &Setting) -> Result<SearchMethod, Error> {
    let default = Descent::default();
    let sweeps = options.sweeps.unwrap_or(default.sweeps);
    Ok(SearchMethod::Descent(Descent { price: options.asked_price(), sweeps, ..default }))
}

impl Method for Descent {
    fn name(&self) -> &'static str {
        Algorithm::name(self)
    }

    fn checked(&self) -> Result<(), slt_search::Error> {
        self.validate()
    }

    fn price(&self) -> Option<&Price> {
        Some(&self.price)
    }

    fn search(&self, task: Task<'_>) -> Result<Searched, Error> {
        task.run(self.clone())
    }
}

fn annealing(options: &MaskOptions, on: &Setting) -> Result<SearchMethod, Error> {
    let default = Annealing::default();
    let flips = options.flips.unwrap_or(default.cooling.flips.max(20 * on.weights as u64));
    Ok(SearchMethod::Annealing(Annealing {
        cooling: Cooling { flips, price: options.asked_price(), ..default.cooling },
        restarts: options.restarts.unwrap_or(1),
        ..default
    }))
}

impl Method for Annealing {
    fn name(&self) -> &'static str {
        Algorithm::name(self)
    }

    fn checked(&self) -> Result<(), slt_search::Error> {
        self.validate()
    }

    fn price(&self) -> Option<&Price> {
        Some(&self.cooling.price)
    }

    fn search(&self, task: Task<'_>) -> Result<Searched, Error> {
        task.run(self.clone())
    }
}

fn late_acceptance(options: &MaskOptions, on: &Setting) -> Result<SearchMethod, Error> {
    let default = LateAcceptance::default();
    let flips = options.flips.unwrap_or(default.flips.max(20 * on.weights as u64));
    Ok(SearchMethod::LateAcceptance(LateAcceptance { flips, price: options.asked_price(), ..default }))
}

impl Method for LateAcceptance {
    fn name(&self) -> &'static str {
        Algorithm::name(self)
    }

    fn checked(&self) -> Result<(), slt_search::Error> {
        self.validate()
    }

    fn price(&self) -> Option<&Price> {
        Some(&self.price)
    }

    fn search(&self, task: Task<'_>) -> Result<Searched, Error> {
        task.run(self.clone())
    }
}

fn heavy_tailed(_: &MaskOptions, _: &Setting) -> Result<SearchMethod, Error> {
    Ok(SearchMethod::HeavyTailed(HeavyTailed::default()))
}

impl Method for HeavyTailed {
    fn name(&self) -> &'static str {
        Algorithm::name(self)
    }

    fn checked(&self) -> Result<(), slt_search::Error> {
        self.validate()
    }

    fn search(&self, task: Task<'_>) -> Result<Searched, Error> {
        task.run(self.clone())
    }
}

fn memetic(options: &MaskOptions, on: &Setting) -> Result<SearchMethod, Error> {
    let preset = on.goal.memetic(on.weights);
    Ok(SearchMethod::Memetic(Memetic {
        population: options.population.unwrap_or(preset.population),
        founder_flips: options.flips.unwrap_or(preset.founder_flips),
        child_flips: options.flips.unwrap_or(preset.child_flips),
        children: options.children.unwrap_or(preset.children),
        price: options.asked_price(),
        ..preset
    }))
}

impl Method for Memetic {
    fn name(&self) -> &'static str {
        Algorithm::name(self)
    }

    fn checked(&self) -> Result<(), slt_search::Error> {
        self.validate()
    }

    fn price(&self) -> Option<&Price> {
        Some(&self.price)
    }

    fn search(&self, task: Task<'_>) -> Result<Searched, Error> {
        task.run(self.clone())
    }
}

fn nsga2(options: &MaskOptions, _: &Setting) -> Result<SearchMethod, Error> {
    let default = Nsga2::default();
    Ok(SearchMethod::Nsga2(Nsga2 {
        population: options.population.unwrap_or(default.population),
        generations: options.generations.unwrap_or(default.generations),
        ..default
    }))
}

impl Method for Nsga2 {
    fn name(&self) -> &'static str {
        Algorithm::name(self)
    }

    fn checked(&self) -> Result<(), slt_search::Error> {
        self.validate()
    }

    fn masks(&self, _: MetricName) -> Option<f64> {
        Some(self.population as f64 * (self.generations as f64 + 1.0))
    }

    fn with_end_of(&self, other: &SearchMethod) -> Option<SearchMethod> {
        let SearchMethod::Nsga2(other) = other else { return None };
        Some(SearchMethod::Nsga2(Self { generations: other.generations, ..self.clone() }))
    }

    fn search(&self, task: Task<'_>) -> Result<Searched, Error> {
        task.run_for_front(self.clone(), Nsga2State::front)
    }
}

/// Of so many samples of a UMDA, one is selected.
const SAMPLES_OF_A_SELECTED: usize = 4;

fn umda(options: &MaskOptions, _: &Setting) -> Result<SearchMethod, Error> {
    let default = Umda::default();
    let samples = options.population.unwrap_or(default.samples);
    Ok(SearchMethod::Umda(Umda {
        samples,
        selected: (samples / SAMPLES_OF_A_SELECTED).max(1),
        generations: options.generations.unwrap_or(default.generations),
        ..default
    }))
}

impl Method for Umda {
    fn name(&self) -> &'static str {
        Algorithm::name(self)
    }

    fn checked(&self) -> Result<(), slt_search::Error> {
        self.validate()
    }

    fn masks(&self, _: MetricName) -> Option<f64> {
        Some(self.samples as f64 * self.generations as f64)
    }

    fn with_end_of(&self, other: &SearchMethod) -> Option<SearchMethod> {
        let SearchMethod::Umda(other) = other else { return None };
        Some(SearchMethod::Umda(Self { generations: other.generations, ..self.clone() }))
    }

    fn search(&self, task: Task<'_>) -> Result<Searched, Error> {
        task.run(self.clone())
    }
}

/// Losses on all samples, whatever the data: batches are its own way to look at fewer.
fn goal_by_units(usual: Goal, options: &MaskOptions) -> Goal {
    Goal {
        metric: options.objective.unwrap_or(MetricName::CrossEntropy),
        judge: Some(MetricName::Accuracy),
        refinement: None,
        samples: None,
        shifts: options.shifts,
        ..usual
    }
}

fn unit_descent(options: &MaskOptions, on: &Setting) -> Result<SearchMethod, Error> {
    let metric = on.goal.metric;
    if !matches!(metric.scoring(), Scoring::Loss(_)) {
        return Err(Error::NeedsLoss { metric });
    }
    let copies = match on.goal.shifts {
        0 => 1,
        pixels => Shifts::new(on.shape.features, pixels)?.copies(),
    };
    let default = UnitDescent::for_samples(on.shape.samples, copies);
    Ok(SearchMethod::UnitDescent(UnitDescent {
        batches: options.batches.clone().unwrap_or(default.batches),
        passes: options.passes.unwrap_or(default.passes),
        price: options.asked_price(),
        density: default.density,
    }))
}

impl Method for UnitDescent {
    fn name(&self) -> &'static str {
        Algorithm::name(self)
    }

    fn checked(&self) -> Result<(), slt_search::Error> {
        self.validate()
    }

    fn price(&self) -> Option<&Price> {
        Some(&self.price)
    }

    fn search(&self, task: Task<'_>) -> Result<Searched, Error> {
        task.run(self.clone())
    }
}

impl Method for GaConfig {
    fn name(&self) -> &'static str {
        "ga"
    }

    fn checked(&self) -> Result<(), slt_search::Error> {
        self.validate().map(drop)
    }

    fn follows(&self, metric: MetricName) -> Result<(), Error> {
        let is_refused = self.bound.is_some() && metric.range() != (0.0..=1.0);
        if is_refused { Err(Error::BoundNeedsShare { metric }) } else { Ok(()) }
    }

    /// Those that would take as long without racing and sharing.
    fn masks(&self, metric: MetricName) -> Option<f64> {
        // With half of the weights each.
        Some(2.0 * genetic_passes(self, metric))
    }

    fn with_end_of(&self, other: &SearchMethod) -> Option<SearchMethod> {
        let SearchMethod::Genetic(other) = other else { return None };
        Some(SearchMethod::Genetic(Self { termination: other.termination, ..self.clone() }))
    }

    fn search(&self, task: Task<'_>) -> Result<Searched, Error> {
        task.run(GeneticAlgorithm::new(self.validate()?))
    }
}
