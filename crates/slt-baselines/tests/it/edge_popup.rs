//! Edge-popup: tickets, errors, invariants, and pinned results.

use std::ops::ControlFlow;

use ndarray::Array2;
use proptest::prelude::*;
use slt_baselines::{
    Divergence, EdgePopup, EdgePopupConfig, EdgePopupStop, Error, Samples, keep_top, n_dropped,
};
use slt_core::{BitMask, Seed};
use slt_datasets::Split;
use slt_datasets::paper::{PaperData, PaperName};
use slt_mlp::{Architecture, BiasInit, Initializer, Network, WeightInit};

fn setup(initializer: Initializer) -> (Network, Split, EdgePopup<f32>) {
    // In file order: the pinned results are older than the paper's split.
    let data: PaperData = "digits-file-order".parse().unwrap();
    let data = PaperData { classes: Some(3), ..data }.load().unwrap();
    let network = Network::random(&Architecture::new([64, 12, 3]).unwrap(), initializer, Seed(5)).unwrap();
    let config = EdgePopupConfig { epochs: 6, ..EdgePopupConfig::paper(PaperName::Digits) };
    let task = EdgePopup::new(&network, &(&data.train).into(), &(&data.test).into(), config).unwrap();
    (network, data, task)
}

fn go(_: &slt_baselines::EdgePopupEpoch, _: &BitMask) -> ControlFlow<()> {
    ControlFlow::Continue(())
}

#[test]
fn tickets_do_what_the_history_says() {
    let weights = [
        WeightInit::Uniform,
        WeightInit::KaimingNormal { keep: 0.5 },
        WeightInit::SignedConstant { keep: 0.5 },
    ];
    for (weights, biases) in weights.into_iter().zip([BiasInit::Uniform, BiasInit::FanIn, BiasInit::Uniform])
    {
        let (network, data, task) = setup(Initializer { weights, biases });
        let outcome = task.run(Seed(5), go).unwrap();
        let bits = network.architecture().layer_bits();
        for bits in bits {
            let kept = bits.clone().filter(|&bit| outcome.last.mask.get(bit)).count();
            assert_eq!(kept, bits.len() - n_dropped(bits.len(), 0.5));
        }
        let ticket = outcome.ticket(network).unwrap();
        // The engine fuses products and sums, so a sample on the boundary may fall the other way.
        let difference = ticket.accuracy(&data.test).unwrap() - outcome.last.test_accuracy;
        assert!(difference.abs() <= 1.5 / data.test.n_samples() as f64, "{difference}");
        let best = outcome.history.iter().map(|e| e.test_accuracy).fold(0.0, f64::max);
        assert_eq!(outcome.best.test_accuracy, best);
        assert_eq!(outcome.history[outcome.best.epoch - 1].test_accuracy, best);
        assert!(outcome.last.test_accuracy > 0.45, "{weights:?} {}", outcome.last.test_accuracy);
    }
}

#[test]
fn parameters_out_of_range_are_named() {
    let good = EdgePopupConfig::paper(PaperName::Moons);
    let bad = [
        ("keep", EdgePopupConfig { keep: 0.0, ..good }),
        ("keep", EdgePopupConfig { keep: 1.2, ..good }),
        ("keep", EdgePopupConfig { keep: f64::NAN, ..good }),
        ("epochs", EdgePopupConfig { epochs: 0, ..good }),
        ("batch_size", EdgePopupConfig { batch_size: 0, ..good }),
        ("learning_rate", EdgePopupConfig { learning_rate: -0.1, ..good }),
        ("momentum", EdgePopupConfig { momentum: 1.0, ..good }),
        ("weight_decay", EdgePopupConfig { weight_decay: f64::INFINITY, ..good }),
    ];
    for (name, config) in bad {
        let error = config.validate().unwrap_err();
        assert!(matches!(error, Error::Parameter { parameter, .. } if parameter == name), "{name}: {error}");
    }
}

