//! What can be wrong with a figure, and where.

use std::error::Error as StdError;
use std::fmt;

/// Why a figure cannot be drawn: where something is wrong, what it is, and what would be right.
///
/// ```
/// use slt_plot::{Axis, Error, Figure, Line, Panel, Place};
/// let uneven = Line::new(vec![0.0, 1.0], vec![0.5]).label("GA");
/// let error = Figure::single_column(Panel::new(Axis::new("x"), Axis::new("y")).mark(uneven)).to_svg().unwrap_err();
/// assert_eq!(
///     error.to_string(),
///     "panel 1, mark 1 (line \"GA\"): `y` has 1 values; it must have as many as `x`, 2"
/// );
/// assert!(matches!(error, Error::Count { at: Place::Mark { panel: 0, .. }, field: "y", len: 1, .. }));
/// ```
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A number is not one that its field can have.
    #[error("{at}: `{field}` is {}; it must be {expected}", number(*.value))]
    Value {
        /// Where.
        at: Place,
        /// Name of the field, with the position in it from 0.
        field: String,
        /// The number.
        value: f64,
        /// What it must be.
        expected: String,
    },
    /// A list has not as many values as it must have.
    #[error("{at}: `{field}` has {len} values; it must have {expected}")]
    Count {
        /// Where.
        at: Place,
        /// Name of the field.
        field: &'static str,
        /// How many there are.
        len: usize,
        /// How many there must be.
        expected: String,
    },
    /// A number is not greater than the one before it, or less than it where equal ones are right.
    #[error("{at}: `{field}[{index}]` {}", order(*.strict))]
    Order {
        /// Where.
        at: Place,
        /// Name of the field.
        field: &'static str,
        /// Position of the number that is too small, from 0.
        index: usize,
        /// Whether the numbers must rise; else they must not fall.
        strict: bool,
    },
    /// A range is empty, reversed, not finite, or too narrow for its distance from zero.
    #[error(
        "{at}: the range from {} to {} cannot be drawn; it must be finite, rise, and not be vanishingly narrow",
        number(*.min), number(*.max)
    )]
    Range {
        /// The axis.
        at: Place,
        /// Lower end.
        min: f64,
        /// Upper end.
        max: f64,
    },
    /// No mark tells the extent of an axis and no range is fixed.
    #[error("{at}: nothing tells its range; fix the range or add a mark that has an extent along it")]
    NoRange {
        /// The axis.
        at: Place,
    },
    /// Something is too large for its place.
    #[error(
        "{at}: {what} needs {needed_mm:.1} mm where {available_mm:.1} mm are free; shorten it or enlarge the figure"
    )]
    NoRoom {
        /// Where.
        at: Place,
        /// What it is.
        what: String,
        /// What it needs in millimetres.
        needed_mm: f64,
        /// What there is in millimetres.
        available_mm: f64,
    },
    /// The bundled font lacks a character.
    #[error("{at}: \"{text}\" has the character {character:?}, which the bundled font cannot show")]
    Character {
        /// Where.
        at: Place,
        /// The text.
        text: String,
        /// The character.
        character: char,
    },
    /// The drawing could not be turned into pixels.
    #[error("rendering to pixels failed: {0}")]
    Rendering(#[source] Box<dyn StdError + Send + Sync>),
}

fn order(strict: bool) -> &'static str {
    if strict {
        "does not exceed the value before it; the values must rise"
    } else {
        "is less than the value before it; the values must not fall"
    }
}

/// A number in some twenty characters at most: very large and very small ones with an exponent.
pub(crate) fn number(value: f64) -> String {
    let plain = value == 0.0 || !value.is_finite() || (1e-5..1e15).contains(&value.abs());
    if plain { value.to_string() } else { format!("{value:e}") }
}

/// A part of a figure. Panels and marks are counted from 0 and shown from 1.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Place {
    /// The figure as a whole.
    Figure,
    /// A panel, by its number in [`Figure::panels`](crate::Figure::panels).
    Panel(usize),
    /// An axis of a panel.
    Axis {
        /// Number of the panel.
        panel: usize,
        /// Which axis.
        direction: AxisDirection,
    },
    /// A mark of a panel.
    Mark {
        /// Number of the panel.
        panel: usize,
        /// Number of the mark in [`Panel::marks`](crate::Panel::marks).
        mark: usize,
        /// The kind of mark, as `line` or `box plot`.
        kind: &'static str,
        /// The mark's label in the legend.
        label: Option<String>,
    },
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

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Figure => f.write_str("the figure"),
            Self::Panel(panel) => write!(f, "panel {}", panel + 1),
            Self::Axis { panel, direction } => write!(f, "panel {}, {direction} axis", panel + 1),
            Self::Mark { panel, mark, kind, label } => {
                write!(f, "panel {}, mark {} ({kind}", panel + 1, mark + 1)?;
                if let Some(label) = label {
                    write!(f, " \"{label}\"")?;
                }
                f.write_str(")")
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
