//! Flips against fresh evaluations, on random networks, masks and data with ties.

use std::sync::LazyLock;

use ndarray::{Array1, Array2, array};
use proptest::prelude::*;
use proptest::test_runner::TestCaseResult;
use rand::RngCore;
use rand::distr::Distribution;
use rayon::{ThreadPool, ThreadPoolBuilder};
use slt_core::random::{StandardNormal, unit_f64};
use slt_core::{BitMask, Neighbourhood, Objective, Purpose, Score, Seed, StreamRng, WhatIf};
use slt_datasets::Dataset;
use slt_mlp::{
    Architecture, BiasInit, Error, Evaluator, Flips, Initializer, InstructionSet, MetricName, Network,
    WeightInit, plain, prune,
};

const TEST: Purpose = Purpose::new("test");
const METRICS: [MetricName; 2] = [MetricName::Accuracy, MetricName::CrossEntropy];

/// What may be wrong with a what-if, as a share of the largest sum of a unit, or of 1 if that is smaller.
const WHAT_IF_TOLERANCE: f64 = 1e-6;

/// A network of 1 to 4 layers of weights, a mask, and data.
#[derive(Debug, Clone)]
struct Case {
    sizes: Vec<usize>,
    /// Uniform weights and biases, or weights of one size and no biases: those make logits that are equal to
    /// the bit.
    ties: bool,
    density: f64,
    samples: usize,
    /// Features are normal times this; or, if it is 0, one of -1, 0 and 1, so that samples occur more than
    /// once.
    scale: f64,
    seed: u64,
}

fn case() -> impl Strategy<Value = Case> {
    let sizes =
        (1..6_usize, prop::collection::vec(1..20_usize, 0..4), prop_oneof![Just(2_usize), 2..8_usize]);
    let sizes = sizes.prop_map(|(inputs, hidden, outputs)| [&[inputs], &hidden[..], &[outputs]].concat());
    let density = prop_oneof![Just(0.0), Just(0.1), Just(0.5), Just(0.9), Just(1.0)];
    let scale = prop_oneof![Just(0.0), Just(1.0), Just(40.0)];
    (sizes, any::<bool>(), density, 1..300_usize, scale, any::<u64>()).prop_map(
        |(sizes, ties, density, samples, scale, seed)| Case { sizes, ties, density, samples, scale, seed },
    )
}

struct Built {
    network: Network,
    mask: BitMask,
    data: Dataset,
    rng: StreamRng,
}

fn build(case: &Case) -> Built {
    let architecture = Architecture::new(case.sizes.clone()).unwrap();
    let initializer = if case.ties {
        Initializer { weights: WeightInit::SignedConstant { keep: 0.5 }, biases: BiasInit::Zero }
    } else {
        Initializer::paper()
    };
    let network = Network::random(&architecture, initializer, Seed(case.seed)).unwrap();
    let mut rng = Seed(case.seed).stream(TEST, 0, 0);
    let mask = (0..architecture.n_weights()).map(|_| unit_f64(&mut rng) < case.density).collect();
    let shape = (case.samples, architecture.n_inputs());
    let features = Array2::from_shape_simple_fn(shape, || {
        let x: f64 = StandardNormal.sample(&mut rng);
        if case.scale > 0.0 { (case.scale * x) as f32 } else { x.round().clamp(-1.0, 1.0) as f32 }
    });
    let classes = architecture.n_outputs();
    let labels = (0..case.samples).map(|_| (unit_f64(&mut rng) * classes as f64) as u32).collect();
    Built { network, mask, data: Dataset::new("random", features, labels, classes).unwrap(), rng }
}

impl Built {
    fn flips(&self, metric: MetricName, instructions: InstructionSet) -> Flips {
        Flips::new(&self.network, &self.data, metric, instructions, &self.mask).unwrap()
    }

    fn evaluator(&self, metric: MetricName) -> Evaluator {
        Evaluator::new(&self.network, &self.data, metric).unwrap()
    }

