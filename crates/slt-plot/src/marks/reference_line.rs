//! A straight line across the frame or a part of it.

use super::*;

/// A level line at one value of the y axis, as for a baseline's mean or a chance level.
///
/// ```
/// use slt_plot::ReferenceLine;
/// let chance = ReferenceLine::horizontal(0.5).label("chance");
/// let of_fourth_category = ReferenceLine::horizontal(0.93).over_category(3).label("backpropagation");
/// assert_eq!(of_fourth_category.span, Some((2.58, 3.42)));
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

    /// Restricts the line to the category of the given number.
    #[must_use]
    pub fn over_category(self, number: usize) -> Self {
        let middle = number as f64;
        self.span(middle - CATEGORY_REACH, middle + CATEGORY_REACH)
    }

    fn stroke(&self) -> Stroke {
        self.style.stroke(1.25 * theme::THIN_STROKE)
    }
}

setters!(ReferenceLine {
    /// Restricts the line to a part of the x axis.
    span(from: f64, to: f64) { span = Some((from, to)) }
});

impl Draw for ReferenceLine {
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
        canvas.path_within(&[Point::new(from, y), Point::new(to, y)], &view.frame, &self.stroke());
    }

    fn draw_sample(&self, canvas: &Canvas<'_>, _: usize, area: &Rect) {
        draw_line_sample(canvas, area, &self.stroke());
    }
}
