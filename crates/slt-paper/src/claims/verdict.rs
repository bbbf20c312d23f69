//! What a test finds, and the verdict that follows.

use std::fmt;

use serde::{Deserialize, Serialize};
use slt_stats::Interval;

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
    /// 95 % interval of the number: of the draws where the verdict is by bootstrap, else by its standard
    /// error. None where it is known neither way.
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
    /// What the test gives that this one replaced: whether it is met, and the share of bootstrap draws that
    /// pass it.
    pub former: Option<(bool, f64)>,
}

impl Finding {
    /// Half-width, in standard errors, of the two-sided 90 % interval that equivalence is judged by.
    const REACH: f64 = 1.644_853_626_951_472_6;

    /// The margin of the condition that is met least, in its standard errors. Conditions without one do not
    /// count.
    pub(super) fn margin(&self) -> Option<f64> {
        let margins = self.conditions.iter().filter_map(|condition| {
            condition.standard_error.filter(|&error| error > 0.0).map(|error| condition.margin / error)
        });
        margins.reduce(f64::min)
    }

    /// Holds where every interval is on the right side of its threshold, does not hold where one is on the
    /// wrong side.
    pub(super) fn by_intervals(&self) -> Verdict {
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
