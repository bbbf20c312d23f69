//! Masks searched unit by unit: what is held is a function of the mask, estimates are close, flips can be
//! taken back.

use ndarray::Array2;
use proptest::prelude::*;
use slt_core::random::{index_below, unit_f64};
use slt_core::{BitMask, Objective, Purpose, Seed, StreamRng, Units, WhatIf};
use slt_datasets::{Dataset, Shifts};
use slt_mlp::metric::Margin;
use slt_mlp::{Architecture, Evaluator, Initializer, InstructionSet, MetricName, Network, SignedMask, plain};

/// Random samples, many of whose features are 0.
fn data(n: usize, features: usize, classes: usize, rng: &mut StreamRng) -> Dataset {
    let x = Array2::from_shape_fn((n, features), |_| {
        if unit_f64(rng) < 0.4 { 0.0 } else { (2.0 * unit_f64(rng) - 0.5) as f32 }
    });
    let labels = (0..n).map(|i| if i < classes { i as u32 } else { index_below(rng, classes) as u32 });
    Dataset::new("random", x, labels.collect(), classes).unwrap()
}

fn problem(sizes: &[usize], n: usize, seed: u64) -> (Network, Dataset, StreamRng) {
    let mut rng = Seed(seed).stream(Purpose::new("test"), 0, 0);
    let data = data(n, sizes[0], sizes[sizes.len() - 1], &mut rng);
    let network =
        Network::random(&Architecture::new(sizes).unwrap(), Initializer::paper(), Seed(seed)).unwrap();
    (network, data, rng)
}

/// What searches masks, or signed masks.
fn objective(evaluator: Evaluator, is_signed: bool) -> Box<dyn Objective> {
    if is_signed { Box::new(evaluator.signed()) } else { Box::new(evaluator) }
}

/// Opens random units, flips random bits of theirs, and sometimes takes that back.
fn wander(units: &mut dyn Units, steps: usize, rng: &mut StreamRng) {
    for _ in 0..steps {
        let unit = index_below(rng, units.n_units());
        let bits = units.bits(unit);
        units.open(unit);
        for _ in 0..1 + index_below(rng, 4) {
            let bit = bits[index_below(rng, bits.len())];
            let expected = units.what_if(bit);
            units.commit(bit);
            assert_eq!(units.performance(), expected);
        }
        match index_below(rng, 4) {
            0 => units.discard(),
            1 => {
                units.close();
                units.discard();
            }
            _ => units.close(),
        }
    }
}

