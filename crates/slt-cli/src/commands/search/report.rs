//! What `slt search` says of its result.

use std::fmt;
use std::path::PathBuf;

use serde::Serialize;
use slt_core::{BitMask, Seed};
use slt_mlp::{Network, Recipe};
use slt_run::{Algorithm, Chosen, Loaded, MaskSearchRecord, SearchRecord};

use super::front::{Front, FrontReport};
use crate::files::mask_hash;
use crate::judged::Ending;
use crate::stdout::count;

/// What a search came to.
pub(super) struct Found {
    pub(super) report: Report,
    /// What the ticket says of the search.
    pub(super) details: Vec<(&'static str, String)>,
    pub(super) algorithm: &'static str,
    pub(super) network: Network,
    pub(super) recipe: Recipe,
    pub(super) search_seed: Seed,
    /// Whether masks have two bits for each weight.
    pub(super) signed: bool,
    pub(super) best: Chosen,
    /// What `--front` writes.
    pub(super) front: Front,
    /// If it was interrupted, after what, and the file of its checkpoint.
    pub(super) interrupted: Option<(String, Option<PathBuf>)>,
}

/// The result on stdout, but for its end.
#[derive(Serialize)]
pub(super) struct Report {
    data: String,
    architecture: String,
    algorithm: &'static str,
    objective: String,
    network_seed: u64,
    search_seed: u64,
    train_accuracy: f64,
    /// Of the mask chosen on training data.
    test_accuracy: f64,
    train_loss: f64,
    test_loss: f64,
    sparsity: f64,
    active_weights: usize,
    /// Of the active ones, if weights may be inverted.
    #[serde(skip_serializing_if = "Option::is_none")]
    inverted_weights: Option<usize>,
    #[serde(flatten)]
    work: Work,
    stop_reason: String,
    mask_hash: String,
    spec_sha256: String,
    /// If several were searched.
    #[serde(skip_serializing_if = "Option::is_none")]
    seeds: Option<SeedsReport>,
}

/// What the networks of several seeds came to, in their order.
#[derive(Serialize)]
pub(super) struct SeedsReport(Vec<SeedReport>);

#[derive(Serialize)]
struct SeedReport {
    network_seed: u64,
    search_seed: u64,
    /// What results are judged by.
    performance: f64,
    train_accuracy: f64,
    sparsity: f64,
    /// Whether this is the one that is kept.
    kept: bool,
}

impl SeedsReport {
    /// Of all results, of which the one at `best` is kept.
    pub(super) fn new(results: &[&MaskSearchRecord], best: usize) -> Self {
        let report = |(i, record): (usize, &&MaskSearchRecord)| SeedReport {
            network_seed: record.spec.network.seed.0,
            search_seed: record.spec.search_seed.0,
            performance: record.performance,
            train_accuracy: record.best.train_accuracy,
            sparsity: record.best.sparsity,
            kept: i == best,
        };
        Self(results.iter().enumerate().map(report).collect())
    }
}

impl fmt::Display for SeedsReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let accuracies = || self.0.iter().map(|seed| 100.0 * seed.train_accuracy);
        let (least, most) = (accuracies().fold(f64::INFINITY, f64::min), accuracies().fold(0.0, f64::max));
        let kept = self.0.iter().find(|seed| seed.kept).map_or(0, |seed| seed.network_seed);
        let n = count(self.0.len() as u64, "seed");
        writeln!(f, "best of {n}: {kept}; training accuracies from {least:.2} to {most:.2} %")
    }
}

/// What it took.
#[derive(Serialize)]
#[serde(untagged)]
enum Work {
    Generations {
        /// Of the individual of the last population with the best test accuracy.
        test_accuracy_reranked: f64,
        generations: u64,
        evaluations: u64,
    },
    Judged {
        /// What results are judged by says of the mask.
        performance: f64,
        steps: u64,
        evaluations: u64,
        what_ifs: u64,
        multiply_adds: u64,
    },
}

/// The weights that a signed mask inverts.
fn inverted(bits: &BitMask) -> usize {
    (bits.len() / 2..bits.len()).filter(|&bit| bits.get(bit)).count()
}

/// The whole result.
#[derive(Serialize)]
pub(super) struct WholeReport {
    #[serde(flatten)]
    report: Report,
    #[serde(flatten)]
    ending: Ending,
    /// If one was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    front: Option<FrontReport>,
}

