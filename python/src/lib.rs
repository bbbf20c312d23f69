//! The compiled part of the Python package `slt`: the few functions that do the work, on arrays of numpy.
//!
//! `python/slt` has what users see: estimators, documentation, types. Here, arguments were checked before.
//! Whatever takes long runs without the interpreter's lock, and stops at signals (`wait`).

#![allow(
    clippy::needless_pass_by_value,
    reason = "what is taken from Python is owned by the function that is called"
)]

mod array;
mod data_sets;
mod edge_popup;
mod fit;
mod objective;
mod search;
mod ticket;
mod wait;

use pyo3::prelude::*;

/// The module `slt._slt`.
#[pymodule]
mod _slt {
    #[pymodule_export]
    use crate::data_sets::{blobs, circles, digits, moons, paper};
    #[pymodule_export]
    use crate::edge_popup::edge_popup;
    #[pymodule_export]
    use crate::objective::{anneal, genetic_algorithm};
    #[pymodule_export]
    use crate::search::search;
    #[pymodule_export]
    use crate::ticket::Ticket;

    use super::*;

    #[pymodule_init]
    fn init(module: &Bound<'_, PyModule>) -> PyResult<()> {
        module.add("__version__", env!("CARGO_PKG_VERSION"))?;
        module.add("ALGORITHMS", slt_run::SearchAlgorithm::NAMES)
    }
}