#[test]
fn what_does_not_fit_is_an_error() {
    let (network, data, task) = setup(Initializer::paper());
    let config = EdgePopupConfig::paper(PaperName::Digits);
    let two = slt_datasets::paper::digits(2).unwrap();
    let (train, test) = (Samples::<f32>::from(&two.train), Samples::from(&data.test));
    let classes = EdgePopup::new(&network, &train, &test, config).unwrap_err();
    assert_eq!(classes, Error::ClassCount { expected: 3, classes: 2 });
    let moons = Samples::<f32>::new(Array2::zeros((2, 2)), vec![0, 1], 3).unwrap();
    let features = EdgePopup::new(&network, &moons, &moons, config).unwrap_err();
    assert_eq!(features, Error::FeatureCount { inputs: 64, features: 2 });
    assert!(matches!(task.run_from(&[], go), Err(Error::Length { expected: 2, actual: 0, .. })));
    let scores = [Array2::zeros((64, 12)), Array2::zeros((3, 12))];
    assert!(matches!(task.run_from(&scores, go), Err(Error::LayerShape { layer: 1, .. })));
    let none = EdgePopup::<f32>::from_parameters(&[], &train, &test, config);
    assert!(matches!(none, Err(Error::Length { .. })));
}

#[test]
fn divergence_is_an_error() {
    let (network, data, _) = setup(Initializer::paper());
    let config = EdgePopupConfig { learning_rate: 1e38, ..EdgePopupConfig::paper(PaperName::Digits) };
    let task = EdgePopup::<f32>::new(&network, &(&data.train).into(), &(&data.test).into(), config).unwrap();
    assert!(matches!(task.run(Seed(1), go), Err(Error::Diverged { .. })));
}

#[test]
fn divergence_blames_what_is_to_blame() {
    let (network, data, _) = setup(Initializer::paper());
    let paper = EdgePopupConfig::paper(PaperName::Digits);
    let cause = |config, scale: f32, weight: f32| {
        let scaled = |samples: &slt_datasets::Dataset| {
            let samples = Samples::<f32>::from(samples);
            Samples::new(samples.features() * scale, samples.labels().to_vec(), 3).unwrap()
        };
        let layers: Vec<_> =
            network.layers().iter().map(|l| (l.weights() * weight, l.biases().clone())).collect();
        let task =
            EdgePopup::from_parameters(&layers, &scaled(&data.train), &scaled(&data.test), config).unwrap();
        match task.run(Seed(1), go).unwrap_err() {
            Error::Diverged { cause, .. } => cause,
            other => panic!("{other}"),
        }
    };
    assert_eq!(cause(EdgePopupConfig { learning_rate: 1e38, ..paper }, 1.0, 1.0), Divergence::LearningRate);
    let decay = EdgePopupConfig { weight_decay: 1e30, ..paper };
    assert_eq!(cause(decay, 1.0, 1.0), Divergence::Penalty("weight_decay"));
    // Scores become so large that momentum times them overflows; the outputs are still finite before the
    // first update.
    let fast = EdgePopupConfig { learning_rate: 10.0, ..paper };
    assert_eq!(cause(fast, 1e37, 1.0), Divergence::Features);
    assert_eq!(cause(fast, 1.0, 4e18), Divergence::Weights);
    assert_eq!(cause(paper, 1.0, 1e30), Divergence::Start);
}

#[test]
fn weights_and_scores_that_are_not_finite_are_refused() {
    let (network, data, task) = setup(Initializer::paper());
    let mut layers: Vec<_> =
        network.layers().iter().map(|l| (l.weights().clone(), l.biases().clone())).collect();
    layers[1].0[[0, 1]] = f32::INFINITY;
    let (train, test) = (Samples::from(&data.train), Samples::from(&data.test));
    let config = EdgePopupConfig::paper(PaperName::Digits);
    let refused = EdgePopup::from_parameters(&layers, &train, &test, config).unwrap_err();
    assert_eq!(refused, Error::ParametersNotFinite { what: "the weights", layer: 1 });
    let mut scores = task.initial_scores(Seed(1));
    scores[0][[3, 4]] = f32::NAN;
    let refused = task.run_from(&scores, go).unwrap_err();
    assert_eq!(refused, Error::ParametersNotFinite { what: "the scores", layer: 0 });
}

