//! The engine against the plain forward pass, on random networks, masks and data.

use std::sync::Arc;

use ndarray::Array2;
use proptest::prelude::*;
use slt_core::random::{StandardNormal, unit_f64};
use slt_core::{BitMask, Objective, Purpose, Score, Seed};
use slt_datasets::Dataset;
use slt_mlp::metric::{self, MeanCost};
use slt_mlp::{
    Architecture, Error, Evaluator, Flips, Initializer, InstructionSet, Metric, MetricName, Network,
    cross_entropy_f32, plain,
};

const TEST: Purpose = Purpose::new("test");

/// All that have a name, with some parameter.
fn named() -> Vec<MetricName> {
    let names = "accuracy balanced-accuracy macro-f1 matthews-correlation auc cross-entropy cross-entropy:0.5 cross-entropy:3 \
                 cross-entropy-f32 margin:0.5 margin:20";
    names.split_whitespace().map(|name| name.parse().unwrap()).collect()
}

/// A third of those and of others of all kinds, for data of so many classes.
fn metrics(n_classes: usize, third: u64) -> Vec<Arc<dyn Metric>> {
    let costs = Array2::from_shape_fn((n_classes, n_classes), |(right, predicted)| {
        right.abs_diff(predicted) as f64 + if right < predicted { 0.1 } else { 0.0 }
    });
    let squares = |z: &[f32], y: u32| {
        let errors = z.iter().zip(0..).map(|(&z, class)| z - if class == y { 1.0 } else { 0.0 });
        errors.map(|error| error * error).sum()
    };
    let own: [Arc<dyn Metric>; 4] = [
        Arc::new(MeanCost::new(costs).unwrap()),
        Arc::new(metric::of_losses("squares", squares)),
        Arc::new(metric::of_confusion("hits less misses of class 0", |confusion| {
            confusion.counts()[0]
                .iter()
                .enumerate()
                .map(|(c, &n)| if c == 0 { n as f64 } else { -(n as f64) })
                .sum()
        })),
        Arc::new(metric::custom("first logits", |logits, _| {
            logits.column(0).iter().map(|&z| f64::from(z)).sum()
        })),
    ];
    let all = named().into_iter().map(|name| Arc::new(name) as Arc<dyn Metric>).chain(own);
    all.skip((third % 3) as usize).step_by(3).collect()
}

/// A network of 1 to 4 layers of weights, a mask of some density, and data; small inputs or large ones.
#[derive(Debug, Clone)]
struct Case {
    sizes: Vec<usize>,
    density: f64,
    samples: usize,
    scale: f64,
    seed: u64,
}

fn case() -> impl Strategy<Value = Case> {
    let sizes = (1..6_usize, prop::collection::vec(1..40_usize, 0..4), 2..12_usize);
    let sizes = sizes.prop_map(|(inputs, hidden, outputs)| [&[inputs], &hidden[..], &[outputs]].concat());
    let density = prop_oneof![Just(0.0), Just(0.05), Just(0.5), Just(1.0)];
    let scale = prop_oneof![Just(1.0), Just(40.0)];
    (sizes, density, 1..300_usize, scale, any::<u64>())
        .prop_map(|(sizes, density, samples, scale, seed)| Case { sizes, density, samples, scale, seed })
}

fn build(case: &Case) -> (Network, BitMask, Dataset) {
    use rand::distr::Distribution;
    let architecture = Architecture::new(case.sizes.clone()).unwrap();
    let network = Network::random(&architecture, Initializer::paper(), Seed(case.seed)).unwrap();
    let mut rng = Seed(case.seed).stream(TEST, 0, 0);
    let mask = (0..architecture.n_weights()).map(|_| unit_f64(&mut rng) < case.density).collect();
    let shape = (case.samples, architecture.n_inputs());
    let features =
        Array2::from_shape_simple_fn(shape, || (case.scale * StandardNormal.sample(&mut rng)) as f32);
    let classes = architecture.n_outputs();
    let labels = (0..case.samples).map(|_| (unit_f64(&mut rng) * classes as f64) as u32).collect();
    (network, mask, Dataset::new("random", features, labels, classes).unwrap())
}

