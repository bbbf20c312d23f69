//! Searches for tickets: what `slt search` does on data of one's own.

use std::ops::ControlFlow;
use std::time::{Duration, Instant};

use pyo3::prelude::*;
use pyo3::types::PyDict;
use slt_core::Seed;
use slt_ga::{GeneticAlgorithm, Observer, View};
use slt_mlp::{InstructionSet, MetricName, Network, Recipe, SignedMask};
use slt_run::{
    Algorithm, Error, Going, HistoryKept, Loaded, MaskOption, MaskOptions, MaskSearchRecord, MaskSearchSpec,
    Prepared, PreparedMaskSearch, SearchAlgorithm, SearchRecord, SearchSpec, TieBreak, Watch,
};
use slt_search::{Pulse, Rank};

use crate::array::value_error;
use crate::fit::{self, Drawn, Owned, Samples};
use crate::ticket::Ticket;
use crate::wait::{Between, Reached, wait};

/// What is asked for. The meaning of what is left open is that of [`MaskOptions`].
#[derive(FromPyObject)]
pub(crate) struct Asked {
    #[pyo3(item)]
    algorithm: String,
    #[pyo3(item)]
    metric: String,
    #[pyo3(item)]
    objective: Option<String>,
    #[pyo3(item)]
    price: Option<f64>,
    #[pyo3(item)]
    flips: Option<u64>,
    #[pyo3(item)]
    evaluations: Option<u64>,
    #[pyo3(item)]
    hold_out: Option<f64>,
    #[pyo3(item)]
    population: Option<usize>,
    /// Pixels.
    #[pyo3(item)]
    shifts: usize,
    #[pyo3(item)]
    signed: bool,
    /// How many networks are searched, if several may be.
    #[pyo3(item)]
    seeds: Option<u64>,
    /// Seconds.
    #[pyo3(item)]
    time: Option<f64>,
}

/// What was found, and what there is to tell of the search.
struct Found {
    ticket: slt_mlp::Ticket,
    steps: u64,
    evaluations: u64,
    /// Of other algorithms than the paper's: multiply-adds, and what the best is judged at.
    judged: Option<(u64, f64)>,
    /// Where several networks were to be searched: what the best of each seed is judged at.
    seeds: Option<Vec<(u64, f64)>>,
    stop_reason: String,
}

/// Searches for a ticket on all samples. Returns it, and what there is to tell of the search.
#[pyfunction]
pub(crate) fn search<'py>(
    py: Python<'py>,
    samples: Samples<'py>,
    network: Drawn,
    asked: Asked,
    n_threads: usize,
    progress: Option<Bound<'py, PyAny>>,
) -> PyResult<(Ticket, Bound<'py, PyDict>)> {
    let start = Instant::now();
    let time = asked.time.map(Duration::try_from_secs_f64).transpose().map_err(value_error)?;
    let samples = samples.to_owned(py)?;
    let found = wait(py, n_threads, progress.as_ref(), move |between| {
        find(samples, &network, &asked, Watcher::new(between, start, time))
    })??;
    let info = PyDict::new(py);
    info.set_item("steps", found.steps)?;
    info.set_item("evaluations", found.evaluations)?;
    info.set_item("stop_reason", found.stop_reason)?;
    if let Some((multiply_adds, performance)) = found.judged {
        info.set_item("multiply_adds", multiply_adds)?;
        info.set_item("performance", performance)?;
    }
    if let Some(seeds) = found.seeds {
        info.set_item("performances", seeds)?;
    }
    Ok((Ticket(found.ticket), info))
}

