//! What metrics say, beside plain second implementations, and at the edges.

use ndarray::{Array1, Array2, ArrayView2, array};
use proptest::prelude::*;
use slt_core::random::{index_below, unit_f64};
use slt_core::{BitMask, Objective, Purpose, Score, Seed};
use slt_datasets::Dataset;
use slt_mlp::metric::{
    self, Auc, BalancedAccuracy, Confusion, ConfusionScore, CostBound, Custom, LogitScore, MacroF1, Margin,
    MatthewsCorrelation, MeanCost, TemperedCrossEntropy,
};
use slt_mlp::{Error, Evaluator, Metric, MetricName, Network, plain};

const TEST: Purpose = Purpose::new("test");

/// A network whose logits are its inputs, and the mask that makes it so.
fn identity(n: usize) -> (Network, BitMask) {
    let network = Network::from_parameters(vec![(Array2::ones((n, n)), Array1::zeros(n))]).unwrap();
    (network, (0..n * n).map(|bit| bit % (n + 1) == 0).collect())
}

fn score_of(metric: impl Metric + 'static, logits: &Array2<f32>, labels: &[u32]) -> f64 {
    let (network, mask) = identity(logits.ncols());
    let data = Dataset::new("logits", logits.clone(), labels.to_vec(), logits.ncols()).unwrap();
    let evaluator = Evaluator::new(&network, &data, metric).unwrap();
    evaluator.evaluate(&[&mask], None)[0].exact().unwrap()
}

/// Logits on a grid, with ties, or of any value; some classes may have no samples.
fn drawn(n_classes: usize, n: usize, grid: bool, seed: u64) -> (Array2<f32>, Vec<u32>) {
    let mut rng = Seed(seed).stream(TEST, 0, 0);
    let logits = Array2::from_shape_simple_fn((n, n_classes), || {
        let z = 8.0 * unit_f64(&mut rng) - 4.0;
        (if grid { z.round() } else { z }) as f32
    });
    let used = 1 + index_below(&mut rng, n_classes);
    let labels = (0..n).map(|_| index_below(&mut rng, used) as u32).collect();
    (logits, labels)
}

/// All pairs of a sample of the class and one of another; `None` if there are none.
fn area_by_pairs(scores: &[f64], labels: &[u32], class: u32) -> Option<f64> {
    let (mut sum, mut pairs) = (0.0, 0.0);
    for (i, _) in labels.iter().enumerate().filter(|&(_, &label)| label == class) {
        for (j, _) in labels.iter().enumerate().filter(|&(_, &label)| label != class) {
            sum += if scores[i] > scores[j] {
                1.0
            } else if scores[i] == scores[j] {
                0.5
            } else {
                0.0
            };
            pairs += 1.0;
        }
    }
    (pairs > 0.0).then_some(sum / pairs)
}

fn every(n_classes: usize) -> Vec<Box<dyn Metric>> {
    let costs = Array2::from_shape_fn((n_classes, n_classes), |(a, b)| a.abs_diff(b) as f64);
    let names = [
        "accuracy",
        "balanced-accuracy",
        "macro-f1",
        "matthews-correlation",
        "auc",
        "cross-entropy",
        "cross-entropy:2",
    ];
    let names = names.into_iter().chain(["cross-entropy-f32", "margin:1"]);
    let named = names.map(|name| Box::new(name.parse::<MetricName>().unwrap()) as Box<dyn Metric>);
    named.chain([Box::new(MeanCost::new(costs).unwrap()) as Box<dyn Metric>]).collect()
}

