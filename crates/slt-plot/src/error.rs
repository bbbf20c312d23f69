//! What can be wrong with a figure, and where.

use std::error::Error as StdError;
use std::fmt;

/// Why a figure cannot be drawn.
///
/// ```
/// use slt_plot::{Axis, Figure, Line, Panel};
/// let uneven = Line::new(vec![0.0, 1.0], vec![0.5]).label("GA");
/// let error = Figure::single_column(Panel::new(Axis::new("x"), Axis::new("y")).mark(uneven)).to_svg().unwrap_err();
/// assert_eq!(
///     error.to_string(),
///     "panel 1, mark 1 (line \"GA\"): `y` has 1 values; it must have as many as `x`, 2"
/// );
/// ```
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// Something is wrong with the figure, or too large for its place.
    #[error("{place}: {problem}")]
    Figure {
        /// The panel, mark or axis, counted from 1.
        place: String,
        /// What is wrong, and what would be right.
        problem: String,
    },
    /// The drawing could not be turned into pixels.
    #[error("rendering to pixels failed: {0}")]
    Rendering(#[source] Box<dyn StdError + Send + Sync>),
}

/// A number in some twenty characters at most: very large and very small ones with an exponent.
pub(crate) fn number(value: f64) -> String {
    let plain = value == 0.0 || !value.is_finite() || (1e-5..1e15).contains(&value.abs());
    if plain { value.to_string() } else { format!("{value:e}") }
}

/// A part of a figure. Panels and marks are counted from 0 and shown from 1.
#[derive(Clone, Debug)]
pub(crate) enum Place {
    Figure,
    Panel(usize),
    Axis { panel: usize, direction: AxisDirection },
    Mark { panel: usize, mark: usize, kind: &'static str, label: Option<String> },
}

/// The direction of an axis; the colours of a map have one, too.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum AxisDirection {
    X,
    Y,
    Color,
}

impl Place {
    /// An error here unless all is right.
    pub(crate) fn require(&self, is_right: bool, problem: fmt::Arguments<'_>) -> Result<(), Error> {
        let error = || Error::Figure { place: self.to_string(), problem: problem.to_string() };
        is_right.then_some(()).ok_or_else(error)
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Figure => f.write_str("the figure"),
            Self::Panel(panel) => write!(f, "panel {}", panel + 1),
            Self::Axis { panel, direction } => write!(f, "panel {}, {direction} axis", panel + 1),
            Self::Mark { panel, mark, kind, label } => {
                let label = label.as_ref().map_or(String::new(), |label| format!(" \"{label}\""));
                write!(f, "panel {}, mark {} ({kind}{label})", panel + 1, mark + 1)
            }
        }
    }
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
