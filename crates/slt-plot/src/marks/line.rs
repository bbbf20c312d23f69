//! A curve through points.

use serde::{Deserialize, Serialize};

use super::{Draw, Extent, FOOTPRINT_STEP, Span, View, check};
use crate::color::Color;
use crate::draw::canvas::{Canvas, Stroke};
use crate::draw::clip::clip_path;
use crate::draw::geometry::{Point, Rect, sample_path};
use crate::draw::thin::thin;
use crate::error::{Error, MarkPlace};
use crate::style::Dash;
use crate::theme;

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
    /// Text in the legend; without it the curve has no entry.
    pub label: Option<String>,
    /// Horizontal positions.
    pub x: Vec<f64>,
    /// Vertical positions.
    pub y: Vec<f64>,
    /// Colour.
    pub color: Color,
    /// Dashing.
    pub dash: Dash,
    /// Whether each value holds until the next x, rather than running straight to the next value.
    pub step: bool,
    /// Whether the curve is a thin one, for what stands behind the others.
    #[serde(default)]
    pub thin: bool,
}

/// Width of a thin curve.
const THIN: f64 = 0.5;

impl Line {
    /// A solid or, beyond the first series, automatically dashed curve.
    #[must_use]
    pub fn new(x: Vec<f64>, y: Vec<f64>) -> Self {
        Self { x, y, ..Self::default() }
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

    /// Lets each value hold until the next x.
    #[must_use]
    pub fn step(mut self) -> Self {
        self.step = true;
        self
    }

    /// Draws the curve thin, behind others.
    #[must_use]
    pub fn thin(mut self) -> Self {
        self.thin = true;
        self
    }

    fn stroke(&self) -> Stroke {
        Stroke {
            color: self.color.resolve(),
            width: if self.thin { THIN } else { theme::LINE_STROKE },
            pattern: self.dash.pattern(self.color),
        }
    }
}

impl Draw for Line {
    fn kind(&self) -> &'static str {
        "line"
    }

    fn label(&self) -> Option<&str> {
        self.label.as_deref()
    }

    fn validate(&self, at: &MarkPlace) -> Result<(), Error> {
        check::columns(at, &[("x", &self.x), ("y", &self.y)])
    }

    fn extent(&self) -> Extent {
        Extent { x: Span::of(self.x.iter().copied()).map(Span::tight), y: Span::of(self.y.iter().copied()) }
    }

    fn draw(&self, canvas: &Canvas<'_>, view: &View) -> Result<(), Error> {
        let path = thin(view.path(&self.x, &self.y, self.step));
        if let [only] = path[..] {
            // A curve of one point would not be seen.
            return if view.frame.contains(only) {
                canvas.disc(only, theme::LINE_STROKE, self.color.resolve().into())
            } else {
                Ok(())
            };
        }
        let stroke = self.stroke();
        clip_path(&path, &view.frame).iter().try_for_each(|piece| canvas.path(piece, &stroke))
    }

    fn draw_sample(&self, canvas: &Canvas<'_>, area: &Rect) -> Result<(), Error> {
        let y = area.center().y;
        canvas.path(&[Point::new(area.left, y), Point::new(area.right, y)], &self.stroke())
    }

    fn footprint(&self, view: &View) -> Vec<Point> {
        let path = thin(view.path(&self.x, &self.y, self.step));
        if path.len() == 1 {
            return path;
        }
        clip_path(&path, &view.frame).iter().flat_map(|piece| sample_path(piece, FOOTPRINT_STEP)).collect()
    }
}
