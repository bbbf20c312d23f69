//! Data sets: scikit-learn's, and the paper's.

use ndarray::Array2;
use numpy::{IntoPyArray, PyArray1, PyArray2};
use pyo3::prelude::*;
use slt_datasets::blobs::{Blobs, Centers, Counts as OfBlobs, Deviation};
use slt_datasets::circles::{Circles, Counts};
use slt_datasets::moons::Moons;
use slt_datasets::paper::PaperData;
use slt_datasets::{Dataset, Raw};

use crate::array::value_error;

/// Features and labels.
type Arrays<'py, F> = (Bound<'py, PyArray2<F>>, Bound<'py, PyArray1<i64>>);

fn labels<'py>(py: Python<'py>, labels: &[u32]) -> Bound<'py, PyArray1<i64>> {
    labels.iter().map(|&label| i64::from(label)).collect::<Vec<i64>>().into_pyarray(py)
}

fn arrays<'py>(py: Python<'py>, raw: Result<Raw, slt_datasets::Error>) -> PyResult<Arrays<'py, f64>> {
    let raw = raw.map_err(value_error)?;
    Ok((raw.features.into_pyarray(py), labels(py, &raw.labels)))
}

#[pyfunction]
pub(crate) fn moons(
    py: Python<'_>,
    n_samples: usize,
    noise: Option<f64>,
    shuffle: bool,
    seed: u32,
) -> PyResult<Arrays<'_, f64>> {
    let moons = Moons { samples: Counts::Total(n_samples), noise, shuffle, seed };
    arrays(py, py.detach(|| moons.generate()))
}

#[pyfunction]
pub(crate) fn circles(
    py: Python<'_>,
    n_samples: usize,
    noise: Option<f64>,
    factor: f64,
    shuffle: bool,
    seed: u32,
) -> PyResult<Arrays<'_, f64>> {
    let circles = Circles { samples: Counts::Total(n_samples), noise, factor, shuffle, seed };
    arrays(py, py.detach(|| circles.generate()))
}

#[pyfunction]
pub(crate) fn blobs(
    py: Python<'_>,
    n_samples: usize,
    n_features: usize,
    centers: usize,
    cluster_std: f64,
    shuffle: bool,
    seed: u32,
) -> PyResult<Arrays<'_, f64>> {
    let blobs = Blobs {
        samples: OfBlobs::Total(n_samples),
        n_features,
        centers: Some(Centers::Count(centers)),
        cluster_std: Deviation::Common(cluster_std),
        shuffle,
        seed,
        ..Blobs::default()
    };
    arrays(py, py.detach(|| blobs.generate().map(|blobs| blobs.raw)))
}

#[pyfunction]
pub(crate) fn digits(py: Python<'_>) -> PyResult<Arrays<'_, f64>> {
    arrays(py, Ok(slt_datasets::digits::raw()))
}

/// A data set of the paper: training and test part.
#[pyfunction]
pub(crate) fn paper<'py>(
    py: Python<'py>,
    name: &str,
    n_classes: Option<u32>,
) -> PyResult<(Arrays<'py, f32>, Arrays<'py, f32>)> {
    let data: PaperData = name.parse().map_err(value_error)?;
    let data = PaperData { classes: n_classes, ..data };
    let split = py.detach(|| data.load()).map_err(value_error)?;
    let part = |data: &Dataset| -> Arrays<'py, f32> {
        let features: Array2<f32> = data.features().clone();
        (features.into_pyarray(py), labels(py, data.labels()))
    };
    Ok((part(&split.train), part(&split.test)))
}
