use std::borrow::Cow;
use std::fmt;
use std::ops::RangeInclusive;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::{
    Accuracy, Auc, BalancedAccuracy, CrossEntropy, CrossEntropyF32, Goal, MacroF1, Margin,
    MatthewsCorrelation, Metric, Scoring, TemperedCrossEntropy,
};
use crate::Error;

/// The metrics that have a name on the command line and in files. Each is a [`Metric`], the same as the type
/// that it names.
///
/// | name | metric |
/// |---|---|
/// | `accuracy` | [`Accuracy`] |
/// | `balanced-accuracy` | [`BalancedAccuracy`] |
/// | `macro-f1` | [`MacroF1`] |
/// | `matthews-correlation` | [`MatthewsCorrelation`] |
/// | `auc` | [`Auc`] |
/// | `cross-entropy` | [`CrossEntropy`] |
/// | `cross-entropy:T` | [`TemperedCrossEntropy`] with temperature `T` |
/// | `cross-entropy-f32` | [`CrossEntropyF32`] |
/// | `margin:M` | [`Margin`] with margin `M` |
///
/// ```
/// use slt_mlp::MetricName;
/// let tempered: MetricName = "cross-entropy:2.5".parse()?;
/// assert_eq!(tempered.to_string(), "cross-entropy:2.5");
/// assert!("margin:0".parse::<MetricName>().is_err());
/// # Ok::<(), slt_mlp::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
#[non_exhaustive]
pub enum MetricName {
    /// [`Accuracy`].
    Accuracy,
    /// [`BalancedAccuracy`].
    BalancedAccuracy,
    /// [`MacroF1`].
    MacroF1,
    /// [`MatthewsCorrelation`].
    MatthewsCorrelation,
    /// [`Auc`].
    Auc,
    /// [`CrossEntropy`].
    CrossEntropy,
    /// [`TemperedCrossEntropy`].
    TemperedCrossEntropy(TemperedCrossEntropy),
    /// [`CrossEntropyF32`].
    CrossEntropyF32,
    /// [`Margin`].
    Margin(Margin),
}

/// Those without a parameter.
const PLAIN: [MetricName; 7] = [
    MetricName::Accuracy,
    MetricName::BalancedAccuracy,
    MetricName::MacroF1,
    MetricName::MatthewsCorrelation,
    MetricName::Auc,
    MetricName::CrossEntropy,
    MetricName::CrossEntropyF32,
];

impl MetricName {
    /// Whether the metric depends on more than the predicted classes, as losses do: a search goes on
    /// improving it by a little nearly always.
    ///
    /// ```
    /// use slt_mlp::MetricName;
    /// assert!(MetricName::CrossEntropy.is_gradual() && MetricName::Auc.is_gradual());
    /// assert!(!MetricName::BalancedAccuracy.is_gradual());
    /// ```
    pub fn is_gradual(self) -> bool {
        !matches!(self.scoring(), Scoring::Accuracy | Scoring::Confusion(_))
    }

    fn metric(&self) -> &dyn Metric {
        match self {
            MetricName::Accuracy => &Accuracy,
            MetricName::BalancedAccuracy => &BalancedAccuracy,
            MetricName::MacroF1 => &MacroF1,
            MetricName::MatthewsCorrelation => &MatthewsCorrelation,
            MetricName::Auc => &Auc,
            MetricName::CrossEntropy => &CrossEntropy,
            MetricName::TemperedCrossEntropy(metric) => metric,
            MetricName::CrossEntropyF32 => &CrossEntropyF32,
            MetricName::Margin(metric) => metric,
        }
    }
}

impl Metric for MetricName {
    fn name(&self) -> Cow<'_, str> {
        self.metric().name()
    }
    fn scoring(&self) -> Scoring<'_> {
        self.metric().scoring()
    }
    fn range(&self) -> RangeInclusive<f64> {
        self.metric().range()
    }
    fn goal(&self) -> Goal {
        self.metric().goal()
    }
    fn fingerprint(&self) -> u64 {
        self.metric().fingerprint()
    }
}

impl fmt::Display for MetricName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.name())
    }
}

impl FromStr for MetricName {
    type Err = Error;

    fn from_str(name: &str) -> Result<Self, Error> {
        let unknown = || Error::UnknownMetric { name: name.to_owned() };
        let Some((family, parameter)) = name.split_once(':') else {
            return PLAIN.into_iter().find(|metric| metric.name() == name).ok_or_else(unknown);
        };
        let parameter = parameter.parse::<f32>().map_err(|_| unknown());
        match family {
            "cross-entropy" => TemperedCrossEntropy::new(parameter?).map(MetricName::TemperedCrossEntropy),
            "margin" => Margin::new(parameter?).map(MetricName::Margin),
            _ => Err(unknown()),
        }
    }
}

impl From<MetricName> for String {
    fn from(metric: MetricName) -> Self {
        metric.to_string()
    }
}

impl TryFrom<String> for MetricName {
    type Error = Error;

    fn try_from(name: String) -> Result<Self, Error> {
        name.parse()
    }
}
