//! Computes the records that are missing.

use std::ops::ControlFlow;
use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use cpu_time::ThreadTime;
use slt_ga::{Pulse, View};

use crate::runs::Context;
use crate::{Error, RunRecord, RunSpec, RunTimes, Store};

/// How often a long run stores a checkpoint.
const CHECKPOINT_INTERVAL: Duration = Duration::from_secs(15);

/// Is told how the runs go. All methods do nothing unless they are written.
pub trait Progress: Sync {
    /// Run `index` begins.
    fn started(&self, index: usize, spec: &RunSpec) {
        let _ = (index, spec);
    }

    /// Run `index` was interrupted before, and goes on after so many steps: generations of a search.
    fn resumed(&self, index: usize, step: u64) {
        let _ = (index, step);
    }

    /// Run `index`, a search, says how far a long step has come: the drawing of its first population, say.
    fn pulse(&self, index: usize, pulse: &Pulse) {
        let _ = (index, pulse);
    }

    /// Run `index`, a search, has taken a step.
    fn step(&self, index: usize, view: &View<'_>) {
        let _ = (index, view);
    }

    /// Of run `index`, which is no search, the share `done` is done.
    fn advanced(&self, index: usize, done: f64) {
        let _ = (index, done);
    }

    /// Run `index` is stored; `times` is absent if it was stored already.
    fn finished(&self, index: usize, record: &RunRecord, times: Option<&RunTimes>) {
        let _ = (index, record, times);
    }

    /// A checkpoint could not be stored, and why: the run goes on, and the next one is tried again.
    fn unkept(&self, reason: &Error) {
        let _ = reason;
    }

    /// A stored file is not used, and why.
    fn ignored(&self, path: &Path, reason: &str) {
        let _ = (path, reason);
    }
}

impl Progress for () {}

/// Computes runs in parallel, one thread each, and stores them as they finish.
#[derive(Debug)]
pub struct Runner<'a> {
    /// Where records are kept.
    pub store: &'a Store,
    /// Number of runs at a time, at least 1.
    pub jobs: usize,
    /// Set it to stop: every run under way stores a checkpoint and ends.
    pub stop: &'a AtomicBool,
}

