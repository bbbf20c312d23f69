//! Small runs.

#![allow(dead_code, reason = "every test file uses its own part")]

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use slt_core::Seed;
use slt_datasets::paper::{PaperData, PaperName};
use slt_ga::GaConfig;
use slt_mlp::{Initializer, MetricName, Recipe};
use slt_run::{
    DataSource, HistoryKept, Prepared, RunTimes, SearchRecord, SearchSpec, TieBreak, architecture_for,
    canonical_data,
};

pub(crate) const TIMES: RunTimes = RunTimes { seconds: 1.5, cpu_seconds: 1.25 };

/// A run of so many generations on the digits 0 and 1.
pub(crate) fn small_spec(seed: u64, generations: u64) -> SearchSpec {
    let data = PaperData { classes: Some(2), ..PaperData::new(PaperName::Digits) };
    let data = DataSource::from(canonical_data(data).unwrap());
    let mut config = GaConfig::paper();
    config.population = 20;
    config.termination.min_generations = generations;
    config.termination.max_generations = Some(generations);
    SearchSpec {
        network: Recipe {
            architecture: architecture_for(&data, "64,4,2").unwrap(),
            initializer: Initializer::paper(),
            seed: Seed(seed),
        },
        data,
        metric: MetricName::Accuracy,
        config,
        search_seed: Seed(seed),
        tie_break: TieBreak::paper(MetricName::Accuracy),
        history: HistoryKept::Whole,
    }
}

pub(crate) fn compute(spec: &SearchSpec) -> SearchRecord {
    let prepared = Prepared::new(spec).unwrap();
    let outcome = prepared.search(None, &mut ()).unwrap().outcome();
    prepared.record(&outcome.into()).unwrap()
}

/// The files of a folder, by path below it.
pub(crate) fn files(folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut found = BTreeMap::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(
                files(&path)
                    .into_iter()
                    .map(|(below, bytes)| (Path::new(path.file_name().unwrap()).join(below), bytes)),
            );
        } else {
            found.insert(PathBuf::from(path.file_name().unwrap()), fs::read(&path).unwrap());
        }
    }
    found
}
