//! Where in a figure something is wrong.

use std::fmt;

/// Where a mark is: counted from 0, shown from 1.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MarkPlace {
    /// Number of the panel in [`Figure::panels`](crate::Figure::panels).
    pub panel: usize,
    /// Number of the mark in [`Panel::marks`](crate::Panel::marks).
    pub mark: usize,
    /// The kind of mark, as `line` or `box plot`.
    pub kind: &'static str,
    /// The mark's label in the legend.
    pub label: Option<String>,
}

impl fmt::Display for MarkPlace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "panel {}, mark {} ({}", self.panel + 1, self.mark + 1, self.kind)?;
        if let Some(label) = &self.label {
            write!(f, " \"{label}\"")?;
        }
        f.write_str(")")
    }
}

/// Which axis: the panel's number counted from 0, shown from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AxisPlace {
    /// Number of the panel in [`Figure::panels`](crate::Figure::panels).
    pub panel: usize,
    /// Horizontal or vertical.
    pub direction: AxisDirection,
}

/// The direction of an axis.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AxisDirection {
    /// The horizontal axis.
    X,
    /// The vertical axis.
    Y,
    /// The scale of colours.
    Color,
}

impl fmt::Display for AxisDirection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::X => "x",
            Self::Y => "y",
            Self::Color => "colour",
        })
    }
}

impl fmt::Display for AxisPlace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "panel {}, {} axis", self.panel + 1, self.direction)
    }
}