proptest! {
    #[test]
    fn every_instruction_set_equals_the_plain_pass_to_the_bit(case in case()) {
        let (network, mask, data) = build(&case);
        let expected = plain::logits(&plain::layers::<f32>(&network, &mask), data.features());
        let classes: Vec<u32> = expected.rows().into_iter().map(|row| plain::argmax(row) as u32).collect();
        let correct = classes.iter().zip(data.labels()).filter(|(class, label)| class == label).count();
        for instructions in InstructionSet::available() {
            let evaluator = Evaluator::new(&network, &data, MetricName::Accuracy).unwrap().with_instruction_set(instructions).unwrap();
            let logits = evaluator.logits(&mask).unwrap();
            for (ours, theirs) in logits.iter().zip(&expected) {
                prop_assert_eq!(ours.to_bits(), theirs.to_bits());
            }
            prop_assert_eq!(evaluator.predict(&mask).unwrap(), classes.clone());
            prop_assert_eq!(evaluator.count_correct(&mask).unwrap(), correct as u64);
        }
    }

    #[test]
    fn cross_entropy_is_accurate_and_the_same_on_every_instruction_set(case in case()) {
        let (network, mask, data) = build(&case);
        let logits = plain::logits(&plain::layers::<f32>(&network, &mask), data.features()).mapv(f64::from);
        let exact = plain::mean_cross_entropy(&logits, data.labels());
        let losses: Vec<f64> = InstructionSet::available()
            .into_iter()
            .map(|instructions| {
                let evaluator = Evaluator::new(&network, &data, MetricName::CrossEntropy).unwrap();
                evaluator.with_instruction_set(instructions).unwrap().cross_entropy(&mask).unwrap()
            })
            .collect();
        prop_assert!((losses[0] - exact).abs() <= 1e-6 * exact + 1e-7, "{} {exact}", losses[0]);
        prop_assert!(losses.iter().all(|loss| loss.to_bits() == losses[0].to_bits()), "{losses:?}");
    }

    #[test]
    fn cross_entropy_f32_equals_the_plain_one_to_the_bit_on_every_instruction_set(case in case()) {
        let (network, mask, data) = build(&case);
        let logits = plain::logits(&plain::layers::<f32>(&network, &mask), data.features());
        let (losses, mean) = cross_entropy_f32(logits.view(), data.labels());
        let exact = plain::mean_cross_entropy(&logits.mapv(f64::from), data.labels());
        prop_assert!((f64::from(mean) - exact).abs() <= 1e-5 * exact + 1e-6, "{mean} {exact}");
        prop_assert!(losses.iter().all(|&loss| loss >= 0.0));
        for instructions in InstructionSet::available() {
            let evaluator = Evaluator::new(&network, &data, MetricName::CrossEntropyF32).unwrap();
            let evaluator = evaluator.with_instruction_set(instructions).unwrap();
            prop_assert_eq!(evaluator.cross_entropy_f32(&mask).unwrap().to_bits(), mean.to_bits());
            prop_assert_eq!(evaluator.evaluate(&[&mask], None), [Score::Exact(-f64::from(mean))]);
        }
    }

    #[test]
    fn a_batch_on_any_number_of_threads_and_any_instruction_set_equals_one_by_one(case in case(), threads in 1..4_usize) {
        let (network, mask, data) = build(&case);
        let mut other = mask.clone();
        other.flip(0);
        for metric in metrics(data.n_classes(), case.seed) {
            let evaluator = Evaluator::new(&network, &data, metric).unwrap();
            let single = [evaluator.evaluate(&[&mask], None)[0], evaluator.evaluate(&[&other], None)[0]];
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
            prop_assert_eq!(pool.install(|| evaluator.evaluate(&[&mask, &other], None)), single);
            for instructions in InstructionSet::available() {
                let evaluator = evaluator.clone().with_instruction_set(instructions).unwrap();
                prop_assert_eq!(evaluator.evaluate(&[&mask, &other], None), single);
            }
        }
    }

    #[test]
    fn connectivity_means_that_an_input_reaches_an_output(case in case()) {
        let (network, mask, _) = build(&case);
        // A path of active weights is a nonzero entry of the product of the mask's matrices.
        let product = plain::layers::<f64>(&network, &mask)
            .into_iter()
            .map(|layer| layer.mask.mapv(|bit| f64::from(u8::from(bit))))
            .reduce(|a, b| a.dot(&b))
            .unwrap();
        prop_assert_eq!(network.is_connected(&mask), product.iter().any(|&paths| paths > 0.0));
    }
}