impl Report {
    /// Of the paper's genetic algorithm.
    pub(super) fn of_generations(record: &SearchRecord, algorithm: Algorithm, data: &Loaded) -> Self {
        let SearchRecord { spec, best, .. } = record;
        let work = Work::Generations {
            test_accuracy_reranked: record.reranked.test_accuracy,
            generations: record.generations,
            evaluations: record.evaluations,
        };
        let objective = spec.metric.to_string();
        Self {
            search_seed: spec.search_seed.0,
            stop_reason: record.stop_reason.to_string(),
            spec_sha256: spec.hash(),
            ..Self::of(best, &spec.network, algorithm.name(), objective, data, work)
        }
    }

    /// Of another search; `late` if its time was over.
    pub(super) fn of_masks(record: &MaskSearchRecord, data: &Loaded, late: bool) -> Self {
        let MaskSearchRecord { spec, best, work, .. } = record;
        let judged = Work::Judged {
            performance: record.performance,
            steps: record.steps,
            evaluations: work.evaluations,
            what_ifs: work.what_ifs,
            multiply_adds: work.multiply_adds,
        };
        let objective = spec.goal.metric.to_string();
        Self {
            search_seed: spec.search_seed.0,
            stop_reason: if late { "time".to_owned() } else { record.stop_reason.to_string() },
            spec_sha256: spec.hash(),
            inverted_weights: spec.signed.then(|| inverted(&best.mask)),
            ..Self::of(best, &spec.network, spec.method.name(), objective, data, judged)
        }
    }

    fn of(
        best: &Chosen,
        network: &Recipe,
        algorithm: &'static str,
        objective: String,
        data: &Loaded,
        work: Work,
    ) -> Self {
        Self {
            data: data.split.train.name().to_owned(),
            architecture: network.architecture.to_string(),
            algorithm,
            objective,
            network_seed: network.seed.0,
            search_seed: 0,
            train_accuracy: best.train_accuracy,
            test_accuracy: best.test_accuracy,
            train_loss: best.train_loss,
            test_loss: best.test_loss,
            sparsity: best.sparsity,
            active_weights: best.mask.count_ones(),
            inverted_weights: None,
            work,
            stop_reason: String::new(),
            mask_hash: mask_hash(&best.mask),
            spec_sha256: String::new(),
            seeds: None,
        }
    }

    /// With what the networks of several seeds came to.
    pub(super) fn with_seeds(self, seeds: Option<SeedsReport>) -> Self {
        Self { seeds, ..self }
    }

    /// The whole, with how the ticket does.
    pub(super) fn ending(self, ending: Ending, front: Option<FrontReport>) -> WholeReport {
        WholeReport { report: self, ending, front }
    }
}

impl fmt::Display for WholeReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Report { data, architecture, algorithm, objective, .. } = &self.report;
        write!(f, "{data} [{architecture}] {algorithm}, {objective}: ")?;
        let Report { train_accuracy, test_accuracy, sparsity, .. } = &self.report;
        write!(
            f,
            "{:.2} % training and {:.2} % test accuracy",
            100.0 * train_accuracy,
            100.0 * test_accuracy
        )?;
        if let Work::Generations { test_accuracy_reranked, .. } = self.report.work {
            write!(f, " ({:.2} % reranked)", 100.0 * test_accuracy_reranked)?;
        }
        writeln!(f, ", {:.1} % sparsity", 100.0 * sparsity)?;
        match self.report.work {
            Work::Generations { generations, evaluations, .. } => {
                write!(f, "{}, {}", count(generations, "generation"), count(evaluations, "evaluation"))?;
            }
            Work::Judged { evaluations, what_ifs, multiply_adds, .. } => {
                write!(f, "{}, {}, ", count(evaluations, "evaluation"), count(what_ifs, "flip"))?;
                write!(f, "{:.3e} multiply-adds", multiply_adds as f64)?;
            }
        }
        let Report { stop_reason, mask_hash, active_weights, .. } = &self.report;
        write!(f, " ({stop_reason}), {active_weights} active weights")?;
        if let Some(inverted) = self.report.inverted_weights {
            write!(f, ", {inverted} of them inverted")?;
        }
        writeln!(f, ", mask {mask_hash}")?;
        if let Some(seeds) = &self.report.seeds {
            write!(f, "{seeds}")?;
        }
        write!(f, "{}", self.ending)?;
        match &self.front {
            Some(front) => write!(f, "{front}"),
            None => Ok(()),
        }
    }
}
