use slt_baselines::DataShape;
use slt_core::Seed;
use slt_datasets::Shifts;
use slt_ga::{Memetic, Nsga2, Umda};
use slt_mlp::metric::Scoring;
use slt_mlp::{Metric, MetricName, Recipe};
use slt_search::{
    Annealing, Batch, Budget, Cooling, Descent, HeavyTailed, LateAcceptance, Price, UnitDescent,
};

use super::{Goal, HoldOut, MaskSearchSpec, SearchMethod};
use crate::runs::MaskAlgorithm;
use crate::{DataSource, Error};

/// Divides the training data, if a part is held out: whatever the seed of the search.
const HOLD_OUT_SEED: Seed = Seed(1);

/// Of so many samples of a UMDA, one is selected.
const SAMPLES_OF_A_SELECTED: usize = 4;

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

impl MaskOptions {
    /// Part of a local search in which a price rises, where nothing else is said.
    pub const PRICE_RAMP: f64 = 0.5;

    /// A price for each active weight that rises over the usual part of a local search.
    pub fn price_per_weight(amount: f64) -> Price {
        Price { ramp: Self::PRICE_RAMP, ..Price::per_weight(amount) }
    }

    /// The search that is asked for, on data, with a network.
    ///
    /// # Errors
    /// If the data cannot be looked at or have no images to move, a parameter is out of range, or
    /// `unit-descent` is to follow what is no mean of losses ([`Error::NeedsLoss`]).
    ///
    /// ```
    /// use slt_core::Seed;
    /// use slt_mlp::{Architecture, Initializer, Recipe};
    /// use slt_run::{DataSource, MaskAlgorithm, MaskOptions, MaskSearchSpec};
    /// let data: DataSource = "circles".parse::<slt_datasets::paper::PaperData>()?.into();
    /// let architecture = Architecture::new([2, 20, 2])?;
    /// let network = Recipe { architecture, initializer: Initializer::paper(), seed: Seed(1) };
    /// let asked = MaskOptions::default().spec(MaskAlgorithm::Memetic, &data, network.clone(), Seed(1))?;
    /// assert_eq!(asked.goal, MaskSearchSpec::usual(data, network, Seed(1))?.goal);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn spec(
        &self,
        algorithm: MaskAlgorithm,
        data: &DataSource,
        network: Recipe,
        search_seed: Seed,
    ) -> Result<MaskSearchSpec, Error> {
        let shape = data.shape()?;
        let weights = network.architecture.n_weights();
        let goal = self.goal(algorithm, shape, weights)?;
        if algorithm == MaskAlgorithm::UnitDescent && !matches!(goal.metric.scoring(), Scoring::Loss(_)) {
            return Err(Error::NeedsLoss { metric: goal.metric });
        }
        let method = self.method(algorithm, &goal, shape, weights)?;
        method.validate()?;
        Ok(MaskSearchSpec {
            data: data.clone(),
            network,
            signed: self.signed,
            goal: if method.price().is_some_and(|price| price.amount > 0.0) { goal.priced() } else { goal },
            method,
            budget: Budget { evaluations: self.evaluations, ..Budget::NONE },
            search_seed,
        })
    }

    /// What moves follow and results are judged by.
    fn goal(&self, algorithm: MaskAlgorithm, shape: DataShape, weights: usize) -> Result<Goal, Error> {
        let mut goal = Goal::usual(shape, weights);
        if let Some(objective) = self.objective {
            goal.metric = objective;
            // Whoever names an objective wants that, and nothing else in the end.
            goal.refinement = Some(objective);
            goal.judge = None;
        }
        if algorithm == MaskAlgorithm::UnitDescent {
            goal.metric = self.objective.unwrap_or(MetricName::CrossEntropy);
            goal.judge = Some(MetricName::Accuracy);
            (goal.samples, goal.refinement) = (None, None);
            goal.shifts = self.shifts;
        }
        goal.judge = self.judge.or(goal.judge);
        goal.samples = self.samples.or(goal.samples);
        if let Some(share) = self.hold_out {
            if !(share > 0.0 && share < 1.0) {
                let (field, range) = ("hold_out", "in (0, 1)");
                return Err(slt_search::Error::Config { field, value: share, range }.into());
            }
            goal.hold_out = Some(HoldOut { share, seed: HOLD_OUT_SEED });
        }
        Ok(goal)
    }

    /// The algorithm with its parameters.
    fn method(
        &self,
        algorithm: MaskAlgorithm,
        goal: &Goal,
        shape: DataShape,
        weights: usize,
    ) -> Result<SearchMethod, Error> {
        let Self { flips, population, generations, .. } = *self;
        let price = self.price.unwrap_or_else(|| Self::price_per_weight(0.0));
        Ok(match algorithm {
            MaskAlgorithm::Descent => SearchMethod::Descent(Descent {
                price,
                sweeps: self.sweeps.unwrap_or(Descent::default().sweeps),
                ..Descent::default()
            }),
            MaskAlgorithm::Anneal => {
                let default = Annealing::default();
                let flips = flips.unwrap_or(default.cooling.flips.max(20 * weights as u64));
                SearchMethod::Annealing(Annealing {
                    cooling: Cooling { flips, price, ..default.cooling },
                    restarts: self.restarts.unwrap_or(1),
                    ..default
                })
            }
            MaskAlgorithm::LateAcceptance => {
                let default = LateAcceptance::default();
                let flips = flips.unwrap_or(default.flips.max(20 * weights as u64));
                SearchMethod::LateAcceptance(LateAcceptance { flips, price, ..default })
            }
            MaskAlgorithm::HeavyTailed => SearchMethod::HeavyTailed(HeavyTailed::default()),
            MaskAlgorithm::Memetic => {
                let preset = goal.memetic(weights);
                SearchMethod::Memetic(Memetic {
                    population: population.unwrap_or(preset.population),
                    founder_flips: flips.unwrap_or(preset.founder_flips),
                    child_flips: flips.unwrap_or(preset.child_flips),
                    children: self.children.unwrap_or(preset.children),
                    price,
                    ..preset
                })
            }
            MaskAlgorithm::UnitDescent => {
                let shifts = match goal.shifts {
                    0 => None,
                    pixels => Some(Shifts::new(shape.features, pixels)?),
                };
                let copies = shifts.map_or(1, |shifts| shifts.copies());
                let default = UnitDescent::for_samples(shape.samples, copies);
                SearchMethod::UnitDescent(UnitDescent {
                    batches: self.batches.clone().unwrap_or(default.batches),
                    passes: self.passes.unwrap_or(default.passes),
                    price,
                    density: default.density,
                })
            }
            MaskAlgorithm::Nsga2 => {
                let default = Nsga2::default();
                SearchMethod::Nsga2(Nsga2 {
                    population: population.unwrap_or(default.population),
                    generations: generations.unwrap_or(default.generations),
                    ..default
                })
            }
            MaskAlgorithm::Umda => {
                let default = Umda::default();
                let samples = population.unwrap_or(default.samples);
                SearchMethod::Umda(Umda {
                    samples,
                    selected: (samples / SAMPLES_OF_A_SELECTED).max(1),
                    generations: generations.unwrap_or(default.generations),
                    ..default
                })
            }
        })
    }
}
