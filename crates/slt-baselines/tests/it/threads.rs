//! Training spreads a batch of a wide network over threads; no bit depends on how many there are.

use std::ops::ControlFlow;

use ndarray::Array2;
use slt_baselines::{EdgePopup, EdgePopupConfig, MlpClassifier, Samples, Solver};
use slt_core::Seed;
use slt_core::canonical::fingerprint;
use slt_mlp::{Architecture, Initializer, Network};

/// Large enough that every pass over a batch is cut: see `WORTH_A_THREAD` in the kernel.
const SIZES: [usize; 4] = [600, 160, 80, 4];

/// Rows that are mostly zero, as images are, or not.
fn samples(n: usize, zeros: u64) -> Samples<f32> {
    let features = Array2::from_shape_fn((n, SIZES[0]), |(row, column)| {
        let hash = fingerprint([row as u64, column as u64]);
        if hash % 8 < zeros {
            0.0
        } else {
            (hash >> 40) as f32 / (1 << 24) as f32 + (row % 4 * column % 3) as f32
        }
    });
    Samples::new(features, (0..n as u32).map(|row| row % 4).collect(), 4).unwrap()
}

/// What comes out on one, two and five threads.
fn on_all<T: PartialEq + std::fmt::Debug + Send>(work: impl Fn() -> T + Sync) -> T {
    let on = |threads| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(&work)
    };
    let one = on(1);
    assert_eq!(one, on(2));
    assert_eq!(one, on(5));
    one
}

#[test]
fn edge_popup_does_not_depend_on_threads() {
    let network = Network::random(&Architecture::new(SIZES).unwrap(), Initializer::paper(), Seed(1)).unwrap();
    for zeros in [0, 6] {
        let (train, test) = (samples(256, zeros), samples(64, zeros));
        let config = EdgePopupConfig {
            epochs: 2,
            batch_size: 128,
            learning_rate: 1e-3,
            ..EdgePopupConfig::for_shape(train.shape())
        };
        let task = EdgePopup::new(&network, &train, &test, config).unwrap();
        let outcome = on_all(|| task.run(Seed(1), |_, _| ControlFlow::Continue(())).unwrap());
        assert!(outcome.history[1].changed_bits > 0);
    }
}

#[test]
fn mlp_training_does_not_depend_on_threads() {
    for (zeros, solver) in [(0, Solver::Adam), (6, Solver::Sgd)] {
        let train = samples(256, zeros);
        let mlp = MlpClassifier {
            solver,
            batch_size: Some(128),
            max_iter: 2,
            ..MlpClassifier::scikit_learn([SIZES[1], SIZES[2]])
        };
        let fitted = on_all(|| mlp.fit(&train, |_| ControlFlow::Continue(())).unwrap());
        assert!(fitted.loss_curve()[1] < fitted.loss_curve()[0]);
    }
}
