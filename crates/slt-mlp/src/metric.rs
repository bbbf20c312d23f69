use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::Error;

/// What a search maximises.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum MetricName {
    /// Share of the samples that are classified correctly, in [0, 1].
    Accuracy,
    /// Mean cross-entropy (natural logarithm) of the softmax of the logits, negated.
    CrossEntropy,
    /// The same in the single-precision arithmetic of common deep-learning libraries, as [`cross_entropy_f32`] computes
    /// it. It resolves less: a sample whose margin exceeds 16.6 costs exactly nothing, and masks that classify well
    /// often tie, so that a search compares their sparsity.
    ///
    /// [`cross_entropy_f32`]: crate::cross_entropy_f32
    CrossEntropyF32,
}

impl MetricName {
    /// The name on the command line and in files.
    pub fn name(self) -> &'static str {
        match self {
            MetricName::Accuracy => "accuracy",
            MetricName::CrossEntropy => "cross-entropy",
            MetricName::CrossEntropyF32 => "cross-entropy-f32",
        }
    }
}

impl fmt::Display for MetricName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

impl FromStr for MetricName {
    type Err = Error;

    fn from_str(name: &str) -> Result<Self, Error> {
        [MetricName::Accuracy, MetricName::CrossEntropy, MetricName::CrossEntropyF32]
            .into_iter()
            .find(|metric| metric.name() == name)
            .ok_or_else(|| Error::UnknownMetric { name: name.to_owned() })
    }
}
