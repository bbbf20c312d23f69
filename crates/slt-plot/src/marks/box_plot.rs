//! Boxes with whiskers.

use super::error_bars::draw_interval;
use super::*;

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
    /// Label and colour.
    pub style: Style,
    /// Horizontal middle of each box.
    pub positions: Vec<f64>,
    /// What the boxes show.
    pub boxes: Vec<FiveNumbers>,
    /// Width of a box in units of the x axis, greater than 0.
    pub width: f64,
}

styled!(BoxPlot: label, color, hollow);

impl BoxPlot {
    /// Boxes half a unit wide.
    #[must_use]
    pub fn new(positions: Vec<f64>, boxes: Vec<FiveNumbers>) -> Self {
        Self { style: Style::default(), positions, boxes, width: 0.5 }
    }

    fn median(&self) -> Stroke {
        Stroke::solid(self.style.color.resolve(), 2.0 * theme::THIN_STROKE)
    }

    fn draw_box(&self, canvas: &Canvas<'_>, view: &View, position: f64, summary: &FiveNumbers) {
        let (frame, edge) = (&view.frame, self.style.edge());
        for (from, to) in [(summary.q1, summary.whisker_low), (summary.q3, summary.whisker_high)] {
            draw_interval(canvas, frame, view.point(position, from), view.point(position, to), &edge);
        }
        let area = view.column(position, self.width, [summary.q3, summary.q1]);
        self.style.draw_box(canvas, &area, frame);
        let median = view.y.position(summary.median);
        let ends = [Point::new(area.left, median), Point::new(area.right, median)];
        canvas.path_within(&ends, frame, &self.median());
        let fliers = summary.fliers.iter().map(|&flier| view.point(position, flier));
        let visible = fliers.filter(|&center| frame.contains(center));
        visible.for_each(|center| canvas.circle(center, theme::POINT_RADIUS, &edge));
    }
}

setters!(BoxPlot {
    /// Sets the width of a box in units of the x axis.
    width(width: f64) { width = width }
});

impl Draw for BoxPlot {
    fn validate(&self, at: &Place) -> Result<(), Error> {
        check::columns(at, &[("positions", &self.positions)])?;
        check::as_many(at, ("boxes", self.boxes.len()), ("positions", self.positions.len()))?;
        check::positive(at, "width", self.width)?;
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

    fn draw(&self, canvas: &Canvas<'_>, view: &View) {
        for (&position, summary) in self.positions.iter().zip(&self.boxes) {
            self.draw_box(canvas, view, position, summary);
        }
    }

    fn sample_width(&self) -> f64 {
        theme::NARROW_SAMPLE_WIDTH
    }

    fn draw_sample(&self, canvas: &Canvas<'_>, _: usize, area: &Rect) {
        let sample = self.style.draw_box_sample(canvas, area);
        draw_line_sample(canvas, &sample, &self.median());
    }
}