#[test]
fn parameters_are_checked_in_the_precision_of_the_run() {
    let good = EdgePopupConfig::paper(PaperName::Moons);
    let bad = [
        ("learning_rate", EdgePopupConfig { learning_rate: 1e-320, ..good }),
        ("learning_rate", EdgePopupConfig { learning_rate: 1e300, ..good }),
        ("momentum", EdgePopupConfig { momentum: 1.0 - 1e-12, ..good }),
        ("weight_decay", EdgePopupConfig { weight_decay: 1e39, ..good }),
    ];
    for (name, config) in bad {
        let error = config.validate().unwrap_err();
        assert!(matches!(error, Error::Parameter { parameter, .. } if parameter == name), "{name}: {error}");
        assert!(error.to_string().len() < 110, "{error}");
    }
}

#[test]
fn defaults_by_size_are_the_papers_for_its_data() {
    let data = ["moons", "circles", "blobs", "digits"].map(|name| name.parse::<PaperData>().unwrap());
    for data in data {
        let name = data.name;
        let train = Samples::<f32>::from(&data.load().unwrap().train);
        assert_eq!(EdgePopupConfig::for_shape(train.shape()), EdgePopupConfig::paper(name), "{name:?}");
    }
    let tiny = slt_baselines::DataShape { features: 2, classes: 2, samples: 3 };
    assert_eq!(EdgePopupConfig::for_shape(tiny).batch_size, 1);
    EdgePopupConfig::for_shape(tiny).validate().unwrap();
}

#[test]
fn a_batch_is_as_large_as_it_was_and_says_so() {
    let (network, data, task) = setup(Initializer::paper());
    assert_eq!(task.run(Seed(5), go).unwrap().batch_size, 250);
    let config =
        EdgePopupConfig { batch_size: 1_000_000, epochs: 1, ..EdgePopupConfig::paper(PaperName::Digits) };
    let task = EdgePopup::<f32>::new(&network, &(&data.train).into(), &(&data.test).into(), config).unwrap();
    assert_eq!(task.run(Seed(5), go).unwrap().batch_size, data.train.n_samples());
}

#[test]
fn descriptions_do_not_change_where_nothing_new_is_used() {
    let paper = EdgePopupConfig::paper(PaperName::Digits);
    let text = serde_json::to_string(&paper).unwrap();
    assert!(!text.contains("schedule"), "{text}");
    assert_eq!(serde_json::from_str::<EdgePopupConfig>(&text).unwrap(), paper);
    let constant = EdgePopupConfig { schedule: slt_baselines::EdgePopupSchedule::Constant, ..paper };
    let text = serde_json::to_string(&constant).unwrap();
    assert_eq!(serde_json::from_str::<EdgePopupConfig>(&text).unwrap(), constant);
    assert_eq!((constant.rate_of(0), constant.rate_of(99)), (0.1, 0.1));
}

#[test]
fn observers_stop() {
    let (_, _, task) = setup(Initializer::paper());
    let whole = task.run(Seed(5), go).unwrap();
    let mut masks = Vec::new();
    let part = task.run(Seed(5), |epoch, mask| {
        masks.push(mask.clone());
        if epoch.epoch == 2 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    });
    let part = part.unwrap();
    assert_eq!((part.stop, whole.stop), (EdgePopupStop::Observer, EdgePopupStop::Epochs));
    assert_eq!(part.history, whole.history[..2]);
    assert_eq!(masks[1], part.last.mask);
}

