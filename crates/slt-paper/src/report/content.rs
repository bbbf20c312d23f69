//! What a report is made of.

use std::collections::BTreeMap;

use crate::{ClaimOutcome, Drawn, Study};
use slt_run::{RunSpec, RunTimes};

/// What a report is made of.
#[derive(Clone, Copy)]
pub struct Report<'a> {
    /// Plan, figures and claims.
    pub study: &'a Study,
    /// What became of the claims.
    pub outcomes: &'a [ClaimOutcome],
    /// What was drawn of each figure.
    pub figures: &'a BTreeMap<&'static str, Drawn>,
    /// The runs of each figure.
    pub runs: &'a BTreeMap<&'static str, Vec<RunSpec>>,
    /// The times of the runs of each figure, together.
    pub times: &'a BTreeMap<&'static str, RunTimes>,
    /// Number of all runs, and their times.
    pub total: (usize, RunTimes),
    /// The version of the program.
    pub version: &'a str,
    /// The commit that it was built from, if that is known.
    pub commit: Option<&'a str>,
}
