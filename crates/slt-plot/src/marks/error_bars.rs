//! Markers with vertical intervals.

use serde::{Deserialize, Serialize};

use super::{Draw, Extent, FOOTPRINT_STEP, Span, View, check};
use crate::color::{Color, Rgb};
use crate::draw::canvas::{Canvas, Stroke};
use crate::draw::clip::clip_path;
use crate::draw::geometry::{Point, Rect, sample_path};
use crate::draw::marker::draw_marker;
use crate::error::{Error, MarkPlace};
use crate::style::{Dash, Marker};
use crate::theme;

/// A marker at every `(x[i], y[i])` with a vertical bar from `lower[i]` to `upper[i]`. An end that lies beyond a fixed
/// range is cut at the frame and loses its cap. Where series share their x, shift them a little in x so that no bar
/// hides another.
///
/// # Shapes
/// All four arrays are equally long and not empty; `lower[i] <= upper[i]`. The ends are values, not distances from `y`.
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
    /// Text in the legend; without it the series has no entry.
    pub label: Option<String>,
    /// Horizontal positions.
    pub x: Vec<f64>,
    /// Vertical positions of the markers.
    pub y: Vec<f64>,
    /// Lower ends of the bars.
    pub lower: Vec<f64>,
    /// Upper ends of the bars.
    pub upper: Vec<f64>,
    /// Colour.
    pub color: Color,
    /// Shape of the markers.
    pub marker: Marker,
    /// Whether a line joins the markers.
    pub connected: bool,
    /// Dashing of that line.
    pub dash: Dash,
}

impl ErrorBars {
    /// Separate markers with bars.
    #[must_use]
    pub fn new(x: Vec<f64>, y: Vec<f64>, lower: Vec<f64>, upper: Vec<f64>) -> Self {
        Self { x, y, lower, upper, ..Self::default() }
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

    /// Sets the shape of the markers.
    #[must_use]
    pub fn marker(mut self, marker: Marker) -> Self {
        self.marker = marker;
        self
    }

    /// Joins the markers by a line.
    #[must_use]
    pub fn connected(mut self) -> Self {
        self.connected = true;
        self
    }

    fn line(&self) -> Stroke {
        Stroke {
            color: self.color.resolve(),
            width: theme::THIN_STROKE,
            pattern: self.dash.pattern(self.color),
        }
    }

    fn draw_marker(&self, canvas: &Canvas<'_>, at: Point) -> Result<(), Error> {
        let draw =
            |radius, color: Rgb| draw_marker(canvas, self.marker, self.color, at, radius, color.into());
        if self.connected {
            draw(theme::MARKER_RADIUS + theme::MARKER_EDGE, theme::BACKGROUND)?;
        }
        draw(theme::MARKER_RADIUS, self.color.resolve())
    }
}

/// Draws a vertical bar between two heights, with caps at the ends that are within the frame.
pub(crate) fn draw_interval(
    canvas: &Canvas<'_>,
    frame: &Rect,
    low: Point,
    high: Point,
    stroke: &Stroke,
) -> Result<(), Error> {
    for piece in clip_path(&[low, high], frame) {
        canvas.path(&piece, stroke)?;
    }
    for end in [low, high] {
        if frame.contains(end) {
            let cap =
                [Point::new(end.x - theme::CAP_RADIUS, end.y), Point::new(end.x + theme::CAP_RADIUS, end.y)];
            canvas.path(&cap, stroke)?;
        }
    }
    Ok(())
}

impl Draw for ErrorBars {
    fn kind(&self) -> &'static str {
        "error bars"
    }

    fn label(&self) -> Option<&str> {
        self.label.as_deref()
    }

    fn validate(&self, at: &MarkPlace) -> Result<(), Error> {
        let fields: [check::Field<'_>; 4] =
            [("x", &self.x), ("y", &self.y), ("lower", &self.lower), ("upper", &self.upper)];
        check::columns(at, &fields)?;
        check::intervals(at, &self.lower, &self.upper)
    }

    fn extent(&self) -> Extent {
        let heights = self.y.iter().chain(&self.lower).chain(&self.upper);
        Extent { x: Span::of(self.x.iter().copied()), y: Span::of(heights.copied()) }
    }

    fn draw(&self, canvas: &Canvas<'_>, view: &View) -> Result<(), Error> {
        let centers = view.path(&self.x, &self.y, false);
        if self.connected {
            for piece in clip_path(&centers, &view.frame) {
                canvas.path(&piece, &self.line())?;
            }
        }
        let bar = Stroke::solid(self.color.resolve(), theme::THIN_STROKE);
        let lows = view.path(&self.x, &self.lower, false);
        let highs = view.path(&self.x, &self.upper, false);
        for (&low, &high) in lows.iter().zip(&highs) {
            draw_interval(canvas, &view.frame, low, high, &bar)?;
        }
        centers
            .into_iter()
            .filter(|&center| view.frame.contains(center))
            .try_for_each(|center| self.draw_marker(canvas, center))
    }

    fn sample_width(&self) -> f64 {
        if self.connected { theme::SAMPLE_WIDTH } else { theme::NARROW_SAMPLE_WIDTH }
    }

    fn draw_sample(&self, canvas: &Canvas<'_>, area: &Rect) -> Result<(), Error> {
        let center = area.center();
        if self.connected {
            canvas
                .path(&[Point::new(area.left, center.y), Point::new(area.right, center.y)], &self.line())?;
        }
        let bar = Stroke::solid(self.color.resolve(), theme::THIN_STROKE);
        let bar_area = area.grown(1.0);
        canvas.path(&[Point::new(center.x, bar_area.top), Point::new(center.x, bar_area.bottom)], &bar)?;
        self.draw_marker(canvas, center)
    }

    fn footprint(&self, view: &View) -> Vec<Point> {
        let lows = view.path(&self.x, &self.lower, false);
        let highs = view.path(&self.x, &self.upper, false);
        let centers = view.path(&self.x, &self.y, false);
        let bars = lows.iter().zip(&highs).map(|(&low, &high)| vec![low, high]);
        let line = self.connected.then(|| centers.clone());
        let mut footprint: Vec<Point> = bars
            .chain(line)
            .flat_map(|path| clip_path(&path, &view.frame))
            .flat_map(|piece| sample_path(&piece, FOOTPRINT_STEP))
            .collect();
        footprint.extend(centers.into_iter().filter(|&center| view.frame.contains(center)));
        footprint
    }
}
