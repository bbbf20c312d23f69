//! The area between two curves.

use serde::{Deserialize, Serialize};

use super::{Draw, Extent, FOOTPRINT_STEP, Span, View, check};
use crate::color::Color;
use crate::draw::canvas::{Canvas, Paint};
use crate::draw::clip::{clip_path, clip_polygon};
use crate::draw::geometry::{Point, Rect, sample_path};
use crate::draw::thin::thin;
use crate::error::{Error, MarkPlace};
use crate::theme;

/// Most sample columns between two data points, however far beyond the frame they lie.
const MAX_COLUMNS: f64 = 1000.0;

/// The area between `lower[i]` and `upper[i]` over `x[i]`, as for a confidence band or a range over runs. With the
/// label of a [`Line`](crate::Line) it shares that line's entry in the legend.
///
/// # Shapes
/// `x`, `lower` and `upper` are equally long and not empty; `x` does not fall, `lower[i] <= upper[i]`.
///
/// ```
/// use slt_plot::{Band, Color};
/// let band = Band::new(vec![0.0, 1.0], vec![0.4, 0.5], vec![0.6, 0.8]).color(Color::Series(2));
/// ```
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Band {
    /// Text in the legend; without it the band has no entry.
    pub label: Option<String>,
    /// Horizontal positions.
    pub x: Vec<f64>,
    /// Lower curve.
    pub lower: Vec<f64>,
    /// Upper curve.
    pub upper: Vec<f64>,
    /// Colour, laid on thinly.
    pub color: Color,
    /// Whether each value holds until the next x, rather than running straight to the next value.
    pub step: bool,
}

impl Band {
    /// The area between two curves.
    #[must_use]
    pub fn new(x: Vec<f64>, lower: Vec<f64>, upper: Vec<f64>) -> Self {
        Self { x, lower, upper, ..Self::default() }
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

    /// Lets each value hold until the next x.
    #[must_use]
    pub fn step(mut self) -> Self {
        self.step = true;
        self
    }

    fn paint(&self) -> Paint {
        Paint { color: self.color.resolve(), opacity: theme::BAND_OPACITY }
    }

    /// The upper curve, then the lower one backwards.
    fn polygon(&self, view: &View) -> Vec<Point> {
        let mut polygon = thin(view.path(&self.x, &self.upper, self.step));
        polygon.extend(thin(view.path(&self.x, &self.lower, self.step)).into_iter().rev());
        polygon
    }
}

impl Draw for Band {
    fn kind(&self) -> &'static str {
        "band"
    }

    fn label(&self) -> Option<&str> {
        self.label.as_deref()
    }

    fn validate(&self, at: &MarkPlace) -> Result<(), Error> {
        check::columns(at, &[("x", &self.x), ("lower", &self.lower), ("upper", &self.upper)])?;
        check::sorted(at, "x", &self.x)?;
        check::intervals(at, &self.lower, &self.upper)
    }

    fn extent(&self) -> Extent {
        Extent {
            x: Span::of(self.x.iter().copied()).map(Span::tight),
            y: Span::of(self.lower.iter().chain(&self.upper).copied()),
        }
    }

    fn draw(&self, canvas: &Canvas<'_>, view: &View) -> Result<(), Error> {
        canvas.polygon(&clip_polygon(&self.polygon(view), &view.frame), self.paint())
    }

    fn draw_sample(&self, canvas: &Canvas<'_>, area: &Rect) -> Result<(), Error> {
        canvas.rectangle(area, self.paint())
    }

    fn footprint(&self, view: &View) -> Vec<Point> {
        let upper = view.path(&self.x, &self.upper, self.step);
        let lower = view.path(&self.x, &self.lower, self.step);
        let mut footprint = Vec::new();
        for (upper, lower) in upper.windows(2).zip(lower.windows(2)) {
            let columns = ((upper[1].x - upper[0].x) / FOOTPRINT_STEP).ceil().clamp(1.0, MAX_COLUMNS);
            for i in 0..=columns as usize {
                let t = i as f64 / columns;
                let column = [upper[0].towards(upper[1], t), lower[0].towards(lower[1], t)];
                let visible = clip_path(&column, &view.frame);
                footprint.extend(visible.iter().flat_map(|piece| sample_path(piece, FOOTPRINT_STEP)));
            }
        }
        footprint
    }
}
