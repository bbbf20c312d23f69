//! Searches for tickets: what `slt search` does on data of one's own.

use std::ops::ControlFlow;
use std::time::{Duration, Instant};

use pyo3::prelude::*;
use pyo3::types::PyDict;
use slt_ga::{GeneticAlgorithm, Observer, View};
use slt_mlp::{InstructionSet, MetricName, Recipe};
use slt_run::{
    Algorithm, Going, HistoryKept, Loaded, MaskOptions, MaskSearchSpec, Prepared, PreparedMaskSearch,
    SearchAlgorithm, SearchRecord, SearchSpec, TieBreak, Watch,
};
use slt_search::Pulse;

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
    let deadline = time.and_then(|time| start.checked_add(time));
    let samples = samples.to_owned(py)?;
    let found = wait(py, n_threads, progress.as_ref(), move |between| {
        find(samples, &network, &asked, Watcher { between, deadline })
    })??;
    let info = PyDict::new(py);
    info.set_item("steps", found.steps)?;
    info.set_item("evaluations", found.evaluations)?;
    info.set_item("stop_reason", found.stop_reason)?;
    if let Some((multiply_adds, performance)) = found.judged {
        info.set_item("multiply_adds", multiply_adds)?;
        info.set_item("performance", performance)?;
    }
    Ok((Ticket(found.ticket), info))
}

/// The search that is asked for.
fn find(samples: Owned, network: &Drawn, asked: &Asked, watcher: Watcher<'_>) -> PyResult<Found> {
    let metric: MetricName = asked.metric.parse().map_err(value_error)?;
    let objective: Option<MetricName> =
        asked.objective.as_deref().map(str::parse).transpose().map_err(value_error)?;
    let algorithm: SearchAlgorithm = asked.algorithm.parse().map_err(value_error)?;
    let loaded = samples.load()?;
    let recipe = network.recipe(&loaded.source)?;
    match algorithm {
        SearchAlgorithm::Mask(algorithm) => {
            let options = MaskOptions {
                objective,
                judge: Some(metric),
                hold_out: asked.hold_out,
                price: Some(MaskOptions::price_per_weight(asked.price.unwrap_or(0.0))),
                flips: asked.flips,
                evaluations: asked.evaluations,
                ..MaskOptions::default()
            };
            let spec =
                options.spec(algorithm, &loaded.source, recipe, network.seed()).map_err(value_error)?;
            let is_unlimited = asked.evaluations.is_none() && asked.time.is_none();
            if is_unlimited && !algorithm.has_end() {
                let name = algorithm.name();
                return Err(value_error(format_args!("{name} needs evaluations or time: it has no end")));
            }
            found_mask(&loaded, &spec, watcher)
        }
        SearchAlgorithm::Genetic(algorithm) => {
            let foreign = [
                (asked.price.is_some(), "price"),
                (asked.flips.is_some(), "flips"),
                (asked.evaluations.is_some(), "evaluations"),
                (asked.hold_out.is_some(), "hold_out"),
            ];
            if let Some((_, name)) = foreign.into_iter().find(|&(given, _)| given) {
                return Err(value_error(format_args!("{name} needs another algorithm than ga and ga-ab")));
            }
            let spec = genetic_spec(&loaded, recipe, algorithm, objective.unwrap_or(metric), network)?;
            found_genetically(&loaded, &spec, algorithm, watcher)
        }
    }
}

/// What an algorithm beyond the paper's finds.
fn found_mask(loaded: &Loaded, spec: &MaskSearchSpec, mut watcher: Watcher<'_>) -> PyResult<Found> {
    let prepared =
        PreparedMaskSearch::on(spec, &loaded.split, InstructionSet::detect()).map_err(value_error)?;
    let record = prepared.search(None, &mut watcher).map_err(value_error)?.record;
    let details = [
        ("objective", spec.goal.metric.to_string()),
        ("search seed", spec.search_seed.to_string()),
        ("masks judged", record.work.judged().to_string()),
        ("train accuracy", record.best.train_accuracy.to_string()),
        ("spec sha256", spec.hash()),
    ];
    let (network, name) = (prepared.network().clone(), spec.method.name());
    Ok(Found {
        ticket: fit::ticket(loaded, network, record.best.mask, name, details)?,
        steps: record.steps,
        evaluations: record.work.judged(),
        judged: Some((record.work.multiply_adds, record.performance)),
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
    Ok(Found {
        ticket: fit::ticket(loaded, prepared.network().clone(), best.mask, algorithm.name(), details)?,
        steps: generations,
        evaluations,
        judged: None,
        stop_reason: stop_reason.to_string(),
    })
}

/// A run of the paper's genetic algorithm with its configuration for the data.
fn genetic_spec(
    loaded: &Loaded,
    network: Recipe,
    algorithm: Algorithm,
    metric: MetricName,
    drawn: &Drawn,
) -> PyResult<SearchSpec> {
    let shape = loaded.source.shape().map_err(value_error)?;
    let config = algorithm.config(metric, shape, &network.architecture).map_err(value_error)?;
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

/// Tells how a search goes, and ends it when its time is over or whoever waits for it wants to.
struct Watcher<'b> {
    between: &'b Between,
    deadline: Option<Instant>,
}

impl Watcher<'_> {
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