    /// The largest sum of any unit for any sample, but at least 1.
    fn largest_sum(&self, mask: &BitMask) -> f64 {
        let layers = plain::layers::<f64>(&self.network, mask);
        let features = self.data.features().mapv(f64::from);
        let sums = (1..=layers.len()).map(|l| plain::logits(&layers[..l], &features));
        sums.fold(1.0, |largest, sums| sums.iter().fold(largest, |a, z| a.max(z.abs())))
    }

    /// Whether what flips say of a mask with sums of this magnitude is as close to a fresh evaluation as is
    /// promised.
    fn assert_close(&self, metric: MetricName, said: f64, fresh: f64, magnitude: f64) -> TestCaseResult {
        let tolerance = if metric == MetricName::Accuracy { 0.0 } else { WHAT_IF_TOLERANCE * magnitude };
        prop_assert!((said - fresh).abs() <= tolerance, "{said} {fresh} {magnitude}");
        Ok(())
    }

    fn bit(&mut self) -> usize {
        (self.rng.next_u64() % self.mask.len() as u64) as usize
    }
}

/// Rayon pools of one, two and four threads.
static POOLS: LazyLock<[ThreadPool; 3]> =
    LazyLock::new(|| [1, 2, 4].map(|threads| ThreadPoolBuilder::new().num_threads(threads).build().unwrap()));

/// More questions than are answered on one thread in any case.
fn least_parallel(samples: usize) -> usize {
    512_usize.div_ceil(samples.div_ceil(64)) + 1
}

fn flipped(mask: &BitMask, bit: usize) -> BitMask {
    let mut mask = mask.clone();
    mask.flip(bit);
    mask
}

fn performance(evaluator: &Evaluator, mask: &BitMask) -> f64 {
    evaluator.evaluate(&[mask], None)[0].exact().unwrap()
}

fn same_bits(ours: &Array2<f32>, theirs: &Array2<f32>) -> bool {
    ours.dim() == theirs.dim() && ours.iter().zip(theirs).all(|(a, b)| a.to_bits() == b.to_bits())
}

