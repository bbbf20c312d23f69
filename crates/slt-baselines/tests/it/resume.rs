//! A checkpoint of any epoch leads to the same end, bit for bit; what is not a checkpoint of this training is
//! refused.

use std::ops::ControlFlow;

use ndarray::Array2;
use proptest::prelude::*;
use slt_baselines::{
    EdgePopup, EdgePopupCheckpoint, EdgePopupConfig, EdgePopupSchedule, EdgePopupStop, Error, LearningRate,
    MlpCheckpoint, MlpClassifier, MlpStop, MlpTraining, Samples, Scalar, Solver,
};
use slt_core::Seed;
use slt_core::canonical::fingerprint;
use slt_core::seal::SealError;
use slt_mlp::{Architecture, Initializer, Network};

/// Two or three overlapping clusters of a few dozen points.
fn samples<T: Scalar>(n: usize, classes: u32, seed: u64) -> Samples<T> {
    let unit = |i: usize| (fingerprint([seed, i as u64, 77]) >> 40) as f64 / (1_u64 << 24) as f64;
    let x = Array2::from_shape_fn((n, 2), |(row, column)| {
        let class = (row % classes as usize) as f64;
        T::of(unit(2 * row + column) + 0.4 * class * (column as f64 - 0.3))
    });
    Samples::new(x, (0..n as u32).map(|row| row % classes).collect(), classes as usize).unwrap()
}

fn classifier() -> impl Strategy<Value = MlpClassifier> {
    let rule = (any::<bool>(), 0..3_u8, any::<bool>(), 0.0..1.0, 0.001..0.2);
    let end = (1..14_usize, 0.0..0.02, 1..4_usize, any::<bool>());
    let batches = (any::<bool>(), 1..50_usize, 0.08..0.4, any::<u32>());
    let hidden = prop::collection::vec(1..6_usize, 0..3);
    (hidden, rule, end, batches).prop_map(|(hidden, rule, end, batches)| {
        let (adam, schedule, nesterov, momentum, rate) = rule;
        let (max_iter, tol, n_iter_no_change, early_stopping) = end;
        let (shuffle, batch_size, validation_fraction, random_state) = batches;
        MlpClassifier {
            solver: if adam { Solver::Adam } else { Solver::Sgd },
            learning_rate: [LearningRate::Constant, LearningRate::InvScaling, LearningRate::Adaptive]
                [schedule as usize],
            nesterovs_momentum: nesterov,
            momentum,
            learning_rate_init: rate,
            max_iter,
            tol,
            n_iter_no_change,
            early_stopping,
            shuffle,
            batch_size: Some(batch_size),
            validation_fraction,
            random_state,
            ..MlpClassifier::scikit_learn(hidden)
        }
    })
}

