//! The searches beyond the paper's genetic algorithm.

use std::ops::ControlFlow;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use clap::{Args, ValueEnum};
use slt_baselines::DataShape;
use slt_core::Seed;
use slt_ga::Memetic;
use slt_mlp::{MetricName, Recipe};
use slt_run::{
    Goal, Going, HoldOut, Loaded, MaskSearchRecord, MaskSearchSpec, PreparedMaskSearch, SearchMethod, Watch,
};
use slt_search::{
    Annealing, Budget, Cooling, Descent, HeavyTailed, LateAcceptance, Price, PriceUnit, StopReason,
};

use super::Arguments;
use super::algorithm::MaskAlgorithm;
use super::objective::Objectives;
use super::report::{Found, Report};
use crate::checkpoint::{Keeper, Kept, whole_of};
use crate::failure::Failure;
use crate::interrupt::stop_flag;
use crate::progress::MaskProgress;
use crate::stderr::note;
use crate::usage::InFlags;
use crate::values::{duration, rate, real, whole};

/// Divides the training data, if a part is held out: whatever the seed of the search.
const HOLD_OUT_SEED: Seed = Seed(1);

pub(super) fn run(
    arguments: &Arguments,
    algorithm: MaskAlgorithm,
    loaded: &Loaded,
    start: Instant,
) -> Result<Found, Failure> {
    let Arguments { checkpoint: checkpoints, machine, masks, .. } = arguments;
    let architecture = arguments.network.architecture.for_data(&loaded.source)?;
    let seed = Seed(arguments.network.network_seed.unwrap_or(arguments.seed));
    let spec = MaskSearchSpec {
        data: loaded.source.clone(),
        method: masks.method(algorithm, architecture.n_weights(), arguments.population)?,
        goal: masks.goal(arguments.objective, loaded.source.shape()?)?,
        budget: masks.budget(),
        search_seed: Seed(arguments.search_seed.unwrap_or(arguments.seed)),
        network: Recipe { architecture, initializer: arguments.network.initializer()?, seed },
    };
    let prepared = PreparedMaskSearch::on(&spec, &loaded.split, machine.kernel)?;
    let read = |file| {
        whole_of(file).and_then(|bytes| {
            let steps = slt_run::steps_of(&bytes, &spec).map_err(|error| error.in_flags())?;
            Ok((bytes, steps))
        })
    };
    let kept = checkpoints.read(read)?;
    let checkpoint = match kept {
        None => None,
        Some(Kept { checkpoint: (bytes, steps), resume }) => {
            let ended = prepared.has_ended(&bytes).map_err(|error| {
                if resume {
                    Failure::usage(format!("cannot go on: {}", error.in_flags()))
                } else {
                    checkpoints.in_the_way()
                }
            })?;
            checkpoints.take_up(ended, resume, "step", steps)?;
            Some(bytes)
        }
    };
    let mut keeper = checkpoints.keeper();
    let mut watcher = Watcher {
        progress: MaskProgress::new(masks.time),
        keeper: &mut keeper,
        stop: stop_flag()?,
        deadline: masks.time.map(|time| start + time),
        late: false,
    };
    let searched = machine.install(|| prepared.search(checkpoint.as_deref(), &mut watcher))??;
    let late = watcher.late;
    let file = keeper.keep(|| searched.checkpoint).map(Path::to_owned);
    let record = searched.record;
    if late {
        note("the time is over");
    }
    let interrupted = record.stop_reason == StopReason::Interrupted && !late;
    Ok(Found {
        report: Report::of_masks(&record, loaded, late),
        details: details(&record),
        algorithm: spec.method.name(),
        network: prepared.network().clone(),
        recipe: spec.network,
        search_seed: spec.search_seed,
        interrupted: interrupted.then(|| (format!("interrupted after step {}", record.steps), file)),
        best: record.best,
    })
}

/// What the ticket says of the search.
fn details(record: &MaskSearchRecord) -> Vec<(&'static str, String)> {
    vec![
        ("objective", record.spec.goal.metric.to_string()),
        ("search seed", record.spec.search_seed.to_string()),
        ("masks judged", record.work.judged().to_string()),
        ("train accuracy", record.best.train_accuracy.to_string()),
        ("test accuracy", record.best.test_accuracy.to_string()),
        ("spec sha256", record.spec.hash()),
    ]
}

