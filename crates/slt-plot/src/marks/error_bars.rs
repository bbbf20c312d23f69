//! Markers with vertical intervals.

use super::*;
use crate::draw::marker::draw_marker;

/// A marker at every `(x[i], y[i])` with a vertical bar from `lower[i]` to `upper[i]`. An end that lies
/// beyond a fixed range is cut at the frame and loses its cap. Where series share their x, shift them a
/// little in x so that no bar hides another.
///
/// # Shapes
/// All four arrays are equally long and not empty; `lower[i] <= upper[i]`. The ends are values, not distances
/// from `y`.
///
/// ```
/// use slt_plot::{Color, ErrorBars};
/// let (mean, sd) = ([0.95, 0.90], [0.01, 0.03]);
/// let lower = mean.iter().zip(sd).map(|(m, s)| m - s).collect();
/// let upper = mean.iter().zip(sd).map(|(m, s)| m + s).collect();
/// let bars = ErrorBars::new(vec![2.0, 3.0], mean.to_vec(), lower, upper).label("GA").connected();
/// ```
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ErrorBars {
    /// Label, colour and marker, and the dashing of the line that joins the markers.
    pub style: Style,
    /// Horizontal positions.
    pub x: Vec<f64>,
    /// Vertical positions of the markers.
    pub y: Vec<f64>,
    /// Lower ends of the bars.
    pub lower: Vec<f64>,
    /// Upper ends of the bars.
    pub upper: Vec<f64>,
    /// Whether a line joins the markers.
    pub connected: bool,
    /// The value at which bars that reach further are cropped; these end in an arrowhead.
    pub cropped_at: Option<f64>,
}

/// Half the width, and the height, of the arrowhead of a cropped bar.
const ARROW: (f64, f64) = (1.9, 3.0);

styled!(ErrorBars: label, color, dash, marker, hollow);

impl ErrorBars {
    /// Separate markers with bars.
    #[must_use]
    pub fn new(x: Vec<f64>, y: Vec<f64>, lower: Vec<f64>, upper: Vec<f64>) -> Self {
        Self { x, y, lower, upper, ..Self::default() }
    }

    /// The upper ends of the bars, and whether each is cropped.
    fn upper_ends(&self) -> impl Iterator<Item = (f64, bool)> {
        self.upper.iter().map(|&upper| match self.cropped_at {
            Some(end) if upper > end => (end, true),
            _ => (upper, false),
        })
    }

    fn draw_marker(&self, canvas: &Canvas<'_>, at: Point) {
        let edge = if self.connected { theme::MARKER_EDGE } else { 0.0 };
        draw_marker(canvas, &self.style, at, (theme::MARKER_RADIUS, edge), 1.0);
    }
}

setters!(ErrorBars {
    /// Joins the markers by a line.
    connected() { connected = true }
    /// Crops bars that reach beyond a value, as 100 % that nothing can exceed, and marks them by an
    /// arrowhead.
    cropped_at(value: f64) { cropped_at = Some(value) }
});

/// Draws a vertical bar between two heights, with caps at the ends that are within the frame.
pub(crate) fn draw_interval(canvas: &Canvas<'_>, frame: &Rect, low: Point, high: Point, stroke: &Stroke) {
    clip_path(&[low, high], frame).iter().for_each(|piece| canvas.path(piece, stroke));
    for end in [low, high].into_iter().filter(|&end| frame.contains(end)) {
        let cap =
            [Point::new(end.x - theme::CAP_RADIUS, end.y), Point::new(end.x + theme::CAP_RADIUS, end.y)];
        canvas.path(&cap, stroke);
    }
}

/// Draws a vertical bar with a cap at its lower end and an arrowhead at its upper one.
fn draw_cropped(canvas: &Canvas<'_>, frame: &Rect, low: Point, high: Point, stroke: &Stroke) {
    // Just beyond the frame: no cap.
    let beyond = Point::new(high.x, frame.top - 1.0);
    draw_interval(canvas, &Rect { top: high.y.max(frame.top), ..*frame }, low, beyond, stroke);
    let (half, height) = ARROW;
    let head = [Point::new(high.x - half, high.y + height), high, Point::new(high.x + half, high.y + height)];
    canvas.path_within(&head, frame, stroke);
}

impl Draw for ErrorBars {
    fn validate(&self, at: &Place) -> Result<(), Error> {
        let fields = [("x", &self.x[..]), ("y", &self.y), ("lower", &self.lower), ("upper", &self.upper)];
        check::columns(at, &fields)?;
        check::finite(at, "cropped_at", self.cropped_at.as_slice())?;
        check::intervals(at, &self.lower, &self.upper)
    }

    fn extent(&self) -> Extent {
        let heights = self.y.iter().chain(&self.lower).copied().chain(self.upper_ends().map(|(end, _)| end));
        Extent { x: Span::of(self.x.iter().copied()), y: Span::of(heights) }
    }

    fn draw(&self, canvas: &Canvas<'_>, view: &View) {
        let centers = view.path(&self.x, &self.y, false);
        if self.connected {
            let line = self.style.stroke(theme::THIN_STROKE);
            canvas.path_within(&centers, &view.frame, &line);
        }
        let bar = self.style.edge();
        let lows = view.path(&self.x, &self.lower, false);
        for (((&x, &low), center), (end, cropped)) in
            self.x.iter().zip(&lows).zip(&centers).zip(self.upper_ends())
        {
            let high = view.point(x, end);
            let under_marker = |end: Point| (end.y - center.y).abs() <= theme::MARKER_RADIUS;
            if !cropped {
                draw_interval(canvas, &view.frame, low, high, &bar);
            } else if !(under_marker(low) && under_marker(high)) {
                // An arrowhead alone would stick out of the marker and look like one.
                draw_cropped(canvas, &view.frame, low, high, &bar);
            }
        }
        let visible = centers.into_iter().filter(|&center| view.frame.contains(center));
        visible.for_each(|center| self.draw_marker(canvas, center));
    }

    fn sample_width(&self) -> f64 {
        if self.connected { theme::SAMPLE_WIDTH } else { theme::NARROW_SAMPLE_WIDTH }
    }

    fn draw_sample(&self, canvas: &Canvas<'_>, _: usize, area: &Rect) {
        if self.connected {
            draw_line_sample(canvas, area, &self.style.stroke(theme::THIN_STROKE));
        }
        let (center, bar) = (area.center(), area.grown(1.0));
        canvas.path(&[Point::new(center.x, bar.top), Point::new(center.x, bar.bottom)], &self.style.edge());
        self.draw_marker(canvas, center);
    }
}
