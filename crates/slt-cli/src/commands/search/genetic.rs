//! The paper's genetic algorithm.

use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicBool;

use slt_core::Seed;
use slt_ga::{Search, StopFlag, StopReason, View, on_step};
use slt_mlp::Recipe;
use slt_run::{
    Algorithm, DataSource, HistoryKept, Loaded, Prepared, SearchRecord, SearchSpec, TieBreak,
    read_checkpoint, write_checkpoint,
};

use super::Arguments;
use super::front::Front;
use super::ga::check_population;
use super::report::{Found, Report};
use crate::checkpoint::{Keeper, Kept};
use crate::failure::Failure;
use crate::interrupt::stop_flag;
use crate::progress::SearchProgress;
use crate::usage::InFlags;

pub(super) fn run(arguments: &Arguments, algorithm: Algorithm, loaded: &Loaded) -> Result<Found, Failure> {
    let Arguments { checkpoint: checkpoints, machine, .. } = arguments;
    let spec = arguments.genetic_spec(algorithm, &loaded.source)?;
    let stop = stop_flag()?;
    let prepared = Prepared::on(&spec, loaded.split.clone())?
        .with_instruction_set(machine.instructions)?
        .with_shortcuts(!arguments.no_racing, !arguments.no_sharing);
    let resumed = arguments.go_on(&spec, &prepared)?;

    let mut keeper = checkpoints.keeper();
    let (record, interrupted) =
        machine.install(|| search(&prepared, resumed, &spec, &mut keeper, stop))??;
    let interrupted = interrupted.map(|checkpoint| {
        let generations = record.generations;
        (format!("interrupted after generation {generations}"), checkpoint)
    });
    Ok(Found {
        report: Report::of_generations(&record, algorithm, loaded),
        details: details(&record),
        algorithm: algorithm.name(),
        network: prepared.network().clone(),
        recipe: spec.network,
        search_seed: spec.search_seed,
        signed: false,
        best: record.best,
        front: Front::default(),
        interrupted,
    })
}

/// What the ticket says of the search.
fn details(record: &SearchRecord) -> Vec<(&'static str, String)> {
    vec![
        ("objective", record.spec.metric.to_string()),
        ("search seed", record.spec.search_seed.to_string()),
        ("generations", record.generations.to_string()),
        ("train accuracy", record.best.train_accuracy.to_string()),
        ("test accuracy", record.best.test_accuracy.to_string()),
        ("spec sha256", record.spec.hash()),
    ]
}

/// Searches and evaluates what was found, on the current threads. After an interruption, that is what was
/// reached; then there is, if it could be written, the file of the checkpoint beside.
fn search<'p>(
    prepared: &'p Prepared,
    resumed: Option<Search<'p>>,
    spec: &SearchSpec,
    keeper: &mut Keeper<'_>,
    stop: &AtomicBool,
) -> Result<(SearchRecord, Option<Option<PathBuf>>), Failure> {
    let mut progress = SearchProgress::new();
    let mut keep = on_step(|view: &View<'_>| {
        keeper.step(view.steps(), || write_checkpoint(spec, &view.checkpoint()));
        ControlFlow::Continue(())
    });
    let search = match prepared.search(resumed, &mut (StopFlag(stop), (&mut progress, &mut keep))) {
        Err(slt_ga::Error::Interrupted { .. }) => {
            let message = "interrupted in the first population; there is nothing to keep yet";
            return Err(Failure::interrupted(message));
        }
        found => found?,
    };
    let kept = keeper.keep(|| write_checkpoint(spec, &search.view().checkpoint())).map(Path::to_owned);
    let interrupted = search.stop_reason() == Some(StopReason::Interrupted);
    Ok((prepared.record(&search.outcome().into())?, interrupted.then_some(kept)))
}

impl Arguments {
    /// The search to go on with. Without `--resume` that is this very search at its end, which costs nothing.
    fn go_on<'p>(&self, spec: &SearchSpec, prepared: &'p Prepared) -> Result<Option<Search<'p>>, Failure> {
        let read = |file| read_checkpoint(file, spec).map_err(|error| error.in_flags());
        let Some(Kept { checkpoint, resume }) = self.checkpoint.read(read)? else { return Ok(None) };
        let search = match prepared.resume(checkpoint) {
            Ok(search) => search,
            Err(_) if !resume => return Err(self.checkpoint.in_the_way()),
            Err(error) => return Err(self.checkpoint.cannot_go_on(error.in_flags())),
        };
        let ended = search.stop_reason().is_some();
        self.checkpoint.take_up(ended, resume, "generation", search.view().steps())?;
        Ok(Some(search))
    }

    /// The run that the options ask for.
    fn genetic_spec(&self, algorithm: Algorithm, source: &DataSource) -> Result<SearchSpec, Failure> {
        let architecture = self.network.architecture.for_data(source)?;
        let config =
            self.ga.config(algorithm, self.population, self.metric(), source.shape()?, &architecture)?;
        check_population(Some(config.population), architecture.n_weights())?;
        let seed = Seed(self.network.network_seed.unwrap_or(self.seed));
        Ok(SearchSpec {
            tie_break: TieBreak::paper(self.metric()),
            history: HistoryKept::usual(self.metric()),
            data: source.clone(),
            network: Recipe { architecture, initializer: self.network.initializer()?, seed },
            metric: self.metric(),
            config,
            search_seed: Seed(self.search_seed.unwrap_or(self.seed)),
        })
    }
}
