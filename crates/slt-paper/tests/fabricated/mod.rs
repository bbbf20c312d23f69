//! Records as claims need them, with results made up.

use slt_baselines::{MlpStop, Snapshot};
use slt_core::BitMask;
use slt_ga::{GenerationStats, Newcomers, StopReason};
use slt_paper::claims::Claim;
use slt_paper::{
    AssessmentRecord, Chosen, EdgePopupRecord, LandscapeRecord, Plan, PruningRecord, Records, RunRecord,
    RunSpec, SearchRecord, SearchSpec, SpectrumRecord, TrainingRecord,
};

/// What came out of a run, as far as claims look at it.
#[derive(Debug, Clone)]
pub(crate) struct Made {
    /// Test accuracy and, for searches, training accuracy.
    pub(crate) accuracy: f64,
    /// The same of the individual that protocol `paper` reports; as `accuracy` if there is none.
    pub(crate) reranked: Option<f64>,
    pub(crate) sparsity: f64,
    /// Best accuracy and sparsity of the fittest in each generation.
    pub(crate) history: Vec<(f64, f64)>,
    /// Mean probability of the right class.
    pub(crate) probability: f64,
    /// Errors by true and predicted class.
    pub(crate) confused: Vec<(usize, usize, u64)>,
    pub(crate) eigenvalue: f64,
    /// Loss and samples right of 1,000 at a point of a landscape.
    pub(crate) surface: fn(f64, f64) -> (f64, u64),
}

/// A run with an accuracy, all else plain.
pub(crate) fn accuracy(accuracy: f64) -> Made {
    Made {
        accuracy,
        reranked: None,
        sparsity: 0.5,
        history: vec![(accuracy, 0.5)],
        probability: 0.5,
        confused: Vec::new(),
        eigenvalue: 1.0,
        surface: |_, _| (1.0, 500),
    }
}

/// Records of all runs of a claim.
pub(crate) fn records(claim: &Claim, plan: &Plan, make: impl Fn(&RunSpec) -> Made) -> Records {
    let mut records = Records::new();
    loop {
        let wanted = claim.runs(plan, &records).unwrap();
        let missing: Vec<RunSpec> = wanted.into_iter().filter(|spec| !records.contains(spec)).collect();
        if missing.is_empty() {
            return records;
        }
        records.extend(missing.into_iter().map(|spec| {
            let made = make(&spec);
            record(spec, &made)
        }));
    }
}

/// The record of a run.
pub(crate) fn record(spec: RunSpec, made: &Made) -> RunRecord {
    match spec {
        RunSpec::Search(spec) => search(spec, made).into(),
        RunSpec::EdgePopup(spec) => {
            let mask = BitMask::zeros(spec.network.architecture.n_weights());
            let last = Snapshot { epoch: 1, test_accuracy: made.accuracy, mask };
            EdgePopupRecord {
                best: Snapshot { test_accuracy: 1.0, ..last.clone() },
                last,
                train_loss: Vec::new(),
                test_accuracy: Vec::new(),
                sparsity: 1.0 - spec.config.keep,
                spec,
            }
            .into()
        }
        RunSpec::Training(spec) => TrainingRecord {
            spec,
            n_iter: 1,
            stop: MlpStop::Converged,
            loss_curve: Vec::new(),
            train_accuracy: made.accuracy,
            test_accuracy: made.accuracy,
        }
        .into(),
        RunSpec::Pruning(spec) => PruningRecord {
            mask: spec.ticket.mask.clone(),
            spec,
            sparsity: made.sparsity,
            train_accuracy: made.accuracy,
            test_accuracy: made.accuracy,
        }
        .into(),
        RunSpec::Assessment(spec) => {
            let n = spec.ticket.network.architecture.n_outputs();
            let mut confusion = vec![vec![0; n]; n];
            made.confused.iter().for_each(|&(class, other, errors)| confusion[class][other] = errors);
            AssessmentRecord {
                spec,
                confusion,
                mean_true_probability: made.probability,
                mean_confidence: made.probability,
                accuracy: made.accuracy,
            }
            .into()
        }
        RunSpec::Landscape(spec) => {
            let last = (spec.steps - 1) as f64;
            let axis: Vec<f64> = (0..spec.steps).map(|i| 2.0 * i as f64 / last - 1.0).collect();
            let at = |x: f64| axis.iter().map(move |&y| (made.surface)(x, y));
            LandscapeRecord {
                loss: axis.iter().map(|&x| at(x).map(|(loss, _)| loss).collect()).collect(),
                correct: axis.iter().map(|&x| at(x).map(|(_, correct)| correct).collect()).collect(),
                axis: axis.clone(),
                samples: 1_000,
                spec,
            }
            .into()
        }
        RunSpec::Spectrum(spec) => SpectrumRecord {
            spec,
            eigenvalues: vec![made.eigenvalue],
            residuals: vec![0.0],
            converged: true,
            steps: 1,
            loss: 1.0,
        }
        .into(),
        other => panic!("what is {other:?}?"),
    }
}

fn search(spec: SearchSpec, made: &Made) -> SearchRecord {
    let weights = spec.network.architecture.n_weights();
    let chosen = |mask, accuracy| Chosen {
        mask,
        train_accuracy: accuracy,
        test_accuracy: accuracy,
        train_loss: 1.0,
        test_loss: 1.0,
        sparsity: made.sparsity,
    };
    let generation = |(generation, &(best, sparsity)): (u64, &(f64, f64))| GenerationStats {
        generation,
        best,
        mean: best,
        sparsity_of_fittest: sparsity,
        highest_sparsity: sparsity,
        highest_sparsity_so_far: sparsity,
        diversity: 0.0,
        newcomers: Newcomers::default(),
        bound: None,
        evaluations: 0,
    };
    SearchRecord {
        best: chosen(BitMask::zeros(weights), made.accuracy),
        reranked: chosen(BitMask::ones(weights), made.reranked.unwrap_or(made.accuracy)),
        generations: made.history.len() as u64,
        evaluations: 0,
        stop_reason: StopReason::Converged,
        history: (0..).zip(&made.history).map(generation).collect(),
        spec,
    }
}