/// Masks as a search makes them: some of their own, some a few flips away from another.
fn population(n_bits: usize, size: u64, seed: u64) -> Vec<BitMask> {
    let mut masks: Vec<BitMask> = Vec::new();
    for i in 0..size {
        let mut rng = Seed(seed).stream(TEST, 1, i);
        let mask = match masks.last() {
            Some(last) if i % 4 != 0 => {
                let mut mask = last.clone();
                (0..i % 3 + 1).for_each(|_| mask.flip(slt_core::random::index_below(&mut rng, n_bits)));
                mask
            }
            _ => BitMask::random(n_bits, &mut rng),
        };
        masks.push(mask);
    }
    masks
}

proptest! {
    #[test]
    fn racing_and_sharing_change_no_answer(case in case(), size in 1..20_u64, threads in 1..4_usize, rank in 0.0..1.0_f64) {
        let (network, _, data) = build(&case);
        let masks = population(network.architecture().n_weights(), size, case.seed);
        let masks: Vec<&BitMask> = masks.iter().collect();
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        for metric in metrics(data.n_classes(), case.seed) {
            let evaluator = Evaluator::new(&network, &data, metric).unwrap();
            let plain = evaluator.clone().with_racing(false).with_sharing(false);
            let full: Vec<f64> = plain.evaluate(&masks, None).iter().map(|score| score.exact().unwrap()).collect();
            let mut ranked = full.clone();
            ranked.sort_by(f64::total_cmp);
            // A floor that is one of the performances: reaching it exactly is enough.
            let floor = ranked[(rank * ranked.len() as f64) as usize];
            for sharing in [false, true] {
                let raced = evaluator.clone().with_sharing(sharing);
                // Twice: the second time in another order of the samples.
                for _ in 0..2 {
                    let scores = pool.install(|| raced.evaluate(&masks, Some(floor)));
                    for (score, &full) in scores.iter().zip(&full) {
                        match score {
                            Score::Exact(performance) => prop_assert_eq!(performance.to_bits(), full.to_bits()),
                            Score::Below => prop_assert!(full < floor, "{} {}", full, floor),
                        }
                    }
                }
                let shared = pool.install(|| raced.evaluate(&masks, None));
                for (score, &full) in shared.iter().zip(&full) {
                    prop_assert_eq!(score.exact().map(f64::to_bits), Some(full.to_bits()));
                }
            }
        }
    }
}

/// Floors as close to the performance of a mask as can be, where many masks tie or nearly do: networks with
/// large weights, on data that their first masks classify well.
#[test]
fn racing_on_cross_entropy_f32_is_exact_next_to_the_floor() {
    for (seed, half_width) in [(1, 1.0), (2, 20.0), (3, 200.0)] {
        let architecture = Architecture::new([2, 12, 3]).unwrap();
        let network = Network::random(&architecture, Initializer::uniform(half_width), Seed(seed)).unwrap();
        let masks = population(architecture.n_weights(), 24, seed);
        let masks: Vec<&BitMask> = masks.iter().collect();
        let mut rng = Seed(seed).stream(TEST, 2, 0);
        let features = Array2::from_shape_simple_fn((900, 2), || unit_f64(&mut rng) as f32 - 0.5);
        let classes = plain::logits(&plain::layers::<f32>(&network, masks[0]), &features);
        let labels = classes.rows().into_iter().map(|row| plain::argmax(row) as u32).collect();
        let data = Dataset::new("learned", features, labels, 3).unwrap();
        for instructions in InstructionSet::available() {
            let evaluator = Evaluator::new(&network, &data, MetricName::CrossEntropyF32).unwrap();
            let evaluator = evaluator.with_instruction_set(instructions).unwrap();
            let plain = evaluator.clone().with_racing(false).with_sharing(false);
            let full: Vec<f64> =
                masks.iter().map(|mask| plain.evaluate(&[mask], None)[0].exact().unwrap()).collect();
            let mut n_below = 0;
            for &at in &full {
                let floors =
                    [at, at.next_up(), at.next_down(), at * (1.0 + 1e-7), at * (1.0 - 1e-7), at * 0.9999];
                for (floor, threads) in floors.into_iter().zip([1, 2, 3, 1, 2, 3]) {
                    let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
                    let batch = pool.install(|| evaluator.evaluate(&masks, Some(floor)));
                    let single = pool.install(|| evaluator.evaluate(&masks[..1], Some(floor)));
                    for (score, &full) in batch.iter().zip(&full).chain(single.iter().zip(&full)) {
                        match score {
                            Score::Exact(performance) => assert_eq!(performance.to_bits(), full.to_bits()),
                            Score::Below => assert!(full < floor, "{full} {floor}"),
                        }
                        n_below += usize::from(*score == Score::Below);
                    }
                }
            }
            assert!(n_below > 500, "{n_below}");
        }
    }
}

