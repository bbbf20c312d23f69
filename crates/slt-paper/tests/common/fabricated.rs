//! Records as if they came out of runs that never took place.

use slt_baselines::{MlpStop, Snapshot};
use slt_core::BitMask;
use slt_ga::StopReason;
use slt_paper::figures::Figure;
use slt_paper::{
    Chosen, EdgePopupRecord, EdgePopupSpec, Plan, Records, RunRecord, RunSpec, SearchRecord, SearchSpec,
    TrainingRecord, TrainingSpec,
};

/// What a run is to find, as far as figures about accuracies ask for it.
#[derive(Debug, Clone)]
pub(crate) struct Found {
    /// Test accuracy by the choice on training data, by that on test data.
    pub(crate) accuracies: [f64; 2],
    /// Active connections of the first individual; the second one has one less.
    pub(crate) active: Vec<usize>,
}

impl Found {
    /// A test accuracy that does not depend on the choice, with every other connection.
    pub(crate) fn accuracy(accuracy: f64) -> Self {
        Self { accuracies: [accuracy; 2], active: Vec::new() }
    }
}

/// Records of all runs that a figure asks for, in as many rounds as it needs.
pub(crate) fn records(figure: &dyn Figure, plan: &Plan, found: impl Fn(&RunSpec) -> Found) -> Records {
    let mut records = Records::new();
    loop {
        let mut missing = figure.runs(plan, &records).unwrap();
        missing.retain(|spec| !records.contains(spec));
        if missing.is_empty() {
            return records;
        }
        records.extend(missing.iter().map(|spec| record(spec, &found(spec))));
    }
}

fn record(spec: &RunSpec, found: &Found) -> RunRecord {
    match spec {
        RunSpec::Search(spec) => search(spec, found).into(),
        RunSpec::EdgePopup(spec) => edge_popup(spec, found).into(),
        RunSpec::Training(spec) => training(spec, found).into(),
        other => panic!("no record of {} can be made up", other.label()),
    }
}

fn search(spec: &SearchSpec, found: &Found) -> SearchRecord {
    let n_weights = spec.network.architecture.n_weights();
    let active =
        if found.active.is_empty() { (0..n_weights).step_by(2).collect() } else { found.active.clone() };
    let chosen = |accuracy: f64, active: &[usize]| {
        let mut mask = BitMask::zeros(n_weights);
        active.iter().for_each(|&bit| mask.set(bit, true));
        Chosen {
            sparsity: mask.sparsity(),
            mask,
            train_accuracy: accuracy,
            test_accuracy: accuracy,
            train_loss: 0.5,
            test_loss: 0.5,
        }
    };
    SearchRecord {
        best: chosen(found.accuracies[0], &active),
        reranked: chosen(found.accuracies[1], &active[1..]),
        generations: 100,
        evaluations: 5_000,
        stop_reason: StopReason::Converged,
        history: Vec::new(),
        spec: spec.clone(),
    }
}

/// The best epoch, the second, is one point ahead of the last.
fn edge_popup(spec: &EdgePopupSpec, found: &Found) -> EdgePopupRecord {
    let mask = BitMask::zeros(spec.network.architecture.n_weights());
    let [accuracy, _] = found.accuracies;
    EdgePopupRecord {
        last: Snapshot { epoch: 100, test_accuracy: accuracy, mask: mask.clone() },
        best: Snapshot { epoch: 2, test_accuracy: accuracy + 0.01, mask },
        train_loss: Vec::new(),
        test_accuracy: Vec::new(),
        sparsity: 1.0 - spec.config.keep,
        spec: spec.clone(),
    }
}

fn training(spec: &TrainingSpec, found: &Found) -> TrainingRecord {
    let [accuracy, _] = found.accuracies;
    TrainingRecord {
        n_iter: 20,
        stop: MlpStop::Converged,
        loss_curve: Vec::new(),
        train_accuracy: accuracy,
        test_accuracy: accuracy,
        spec: spec.clone(),
    }
}
