//! What every fit begins and ends with: data, a random network, a ticket.

use ndarray::Array2;
use numpy::{PyReadonlyArray1, PyReadonlyArray2};
use pyo3::prelude::*;
use slt_core::Seed;
use slt_datasets::scaling::ScalerKind;
use slt_mlp::{Architecture, BiasInit, Initializer, Provenance, Recipe, WeightInit};
use slt_run::{ArrayOptions, DataSource, Loaded};

use crate::array::value_error;

/// Samples, and what they are called.
#[derive(FromPyObject)]
pub(crate) struct Samples<'py> {
    #[pyo3(item)]
    features: PyReadonlyArray2<'py, f32>,
    #[pyo3(item)]
    labels: PyReadonlyArray1<'py, i64>,
    #[pyo3(item)]
    columns: Option<Vec<String>>,
    #[pyo3(item)]
    classes: Option<Vec<String>>,
    #[pyo3(item)]
    scaling: String,
}

/// A random network, and the seed of the search.
#[derive(FromPyObject)]
pub(crate) struct Drawn {
    #[pyo3(item)]
    hidden: Vec<usize>,
    #[pyo3(item)]
    weights: String,
    #[pyo3(item)]
    biases: String,
    #[pyo3(item)]
    keep: f64,
    #[pyo3(item)]
    seed: u64,
}

/// The same, owned.
pub(crate) struct Owned {
    features: Array2<f32>,
    labels: Vec<i64>,
    options: ArrayOptions,
}

impl Samples<'_> {
    /// A copy, which is all that a search needs of Python.
    pub(crate) fn to_owned(&self, py: Python<'_>) -> PyResult<Owned> {
        let options = ArrayOptions {
            columns: self.columns.clone(),
            classes: self.classes.clone(),
            scaling: scaler(&self.scaling)?,
        };
        let (features, labels) = (self.features.as_array(), self.labels.as_array());
        let (features, labels) = py.detach(|| (features.to_owned(), labels.to_vec()));
        Ok(Owned { features, labels, options })
    }
}

impl Owned {
    /// The data, all of them to search on.
    pub(crate) fn load(self) -> PyResult<Loaded> {
        Loaded::arrays(self.features, self.labels, self.options).map_err(value_error)
    }
}

impl Drawn {
    /// What the network for the data is drawn from.
    pub(crate) fn recipe(&self, data: &DataSource) -> PyResult<Recipe> {
        let shape = data.shape().map_err(value_error)?;
        let sizes = [&[shape.features], &self.hidden[..], &[shape.classes]].concat();
        let architecture = Architecture::new(sizes).map_err(value_error)?;
        let keep = self.keep;
        let weights = match self.weights.as_str() {
            "uniform" => WeightInit::Uniform,
            "kaiming-normal" => WeightInit::KaimingNormal { keep },
            "signed-constant" => WeightInit::SignedConstant { keep },
            other => return Err(unknown("weights", other, "uniform, kaiming-normal or signed-constant")),
        };
        let biases = match self.biases.as_str() {
            "uniform" => BiasInit::Uniform,
            "zero" => BiasInit::Zero,
            "fan-in" => BiasInit::FanIn,
            other => return Err(unknown("biases", other, "uniform, zero or fan-in")),
        };
        let initializer = Initializer { weights, biases }.validate().map_err(value_error)?;
        Ok(Recipe { architecture, initializer, seed: self.seed() })
    }

    /// The seed, as on the command line one for network and search.
    pub(crate) fn seed(&self) -> Seed {
        Seed(self.seed)
    }
}

/// A ticket that was found, with all that predictions need.
pub(crate) fn finished(
    loaded: &Loaded,
    ticket: slt_mlp::Ticket,
    algorithm: &str,
    details: impl IntoIterator<Item = (&'static str, String)>,
) -> PyResult<slt_mlp::Ticket> {
    let version = ("slt version", env!("CARGO_PKG_VERSION").to_owned());
    let details = details.into_iter().chain([version]).map(|(key, value)| (key.to_owned(), value));
    let provenance = Provenance {
        data: loaded.split.train.name().to_owned(),
        algorithm: algorithm.to_owned(),
        details: details.collect(),
    };
    loaded.keep_in(ticket.with_provenance(provenance)).map_err(value_error)
}

/// The scaler of a name on the command line.
fn scaler(name: &str) -> PyResult<Option<ScalerKind>> {
    Ok(Some(match name {
        "standard" => ScalerKind::Standard,
        "minmax" => ScalerKind::MinMaxGlobal,
        "per-feature" => ScalerKind::MinMaxPerFeature,
        "max-abs" => ScalerKind::MaxAbsGlobal,
        "none" => return Ok(None),
        other => return Err(unknown("scaling", other, "standard, minmax, per-feature, max-abs or none")),
    }))
}

fn unknown(what: &str, given: &str, known: &str) -> PyErr {
    value_error(format_args!("{what} is {given:?}: it must be {known}"))
}