#[test]
fn saturated_masks_tie_in_single_precision_only() {
    // The margin is 20 under the first mask, 40 under the second.
    let network = Network::from_parameters(vec![(
        ndarray::array![[0.0_f32, 20.0], [0.0, 20.0]],
        ndarray::array![0.0_f32, 0.0],
    )]);
    let network = network.unwrap();
    let data = Dataset::new("ones", ndarray::array![[1.0_f32, 1.0], [1.0, 1.0]], vec![1, 1], 2).unwrap();
    let one: BitMask = [true, true, true, false].into_iter().collect();
    let both = BitMask::ones(4);
    let evaluator = Evaluator::new(&network, &data, MetricName::CrossEntropyF32).unwrap();
    assert_eq!(evaluator.cross_entropy_f32(&one), Ok(0.0));
    assert_eq!(evaluator.cross_entropy_f32(&both), Ok(0.0));
    assert!(evaluator.cross_entropy(&one).unwrap() > evaluator.cross_entropy(&both).unwrap());
    assert!(evaluator.solved(&one, 0.0));
    assert_eq!(evaluator.evaluate(&[&one], Some(0.0)), [Score::Exact(0.0)]);
}

#[test]
fn metrics_have_names_and_fingerprints_of_their_own() {
    let data = slt_datasets::paper::circles().unwrap().test;
    let network = Network::random(&"A".parse().unwrap(), Initializer::paper(), Seed(1)).unwrap();
    let mut fingerprints: Vec<u64> = Vec::new();
    for metric in named() {
        let name = metric.to_string();
        assert_eq!(name.parse(), Ok(metric));
        let json = serde_json::to_string(&metric).unwrap();
        assert_eq!(json, format!("{name:?}"));
        assert_eq!(serde_json::from_str::<MetricName>(&json).unwrap(), metric);
        fingerprints.push(Evaluator::new(&network, &data, metric).unwrap().fingerprint());
    }
    let n = fingerprints.len();
    fingerprints.sort_unstable();
    fingerprints.dedup();
    assert_eq!(fingerprints.len(), n);
}

/// Checkpoints that there are go on.
#[test]
fn fingerprints_are_what_they_were() {
    let network =
        Network::from_parameters(vec![(ndarray::array![[1.0, 2.0]], ndarray::array![0.0, -1.0])]).unwrap();
    let data = Dataset::new("two", ndarray::array![[0.5], [0.25]], vec![1, 0], 2).unwrap();
    let of = |metric| Evaluator::new(&network, &data, metric).unwrap().fingerprint();
    let expected = |metric: u64| {
        let floats = [1.0_f32, 2.0, 0.0, -1.0, 0.5, 0.25].map(|x| u64::from(x.to_bits()));
        let words = [1, 2, 2, metric].into_iter().chain(floats).chain([1, 0]);
        slt_core::canonical::fingerprint(words)
    };
    let metrics = [MetricName::Accuracy, MetricName::CrossEntropy, MetricName::CrossEntropyF32];
    assert_eq!(metrics.map(of), [0, 1, 2].map(expected));
}

