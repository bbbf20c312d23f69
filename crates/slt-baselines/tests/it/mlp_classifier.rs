//! Training by backpropagation: errors, observers, and pinned results.

use std::ops::ControlFlow;

use ndarray::{Array2, array};
use slt_baselines::{DataShape, Divergence, Error, LearningRate, MlpClassifier, MlpStop, Samples, Solver};
use slt_datasets::paper::PaperData;

/// In file order: the pinned results are older than the paper's split.
fn digits(classes: u32) -> Samples<f32> {
    let data: PaperData = "digits-file-order".parse().unwrap();
    Samples::from(&PaperData { classes: Some(classes), ..data }.load().unwrap().train)
}

fn go(_: &slt_baselines::MlpEpoch) -> ControlFlow<()> {
    ControlFlow::Continue(())
}

#[test]
fn parameters_out_of_range_are_named() {
    let good = MlpClassifier::scikit_learn([4]);
    let bad = [
        ("hidden_layer_sizes", MlpClassifier { hidden_layer_sizes: vec![4, 0], ..good.clone() }),
        ("alpha", MlpClassifier { alpha: -1e-9, ..good.clone() }),
        ("alpha", MlpClassifier { alpha: f64::NAN, ..good.clone() }),
        ("batch_size", MlpClassifier { batch_size: Some(0), ..good.clone() }),
        ("learning_rate_init", MlpClassifier { learning_rate_init: 0.0, ..good.clone() }),
        ("learning_rate_init", MlpClassifier { learning_rate_init: f64::INFINITY, ..good.clone() }),
        ("power_t", MlpClassifier { power_t: -1.0, ..good.clone() }),
        ("max_iter", MlpClassifier { max_iter: 0, ..good.clone() }),
        ("tol", MlpClassifier { tol: f64::NAN, ..good.clone() }),
        ("momentum", MlpClassifier { momentum: 2.0, ..good.clone() }),
        ("beta_1", MlpClassifier { beta_1: 1.0, ..good.clone() }),
        ("beta_2", MlpClassifier { beta_2: -0.1, ..good.clone() }),
        ("epsilon", MlpClassifier { epsilon: 0.0, ..good.clone() }),
        ("n_iter_no_change", MlpClassifier { n_iter_no_change: 0, ..good.clone() }),
    ];
    let samples = digits(2);
    for (name, mlp) in bad {
        let error = mlp.fit(&samples, go).unwrap_err();
        assert!(matches!(error, Error::Parameter { parameter, .. } if parameter == name), "{name}: {error}");
        assert!(error.to_string().starts_with(name) && !error.to_string().contains('\n'), "{error}");
    }
}

#[test]
fn data_that_do_not_fit_are_errors() {
    let x = || array![[0.0, 1.0], [1.0, 0.0]];
    assert_eq!(Samples::new(x(), vec![0], 2), Err(Error::LabelCount { n_samples: 2, n_labels: 1 }));
    let label = Error::LabelOutOfRange { row: 1, label: 2, n_classes: 2 };
    assert_eq!(Samples::new(x(), vec![0, 2], 2), Err(label));
    let missing = Samples::new(array![[0.0, f64::NAN]], vec![0], 2);
    assert_eq!(missing, Err(Error::NotFinite { row: 0, column: 1 }));
    assert!(matches!(Samples::<f64>::new(Array2::zeros((0, 2)), vec![], 2), Err(Error::Empty { .. })));
    let mlp = MlpClassifier { max_iter: 1, ..MlpClassifier::scikit_learn([3]) };
    let one_class = Samples::new(x(), vec![0, 0], 1).unwrap();
    assert_eq!(mlp.fit(&one_class, go).unwrap_err(), Error::ClassCount { expected: 2, classes: 1 });
    let fitted = mlp.fit(&Samples::new(x(), vec![0, 1], 2).unwrap(), go).unwrap();
    let wide = Samples::new(Array2::zeros((1, 3)), vec![0], 2).unwrap();
    assert_eq!(fitted.predict(&wide).unwrap_err(), Error::FeatureCount { inputs: 2, features: 3 });
    let wrong = mlp.initial_parameters(&wide).unwrap();
    let samples = Samples::new(x(), vec![0, 1], 2).unwrap();
    assert!(matches!(mlp.fit_from(&wrong, &samples, go), Err(Error::LayerShape { layer: 0, .. })));
}

