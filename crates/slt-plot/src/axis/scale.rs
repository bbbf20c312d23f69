//! From values to distances along an axis.

use serde::{Deserialize, Serialize};

/// How values turn into distances along an axis.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub enum AxisScale {
    /// Distance in proportion to the value.
    #[default]
    Linear,
    /// Distance in proportion to the logarithm of the value, which must be positive.
    Log,
    /// Distance in proportion to the logarithm of what is missing to 1, for shares close to it: 0, 0.9, 0.99
    /// and 0.999 are equally far apart. Values must be less than 1.
    ToOne,
}

impl AxisScale {
    /// The quantity that distances are in proportion to.
    pub(crate) fn forward(self, value: f64) -> f64 {
        match self {
            Self::Linear => value,
            Self::Log => libm::log10(value),
            Self::ToOne => -libm::log10(1.0 - value),
        }
    }

    /// The inverse of [`AxisScale::forward`].
    pub(crate) fn backward(self, value: f64) -> f64 {
        match self {
            Self::Linear => value,
            Self::Log => libm::exp10(value),
            Self::ToOne => 1.0 - libm::exp10(-value),
        }
    }
}

/// An axis laid out between two coordinates of the page.
#[derive(Clone, Copy, Debug)]
pub(crate) struct AxisMap {
    pub(crate) scale: AxisScale,
    pub(crate) min: f64,
    pub(crate) max: f64,
    /// Coordinate of `min` in points.
    pub(crate) from: f64,
    /// Coordinate of `max` in points.
    pub(crate) to: f64,
}

impl AxisMap {
    /// The page coordinate of a value. Values that a logarithmic axis cannot show lie infinitely far below,
    /// or above where it is one [towards 1](AxisScale::ToOne).
    pub(crate) fn position(&self, value: f64) -> f64 {
        let (low, high) = (self.scale.forward(self.min), self.scale.forward(self.max));
        self.from + (self.scale.forward(value) - low) / (high - low) * (self.to - self.from)
    }
}
