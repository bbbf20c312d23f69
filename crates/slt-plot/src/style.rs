//! How a line is dashed and which shape a marker has.

use serde::{Deserialize, Serialize};

use crate::color::Color;

/// The dashing of a line.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub enum Dash {
    /// By the number of the series: solid, dashed, dash-dotted, dotted, long-dashed, and again.
    #[default]
    Auto,
    /// Unbroken.
    Solid,
    /// Dashes.
    Dashed,
    /// Dashes and dots in turn.
    DashDotted,
    /// Dots.
    Dotted,
    /// Long dashes.
    LongDashed,
}

impl Dash {
    const CYCLE: [Self; 5] = [Self::Solid, Self::Dashed, Self::DashDotted, Self::Dotted, Self::LongDashed];

    /// Lengths of ink and gap in turn, in points.
    pub(crate) fn pattern(self, color: Color) -> &'static [f64] {
        match self {
            Self::Auto => Self::CYCLE[color.series_index() % Self::CYCLE.len()].pattern(color),
            Self::Solid => &[],
            Self::Dashed => &[4.2, 1.8],
            Self::DashDotted => &[4.8, 1.6, 1.3, 1.6],
            Self::Dotted => &[1.3, 1.5],
            Self::LongDashed => &[8.0, 2.2],
        }
    }
}

/// The shape of a marker.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub enum Marker {
    /// By the number of the series: circle, square, triangle, diamond, inverted triangle, and again.
    #[default]
    Auto,
    /// A disc.
    Circle,
    /// An upright square.
    Square,
    /// A triangle that points up.
    Triangle,
    /// A square on its corner.
    Diamond,
    /// A triangle that points down.
    InvertedTriangle,
}

impl Marker {
    const CYCLE: [Self; 5] =
        [Self::Circle, Self::Square, Self::Triangle, Self::Diamond, Self::InvertedTriangle];

    /// The shape itself; never [`Marker::Auto`].
    pub(crate) fn resolve(self, color: Color) -> Self {
        match self {
            Self::Auto => Self::CYCLE[color.series_index() % Self::CYCLE.len()],
            shape => shape,
        }
    }
}