#[test]
fn divergence_is_an_error_that_says_when() {
    let mlp = MlpClassifier {
        solver: Solver::Sgd,
        learning_rate_init: 1e30,
        max_iter: 50,
        ..MlpClassifier::scikit_learn([10, 10])
    };
    let mut told = 0;
    let result = mlp.fit(&digits(3), |epoch| {
        told = epoch.epoch;
        ControlFlow::Continue(())
    });
    match result {
        Err(Error::Diverged { epoch, cause }) => {
            assert_eq!((epoch, cause), (told + 1, Divergence::LearningRate));
        }
        other => panic!("{other:?}"),
    }
}

/// The message says what to change, and not always the learning rate.
#[test]
fn divergence_blames_what_is_to_blame() {
    let cause = |mlp: &MlpClassifier, scale: f32| {
        let small = digits(3);
        let features = small.features() * scale;
        let samples = Samples::new(features, small.labels().to_vec(), 3).unwrap();
        let error = mlp.fit(&samples, go).unwrap_err();
        let Error::Diverged { cause, .. } = error else { panic!("{error}") };
        let message = error.to_string();
        assert_eq!(message.contains("learning rate"), cause.to_string().contains("learning rate"));
        assert!(message.ends_with(&cause.to_string()) && !message.contains('\n'), "{message}");
        cause
    };
    let sgd = MlpClassifier { solver: Solver::Sgd, max_iter: 50, ..MlpClassifier::scikit_learn([10]) };
    assert_eq!(cause(&MlpClassifier { alpha: 1e30, ..sgd.clone() }, 1.0), Divergence::Penalty("alpha"));
    let linear = MlpClassifier { hidden_layer_sizes: vec![], ..sgd.clone() };
    assert_eq!(cause(&linear, 1e30), Divergence::Features);
    assert_eq!(
        cause(&MlpClassifier { learning_rate_init: 1e20, ..sgd.clone() }, 1.0),
        Divergence::LearningRate
    );
    assert_eq!(cause(&linear, 3e38), Divergence::Start);
    // A unit that is off for a sample has no gradient there: without memory of squares, the mean is divided
    // by epsilon.
    let forgetful = MlpClassifier {
        epsilon: 1e-45,
        alpha: 0.0,
        beta_2: 0.0,
        batch_size: Some(1),
        max_iter: 500,
        ..MlpClassifier::scikit_learn([10])
    };
    assert_eq!(cause(&forgetful, 1.0), Divergence::Epsilon);
}

/// What is in its range as it is given and not any more in the precision of the training.
#[test]
fn parameters_are_checked_in_the_precision_of_the_training() {
    let good = MlpClassifier { max_iter: 1, ..MlpClassifier::scikit_learn([4]) };
    let bad = [
        ("alpha", MlpClassifier { alpha: 1e39, ..good.clone() }),
        ("learning_rate_init", MlpClassifier { learning_rate_init: 1e-50, ..good.clone() }),
        ("learning_rate_init", MlpClassifier { learning_rate_init: 1e39, ..good.clone() }),
        ("beta_1", MlpClassifier { beta_1: 1.0 - 1e-12, ..good.clone() }),
        ("beta_2", MlpClassifier { beta_2: 1.0 - 1e-12, ..good.clone() }),
        ("epsilon", MlpClassifier { epsilon: 1e-320, ..good.clone() }),
        ("epsilon", MlpClassifier { epsilon: 1e300, ..good.clone() }),
    ];
    let (single, double) =
        (digits(2), Samples::new(digits(2).features().mapv(f64::from), digits(2).labels().to_vec(), 2));
    let double = double.unwrap();
    for (name, mlp) in bad {
        for error in [mlp.validate().unwrap_err(), mlp.fit(&single, go).unwrap_err()] {
            assert!(
                matches!(error, Error::Parameter { parameter, .. } if parameter == name),
                "{name}: {error}"
            );
            assert!(error.to_string().len() < 110, "{error}");
        }
        // In double precision they are what they are.
        assert!(!matches!(mlp.fit(&double, go), Err(Error::Parameter { .. })), "{name}");
    }
    for fraction in [0.0, 1.0, f64::NAN] {
        let mlp = MlpClassifier { validation_fraction: fraction, ..good.clone() };
        assert!(mlp.validate().unwrap_err().to_string().starts_with("validation_fraction"));
    }
}

