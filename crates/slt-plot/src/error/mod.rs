//! What can be wrong with a figure, and where.

mod place;

use std::error::Error as StdError;

pub use place::{AxisDirection, AxisPlace, MarkPlace};

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
    /// A panel covers no column or more than the figure has.
    #[error("panel {} covers {span} columns; it must cover between 1 and {columns}", .panel + 1)]
    PanelSpan {
        /// Number of the panel, from 0.
        panel: usize,
        /// Columns that it is to cover.
        span: usize,
        /// Columns of the figure.
        columns: usize,
    },
    /// A list of the figure has not one value for each of its columns or rows.
    #[error("`{field}` has {len} values; it must have {expected} or none")]
    GridCount {
        /// Name of the field.
        field: &'static str,
        /// Number of its values.
        len: usize,
        /// Number of columns or rows.
        expected: usize,
    },
    /// A ratio of widths is not a positive number.
    #[error("`column_ratios` holds {}; every ratio must be finite and greater than 0", number(*.value))]
    Ratio {
        /// The ratio.
        value: f64,
    },
    /// The width of the figure or the height of its frames is not a sensible print size.
    #[error("{field} is {} mm; it must be between {} and {} mm", number(*.value), number(*.min), number(*.max))]
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
    #[error("{} dots per inch give no picture between 1 and 250 million pixels", number(*.dpi))]
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
    #[error("{at}: `{field}[{index}]` is {}; every value must be finite", number(*.value))]
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
    /// A value in a table or grid is infinite or not a number.
    #[error("{at}: `{field}[{row}][{column}]` is {}; every value must be finite", number(*.value))]
    CellNotFinite {
        /// The mark.
        at: MarkPlace,
        /// Name of the field.
        field: &'static str,
        /// Row of the value, from 0.
        row: usize,
        /// Column of the value, from 0.
        column: usize,
        /// The value.
        value: f64,
    },
    /// There is less of something than the mark needs.
    #[error("{at}: `{field}` counts {len}; it must be at least {least}")]
    TooFew {
        /// The mark.
        at: MarkPlace,
        /// Name of the field.
        field: &'static str,
        /// How many there are.
        len: usize,
        /// How many there must be.
        least: usize,
    },
    /// A number lies outside of what the mark understands.
    #[error("{at}: `{field}` is {}; it must be greater than {} and at most {}", number(*.value), number(*.above), number(*.max))]
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
    /// Values that must rise do not.
    #[error("{at}: `{field}[{index}]` does not exceed the value before it; the values must rise")]
    NotRising {
        /// The mark.
        at: MarkPlace,
        /// Name of the field.
        field: &'static str,
        /// Position of the value that is too small, from 0.
        index: usize,
    },
    /// The rows of a table or grid differ in length.
    #[error("{at}: row {row} of `{field}` has {len} values; it must have {expected}")]
    Ragged {
        /// The mark.
        at: MarkPlace,
        /// Name of the field.
        field: &'static str,
        /// Number of the row, from 0.
        row: usize,
        /// Number of its values.
        len: usize,
        /// Number of values in the other rows or in the header.
        expected: usize,
    },
    /// The positions along an axis of a grid are neither the middles nor the edges of its cells.
    #[error(
        "{at}: `{field}` has {len} values for {cells} cells; it must have {cells} (their middles) or {} (their edges)",
        .cells + 1
    )]
    GridPositions {
        /// The mark.
        at: MarkPlace,
        /// Name of the field.
        field: &'static str,
        /// Number of its values.
        len: usize,
        /// Number of cells along the axis.
        cells: usize,
    },
    /// A logarithmic colour scale is asked to show zero or less.
    #[error("{at}: `{field}` holds {}; on a logarithmic scale every value must be positive", number(*.value))]
    ValueNotPositive {
        /// The mark.
        at: MarkPlace,
        /// Name of the field.
        field: &'static str,
        /// The value.
        value: f64,
    },
    /// A mark refers to something that is not there.
    #[error("{at}: `{field}` refers to number {index}, counted from 0; there are {count}")]
    NoSuch {
        /// The mark.
        at: MarkPlace,
        /// Name of the field.
        field: &'static str,
        /// The number.
        index: usize,
        /// How many there are.
        count: usize,
    },
    /// A mark that sizes itself needs more room than its panel has.
    #[error(
        "{at}: it needs {needed_mm:.1} mm of {direction} and has {available_mm:.1} mm; enlarge the figure or shorten the contents"
    )]
    DoesNotFit {
        /// The mark.
        at: MarkPlace,
        /// `width` or `height`.
        direction: &'static str,
        /// What the mark needs in millimetres.
        needed_mm: f64,
        /// What its panel has in millimetres.
        available_mm: f64,
    },
    /// The lower end of an interval lies above its upper end.
    #[error("{at}: interval {index} runs from {} to {}; its lower end must not exceed its upper end", number(*.lower), number(*.upper))]
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
    #[error("{at}: the range from {} to {} cannot be drawn; it must be finite, rise, and not be vanishingly narrow", number(*.min), number(*.max))]
    Range {
        /// The axis.
        at: AxisPlace,
        /// Lower end.
        min: f64,
        /// Upper end.
        max: f64,
    },
    /// A logarithmic axis is asked to show zero or less.
    #[error("{at}: a logarithmic axis cannot show {}; values must be positive", number(*.value))]
    NotPositive {
        /// The axis.
        at: AxisPlace,
        /// The smallest value.
        value: f64,
    },
    /// An axis that is logarithmic towards 1 is asked to show 1 or more.
    #[error("{at}: an axis towards 1 cannot show {}; values must be less than 1", number(*.value))]
    NotBelowOne {
        /// The axis.
        at: AxisPlace,
        /// The largest value.
        value: f64,
    },
    /// A mark reaches by its shape to where its values are not, and a logarithmic axis ends before.
    #[error(
        "{at}: {why}, and the logarithmic {axis} axis cannot show {}; use a linear axis or other marks", number(*.end)
    )]
    Overreach {
        /// The mark.
        at: MarkPlace,
        /// The axis.
        axis: AxisDirection,
        /// Where the mark ends.
        end: f64,
        /// Why it does.
        why: &'static str,
    },
    /// Labelled ticks do not rise.
    #[error("{at}: tick {index} is not finite or does not exceed the tick before it")]
    TickOrder {
        /// The axis.
        at: AxisPlace,
        /// Number of the tick, from 0.
        index: usize,
    },
    /// A row of texts below the tick labels has not one text for each of them.
    #[error(
        "{at}: row {row} below the labels has {len} texts; it must have one for each of the {expected} labels"
    )]
    LabelRow {
        /// The axis.
        at: AxisPlace,
        /// Number of the row, from 0.
        row: usize,
        /// Number of its texts.
        len: usize,
        /// Number of labelled ticks.
        expected: usize,
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
    /// The note does not fit below the figure.
    #[error(
        "the note has a word of {width_mm:.1} mm where {available_mm:.1} mm are free; shorten it or enlarge the figure"
    )]
    NoteTooWide {
        /// Width of its widest word in millimetres.
        width_mm: f64,
        /// Width of the figure without its margins in millimetres.
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
    /// The bundled font lacks a character of the note.
    #[error("the note has the character {character:?}, which the bundled font cannot show")]
    UnsupportedInNote {
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

/// A number in some twenty characters at most: very large and very small ones with an exponent.
fn number(value: f64) -> String {
    let plain = value == 0.0 || !value.is_finite() || (1e-5..1e15).contains(&value.abs());
    if plain { value.to_string() } else { format!("{value:e}") }
}

impl Error {
    pub(crate) fn drawing(source: impl StdError + Send + Sync + 'static) -> Self {
        Self::Drawing(Box::new(source))
    }

    pub(crate) fn rendering(source: impl StdError + Send + Sync + 'static) -> Self {
        Self::Rendering(Box::new(source))
    }
}
