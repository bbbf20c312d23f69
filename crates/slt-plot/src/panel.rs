//! One set of axes and what is drawn between them.

use serde::{Deserialize, Serialize};

use crate::axis::Axis;
use crate::marks::Mark;

/// One set of axes and the marks between them.
///
/// ```
/// use slt_plot::{Aspect, Axis, Line, Panel, ReferenceLine};
/// let panel = Panel::new(Axis::new("Generation").integer(), Axis::new("Accuracy (%)").percent())
///     .title("Training")
///     .mark(Line::new(vec![0.0, 1.0, 2.0], vec![0.6, 0.7, 0.9]).label("best"))
///     .mark(ReferenceLine::horizontal(0.5).label("chance"));
/// let map = Panel::new(Axis::new("δ"), Axis::new("η")).aspect(Aspect::Square);
/// ```
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
    ///
    /// ```
    /// use slt_plot::{Line, Panel};
    /// let sketch = Panel::bare().mark(Line::new(vec![0.0, 1.0], vec![0.0, 1.0])).span(2);
    /// ```
    #[must_use]
    pub fn bare() -> Self {
        Self { bare: true, ..Self::new(Axis::default(), Axis::default()) }
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

    /// Adds marks, each in front of those before it.
    #[must_use]
    pub fn marks<M: Into<Mark>>(mut self, marks: impl IntoIterator<Item = M>) -> Self {
        self.marks.extend(marks.into_iter().map(Into::into));
        self
    }

    /// Sets the shape of the frame.
    #[must_use]
    pub fn aspect(mut self, aspect: Aspect) -> Self {
        self.aspect = aspect;
        self
    }

    /// Lets the panel cover several columns of the figure.
    #[must_use]
    pub fn span(mut self, columns: usize) -> Self {
        self.span = columns;
        self
    }

    /// Leaves the legend out.
    #[must_use]
    pub fn without_legend(mut self) -> Self {
        self.legend = false;
        self
    }
}