fn same_end<T: Scalar>(mlp: &MlpClassifier, samples: &Samples<T>, warm: bool) -> Result<(), TestCaseError> {
    let first = mlp.fit(samples, |_| ControlFlow::Continue(())).unwrap();
    let start = || match warm {
        true => MlpTraining::warm_start(mlp, &first, samples).unwrap(),
        false => MlpTraining::start(mlp, samples).unwrap(),
    };
    let mut epochs = Vec::new();
    let whole = start().run(|epoch| {
        epochs.push(epoch.clone());
        ControlFlow::Continue(())
    });
    let whole = whole.unwrap();
    prop_assert_eq!(whole.n_iter(), epochs.len());
    prop_assert!(warm || whole == first);
    let mut training = start();
    for done in 0..=epochs.len() {
        let bytes = training.checkpoint().to_bytes();
        let checkpoint = MlpCheckpoint::<T>::from_bytes(&bytes).unwrap();
        prop_assert_eq!(checkpoint.n_iter(), done);
        prop_assert_eq!(&checkpoint.to_bytes(), &bytes);
        let mut rest = Vec::new();
        let resumed = MlpTraining::resume(mlp, samples, checkpoint).unwrap().run(|epoch| {
            rest.push(epoch.clone());
            ControlFlow::Continue(())
        });
        prop_assert_eq!(&resumed.unwrap(), &whole);
        prop_assert_eq!(&rest[..], &epochs[done..]);
        if done < epochs.len() {
            prop_assert_eq!(&training.step().unwrap(), &epochs[done]);
        }
    }
    prop_assert_eq!(training.fitted(), whole);
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(80))]

    #[test]
    fn trainings_resume_to_the_same_bits(
        mlp in classifier(), classes in 2..4_u32, n in 26..70_usize, seed: u64, warm: bool, single: bool,
    ) {
        if single {
            same_end::<f32>(&mlp, &samples(n, classes, seed), warm)?;
        } else {
            same_end::<f64>(&mlp, &samples(n, classes, seed), warm)?;
        }
    }

    #[test]
    fn a_raised_limit_is_what_a_longer_training_is(mlp in classifier(), more in 1..10_usize, seed: u64) {
        let data = samples::<f32>(40, 2, seed);
        let mut short = MlpTraining::start(&mlp, &data).unwrap();
        while short.stop().is_none() {
            short.step().unwrap();
        }
        let longer = MlpClassifier { max_iter: mlp.max_iter + more, ..mlp };
        let resumed = MlpTraining::resume(&longer, &data, short.checkpoint()).unwrap();
        let on = |_: &_| ControlFlow::Continue(());
        prop_assert_eq!(resumed.run(on).unwrap(), longer.fit(&data, on).unwrap());
    }

    #[test]
    fn edge_popup_resumes_to_the_same_bits(
        keep in 0.1..1.0_f64, epochs in 1..8_usize, batch_size in 1..60_usize, momentum in 0.0..0.95_f64,
        rate in 0.01..0.5_f64, constant: bool, seed: u64, given: bool,
    ) {
        let schedule = if constant { EdgePopupSchedule::Constant } else { EdgePopupSchedule::Cosine };
        let (train, test) = (samples::<f32>(50, 3, seed), samples::<f32>(20, 3, !seed));
        let config = EdgePopupConfig {
            keep, epochs, batch_size, momentum, learning_rate: rate, schedule,
            ..EdgePopupConfig::for_shape(train.shape())
        };
        let network = Network::random(&Architecture::new([2, 7, 5, 3]).unwrap(), Initializer::paper(), Seed(seed));
        let network = network.unwrap();
        let task = EdgePopup::new(&network, &train, &test, config).unwrap();
        let scores = task.initial_scores(Seed(3));
        let start = || if given { task.start_from(&scores).unwrap() } else { task.start(Seed(3)) };
        let seed = (!given).then_some(Seed(3));
        let on = |_: &_, _: &_| ControlFlow::Continue(());
        let whole = start().run(on).unwrap();
        prop_assert_eq!(whole.batch_size, batch_size.min(50));
        let mut run = start();
        for done in 0..=epochs {
            let bytes = run.checkpoint().to_bytes();
            let checkpoint = EdgePopupCheckpoint::<f32>::from_bytes(&bytes).unwrap();
            prop_assert_eq!(checkpoint.history(), &whole.history[..done]);
            prop_assert_eq!(&checkpoint.to_bytes(), &bytes);
            let resumed = task.resume(seed, checkpoint).unwrap();
            prop_assert_eq!(resumed.mask(), run.mask());
            prop_assert_eq!(&resumed.run(on).unwrap(), &whole);
            if done < epochs {
                prop_assert_eq!(run.step().unwrap(), whole.history[done]);
            }
        }
        prop_assert_eq!(run.step(), Err(Error::NoEpochsLeft { epochs }));
        prop_assert_eq!(run.stop(), Some(EdgePopupStop::Epochs));
        prop_assert_eq!(run.outcome(), whole);
    }

    #[test]
    fn damaged_bytes_are_refused_and_never_panic(at: prop::sample::Index, flip in 1..=255_u8, cut: prop::sample::Index) {
        let mlp = MlpClassifier { max_iter: 2, ..MlpClassifier::scikit_learn([3]) };
        let data = samples::<f32>(30, 2, 1);
        let bytes = MlpTraining::start(&mlp, &data).unwrap().checkpoint().to_bytes();
        let mut damaged = bytes.clone();
        damaged[at.index(bytes.len())] ^= flip;
        prop_assert!(MlpCheckpoint::<f32>::from_bytes(&damaged).is_err());
        prop_assert!(MlpCheckpoint::<f32>::from_bytes(&bytes[..cut.index(bytes.len())]).is_err());
    }
}

