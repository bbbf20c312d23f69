//! Parity with PyTorch in `fixtures/reference/edge_popup`: every case of every file there.

use std::collections::BTreeMap;
use std::ops::ControlFlow;

use crate::common::{all_close, biases, close, file, files, matrix, transposed};
use ndarray::Array2;
use serde::Deserialize;
use slt_baselines::{
    EdgePopup, EdgePopupConfig, EdgePopupEpoch, EdgePopupOutcome, Samples, keep_top, n_dropped,
};
use slt_core::BitMask;

const LOSS: f64 = 1e-10;
const SCORES: f64 = 1e-9;
/// How far the loss of a case that hangs on the order of summation may be off.
const LEVEL: f64 = 0.5;

#[derive(Deserialize)]
struct File {
    cases: Vec<Case>,
}

#[derive(Deserialize)]
struct Case {
    name: String,
    rounding_sensitive: bool,
    architecture: Vec<usize>,
    kept_fraction: f64,
    n_zeroed_per_layer_j: Vec<usize>,
    n_weights_per_layer: Vec<usize>,
    data: String,
    batch_size: usize,
    lr: f64,
    momentum: f64,
    weight_decay: f64,
    epochs: usize,
    layers: Vec<Layer>,
    expected: Expected,
}

#[derive(Deserialize)]
struct Layer {
    /// `n_out x n_in`, as all matrices here.
    weight: Vec<Vec<f64>>,
    bias: Option<Vec<f64>>,
    scores_init: Vec<Vec<f64>>,
}

#[derive(Deserialize)]
struct Expected {
    lr: Vec<f64>,
    train_loss: Vec<f64>,
    train_accuracy: Vec<f64>,
    test_accuracy: Vec<f64>,
    test_loss: Vec<f64>,
    #[serde(rename = "test_samples_with_top2_gap_below_1e-9")]
    ties: Vec<u64>,
    best_test_accuracy: f64,
    masks_after_epoch: BTreeMap<String, Vec<String>>,
    mask_bits_changed_per_epoch: Vec<usize>,
    final_scores: Vec<Vec<Vec<f64>>>,
    first_step: Option<FirstStep>,
}

#[derive(Deserialize)]
struct FirstStep {
    loss: f64,
    score_gradients_without_weight_decay: Vec<Vec<Vec<f64>>>,
    scores_after_step_1: Vec<Vec<Vec<f64>>>,
}

#[derive(Deserialize)]
struct Data {
    #[serde(rename = "X")]
    x: Option<Vec<Vec<f64>>>,
    #[serde(rename = "X_test")]
    x_test: Option<Vec<Vec<f64>>>,
    pixels: Option<Vec<Vec<f64>>>,
    pixels_test: Option<Vec<Vec<f64>>>,
    y: Vec<u32>,
    y_test: Vec<u32>,
}

impl Data {
    fn samples(&self, classes: usize) -> (Samples<f64>, Samples<f64>) {
        let features = |x: &Option<Vec<Vec<f64>>>, pixels: &Option<Vec<Vec<f64>>>| match (x, pixels) {
            (Some(x), _) => matrix(x),
            (None, Some(pixels)) => matrix(pixels).mapv(|p| ((p / 16.0 * 1.4 - 0.7) * 1e6).round() / 1e6),
            (None, None) => panic!("data without features"),
        };
        let train = Samples::new(features(&self.x, &self.pixels), self.y.clone(), classes);
        let test = Samples::new(features(&self.x_test, &self.pixels_test), self.y_test.clone(), classes);
        (train.unwrap(), test.unwrap())
    }
}

fn cases() -> Vec<Case> {
    files::<File>("edge_popup", |name| name.starts_with("cases"))
        .into_iter()
        .flat_map(|(_, f)| f.cases)
        .collect()
}

impl Case {
    fn config(&self) -> EdgePopupConfig {
        EdgePopupConfig {
            keep: self.kept_fraction,
            epochs: self.epochs,
            batch_size: self.batch_size,
            learning_rate: self.lr,
            momentum: self.momentum,
            weight_decay: self.weight_decay,
            schedule: slt_baselines::EdgePopupSchedule::Cosine,
        }
    }

