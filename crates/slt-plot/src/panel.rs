//! One set of axes and what is drawn between them.

use serde::{Deserialize, Serialize};

use crate::axis::Axis;
use crate::marks::Mark;

/// One set of axes and the marks between them.
///
/// ```
/// use slt_plot::{Axis, Line, Panel, ReferenceLine};
/// let panel = Panel::new(Axis::new("Generation").integer(), Axis::new("Accuracy (%)").percent())
///     .title("Training")
///     .mark(Line::new(vec![0.0, 1.0, 2.0], vec![0.6, 0.7, 0.9]).label("best"))
///     .mark(ReferenceLine::horizontal(0.5).label("chance"));
/// ```
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Panel {
    /// Bold mark before the title, as `(a)`; see [`Figure::lettered`](crate::Figure::lettered).
    pub letter: Option<String>,
    /// Title above the frame.
    pub title: Option<String>,
    /// Horizontal axis.
    pub x: Axis,
    /// Vertical axis.
    pub y: Axis,
    /// What is drawn, from back to front.
    pub marks: Vec<Mark>,
    /// Where the legend goes, `None` for no legend. Without labelled marks there is none anyway.
    pub legend: Option<LegendPosition>,
}

/// Where the legend of a panel goes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub enum LegendPosition {
    /// The emptiest place within the frame where it covers no data; above the frame if there is none.
    #[default]
    Best,
    /// Within the frame, upper left.
    TopLeft,
    /// Within the frame, upper right.
    TopRight,
    /// Within the frame, lower left.
    BottomLeft,
    /// Within the frame, lower right.
    BottomRight,
    /// Between title and frame, in as many columns as fit.
    Above,
    /// To the right of the frame, in one column.
    Right,
}

impl Panel {
    /// An empty panel with its legend at the best place.
    #[must_use]
    pub fn new(x: Axis, y: Axis) -> Self {
        Self { x, y, legend: Some(LegendPosition::Best), ..Self::default() }
    }

    /// Sets the title.
    #[must_use]
    pub fn title(mut self, title: impl Into<String>) -> Self {
        self.title = Some(title.into());
        self
    }

    /// Adds a mark in front of the others.
    #[must_use]
    pub fn mark(mut self, mark: impl Into<Mark>) -> Self {
        self.marks.push(mark.into());
        self
    }

    /// Sets the place of the legend, `None` for no legend.
    #[must_use]
    pub fn legend(mut self, position: impl Into<Option<LegendPosition>>) -> Self {
        self.legend = position.into();
        self
    }
}