proptest! {
    #[test]
    fn the_area_counts_pairs(n_classes in 2..6_usize, n in 1..80_usize, grid: bool, seed: u64) {
        let (logits, labels) = drawn(n_classes, n, grid, seed);
        let expected = if n_classes == 2 {
            let margins: Vec<f64> = logits.rows().into_iter().map(|z| f64::from(z[1]) - f64::from(z[0])).collect();
            area_by_pairs(&margins, &labels, 1).unwrap_or(0.5)
        } else {
            let probability = |class: usize| {
                let rows = logits.rows().into_iter();
                rows.map(|z| {
                    let top = z.iter().fold(f64::NEG_INFINITY, |top, &z| top.max(f64::from(z)));
                    let exp = |z: f32| libm::exp(f64::from(z) - top);
                    exp(z[class]) / z.iter().fold(0.0, |sum, &z| sum + exp(z))
                }).collect::<Vec<_>>()
            };
            let areas: Vec<f64> =
                (0..n_classes).filter_map(|c| area_by_pairs(&probability(c), &labels, c as u32)).collect();
            if areas.is_empty() { 0.5 } else { areas.iter().sum::<f64>() / areas.len() as f64 }
        };
        let ours = score_of(Auc, &logits, &labels);
        prop_assert!((ours - expected).abs() < 1e-12, "{ours} {expected}");
    }

    #[test]
    fn losses_are_close_to_exact_ones(n_classes in 2..12_usize, n in 1..200_usize, parameter in 0.05..20.0_f32, seed: u64) {
        let (logits, labels) = drawn(n_classes, n, false, seed);
        let exact = logits.mapv(f64::from);
        let tempered = plain::mean_cross_entropy(&(&exact / f64::from(parameter)), &labels);
        let ours = -score_of(TemperedCrossEntropy::new(parameter).unwrap(), &logits, &labels);
        prop_assert!((ours - tempered).abs() <= 1e-6 * tempered + 1e-7, "{ours} {tempered}");
        let hinge = exact.rows().into_iter().zip(&labels).map(|(z, &y)| {
            let others = z.iter().enumerate().filter(|&(class, _)| class != y as usize);
            let top = others.fold(f64::NEG_INFINITY, |top, (_, &z)| top.max(z));
            (f64::from(parameter) - (z[y as usize] - top)).max(0.0)
        });
        let hinge = hinge.sum::<f64>() / n as f64;
        let ours = -score_of(Margin::new(parameter).unwrap(), &logits, &labels);
        prop_assert!((ours - hinge).abs() <= 1e-6 * (hinge + 1.0), "{ours} {hinge}");
    }

    #[test]
    fn a_temperature_of_one_changes_no_bit(n_classes in 2..12_usize, n in 1..200_usize, seed: u64) {
        let (logits, labels) = drawn(n_classes, n, false, seed);
        let tempered = score_of(TemperedCrossEntropy::new(1.0).unwrap(), &logits, &labels);
        prop_assert_eq!(tempered.to_bits(), score_of(MetricName::CrossEntropy, &logits, &labels).to_bits());
    }

    #[test]
    fn the_order_of_the_samples_changes_nothing_beyond_rounding(
        n_classes in 2..6_usize, n in 2..300_usize, grid: bool, seed: u64
    ) {
        let (logits, labels) = drawn(n_classes, n, grid, seed);
        let mut order: Vec<usize> = (0..n).collect();
        let mut rng = Seed(seed).stream(TEST, 1, 0);
        (1..n).rev().for_each(|i| order.swap(i, index_below(&mut rng, i + 1)));
        let moved = logits.select(ndarray::Axis(0), &order);
        let moved_labels: Vec<u32> = order.iter().map(|&i| labels[i]).collect();
        for (metric, same) in every(n_classes).into_iter().zip(every(n_classes)) {
            let name = metric.name().into_owned();
            let (before, after) = (score_of(metric, &logits, &labels), score_of(same, &moved, &moved_labels));
            let rounding = if name == "cross-entropy-f32" { 1e-5 } else { 1e-12 };
            prop_assert!((before - after).abs() <= rounding * before.abs().max(1.0), "{name}: {before} {after}");
        }
    }

    #[test]
    fn scores_keep_to_their_ranges_and_bounds(n_classes in 2..6_usize, n in 1..100_usize, seed: u64) {
        let (logits, labels) = drawn(n_classes, n, true, seed);
        for metric in every(n_classes) {
            let (range, name) = (metric.range(), metric.name().into_owned());
            let score = score_of(metric, &logits, &labels);
            prop_assert!(range.contains(&score), "{name}: {score}");
        }
        // What is right is worth the end of the range, which is also the goal of those that end.
        let perfect = Array2::from_shape_fn((n, n_classes), |(i, c)| if labels[i] as usize == c { 50.0 } else { 0.0 });
        let (network, mask) = identity(n_classes);
        let data = Dataset::new("perfect", perfect, labels.clone(), n_classes).unwrap();
        let n_used = data.class_counts().iter().filter(|&&count| count > 0).count();
        for metric in every(n_classes) {
            let name = metric.name().into_owned();
            // With one class, there is nothing to tell apart.
            if n_used == 1 && ["auc", "matthews-correlation"].contains(&name.as_str()) {
                continue;
            }
            let evaluator = Evaluator::new(&network, &data, metric).unwrap();
            let score = evaluator.evaluate(&[&mask], None)[0].exact().unwrap();
            prop_assert!(evaluator.solved(&mask, score), "{name}: {score}");
        }
    }
}

