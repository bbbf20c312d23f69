//! Upright bars from zero.

use serde::{Deserialize, Serialize};

use super::{Draw, Extent, Span, View, area_footprint, check};
use crate::color::Color;
use crate::draw::canvas::{Anchor, Canvas, Direction, Stroke, TextStyle};
use crate::draw::clip::clip_polygon;
use crate::draw::geometry::{Point, Rect};
use crate::draw::text::Font;
use crate::error::{Error, MarkPlace};
use crate::theme;

/// A bar from zero to `y[i]` around every `x[i]`, on a linear axis. For groups, shift the series in x.
///
/// # Shapes
/// `x` and `y` are equally long and not empty; `texts`, if not empty, is as long as they are.
///
/// ```
/// use slt_plot::Bars;
/// let bars = Bars::new(vec![0.0, 1.0], vec![0.52, 0.97]).width(0.8).texts(["52.0", "97.0"]);
/// ```
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Bars {
    /// Text in the legend; without it the bars have no entry.
    pub label: Option<String>,
    /// Horizontal middle of each bar.
    pub x: Vec<f64>,
    /// Height of each bar.
    pub y: Vec<f64>,
    /// A text at the end of each bar, or none at all.
    pub texts: Vec<String>,
    /// Width of a bar in units of the x axis, greater than 0.
    pub width: f64,
    /// Colour.
    pub color: Color,
}

/// The texts at the ends of the bars.
const TEXT: Font = Font::regular(7.0);
/// Room for the texts at the ends of an automatic axis, as a share of the data's extent.
const TEXT_PADDING: f64 = 0.1;
/// Space between a bar and its text.
const TEXT_GAP: f64 = 2.0;

impl Default for Bars {
    fn default() -> Self {
        let (x, y, texts) = (Vec::new(), Vec::new(), Vec::new());
        Self { label: None, x, y, texts, width: 0.8, color: Color::default() }
    }
}

impl Bars {
    /// Bars four fifths of a unit wide.
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

    /// Sets the width of a bar in units of the x axis.
    #[must_use]
    pub fn width(mut self, width: f64) -> Self {
        self.width = width;
        self
    }

    /// Sets the texts at the ends of the bars.
    #[must_use]
    pub fn texts<S: Into<String>>(mut self, texts: impl IntoIterator<Item = S>) -> Self {
        self.texts = texts.into_iter().map(Into::into).collect();
        self
    }

    fn edge(&self) -> Stroke {
        Stroke::solid(self.color.resolve(), theme::THIN_STROKE)
    }

    /// The bar on the page, before clipping.
    fn area(&self, x: f64, y: f64, view: &View) -> Rect {
        let (a, b) = (view.point(x - self.width / 2.0, y), view.point(x + self.width / 2.0, 0.0));
        Rect { left: a.x, right: b.x, top: a.y.min(b.y), bottom: a.y.max(b.y) }
    }
}

impl Draw for Bars {
    fn kind(&self) -> &'static str {
        "bars"
    }

    fn label(&self) -> Option<&str> {
        self.label.as_deref()
    }

    fn validate(&self, at: &MarkPlace) -> Result<(), Error> {
        check::columns(at, &[("x", &self.x), ("y", &self.y)])?;
        if !self.texts.is_empty() && self.texts.len() != self.x.len() {
            let (len, expected) = (self.texts.len(), self.x.len());
            return Err(Error::LengthMismatch { at: at.clone(), field: "texts", len, other: "x", expected });
        }
        check::setting(at, "width", self.width, 0.0, f64::MAX)
    }

    fn texts(&self) -> Vec<&str> {
        self.texts.iter().map(String::as_str).collect()
    }

    fn extent(&self) -> Extent {
        let sides = self.x.iter().flat_map(|x| [x - self.width / 2.0, x + self.width / 2.0]);
        let heights = Span::of(self.y.iter().copied().chain([0.0]));
        // Bars stand on the axis unless some hang below it.
        let pad = if self.texts.is_empty() { theme::RANGE_PADDING } else { TEXT_PADDING };
        let heights = heights.map(|span| Span {
            pad_min: if span.min < 0.0 { pad } else { 0.0 },
            pad_max: if span.max > 0.0 { pad } else { 0.0 },
            ..span
        });
        Extent { x: Span::of(sides), y: heights }
    }

    fn draw(&self, canvas: &Canvas<'_>, view: &View) -> Result<(), Error> {
        for (i, (&x, &y)) in self.x.iter().zip(&self.y).enumerate() {
            let area = self.area(x, y, view);
            let corners = clip_polygon(&area.corners(), &view.frame);
            if corners.is_empty() {
                continue;
            }
            canvas.polygon(&corners, self.color.resolve().on_white(theme::FILL_TINT).into())?;
            canvas.outline(&corners, &self.edge())?;
            if let Some(text) = self.texts.get(i) {
                let style = TextStyle {
                    font: TEXT,
                    color: theme::INK,
                    anchor: Anchor::Middle,
                    direction: Direction::Rightwards,
                };
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
                canvas.rectangle(&behind.grown(TEXT_GAP / 2.0), theme::BACKGROUND.into())?;
                canvas.text(text, baseline, &style)?;
            }
        }
        Ok(())
    }

    fn sample_width(&self) -> f64 {
        theme::NARROW_SAMPLE_WIDTH
    }

    fn draw_sample(&self, canvas: &Canvas<'_>, area: &Rect) -> Result<(), Error> {
        let center = area.center();
        let half = theme::NARROW_SAMPLE_WIDTH / 2.0;
        let sample = Rect { left: center.x - half, right: center.x + half, ..*area };
        canvas.rectangle(&sample, self.color.resolve().on_white(theme::FILL_TINT).into())?;
        canvas.outline(&sample.corners(), &self.edge())
    }

    fn footprint(&self, view: &View) -> Vec<Point> {
        let room = if self.texts.is_empty() { 0.0 } else { TEXT_GAP + TEXT.cap_height() };
        self.x
            .iter()
            .zip(&self.y)
            .map(|(&x, &y)| self.area(x, y, view))
            .map(|area| Rect { top: area.top - room, bottom: area.bottom + room, ..area })
            .filter_map(|area| area.intersection(&view.frame))
            .flat_map(|area| area_footprint(&area))
            .collect()
    }
}