impl Runner<'_> {
    /// The records of `specs`, in their order. Those that are stored are read; the others are computed.
    ///
    /// # Errors
    /// The first error of a run, after the other runs under way have stored a checkpoint;
    /// [`Error::Interrupted`] if it was told to stop.
    pub fn run(&self, specs: &[RunSpec], progress: &dyn Progress) -> Result<Vec<RunRecord>, Error> {
        let next = AtomicUsize::new(0);
        let failed = AtomicBool::new(false);
        let results: Vec<Mutex<Option<Result<RunRecord, Error>>>> =
            specs.iter().map(|_| Mutex::new(None)).collect();
        // The longest first, so that no long run is left over when the others are done.
        let mut order: Vec<usize> = (0..specs.len()).collect();
        let costs: Vec<f64> = specs.iter().map(RunSpec::cost).collect();
        order.sort_by(|&a, &b| costs[b].total_cmp(&costs[a]));
        let work = || -> Result<(), Error> {
            // A pool of one thread: runs side by side scale better than threads inside a run.
            let pool = rayon::ThreadPoolBuilder::new().num_threads(1).build();
            let pool = pool.map_err(|error| Error::Threads(error.to_string()))?;
            while !failed.load(Ordering::Relaxed) && !self.stop.load(Ordering::Relaxed) {
                let Some(&index) = order.get(next.fetch_add(1, Ordering::Relaxed)) else { break };
                let result = pool.install(|| self.run_one(index, &specs[index], progress, &failed));
                failed.fetch_or(result.is_err(), Ordering::Relaxed);
                *results[index].lock().unwrap_or_else(PoisonError::into_inner) = Some(result);
            }
            Ok(())
        };
        std::thread::scope(|scope| {
            let workers: Vec<_> =
                (0..self.jobs.clamp(1, specs.len().max(1))).map(|_| scope.spawn(work)).collect();
            workers.into_iter().try_for_each(|worker| match worker.join() {
                Ok(result) => result,
                Err(panic) => std::panic::resume_unwind(panic),
            })
        })?;
        let mut records = Vec::with_capacity(specs.len());
        let mut interrupted = false;
        for result in results {
            match result.into_inner().unwrap_or_else(PoisonError::into_inner) {
                Some(Ok(record)) => records.push(record),
                // An error is more telling than the runs that were stopped because of it.
                Some(Err(error)) if !matches!(error, Error::Interrupted) => return Err(error),
                _ => interrupted = true,
            }
        }
        if interrupted { Err(Error::Interrupted) } else { Ok(records) }
    }

    fn run_one(
        &self,
        index: usize,
        spec: &RunSpec,
        progress: &dyn Progress,
        failed: &AtomicBool,
    ) -> Result<RunRecord, Error> {
        if let Some(record) = self.store.load(spec, |path, reason| progress.ignored(path, reason))? {
            progress.finished(index, &record, None);
            return Ok(record);
        }
        let _lock = self.store.lock(spec, self.stop)?.ok_or(Error::Interrupted)?;
        // Another process may have been at it.
        if let Some(record) = self.store.load(spec, |_, _| {})? {
            progress.finished(index, &record, None);
            return Ok(record);
        }
        let (start, cpu) = (Instant::now(), ThreadTime::now());
        progress.started(index, spec);
        let mut sitting =
            Sitting { runner: self, failed, progress, index, hash: spec.hash(), kept: Instant::now() };
        let record = spec.kind().execute(&mut sitting)?;
        let times =
            RunTimes { seconds: start.elapsed().as_secs_f64(), cpu_seconds: cpu.elapsed().as_secs_f64() };
        self.store.save(&record, &times)?;
        progress.finished(index, &record, Some(&times));
        Ok(record)
    }

    /// Whether runs should go on: nobody said stop, and no other run has failed.
    fn go_on(&self, failed: &AtomicBool) -> ControlFlow<()> {
        let halt = self.stop.load(Ordering::Relaxed) || failed.load(Ordering::Relaxed);
        if halt { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    }
}

/// A run under way.
struct Sitting<'a> {
    runner: &'a Runner<'a>,
    failed: &'a AtomicBool,
    progress: &'a dyn Progress,
    index: usize,
    hash: String,
    /// When a checkpoint was stored last.
    kept: Instant,
}

impl Context for Sitting<'_> {
    fn advanced(&mut self, done: f64) -> ControlFlow<()> {
        self.progress.advanced(self.index, done);
        self.runner.go_on(self.failed)
    }

    fn pulse(&mut self, pulse: &Pulse) -> ControlFlow<()> {
        self.progress.pulse(self.index, pulse);
        self.runner.go_on(self.failed)
    }

    fn step(&mut self, view: &View<'_>) -> ControlFlow<()> {
        self.progress.step(self.index, view);
        self.runner.go_on(self.failed)
    }

    fn checkpoint(&mut self) -> Result<Option<Vec<u8>>, Error> {
        self.runner.store.load_checkpoint(&self.hash)
    }

    fn resumed(&mut self, from: Result<u64, String>) {
        match from {
            Ok(step) => self.progress.resumed(self.index, step),
            Err(reason) => self.progress.ignored(&self.runner.store.checkpoint_path(&self.hash), &reason),
        }
    }

    fn is_due(&self) -> bool {
        self.kept.elapsed() >= CHECKPOINT_INTERVAL
    }

    fn keep(&mut self, checkpoint: &[u8]) {
        if let Err(error) = self.runner.store.save_checkpoint(&self.hash, checkpoint) {
            self.progress.unkept(&error);
        }
        self.kept = Instant::now();
    }
}
