//! The claims of the paper as data: where they stand, what was published, and a test on the records.
//!
//! `all` is the table of claims; the tests are functions in a file for each topic. A test looks at arms of the
//! experiments, which share their runs with the figures, and notes the numbers that decide it.

mod all;
mod assessed;
mod blobs;
mod curvature;
mod digits;
mod edge_popup;
mod evidence;
mod evolution;
mod headline;
mod significance;
mod trend;
mod two_classes;

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::arm::{self, Arm};
use crate::{Error, Plan, Protocol, Records, RunSpec, Scale};
use evidence::Evidence;

/// A statement of the paper that can be tested.
pub struct Claim {
    /// Its name.
    pub id: &'static str,
    /// Where the paper makes it.
    pub source: &'static str,
    /// What it says, and the test that decides it, thresholds included.
    pub statement: &'static str,
    /// The number that was published, if there is one.
    pub published: Option<&'static str>,
    /// The smallest scale whose runs are long enough and many enough to decide it.
    pub decided_from: Scale,
    needs: Needs,
    test: fn(&Evidence<'_>) -> Result<Finding, Error>,
}

/// What a claim is tested on.
enum Needs {
    /// The runs of some arms.
    Arms(fn() -> Vec<Arm>),
    /// Other runs, as far as they are known from the records.
    Runs(fn(&Plan, &Records) -> Result<Vec<RunSpec>, Error>),
}

/// What a test found.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Finding {
    /// Whether the records are as the claim says.
    pub met: bool,
    /// The numbers that decided it, with their names.
    pub measured: Vec<(String, f64)>,
}

/// Whether a claim holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// It does.
    Holds,
    /// It does not.
    DoesNotHold,
    /// The runs of this scale are too few or too short to tell.
    NotDecided,
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Verdict::Holds => "holds",
            Verdict::DoesNotHold => "does not hold",
            Verdict::NotDecided => "not decided at this scale",
        })
    }
}

impl Claim {
    /// The runs that it needs, as far as they are known from the records.
    ///
    /// # Errors
    /// If a spec is impossible.
    pub fn runs(&self, plan: &Plan, records: &Records) -> Result<Vec<RunSpec>, Error> {
        match self.needs {
            Needs::Arms(arms) => arm::runs(&arms(), plan, records),
            Needs::Runs(runs) => runs(plan, records),
        }
    }

    /// Tests the claim on the records.
    ///
    /// # Errors
    /// If a record is missing.
    pub fn decide(
        &self,
        plan: &Plan,
        records: &Records,
        protocol: Protocol,
    ) -> Result<(Verdict, Finding), Error> {
        let finding = (self.test)(&Evidence { plan, records, protocol })?;
        let verdict = match finding.met {
            _ if plan.scale < self.decided_from => Verdict::NotDecided,
            true => Verdict::Holds,
            false => Verdict::DoesNotHold,
        };
        Ok((verdict, finding))
    }
}

/// All claims, in the order of the paper.
pub fn all() -> &'static [&'static Claim] {
    all::ALL
}