/// The search that is asked for.
fn find(samples: Owned, network: &Drawn, asked: &Asked, watcher: Watcher<'_>) -> PyResult<Found> {
    let metric: MetricName = asked.metric.parse().map_err(value_error)?;
    let objective: Option<MetricName> =
        asked.objective.as_deref().map(str::parse).transpose().map_err(value_error)?;
    let algorithm: SearchAlgorithm = asked.algorithm.parse().map_err(value_error)?;
    check(asked, algorithm)?;
    let loaded = samples.load()?;
    let recipe = network.recipe(&loaded.source)?;
    check_population(asked.population, recipe.architecture.n_weights())?;
    match algorithm {
        SearchAlgorithm::Mask(algorithm) => {
            let options = MaskOptions {
                objective,
                judge: Some(metric),
                hold_out: asked.hold_out,
                price: Some(MaskOptions::price_per_weight(asked.price.unwrap_or(0.0))),
                flips: asked.flips,
                evaluations: asked.evaluations,
                population: asked.population,
                shifts: asked.shifts,
                signed: asked.signed,
                ..MaskOptions::default()
            };
            let is_unlimited = asked.evaluations.is_none() && asked.time.is_none();
            if is_unlimited && !algorithm.has_end() {
                let name = algorithm.name();
                return Err(value_error(format_args!("{name} needs evaluations or time: it has no end")));
            }
            let specs: PyResult<Vec<MaskSearchSpec>> = seeds_of(asked, network.seed())?
                .map(|seed| {
                    let recipe = Recipe { seed, ..recipe.clone() };
                    options.spec(algorithm, &loaded.source, recipe, seed).map_err(|error| match error {
                        Error::Data(error @ slt_datasets::Error::NotSquare { pixels, .. }) => {
                            value_error(format_args!("shifts is {pixels}: {error}"))
                        }
                        error => value_error(error),
                    })
                })
                .collect();
            let (record, performances) = best_mask(&loaded, &specs?, watcher)?;
            found_mask(&loaded, record, asked.seeds.map(|_| performances))
        }
        SearchAlgorithm::Genetic(algorithm) => {
            let metric = objective.unwrap_or(metric);
            let spec = genetic_spec(&loaded, recipe, algorithm, metric, asked.population, network)?;
            found_genetically(&loaded, &spec, algorithm, watcher)
        }
    }
}

/// Refuses what an algorithm does not have, as the command line does.
fn check(asked: &Asked, algorithm: SearchAlgorithm) -> PyResult<()> {
    // What is given, and what it is if only some algorithms beyond the paper's have it.
    let given = [
        (asked.price.is_some(), "price", Some(MaskOption::Price)),
        (asked.flips.is_some(), "flips", Some(MaskOption::Flips)),
        (asked.evaluations.is_some(), "evaluations", None),
        (asked.hold_out.is_some(), "hold_out", None),
        (asked.population.is_some(), "population", Some(MaskOption::Population)),
        (asked.shifts > 0, "shifts", Some(MaskOption::Shifts)),
        (asked.signed, "signed", Some(MaskOption::Signed)),
        (asked.seeds.is_some(), "seeds", None),
    ];
    let is_genetic = matches!(algorithm, SearchAlgorithm::Genetic(_));
    let is_taken = |option: Option<MaskOption>| option.map_or(!is_genetic, |option| algorithm.takes(option));
    match given.into_iter().find(|&(given, _, option)| given && !is_taken(option)) {
        None => Ok(()),
        Some((_, name, Some(option))) if !is_genetic => {
            let taking: Vec<&str> = SearchAlgorithm::taking(option).map(SearchAlgorithm::name).collect();
            Err(value_error(format_args!("{name} needs the algorithm {}", one_of(&taking))))
        }
        Some((_, name, _)) => {
            Err(value_error(format_args!("{name} needs another algorithm than ga and ga-ab")))
        }
    }
}

/// Names as a choice: `anneal, descent or memetic`.
fn one_of(names: &[&str]) -> String {
    match names {
        [rest @ .., last] if !rest.is_empty() => format!("{} or {last}", rest.join(", ")),
        names => names.concat(),
    }
}

