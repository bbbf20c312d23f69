//! What data span along an axis.

use crate::theme;

/// An interval of data, and the room that an automatic axis should leave at its ends, as shares of the
/// interval.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Span {
    pub(crate) min: f64,
    pub(crate) max: f64,
    pub(crate) pad_min: f64,
    pub(crate) pad_max: f64,
}

impl Span {
    /// The span of finite values with the usual room at both ends, `None` if there are none.
    pub(crate) fn of(values: impl IntoIterator<Item = f64>) -> Option<Self> {
        values
            .into_iter()
            .map(|v| Self { min: v, max: v, pad_min: theme::RANGE_PADDING, pad_max: theme::RANGE_PADDING })
            .reduce(Self::union)
    }

    /// The same span that runs to the very ends of the axis.
    pub(crate) fn tight(self) -> Self {
        Self { pad_min: 0.0, pad_max: 0.0, ..self }
    }

    /// Both spans together. Whichever reaches further decides about the room at that end.
    pub(crate) fn union(self, other: Self) -> Self {
        let decides = |own: f64, others: f64, ahead: f64| match ahead {
            0.0 => own.max(others),
            ahead if ahead > 0.0 => own,
            _ => others,
        };
        Self {
            min: self.min.min(other.min),
            max: self.max.max(other.max),
            pad_min: decides(self.pad_min, other.pad_min, other.min - self.min),
            pad_max: decides(self.pad_max, other.pad_max, self.max - other.max),
        }
    }
}