/// Options of the searches beyond the paper's genetic algorithm.
#[derive(Args)]
pub(super) struct MaskArguments {
    /// What an active weight has to be worth, in units of the objective: the higher, the sparser [default: 0]
    #[arg(long, value_name = "PRICE", value_parser = real)]
    price: Option<f64>,
    /// What is paid for [default: weights]
    #[arg(long, value_enum, value_name = "NAME", requires = "price")]
    price_of: Option<PriceOf>,
    /// Part of a local search in which the price rises, 0 to 1 [default: 0.5]
    #[arg(long, value_name = "SHARE", value_parser = rate, requires = "price")]
    price_ramp: Option<f64>,
    /// End after so many masks were judged, evaluations and single flips alike
    #[arg(long, value_name = "N", value_parser = whole::<u64, 1, { u64::MAX }>)]
    evaluations: Option<u64>,
    /// End after this time: 90s, 15m, 2h
    #[arg(long, value_name = "TIME", value_parser = duration)]
    time: Option<Duration>,
    /// What results are judged by [default: accuracy]
    #[arg(long, value_name = "NAME", value_parser = Objectives)]
    judge: Option<MetricName>,
    /// Part of the training data that is held out to judge results by, in (0, 1)
    #[arg(long, value_name = "SHARE", value_parser = real)]
    hold_out: Option<f64>,
    /// The most samples that moves are judged on [default: 10000]
    #[arg(long, value_name = "N", value_parser = whole::<usize, 1, { usize::MAX as u64 }>)]
    samples: Option<usize>,
    /// Flips proposed in a local search [default: by the size of the network]
    #[arg(long, value_name = "N", value_parser = whole::<u64, 1, { u64::MAX }>)]
    flips: Option<u64>,
    /// Starts from a random mask (anneal) [default: 1]
    #[arg(long, value_name = "N", value_parser = whole::<u64, 1, { u64::MAX }>)]
    restarts: Option<u64>,
    /// Sweeps over all weights (descent) [default: 30]
    #[arg(long, value_name = "N", value_parser = whole::<u64, 1, { u64::MAX }>)]
    sweeps: Option<u64>,
    /// Children in all (memetic) [default: 16]
    #[arg(long, value_name = "N", value_parser = whole::<u64, 0, { u64::MAX }>)]
    children: Option<u64>,
}

/// What a price is for.
#[derive(Clone, Copy, ValueEnum)]
enum PriceOf {
    /// Active weights
    Weights,
    /// Bits of the mask, coded as well as its number of active weights allows
    Bits,
}

