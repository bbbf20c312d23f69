//! Tickets.

use std::path::{Path, PathBuf};

use ndarray::{Array2, ArrayView2, Axis};
use numpy::{IntoPyArray, PyArray1, PyArray2, PyReadonlyArray2};
use pyo3::IntoPyObjectExt;
use pyo3::exceptions::PyOSError;
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyDict, PyTuple};
use rayon::prelude::*;
use slt_core::BitMask;
use slt_datasets::table::Preprocessing;
use slt_export::{Export, Language, SourceOptions};
use slt_mlp::{Predictions, TicketError};

use crate::array::{mask_array, value_error};

/// Rows that are looked at together: they and what becomes of them stay in the cache.
const ROWS: usize = 4096;

/// Parts of so many rows that a thread predicts until signals are looked after.
const PARTS: usize = 8;

/// A strong lottery ticket: the seed of a random network and a mask over its weights, with all that it takes
/// to predict.
///
/// It cannot be changed; equal tickets have equal bytes. `TicketClassifier` and `EdgePopupClassifier` make
/// one, `Ticket.load` and `Ticket.from_bytes` read one.
#[pyclass(frozen, eq, module = "slt", name = "Ticket")]
#[derive(Clone, PartialEq)]
pub(crate) struct Ticket(pub(crate) slt_mlp::Ticket);

impl Ticket {
    /// What the ticket says about rows, in parts on several threads.
    fn parts(
        &self,
        py: Python<'_>,
        rows: ArrayView2<'_, f32>,
        n_threads: usize,
    ) -> PyResult<Vec<Predictions>> {
        let parts: Vec<ArrayView2<'_, f32>> = rows.axis_chunks_iter(Axis(0), ROWS).collect();
        // Threads are not worth it for a few rows; and a process that was forked has none of those that were
        // there before.
        let n_threads = n_threads.min(parts.len()).max(1);
        let pool = (n_threads > 1).then(|| rayon::ThreadPoolBuilder::new().num_threads(n_threads).build());
        let pool = pool.transpose().map_err(value_error)?;
        let predict = |part: &ArrayView2<'_, f32>| self.0.predict_rows(part);
        let mut predicted = Vec::with_capacity(parts.len());
        for some in parts.chunks(PARTS * n_threads) {
            let of_some: Result<Vec<Predictions>, TicketError> = py.detach(|| match &pool {
                Some(pool) => pool.install(|| some.par_iter().map(predict).collect()),
                None => some.iter().map(predict).collect(),
            });
            predicted.extend(of_some.map_err(value_error)?);
            py.check_signals()?;
        }
        Ok(predicted)
    }
}

/// Writes a whole file or none.
fn write(path: &Path, bytes: &[u8]) -> PyResult<()> {
    slt_run::write_atomically(path, bytes).map_err(|error| match error {
        slt_run::Error::Io { path, source } => os_error(&path, &source),
        other => PyOSError::new_err(other.to_string()),
    })
}

/// An error of the system, as Python's own functions raise it.
fn os_error(path: &Path, error: &std::io::Error) -> PyErr {
    let what = error.to_string();
    match error.raw_os_error() {
        Some(code) => {
            let what = what.split(" (os error").next().unwrap_or_default().to_owned();
            PyOSError::new_err((code, what, path.display().to_string()))
        }
        None => PyOSError::new_err(what),
    }
}

/// The rows of all parts.
fn joined<T: Clone + Send>(parts: &[Array2<T>], n_columns: usize) -> Array2<T> {
    let values: Vec<T> = parts.iter().flat_map(|part| part.iter().cloned()).collect();
    Array2::from_shape_vec((values.len() / n_columns, n_columns), values).expect("all rows are of one length")
}

#[pymethods]
impl Ticket {
    /// Read the bytes of a ticket, in its full or its lean form.
    ///
    /// Parameters
    /// ----------
    /// data : bytes
    ///     What `bytes` or `lean_bytes` gave.
    ///
    /// Raises
    /// ------
    /// ValueError
    ///     If these are no bytes of a ticket, or damaged ones.
    #[staticmethod]
    fn from_bytes(data: &[u8]) -> PyResult<Self> {
        let ticket = if slt_mlp::Ticket::is_lean(data) {
            slt_mlp::Ticket::from_lean_bytes(data)
        } else {
            slt_mlp::Ticket::from_bytes(data)
        };
        ticket.map(Self).map_err(value_error)
    }

    /// Read a file, in the full or the lean form.
    ///
    /// Parameters
    /// ----------
    /// path : path-like
    ///     The file.
    ///
    /// Raises
    /// ------
    /// OSError
    ///     If it cannot be read.
    /// ValueError
    ///     If it is no ticket, or a damaged one.
    #[staticmethod]
    fn load(path: PathBuf) -> PyResult<Self> {
        let bytes = std::fs::read(&path).map_err(|error| os_error(&path, &error))?;
        Self::from_bytes(&bytes)
    }