/// Racing has something to save for each metric that has a budget, and saves nothing for the others.
#[test]
fn masks_without_hope_are_dropped() {
    let n = 6400;
    let (logits, _) = drawn(3, n, false, 1);
    let (network, mask) = identity(3);
    // Every sample is wrong.
    let labels = logits.rows().into_iter().map(|z| ((plain::argmax(z) + 1) % 3) as u32).collect();
    let data = Dataset::new("wrong", logits, labels, 3).unwrap();
    for metric in every(3) {
        let name = metric.name().into_owned();
        let evaluator = Evaluator::new(&network, &data, metric).unwrap();
        let best = *evaluator.metric().range().end();
        let races = !["matthews-correlation", "auc"].contains(&name.as_str());
        let score = evaluator.evaluate(&[&mask], Some(0.9 * best))[0];
        assert_eq!(score == Score::Below, races, "{name}");
        assert!(evaluator.with_racing(false).evaluate(&[&mask], Some(0.9 * best))[0].exact().is_some());
    }
}

#[test]
fn scores_that_are_no_numbers_are_the_lowest() {
    let logits = array![[0.0_f32, 1.0], [2.0, 0.0]];
    let of = |score: f64| metric::custom("constant", move |_: ArrayView2<'_, f32>, _: &[u32]| score);
    let scores = [f64::NAN, f64::NEG_INFINITY, f64::INFINITY, 0.5];
    let scores = scores.map(|score| score_of(of(score), &logits, &[0, 1]));
    assert_eq!(scores, [f64::MIN, f64::MIN, f64::MAX, 0.5]);
    let of = |loss: f32| metric::of_losses("constant", move |_: &[f32], _| loss);
    let scores = [f32::NAN, f32::INFINITY, -1.0, 0.5].map(|loss| score_of(of(loss), &logits, &[0, 1]));
    assert_eq!(scores, [f64::MIN, f64::MIN, 0.0, -0.5]);
}

#[test]
fn logits_that_overflow_are_no_trouble() {
    let huge = f32::MAX;
    let logits = array![[huge, -huge, 0.0], [-huge, huge, f32::MIN_POSITIVE]];
    assert_eq!(score_of(Auc, &logits, &[0, 1]), 1.0);
    assert_eq!(score_of(Margin::new(1.0).unwrap(), &logits, &[0, 1]), 0.0);
    assert_eq!(score_of(Margin::new(1.0).unwrap(), &logits, &[1, 1]), f64::MIN);
    assert_eq!(score_of(TemperedCrossEntropy::new(1e-30).unwrap(), &logits, &[1, 1]), f64::MIN);
    assert_eq!(score_of(TemperedCrossEntropy::new(1e-30).unwrap(), &logits, &[0, 1]), 0.0);
    // No logit is larger than itself: scores that are not numbers rank lowest, and tie.
    let nan = array![[f32::INFINITY, f32::INFINITY], [0.0, 1.0]];
    assert_eq!(Auc.score(nan.view(), &[0, 1]), 1.0);
    assert_eq!(Auc.score(nan.view(), &[1, 0]), 0.0);
}

#[test]
fn closures_are_called_with_logits_and_labels_in_order() {
    let logits = array![[1.0_f32, 2.0, 3.0], [4.0, 5.0, 6.0]];
    let seen = logits.clone();
    let check = metric::custom(
        "check",
        move |logits: ArrayView2<'_, f32>, labels: &[u32]| {
            if logits == seen && labels == [2, 0] { 1.0 } else { 0.0 }
        },
    );
    assert_eq!(score_of(check, &logits, &[2, 0]), 1.0);
    let code = metric::of_losses("code", |z: &[f32], y| z[0] * 100.0 + z[2] * 10.0 + y as f32);
    assert_eq!(score_of(code, &logits, &[2, 0]), -f64::midpoint(132.0, 460.0));
    let corner = metric::of_confusion("corner", |confusion| confusion.counts()[2][2] as f64);
    assert_eq!(score_of(corner, &logits, &[2, 0]), 1.0);
}

