//! Records as claims need them, with results made up.

#![allow(dead_code, reason = "every test file uses its own part")]

use slt_baselines::MlpStop;
use slt_core::BitMask;
use slt_ga::{Bound, GenerationStats, Newcomers, Origin, StopReason};
use slt_paper::claims::{Claim, Decision};
use slt_paper::{Plan, Protocol, Scale};
use slt_run::{
    AssessmentRecord, Chosen, EdgePopupRecord, LandscapeRecord, MaskSearchRecord, Popup, PruningRecord,
    Records, RunRecord, RunSpec, SearchRecord, SearchSpec, SpectrumRecord, TrainingRecord,
};
use slt_search::Work;

/// What came out of a run, as far as claims look at it.
#[derive(Debug, Clone)]
pub(crate) struct Made {
    /// Test accuracy and training accuracy.
    pub(crate) accuracy: f64,
    /// Training accuracy, if it is another one.
    pub(crate) trained: Option<f64>,
    /// The accuracy of the individual that protocol `paper` reports; as `accuracy` if there is none.
    pub(crate) reranked: Option<f64>,
    pub(crate) sparsity: f64,
    /// Best accuracy and sparsity of the fittest in each generation.
    pub(crate) history: Vec<(f64, f64)>,
    /// What made the fittest of each generation, from the first population on, where it is new.
    pub(crate) origins: Vec<Option<Origin>>,
    /// Diversity of the first and of all other populations.
    pub(crate) diversity: (f64, f64),
    /// The last generation, if it is not that of the history.
    pub(crate) generations: Option<u64>,
    pub(crate) evaluated_ones: u64,
    /// Active connections of the ticket; none if they do not matter.
    pub(crate) active: Vec<usize>,
    /// Mean probability of the right class.
    pub(crate) probability: f64,
    /// Errors by true and predicted class.
    pub(crate) confused: Vec<(usize, usize, u64)>,
    pub(crate) eigenvalues: Vec<f64>,
    /// Loss and samples right of 1,000 at a point of a landscape.
    pub(crate) surface: fn(f64, f64) -> (f64, u64),
}

/// A run with an accuracy, all else plain.
pub(crate) fn accuracy(accuracy: f64) -> Made {
    Made {
        accuracy,
        trained: None,
        reranked: None,
        sparsity: 0.5,
        history: vec![(accuracy, 0.5)],
        origins: Vec::new(),
        diversity: (0.5, 0.1),
        generations: None,
        evaluated_ones: 1_000,
        active: Vec::new(),
        probability: 0.5,
        confused: Vec::new(),
        eigenvalues: vec![1.0],
        surface: |_, _| (1.0, 500),
    }
}

/// The claim of a name.
#[track_caller]
pub(crate) fn claim(id: &str) -> &'static Claim {
    slt_paper::claims::by_id(id).unwrap_or_else(|| panic!("there is no claim {id}"))
}

/// The decision on made-up results of so many runs as a claim needs, at the paper's scale.
#[track_caller]
pub(crate) fn decide(id: &str, protocol: Protocol, make: impl Fn(&RunSpec) -> Made) -> Decision {
    let claim = claim(id);
    let plan = Plan::new(Scale::Paper, Some(claim.runs_needed)).unwrap();
    claim.decide(&plan, &records(claim, &plan, make), protocol).unwrap()
}

