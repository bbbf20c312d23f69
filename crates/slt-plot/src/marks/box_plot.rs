//! Boxes with whiskers.

use serde::{Deserialize, Serialize};

use super::error_bars::draw_interval;
use super::{Draw, Extent, Span, View, area_footprint, check};
use crate::color::Color;
use crate::draw::canvas::{Canvas, Paint, Stroke};
use crate::draw::clip::{clip_path, clip_polygon};
use crate::draw::geometry::{Point, Rect};
use crate::error::{Error, MarkPlace};
use crate::theme;

/// What one box shows. The caller decides how quartiles and whiskers are computed.
///
/// `whisker_low <= q1 <= median <= q3 <= whisker_high`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct FiveNumbers {
    /// End of the lower whisker.
    pub whisker_low: f64,
    /// Lower edge of the box.
    pub q1: f64,
    /// Line in the box.
    pub median: f64,
    /// Upper edge of the box.
    pub q3: f64,
    /// End of the upper whisker.
    pub whisker_high: f64,
    /// Values beyond the whiskers, drawn one by one.
    pub fliers: Vec<f64>,
}

/// A series of boxes of one colour.
///
/// # Shapes
/// `positions` and `boxes` are equally long and not empty.
///
/// ```
/// use slt_plot::{BoxPlot, FiveNumbers};
/// let summary =
///     FiveNumbers { whisker_low: 0.88, q1: 0.90, median: 0.91, q3: 0.93, whisker_high: 0.95, fliers: vec![0.8] };
/// let boxes = BoxPlot::new(vec![0.0], vec![summary]).label("GA").width(0.3);
/// ```
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct BoxPlot {
    /// Text in the legend; without it the boxes have no entry.
    pub label: Option<String>,
    /// Horizontal middle of each box.
    pub positions: Vec<f64>,
    /// What the boxes show.
    pub boxes: Vec<FiveNumbers>,
    /// Width of a box in units of the x axis, greater than 0.
    pub width: f64,
    /// Colour.
    pub color: Color,
    /// Whether the boxes are white inside.
    #[serde(default)]
    pub hollow: bool,
}

impl Default for BoxPlot {
    fn default() -> Self {
        let (positions, boxes) = (Vec::new(), Vec::new());
        Self { label: None, positions, boxes, width: 0.5, color: Color::default(), hollow: false }
    }
}

impl BoxPlot {
    /// Boxes half a unit wide.
    #[must_use]
    pub fn new(positions: Vec<f64>, boxes: Vec<FiveNumbers>) -> Self {
        Self { positions, boxes, ..Self::default() }
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

    /// Sets the width of a box in units of the x axis.
    #[must_use]
    pub fn width(mut self, width: f64) -> Self {
        self.width = width;
        self
    }

    /// Leaves the boxes white inside, to tell a second kind of a series from the first.
    #[must_use]
    pub fn hollow(mut self) -> Self {
        self.hollow = true;
        self
    }

    fn filling(&self) -> Paint {
        if self.hollow {
            theme::BACKGROUND.into()
        } else {
            self.color.resolve().on_white(theme::FILL_TINT).into()
        }
    }

    fn edge(&self) -> Stroke {
        Stroke::solid(self.color.resolve(), theme::THIN_STROKE)
    }

    fn median(&self) -> Stroke {
        Stroke::solid(self.color.resolve(), 2.0 * theme::THIN_STROKE)
    }

    /// The box on the page, before clipping.
    fn area(&self, position: f64, summary: &FiveNumbers, view: &View) -> Rect {
        let upper_left = view.point(position - self.width / 2.0, summary.q3);
        let lower_right = view.point(position + self.width / 2.0, summary.q1);
        Rect { left: upper_left.x, top: upper_left.y, right: lower_right.x, bottom: lower_right.y }
    }

    fn draw_box(
        &self,
        canvas: &Canvas<'_>,
        view: &View,
        position: f64,
        summary: &FiveNumbers,
    ) -> Result<(), Error> {
        let (frame, edge) = (&view.frame, self.edge());
        let whiskers = [(summary.q1, summary.whisker_low), (summary.q3, summary.whisker_high)];
        for (from, to) in whiskers {
            let (from, to) = (view.point(position, from), view.point(position, to));
            draw_interval(canvas, frame, from, to, &edge)?;
        }
        let area = self.area(position, summary, view);
        let corners = clip_polygon(&area.corners(), frame);
        canvas.polygon(&corners, self.filling())?;
        if !corners.is_empty() {
            canvas.outline(&corners, &edge)?;
        }
        let median = view.y.position(summary.median);
        for piece in clip_path(&[Point::new(area.left, median), Point::new(area.right, median)], frame) {
            canvas.path(&piece, &self.median())?;
        }
        for &flier in &summary.fliers {
            let center = view.point(position, flier);
            if frame.contains(center) {
                canvas.circle(center, theme::POINT_RADIUS, &edge)?;
            }
        }
        Ok(())
    }
}

impl Draw for BoxPlot {
    fn kind(&self) -> &'static str {
        "box plot"
    }