#[test]
fn parameters_are_checked() {
    for wrong in [0.0, -1.0, f32::NAN, f32::INFINITY] {
        assert!(matches!(
            TemperedCrossEntropy::new(wrong),
            Err(Error::MetricParameter { parameter: "temperature", .. })
        ));
        assert!(matches!(Margin::new(wrong), Err(Error::MetricParameter { parameter: "margin", .. })));
        assert!(format!("margin:{wrong}").parse::<MetricName>().is_err());
    }
    for wrong in ["", "acc", "accuracy:1", "margin", "margin:", "margin:x", "cross-entropy-f32:2", "Accuracy"]
    {
        let error = wrong.parse::<MetricName>().unwrap_err();
        assert!(error.to_string().contains("expected accuracy, balanced-accuracy"), "{wrong}: {error}");
        assert!(serde_json::from_value::<MetricName>(wrong.into()).is_err());
    }
    assert_eq!(
        MeanCost::new(array![[0.0, 1.0]]).unwrap_err().to_string(),
        "the matrix of costs is 1 x 2; it has a row and a column for each class, of which there are at least 2"
    );
    for wrong in [-1.0, f64::NAN, f64::INFINITY] {
        assert!(MeanCost::new(array![[0.0, wrong], [1.0, 0.0]]).is_err());
        assert!(CostBound::new(1.0, array![[0.0, wrong], [1.0, 0.0]]).is_err());
    }
    assert!(CostBound::new(f64::NAN, array![[0.0, 1.0], [1.0, 0.0]]).is_err());
}

#[test]
fn a_metric_for_other_classes_is_refused() {
    let (network, _) = identity(3);
    let data = Dataset::new("three", Array2::zeros((2, 3)), vec![0, 2], 3).unwrap();
    let two = MeanCost::new(array![[0.0, 1.0], [1.0, 0.0]]).unwrap();
    let error = Evaluator::new(&network, &data, two.clone()).unwrap_err();
    assert_eq!(error.to_string(), "the matrix of costs is for 2 classes, the data have 3");

    /// A bound that does not fit.
    #[derive(Debug)]
    struct Bad(MeanCost);
    impl ConfusionScore for Bad {
        fn score(&self, _: &Confusion) -> f64 {
            0.0
        }
        fn bound(&self, _: &[usize]) -> Option<CostBound> {
            self.0.bound(&[1, 1])
        }
    }
    impl Metric for Bad {
        fn name(&self) -> std::borrow::Cow<'_, str> {
            "bad".into()
        }
        fn scoring(&self) -> metric::Scoring<'_> {
            metric::Scoring::Confusion(self)
        }
    }
    let error = Evaluator::new(&network, &data, Bad(two)).unwrap_err();
    assert_eq!(error.to_string(), "the cost bound of bad is for 2 classes, the data have 3");
}

#[test]
fn names_tell_metrics_apart() {
    let costs = |x: f64| MeanCost::new(array![[0.0, x], [1.0, 0.0]]).unwrap();
    assert_eq!(costs(1.0).name(), costs(1.0).name());
    assert_ne!(costs(1.0).name(), costs(2.0).name());
    let own = |name: &str| -> Custom { metric::of_confusion(name, |_| 0.0) };
    assert_ne!(own("a").fingerprint(), own("b").fingerprint());
    assert_eq!(BalancedAccuracy.fingerprint(), MetricName::BalancedAccuracy.fingerprint());
    assert_ne!(MacroF1.fingerprint(), MatthewsCorrelation.fingerprint());
}

#[test]
fn flips_are_offered_for_accuracy_and_cross_entropy_by_any_name() {
    let (network, mask) = identity(3);
    let data = Dataset::new("three", Array2::eye(3), vec![0, 1, 2], 3).unwrap();
    for metric in every(3) {
        let offered = ["accuracy", "cross-entropy"].contains(&&*metric.name());
        let evaluator = Evaluator::new(&network, &data, metric).unwrap();
        assert_eq!(evaluator.neighbourhood(&mask).is_some(), offered, "{:?}", evaluator.metric());
    }
}
