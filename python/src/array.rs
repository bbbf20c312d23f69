//! From masks to arrays, and errors to exceptions.

use std::fmt::Display;

use numpy::{IntoPyArray, PyArray1};
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use slt_core::BitMask;

/// An error of the libraries as `ValueError`, in its own words.
pub(crate) fn value_error(error: impl Display) -> PyErr {
    PyValueError::new_err(error.to_string())
}

/// A mask as an array of truth values.
pub(crate) fn mask_array<'py>(py: Python<'py>, mask: &BitMask) -> Bound<'py, PyArray1<bool>> {
    (0..mask.len()).map(|bit| mask.get(bit)).collect::<Vec<bool>>().into_pyarray(py)
}
