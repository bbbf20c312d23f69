//! A scaling that is fitted once and applied to whatever comes later.

use std::{fmt, str::FromStr};

use ndarray::{Array2, ArrayView2, Axis};
use serde::{Deserialize, Serialize};

use super::min_max::{HIGH, LOW, rescale};
use crate::{dataset::Dataset, error::Error};

/// Length of the scaled range.
const SPAN: f32 = (HIGH - LOW) as f32;

/// What a [`Scaler`] takes from the data it is fitted on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ScalerKind {
    /// One minimum and one maximum over all features, to `[-0.7, 0.7]`. For features of one kind, such as
    /// pixels.
    MinMaxGlobal,
    /// A minimum and a maximum for each feature, to `[-0.7, 0.7]`. For features of different units.
    MinMaxPerFeature,
    /// A mean and a standard deviation (dividing by `n`) for each feature, to mean 0 and deviation 1.
    Standard,
    /// The largest absolute value over all features, to `[-1, 1]`: what is 0 stays 0. For pixels on a dark
    /// ground.
    MaxAbsGlobal,
}

impl ScalerKind {
    const NAMES: &[&str] = &["min-max-global", "min-max-per-feature", "standard", "max-abs-global"];
    const ALL: [Self; 4] = [Self::MinMaxGlobal, Self::MinMaxPerFeature, Self::Standard, Self::MaxAbsGlobal];

    /// Whether one pair of numbers is for all features.
    pub fn is_global(self) -> bool {
        matches!(self, Self::MinMaxGlobal | Self::MaxAbsGlobal)
    }
}

impl fmt::Display for ScalerKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(Self::NAMES[*self as usize])
    }
}

impl FromStr for ScalerKind {
    type Err = Error;

    fn from_str(given: &str) -> Result<Self, Error> {
        let index = crate::error::known_name("scaler", given, Self::NAMES)?;
        Ok(Self::ALL[index])
    }
}

/// A scaling with its numbers, fitted on one data set and applicable to any other with as many features.
///
/// With the fitted pair `(p, q)` of a feature, everything in single precision and in the order written:
///
/// | kind | pair | value `x` becomes | if the feature was constant |
/// |---|---|---|---|
/// | min-max | minimum, maximum | `1.4 * (x - p) / (q - p) + -0.7` | 0 |
/// | standard | mean, deviation | `(x - p) / q` | 0 |
/// | max-abs | 0, largest absolute value | `x / q` | 0 if all are 0 |
///
/// Minimum and maximum are exact. Mean and deviation are taken in double precision, summed in row order (the
/// deviation in a second pass, around the mean), then rounded. A constant feature carries nothing to learn
/// from, so it is mapped to the middle, whatever it may be in later data. Values outside the fitted range are
/// not clipped.
///
/// On the data of the fit, [`ScalerKind::MinMaxGlobal`] equals [`min_max`](super::min_max) bit for bit.
///
/// ```
/// use ndarray::array;
/// use slt_datasets::{Dataset, scaling::{Scaler, ScalerKind}};
///
/// let train = Dataset::new("two", array![[0., 100.], [8., 228.]], vec![0, 1], 2)?;
/// let scaler = Scaler::fit(&train, ScalerKind::MinMaxPerFeature)?;
/// let later = scaler.transform_array(&array![[4., 228.]].view())?;
/// assert_eq!(later, array![[0.0, 0.7]]);
/// # Ok::<(), slt_datasets::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "Parts", into = "Parts")]
pub struct Scaler {
    kind: ScalerKind,
    n_features: usize,
    /// One pair if it is of all features, otherwise one a feature.
    parameters: Vec<[f32; 2]>,
}

/// The stored form, before it is checked.
#[derive(Serialize, Deserialize)]
struct Parts {
    kind: ScalerKind,
    n_features: usize,
    parameters: Vec<[f32; 2]>,
}

