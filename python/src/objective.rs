//! Searches over masks that a Python function judges.

use std::ops::ControlFlow;
use std::sync::{Mutex, PoisonError};

use ndarray::Array2;
use numpy::{IntoPyArray, PyArray1, PyArrayLike1};
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use pyo3::types::PyDict;
use slt_core::{BitMask, Objective, Score, Seed};
use slt_ga::{GaConfig, GenerationStats, Outcome};
use slt_search::{Algorithm, Annealing, Budget, Cooling, Observer, Price, Problem, Pulse, View, run};

use crate::array::{mask_array, value_error};

/// A mask, how it performs, and what there is to tell of the search.
type Found<'py> = (Bound<'py, PyArray1<bool>>, f64, Bound<'py, PyDict>);

/// A function of Python as what a search maximises. It is called on the thread that called the search.
struct Callable {
    function: Py<PyAny>,
    n_bits: usize,
    /// Whether it takes many masks at once.
    vectorized: bool,
    /// What went wrong first: then nothing is asked any more, and the search ends.
    raised: Mutex<Option<PyErr>>,
}

impl Callable {
    fn has_raised(&self) -> bool {
        self.raised.lock().unwrap_or_else(PoisonError::into_inner).is_some()
    }

    fn ask(&self, py: Python<'_>, masks: &[&BitMask]) -> PyResult<Vec<f64>> {
        let function = self.function.bind(py);
        let performances = if self.vectorized {
            let bits = masks.iter().flat_map(|mask| (0..self.n_bits).map(|bit| mask.get(bit))).collect();
            let bits = Array2::from_shape_vec((masks.len(), self.n_bits), bits).map_err(value_error)?;
            let answer = function.call1((bits.into_pyarray(py),))?;
            let answer: PyArrayLike1<'_, f64, numpy::AllowTypeChange> = answer.extract()?;
            let answer = answer.as_array().to_vec();
            if answer.len() != masks.len() {
                return Err(PyValueError::new_err(format!(
                    "the objective gave {} performances for {} masks",
                    answer.len(),
                    masks.len()
                )));
            }
            answer
        } else {
            let one = |mask: &&BitMask| function.call1((mask_array(py, mask),))?.extract::<f64>();
            masks.iter().map(one).collect::<PyResult<_>>()?
        };
        if performances.iter().any(|performance| performance.is_nan()) {
            return Err(PyValueError::new_err("the objective gave NaN: a performance must be a number"));
        }
        // A function that is not written in Python does not look after signals.
        py.check_signals()?;
        Ok(performances)
    }
}

impl Objective for Callable {
    fn n_bits(&self) -> usize {
        self.n_bits
    }

    fn evaluate(&self, masks: &[&BitMask], _floor: Option<f64>) -> Vec<Score> {
        let worst = || vec![Score::Exact(f64::MIN); masks.len()];
        if self.has_raised() {
            return worst();
        }
        match Python::attach(|py| self.ask(py, masks)) {
            Ok(performances) => performances.into_iter().map(Score::Exact).collect(),
            Err(error) => {
                *self.raised.lock().unwrap_or_else(PoisonError::into_inner) = Some(error);
                worst()
            }
        }
    }
}

/// Ends a search when the function has raised an exception, and tells how it goes.
struct Watcher<'c> {
    callable: &'c Callable,
    progress: Option<&'c Py<PyAny>>,
}

impl Watcher<'_> {
    fn go_on(&self) -> ControlFlow<()> {
        if self.callable.has_raised() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    }
}

impl<A: Algorithm> Observer<A> for Watcher<'_> {
    fn on_step(&mut self, view: &View<'_, A>) -> ControlFlow<()> {
        self.go_on()?;
        if let Some(progress) = self.progress {
            let best = view.best();
            let told = (view.progress(), view.steps(), best.performance, best.mask.sparsity());
            if let Err(error) = Python::attach(|py| progress.call1(py, told)) {
                *self.callable.raised.lock().unwrap_or_else(PoisonError::into_inner) = Some(error);
            }
        }
        self.go_on()
    }

    fn on_pulse(&mut self, _: &Pulse) -> ControlFlow<()> {
        self.go_on()
    }
}