fn shapes() -> impl Strategy<Value = (Vec<usize>, usize, u64)> {
    (2..6_usize, prop::collection::vec(1..9_usize, 0..4), 2..5_usize, 4..700_usize, any::<u64>()).prop_map(
        |(inputs, hidden, outputs, n, seed)| ([vec![inputs], hidden, vec![outputs]].concat(), n, seed),
    )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]

    #[test]
    fn what_is_held_is_a_function_of_the_mask((sizes, n, seed) in shapes(), is_signed: bool) {
        let (network, data, mut rng) = problem(&sizes, n, seed);
        let evaluator = Evaluator::new(&network, &data, MetricName::CrossEntropy).unwrap();
        let evaluator = objective(evaluator, is_signed);
        let start = BitMask::random(evaluator.n_bits(), &mut rng);
        let first = index_below(&mut rng, n);
        let samples = first..first + 1 + index_below(&mut rng, n - first);
        let mut units = evaluator.units().unwrap();
        units.hold(&start, samples.clone());
        wander(&mut *units, 12, &mut rng);
        let mut fresh = evaluator.units().unwrap();
        fresh.hold(units.mask(), samples);
        prop_assert_eq!(units.performance(), fresh.performance());
        // And on all samples it is what the evaluator says, but for rounding.
        let mask = units.mask().clone();
        units.hold(&mask, 0..n);
        let exact = evaluator.evaluate(&[&mask], None)[0].exact().unwrap();
        prop_assert!((units.performance() - exact).abs() < 1e-5, "{} {exact}", units.performance());
    }

    #[test]
    fn instruction_sets_agree((sizes, n, seed) in shapes(), is_signed: bool) {
        let (network, data, rng) = problem(&sizes, n, seed);
        let answers = InstructionSet::available().into_iter().map(|instructions| {
            let evaluator =
                Evaluator::new(&network, &data, MetricName::CrossEntropy).unwrap().with_instruction_set(instructions).unwrap();
            let evaluator = objective(evaluator, is_signed);
            let mut rng = rng.clone();
            let mut units = evaluator.units().unwrap();
            units.hold(&BitMask::random(evaluator.n_bits(), &mut rng), 0..n);
            wander(&mut *units, 5, &mut rng);
            let unit = index_below(&mut rng, units.n_units());
            units.open(unit);
            let questions: Vec<WhatIf> = units.bits(unit).into_iter().map(WhatIf::exact).collect();
            let mut answers = Vec::new();
            units.what_ifs(&questions, &mut answers);
            answers
        });
        let answers: Vec<_> = answers.collect();
        prop_assert!(answers.iter().all(|other| *other == answers[0]));
    }

    /// Weights that are inverted are those of a network with other weights.
    #[test]
    fn a_signed_mask_is_a_mask_of_another_network((sizes, n, seed) in shapes()) {
        let (network, data, mut rng) = problem(&sizes, n, seed);
        let evaluator = Evaluator::new(&network, &data, MetricName::CrossEntropy).unwrap().signed();
        let bits = BitMask::random(evaluator.n_bits(), &mut rng);
        let mask = SignedMask::from_bits(&bits).unwrap();
        let mut weight = 0;
        let layers = network.layers().iter().map(|layer| {
            let factor = |w: &f32| {
                weight += 1;
                mask.factor(weight - 1) * w
            };
            (layer.weights().map(factor), layer.biases().clone())
        });
        let flipped = Network::from_parameters(layers.collect()).unwrap();
        let dense = BitMask::ones(mask.kept().len());
        let (at, kept) = evaluator.at(&bits).unwrap();
        let close = |a: f64, b: f64| (a - b).abs() < 1e-5;
        let logits = plain::logits(&plain::layers(&flipped, &dense), &data.features().mapv(f64::from));
        let exact = plain::mean_cross_entropy(&logits, data.labels());
        let score = evaluator.evaluate(&[&bits], None)[0].exact().unwrap();
        prop_assert!(close(-score, exact), "{score} {exact}");
        prop_assert_eq!(-score, at.cross_entropy(&kept).unwrap());
        prop_assert_eq!(evaluator.multiply_adds(&bits), (kept.count_ones() * n) as u64);
        // Bits that cancel out change nothing.
        prop_assert_eq!(evaluator.evaluate(&[&mask.to_bits()], None)[0].exact(), Some(score));
        let mut units = evaluator.units().unwrap();
        units.hold(&bits, 0..n);
        let held = units.performance();
        prop_assert!(close(held, score), "{held} {score}");
        units.hold(&mask.to_bits(), 0..n);
        prop_assert_eq!(units.performance(), held);
        // And are cleared, unit by unit; that can be taken back.
        units.hold(&bits, 0..n);
        for unit in 0..units.n_units() {
            let before = units.mask().clone();
            units.open(unit);
            units.close();
            units.discard();
            prop_assert_eq!(units.mask(), &before);
            units.open(unit);
            units.close();
        }
        prop_assert_eq!((units.mask(), units.performance()), (&mask.to_bits(), held));
        // Without inverted weights, all is as it is without signs, but for the fineness of sums.
        let unsigned: BitMask = (0..bits.len()).map(|bit| bit < dense.len() && bits.get(bit)).collect();
        let keeps = SignedMask::from_bits(&unsigned).unwrap();
        prop_assert_eq!(keeps.inverted().count_ones(), 0);
        prop_assert_eq!(
            evaluator.evaluate(&[&unsigned], None),
            evaluator.unsigned().evaluate(&[keeps.kept()], None)
        );
    }
}