/// Refuses a population whose masks would take too much memory.
fn check_population(population: Option<usize>, weights: usize) -> PyResult<()> {
    let most = SearchAlgorithm::MAX_POPULATION_BITS;
    match population {
        Some(population) if weights.saturating_mul(population) > most => Err(value_error(format_args!(
            "population {population} times {weights} weights is more than {most} bits of masks"
        ))),
        _ => Ok(()),
    }
}

/// The seeds of the networks that are searched, from the first one on. Each is that of its search, too.
fn seeds_of(asked: &Asked, Seed(first): Seed) -> PyResult<impl Iterator<Item = Seed>> {
    let n = asked.seeds.unwrap_or(1);
    match first.checked_add(n - 1) {
        Some(last) => Ok((first..=last).map(Seed)),
        None => Err(value_error(format_args!("seeds is {n}: seeds from {first} on end before"))),
    }
}

/// Searches one after the other, and keeps the mask that is judged best, of several the sparsest, of those
/// the first. With it is what the best of each seed is judged at.
fn best_mask(
    loaded: &Loaded,
    specs: &[MaskSearchSpec],
    mut watcher: Watcher<'_>,
) -> PyResult<(MaskSearchRecord, Vec<(u64, f64)>)> {
    let rank = |record: &MaskSearchRecord| Rank {
        performance: record.performance,
        zeros: record.best.mask.count_zeros(),
    };
    let mut best: Option<MaskSearchRecord> = None;
    let mut performances = Vec::new();
    for (number, spec) in specs.iter().enumerate() {
        watcher.begin(number, specs.len());
        let prepared =
            PreparedMaskSearch::on(spec, &loaded.split, InstructionSet::detect()).map_err(value_error)?;
        let record = prepared.search(None, &mut watcher).map_err(value_error)?.record;
        performances.push((spec.network.seed.0, record.performance));
        if best.as_ref().is_none_or(|best| rank(&record).is_above(&rank(best))) {
            best = Some(record);
        }
        if watcher.between.has_to_stop() {
            break;
        }
    }
    Ok((best.expect("there is a seed at least"), performances))
}

/// What an algorithm beyond the paper's has found, as a ticket.
fn found_mask(loaded: &Loaded, record: MaskSearchRecord, seeds: Option<Vec<(u64, f64)>>) -> PyResult<Found> {
    let spec = &record.spec;
    let details = [
        ("objective", spec.goal.metric.to_string()),
        ("search seed", spec.search_seed.to_string()),
        ("masks judged", record.work.judged().to_string()),
        ("train accuracy", record.best.train_accuracy.to_string()),
        ("spec sha256", spec.hash()),
    ];
    let network = Network::from_recipe(spec.network.clone()).map_err(value_error)?;
    let mask = record.best.mask;
    let ticket = match spec.signed {
        true => SignedMask::from_bits(&mask)
            .map_err(value_error)
            .and_then(|mask| slt_mlp::Ticket::signed(network, mask).map_err(value_error)),
        false => slt_mlp::Ticket::new(network, mask).map_err(value_error),
    };
    Ok(Found {
        ticket: fit::finished(loaded, ticket?, spec.method.name(), details)?,
        steps: record.steps,
        evaluations: record.work.judged(),
        judged: Some((record.work.multiply_adds, record.performance)),
        seeds,
        stop_reason: record.stop_reason.to_string(),
    })
}

/// What the paper's genetic algorithm finds.
fn found_genetically(
    loaded: &Loaded,
    spec: &SearchSpec,
    algorithm: Algorithm,
    mut watcher: Watcher<'_>,
) -> PyResult<Found> {
    let prepared = Prepared::on(spec, loaded.split.clone()).map_err(value_error)?;
    let outcome = prepared.search(None, &mut watcher).map_err(value_error)?.outcome();
    let SearchRecord { best, generations, evaluations, stop_reason, .. } =
        prepared.record(&outcome.into()).map_err(value_error)?;
    let details = [
        ("objective", spec.metric.to_string()),
        ("search seed", spec.search_seed.to_string()),
        ("generations", generations.to_string()),
        ("train accuracy", best.train_accuracy.to_string()),
        ("spec sha256", spec.hash()),
    ];
    let ticket = slt_mlp::Ticket::new(prepared.network().clone(), best.mask).map_err(value_error)?;
    Ok(Found {
        ticket: fit::finished(loaded, ticket, algorithm.name(), details)?,
        steps: generations,
        evaluations,
        judged: None,
        seeds: None,
        stop_reason: stop_reason.to_string(),
    })
}

