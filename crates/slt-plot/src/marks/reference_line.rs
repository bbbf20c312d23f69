//! A straight line across the frame or a part of it.

use serde::{Deserialize, Serialize};

use super::{Draw, Extent, Span, View, check, draw_line_sample};
use crate::color::Color;
use crate::draw::canvas::{Canvas, Stroke};
use crate::draw::geometry::{Point, Rect, clip_path};
use crate::error::{Error, Place};
use crate::style::{Dash, Style, styled};
use crate::theme;

/// A level line at one value of the y axis, as for a baseline's mean or a chance level.
///
/// ```
/// use slt_plot::ReferenceLine;
/// let chance = ReferenceLine::horizontal(0.5).label("chance");
/// let backprop_d = ReferenceLine::horizontal(0.93).span(2.6, 3.4);
/// ```
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ReferenceLine {
    /// Label, colour and dashing.
    pub style: Style,
    /// The value.
    pub value: f64,
    /// The part of the x axis that the line covers, from the lower to the higher end; `None` for all of it.
    pub span: Option<(f64, f64)>,
}

/// How far a line over one category reaches from its middle.
const CATEGORY_REACH: f64 = 0.42;

styled!(ReferenceLine: label, color, dash);

impl ReferenceLine {
    /// A dashed line across the frame.
    #[must_use]
    pub fn horizontal(value: f64) -> Self {
        let style = Style { color: Color::Ink, dash: Dash::Dashed, ..Style::default() };
        Self { style, value, span: None }
    }

    /// Restricts the line to a part of the x axis.
    #[must_use]
    pub fn span(mut self, from: f64, to: f64) -> Self {
        self.span = Some((from, to));
        self
    }

    /// Restricts the line to the category of the given number.
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
        self.style.stroke(1.25 * theme::THIN_STROKE)
    }
}

impl Draw for ReferenceLine {
    fn style(&self) -> Option<&Style> {
        Some(&self.style)
    }

    fn validate(&self, at: &Place) -> Result<(), Error> {
        check::finite(at, "value", &[self.value])?;
        let ends: Vec<f64> = self.span.into_iter().flat_map(|(from, to)| [from, to]).collect();
        check::finite(at, "span", &ends)?;
        check::sorted(at, "span", &ends)
    }

    fn extent(&self) -> Extent {
        let along = self.span.and_then(|(from, to)| Span::of([from, to])).map(Span::tight);
        Extent { x: along, y: Span::of([self.value]) }
    }

    fn draw(&self, canvas: &Canvas<'_>, view: &View) {
        let y = view.y.position(self.value);
        let (from, to) = match self.span {
            Some((from, to)) => (view.x.position(from), view.x.position(to)),
            None => (view.frame.left, view.frame.right),
        };
        for piece in clip_path(&[Point::new(from, y), Point::new(to, y)], &view.frame) {
            canvas.path(&piece, &self.stroke());
        }
    }

    fn draw_sample(&self, canvas: &Canvas<'_>, _: usize, area: &Rect) {
        draw_line_sample(canvas, area, &self.stroke());
    }
}
