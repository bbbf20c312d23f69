//! What can be wrong with a figure, and where.

use std::error::Error as StdError;
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
}

impl fmt::Display for AxisPlace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = match self.direction {
            AxisDirection::X => 'x',
            AxisDirection::Y => 'y',
        };
        write!(f, "panel {}, {name} axis", self.panel + 1)
    }
}

/// Why a figure cannot be drawn.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The figure has no panels.
    #[error("the figure has no panels; it needs at least one")]
    NoPanels,
    /// The grid of panels has no columns.
    #[error("the figure has 0 columns; it needs at least one")]
    NoColumns,
    /// The width of the figure or the height of its frames is not a sensible print size.
    #[error("{field} is {value} mm; it must be between {min} and {max} mm")]
    Size {
        /// Name of the field.
        field: &'static str,
        /// Its value in millimetres.
        value: f64,
        /// Smallest possible value.
        min: f64,
        /// Largest possible value.
        max: f64,
    },
    /// The resolution gives a picture of no pixels or of too many.
    #[error("{dpi} dots per inch give no picture between 1 and 250 million pixels")]
    Resolution {
        /// Dots per inch asked for.
        dpi: f64,
    },
    /// The panel has no marks.
    #[error("panel {} has no marks; it needs at least one", .panel + 1)]
    NoMarks {
        /// Number of the panel, from 0.
        panel: usize,
    },
    /// The mark has no data.
    #[error("{at}: `{field}` is empty; it needs at least one value")]
    Empty {
        /// The mark.
        at: MarkPlace,
        /// Name of the field.
        field: &'static str,
    },
    /// Two arrays of a mark differ in length.
    #[error("{at}: `{field}` has {len} values, `{other}` has {expected}; they must be equally many")]
    LengthMismatch {
        /// The mark.
        at: MarkPlace,
        /// Name of the field.
        field: &'static str,
        /// Number of its values.
        len: usize,
        /// Name of the field it is compared with.
        other: &'static str,
        /// Number of that field's values.
        expected: usize,
    },
    /// A value is infinite or not a number.
    #[error("{at}: `{field}[{index}]` is {value}; every value must be finite")]
    NotFinite {
        /// The mark.
        at: MarkPlace,
        /// Name of the field.
        field: &'static str,
        /// Position in the field, from 0.
        index: usize,
        /// The value.
        value: f64,
    },
    /// A number lies outside of what the mark understands.
    #[error("{at}: `{field}` is {value}; it must be greater than {above} and at most {max}")]
    Setting {
        /// The mark.
        at: MarkPlace,
        /// Name of the field.
        field: &'static str,
        /// Its value.
        value: f64,
        /// What it must exceed.
        above: f64,
        /// Largest possible value.
        max: f64,
    },
    /// Values that must not fall do.
    #[error("{at}: `{field}[{index}]` is less than the value before it; the values must not fall")]
    NotSorted {
        /// The mark.
        at: MarkPlace,
        /// Name of the field, or of the sequence of fields.
        field: &'static str,
        /// Position of the value that is too small, from 0.
        index: usize,
    },
    /// The lower end of an interval lies above its upper end.
    #[error(
        "{at}: interval {index} runs from {lower} to {upper}; its lower end must not exceed its upper end"
    )]
    ReversedInterval {
        /// The mark.
        at: MarkPlace,
        /// Position of the interval, from 0.
        index: usize,
        /// Lower end.
        lower: f64,
        /// Upper end.
        upper: f64,
    },
    /// No mark tells the extent of an axis and no range is fixed.
    #[error("{at}: nothing tells its range; fix the range or add a mark that has an extent along it")]
    NoRange {
        /// The axis.
        at: AxisPlace,
    },
    /// A range is empty, reversed, not finite, or too narrow for its distance from zero.
    #[error(
        "{at}: the range from {min} to {max} cannot be drawn; it must be finite, rise, and not be vanishingly narrow"
    )]
    Range {
        /// The axis.
        at: AxisPlace,
        /// Lower end.
        min: f64,
        /// Upper end.
        max: f64,
    },
    /// A logarithmic axis is asked to show zero or less.
    #[error("{at}: a logarithmic axis cannot show {value}; values must be positive")]
    NotPositive {
        /// The axis.
        at: AxisPlace,
        /// The smallest value.
        value: f64,
    },
    /// Labelled ticks do not rise.
    #[error("{at}: tick {index} is not finite or does not exceed the tick before it")]
    TickOrder {
        /// The axis.
        at: AxisPlace,
        /// Number of the tick, from 0.
        index: usize,
    },
    /// Labelled ticks are so close that their labels overlap even when turned.
    #[error("{at}: its tick labels overlap; use fewer or shorter ones or a larger figure")]
    TickLabelsOverlap {
        /// The axis.
        at: AxisPlace,
    },
    /// A text does not fit into its place.
    #[error(
        "panel {}: \"{text}\" has a word of {width_mm:.1} mm where {available_mm:.1} mm are free; shorten it or enlarge the figure",
        .panel + 1
    )]
    TextTooWide {
        /// Number of the panel, from 0.
        panel: usize,
        /// The text.
        text: String,
        /// Width of its widest word in millimetres.
        width_mm: f64,
        /// Width of its place in millimetres.
        available_mm: f64,
    },
    /// The labels leave no room for the data.
    #[error(
        "the labels leave frames of {width_mm:.1} mm; they must be at least {min_mm:.1} mm wide: use fewer columns or a wider figure"
    )]
    FrameTooNarrow {
        /// Width that is left for each frame in millimetres.
        width_mm: f64,
        /// Smallest possible width in millimetres.
        min_mm: f64,
    },
    /// The bundled font lacks a character.
    #[error("panel {}: \"{text}\" has the character {character:?}, which the bundled font cannot show", .panel + 1)]
    UnsupportedCharacter {
        /// Number of the panel, from 0.
        panel: usize,
        /// The text.
        text: String,
        /// The character.
        character: char,
    },
    /// plotters could not draw an element.
    #[error("drawing failed: {0}")]
    Drawing(#[source] Box<dyn StdError + Send + Sync>),
    /// resvg could not render the drawing.
    #[error("rendering to pixels failed: {0}")]
    Rendering(#[source] Box<dyn StdError + Send + Sync>),
}

impl Error {
    pub(crate) fn drawing(source: impl StdError + Send + Sync + 'static) -> Self {
        Self::Drawing(Box::new(source))
    }

    pub(crate) fn rendering(source: impl StdError + Send + Sync + 'static) -> Self {
        Self::Rendering(Box::new(source))
    }
}