#[test]
fn flips_are_not_offered_for_cross_entropy_f32() {
    let data = slt_datasets::paper::circles().unwrap().test;
    let network = Network::random(&"A".parse().unwrap(), Initializer::paper(), Seed(1)).unwrap();
    let metric = MetricName::CrossEntropyF32;
    let mask = BitMask::ones(80);
    assert!(Evaluator::new(&network, &data, metric).unwrap().neighbourhood(&mask).is_none());
    let error = Flips::new(&network, &data, metric, InstructionSet::Portable, &mask).unwrap_err();
    assert_eq!(error, Error::NoFlips { metric });
    assert_eq!(
        error.to_string(),
        "flips of single bits are not offered for the objective cross-entropy-f32: use accuracy or cross-entropy"
    );
}

#[test]
fn racing_drops_what_cannot_reach_the_floor() {
    let data = slt_datasets::paper::circles().unwrap().train;
    let network = Network::random(&"B".parse().unwrap(), Initializer::paper(), Seed(1)).unwrap();
    let evaluator = Evaluator::new(&network, &data, MetricName::Accuracy).unwrap();
    let masks = population(300, 20, 1);
    let masks: Vec<&BitMask> = masks.iter().collect();
    assert!(evaluator.evaluate(&masks, Some(0.99)).iter().all(|&score| score == Score::Below));
    assert!(evaluator.evaluate(&masks[..1], Some(0.99)).iter().all(|&score| score == Score::Below));
    assert!(evaluator.evaluate(&masks, Some(1.5)).iter().all(|&score| score == Score::Below));
    assert!(evaluator.evaluate(&masks, Some(-1.0)).iter().all(|score| score.exact().is_some()));
}

#[test]
fn large_logits_are_safe() {
    let weights = ndarray::array![[1e4_f32, -1e4, 0.0]];
    let network = Network::from_parameters(vec![(weights, ndarray::array![0.0, 0.0, 0.0])]).unwrap();
    let features = ndarray::array![[1.0_f32], [-1.0], [0.0]];
    let data = Dataset::new("large", features, vec![0, 0, 2], 3).unwrap();
    let loss =
        Evaluator::new(&network, &data, MetricName::CrossEntropy).unwrap().cross_entropy(&BitMask::ones(3));
    let expected = (0.0 + 20_000.0 + 3.0_f64.ln()) / 3.0;
    assert!((loss.unwrap() / expected - 1.0).abs() < 1e-6);
}

#[test]
fn logits_that_overflow_count_as_the_worst_performance() {
    let huge = f32::MAX;
    let network =
        Network::from_parameters(vec![(ndarray::array![[huge, -huge]], ndarray::array![0.0, 0.0])]).unwrap();
    let data = Dataset::new("huge", ndarray::array![[4.0_f32]], vec![1], 2).unwrap();
    let evaluator = Evaluator::new(&network, &data, MetricName::CrossEntropy).unwrap();
    assert_eq!(evaluator.cross_entropy(&BitMask::ones(2)), Ok(f64::INFINITY));
    assert_eq!(evaluator.evaluate(&[&BitMask::ones(2)], None), [Score::Exact(f64::MIN)]);
    let evaluator = Evaluator::new(&network, &data, MetricName::CrossEntropyF32).unwrap();
    assert_eq!(evaluator.cross_entropy_f32(&BitMask::ones(2)), Ok(f32::INFINITY));
    for floor in [None, Some(f64::MIN)] {
        assert_eq!(evaluator.evaluate(&[&BitMask::ones(2)], floor), [Score::Exact(f64::MIN)]);
    }
}

#[test]
fn data_of_another_shape_are_refused() {
    let network = Network::random(&"A".parse().unwrap(), Initializer::paper(), Seed(1)).unwrap();
    let wide = Dataset::new("wide", ndarray::array![[0.0_f32, 0.0, 0.0]], vec![0], 2).unwrap();
    let error = Evaluator::new(&network, &wide, MetricName::Accuracy).unwrap_err();
    assert_eq!(error.to_string(), "the data have 3 features, the network has 2 inputs");
    let many = Dataset::new("many", ndarray::array![[0.0_f32, 0.0]], vec![0], 5).unwrap();
    let error = Evaluator::new(&network, &many, MetricName::Accuracy).unwrap_err();
    assert_eq!(error.to_string(), "the data have 5 classes, the network has 2 outputs");
    let evaluator =
        Evaluator::new(&network, &slt_datasets::paper::circles().unwrap().test, MetricName::Accuracy);
    assert!(evaluator.unwrap().accuracy(&BitMask::ones(81)).is_err());
}
