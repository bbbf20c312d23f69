//! Tickets by gradient descent on scores: what `slt edge-popup` does.

use pyo3::prelude::*;
use pyo3::types::PyDict;
use slt_baselines::{EdgePopup, EdgePopupConfig, EdgePopupEpoch, EdgePopupSchedule, Samples as Single};
use slt_mlp::Network;

use crate::array::value_error;
use crate::fit::{self, Drawn, Owned, Samples};
use crate::ticket::Ticket;
use crate::wait::{Between, Reached, wait};

/// What is asked for.
#[derive(FromPyObject)]
pub(crate) struct Asked {
    #[pyo3(item)]
    keep: f64,
    #[pyo3(item)]
    epochs: usize,
    /// By the number of samples, if it is left open.
    #[pyo3(item)]
    batch_size: Option<usize>,
    #[pyo3(item)]
    learning_rate: f64,
    #[pyo3(item)]
    momentum: f64,
    #[pyo3(item)]
    weight_decay: f64,
    #[pyo3(item)]
    schedule: String,
}

/// Finds a ticket by edge-popup on all samples: the mask of the last epoch. Returns it, and what there is to
/// tell.
#[pyfunction]
pub(crate) fn edge_popup<'py>(
    py: Python<'py>,
    samples: Samples<'py>,
    network: Drawn,
    asked: Asked,
    progress: Option<Bound<'py, PyAny>>,
) -> PyResult<(Ticket, Bound<'py, PyDict>)> {
    let samples = samples.to_owned(py)?;
    let found = wait(py, 1, progress.as_ref(), move |between| find(samples, &network, &asked, between))?;
    let (ticket, epochs) = found?;
    let info = PyDict::new(py);
    info.set_item("epochs", epochs.len())?;
    info.set_item("loss_curve", epochs.iter().map(|epoch| epoch.train_loss).collect::<Vec<f64>>())?;
    Ok((Ticket(ticket), info))
}

/// The ticket of the last epoch, and a record of each.
fn find(
    samples: Owned,
    drawn: &Drawn,
    asked: &Asked,
    between: &Between,
) -> PyResult<(slt_mlp::Ticket, Vec<EdgePopupEpoch>)> {
    let loaded = samples.load()?;
    let shape = loaded.source.shape().map_err(value_error)?;
    let schedule = match asked.schedule.as_str() {
        "cosine" => EdgePopupSchedule::Cosine,
        "constant" => EdgePopupSchedule::Constant,
        other => {
            return Err(value_error(format_args!("schedule is {other:?}: it must be cosine or constant")));
        }
    };
    let config = EdgePopupConfig {
        keep: asked.keep,
        epochs: asked.epochs,
        batch_size: asked.batch_size.unwrap_or(EdgePopupConfig::for_shape(shape).batch_size),
        learning_rate: asked.learning_rate,
        momentum: asked.momentum,
        weight_decay: asked.weight_decay,
        schedule,
    };
    config.validate().map_err(value_error)?;
    let (recipe, seed) = (drawn.recipe(&loaded.source)?, drawn.seed());
    let network = Network::from_recipe(recipe).map_err(value_error)?;
    let (train, test) = (Single::<f32>::from(&loaded.split.train), Single::from(&loaded.split.test));
    let task = EdgePopup::<f32>::new(&network, &train, &test, config).map_err(value_error)?;
    let mut training = task.start(seed);
    while training.stop().is_none() && !between.has_to_stop() {
        let epoch = training.step().map_err(value_error)?;
        between.tell(Reached {
            done: Some(epoch.epoch as f64 / config.epochs as f64),
            steps: epoch.epoch as u64,
            best: epoch.test_accuracy,
            sparsity: 1.0 - config.keep,
        });
    }
    let outcome = training.outcome();
    let details = [
        ("network seed", seed.to_string()),
        ("search seed", seed.to_string()),
        ("keep", config.keep.to_string()),
        ("epochs", config.epochs.to_string()),
        // The samples that are tested on are those that are trained on.
        ("train accuracy", outcome.last.test_accuracy.to_string()),
    ];
    let ticket = slt_mlp::Ticket::new(network.clone(), outcome.last.mask).map_err(value_error)?;
    let ticket = fit::finished(&loaded, ticket, "edge-popup", details)?;
    Ok((ticket, outcome.history))
}