#[test]
fn another_training_is_refused_by_the_name_of_what_differs() {
    let mlp = MlpClassifier { max_iter: 5, ..MlpClassifier::scikit_learn([3]) };
    let data = samples::<f32>(30, 2, 1);
    let mut training = MlpTraining::start(&mlp, &data).unwrap();
    for _ in 0..3 {
        training.step().unwrap();
    }
    let refused = |mlp: &MlpClassifier, data: &Samples<f32>| {
        MlpTraining::resume(mlp, data, training.checkpoint()).unwrap_err().to_string()
    };
    let other = MlpClassifier { alpha: 0.5, ..mlp.clone() };
    assert_eq!(refused(&other, &data), "the checkpoint was taken with classifier.alpha = 0.0001, not 0.5");
    let other = MlpClassifier { early_stopping: true, ..mlp.clone() };
    assert!(refused(&other, &data).contains("classifier.early_stopping"));
    let other = MlpClassifier { random_state: 9, ..mlp.clone() };
    assert!(refused(&other, &data).contains("classifier.random_state = 0, not 9"));
    assert!(refused(&mlp, &samples(30, 2, 2)).contains("data.fingerprint"));
    assert!(refused(&mlp, &samples(31, 2, 1)).contains("data.n_samples = 30, not 31"));
    assert!(refused(&mlp, &samples(30, 3, 1)).contains("data.n_classes = 2, not 3"));
    let shorter = MlpClassifier { max_iter: 2, ..mlp.clone() };
    let beyond = Error::ResumeBeyond { parameter: "max_iter", epoch: 3, limit: 2 };
    assert_eq!(MlpTraining::resume(&shorter, &data, training.checkpoint()).unwrap_err(), beyond);
    let exact = MlpClassifier { max_iter: 3, ..mlp.clone() };
    let over = MlpTraining::resume(&exact, &data, training.checkpoint()).unwrap();
    assert_eq!(over.stop(), Some(MlpStop::MaxIter));
    let fitted = over.fitted();
    let stopped = MlpClassifier { early_stopping: true, ..mlp };
    let error = MlpTraining::warm_start(&stopped, &fitted, &data).unwrap_err();
    assert_eq!(error, Error::EarlyStopping { before: false });
}

#[test]
fn another_number_of_epochs_is_refused_only_where_it_changes_the_past() {
    let (train, test) = (samples::<f32>(50, 3, 1), samples::<f32>(20, 3, 2));
    let network =
        Network::random(&Architecture::new([2, 6, 3]).unwrap(), Initializer::paper(), Seed(1)).unwrap();
    let task = |epochs, schedule| {
        let config = EdgePopupConfig { epochs, schedule, ..EdgePopupConfig::for_shape(train.shape()) };
        EdgePopup::new(&network, &train, &test, config).unwrap()
    };
    let on = |_: &_, _: &_| ControlFlow::Continue(());
    // At a constant rate the limit is only that.
    let (short, long) = (task(4, EdgePopupSchedule::Constant), task(7, EdgePopupSchedule::Constant));
    let mut run = short.start(Seed(1));
    while run.stop().is_none() {
        run.step().unwrap();
    }
    let resumed = long.resume(Some(Seed(1)), run.checkpoint()).unwrap().run(on).unwrap();
    assert_eq!(resumed, long.run(Seed(1), on).unwrap());
    let beyond = task(3, EdgePopupSchedule::Constant).resume(Some(Seed(1)), run.checkpoint()).unwrap_err();
    assert_eq!(beyond, Error::ResumeBeyond { parameter: "epochs", epoch: 4, limit: 3 });
    let seed = long.resume(Some(Seed(2)), run.checkpoint()).unwrap_err();
    assert_eq!(seed.to_string(), "the checkpoint was taken with seed = 1, not 2");
    // Along a cosine the first epoch has the same rate, the second one has not.
    let (short, long) = (task(4, EdgePopupSchedule::Cosine), task(7, EdgePopupSchedule::Cosine));
    let mut run = short.start(Seed(1));
    run.step().unwrap();
    let resumed = long.resume(Some(Seed(1)), run.checkpoint()).unwrap().run(on).unwrap();
    assert_eq!(resumed, long.run(Seed(1), on).unwrap());
    run.step().unwrap();
    let refused = long.resume(Some(Seed(1)), run.checkpoint()).unwrap_err();
    assert_eq!(refused, Error::ResumeSchedule { planned: 4, epoch: 2, given: 7, differs: 2 });
    let other = EdgePopupConfig { keep: 0.25, epochs: 4, ..EdgePopupConfig::for_shape(train.shape()) };
    let other = EdgePopup::new(&network, &train, &test, other).unwrap();
    let error = other.resume(Some(Seed(1)), run.checkpoint()).unwrap_err();
    assert_eq!(error.to_string(), "the checkpoint was taken with config.keep = 0.5, not 0.25");
    let swapped = EdgePopup::new(
        &network,
        &test,
        &train,
        EdgePopupConfig { batch_size: 12, ..*run.checkpoint().config() },
    );
    assert!(
        swapped
            .unwrap()
            .resume(Some(Seed(1)), run.checkpoint())
            .unwrap_err()
            .to_string()
            .contains("fingerprint")
    );
}