/// A run of the paper's genetic algorithm with its configuration for the data.
fn genetic_spec(
    loaded: &Loaded,
    network: Recipe,
    algorithm: Algorithm,
    metric: MetricName,
    population: Option<usize>,
    drawn: &Drawn,
) -> PyResult<SearchSpec> {
    let shape = loaded.source.shape().map_err(value_error)?;
    let mut config = algorithm.config(metric, shape, &network.architecture).map_err(value_error)?;
    config.population = population.unwrap_or(config.population);
    Ok(SearchSpec {
        tie_break: TieBreak::paper(metric),
        history: HistoryKept::usual(metric),
        data: loaded.source.clone(),
        network,
        metric,
        config,
        search_seed: drawn.seed(),
    })
}

/// Tells how searches go, and ends each when its time is over or whoever waits for it wants to.
struct Watcher<'b> {
    between: &'b Between,
    start: Instant,
    /// What all searches have together.
    time: Option<Duration>,
    deadline: Option<Instant>,
    /// The search under way, from 0, and how many there are.
    number: usize,
    n_searches: usize,
}

impl<'b> Watcher<'b> {
    /// For one search.
    fn new(between: &'b Between, start: Instant, time: Option<Duration>) -> Self {
        let mut watcher = Self { between, start, time, deadline: None, number: 0, n_searches: 1 };
        watcher.begin(0, 1);
        watcher
    }

    /// For the next of several, which share the time evenly; what one leaves over, those after it have.
    fn begin(&mut self, number: usize, n_searches: usize) {
        let share = (number + 1) as f64 / n_searches as f64;
        (self.number, self.n_searches) = (number, n_searches);
        // Whoever has longer than there are seconds has no deadline.
        let time = self.time.and_then(|time| Duration::try_from_secs_f64(time.as_secs_f64() * share).ok());
        self.deadline = time.and_then(|time| self.start.checked_add(time));
    }

    /// How far all searches have come, with one of them as far as this.
    fn of_all(&self, done: Option<f64>) -> Option<f64> {
        done.map(|done| (self.number as f64 + done) / self.n_searches as f64)
    }

    fn go_on(&self) -> ControlFlow<()> {
        // As on the command line, steps are finished when the time is over.
        let is_late = self.deadline.is_some_and(|deadline| Instant::now() >= deadline);
        if is_late || self.between.has_to_stop() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    }

    fn pulse(&self) -> ControlFlow<()> {
        if self.between.has_to_stop() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    }
}

impl Watch for Watcher<'_> {
    fn step(&mut self, going: &Going, _: &dyn Fn() -> Vec<u8>) -> ControlFlow<()> {
        let Going { steps, done, best, sparsity, .. } = *going;
        let done = self.of_all(done);
        self.between.tell(Reached { done, steps, best, sparsity });
        self.go_on()
    }

    fn pulse(&mut self, _: &Pulse) -> ControlFlow<()> {
        Watcher::pulse(self)
    }
}

impl Observer<GeneticAlgorithm> for Watcher<'_> {
    fn on_step(&mut self, view: &View<'_>) -> ControlFlow<()> {
        let best = view.best();
        let (best, sparsity) = (best.performance, best.mask.sparsity());
        self.between.tell(Reached { done: view.progress(), steps: view.steps(), best, sparsity });
        self.go_on()
    }

    fn on_pulse(&mut self, _: &Pulse) -> ControlFlow<()> {
        Watcher::pulse(self)
    }
}