#[test]
fn a_batch_is_as_large_as_it_was_and_says_so() {
    let samples = digits(2);
    let n = samples.n_samples();
    let mlp = MlpClassifier { max_iter: 1, batch_size: Some(1_000_000), ..MlpClassifier::scikit_learn([4]) };
    assert_eq!(mlp.fit(&samples, go).unwrap().batch_size(), n);
    let stopping = MlpClassifier { early_stopping: true, validation_fraction: 0.25, ..mlp.clone() };
    let left = n - n.div_ceil(4);
    assert_eq!(stopping.fit(&samples, go).unwrap().batch_size(), left);
    assert_eq!(stopping.batch_size_for(left), left);
    let auto = MlpClassifier { batch_size: None, ..mlp };
    assert_eq!(auto.fit(&samples, go).unwrap().batch_size(), 200);
}

#[test]
fn validation_parts_that_cannot_be_are_errors() {
    let mlp = MlpClassifier { early_stopping: true, ..MlpClassifier::scikit_learn([4]) };
    let samples = |labels: &[u32], classes| {
        Samples::<f32>::new(Array2::zeros((labels.len(), 2)), labels.to_vec(), classes).unwrap()
    };
    let refused = |labels: &[u32], classes, said: &str| {
        let error = mlp.fit(&samples(labels, classes), go).unwrap_err();
        assert!(matches!(error, Error::ValidationPart { .. }) && error.to_string().contains(said), "{error}");
    };
    refused(&[0, 1, 0, 1, 0, 1, 0, 1, 0, 1], 2, "at least 2 samples");
    refused(&[0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1], 2, "every class must have at least 2");
    let most = MlpClassifier { validation_fraction: 0.99, ..mlp.clone() };
    let error = most.fit(&samples(&[0, 1, 2, 0], 3), go).unwrap_err();
    assert!(error.to_string().contains("left to train on"), "{error}");
    let error = most.fit(&samples(&[0, 1].repeat(50), 2), go).unwrap_err();
    assert!(error.to_string().contains("sample for each class"), "{error}");
}

/// What is stored under the hash of its description keeps its description.
#[test]
fn descriptions_do_not_change_where_nothing_new_is_used() {
    let text = serde_json::to_string(&MlpClassifier::scikit_learn([4])).unwrap();
    assert!(!text.contains("early_stopping") && !text.contains("validation_fraction"), "{text}");
    let read: MlpClassifier = serde_json::from_str(&text).unwrap();
    assert_eq!(read, MlpClassifier::scikit_learn([4]));
    let stopping = MlpClassifier { early_stopping: true, validation_fraction: 0.2, ..read };
    let text = serde_json::to_string(&stopping).unwrap();
    assert_eq!(serde_json::from_str::<MlpClassifier>(&text).unwrap(), stopping);
}

#[test]
fn defaults_by_size_need_no_name() {
    let shape = |samples| DataShape { features: 5, classes: 3, samples };
    let sizes = [1, 1_999, 2_000, 39_999, 40_000].map(|n| MlpClassifier::for_shape(shape(n), [7]).batch_size);
    assert_eq!(sizes, [32, 32, 64, 64, 128].map(Some));
    let mlp = MlpClassifier::for_shape(digits(3).shape(), [7]);
    mlp.validate().unwrap();
    // But for the batch size, what the paper has for most of its data.
    let paper = MlpClassifier::paper(slt_datasets::paper::PaperName::Blobs, 5, &[100]).unwrap();
    assert_eq!(MlpClassifier { hidden_layer_sizes: vec![100], batch_size: Some(64), ..mlp }, paper);
}

