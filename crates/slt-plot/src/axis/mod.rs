//! Axes: what a panel's horizontal and vertical direction mean.

pub(crate) mod decimal;
pub(crate) mod range;
pub(crate) mod scale;
pub(crate) mod span;
pub(crate) mod ticks;

use serde::{Deserialize, Serialize};

use crate::style::setters;

pub use range::Range;
pub use scale::AxisScale;

/// One axis of a panel.
///
/// ```
/// use slt_plot::Axis;
/// let accuracy = Axis::new("Test accuracy (%)").percent().range(0.5, 1.0);
/// let weights = Axis::new("Active weights").log();
/// let architectures = Axis::categories("Architecture", ["A", "B"]).label_row("Sparsity (%)", ["73", "59"]);
/// let close_to_all = Axis::new("Test accuracy (%)").percent().to_one().range(0.5, 0.9999);
/// ```
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Axis {
    /// The name of the quantity with its unit, as `Sparsity (%)`; empty for none. Breaks into lines where it
    /// is longer than the axis.
    pub label: String,
    /// What the axis spans.
    pub range: Range,
    /// How values turn into distances.
    pub scale: AxisScale,
    /// How tick values are written.
    pub format: Format,
    /// Where the ticks are.
    pub ticks: Ticks,
    /// Further rows of texts below the labelled ticks of an x axis; a y axis does not show them.
    #[serde(default)]
    pub label_rows: Vec<LabelRow>,
}

/// A row of texts below the tick labels of an x axis, one for each labelled tick, with a caption at its left
/// end.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct LabelRow {
    /// What the texts are, left of the axis; empty for nothing.
    pub caption: String,
    /// The texts, of one line each.
    pub texts: Vec<String>,
}

/// How tick values are written. Numbers of a million and more, or less than a thousandth, are divided by a
/// power of 1000 that is added to the axis label.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub enum Format {
    /// As they are.
    #[default]
    Number,
    /// As they are, with ticks at whole numbers only, unless there is none in the range.
    Integer,
    /// A fraction as percentage without sign (0.25 becomes `25`). The unit belongs to the axis label.
    Percent,
}

/// Where the ticks of an axis are.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub enum Ticks {
    /// At multiples of 1, 2 or 5 times a power of ten, as many as have room.
    #[default]
    Auto,
    /// No ticks and no grid.
    None,
    /// At the given places with the given texts and no grid, for categories. Those outside the range are left
    /// out.
    Labels(Vec<TickLabel>),
}

/// A tick with a text of its own.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TickLabel {
    /// Position in units of the axis.
    pub at: f64,
    /// The text; `\n` begins a new line. Where the texts of an x axis do not fit side by side they break at
    /// spaces, and where that is not enough they are turned.
    pub text: String,
}

impl Axis {
    /// A linear axis with automatic range and ticks.
    #[must_use]
    pub fn new(label: impl Into<String>) -> Self {
        Self { label: label.into(), ..Self::default() }
    }

    /// An axis of categories at 0, 1, 2, ...
    #[must_use]
    pub fn categories<S: Into<String>>(label: impl Into<String>, names: impl IntoIterator<Item = S>) -> Self {
        let labels: Vec<TickLabel> = names
            .into_iter()
            .enumerate()
            .map(|(i, name)| TickLabel { at: i as f64, text: name.into() })
            .collect();
        let range = Range::fixed(-0.5, labels.len() as f64 - 0.5);
        Self { label: label.into(), range, ticks: Ticks::Labels(labels), ..Self::default() }
    }
}

setters!(Axis {
    /// Adds a row of texts below the tick labels of an x axis.
    label_row(caption: impl Into<String>, texts: impl IntoIterator<Item = impl Into<String>>) {
        label_rows.push(LabelRow {
            caption: caption.into(),
            texts: texts.into_iter().map(Into::into).collect(),
        })
    }
    /// Fixes both ends of the range.
    range(min: f64, max: f64) { range = Range::fixed(min, max) }
    /// Writes fractions as percentages.
    percent() { format = Format::Percent }
    /// Puts ticks at whole numbers only.
    integer() { format = Format::Integer }
    /// Makes the axis logarithmic.
    log() { scale = AxisScale::Log }
    /// Makes the axis logarithmic towards 1: see [`AxisScale::ToOne`].
    to_one() { scale = AxisScale::ToOne }
    /// Replaces the ticks.
    ticks(ticks: Ticks) { ticks = ticks }
});