    fn task(&self, data: &BTreeMap<String, Data>, config: EdgePopupConfig) -> EdgePopup<f64> {
        let (train, test) = data[&self.data].samples(*self.architecture.last().unwrap());
        let layers =
            self.layers.iter().map(|l| (transposed(&l.weight), biases(l.bias.as_ref(), l.weight.len())));
        EdgePopup::from_parameters(&layers.collect::<Vec<_>>(), &train, &test, config).unwrap()
    }

    fn scores(&self) -> Vec<Array2<f64>> {
        self.layers.iter().map(|layer| transposed(&layer.scores_init)).collect()
    }

    /// The mask of some layers given row-major `out x in`, in bit order.
    fn mask(&self, layers: &[String]) -> BitMask {
        let bits = layers.iter().zip(self.architecture.windows(2)).flat_map(|(text, pair)| {
            let bits: Vec<bool> = text.chars().map(|c| c == '1').collect();
            let (n_in, n_out) = (pair[0], pair[1]);
            (0..n_in * n_out).map(move |bit| bits[bit % n_out * n_in + bit / n_out])
        });
        bits.collect()
    }

    fn check(&self, outcome: &EdgePopupOutcome<f64>, masks: &[BitMask]) {
        let (name, expected) = (&self.name, &self.expected);
        let column = |f: fn(&EdgePopupEpoch) -> f64| outcome.history.iter().map(f).collect::<Vec<_>>();
        let (train_loss, test_loss) = (column(|e| e.train_loss), column(|e| e.test_loss));
        all_close(&column(|e| e.learning_rate), &expected.lr, 1e-15, name);
        close(train_loss[0], expected.train_loss[0], LOSS, &format!("{name}, first loss"));
        if self.rounding_sensitive {
            let last = train_loss.len() - 1;
            close(train_loss[last], expected.train_loss[last], LEVEL, &format!("{name}, level"));
            return;
        }
        all_close(&train_loss, &expected.train_loss, LOSS, &format!("{name}, training loss"));
        all_close(&test_loss, &expected.test_loss, LOSS, &format!("{name}, test loss"));
        // Samples whose two largest logits are as good as equal may fall either way. They were counted among
        // the test samples; the training samples of a run that has any may hold twice as large a share.
        let unsure = 1.0 / data_size(expected) as f64;
        let most = expected.ties.iter().copied().max().unwrap_or(0) as f64;
        for (ours, theirs) in column(|e| e.train_accuracy).iter().zip(&expected.train_accuracy) {
            let allowed = 2.0 * most * unsure + 1e-12;
            assert!((ours - theirs).abs() <= allowed, "{name}, training accuracy: {ours} {theirs}");
        }
        let accuracies = column(|e| e.test_accuracy).into_iter().zip(&expected.test_accuracy);
        for ((ours, theirs), &ties) in accuracies.zip(&expected.ties) {
            assert!((ours - theirs).abs() <= ties as f64 * unsure + 1e-12, "{name}: {ours} {theirs}");
        }
        if expected.ties.iter().all(|&ties| ties == 0) {
            close(outcome.best.test_accuracy, expected.best_test_accuracy, 1e-12, name);
        }
        let changed: Vec<usize> = outcome.history.iter().map(|e| e.changed_bits).collect();
        assert_eq!(changed, expected.mask_bits_changed_per_epoch, "{name}");
        for (epoch, layers) in &expected.masks_after_epoch {
            let epoch: usize = epoch.parse().unwrap();
            if epoch > 0 {
                assert_eq!(masks[epoch - 1], self.mask(layers), "{name}, epoch {epoch}");
            }
        }
        for (l, (ours, theirs)) in outcome.scores.iter().zip(&expected.final_scores).enumerate() {
            all_close(ours, &transposed(theirs), SCORES, &format!("{name}, scores of layer {l}"));
        }
    }
}

/// The test accuracies are whole multiples of one over the number of test samples, which is at most 10,000.
fn data_size(expected: &Expected) -> usize {
    let whole = |n: usize| {
        expected.test_accuracy.iter().all(|a| (a * n as f64 - (a * n as f64).round()).abs() < 1e-9)
    };
    (1..10_000).find(|&n| whole(n)).unwrap()
}