impl Scaler {
    /// Fits a scaler to the features of `data`.
    ///
    /// # Errors
    ///
    /// [`Error::ScalerParameters`] if the range of a feature is so large that scaling the same data would
    /// leave the range of `f32`.
    pub fn fit(data: &Dataset, kind: ScalerKind) -> Result<Self, Error> {
        Self::fit_columns(
            data.features().columns().into_iter().map(|column| column.into_iter().copied()),
            kind,
        )
    }

    /// Fits a scaler to the values of columns, all of the same length.
    pub(crate) fn fit_columns<C>(columns: impl Iterator<Item = C>, kind: ScalerKind) -> Result<Self, Error>
    where
        C: Iterator<Item = f32> + Clone,
    {
        let ranges: Vec<[f32; 2]>;
        let mut n_features = 0;
        let columns = columns.inspect(|_| n_features += 1);
        let parameters = match kind {
            ScalerKind::MinMaxGlobal => {
                ranges = vec![joined(columns.map(range))];
                ranges.clone()
            }
            ScalerKind::MaxAbsGlobal => {
                let [min, max] = joined(columns.map(range));
                ranges = vec![[min, max]];
                vec![[0.0, max.max(-min)]]
            }
            ScalerKind::MinMaxPerFeature => {
                ranges = columns.map(range).collect();
                ranges.clone()
            }
            ScalerKind::Standard => {
                let both: Vec<_> = columns.map(|column| (range(column.clone()), moments(column))).collect();
                ranges = both.iter().map(|pair| pair.0).collect();
                both.into_iter().map(|pair| pair.1).collect()
            }
        };
        let scaler = Self::from_parameters(kind, n_features, parameters)?;
        for (index, ends) in ranges.into_iter().enumerate() {
            let [first, second] = scaler.parameters[index];
            if !ends.iter().all(|&value| scaler.scale(value, index).is_finite()) {
                let allowed = "every value minus the mean must be within f32";
                return Err(Error::ScalerParameters { index, first, second, allowed });
            }
        }
        Ok(scaler)
    }

    /// Rebuilds a scaler from its stored parts.
    ///
    /// # Shapes
    ///
    /// `parameters` has one pair for a kind that is global, otherwise `n_features` pairs.
    ///
    /// # Errors
    ///
    /// [`Error::Length`] for another number of pairs; [`Error::ScalerParameters`] unless every pair is finite
    /// and in order (`minimum <= maximum` with 1.4 times the difference finite, `deviation >= 0`, or 0 and a
    /// number `>= 0`); [`Error::Parameter`] without features.
    pub fn from_parameters(
        kind: ScalerKind,
        n_features: usize,
        parameters: Vec<[f32; 2]>,
    ) -> Result<Self, Error> {
        if n_features == 0 {
            return Err(Error::Parameter { parameter: "n_features", value: 0.0, allowed: "at least 1" });
        }
        let (expected, reason) = if kind.is_global() {
            (1, "one pair for all features")
        } else {
            (n_features, "one pair for each feature")
        };
        if parameters.len() != expected {
            return Err(Error::Length { parameter: "parameters", found: parameters.len(), expected, reason });
        }
        for (index, &[first, second]) in parameters.iter().enumerate() {
            let (usable, allowed) = match kind {
                ScalerKind::Standard => (
                    first.is_finite() && second.is_finite() && second >= 0.0,
                    "a finite mean, a finite deviation >= 0",
                ),
                ScalerKind::MaxAbsGlobal => {
                    (first == 0.0 && second.is_finite() && second >= 0.0, "0 and a finite number >= 0")
                }
                _ => (
                    (SPAN * (second - first)).is_finite() && first <= second,
                    "minimum <= maximum, 1.4 times the difference within f32",
                ),
            };
            if !usable {
                return Err(Error::ScalerParameters { index, first, second, allowed });
            }
        }
        Ok(Self { kind, n_features, parameters })
    }

    /// What was fitted.
    #[must_use]
    pub fn kind(&self) -> ScalerKind {
        self.kind
    }

    /// Number of features of the data it was fitted on.
    #[must_use]
    pub fn n_features(&self) -> usize {
        self.n_features
    }

    /// The fitted pairs: one for a kind that is global, otherwise one a feature.
    #[must_use]
    pub fn parameters(&self) -> &[[f32; 2]] {
        &self.parameters
    }

