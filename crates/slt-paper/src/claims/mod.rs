//! The claims of the paper as data: where they stand, what was published, and a test on the records.

use serde::{Deserialize, Serialize};

use crate::{Error, Plan, Protocol, Records, RunSpec, Scale};

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
    /// The runs that it needs, as far as they are known from the records.
    pub needs: fn(&Plan, &Records) -> Result<Vec<RunSpec>, Error>,
    /// The test.
    pub test: fn(&Plan, &Records, Protocol) -> Result<Finding, Error>,
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

impl Claim {
    /// The runs that it needs, as far as they are known from the records.
    ///
    /// # Errors
    /// If a spec is impossible.
    pub fn runs(&self, plan: &Plan, records: &Records) -> Result<Vec<RunSpec>, Error> {
        (self.needs)(plan, records)
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
        let finding = (self.test)(plan, records, protocol)?;
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
    &[]
}