impl MaskArguments {
    /// The first option of this kind that was given.
    pub(super) fn given(&self) -> Option<&'static str> {
        let given = [
            (self.price.is_some(), "--price"),
            (self.evaluations.is_some(), "--evaluations"),
            (self.time.is_some(), "--time"),
            (self.judge.is_some(), "--judge"),
            (self.hold_out.is_some(), "--hold-out"),
            (self.samples.is_some(), "--samples"),
            (self.flips.is_some(), "--flips"),
            (self.restarts.is_some(), "--restarts"),
            (self.sweeps.is_some(), "--sweeps"),
            (self.children.is_some(), "--children"),
        ];
        given.into_iter().find_map(|(given, flag)| given.then_some(flag))
    }

    /// The algorithm with its parameters.
    pub(super) fn method(
        &self,
        algorithm: MaskAlgorithm,
        weights: usize,
        population: Option<usize>,
    ) -> Result<SearchMethod, Failure> {
        self.check(algorithm, population)?;
        let price = self.price()?;
        let flips = self.flips;
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
                let preset = Memetic::for_bits(weights);
                SearchMethod::Memetic(Memetic {
                    population: population.unwrap_or(preset.population),
                    founder_flips: flips.unwrap_or(preset.founder_flips),
                    child_flips: flips.unwrap_or(preset.child_flips),
                    children: self.children.unwrap_or(preset.children),
                    price,
                    ..preset
                })
            }
        })
    }

    /// What moves follow and results are judged by.
    pub(super) fn goal(&self, objective: Option<MetricName>, shape: DataShape) -> Result<Goal, Failure> {
        let mut goal = Goal::for_shape(shape);
        if let Some(objective) = objective {
            goal.metric = objective;
            // Whoever names an objective wants that, and nothing else in the end.
            goal.refinement = Some(objective);
            goal.judge = None;
        }
        goal.judge = self.judge.or(goal.judge);
        goal.samples = self.samples.or(goal.samples);
        if let Some(share) = self.hold_out {
            if !(share > 0.0 && share < 1.0) {
                return Err(Failure::usage(format!("--hold-out is {share}: it must be in (0, 1)")));
            }
            goal.hold_out = Some(HoldOut { share, seed: HOLD_OUT_SEED });
        }
        Ok(goal)
    }

    /// How much may be asked.
    pub(super) fn budget(&self) -> Budget {
        Budget { evaluations: self.evaluations, ..Budget::NONE }
    }

    fn price(&self) -> Result<Price, Failure> {
        let amount = self.price.unwrap_or(0.0);
        if amount < 0.0 || amount.is_nan() || amount.is_infinite() {
            return Err(Failure::usage(format!("--price is {amount}: it must be finite and at least 0")));
        }
        let unit = match self.price_of {
            None | Some(PriceOf::Weights) => PriceUnit::Weights,
            Some(PriceOf::Bits) => PriceUnit::CodedBits,
        };
        Ok(Price { amount, unit, ramp: self.price_ramp.unwrap_or(0.5) })
    }

    /// Refuses options that the algorithm does not have.
    fn check(&self, algorithm: MaskAlgorithm, population: Option<usize>) -> Result<(), Failure> {
        use MaskAlgorithm::{Anneal, Descent, HeavyTailed, LateAcceptance, Memetic};
        let rules: [(bool, &str, &[MaskAlgorithm], &str); 6] = [
            (population.is_some(), "--population", &[Memetic], "ga, ga-ab or memetic"),
            (self.children.is_some(), "--children", &[Memetic], "memetic"),
            (self.restarts.is_some(), "--restarts", &[Anneal], "anneal"),
            (self.sweeps.is_some(), "--sweeps", &[Descent], "descent"),
            (
                self.flips.is_some(),
                "--flips",
                &[Anneal, LateAcceptance, Memetic],
                "anneal, late-acceptance or memetic",
            ),
            (
                self.price.is_some(),
                "--price",
                &[Descent, Anneal, LateAcceptance, Memetic],
                "descent, anneal, late-acceptance or memetic",
            ),
        ];
        for (given, flag, algorithms, names) in rules {
            if given && !algorithms.contains(&algorithm) {
                return Err(Failure::usage(format!("{flag} needs --algorithm {names}")));
            }
        }
        let needs_budget = algorithm == HeavyTailed && self.evaluations.is_none() && self.time.is_none();
        if needs_budget {
            return Err(Failure::usage(
                "--algorithm heavy-tailed needs --evaluations or --time: it has no end",
            ));
        }
        Ok(())
    }
}

/// Watches a search: shows how it goes, keeps checkpoints, and ends it at a signal or when its time is over.
struct Watcher<'w, 'k> {
    progress: MaskProgress,
    keeper: &'w mut Keeper<'k>,
    stop: &'w AtomicBool,
    deadline: Option<Instant>,
    /// Whether the time was over.
    late: bool,
}

impl Watch for Watcher<'_, '_> {
    fn step(&mut self, going: &Going, checkpoint: &dyn Fn() -> Vec<u8>) -> ControlFlow<()> {
        self.progress.show(going);
        self.keeper.step(going.steps, checkpoint);
        self.late = self.deadline.is_some_and(|deadline| Instant::now() >= deadline);
        if self.late || self.stop.load(Ordering::Relaxed) {
            ControlFlow::Break(())
        } else {
            ControlFlow::Continue(())
        }
    }
}
