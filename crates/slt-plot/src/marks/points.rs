//! A scatter of markers.

use super::*;
use crate::draw::marker::draw_marker;

/// A marker at every `(x[i], y[i])`. Markers whose centre is outside the frame are left out.
///
/// Each class of a scatter is a mark of its own; later ones cover earlier ones. A scatter of many stays
/// small: markers of one look become a path with about 15 bytes for a disc and 40 for another shape, so that
/// 16,000 discs take about 250 kB of SVG; below a radius of 1 pt no other shape can be told. Every marker is
/// kept, and overlaps of translucent ones still add up.
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
    /// Label, colour and marker.
    pub style: Style,
    /// Horizontal positions.
    pub x: Vec<f64>,
    /// Vertical positions.
    pub y: Vec<f64>,
    /// Half the width of a marker in points, in (0, 20].
    pub radius: f64,
    /// Opacity of a marker, in (0, 1].
    pub opacity: f64,
    /// Whether each marker has a thin white edge, which sets it off from a line or a map below it.
    pub edged: bool,
}

/// Width of the white edge.
const EDGE: f64 = 0.7;

styled!(Points: label, color, marker, hollow);

impl Points {
    /// Opaque markers of the usual size.
    #[must_use]
    pub fn new(x: Vec<f64>, y: Vec<f64>) -> Self {
        Self { style: Style::default(), x, y, radius: theme::POINT_RADIUS, opacity: 1.0, edged: false }
    }
}

setters!(Points {
    /// Sets half the width of a marker, in points.
    radius(radius: f64) { radius = radius }
    /// Sets the opacity, for dense scatters.
    opacity(opacity: f64) { opacity = opacity }
    /// Gives each marker a thin white edge.
    edged() { edged = true }
});

impl Draw for Points {
    fn validate(&self, at: &Place) -> Result<(), Error> {
        check::columns(at, &[("x", &self.x), ("y", &self.y)])?;
        check::up_to(at, "radius", self.radius, 20.0)?;
        check::up_to(at, "opacity", self.opacity, 1.0)
    }

    fn extent(&self) -> Extent {
        Extent { x: Span::of(self.x.iter().copied()), y: Span::of(self.y.iter().copied()) }
    }

    fn draw(&self, canvas: &Canvas<'_>, view: &View) {
        let edge = if self.edged { EDGE } else { 0.0 };
        let centers = view.path(&self.x, &self.y, false);
        for center in centers.into_iter().filter(|&center| view.frame.contains(center)) {
            draw_marker(canvas, &self.style, center, (self.radius, edge), self.opacity);
        }
    }

    fn sample_width(&self) -> f64 {
        theme::NARROW_SAMPLE_WIDTH
    }

    fn draw_sample(&self, canvas: &Canvas<'_>, _: usize, area: &Rect) {
        // A dense scatter's markers are too small and faint to tell a colour by.
        let radius = self.radius.clamp(theme::MARKER_RADIUS, theme::SAMPLE_HEIGHT / 2.0);
        draw_marker(canvas, &self.style, area.center(), (radius, 0.0), 1.0);
    }
}
