//! The side that a test looks at.

use serde::{Deserialize, Serialize};

/// What is claimed against the null hypothesis.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Alternative {
    /// The first sample is larger or smaller than the second.
    TwoSided,
    /// The first sample is smaller.
    Less,
    /// The first sample is larger.
    Greater,
}

impl Alternative {
    /// p-value of a statistic whose null distribution is symmetric about 0 and has the upper tail `sf`.
    pub(crate) fn p(self, statistic: f64, sf: impl Fn(f64) -> f64) -> f64 {
        let p = match self {
            Self::TwoSided => 2.0 * sf(statistic.abs()),
            Self::Less => sf(-statistic),
            Self::Greater => sf(statistic),
        };
        p.clamp(0.0, 1.0)
    }

    /// p-value from the probabilities of a statistic at most, and at least, as large as the observed one.
    pub(crate) fn exact_p(self, at_most: f64, at_least: f64) -> f64 {
        let p = match self {
            Self::TwoSided => 2.0 * at_most.min(at_least),
            Self::Less => at_most,
            Self::Greater => at_least,
        };
        p.clamp(0.0, 1.0)
    }

    /// The distance of a statistic on a grid of whole numbers from its mean, half a step nearer (Yates), but
    /// not across it.
    pub(crate) fn continuity(self, distance: f64) -> f64 {
        match self {
            Self::TwoSided => distance.signum() * (distance.abs() - 0.5).max(0.0),
            Self::Less => distance + 0.5,
            Self::Greater => distance - 0.5,
        }
    }
}
