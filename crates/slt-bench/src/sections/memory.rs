//! Peak resident memory of a run.

use serde::Serialize;
use slt_ga::GaConfig;
use slt_mlp::MetricName;

use crate::cases::{CIRCLES_D, Case, SEED};
use crate::effort::{Effort, first_generations};
use crate::error::Error;
use crate::findings::{Findings, Row, significant};
use crate::machine::peak_memory;

#[derive(Serialize)]
struct Memory {
    #[serde(flatten)]
    case: Case,
    generations: u64,
    /// Bytes before the data are made; `None` where the system does not tell.
    before: Option<u64>,
    /// Bytes after the run.
    peak: Option<u64>,
    /// Bytes of features and labels.
    data_bytes: usize,
}

impl Row for Memory {
    const COLUMNS: (&'static [&'static str], &'static [&'static str]) =
        (&["run"], &["generations", "training data MiB", "before MiB", "peak MiB"]);

    fn cells(&self) -> Vec<String> {
        let mebibytes = |bytes: u64| significant(bytes as f64 / f64::from(1 << 20));
        let known = |bytes: Option<u64>| bytes.map_or("not available".to_owned(), mebibytes);
        vec![
            self.case.to_string(),
            self.generations.to_string(),
            mebibytes(self.data_bytes as u64),
            known(self.before),
            known(self.peak),
        ]
    }
}

pub(super) fn measure(effort: Effort) -> Result<Findings, Error> {
    let case = CIRCLES_D;
    let before = peak_memory();
    let evaluator = case.evaluator(MetricName::Accuracy)?;
    let config = first_generations(&GaConfig::paper(), Some(effort.pick(100, 20)));
    let outcome = slt_ga::run(&evaluator, &config, SEED, &mut ())?;
    let data = evaluator.data();
    let data_bytes = size_of_val(data.values()) + size_of_val(data.labels());
    Findings::new(&[Memory {
        case,
        generations: outcome.generations,
        before,
        peak: peak_memory(),
        data_bytes,
    }])
}
