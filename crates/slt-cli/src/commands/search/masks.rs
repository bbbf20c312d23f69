//! The searches beyond the paper's genetic algorithm.

use std::ops::ControlFlow;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Instant;

use slt_core::Seed;
use slt_mlp::Recipe;
use slt_run::{Going, Loaded, MaskSearchRecord, MaskSearchSpec, PreparedMaskSearch, Watch};
use slt_search::StopReason;

use super::Arguments;
use super::algorithm::MaskAlgorithm;
use super::report::{Found, Report};
use crate::checkpoint::{Keeper, Kept, whole_of};
use crate::failure::Failure;
use crate::interrupt::stop_flag;
use crate::progress::MaskProgress;
use crate::stderr::note;
use crate::usage::InFlags;

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
        method: masks.method(
            algorithm,
            architecture.n_weights(),
            arguments.population,
            arguments.ga.max_generations,
        )?,
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
                if resume { checkpoints.cannot_go_on(error.in_flags()) } else { checkpoints.in_the_way() }
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