/// Runs a search without the interpreter's lock, which the function takes when it is called.
fn search<T: Send>(
    py: Python<'_>,
    callable: &Callable,
    progress: Option<&Py<PyAny>>,
    search: impl FnOnce(&Callable, &mut Watcher<'_>) -> Result<T, slt_ga::Error> + Send,
) -> PyResult<T> {
    let outcome = py.detach(|| search(callable, &mut Watcher { callable, progress }));
    match callable.raised.lock().unwrap_or_else(PoisonError::into_inner).take() {
        Some(error) => Err(error),
        None => outcome.map_err(value_error),
    }
}

/// Anneals a mask.
#[pyfunction]
#[expect(clippy::too_many_arguments, reason = "keywords of Python")]
pub(crate) fn anneal<'py>(
    py: Python<'py>,
    objective: Py<PyAny>,
    n_bits: usize,
    flips: u64,
    restarts: u64,
    price: f64,
    seed: u64,
    vectorized: bool,
    progress: Option<Py<PyAny>>,
) -> PyResult<Found<'py>> {
    let callable = Callable { function: objective, n_bits, vectorized, raised: Mutex::default() };
    let default = Annealing::default();
    // A part of the objective from the beginning: searches may be short.
    let price = Price::per_weight(price);
    let annealing = Annealing { cooling: Cooling { flips, price, ..default.cooling }, restarts, ..default };
    let outcome = search(py, &callable, progress.as_ref(), |callable, watcher| {
        run(Problem::new(callable), annealing, Budget::NONE, Seed(seed), watcher)
    })?;
    let info = PyDict::new(py);
    info.set_item("steps", outcome.steps)?;
    info.set_item("evaluations", outcome.work.judged())?;
    info.set_item("stop_reason", outcome.stop_reason.to_string())?;
    Ok((mask_array(py, &outcome.best.mask), outcome.best.performance, info))
}

/// The parameters of the genetic algorithm, where they are other than the paper's.
#[derive(FromPyObject)]
pub(crate) struct Parameters {
    #[pyo3(item)]
    population: usize,
    #[pyo3(item)]
    recombination_rate: f64,
    #[pyo3(item)]
    parent_rate: f64,
    #[pyo3(item)]
    mutation_rate: f64,
    #[pyo3(item)]
    migration_rate: f64,
    #[pyo3(item)]
    min_generations: u64,
    #[pyo3(item)]
    patience: Option<u32>,
    #[pyo3(item)]
    max_generations: Option<u64>,
}

/// Runs the paper's genetic algorithm.
#[pyfunction]
pub(crate) fn genetic_algorithm<'py>(
    py: Python<'py>,
    objective: Py<PyAny>,
    n_bits: usize,
    parameters: Parameters,
    seed: u64,
    vectorized: bool,
    progress: Option<Py<PyAny>>,
) -> PyResult<Found<'py>> {
    let callable = Callable { function: objective, n_bits, vectorized, raised: Mutex::default() };
    let mut config = GaConfig {
        population: parameters.population,
        recombination_rate: parameters.recombination_rate,
        parent_rate: parameters.parent_rate,
        mutation_rate: parameters.mutation_rate,
        migration_rate: parameters.migration_rate,
        ..GaConfig::paper()
    };
    config.termination.min_generations = parameters.min_generations;
    config.termination.patience = parameters.patience;
    config.termination.max_generations = parameters.max_generations;
    let outcome: Outcome = search(py, &callable, progress.as_ref(), |callable, watcher| {
        slt_ga::run(callable, &config, Seed(seed), watcher)
    })?;
    let info = PyDict::new(py);
    info.set_item("steps", outcome.generations)?;
    info.set_item("evaluations", outcome.evaluations)?;
    info.set_item("stop_reason", outcome.stop_reason.to_string())?;
    let column =
        |value: fn(&GenerationStats) -> f64| -> Vec<f64> { outcome.history.iter().map(value).collect() };
    info.set_item("best", column(|generation| generation.best).into_pyarray(py))?;
    info.set_item("mean", column(|generation| generation.mean).into_pyarray(py))?;
    Ok((mask_array(py, &outcome.best.mask), outcome.best.performance, info))
}
