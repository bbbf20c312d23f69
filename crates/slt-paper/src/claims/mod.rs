//! The claims of the paper as data: where they stand, what was published, and a test on the records.
//!
//! `all` is the table of claims; the tests are functions in a file for each topic. A test looks at arms of the
//! experiments, which share their runs with the figures, and writes down conditions: numbers with the distance from their
//! threshold. The claim is met where all conditions are.
//!
//! A verdict carries its uncertainty. How it is reached depends on the claim's [`Basis`]; it needs the claim's full number
//! of runs at full length, whatever is asked for on the command line.

mod all;
mod assessed;
mod blobs;
mod bootstrap;
mod choices;
mod curvature;
mod digits;
mod edge_popup;
mod evidence;
mod evolution;
mod headline;
mod scaling;
mod significance;
mod trend;
mod two_classes;

use std::fmt;

use serde::{Deserialize, Serialize};
use slt_stats::Interval;

use crate::arm::{self, Arm};
use crate::{Error, Plan, Protocol, Scale};
use evidence::{Evidence, Notes};
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
    needs: Needs,
    decide: Test,
    /// The test as it was before the paper was read again, where that was another one.
    former: Option<Former>,
}

type Test = fn(&Evidence<'_>, &mut Notes) -> Result<(), Error>;

/// A test that was replaced.
struct Former {
    /// What it asked for, and why it was replaced.
    test: &'static str,
    decide: Test,
}

/// How the verdict on a claim is reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Basis {
    /// The test is repeated on runs drawn with replacement, 2,000 times; `p` is the share of the draws that pass. The
    /// claim holds from 0.95 on, and does not hold up to 0.05. The same seeds are drawn for all arms that share networks.
    Bootstrap,
    /// Of the statement that something can be: decided as observed.
    Existence,
    /// The test has intervals of its own: it holds, does not hold, or is open.
    Intervals,
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
    /// The conditions of the test.
    pub conditions: Vec<Condition>,
}

/// A condition of a test.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Condition {
    /// What is asked for.
    pub name: String,
    /// The number that has to meet it.
    pub value: f64,
    /// 95 % interval of the number: of the draws where the verdict is by bootstrap, else by its standard error. None
    /// where it is known neither way.
    pub interval: Option<Interval>,
    /// How far it is met; negative where it is not.
    pub margin: f64,
    /// The standard error of the margin, where the test knows it by itself.
    pub standard_error: Option<f64>,
}

/// Whether a claim holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// It does.
    Holds,
    /// It does not.
    DoesNotHold,
    /// All runs are there, and they allow for both.
    Open,
    /// The runs of this scale are too few or too short to tell.
    NotDecided,
}

impl Verdict {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Holds, Self::DoesNotHold, Self::Open, Self::NotDecided];
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Verdict::Holds => "holds",
            Verdict::DoesNotHold => "does not hold",
            Verdict::Open => "open",
            Verdict::NotDecided => "not decided at this scale",
        })
    }
}

/// A verdict and what it rests on.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Decision {
    /// Whether the claim holds.
    pub verdict: Verdict,
    /// The share of bootstrap draws that pass the test; none where the verdict is not by bootstrap.
    pub p: Option<f64>,
    /// The margin of the condition that is met least, in standard errors; negative where it is not met.
    pub margin: Option<f64>,
    /// Number of runs of an arm that were asked for.
    pub runs: u64,
    /// Number of runs that the claim needs.
    pub runs_needed: u64,
    /// The numbers behind it.
    pub finding: Finding,
    /// What the test gives that this one replaced: whether it is met, and the share of bootstrap draws that pass it.
    pub former: Option<(bool, f64)>,
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

    fn decide_on(&self, evidence: &Evidence<'_>) -> Result<Decision, Error> {
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

impl Finding {
    /// Half-width, in standard errors, of the two-sided 90 % interval that equivalence is judged by.
    const REACH: f64 = 1.644_853_626_951_472_6;

    /// The margin of the condition that is met least, in its standard errors. Conditions without one do not count.
    fn margin(&self) -> Option<f64> {
        let margins = self.conditions.iter().filter_map(|condition| {
            condition.standard_error.filter(|&error| error > 0.0).map(|error| condition.margin / error)
        });
        margins.reduce(f64::min)
    }

    /// Holds where every interval is on the right side of its threshold, does not hold where one is on the wrong side.
    fn by_intervals(&self) -> Verdict {
        let reach = |condition: &Condition| Self::REACH * condition.standard_error.unwrap_or(0.0);
        if self.conditions.iter().any(|condition| condition.margin + reach(condition) < 0.0) {
            Verdict::DoesNotHold
        } else if self.conditions.iter().all(|condition| condition.margin - reach(condition) >= 0.0) {
            Verdict::Holds
        } else {
            Verdict::Open
        }
    }
}

/// All claims, in the order of the paper.
pub fn all() -> &'static [&'static Claim] {
    &all::ALL
}

/// The claim of a name, if there is one.
pub fn by_id(id: &str) -> Option<&'static Claim> {
    all().iter().copied().find(|claim| claim.id == id)
}