/// Every part of a checkpoint that contradicts another is noticed.
#[test]
fn contradictions_are_refused() {
    let mlp = MlpClassifier { max_iter: 5, early_stopping: true, ..MlpClassifier::scikit_learn([3]) };
    let data = samples::<f32>(30, 2, 1);
    let mut training = MlpTraining::start(&mlp, &data).unwrap();
    training.step().unwrap();
    let good = serde_json::to_value(training.checkpoint()).unwrap();
    let read = |value| serde_json::from_value::<MlpCheckpoint<f32>>(value);
    assert_eq!(read(good.clone()).unwrap(), training.checkpoint());
    let nan = "AADAfw==".to_owned(); // one NaN in single precision
    let bad = [
        ("precision", serde_json::json!("f64"), "precision"),
        ("sizes", serde_json::json!([2, 4, 1]), "layers"),
        ("sizes", serde_json::json!([usize::MAX, 3, 1]), "parameters"),
        ("sizes", serde_json::json!([]), "layers"),
        ("n_classes", serde_json::json!(3), "outputs"),
        ("n_samples", serde_json::json!(29), "rows"),
        ("loss_curve", serde_json::json!([]), "scores"),
        ("validation_scores", serde_json::json!([1.5]), "scores"),
        ("no_improvement_count", serde_json::json!(7), "without improvement"),
        ("earlier", serde_json::json!(2), "earlier"),
        ("seen_earlier", serde_json::json!(u64::MAX), "counted"),
        ("rate", serde_json::json!(-1.0), "learning rate"),
        ("steps", serde_json::json!(2), "updates"),
        ("random_key", serde_json::json!("AAAAAA=="), "Mersenne"),
        ("random_position", serde_json::json!(625), "Mersenne"),
        ("order", serde_json::json!("AAAAAA=="), "rows"),
        ("parameters", serde_json::json!(nan), "parameters"),
        ("moments", serde_json::json!([]), "moments"),
        ("best", serde_json::Value::Null, "best"),
    ];
    for (field, value, said) in bad {
        let mut content = good.clone();
        content[field] = value;
        let error = read(content).unwrap_err().to_string();
        assert!(error.contains(said), "{field}: {error}");
    }
    let other = EdgePopupCheckpoint::<f32>::from_bytes(&training.checkpoint().to_bytes()).unwrap_err();
    assert!(matches!(other, Error::CheckpointSeal(SealError::Magic { .. })), "{other}");
    let double = MlpCheckpoint::<f64>::from_bytes(&training.checkpoint().to_bytes()).unwrap_err();
    assert!(double.to_string().contains("precision"), "{double}");
}

#[test]
fn a_large_network_is_a_file_of_a_few_megabytes() {
    let x = Array2::from_shape_fn((60, 784), |(i, j)| ((i * j) % 17) as f32 / 17.0);
    let data = Samples::new(x, (0..60).map(|i| i % 10).collect(), 10).unwrap();
    let mlp = MlpClassifier { max_iter: 1, ..MlpClassifier::scikit_learn([300, 100]) };
    let mut training = MlpTraining::start(&mlp, &data).unwrap();
    training.step().unwrap();
    let bytes = training.checkpoint().to_bytes();
    assert!(bytes.len() < 4_400_000, "{}", bytes.len());
    assert_eq!(MlpCheckpoint::from_bytes(&bytes).unwrap(), training.checkpoint());
}