#[test]
fn reference_initial_masks() {
    for case in cases() {
        let expected = case.mask(&case.expected.masks_after_epoch["0"]);
        let masks: Vec<BitMask> =
            case.scores().iter().map(|s| keep_top(s.as_slice().unwrap(), case.kept_fraction)).collect();
        let ours: BitMask = masks.iter().flat_map(|mask| (0..mask.len()).map(|i| mask.get(i))).collect();
        assert_eq!(ours, expected, "{}", case.name);
        for (n, j) in case.n_weights_per_layer.iter().zip(&case.n_zeroed_per_layer_j) {
            assert_eq!(n_dropped(*n, case.kept_fraction), *j, "{}", case.name);
        }
    }
}

#[test]
fn reference_training() {
    let data = file::<BTreeMap<String, Data>>("edge_popup", "data.json");
    let mut exact = 0;
    for case in cases() {
        let mut masks = Vec::new();
        let outcome = case
            .task(&data, case.config())
            .run_from(&case.scores(), |_, mask| {
                masks.push(mask.clone());
                ControlFlow::Continue(())
            })
            .unwrap();
        case.check(&outcome, &masks);
        assert_eq!(outcome.last.mask, *masks.last().unwrap());
        exact += usize::from(!case.rounding_sensitive);
    }
    assert!(exact > 0, "every case is sensitive to rounding");
}

#[test]
fn reference_first_step() {
    let data = file::<BTreeMap<String, Data>>("edge_popup", "data.json");
    // Only small networks come with a first step, and a set of cases need not have one.
    for case in cases() {
        let Some(first) = &case.expected.first_step else { continue };
        let (train, test) = data[&case.data].samples(*case.architecture.last().unwrap());
        // One epoch of one batch: only as many samples as a batch has.
        let n = case.batch_size.min(train.n_samples());
        let rows = train.features().slice(ndarray::s![..n, ..]).to_owned();
        let batch = Samples::new(rows, train.labels()[..n].to_vec(), train.n_classes()).unwrap();
        let layers =
            case.layers.iter().map(|l| (transposed(&l.weight), biases(l.bias.as_ref(), l.weight.len())));
        let config = EdgePopupConfig { epochs: 1, ..case.config() };
        let task = EdgePopup::from_parameters(&layers.collect::<Vec<_>>(), &batch, &test, config).unwrap();
        let outcome = task.run_from(&case.scores(), |_, _| ControlFlow::Continue(())).unwrap();
        close(outcome.history[0].train_loss, first.loss, LOSS, &case.name);
        for (l, scores) in outcome.scores.iter().enumerate() {
            let theirs = transposed(&first.scores_after_step_1[l]);
            all_close(scores, &theirs, 1e-13, &format!("{}, scores of layer {l}", case.name));
            // s' = s - rate (gradient + decay s).
            let before = transposed(&case.layers[l].scores_init);
            let gradient = (&before - scores) / case.lr - &before * case.weight_decay;
            let theirs = transposed(&first.score_gradients_without_weight_decay[l]);
            all_close(&gradient, &theirs, 1e-11, &format!("{}, gradient of layer {l}", case.name));
        }
    }
}

#[derive(Deserialize)]
struct Selections {
    cases: Vec<Selection>,
}

#[derive(Deserialize)]
struct Selection {
    scores: Vec<f64>,
    prune_rate: f64,
    j: usize,
    mask: String,
}

#[test]
fn reference_mask_selection() {
    for case in file::<Selections>("edge_popup", "mask_selection.json").cases {
        assert_eq!(n_dropped(case.scores.len(), case.prune_rate), case.j);
        let expected: BitMask = case.mask.chars().map(|c| c == '1').collect();
        assert_eq!(keep_top(&case.scores, case.prune_rate), expected, "{:?}", case.scores);
    }
}

#[derive(Deserialize)]
struct Table {
    rows: Vec<Row>,
}

#[derive(Deserialize)]
struct Row {
    fan_in: usize,
    fan_out: usize,
    by_prune_rate: BTreeMap<String, Dropped>,
}

#[derive(Deserialize)]
struct Dropped {
    j_zeroed: usize,
    kept: usize,
}

#[test]
fn reference_numbers_of_dropped_weights() {
    for row in file::<Table>("edge_popup", "std_and_j_table.json").rows {
        let n = row.fan_in * row.fan_out;
        for (keep, dropped) in row.by_prune_rate {
            let ours = n_dropped(n, keep.parse().unwrap());
            assert_eq!((ours, n - ours), (dropped.j_zeroed, dropped.kept), "{n} {keep}");
        }
    }
}