#[test]
fn the_gradient_is_that_of_the_effective_weights() {
    // One batch, no momentum or decay: s' = s - rate dL/dw w sign(s), with dL/dw from finite differences of
    // the loss that a run reports, taken over the effective weights.
    let data = slt_datasets::paper::digits(3).unwrap();
    let (train, test) = (Samples::<f64>::from(&data.train), Samples::<f64>::from(&data.test));
    let network =
        Network::random(&Architecture::new([64, 3, 3]).unwrap(), Initializer::paper(), Seed(2)).unwrap();
    let layers: Vec<_> =
        network.layers().iter().map(|l| (l.weights().mapv(f64::from), l.biases().mapv(f64::from))).collect();
    let config = EdgePopupConfig {
        epochs: 1,
        batch_size: 10_000,
        momentum: 0.0,
        weight_decay: 0.0,
        ..EdgePopupConfig::paper(PaperName::Digits)
    };
    let scores = EdgePopup::from_parameters(&layers, &train, &test, config).unwrap().initial_scores(Seed(2));
    let run = |layers: &[_], keep| {
        let task =
            EdgePopup::from_parameters(layers, &train, &test, EdgePopupConfig { keep, ..config }).unwrap();
        task.run_from(&scores, go).unwrap()
    };
    let outcome = run(&layers, 0.5);
    let mut effective = layers.clone();
    for ((weights, _), scores) in effective.iter_mut().zip(&scores) {
        let mask = keep_top(scores.as_slice().unwrap(), 0.5);
        weights.iter_mut().enumerate().for_each(|(i, w)| *w = if mask.get(i) { *w } else { 0.0 });
    }
    for (l, i) in [(0, 7), (0, 100), (0, 151), (1, 0), (1, 4), (1, 8)] {
        let at = |step: f64| {
            let mut moved = effective.clone();
            *moved[l].0.iter_mut().nth(i).unwrap() += step;
            // All weights kept: the moved ones are the effective ones.
            run(&moved, 1.0).history[0].train_loss
        };
        let slope = (at(1e-5) - at(-1e-5)) / 2e-5;
        let nth = |arrays: &[Array2<f64>]| *arrays[l].iter().nth(i).unwrap();
        let weight = *layers[l].0.iter().nth(i).unwrap();
        let expected = nth(&scores) - 0.1 * slope * weight * nth(&scores).signum();
        assert!((nth(&outcome.scores) - expected).abs() < 1e-8, "layer {l}, weight {i}");
    }
}

proptest! {
    #[test]
    fn selection_keeps_the_largest(
        scores in prop::collection::vec((-5_i32..5).prop_map(|s| f64::from(s) / 4.0), 1..60),
        keep in 0.0..=1.0_f64,
    ) {
        let mask = keep_top(&scores, keep);
        prop_assert_eq!(mask.count_zeros(), n_dropped(scores.len(), keep));
        for kept in mask.iter_ones() {
            for dropped in (0..scores.len()).filter(|&i| !mask.get(i)) {
                let (a, b) = (scores[kept].abs(), scores[dropped].abs());
                prop_assert!(a > b || (a == b && kept > dropped));
            }
        }
    }
}

/// The bits of a run: a change of the arithmetic or of the random numbers shows here.
#[test]
fn value_stability() {
    let (_, _, task) = setup(Initializer::paper());
    let first: Vec<u32> = task.initial_scores(Seed(5)).iter().map(|s| s[[0, 1]].to_bits()).collect();
    let outcome = task.run(Seed(5), go).unwrap();
    let pinned = (outcome.last.mask.stable_hash(), outcome.history[5].train_loss.to_bits());
    assert_eq!(
        (first, pinned),
        (vec![3_181_837_552, 3_180_066_613], (4_865_944_024_003_370_526, 4_603_310_627_414_651_471))
    );
}