    fn label(&self) -> Option<&str> {
        self.label.as_deref()
    }

    fn validate(&self, at: &MarkPlace) -> Result<(), Error> {
        check::columns(at, &[("positions", &self.positions)])?;
        if self.boxes.len() != self.positions.len() {
            return Err(Error::LengthMismatch {
                at: at.clone(),
                field: "boxes",
                len: self.boxes.len(),
                other: "positions",
                expected: self.positions.len(),
            });
        }
        check::setting(at, "width", self.width, 0.0, f64::MAX)?;
        for summary in &self.boxes {
            let FiveNumbers { whisker_low, q1, median, q3, whisker_high, fliers } = summary;
            let numbers = [*whisker_low, *q1, *median, *q3, *whisker_high];
            check::finite(at, "five numbers", &numbers)?;
            check::sorted(at, "five numbers", &numbers)?;
            check::finite(at, "fliers", fliers)?;
        }
        Ok(())
    }

    fn extent(&self) -> Extent {
        let sides = self.positions.iter().flat_map(|p| [p - self.width / 2.0, p + self.width / 2.0]);
        let heights =
            self.boxes.iter().flat_map(|b| b.fliers.iter().copied().chain([b.whisker_low, b.whisker_high]));
        Extent { x: Span::of(sides), y: Span::of(heights) }
    }

    fn draw(&self, canvas: &Canvas<'_>, view: &View) -> Result<(), Error> {
        self.positions
            .iter()
            .zip(&self.boxes)
            .try_for_each(|(&position, summary)| self.draw_box(canvas, view, position, summary))
    }

    fn sample_width(&self) -> f64 {
        theme::NARROW_SAMPLE_WIDTH
    }

    fn draw_sample(&self, canvas: &Canvas<'_>, area: &Rect) -> Result<(), Error> {
        let center = area.center();
        let half = theme::NARROW_SAMPLE_WIDTH / 2.0;
        let sample = Rect { left: center.x - half, right: center.x + half, ..*area };
        canvas.rectangle(&sample, self.filling())?;
        canvas.outline(&sample.corners(), &self.edge())?;
        canvas.path(&[Point::new(sample.left, center.y), Point::new(sample.right, center.y)], &self.median())
    }

    fn footprint(&self, view: &View) -> Vec<Point> {
        let mut footprint = Vec::new();
        for (&position, summary) in self.positions.iter().zip(&self.boxes) {
            let center = view.x.position(position);
            let whiskers = Rect {
                left: center,
                right: center,
                top: view.y.position(summary.whisker_high),
                bottom: view.y.position(summary.whisker_low),
            };
            for area in [self.area(position, summary, view), whiskers] {
                footprint.extend(area.intersection(&view.frame).iter().flat_map(area_footprint));
            }
            let fliers = summary.fliers.iter().map(|&flier| view.point(position, flier));
            footprint.extend(fliers.filter(|&p| view.frame.contains(p)));
        }
        footprint
    }
}