#[test]
fn observers_stop_and_reasons_are_given() {
    let samples = digits(2);
    let mlp = MlpClassifier { max_iter: 6, ..MlpClassifier::scikit_learn([5]) };
    let all = mlp.fit(&samples, go).unwrap();
    assert_eq!((all.n_iter(), all.stop()), (6, MlpStop::MaxIter));
    let third = |epoch: &slt_baselines::MlpEpoch| match epoch.epoch {
        3 => ControlFlow::Break(()),
        _ => ControlFlow::Continue(()),
    };
    let some = mlp.fit(&samples, third).unwrap();
    assert_eq!((some.n_iter(), some.stop()), (3, MlpStop::Observer));
    assert_eq!(some.loss_curve(), &all.loss_curve()[..3]);
    // Nothing improves by 1,000: the count passes 2 after the fourth epoch.
    let picky = MlpClassifier { tol: 1e3, n_iter_no_change: 2, ..mlp };
    let picky = picky.fit(&samples, go).unwrap();
    assert_eq!((picky.n_iter(), picky.stop()), (4, MlpStop::Converged));
}

#[test]
fn batches_and_network_shapes_of_every_kind_agree_with_a_single_batch() {
    // Without shuffling, the first epoch of one whole batch has the loss of the initial network, whatever the
    // sizes.
    let samples = digits(3);
    for hidden in [vec![], vec![1], vec![3], vec![7, 5], vec![9, 2, 6]] {
        let of = |batch_size| {
            let mlp = MlpClassifier {
                solver: Solver::Sgd,
                learning_rate_init: 1e-30,
                alpha: 0.0,
                shuffle: false,
                batch_size: Some(batch_size),
                max_iter: 1,
                ..MlpClassifier::scikit_learn(hidden.clone())
            };
            mlp.fit(&samples, go).unwrap().loss_curve()[0]
        };
        let whole = of(samples.n_samples());
        for batch_size in [1, 31, 32, 33, 64, 65, 100_000] {
            assert!((of(batch_size) - whole).abs() < 1e-6 * whole, "{hidden:?} {batch_size}");
        }
    }
}

#[test]
fn probabilities_are_probabilities() {
    for classes in [2, 3] {
        let samples = digits(classes);
        let fitted =
            MlpClassifier { max_iter: 3, ..MlpClassifier::scikit_learn([6]) }.fit(&samples, go).unwrap();
        let proba = fitted.predict_proba(&samples).unwrap();
        assert_eq!(proba.dim(), (samples.n_samples(), classes as usize));
        for (row, class) in proba.rows().into_iter().zip(fitted.predict(&samples).unwrap()) {
            assert!((row.sum() - 1.0).abs() < 1e-5);
            assert!(row.iter().all(|&p| p <= row[class as usize] && p >= 0.0));
        }
    }
}

/// The bits of a run: a change of the arithmetic or of the random numbers shows here.
#[test]
fn value_stability() {
    let samples = digits(3);
    let sgd = MlpClassifier {
        solver: Solver::Sgd,
        learning_rate: LearningRate::InvScaling,
        learning_rate_init: 0.1,
        max_iter: 2,
        ..MlpClassifier::scikit_learn([6])
    };
    let adam = MlpClassifier { solver: Solver::Adam, learning_rate_init: 0.01, ..sgd.clone() };
    let pinned = [sgd, adam].map(|mlp| {
        let fitted = mlp.fit(&samples, go).unwrap();
        let bits =
            fitted.coefs().iter().flatten().fold(0_u64, |h, w| h.rotate_left(5) ^ u64::from(w.to_bits()));
        (fitted.loss_curve()[1].to_bits(), bits)
    });
    assert_eq!(
        pinned,
        [
            (4_606_719_278_244_076_511, 369_436_721_845_787_469),
            (4_606_269_723_611_651_182, 13_312_501_570_089_848_201)
        ]
    );
}
