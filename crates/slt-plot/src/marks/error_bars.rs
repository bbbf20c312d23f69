//! Markers with vertical intervals.

use serde::{Deserialize, Serialize};

use super::{Draw, Extent, FOOTPRINT_STEP, Span, View, check};
use crate::color::Color;
use crate::draw::canvas::{Canvas, Stroke};
use crate::draw::clip::clip_path;
use crate::draw::geometry::{Point, Rect, sample_path};
use crate::draw::marker::{draw_marker, draw_marker_of_kind};
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
    /// Whether each marker is a ring instead of a disc, and so for the other shapes.
    #[serde(default)]
    pub hollow: bool,
    /// The value at which bars that reach further are cropped; these end in an arrowhead.
    #[serde(default)]
    pub cropped_at: Option<f64>,
}

/// Half the width, and the height, of the arrowhead of a cropped bar.
const ARROW: (f64, f64) = (1.9, 3.0);

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

    /// Leaves the markers white inside, to tell a second kind of a series from the first.
    #[must_use]
    pub fn hollow(mut self) -> Self {
        self.hollow = true;
        self
    }

    /// Crops bars that reach beyond a value, as 100 % that nothing can exceed, and marks them by an arrowhead.
    #[must_use]
    pub fn cropped_at(mut self, value: f64) -> Self {
        self.cropped_at = Some(value);
        self
    }

    /// The upper ends of the bars, and whether each is cropped.
    fn upper_ends(&self) -> impl Iterator<Item = (f64, bool)> {
        self.upper.iter().map(|&upper| match self.cropped_at {
            Some(end) if upper > end => (end, true),
            _ => (upper, false),
        })
    }

    fn line(&self) -> Stroke {
        Stroke {
            color: self.color.resolve(),
            width: theme::THIN_STROKE,
            pattern: self.dash.pattern(self.color),
        }
    }

    fn draw_marker(&self, canvas: &Canvas<'_>, at: Point) -> Result<(), Error> {
        let (marker, paint) = (self.marker, self.color.resolve().into());
        if self.connected {
            let radius = theme::MARKER_RADIUS + theme::MARKER_EDGE;
            draw_marker(canvas, marker, self.color, at, radius, theme::BACKGROUND.into())?;
        }
        draw_marker_of_kind(canvas, (marker, self.hollow), self.color, at, theme::MARKER_RADIUS, paint)
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

/// Draws a vertical bar with a cap at its lower end and an arrowhead at its upper one.
fn draw_cropped(
    canvas: &Canvas<'_>,
    frame: &Rect,
    low: Point,
    high: Point,
    stroke: &Stroke,
) -> Result<(), Error> {
    // Just beyond the frame: no cap.
    let beyond = Point::new(high.x, frame.top - 1.0);
    draw_interval(canvas, &Rect { top: high.y.max(frame.top), ..*frame }, low, beyond, stroke)?;
    let (half, height) = ARROW;
    let head = [Point::new(high.x - half, high.y + height), high, Point::new(high.x + half, high.y + height)];
    clip_path(&head, frame).iter().try_for_each(|piece| canvas.path(piece, stroke))
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
        check::finite(at, "cropped_at", self.cropped_at.as_slice())?;
        check::intervals(at, &self.lower, &self.upper)
    }

    fn extent(&self) -> Extent {
        let heights = self.y.iter().chain(&self.lower).copied().chain(self.upper_ends().map(|(end, _)| end));
        Extent { x: Span::of(self.x.iter().copied()), y: Span::of(heights) }
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
        for (((&x, &low), center), (end, cropped)) in
            self.x.iter().zip(&lows).zip(&centers).zip(self.upper_ends())
        {
            let high = view.point(x, end);
            let under_marker = |end: Point| (end.y - center.y).abs() <= theme::MARKER_RADIUS;
            if cropped && under_marker(low) && under_marker(high) {
                // An arrowhead alone would stick out of the marker and look like one.
            } else if cropped {
                draw_cropped(canvas, &view.frame, low, high, &bar)?;
            } else {
                draw_interval(canvas, &view.frame, low, high, &bar)?;
            }
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
        let ends: Vec<f64> = self.upper_ends().map(|(end, _)| end).collect();
        let highs = view.path(&self.x, &ends, false);
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