    /// Write a file, whole or not at all.
    ///
    /// Parameters
    /// ----------
    /// path : path-like
    ///     The file.
    /// lean : bool, default=False
    ///     Whether to write what it takes to predict, and nothing else.
    ///
    /// Raises
    /// ------
    /// OSError
    ///     If it cannot be written.
    /// ValueError
    ///     For the lean form of a ticket that was made on a table with categories.
    #[pyo3(signature = (path, *, lean = false))]
    fn save(&self, path: PathBuf, lean: bool) -> PyResult<()> {
        let bytes = if lean { self.0.to_lean_bytes().map_err(value_error)? } else { self.0.to_bytes() };
        write(&path, &bytes)
    }

    /// The ticket as a file holds it.
    #[getter]
    fn bytes<'py>(&self, py: Python<'py>) -> Bound<'py, PyBytes> {
        PyBytes::new(py, &self.0.to_bytes())
    }

    /// The ticket in its lean form: what it takes to predict, and nothing else.
    #[getter]
    fn lean_bytes<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyBytes>> {
        Ok(PyBytes::new(py, &self.0.to_lean_bytes().map_err(value_error)?))
    }

    /// Share of the weights that are masked out, in [0, 1].
    #[getter]
    fn sparsity(&self) -> f64 {
        self.0.sparsity()
    }

    /// Number of the weights that stay.
    #[getter]
    fn n_active(&self) -> usize {
        self.0.mask().count_ones()
    }

    /// Which weights stay: an array of bool of shape (n_weights,), layer after layer, in each layer by
    /// source, then by target.
    #[getter]
    fn mask<'py>(&self, py: Python<'py>) -> Bound<'py, PyArray1<bool>> {
        mask_array(py, self.0.mask())
    }

    /// Which of them a signed ticket inverts: an array of bool like `mask`, all False of a ticket in the
    /// strict sense.
    #[getter]
    fn inverted<'py>(&self, py: Python<'py>) -> Bound<'py, PyArray1<bool>> {
        match self.0.inverted() {
            Some(inverted) => mask_array(py, inverted),
            None => mask_array(py, &BitMask::zeros(self.0.mask().len())),
        }
    }

    /// Sizes of the layers of units, inputs first.
    #[getter]
    fn sizes<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
        PyTuple::new(py, self.0.recipe().architecture.sizes())
    }

    /// Seed of the network.
    #[getter]
    fn seed(&self) -> u64 {
        self.0.recipe().seed.0
    }

    /// Number of columns that rows have.
    #[getter]
    fn n_columns(&self) -> usize {
        let inputs = self.0.recipe().architecture.n_inputs();
        self.0.preprocessing().map_or(inputs, Preprocessing::n_columns)
    }

    /// Whether columns have names of their own, not only those of their positions.
    #[getter]
    fn has_column_names(&self) -> bool {
        self.0.preprocessing().is_some_and(Preprocessing::has_names)
    }

    /// Names of the columns; None if the ticket was not made on a table.
    #[getter]
    fn columns(&self) -> Option<Vec<String>> {
        Some(self.0.preprocessing()?.column_names().map(str::to_owned).collect())
    }

    /// Names of the classes, if the ticket has them.
    #[getter]
    fn classes(&self) -> Option<Vec<String>> {
        self.0.class_names().map(<[String]>::to_vec)
    }

    /// Where the ticket comes from: data, algorithm, and other notes.
    #[getter]
    fn provenance<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        let provenance = self.0.provenance();
        let all = PyDict::new(py);
        all.set_item("data", &provenance.data)?;
        all.set_item("algorithm", &provenance.algorithm)?;
        for (key, value) in &provenance.details {
            all.set_item(key, value)?;
        }
        Ok(all)
    }

    /// Predict the number of the class of each row.
    ///
    /// Parameters
    /// ----------
    /// rows : ndarray of float32 of shape (n_rows, n_columns)
    ///     Features as in the training data, not scaled. Of a ticket that was made on a table with categories there are none.
    /// n_threads : int, default=1
    ///     Threads, at least 1. No result depends on it.
    ///
    /// Returns
    /// -------
    /// classes : ndarray of uint32 of shape (n_rows,)
    ///
    /// Raises
    /// ------
    /// ValueError
    ///     For another number of columns, values that are not finite, and categories.
    #[pyo3(signature = (rows, n_threads = 1))]
    fn predict<'py>(
        &self,
        py: Python<'py>,
        rows: PyReadonlyArray2<'py, f32>,
        n_threads: usize,
    ) -> PyResult<Bound<'py, PyArray1<u32>>> {
        let parts = self.parts(py, rows.as_array(), n_threads)?;
        let classes: Vec<u32> = parts.into_iter().flat_map(|part| part.classes).collect();
        Ok(classes.into_pyarray(py))
    }

    /// Give the outputs of the network for each row.
    ///
    /// Parameters
    /// ----------
    /// rows : ndarray of float32 of shape (n_rows, n_columns)
    ///     As for `predict`.
    /// n_threads : int, default=1
    ///     Threads, at least 1.
    ///
    /// Returns
    /// -------
    /// logits : ndarray of float32 of shape (n_rows, n_classes)
    #[pyo3(signature = (rows, n_threads = 1))]
    fn logits<'py>(
        &self,
        py: Python<'py>,
        rows: PyReadonlyArray2<'py, f32>,
        n_threads: usize,
    ) -> PyResult<Bound<'py, PyArray2<f32>>> {
        let parts = self.parts(py, rows.as_array(), n_threads)?;
        let parts: Vec<Array2<f32>> = parts.into_iter().map(|part| part.logits).collect();
        Ok(joined(&parts, self.0.recipe().architecture.n_outputs()).into_pyarray(py))
    }

    /// Estimate the probability of each class: the softmax of the logits.
    ///
    /// Parameters
    /// ----------
    /// rows : ndarray of float32 of shape (n_rows, n_columns)
    ///     As for `predict`.
    /// n_threads : int, default=1
    ///     Threads, at least 1.
    ///
    /// Returns
    /// -------
    /// probabilities : ndarray of float64 of shape (n_rows, n_classes)
    #[pyo3(signature = (rows, n_threads = 1))]
    fn predict_proba<'py>(
        &self,
        py: Python<'py>,
        rows: PyReadonlyArray2<'py, f32>,
        n_threads: usize,
    ) -> PyResult<Bound<'py, PyArray2<f64>>> {
        let parts = self.parts(py, rows.as_array(), n_threads)?;
        let parts: Vec<Array2<f64>> = parts.iter().map(Predictions::probabilities).collect();
        Ok(joined(&parts, self.0.recipe().architecture.n_outputs()).into_pyarray(py))
    }

    /// Write the ticket in another format.
    ///
    /// Parameters
    /// ----------
    /// format : {"onnx", "safetensors", "json", "c", "rust"}
    ///     The format. C and Rust are source code in single precision, without dependencies.
    /// samples : ndarray of float32 of shape (n_rows, n_columns), optional
    ///     Rows, some of which become the tests of source code; made up by default.
    ///
    /// Returns
    /// -------
    /// data : bytes or str
    ///     Bytes of ONNX and safetensors, else text.
    ///
    /// Raises
    /// ------
    /// ValueError
    ///     For an unknown format, and for samples that do not fit.
    #[pyo3(signature = (format, samples = None))]
    fn export<'py>(
        &self,
        py: Python<'py>,
        format: &str,
        samples: Option<PyReadonlyArray2<'py, f32>>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let mut export = Export::new(&self.0).map_err(value_error)?;
        if let Some(samples) = samples {
            export = export.with_samples(samples.as_array().to_owned()).map_err(value_error)?;
        }
        let source = |language| {
            let source = export.source(language, &SourceOptions::default()).map_err(value_error)?;
            source.text.into_bound_py_any(py)
        };
        match format {
            "onnx" => PyBytes::new(py, &export.onnx().map_err(value_error)?).into_bound_py_any(py),
            "safetensors" => PyBytes::new(py, &export.safetensors()).into_bound_py_any(py),
            "json" => export.json().into_bound_py_any(py),
            "c" => source(Language::C),
            "rust" => source(Language::Rust),
            other => Err(value_error(format_args!(
                "format is {other:?}: it must be onnx, safetensors, json, c or rust"
            ))),
        }
    }

    /// Write the ticket to a file in another format, as `export` gives it.
    ///
    /// Raises
    /// ------
    /// OSError
    ///     If the file cannot be written.
    /// ValueError
    ///     As `export`.
    #[pyo3(signature = (path, format, samples = None))]
    fn export_to<'py>(
        &self,
        py: Python<'py>,
        path: PathBuf,
        format: &str,
        samples: Option<PyReadonlyArray2<'py, f32>>,
    ) -> PyResult<()> {
        let exported = self.export(py, format, samples)?;
        match exported.cast::<PyBytes>() {
            Ok(bytes) => write(&path, bytes.as_bytes()),
            Err(_) => write(&path, exported.extract::<String>()?.as_bytes()),
        }
    }

    fn __reduce__<'py>(&self, py: Python<'py>) -> PyResult<(Bound<'py, PyAny>, (Bound<'py, PyBytes>,))> {
        let read = py.get_type::<Self>().getattr("from_bytes")?;
        Ok((read, (self.bytes(py),)))
    }

    /// Tickets are equal if their bytes are.
    fn __hash__(&self) -> u64 {
        self.0.mask().stable_hash() ^ self.seed()
    }

    fn __repr__(&self) -> String {
        format!("<Ticket [{}], {:.1} % sparsity>", self.0.recipe().architecture, 100.0 * self.sparsity())
    }
}
