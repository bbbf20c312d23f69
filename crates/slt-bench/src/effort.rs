//! How much is measured, and what sections share.

use slt_ga::{GaConfig, Outcome};

/// How much is measured.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Effort {
    pub(crate) quick: bool,
}

impl Effort {
    pub(crate) fn pick<T>(self, full: T, quick: T) -> T {
        if self.quick { quick } else { full }
    }
}

/// The part of a run up to a generation; all of it without one.
pub(crate) fn first_generations(config: &GaConfig, last: Option<u64>) -> GaConfig {
    let mut config = config.clone();
    config.termination.max_generations = last.or(config.termination.max_generations);
    config
}

/// The hash of the best mask of a run, as `slt` prints it.
pub(crate) fn mask_hash(outcome: &Outcome) -> String {
    format!("{:016x}", outcome.best.mask.stable_hash())
}

/// The value in the middle.
pub(crate) fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}