    /// The data set with scaled features.
    ///
    /// # Errors
    ///
    /// [`Error::FeatureCount`] for another number of features; [`Error::NotFinite`] if a value far outside
    /// the fitted range leaves the range of `f32`.
    pub fn transform(&self, data: &Dataset) -> Result<Dataset, Error> {
        data.with_features(self.transform_array(&data.features().view())?)
    }

    /// Scaled copies of unlabelled samples.
    ///
    /// # Shapes
    ///
    /// `features` and the result are `n_samples x n_features`.
    ///
    /// # Errors
    ///
    /// [`Error::FeatureCount`] for another number of features. The values are not checked: what is not finite
    /// stays so.
    pub fn transform_array(&self, features: &ArrayView2<'_, f32>) -> Result<Array2<f32>, Error> {
        if features.ncols() != self.n_features {
            return Err(Error::FeatureCount { found: features.ncols(), expected: self.n_features });
        }
        let mut scaled = features.as_standard_layout().into_owned();
        for (index, mut column) in scaled.axis_iter_mut(Axis(1)).enumerate() {
            column.mapv_inplace(|value| self.scale(value, index));
        }
        Ok(scaled)
    }

    /// All rows, one after the other.
    pub(crate) fn scale_rows(&self, values: &mut Array2<f32>) {
        for mut row in values.rows_mut() {
            match (self.kind, row.as_slice_mut()) {
                // The same as `scale` says, as vector code.
                (ScalerKind::Standard, Some(row)) => {
                    for (value, &[mean, deviation]) in row.iter_mut().zip(&self.parameters) {
                        let scaled = (*value - mean) / deviation;
                        *value = if deviation == 0.0 { 0.0 } else { scaled };
                    }
                }
                _ => {
                    for (index, value) in row.iter_mut().enumerate() {
                        *value = self.scale(*value, index);
                    }
                }
            }
        }
    }

    /// A value of the feature number `index`.
    pub(crate) fn scale(&self, value: f32, index: usize) -> f32 {
        let [first, second] = self.parameters[index.min(self.parameters.len() - 1)];
        match self.kind {
            ScalerKind::Standard if second == 0.0 => 0.0,
            ScalerKind::Standard => (value - first) / second,
            ScalerKind::MaxAbsGlobal if second == 0.0 => 0.0,
            ScalerKind::MaxAbsGlobal => value / second,
            _ if first == second => 0.0,
            _ => rescale(value, first, second, SPAN, LOW as f32),
        }
    }
}

impl TryFrom<Parts> for Scaler {
    type Error = Error;

    fn try_from(parts: Parts) -> Result<Self, Error> {
        Self::from_parameters(parts.kind, parts.n_features, parts.parameters)
    }
}

impl From<Scaler> for Parts {
    fn from(scaler: Scaler) -> Self {
        Self { kind: scaler.kind, n_features: scaler.n_features, parameters: scaler.parameters }
    }
}

/// Minimum and maximum.
fn range(values: impl Iterator<Item = f32>) -> [f32; 2] {
    values.fold([f32::INFINITY, f32::NEG_INFINITY], |[min, max], value| [min.min(value), max.max(value)])
}

/// Minimum and maximum of several ranges.
fn joined(ranges: impl Iterator<Item = [f32; 2]>) -> [f32; 2] {
    ranges.fold([f32::INFINITY, f32::NEG_INFINITY], |[min, max], [low, high]| [min.min(low), max.max(high)])
}

/// Mean and standard deviation.
fn moments(values: impl Iterator<Item = f32> + Clone) -> [f32; 2] {
    let n = values.clone().count() as f64;
    let mean = values.clone().map(f64::from).sum::<f64>() / n;
    let [min, max] = range(values.clone());
    if min == max {
        // The rounded mean may miss the only value, which would make the deviation a tiny number instead of
        // 0.
        return [min, 0.0];
    }
    let squares: f64 = values.map(|value| (f64::from(value) - mean) * (f64::from(value) - mean)).sum();
    [mean as f32, (squares / n).sqrt() as f32]
}
