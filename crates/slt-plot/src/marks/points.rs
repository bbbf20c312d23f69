//! A scatter of markers.

use serde::{Deserialize, Serialize};

use super::{Draw, Extent, Span, View, check};
use crate::color::Color;
use crate::draw::canvas::{Canvas, Paint};
use crate::draw::geometry::{Point, Rect};
use crate::draw::marker::{draw_marker, draw_marker_of_kind};
use crate::error::{Error, MarkPlace};
use crate::style::Marker;
use crate::theme;

/// A marker at every `(x[i], y[i])`. Markers whose centre is outside the frame are left out.
///
/// Each class of a scatter is a mark of its own; later ones cover earlier ones. A scatter of many stays small: more than
/// 63 markers of one look become a path with about 15 bytes for a disc and 40 for another shape, so that 16,000 discs
/// take about 250 kB of SVG; below a radius of 1 pt no other shape can be told. Every marker is kept, and overlaps of translucent ones still add up.
///
/// # Shapes
/// `x` and `y` are equally long and not empty.
///
/// ```
/// use slt_plot::{Color, Points};
/// let class_0 = Points::new(vec![0.1, 0.4], vec![0.2, -0.3]).label("class 0").radius(0.8).opacity(0.5);
/// ```
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Points {
    /// Text in the legend; without it the points have no entry.
    pub label: Option<String>,
    /// Horizontal positions.
    pub x: Vec<f64>,
    /// Vertical positions.
    pub y: Vec<f64>,
    /// Colour.
    pub color: Color,
    /// Shape.
    pub marker: Marker,
    /// Half the width of a marker in points, in (0, 20].
    pub radius: f64,
    /// Opacity of a marker, in (0, 1].
    pub opacity: f64,
    /// Whether each marker has a thin white edge, which sets it off from a line or a map below it.
    #[serde(default)]
    pub edged: bool,
    /// Whether each marker is a ring instead of a disc, and so for the other shapes.
    #[serde(default)]
    pub hollow: bool,
}

/// Width of the white edge.
const POINT_EDGE: f64 = 0.7;

impl Default for Points {
    fn default() -> Self {
        Self {
            label: None,
            x: Vec::new(),
            y: Vec::new(),
            color: Color::default(),
            marker: Marker::default(),
            radius: theme::POINT_RADIUS,
            opacity: 1.0,
            edged: false,
            hollow: false,
        }
    }
}

impl Points {
    /// Opaque markers of the usual size.
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

    /// Sets the shape.
    #[must_use]
    pub fn marker(mut self, marker: Marker) -> Self {
        self.marker = marker;
        self
    }

    /// Sets half the width of a marker, in points.
    #[must_use]
    pub fn radius(mut self, radius: f64) -> Self {
        self.radius = radius;
        self
    }

    /// Sets the opacity, for dense scatters.
    #[must_use]
    pub fn opacity(mut self, opacity: f64) -> Self {
        self.opacity = opacity;
        self
    }

    /// Gives each marker a thin white edge.
    #[must_use]
    pub fn edged(mut self) -> Self {
        self.edged = true;
        self
    }

    /// Leaves the markers white inside, to tell a second kind of a series from the first.
    #[must_use]
    pub fn hollow(mut self) -> Self {
        self.hollow = true;
        self
    }
}

impl Draw for Points {
    fn kind(&self) -> &'static str {
        "points"
    }

    fn label(&self) -> Option<&str> {
        self.label.as_deref()
    }

    fn validate(&self, at: &MarkPlace) -> Result<(), Error> {
        check::columns(at, &[("x", &self.x), ("y", &self.y)])?;
        check::setting(at, "radius", self.radius, 0.0, 20.0)?;
        check::setting(at, "opacity", self.opacity, 0.0, 1.0)
    }

    fn extent(&self) -> Extent {
        Extent { x: Span::of(self.x.iter().copied()), y: Span::of(self.y.iter().copied()) }
    }

    fn draw(&self, canvas: &Canvas<'_>, view: &View) -> Result<(), Error> {
        let paint = Paint { color: self.color.resolve(), opacity: self.opacity };
        self.footprint(view).into_iter().try_for_each(|at| {
            if self.edged {
                let edge = theme::BACKGROUND.into();
                draw_marker(canvas, self.marker, self.color, at, self.radius + POINT_EDGE, edge)?;
            }
            draw_marker_of_kind(canvas, (self.marker, self.hollow), self.color, at, self.radius, paint)
        })
    }

    fn sample_width(&self) -> f64 {
        theme::NARROW_SAMPLE_WIDTH
    }

    fn draw_sample(&self, canvas: &Canvas<'_>, area: &Rect) -> Result<(), Error> {
        // A dense scatter's markers are too small and faint to tell a colour by.
        let radius = self.radius.clamp(theme::MARKER_RADIUS, theme::SAMPLE_HEIGHT / 2.0);
        let paint = self.color.resolve().into();
        draw_marker_of_kind(canvas, (self.marker, self.hollow), self.color, area.center(), radius, paint)
    }

    fn footprint(&self, view: &View) -> Vec<Point> {
        view.path(&self.x, &self.y, false).into_iter().filter(|&p| view.frame.contains(p)).collect()
    }
}
