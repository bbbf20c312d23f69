//! Records as if they came out of runs that never took place.

use slt_baselines::MlpStop;
use slt_core::BitMask;
use slt_ga::{GenerationStats, Newcomers, StopReason};
use slt_paper::Plan;
use slt_paper::figures::Figure;
use slt_run::{
    Chosen, EdgePopupRecord, EdgePopupSpec, FrontPoint, HistoryKept, LandscapeRecord, LandscapeSpec,
    MaskSearchRecord, MaskSearchSpec, Passed, Popup, PruningRecord, PruningSpec, Records, RunRecord, RunSpec,
    SearchRecord, SearchSpec, SpectrumRecord, SpectrumSpec, SplitPart, TrainingRecord, TrainingSpec,
};
use slt_search::Work;

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
pub(crate) fn records(figure: &Figure, plan: &Plan, found: impl Fn(&RunSpec) -> Found) -> Records {
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
        RunSpec::Pruning(spec) => pruning(spec, found).into(),
        RunSpec::MaskSearch(spec) => mask_search(spec, found).into(),
        RunSpec::Landscape(spec) => landscape(spec).into(),
        RunSpec::Spectrum(spec) => spectrum(spec, found).into(),
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
        evaluated_ones: 5_000 * n_weights as u64 / 2,
        distinct_masks: 100,
        distinct_performances: 100,
        new_bests: Newcomers::default(),
        bound: None,
        stop_reason: StopReason::Converged,
        history: if spec.history == HistoryKept::Whole { history(found.accuracies[0]) } else { Vec::new() },
        spec: spec.clone(),
    }
}

/// A hundred generations up to an accuracy.
fn history(accuracy: f64) -> Vec<GenerationStats> {
    let generation = |generation: u64| {
        let done = generation as f64 / 100.0;
        let sparsity = 0.5 + 0.2 * (done - 0.3) * (done - 0.3);
        GenerationStats {
            generation,
            best: 0.6 + (accuracy - 0.6) * done.sqrt(),
            mean: 0.55,
            sparsity_of_fittest: sparsity,
            highest_sparsity: sparsity + 0.03,
            highest_sparsity_so_far: 0.63,
            diversity: 0.1,
            newcomers: Newcomers::default(),
            new_best: None,
            bound: None,
            evaluations: 50 * generation,
        }
    };
    (0..=100).map(generation).collect()
}

/// Half way to the accuracy at a million multiply-adds, there at four million; every other connection is
/// active.
fn mask_search(spec: &MaskSearchSpec, found: &Found) -> MaskSearchRecord {
    let [accuracy, _] = found.accuracies;
    let mask: BitMask = (0..spec.network.architecture.n_weights()).map(|bit| bit % 2 == 0).collect();
    let sparsity = mask.sparsity();
    let passed = |multiply_adds: u64, accuracy: f64| Passed {
        judged: multiply_adds / 1_000,
        multiply_adds,
        train_accuracy: accuracy,
        test_accuracy: accuracy,
        sparsity,
    };
    MaskSearchRecord {
        best: Chosen {
            mask,
            train_accuracy: accuracy,
            test_accuracy: accuracy,
            train_loss: 0.5,
            test_loss: 0.5,
            sparsity,
        },
        performance: accuracy,
        steps: 10,
        work: Work { multiply_adds: 4_000_000, ..Work::default() },
        stop_reason: StopReason::Finished,
        milestones: vec![passed(1_000_000, accuracy / 2.0), passed(2_000_000, 0.75 * accuracy)],
        front: [0.4, 0.6, 0.9]
            .map(|sparsity| FrontPoint {
                mask: BitMask::zeros(1),
                performance: accuracy - 0.1 * sparsity,
                train_accuracy: accuracy - 0.1 * sparsity,
                test_accuracy: accuracy - 0.1 * sparsity,
                sparsity,
            })
            .to_vec(),
        spec: spec.clone(),
    }
}

/// The best epoch, the second, is one point ahead of the last.
fn edge_popup(spec: &EdgePopupSpec, found: &Found) -> EdgePopupRecord {
    let [accuracy, _] = found.accuracies;
    let popup = |epoch, accuracy| Popup {
        epoch,
        mask: BitMask::zeros(spec.network.architecture.n_weights()),
        train_accuracy: accuracy,
        test_accuracy: accuracy,
        sparsity: 1.0 - spec.config.keep,
    };
    EdgePopupRecord {
        last: popup(100, accuracy),
        best: popup(2, accuracy + 0.01),
        train_loss: 0.3,
        spec: spec.clone(),
    }
}

fn training(spec: &TrainingSpec, found: &Found) -> TrainingRecord {
    let [accuracy, _] = found.accuracies;
    TrainingRecord {
        n_iter: 20,
        stop: MlpStop::Converged,
        loss: 0.1,
        train_accuracy: accuracy,
        test_accuracy: accuracy,
        spec: spec.clone(),
    }
}

/// Nothing is left but one connection in ten, and the accuracy on the data that pruning looks at stays.
fn pruning(spec: &PruningSpec, found: &Found) -> PruningRecord {
    let n_weights = spec.ticket.mask.len();
    let mask: BitMask = (0..n_weights).map(|bit| bit % 10 == 0).collect();
    let [on_training_data, on_test_data] = found.accuracies;
    let accuracy = if spec.guard == SplitPart::Test { on_test_data } else { on_training_data };
    PruningRecord {
        sparsity: mask.sparsity(),
        mask,
        train_accuracy: accuracy,
        test_accuracy: accuracy,
        spec: spec.clone(),
    }
}

/// A bowl of loss, steeper along the second direction, and a ridge of accuracy along its diagonal.
fn landscape(spec: &LandscapeSpec) -> LandscapeRecord {
    let last = (spec.steps - 1) as f64;
    let axis: Vec<f64> = (0..spec.steps).map(|i| spec.reach * (2.0 * i as f64 / last - 1.0)).collect();
    let grid = |value: &dyn Fn(f64, f64) -> f64| -> Vec<Vec<f64>> {
        axis.iter().map(|&delta| axis.iter().map(|&eta| value(delta, eta)).collect()).collect()
    };
    let loss = grid(&|delta, eta| 0.25 + 40.0 * (delta * delta + 3.0 * eta * eta));
    let correct = grid(&|delta, eta| 900.0 - 500.0 * (delta - eta).abs() + 30.0 * (20.0 * delta).sin());
    let correct = correct.into_iter().map(|row| row.into_iter().map(|n| n.max(0.0) as u64).collect());
    LandscapeRecord { correct: correct.collect(), samples: 1_000, axis, loss, spec: spec.clone() }
}

/// Eigenvalues that fall by a factor of 1.5, beginning with the first "accuracy"; converged unless the second
/// one is 0.
fn spectrum(spec: &SpectrumSpec, found: &Found) -> SpectrumRecord {
    let [largest, converged] = found.accuracies;
    SpectrumRecord {
        eigenvalues: (0..10).map(|rank| largest / 1.5_f64.powi(rank)).collect(),
        residuals: vec![1e-4 * largest; 10],
        converged: converged != 0.0,
        steps: 80,
        loss: 0.25,
        spec: spec.clone(),
    }
}