proptest! {
    #[test]
    fn commits_are_exact_for_the_accuracy_and_give_what_was_said_for_the_cross_entropy(case in case()) {
        let mut built = build(&case);
        let bits: Vec<usize> = (0..12).map(|_| built.bit()).collect();
        for metric in METRICS {
            let evaluator = built.evaluator(metric);
            for instructions in InstructionSet::available() {
                let mut flips = built.flips(metric, instructions);
                let mut mask = built.mask.clone();
                for (i, &bit) in bits.iter().enumerate() {
                    // Committed with and without having been asked about, and next to another.
                    let said = match i % 3 {
                        0 => Some(flips.what_if(bit)),
                        1 => Some(flips.what_if(bits[0])).filter(|_| bit == bits[0]),
                        _ => None,
                    };
                    flips.commit(bit);
                    mask.flip(bit);
                    prop_assert_eq!(flips.mask(), &mask);
                    let fresh = performance(&evaluator, &mask);
                    if metric == MetricName::Accuracy {
                        prop_assert_eq!(flips.performance().to_bits(), fresh.to_bits());
                    } else if let Some(said) = said {
                        // Unless everything was computed afresh.
                        let held = flips.performance();
                        prop_assert!(held == said || held == fresh, "{held} {said} {fresh}");
                    }
                    if i % 4 == 3 {
                        prop_assert_eq!(flips.count_correct(), evaluator.count_correct(&mask).unwrap());
                    }
                    if i % 5 == 4 {
                        prop_assert!(same_bits(&flips.logits(), &evaluator.logits(&mask).unwrap()));
                    }
                }
                flips.settle();
                prop_assert_eq!(flips.performance().to_bits(), performance(&evaluator, &mask).to_bits());
                prop_assert_eq!(flips.count_correct(), evaluator.count_correct(&mask).unwrap());
                flips.set_mask(&built.mask).unwrap();
                prop_assert_eq!(flips.performance().to_bits(), performance(&evaluator, &built.mask).to_bits());
                prop_assert!(same_bits(&flips.logits(), &evaluator.logits(&built.mask).unwrap()));
            }
        }
    }

    #[test]
    fn counts_are_exact_after_any_number_of_commits(case in case()) {
        let mut built = build(&case);
        for metric in METRICS {
            let evaluator = built.evaluator(metric);
            let mut flips = built.flips(metric, InstructionSet::detect());
            for _ in 0..30 {
                let bit = built.bit();
                let fresh = evaluator.count_correct(&flipped(flips.mask(), bit)).unwrap();
                prop_assert!(flips.at_least(bit, 0));
                prop_assert!(flips.at_least(bit, fresh));
                prop_assert!(!flips.at_least(bit, fresh + 1));
                prop_assert!(!flips.at_least(bit, case.samples as u64 + 1));
                prop_assert!(fresh == 0 || flips.at_least(bit, fresh - 1));
                prop_assert_eq!(flips.what_if_correct(bit), fresh);
                flips.commit(built.bit());
            }
        }
    }

    #[test]
    fn what_ifs_are_close_and_follow_from_the_mask_after_a_reset(case in case()) {
        let mut built = build(&case);
        let bits: Vec<usize> = (0..8).map(|_| built.bit()).collect();
        let detour: Vec<usize> = (0..6).map(|_| built.bit()).collect();
        for metric in METRICS {
            let evaluator = built.evaluator(metric);
            let reference = built.flips(metric, InstructionSet::detect());
            let expected: Vec<f64> = bits.iter().map(|&bit| reference.what_if(bit)).collect();
            for (&bit, &expected) in bits.iter().zip(&expected) {
                let mask = flipped(&built.mask, bit);
                let magnitude = built.largest_sum(&built.mask).max(built.largest_sum(&mask));
                built.assert_close(metric, expected, performance(&evaluator, &mask), magnitude)?;
            }
            let mut after_detour: Option<Vec<u64>> = None;
            for instructions in InstructionSet::available() {
                let mut flips = built.flips(metric, instructions);
                for (i, &bit) in detour.iter().chain(detour.iter().rev()).enumerate() {
                    // What was asked in between plays no part.
                    if instructions == InstructionSet::Portable && i % 2 == 0 {
                        flips.what_if(bits[0]);
                        flips.what_if_correct(bit);
                        flips.logits();
                    }
                    flips.commit(bit);
                }
                let answers: Vec<u64> = bits.iter().map(|&bit| flips.what_if(bit).to_bits()).collect();
                prop_assert_eq!(after_detour.get_or_insert(answers.clone()), &answers);
                if case.seed % 2 == 0 { flips.settle() } else { flips.set_mask(&built.mask).unwrap() }
                for (&bit, expected) in bits.iter().rev().zip(expected.iter().rev()) {
                    prop_assert_eq!(flips.what_if(bit).to_bits(), expected.to_bits());
                }
            }
        }
    }

    #[test]
    fn connectedness_is_that_of_the_flipped_mask(case in case()) {
        let mut built = build(&case);
        let mut flips = built.flips(MetricName::Accuracy, InstructionSet::detect());
        for _ in 0..30 {
            for _ in 0..10 {
                let bit = built.bit();
                let expected = built.network.is_connected(&flipped(flips.mask(), bit));
                prop_assert_eq!(flips.is_connected_after(bit), expected, "{} {}", flips.mask(), bit);
            }
            flips.commit(built.bit());
        }
    }

    #[test]
    fn what_ifs_leave_no_trace(case in case()) {
        let mut built = build(&case);
        for metric in METRICS {
            let mut flips = built.flips(metric, InstructionSet::detect());
            flips.commit(built.bit());
            let untouched = flips.clone();
            for _ in 0..10 {
                let bit = built.bit();
                flips.what_if(bit);
                flips.what_if_correct(bit);
                flips.at_least(bit, case.samples as u64 / 2);
            }
            prop_assert_eq!(flips.mask(), untouched.mask());
            prop_assert_eq!(flips.performance().to_bits(), untouched.performance().to_bits());
            prop_assert_eq!(flips.count_correct(), untouched.count_correct());
            prop_assert!(same_bits(&flips.logits(), &untouched.logits()));
            let bit = built.bit();
            prop_assert_eq!(flips.what_if(bit).to_bits(), untouched.what_if(bit).to_bits());
        }
    }

    #[test]
    fn pruning_equals_full_evaluations(case in case()) {
        let built = build(&case);
        let evaluator = built.evaluator(MetricName::CrossEntropy);
        let before = evaluator.count_correct(&built.mask).unwrap();
        let mut expected = built.mask.clone();
        for bit in built.mask.iter_ones() {
            if evaluator.count_correct(&flipped(&expected, bit)).unwrap() >= before {
                expected.flip(bit);
            }
        }
        for instructions in InstructionSet::available() {
            let evaluator = evaluator.clone().with_instruction_set(instructions).unwrap();
            prop_assert_eq!(prune(&evaluator, &built.mask).unwrap(), expected.clone());
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn cross_entropies_stay_close_over_hundreds_of_commits(case in case()) {
        let mut built = build(&case);
        let evaluator = built.evaluator(MetricName::CrossEntropy);
        let mut flips = built.flips(MetricName::CrossEntropy, InstructionSet::detect());
        let mut magnitude = built.largest_sum(&built.mask);
        for i in 0..600 {
            flips.commit(built.bit());
            if i % 20 == 0 {
                magnitude = magnitude.max(built.largest_sum(flips.mask()));
                let fresh = performance(&evaluator, flips.mask());
                built.assert_close(MetricName::CrossEntropy, flips.performance(), fresh, magnitude)?;
                let bit = built.bit();
                let fresh = performance(&evaluator, &flipped(flips.mask(), bit));
                built.assert_close(MetricName::CrossEntropy, flips.what_if(bit), fresh, magnitude)?;
                prop_assert_eq!(flips.what_if_correct(bit), evaluator.count_correct(&flipped(flips.mask(), bit)).unwrap());
            }
        }
    }

    #[test]
    fn answers_are_the_same_one_by_one_and_on_any_number_of_threads(case in case()) {
        let mut built = build(&case);
        let commits: Vec<usize> = (0..4).map(|_| built.bit()).collect();
        let n_questions = 2 * least_parallel(case.samples);
        for metric in METRICS {
            let mut flips = built.flips(metric, InstructionSet::detect());
            commits.iter().for_each(|&bit| flips.commit(bit));
            let questions: Vec<WhatIf> = (0..n_questions).map(|_| {
                let bit = built.bit();
                // Just reached, just missed, and anything.
                let performance = flips.what_if(bit);
                let floor = match built.rng.next_u32() % 4 {
                    0 => f64::NEG_INFINITY,
                    1 => performance,
                    2 => performance.next_up(),
                    _ => performance + 0.2 * (unit_f64(&mut built.rng) - 0.5),
                };
                WhatIf { bit, floor }
            }).collect();
            let mut expected = Vec::new();
            POOLS[0].install(|| flips.what_ifs(&questions, &mut expected));
            for (&WhatIf { bit, floor }, &answer) in questions.iter().zip(&expected) {
                let performance = flips.what_if(bit);
                match answer {
                    Score::Exact(exact) => prop_assert_eq!(exact.to_bits(), performance.to_bits()),
                    Score::Below => prop_assert!(performance < floor, "{performance} {floor}"),
                }
            }
            for instructions in InstructionSet::available() {
                let mut flips = built.flips(metric, instructions);
                commits.iter().for_each(|&bit| flips.commit(bit));
                for pool in POOLS.iter() {
                    let mut answers = vec![Score::Below; 7];
                    pool.install(|| flips.what_ifs(&questions, &mut answers));
                    prop_assert_eq!(&answers, &expected);
                }
            }
        }
    }
}

/// Far more commits than after which held sums are computed afresh, of flips that matter and of flips that do
/// not.
#[test]
fn thousands_of_commits_add_up_to_nothing() {
    let networks: [(&[usize], bool, f64); 5] = [
        (&[2, 12, 12, 2], false, 1.0),
        (&[3, 10, 8, 8, 4], false, 40.0),
        (&[4, 9, 3], true, 0.0),
        (&[4, 9, 2], true, 0.0),
        (&[3, 12, 12, 2], true, 0.0),
    ];
    for (sizes, ties, scale) in networks {
        let sizes = sizes.to_vec();
        let mut built = build(&Case { sizes, ties, density: 0.5, samples: 150, scale, seed: 5 });
        let evaluator = built.evaluator(MetricName::Accuracy);
        let mut flips = built.flips(MetricName::Accuracy, InstructionSet::detect());
        for i in 0..4_000 {
            let bit = built.bit();
            flips.commit(bit);
            if i % 16 == 0 {
                let other = built.bit();
                let fresh = evaluator.count_correct(&flipped(flips.mask(), other)).unwrap();
                assert_eq!(flips.what_if_correct(other), fresh, "after {i} commits");
                assert_eq!(flips.count_correct(), evaluator.count_correct(flips.mask()).unwrap());
            }
        }
        let mask = flips.mask().clone();
        assert!(same_bits(&flips.logits(), &evaluator.logits(&mask).unwrap()));
    }
}

/// Logits that are equal to the bit whenever the mask treats both classes alike, after ways there that add up
/// rounding.
#[test]
fn rounding_that_adds_up_does_not_break_ties() {
    let mut rng = Seed(1).stream(TEST, 0, 0);
    let mut normal = |shape| Array2::from_shape_simple_fn(shape, || StandardNormal.sample(&mut rng) as f32);
    let column = normal((6, 1));
    let network = single_layer(ndarray::concatenate![ndarray::Axis(1), column, column], array![0.3, 0.3]);
    let data = Dataset::new("ties", normal((100, 6)), (0..100).map(|i| i % 2).collect(), 2).unwrap();
    let evaluator = Evaluator::new(&network, &data, MetricName::Accuracy).unwrap();
    let mut flips =
        Flips::new(&network, &data, MetricName::Accuracy, InstructionSet::detect(), &BitMask::ones(12))
            .unwrap();
    let mut rng = Seed(1).stream(TEST, 1, 0);
    for _ in 0..300 {
        for _ in 0..300 {
            flips.commit((rng.next_u64() % 12) as usize);
        }
        for input in 0..6 {
            if flips.mask().get(2 * input) != flips.mask().get(2 * input + 1) {
                flips.commit(2 * input);
            }
        }
        assert_eq!(flips.count_correct(), 50);
        for bit in 0..12 {
            let count = evaluator.count_correct(&flipped(flips.mask(), bit)).unwrap();
            assert_eq!(flips.what_if_correct(bit), count);
        }
    }
}

/// Every bit of the networks of the paper, on its data.
#[test]
fn what_ifs_of_the_paper_are_within_1e_6() {
    let digits = slt_datasets::paper::digits(10).unwrap().train;
    let moons = slt_datasets::paper::moons().unwrap().test;
    for (architecture, data, step) in
        [("64,75,10", &digits, 61), ("64,30,30,10", &digits, 41), ("D", &moons, 31)]
    {
        let network = Network::random(&architecture.parse().unwrap(), Initializer::paper(), Seed(3)).unwrap();
        let n_bits = network.architecture().n_weights();
        let mask = BitMask::random(n_bits, &mut Seed(3).stream(TEST, 0, 0));
        let evaluator = Evaluator::new(&network, data, MetricName::CrossEntropy).unwrap();
        let flips =
            Flips::new(&network, data, MetricName::CrossEntropy, InstructionSet::detect(), &mask).unwrap();
        for bit in (0..n_bits).step_by(step) {
            let fresh = performance(&evaluator, &flipped(&mask, bit));
            assert!((flips.what_if(bit) - fresh).abs() < 1e-6, "bit {bit} of {architecture}");
            let count = evaluator.count_correct(&flipped(&mask, bit)).unwrap();
            assert_eq!(flips.what_if_correct(bit), count, "bit {bit} of {architecture}");
        }
    }
}

/// A regression alarm: this code has printed the numbers, nothing outside says that they are right. The tests
/// above hold flips against fresh evaluations.
#[test]
fn value_stability() {
    #[track_caller]
    fn check(architecture: &str, data: &Dataset, seed: Seed, losses: [f64; 3], counts: [u64; 3]) {
        let network = Network::random(&architecture.parse().unwrap(), Initializer::paper(), seed).unwrap();
        let n_bits = network.architecture().n_weights();
        let mask = BitMask::random(n_bits, &mut seed.stream(TEST, 0, 0));
        let bits = [1, n_bits / 2, n_bits - 1];
        let flips =
            Flips::new(&network, data, MetricName::CrossEntropy, InstructionSet::detect(), &mask).unwrap();
        assert_eq!(bits.map(|bit| flips.what_if_correct(bit)), counts);
        assert_eq!(bits.map(|bit| -flips.what_if(bit)), losses);
    }
    let digits = "digits-file-order".parse::<slt_datasets::paper::PaperData>().unwrap().load().unwrap().train;
    let moons = slt_datasets::paper::moons().unwrap().test;
    check(
        "64,75,10",
        &digits,
        Seed(1),
        [7.688824229752678, 7.66996697466964, 7.689041931137853],
        [168, 167, 168],
    );
    check(
        "D",
        &moons,
        Seed(4),
        [0.8984199395785109, 0.9058492940077558, 0.9058492940077558],
        [4019, 3879, 3879],
    );
}

fn single_layer(weights: Array2<f32>, biases: Array1<f32>) -> Network {
    Network::from_parameters(vec![(weights, biases)]).unwrap()
}

#[test]
fn sums_that_overflow_are_evaluated() {
    let huge = f32::MAX;
    let shallow = single_layer(array![[huge, -huge], [-huge, huge]], array![0.0, 0.0]);
    let deep = Network::from_parameters(vec![
        (array![[1e30_f32, 1.0], [-1e30, 1.0]], array![0.0, 0.5]),
        (array![[1e20_f32, -1.0], [0.5, 1e20]], array![0.0, 0.0]),
        (array![[1.0_f32, 0.0, -1.0], [-1e20, 1.0, 1.0]], array![0.0, 1.0, 0.0]),
    ])
    .unwrap();
    for network in [shallow, deep] {
        let features = array![[4.0_f32, 4.0], [1.0, -1.0], [0.5, 0.25]];
        let classes = network.architecture().n_outputs();
        let data = Dataset::new("huge", features, vec![1, 0, 1], classes).unwrap();
        for metric in METRICS {
            let evaluator = Evaluator::new(&network, &data, metric).unwrap();
            let start = BitMask::ones(network.architecture().n_weights());
            let mut flips = Flips::new(&network, &data, metric, InstructionSet::detect(), &start).unwrap();
            for bit in [0, 3, 1, 2, 0, 1, 2, 3].into_iter().chain(0..start.len()).chain(0..start.len()) {
                let mask = flipped(flips.mask(), bit);
                let fresh = performance(&evaluator, &mask);
                let tolerance = WHAT_IF_TOLERANCE * fresh.abs().max(1.0);
                let what_if = flips.what_if(bit);
                assert!(what_if == fresh || (what_if - fresh).abs() <= tolerance, "{what_if} {fresh}");
                assert_eq!(flips.what_if_correct(bit), evaluator.count_correct(&mask).unwrap());
                flips.commit(bit);
                let held = flips.performance();
                assert!(held == fresh || (held - fresh).abs() <= tolerance, "{held} {fresh}");
                assert_eq!(flips.count_correct(), evaluator.count_correct(&mask).unwrap());
            }
        }
    }
}

/// The odds of classes are held in a range that changes of logits can leave.
#[test]
fn large_steps_of_logits_are_accurate() {
    let weights = array![[90.0_f32, 0.0, -90.0], [-60.0, 30.0, 80.0]];
    let network = single_layer(weights, array![0.0, 0.5, 0.0]);
    let features = array![[1.0_f32, 0.0], [0.0, 1.0], [1.0, 1.0], [-1.0, 0.3], [0.2, 0.1]];
    let data = Dataset::new("steep", features, vec![2, 0, 1, 0, 1], 3).unwrap();
    let evaluator = Evaluator::new(&network, &data, MetricName::CrossEntropy).unwrap();
    for word in 0..64 {
        let mask = BitMask::from_words(6, vec![word]).unwrap();
        let flips =
            Flips::new(&network, &data, MetricName::CrossEntropy, InstructionSet::detect(), &mask).unwrap();
        for bit in 0..6 {
            let fresh = performance(&evaluator, &flipped(&mask, bit));
            assert!((flips.what_if(bit) - fresh).abs() <= 1e-6 * fresh.abs().max(1.0), "{mask} {bit}");
        }
    }
}

#[test]
fn a_neighbourhood_is_the_same_behind_the_trait() {
    let built =
        build(&Case { sizes: vec![3, 7, 3], ties: false, density: 0.5, samples: 90, scale: 1.0, seed: 2 });
    let mut flips = built.flips(MetricName::CrossEntropy, InstructionSet::detect());
    let mut boxed: Box<dyn Neighbourhood> = Box::new(flips.clone());
    assert_eq!(boxed.what_if(3), flips.what_if(3));
    assert_eq!(boxed.admissible(3), flips.is_connected_after(3));
    let mut answers = Vec::new();
    boxed.what_ifs(&[WhatIf::exact(5), WhatIf { bit: 3, floor: 1.0 }], &mut answers);
    assert_eq!(answers, [Score::Exact(flips.what_if(5)), Score::Below]);
    boxed.commit(3);
    flips.commit(3);
    assert_eq!((boxed.mask(), boxed.performance()), (flips.mask(), flips.performance()));
    boxed.reset(&built.mask);
    assert_eq!(boxed.mask(), &built.mask);
}

#[test]
fn wrong_shapes_are_refused() {
    let network = Network::random(&"A".parse().unwrap(), Initializer::paper(), Seed(1)).unwrap();
    let data = slt_datasets::paper::circles().unwrap().test;
    let mask = BitMask::ones(80);
    let new = |data: &Dataset, mask: &BitMask| {
        Flips::new(&network, data, MetricName::Accuracy, InstructionSet::Portable, mask).map(|_| ())
    };
    assert_eq!(new(&data, &mask), Ok(()));
    let short = BitMask::ones(79);
    assert_eq!(new(&data, &short), Err(Error::MaskLength { expected: 80, actual: 79 }));
    let wide = Dataset::new("wide", array![[0.0_f32, 0.0, 0.0]], vec![0], 2).unwrap();
    assert_eq!(new(&wide, &mask), Err(Error::FeatureCount { inputs: 2, features: 3 }));
    let many = Dataset::new("many", array![[0.0_f32, 0.0]], vec![0], 5).unwrap();
    assert_eq!(new(&many, &mask), Err(Error::ClassCount { outputs: 2, classes: 5 }));
    let mut flips =
        Flips::new(&network, &data, MetricName::Accuracy, InstructionSet::Portable, &mask).unwrap();
    assert_eq!(flips.set_mask(&short), Err(Error::MaskLength { expected: 80, actual: 79 }));
    assert_eq!(flips.mask(), &mask);
}
