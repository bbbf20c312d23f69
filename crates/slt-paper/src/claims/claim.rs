//! A claim, and how it is decided.

use serde::{Deserialize, Serialize};

use super::bootstrap;
use super::evidence::{Evidence, Test};
use super::verdict::{Decision, Verdict};
use crate::arm::{self, Arm};
use crate::{Error, Plan, Protocol, Scale};
use slt_run::{Records, RunSpec};

/// A statement of the paper that can be tested.
pub struct Claim {
    /// Its name.
    pub id: &'static str,
    /// Where the paper makes it.
    pub source: &'static str,
    /// What it says, in a sentence.
    pub statement: &'static str,
    /// The test that decides it, thresholds included.
    pub test: &'static str,
    /// The number that was published, if there is one.
    pub published: Option<&'static str>,
    /// How the verdict is reached.
    pub basis: Basis,
    /// Runs of each arm that it needs to be decided.
    pub runs_needed: u64,
    /// Whether it can differ between the protocols.
    pub has_protocols: bool,
    pub(super) needs: Needs,
    pub(super) decide: Test,
    /// The test as it was before the paper was read again, where that was another one.
    pub(super) former: Option<Former>,
}

/// A test that was replaced.
pub(super) struct Former {
    /// What it asked for, and why it was replaced.
    pub(super) test: &'static str,
    pub(super) decide: Test,
}

/// How the verdict on a claim is reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Basis {
    /// The test is repeated on runs drawn with replacement, 2,000 times; `p` is the share of the draws that
    /// pass. The claim holds from 0.95 on, and does not hold up to 0.05. The same seeds are drawn for all
    /// arms that share networks.
    Bootstrap,
    /// Of the statement that something can be: decided as observed.
    Existence,
    /// The test has intervals of its own: it holds, does not hold, or is open.
    Intervals,
}

/// What a claim is tested on.
pub(super) enum Needs {
    /// The runs of some arms.
    Arms(fn() -> Vec<Arm>),
    /// Other runs, as far as they are known from the records.
    Runs(fn(&Plan, &Records) -> Result<Vec<RunSpec>, Error>),
}

impl Claim {
    /// The runs that it needs, as far as they are known from the records.
    ///
    /// # Errors
    /// If a spec is impossible.
    pub fn runs(&self, plan: &Plan, records: &Records) -> Result<Vec<RunSpec>, Error> {
        match self.needs {
            Needs::Arms(arms) => arm::runs(arms(), plan, records),
            Needs::Runs(runs) => runs(plan, records),
        }
    }

    /// The test that this claim's replaced, in words.
    pub fn former_test(&self) -> Option<&'static str> {
        self.former.as_ref().map(|former| former.test)
    }

    /// Tests the claim on the records.
    ///
    /// # Errors
    /// If a record is missing.
    pub fn decide(&self, plan: &Plan, records: &Records, protocol: Protocol) -> Result<Decision, Error> {
        self.decide_on(&Evidence::new(plan, records, protocol))
    }

    pub(super) fn decide_on(&self, evidence: &Evidence<'_>) -> Result<Decision, Error> {
        let plan = evidence.plan;
        let mut finding = evidence.finding(self.decide)?;
        let enough = plan.scale == Scale::Paper && plan.runs >= self.runs_needed;
        let (verdict, p, margin) = match self.basis {
            Basis::Bootstrap => {
                let drawn = bootstrap::draw(evidence, self.decide, &finding)?;
                for (condition, &interval) in finding.conditions.iter_mut().zip(&drawn.intervals) {
                    condition.interval = interval.or(condition.interval);
                }
                (bootstrap::verdict(drawn.p), Some(drawn.p), drawn.margin)
            }
            Basis::Existence => (if finding.met { Verdict::Holds } else { Verdict::DoesNotHold }, None, None),
            Basis::Intervals => (finding.by_intervals(), None, finding.margin()),
        };
        let former = match &self.former {
            None => None,
            Some(former) => {
                let before = evidence.finding(former.decide)?;
                Some((before.met, bootstrap::draw(evidence, former.decide, &before)?.p))
            }
        };
        Ok(Decision {
            verdict: if enough { verdict } else { Verdict::NotDecided },
            p,
            margin,
            runs: plan.runs,
            runs_needed: self.runs_needed,
            finding,
            former,
        })
    }
}
