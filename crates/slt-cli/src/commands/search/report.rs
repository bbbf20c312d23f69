//! What `slt search` says of its result.

use std::fmt;

use serde::Serialize;
use slt_mlp::Provenance;
use slt_run::{Algorithm, Loaded, SearchRecord};

use crate::arguments::{DataArguments, made_on};
use crate::files::mask_hash;
use crate::judged::Ending;
use crate::stdout::count;

/// The result on stdout.
#[derive(Serialize)]
pub(super) struct Report {
    data: String,
    architecture: String,
    algorithm: &'static str,
    objective: String,
    network_seed: u64,
    search_seed: u64,
    train_accuracy: f64,
    /// Of the individual chosen on training data.
    test_accuracy: f64,
    /// Of the individual of the last population with the best test accuracy.
    test_accuracy_reranked: f64,
    train_loss: f64,
    test_loss: f64,
    sparsity: f64,
    active_weights: usize,
    generations: u64,
    evaluations: u64,
    stop_reason: String,
    mask_hash: String,
    spec_sha256: String,
    #[serde(flatten)]
    ending: Ending,
}

impl Report {
    pub(super) fn new(record: &SearchRecord, algorithm: Algorithm, data: &Loaded, ending: Ending) -> Self {
        let SearchRecord { spec, best, .. } = record;
        Self {
            data: data.split.train.name().to_owned(),
            architecture: spec.network.architecture.to_string(),
            algorithm: algorithm.name(),
            objective: spec.metric.to_string(),
            network_seed: spec.network.seed.0,
            search_seed: spec.search_seed.0,
            train_accuracy: best.train_accuracy,
            test_accuracy: best.test_accuracy,
            test_accuracy_reranked: record.reranked.test_accuracy,
            train_loss: best.train_loss,
            test_loss: best.test_loss,
            sparsity: best.sparsity,
            active_weights: best.mask.count_ones(),
            generations: record.generations,
            evaluations: record.evaluations,
            stop_reason: record.stop_reason.to_string(),
            mask_hash: mask_hash(&best.mask),
            spec_sha256: spec.hash(),
            ending,
        }
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { data, architecture, algorithm, objective, .. } = self;
        write!(f, "{data} [{architecture}] {algorithm}, {objective}: ")?;
        let (train, test) = (100.0 * self.train_accuracy, 100.0 * self.test_accuracy);
        let (reranked, sparsity) = (100.0 * self.test_accuracy_reranked, 100.0 * self.sparsity);
        write!(f, "{train:.2} % training and {test:.2} % test accuracy ({reranked:.2} % reranked), ")?;
        writeln!(f, "{sparsity:.1} % sparsity")?;
        let Self { generations, evaluations, stop_reason, mask_hash, active_weights, .. } = self;
        let (generations, evaluations) =
            (count(*generations, "generation"), count(*evaluations, "evaluation"));
        write!(f, "{generations}, {evaluations} ({stop_reason}), ")?;
        writeln!(f, "{active_weights} active weights, mask {mask_hash}")?;
        write!(f, "{}", self.ending)
    }
}

/// What the ticket says of where it comes from: enough to make it again.
pub(super) fn provenance(
    record: &SearchRecord,
    algorithm: Algorithm,
    data: &Loaded,
    arguments: &DataArguments,
) -> Provenance {
    let SearchRecord { spec, best, .. } = record;
    let details = [
        ("objective", spec.metric.to_string()),
        ("search seed", spec.search_seed.to_string()),
        ("generations", record.generations.to_string()),
        ("train accuracy", best.train_accuracy.to_string()),
        ("test accuracy", best.test_accuracy.to_string()),
        ("spec sha256", spec.hash()),
    ];
    made_on(data, arguments, algorithm.name(), details)
}
