//! A straight line across the frame or a part of it.

use serde::{Deserialize, Serialize};

use super::{Draw, Extent, FOOTPRINT_STEP, Span, View, check};
use crate::color::Color;
use crate::draw::canvas::{Canvas, Stroke};
use crate::draw::clip::clip_path;
use crate::draw::geometry::{Point, Rect, sample_path};
use crate::error::{Error, MarkPlace};
use crate::style::Dash;
use crate::theme;

/// The direction of a reference line.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum ReferenceDirection {
    /// At a value of the y axis.
    #[default]
    Horizontal,
    /// At a value of the x axis.
    Vertical,
}

/// A line at one value, as for a baseline's mean or a chance level.
///
/// ```
/// use slt_plot::ReferenceLine;
/// let chance = ReferenceLine::horizontal(0.5).label("chance");
/// let backprop_d = ReferenceLine::horizontal(0.93).span(2.6, 3.4);
/// ```
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ReferenceLine {
    /// Text in the legend; without it the line has no entry.
    pub label: Option<String>,
    /// The value.
    pub value: f64,
    /// Along which axis the value counts.
    pub direction: ReferenceDirection,
    /// The part of the other axis that the line covers, from the lower to the higher end; `None` for all of it.
    pub span: Option<(f64, f64)>,
    /// Colour.
    pub color: Color,
    /// Dashing.
    pub dash: Dash,
}

/// How far a line over one category reaches from its middle.
const CATEGORY_REACH: f64 = 0.42;

impl ReferenceLine {
    /// A dashed line across the frame at a value of the y axis.
    #[must_use]
    pub fn horizontal(value: f64) -> Self {
        Self {
            label: None,
            value,
            direction: ReferenceDirection::Horizontal,
            span: None,
            color: Color::Ink,
            dash: Dash::Dashed,
        }
    }

    /// A dashed line across the frame at a value of the x axis.
    #[must_use]
    pub fn vertical(value: f64) -> Self {
        Self { direction: ReferenceDirection::Vertical, ..Self::horizontal(value) }
    }

    /// Sets the text in the legend.
    #[must_use]
    pub fn label(mut self, label: impl Into<String>) -> Self {
        self.label = Some(label.into());
        self
    }

    /// Sets the colour.
    #[must_use]
    pub fn color(mut self, color: Color) -> Self {
        self.color = color;
        self
    }

    /// Sets the dashing.
    #[must_use]
    pub fn dash(mut self, dash: Dash) -> Self {
        self.dash = dash;
        self
    }

    /// Restricts the line to a part of the other axis.
    #[must_use]
    pub fn span(mut self, from: f64, to: f64) -> Self {
        self.span = Some((from, to));
        self
    }

    /// Restricts a horizontal line to the category of the given number.
    ///
    /// ```
    /// use slt_plot::ReferenceLine;
    /// let means = [0.99, 0.995, 0.998, 0.999];
    /// let lines = means.into_iter().enumerate();
    /// let lines = lines.map(|(i, mean)| ReferenceLine::horizontal(mean).over_category(i).label("backpropagation"));
    /// assert_eq!(lines.last().and_then(|line| line.span), Some((2.58, 3.42)));
    /// ```
    #[must_use]
    pub fn over_category(self, number: usize) -> Self {
        let middle = number as f64;
        self.span(middle - CATEGORY_REACH, middle + CATEGORY_REACH)
    }

    fn stroke(&self) -> Stroke {
        Stroke {
            color: self.color.resolve(),
            width: 1.25 * theme::THIN_STROKE,
            pattern: self.dash.pattern(self.color),
        }
    }

    /// The visible part of the line.
    fn pieces(&self, view: &View) -> Vec<Vec<Point>> {
        let frame = &view.frame;
        let ends = match (self.direction, self.span) {
            (ReferenceDirection::Horizontal, None) => {
                let y = view.y.position(self.value);
                [Point::new(frame.left, y), Point::new(frame.right, y)]
            }
            (ReferenceDirection::Horizontal, Some((from, to))) => {
                [view.point(from, self.value), view.point(to, self.value)]
            }
            (ReferenceDirection::Vertical, None) => {
                let x = view.x.position(self.value);
                [Point::new(x, frame.bottom), Point::new(x, frame.top)]
            }
            (ReferenceDirection::Vertical, Some((from, to))) => {
                [view.point(self.value, from), view.point(self.value, to)]
            }
        };
        clip_path(&ends, frame)
    }
}

impl Draw for ReferenceLine {
    fn kind(&self) -> &'static str {
        "reference line"
    }

    fn label(&self) -> Option<&str> {
        self.label.as_deref()
    }

    fn validate(&self, at: &MarkPlace) -> Result<(), Error> {
        check::finite(at, "value", &[self.value])?;
        if let Some((from, to)) = self.span {
            check::finite(at, "span", &[from, to])?;
            check::sorted(at, "span", &[from, to])?;
        }
        Ok(())
    }

    fn extent(&self) -> Extent {
        let along = self.span.and_then(|(from, to)| Span::of([from, to])).map(Span::tight);
        let across = Span::of([self.value]);
        match self.direction {
            ReferenceDirection::Horizontal => Extent { x: along, y: across },
            ReferenceDirection::Vertical => Extent { x: across.map(Span::tight), y: along },
        }
    }

    fn draw(&self, canvas: &Canvas<'_>, view: &View) -> Result<(), Error> {
        self.pieces(view).iter().try_for_each(|piece| canvas.path(piece, &self.stroke()))
    }

    fn draw_sample(&self, canvas: &Canvas<'_>, area: &Rect) -> Result<(), Error> {
        let y = area.center().y;
        canvas.path(&[Point::new(area.left, y), Point::new(area.right, y)], &self.stroke())
    }

    fn footprint(&self, view: &View) -> Vec<Point> {
        self.pieces(view).iter().flat_map(|piece| sample_path(piece, FOOTPRINT_STEP)).collect()
    }
}
