//! Long work in the background, while the calling thread looks after signals.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use pyo3::prelude::*;

use crate::array::value_error;

/// How long a signal may go unnoticed, and how often progress is told.
const TICK: Duration = Duration::from_millis(20);

/// How long work that has to stop is waited for.
const PATIENCE: Duration = Duration::from_secs(1);

/// How far work has come.
#[derive(Clone, Copy)]
pub(crate) struct Reached {
    /// Share of the work that is done, if it is known.
    pub(crate) done: Option<f64>,
    pub(crate) steps: u64,
    /// What the best is judged at.
    pub(crate) best: f64,
    pub(crate) sparsity: f64,
}

/// What the work and whoever waits for it tell each other.
#[derive(Default)]
pub(crate) struct Between {
    stop: AtomicBool,
    reached: Mutex<Option<Reached>>,
}

impl Between {
    /// Whether the work has to stop.
    pub(crate) fn has_to_stop(&self) -> bool {
        self.stop.load(Ordering::Relaxed)
    }

    /// Tells how far the work has come.
    pub(crate) fn tell(&self, reached: Reached) {
        *self.reached.lock().unwrap_or_else(PoisonError::into_inner) = Some(reached);
    }

    /// What was told since the last time.
    fn told(&self) -> Option<Reached> {
        self.reached.lock().unwrap_or_else(PoisonError::into_inner).take()
    }
}

/// Runs `work` on threads of its own, without the interpreter's lock. In the meantime the calling thread
/// handles signals, so that Ctrl-C raises `KeyboardInterrupt`, and calls
/// `progress(done, steps, best, sparsity)`. An exception of either stops the work, and is raised when it has
/// stopped, or after [`PATIENCE`]: then the work ends in the background, at the next place where it looks
/// whether it has to. So it owns all that it needs.
pub(crate) fn wait<T: Send + 'static>(
    py: Python<'_>,
    n_threads: usize,
    progress: Option<&Bound<'_, PyAny>>,
    work: impl FnOnce(&Between) -> T + Send + 'static,
) -> PyResult<T> {
    let pool = rayon::ThreadPoolBuilder::new().num_threads(n_threads).build().map_err(value_error)?;
    let between = Arc::new(Between::default());
    let (ended, mut end) = channel::<()>();
    let worker = thread::Builder::new().name("slt".to_owned()).spawn({
        let between = Arc::clone(&between);
        move || {
            // Dropped at the end of the work, whatever that is.
            let _ended = ended;
            pool.install(|| work(&between))
        }
    })?;
    let mut raised: Option<(PyErr, Instant)> = None;
    loop {
        let waited;
        // A receiver is used by one thread at a time.
        (waited, end) = py.detach(move || (end.recv_timeout(TICK), end));
        if waited == Err(RecvTimeoutError::Disconnected) {
            break;
        }
        match &raised {
            Some((_, when)) if when.elapsed() >= PATIENCE => break,
            Some(_) => {}
            None => {
                raised = look_after(py, &between, progress).err().map(|error| (error, Instant::now()));
                between.stop.store(raised.is_some(), Ordering::Relaxed);
            }
        }
    }
    match raised {
        Some((error, _)) => Err(error),
        None => {
            // A signal that came with the end.
            look_after(py, &between, progress)?;
            Ok(worker.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)))
        }
    }
}

fn look_after(py: Python<'_>, between: &Between, progress: Option<&Bound<'_, PyAny>>) -> PyResult<()> {
    py.check_signals()?;
    if let (Some(progress), Some(Reached { done, steps, best, sparsity })) = (progress, between.told()) {
        progress.call1((done, steps, best, sparsity))?;
    }
    Ok(())
}