/// On a network of some size, the estimates say what closing the unit finds.
#[test]
fn estimates_are_close() {
    let (network, data, mut rng) = problem(&[30, 40, 20, 4], 2_000, 5);
    let evaluator = Evaluator::new(&network, &data, MetricName::CrossEntropy).unwrap();
    let mut units = evaluator.units().unwrap();
    units.hold(&BitMask::random(evaluator.n_bits(), &mut rng), 0..2_000);
    let mut errors = Vec::new();
    for unit in 0..units.n_units() {
        let before = units.performance();
        let bits = units.bits(unit);
        let bit = bits[index_below(&mut rng, bits.len())];
        units.open(unit);
        let estimate = units.what_if(bit) - before;
        units.commit(bit);
        units.close();
        let change = units.performance() - before;
        errors.push((estimate - change).abs() / (change.abs() + 1e-3));
        assert!(estimate.abs() < 1e-3 || estimate.signum() == change.signum(), "{estimate} {change}");
    }
    let mean = errors.iter().sum::<f64>() / errors.len() as f64;
    assert!(mean < 0.02 && errors.iter().all(|&error| error < 0.15), "{errors:?}");
}

/// Losses of any kind have units; what is no mean of losses has none.
#[test]
fn losses_have_units() {
    let (network, data, mut rng) = problem(&[4, 6, 3], 100, 2);
    let evaluator = Evaluator::new(&network, &data, Margin::new(1.0).unwrap()).unwrap();
    let mut units = evaluator.units().unwrap();
    let mask = BitMask::random(evaluator.n_bits(), &mut rng);
    units.hold(&mask, 0..100);
    let exact = evaluator.evaluate(&[&mask], None)[0].exact().unwrap();
    assert!((units.performance() - exact).abs() < 1e-5);
    assert!(Evaluator::new(&network, &data, MetricName::Accuracy).unwrap().units().is_none());
}

/// Copies of images are what they would be as samples of their own.
#[test]
fn copies_are_samples() {
    let (network, data, mut rng) = problem(&[9, 6, 3], 40, 7);
    let shifts = Shifts::new(9, 1).unwrap();
    let (mut features, mut labels) = (Vec::new(), Vec::new());
    for copy in 0..shifts.copies() {
        for (image, &label) in data.values().chunks_exact(9).zip(data.labels()) {
            features.extend([0.0; 9]);
            let end = features.len();
            shifts.write(copy, image, &mut features[end - 9..]);
            labels.push(label);
        }
    }
    let copies = Array2::from_shape_vec((labels.len(), 9), features).unwrap();
    let copies = Dataset::new("copies", copies, labels, 3).unwrap();
    let of_images = Evaluator::new(&network, &data, MetricName::CrossEntropy).unwrap();
    let shifted = of_images.clone().with_shifts(shifts);
    assert_ne!(shifted.fingerprint(), of_images.fingerprint());
    let mask = BitMask::random(shifted.n_bits(), &mut rng);
    assert_eq!(shifted.evaluate(&[&mask], None), of_images.evaluate(&[&mask], None));
    let answers = [shifted, Evaluator::new(&network, &copies, MetricName::CrossEntropy).unwrap()].map(|on| {
        let mut units = on.units().unwrap();
        assert_eq!(units.n_samples(), 360);
        units.hold(&mask, 20..290);
        units.open(2);
        let questions: Vec<WhatIf> = units.bits(2).into_iter().map(WhatIf::exact).collect();
        let mut answers = Vec::new();
        units.what_ifs(&questions, &mut answers);
        (units.performance(), answers)
    });
    assert_eq!(answers[0], answers[1]);
}

#[test]
#[should_panic(expected = "is not one of the open unit")]
fn bits_of_other_units_are_refused() {
    let (network, data, _) = problem(&[4, 6, 3], 100, 2);
    let evaluator = Evaluator::new(&network, &data, MetricName::CrossEntropy).unwrap();
    let mut units = evaluator.units().unwrap();
    units.hold(&BitMask::ones(evaluator.n_bits()), 0..100);
    units.open(0);
    units.what_if(1);
}
