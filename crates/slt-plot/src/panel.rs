//! One set of axes and what is drawn between them.

use serde::{Deserialize, Serialize};

use crate::axis::Axis;
use crate::marks::Mark;
use crate::style::setters;

/// One set of axes and the marks between them.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
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
    /// Whether labelled marks are in a legend. It stands between title and frame, where it covers no data, in
    /// as many columns as fit.
    pub legend: bool,
    /// The shape of the frame.
    #[serde(default)]
    pub aspect: Aspect,
    /// Whether the panel has neither axes nor grid, as for images, tables and networks.
    #[serde(default)]
    pub bare: bool,
    /// Columns of the figure that the panel covers, at least 1.
    #[serde(default = "one")]
    pub span: usize,
}

fn one() -> usize {
    1
}

/// The shape of a panel's frame. A frame that is to have a shape is as large as its place allows, and stands
/// upper left in it, or in the middle if it is the figure's only one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub enum Aspect {
    /// Whatever its place has.
    #[default]
    Free,
    /// A unit is as long on the x axis as on the y axis (a decade, on logarithmic axes), so that circles are
    /// round.
    Equal,
    /// A square, whatever the units.
    Square,
}

impl Panel {
    /// An empty panel.
    #[must_use]
    pub fn new(x: Axis, y: Axis) -> Self {
        let (letter, title, marks, aspect) = (None, None, Vec::new(), Aspect::Free);
        Self { letter, title, x, y, marks, legend: true, aspect, bare: false, span: 1 }
    }

    /// An empty panel without axes.
    #[must_use]
    pub fn bare() -> Self {
        Self { bare: true, ..Self::new(Axis::default(), Axis::default()) }
    }
}

setters!(Panel {
    /// Adds a mark in front of the others.
    mark(mark: impl Into<Mark>) { marks.push(mark.into()) }
    /// Adds marks, each in front of those before it.
    marks(marks: impl IntoIterator<Item = impl Into<Mark>>) { marks.extend(marks.into_iter().map(Into::into)) }
    /// Sets the title.
    title(title: impl Into<String>) { title = Some(title.into()) }
    /// Sets the shape of the frame.
    aspect(aspect: Aspect) { aspect = aspect }
    /// Lets the panel cover several columns of the figure.
    span(columns: usize) { span = columns }
    /// Leaves the legend out.
    without_legend() { legend = false }
});
