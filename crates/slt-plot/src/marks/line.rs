//! A curve through points.

use super::*;

/// A curve through the points `(x[i], y[i])` in their order.
///
/// # Shapes
/// `x` and `y` are equally long and not empty.
///
/// ```
/// use slt_plot::{Color, Line};
/// let best_so_far = Line::new(vec![0.0, 3.0, 10.0], vec![0.57, 0.64, 0.91])
///     .label("best so far")
///     .color(Color::Series(1))
///     .step();
/// ```
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Line {
    /// Label, colour and dashing.
    pub style: Style,
    /// Horizontal positions.
    pub x: Vec<f64>,
    /// Vertical positions.
    pub y: Vec<f64>,
    /// Whether each value holds until the next x, rather than running straight to the next value.
    pub step: bool,
    /// Whether the curve is a thin one, for what stands behind the others.
    pub thin: bool,
}

/// Width of a thin curve.
const THIN: f64 = 0.5;

styled!(Line: label, color, dash);

impl Line {
    /// A solid or, beyond the first series, automatically dashed curve.
    #[must_use]
    pub fn new(x: Vec<f64>, y: Vec<f64>) -> Self {
        Self { x, y, ..Self::default() }
    }

    fn stroke(&self) -> Stroke {
        self.style.stroke(if self.thin { THIN } else { theme::LINE_STROKE })
    }
}

setters!(Line {
    /// Lets each value hold until the next x.
    step() { step = true }
    /// Draws the curve thin, behind others.
    thin() { thin = true }
});

impl Draw for Line {
    fn validate(&self, at: &Place) -> Result<(), Error> {
        check::columns(at, &[("x", &self.x), ("y", &self.y)])
    }

    fn extent(&self) -> Extent {
        Extent { x: Span::of(self.x.iter().copied()).map(Span::tight), y: Span::of(self.y.iter().copied()) }
    }

    fn draw(&self, canvas: &Canvas<'_>, view: &View) {
        let path = view.path(&self.x, &self.y, self.step);
        match path[..] {
            // A curve of one point would not be seen.
            [only] if view.frame.contains(only) => {
                canvas.disc(only, theme::LINE_STROKE, self.style.color.resolve().into());
            }
            _ => canvas.path_within(&path, &view.frame, &self.stroke()),
        }
    }

    fn draw_sample(&self, canvas: &Canvas<'_>, _: usize, area: &Rect) {
        draw_line_sample(canvas, area, &self.stroke());
    }
}