/// A number between -1 and 1 that looks random, another one for each run.
pub(crate) fn noise(spec: &RunSpec) -> f64 {
    let hash = spec.hash();
    f64::from(u16::from_str_radix(&hash[..4], 16).unwrap()) / 32_767.5 - 1.0
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
    let trained = made.trained.unwrap_or(made.accuracy);
    match spec {
        RunSpec::Search(spec) => search(spec, made).into(),
        RunSpec::EdgePopup(spec) => {
            let last = Popup {
                epoch: 100,
                mask: BitMask::zeros(spec.network.architecture.n_weights()),
                train_accuracy: trained,
                test_accuracy: made.accuracy,
                sparsity: 1.0 - spec.config.keep,
            };
            let best = Popup { epoch: 2, test_accuracy: 1.0, ..last.clone() };
            EdgePopupRecord { spec, last, best, train_loss: 0.5 }.into()
        }
        RunSpec::Training(spec) => TrainingRecord {
            spec,
            n_iter: 1,
            stop: MlpStop::Converged,
            loss: 0.5,
            train_accuracy: trained,
            test_accuracy: made.accuracy,
        }
        .into(),
        RunSpec::Pruning(spec) => PruningRecord {
            mask: spec.ticket.mask.clone(),
            spec,
            sparsity: made.sparsity,
            train_accuracy: trained,
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
                mean_confidence_when_correct: Some(made.probability),
                accuracy: made.accuracy,
            }
            .into()
        }
        RunSpec::Landscape(spec) => {
            let last = (spec.steps - 1) as f64;
            let axis: Vec<f64> =
                (0..spec.steps).map(|i| spec.reach * (2.0 * i as f64 / last - 1.0)).collect();
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
            residuals: vec![0.0; made.eigenvalues.len()],
            eigenvalues: made.eigenvalues.clone(),
            converged: true,
            steps: 1,
            loss: 1.0,
        }
        .into(),
        RunSpec::MaskSearch(spec) => MaskSearchRecord {
            best: Chosen {
                mask: BitMask::zeros(spec.network.architecture.n_weights()),
                train_accuracy: trained,
                test_accuracy: made.accuracy,
                train_loss: 1.0,
                test_loss: 1.0,
                sparsity: made.sparsity,
            },
            performance: trained,
            steps: 1,
            work: Work::default(),
            stop_reason: slt_search::StopReason::Finished,
            milestones: Vec::new(),
            front: Vec::new(),
            spec,
        }
        .into(),
        other => panic!("what is {other:?}?"),
    }
}

fn search(spec: SearchSpec, made: &Made) -> SearchRecord {
    let weights = spec.network.architecture.n_weights();
    let mask: BitMask = (0..weights).map(|bit| made.active.contains(&bit)).collect();
    let chosen = |mask, test_accuracy, train_accuracy| Chosen {
        mask,
        train_accuracy,
        test_accuracy,
        train_loss: 1.0,
        test_loss: 1.0,
        sparsity: made.sparsity,
    };
    let trained = made.trained.unwrap_or(made.accuracy);
    let reranked = made.reranked.unwrap_or(made.accuracy);
    let generation = |(generation, &(best, sparsity)): (u64, &(f64, f64))| GenerationStats {
        generation,
        best,
        mean: best,
        sparsity_of_fittest: sparsity,
        highest_sparsity: sparsity,
        highest_sparsity_so_far: sparsity,
        diversity: if generation == 0 { made.diversity.0 } else { made.diversity.1 },
        newcomers: Newcomers::default(),
        new_best: made.origins.get(generation as usize).copied().flatten(),
        bound: None,
        evaluations: 0,
    };
    // Tickets of the two protocols differ, so that their prunings do.
    let other = if made.active.is_empty() { BitMask::ones(weights) } else { mask.clone() };
    SearchRecord {
        best: chosen(mask, made.accuracy, trained),
        reranked: chosen(other, reranked, made.trained.unwrap_or(reranked)),
        generations: made.generations.unwrap_or(made.history.len() as u64),
        evaluations: 0,
        evaluated_ones: made.evaluated_ones,
        distinct_masks: 1,
        distinct_performances: 1,
        new_bests: Newcomers::default(),
        bound: spec.config.bound.map(|bound| Bound { value: bound.start, exponent: bound.exponent }),
        stop_reason: StopReason::Converged,
        history: (0..).zip(&made.history).map(generation).collect(),
        spec,
    }
}
