//! Checkpoints of trainings.

use std::sync::LazyLock;
use std::{fs, io};

use ndarray::Array2;
use slt_baselines::{
    EdgePopup, EdgePopupCheckpoint, EdgePopupConfig, Error, MlpCheckpoint, MlpClassifier, MlpTraining,
    Samples,
};
use slt_core::Seed;
use slt_mlp::{Architecture, Initializer, Network};

use super::{envelope_of, envelope_parts, envelope_sealed};
use crate::{Format, Reached};

/// Of edge-popup. What is accepted goes on for an epoch.
pub const EDGE_POPUP: Format = Format {
    name: "edge-popup-checkpoint",
    parts: envelope_parts,
    join: envelope_of,
    seal: envelope_sealed,
    read: read_edge_popup,
};

/// Of trainings of MLPs. What is accepted goes on for an epoch.
pub const MLP: Format = Format {
    name: "mlp-checkpoint",
    parts: envelope_parts,
    join: envelope_of,
    seal: envelope_sealed,
    read: read_mlp,
};

static SAMPLES: LazyLock<Samples<f32>> = LazyLock::new(|| {
    let features =
        Array2::from_shape_fn((40, 3), |(row, column)| ((row * 7 + column * 5) % 11) as f32 / 11.0);
    let labels = (0..40).map(|row| (row * 7 % 11) / 6).collect();
    Samples::new(features, labels, 2).expect("samples of two classes")
});

static TASK: LazyLock<EdgePopup<f32>> = LazyLock::new(|| {
    let architecture = Architecture::new([3, 5, 2]).expect("a network of three layers");
    let network = Network::random(&architecture, Initializer::paper(), Seed(1)).expect("a usual network");
    let config = EdgePopupConfig { epochs: 9, batch_size: 16, ..EdgePopupConfig::for_shape(SAMPLES.shape()) };
    EdgePopup::new(&network, &SAMPLES, &SAMPLES, config).expect("they fit together")
});

fn classifier(early_stopping: bool) -> MlpClassifier {
    let validation_fraction = 0.2;
    MlpClassifier { max_iter: 9, early_stopping, validation_fraction, ..MlpClassifier::scikit_learn([4]) }
}

/// What is refused, where only the envelope is outside.
fn refused(error: &Error) -> Reached {
    let _ = error.to_string();
    if matches!(error, Error::CheckpointSeal(_)) { Reached::Outside } else { Reached::Inside }
}

fn read_edge_popup(bytes: &[u8]) -> Reached {
    let checkpoint = match EdgePopupCheckpoint::<f32>::from_bytes(bytes) {
        Ok(checkpoint) => checkpoint,
        Err(error) => return refused(&error),
    };
    let again = EdgePopupCheckpoint::<f32>::from_bytes(&checkpoint.to_bytes());
    assert_eq!(again.expect("it was written by this program").history().len(), checkpoint.history().len());
    let mut training = match TASK.resume(Some(Seed(1)), checkpoint) {
        Ok(training) => training,
        Err(error) => return refused(&error),
    };
    if training.stop().is_none() {
        let _ = training.step();
    }
    let _ = training.checkpoint().to_bytes();
    Reached::Accepted
}

fn read_mlp(bytes: &[u8]) -> Reached {
    let checkpoint = match MlpCheckpoint::<f32>::from_bytes(bytes) {
        Ok(checkpoint) => checkpoint,
        Err(error) => return refused(&error),
    };
    let again = MlpCheckpoint::<f32>::from_bytes(&checkpoint.to_bytes());
    assert_eq!(again.expect("it was written by this program").n_iter(), checkpoint.n_iter());
    let classifier = classifier(checkpoint.classifier().early_stopping);
    let mut training = match MlpTraining::resume(&classifier, &SAMPLES, checkpoint) {
        Ok(training) => training,
        Err(error) => return refused(&error),
    };
    if training.stop().is_none() {
        let _ = training.step();
    }
    let _ = training.checkpoint().to_bytes();
    let _ = training.fitted();
    Reached::Accepted
}

/// Writes checkpoints after no epoch and after two.
///
/// # Errors
/// If a file cannot be written.
pub fn write_corpus() -> io::Result<()> {
    let mut popup = TASK.start(Seed(1));
    for epoch in 0..3 {
        if epoch != 1 {
            fs::write(
                EDGE_POPUP.folder().join(format!("epoch-{epoch}.ckpt")),
                popup.checkpoint().to_bytes(),
            )?;
        }
        popup.step().map_err(io::Error::other)?;
    }
    for (early_stopping, name) in [(false, "plain"), (true, "early-stopping")] {
        let classifier = classifier(early_stopping);
        let mut training = MlpTraining::start(&classifier, &SAMPLES).map_err(io::Error::other)?;
        for _ in 0..2 {
            training.step().map_err(io::Error::other)?;
        }
        fs::write(MLP.folder().join(format!("{name}.ckpt")), training.checkpoint().to_bytes())?;
    }
    Ok(())
}
