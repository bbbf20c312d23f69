//! The searches beyond the paper's genetic algorithm.

use std::ops::ControlFlow;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Instant;

use slt_core::Seed;
use slt_mlp::{Network, Recipe};
use slt_run::{
    FrontPoint, Going, Loaded, MaskAlgorithm, MaskOption, MaskSearchRecord, MaskSearchSpec,
    PreparedMaskSearch, Watch,
};
use slt_search::StopReason;

use super::Arguments;
use super::front::{Front, details_of};
use super::ga::check_population;
use super::mask_options::Request;
use super::report::{Found, Report, SeedsReport};
use crate::checkpoint::{Keeper, Kept, whole_of};
use crate::failure::Failure;
use crate::interrupt::stop_flag;
use crate::progress::MaskProgress;
use crate::stderr::note;
use crate::usage::{InFlags, OrUsage};

pub(super) fn run(
    arguments: &Arguments,
    algorithm: MaskAlgorithm,
    loaded: &Loaded,
    start: Instant,
) -> Result<Found, Failure> {
    let Arguments { checkpoint: checkpoints, machine, masks, .. } = arguments;
    let specs = arguments.mask_specs(algorithm, loaded)?;
    let mut watcher = Watcher {
        progress: MaskProgress::new(masks.time, specs.len()),
        keeper: checkpoints.keeper(),
        stop: stop_flag()?,
        deadline: None,
        late: false,
    };
    let mut results: Vec<(MaskSearchRecord, bool)> = Vec::new();
    let (mut file, mut interrupted) = (None, false);
    for (spec, number) in specs.iter().zip(1_u32..) {
        let prepared = PreparedMaskSearch::on(spec, &loaded.split, machine.instructions)?;
        let checkpoint = arguments.mask_checkpoint(spec, &prepared)?;
        // Searches that follow each other share the time evenly; what one leaves over, those after it have.
        let share = f64::from(number) / specs.len() as f64;
        watcher.deadline = masks.time.map(|time| start + time.mul_f64(share));
        let searched = machine.install(|| prepared.search(checkpoint.as_deref(), &mut watcher))??;
        file = watcher.keeper.keep(|| searched.checkpoint).map(Path::to_owned);
        watcher.progress.next();
        interrupted = searched.record.stop_reason == StopReason::Interrupted && !watcher.late;
        results.push((searched.record, watcher.late));
        if interrupted {
            break;
        }
    }
    if results.iter().any(|&(_, late)| late) {
        note("the time is over");
    }
    let when = || {
        let steps = results.last().map_or(0, |(record, _)| record.steps);
        match specs.len() {
            1 => format!("interrupted after step {steps}"),
            n => format!("interrupted after step {steps} of search {} of {n}", results.len()),
        }
    };
    let interrupted = interrupted.then(|| (when(), file));
    let (front, best) = front_of(&results);
    let seeds =
        masks.seeds.map(|_| SeedsReport::new(&results.iter().map(|(r, _)| r).collect::<Vec<_>>(), best));
    let (record, late) = results.swap_remove(best);
    Ok(Found {
        report: Report::of_masks(&record, loaded, late).with_seeds(seeds),
        details: details_of(&record, record.best.train_accuracy, record.best.test_accuracy),
        algorithm: record.spec.method.name(),
        network: Network::from_recipe(record.spec.network.clone())?,
        recipe: record.spec.network,
        search_seed: record.spec.search_seed,
        signed: record.spec.signed,
        best: record.best,
        front,
        interrupted,
    })
}

/// The front of what was found, and the place of the search that found the best.
fn front_of(results: &[(MaskSearchRecord, bool)]) -> (Front, usize) {
    if let [(record, _)] = results
        && !record.front.is_empty()
    {
        return (Front::of_search(record), 0);
    }
    let records: Vec<&MaskSearchRecord> = results.iter().map(|(record, _)| record).collect();
    Front::of_results(&records)
}

impl Arguments {
    /// The searches that the options ask for: one, or one for each price of a front, or for each seed.
    fn mask_specs(&self, algorithm: MaskAlgorithm, loaded: &Loaded) -> Result<Vec<MaskSearchSpec>, Failure> {
        let architecture = self.network.architecture.for_data(&loaded.source)?;
        let request =
            Request { algorithm, population: self.population, generations: self.ga.max_generations };
        let asked = self.masks.asked(request, self.objective)?;
        check_population(self.population, architecture.n_weights())?;
        let n_seeds = self.masks.seeds.unwrap_or(1);
        if self.checkpoint.file().is_some() {
            let several = |flag: &str, n, of: &str| {
                Failure::usage(format!(
                    "--checkpoint keeps one search, and {flag} searches with {n} {of}: leave one of them out"
                ))
            };
            match (asked.len(), n_seeds) {
                (1, 1) => {}
                (1, n) => return Err(several("--seeds", n, "networks")),
                (n, _) => return Err(several("--front", n as u64, "prices")),
            }
        }
        if let Some(front) = self.masks.front() {
            // At most one for each price, where there are prices.
            let most = if algorithm.takes(MaskOption::Price) { asked.len() } else { FrontPoint::MOST };
            let others = [("--out", self.out.as_deref()), ("--checkpoint", self.checkpoint.file())];
            front.check(most, &others)?;
        }
        let (first, search) = (self.network.network_seed.unwrap_or(self.seed), self.seed);
        let initializer = self.network.initializer()?;
        let mut specs = Vec::new();
        for i in 0..n_seeds {
            let nth = |first: u64| {
                let beyond =
                    || Failure::usage(format!("--seeds is {n_seeds}: seeds from {first} on end before"));
                first.checked_add(i).map(Seed).ok_or_else(beyond)
            };
            let network = Recipe { architecture: architecture.clone(), initializer, seed: nth(first)? };
            let search_seed = self.search_seed.map_or_else(|| nth(search), |seed| Ok(Seed(seed)))?;
            for options in asked.clone() {
                specs.push(options.spec(algorithm, &loaded.source, network.clone(), search_seed).or_usage()?);
            }
        }
        Ok(specs)
    }

    /// The checkpoint to go on from. Without `--resume` that is the end of this very search, which costs
    /// nothing.
    fn mask_checkpoint(
        &self,
        spec: &MaskSearchSpec,
        prepared: &PreparedMaskSearch,
    ) -> Result<Option<Vec<u8>>, Failure> {
        let read = |file| {
            whole_of(file).and_then(|bytes| {
                let steps = slt_run::steps_of(&bytes, spec).map_err(|error| error.in_flags())?;
                Ok((bytes, steps))
            })
        };
        let Some(Kept { checkpoint: (bytes, steps), resume }) = self.checkpoint.read(read)? else {
            return Ok(None);
        };
        let ended = prepared.has_ended(&bytes).map_err(|error| {
            if resume { self.checkpoint.cannot_go_on(error.in_flags()) } else { self.checkpoint.in_the_way() }
        })?;
        self.checkpoint.take_up(ended, resume, "step", steps)?;
        Ok(Some(bytes))
    }
}

/// Watches a search: shows how it goes, keeps checkpoints, and ends it at a signal or when its time is over.
struct Watcher<'w> {
    progress: MaskProgress,
    keeper: Keeper<'w>,
    stop: &'w AtomicBool,
    deadline: Option<Instant>,
    /// Whether the time was over.
    late: bool,
}

impl Watch for Watcher<'_> {
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
