//! Upright bars from zero.

use super::error_bars::draw_interval;
use super::*;

/// A bar from zero to `y[i]` around every `x[i]`, on a linear axis. For groups, shift the series in x.
///
/// # Shapes
/// `x` and `y` are equally long and not empty; `texts` and `intervals`, if not empty, are as long as they
/// are, and the lower end of an interval does not exceed its upper end.
///
/// ```
/// use slt_plot::Bars;
/// let bars = Bars::new(vec![0.0, 1.0], vec![0.52, 0.97]).width(0.8).texts(["52.0", "97.0"]);
/// ```
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Bars {
    /// Label and colour.
    pub style: Style,
    /// Horizontal middle of each bar.
    pub x: Vec<f64>,
    /// Height of each bar.
    pub y: Vec<f64>,
    /// A text at the end of each bar, or none at all.
    pub texts: Vec<String>,
    /// Width of a bar in units of the x axis, greater than 0.
    pub width: f64,
    /// Lower and upper end of an interval at the end of each bar, or none at all.
    pub intervals: Vec<(f64, f64)>,
}

/// The texts at the ends of the bars.
const TEXT: Font = Font::regular(7.0);
/// Room for the texts at the ends of an automatic axis, as a share of the data's extent.
const TEXT_PADDING: f64 = 0.1;
/// Space between a bar and its text.
const TEXT_GAP: f64 = 2.0;

styled!(Bars: label, color, hollow);

impl Bars {
    /// Bars four fifths of a unit wide.
    #[must_use]
    pub fn new(x: Vec<f64>, y: Vec<f64>) -> Self {
        let (texts, intervals) = (Vec::new(), Vec::new());
        Self { style: Style::default(), x, y, texts, width: 0.8, intervals }
    }

    /// The bar with its interval on the page, before clipping.
    fn reach(&self, i: usize, view: &View) -> Rect {
        let area = view.column(self.x[i], self.width, [self.y[i], 0.0]);
        match self.intervals.get(i) {
            Some(&(low, high)) => Rect {
                top: area.top.min(view.y.position(high)),
                bottom: area.bottom.max(view.y.position(low)),
                ..area
            },
            None => area,
        }
    }
}

setters!(Bars {
    /// Sets the width of a bar in units of the x axis.
    width(width: f64) { width = width }
    /// Sets the texts at the ends of the bars.
    texts(texts: impl IntoIterator<Item = impl Into<String>>) {
        texts = texts.into_iter().map(Into::into).collect()
    }
    /// Sets the intervals at the ends of the bars; texts stand beyond them.
    intervals(intervals: impl IntoIterator<Item = (f64, f64)>) { intervals = intervals.into_iter().collect() }
});

impl Draw for Bars {
    fn validate(&self, at: &Place) -> Result<(), Error> {
        check::columns(at, &[("x", &self.x), ("y", &self.y)])?;
        check::none_or_as_many(at, ("texts", self.texts.len()), ("x", self.x.len()))?;
        check::none_or_as_many(at, ("intervals", self.intervals.len()), ("x", self.x.len()))?;
        let (low, high): (Vec<f64>, Vec<f64>) = self.intervals.iter().copied().unzip();
        check::finite(at, "intervals", &low)?;
        check::finite(at, "intervals", &high)?;
        check::intervals(at, &low, &high)?;
        check::positive(at, "width", self.width)
    }

    fn texts(&self) -> Vec<&str> {
        self.texts.iter().map(String::as_str).collect()
    }

    fn extent(&self) -> Extent {
        let sides = self.x.iter().flat_map(|x| [x - self.width / 2.0, x + self.width / 2.0]);
        let ends = self.intervals.iter().flat_map(|&(low, high)| [low, high]);
        let heights = Span::of(self.y.iter().copied().chain(ends).chain([0.0]));
        // Bars stand on the axis unless some hang below it.
        let pad = if self.texts.is_empty() { theme::RANGE_PADDING } else { TEXT_PADDING };
        let heights = heights.map(|span| Span {
            pad_min: if span.min < 0.0 { pad } else { 0.0 },
            pad_max: if span.max > 0.0 { pad } else { 0.0 },
            ..span
        });
        Extent { x: Span::of(sides), y: heights }
    }

    fn overreach(&self, direction: AxisDirection) -> Option<&'static str> {
        let positive = |values: &[f64]| values.iter().all(|value| *value > 0.0);
        match direction {
            AxisDirection::X => {
                positive(&self.x).then_some("a bar is `width` wide and reaches half of it to either side")
            }
            _ => positive(&self.y).then_some("bars begin at 0"),
        }
    }

    fn draw(&self, canvas: &Canvas<'_>, view: &View) {
        for (i, (&x, &y)) in self.x.iter().zip(&self.y).enumerate() {
            let area = view.column(x, self.width, [y, 0.0]);
            if area.intersection(&view.frame).is_none() {
                continue;
            }
            self.style.draw_box(canvas, &area, &view.frame);
            if let Some(&(low, high)) = self.intervals.get(i) {
                let ink = Stroke::solid(theme::INK, theme::THIN_STROKE);
                draw_interval(canvas, &view.frame, view.point(x, low), view.point(x, high), &ink);
            }
            let area = self.reach(i, view);
            if let Some(text) = self.texts.get(i) {
                let baseline = if y < 0.0 {
                    area.bottom.min(view.frame.bottom) + TEXT_GAP + TEXT.cap_height()
                } else {
                    area.top.max(view.frame.top) - TEXT_GAP
                };
                let baseline = Point::new(area.center().x, baseline);
                // A grid line must not strike the text through.
                let behind = Rect::at(
                    baseline.x - TEXT.width(text) / 2.0,
                    baseline.y - TEXT.cap_height(),
                    TEXT.width(text),
                    TEXT.cap_height(),
                );
                canvas.rectangle(&behind.grown(TEXT_GAP / 2.0), theme::BACKGROUND.into());
                canvas.text(text, baseline, &TextStyle::new(TEXT, Anchor::Center));
            }
        }
    }

    fn sample_width(&self) -> f64 {
        theme::NARROW_SAMPLE_WIDTH
    }

    fn draw_sample(&self, canvas: &Canvas<'_>, _: usize, area: &Rect) {
        self.style.draw_box_sample(canvas, area);
    }
}
