//! A panel on the page: checks, ranges, measured parts, drawing.

use super::header::Header;
use super::legend::{Block, Legend};
use super::x_axis::XAxis;
use super::y_axis::YAxis;
use crate::axis::range::resolve;
use crate::axis::scale::AxisMap;
use crate::axis::{Axis, Ticks};
use crate::draw::canvas::{Canvas, Stroke};
use crate::draw::geometry::{Point, Rect};
use crate::draw::text::unsupported_character;
use crate::error::{AxisDirection, AxisPlace, Error, MarkPlace};
use crate::marks::{Extent, Mark, Span, View};
use crate::panel::Panel;
use crate::theme;

impl Panel {
    /// Checks the marks, the ticks and the characters of all texts.
    pub(crate) fn validate(&self, number: usize) -> Result<(), Error> {
        if self.marks.is_empty() {
            return Err(Error::NoMarks { panel: number });
        }
        for (i, mark) in self.marks.iter().map(Mark::as_draw).enumerate() {
            let label = mark.label().map(str::to_owned);
            mark.validate(&MarkPlace { panel: number, mark: i, kind: mark.kind(), label })?;
        }
        for (direction, axis) in [(AxisDirection::X, &self.x), (AxisDirection::Y, &self.y)] {
            let at = AxisPlace { panel: number, direction };
            let positions: Vec<f64> = tick_labels(axis).iter().map(|label| label.at).collect();
            let rises =
                |i: &usize| positions[*i].is_finite() && (*i == 0 || positions[*i] > positions[i - 1]);
            if let Some(index) = (0..positions.len()).find(|i| !rises(i)) {
                return Err(Error::TickOrder { at, index });
            }
        }
        for text in self.texts() {
            if let Some(character) = unsupported_character(text) {
                return Err(Error::UnsupportedCharacter { panel: number, text: text.to_owned(), character });
            }
        }
        Ok(())
    }

    /// Every text that the panel may draw, apart from the numbers at its ticks.
    fn texts(&self) -> impl Iterator<Item = &str> {
        let headers = self.letter.as_deref().into_iter().chain(self.title.as_deref());
        let axes = [&self.x, &self.y].into_iter().flat_map(|axis| {
            let ticks = tick_labels(axis).iter().map(|label| label.text.as_str());
            std::iter::once(axis.label.as_str()).chain(ticks)
        });
        let marks = self.marks.iter().map(Mark::as_draw);
        headers.chain(axes).chain(marks.flat_map(|mark| mark.label().into_iter().chain(mark.texts())))
    }
}

fn tick_labels(axis: &Axis) -> &[crate::TickLabel] {
    match &axis.ticks {
        Ticks::Labels(labels) => labels,
        Ticks::Auto | Ticks::None => &[],
    }
}

/// A panel with its ranges and everything that does not depend on the width of its frame.
pub(super) struct Prepared<'f> {
    pub(super) number: usize,
    pub(super) panel: &'f Panel,
    pub(super) x_range: (f64, f64),
    pub(super) y_range: (f64, f64),
    pub(super) y_axis: YAxis,
    pub(super) legend: Option<Legend<'f>>,
}

impl<'f> Prepared<'f> {
    pub(super) fn new(number: usize, panel: &'f Panel, frame_height: f64) -> Result<Self, Error> {
        let extents: Vec<Extent> = panel.marks.iter().map(|mark| mark.as_draw().extent()).collect();
        let x_span = extents.iter().filter_map(|extent| extent.x).reduce(Span::union);
        let y_span = extents.iter().filter_map(|extent| extent.y).reduce(Span::union);
        let x_range = resolve(&panel.x, x_span, AxisPlace { panel: number, direction: AxisDirection::X })?;
        let y_range = resolve(&panel.y, y_span, AxisPlace { panel: number, direction: AxisDirection::Y })?;
        let y_axis = YAxis::measure(number, &panel.y, y_range, frame_height)?;
        Ok(Self { number, panel, x_range, y_range, y_axis, legend: Legend::collect(panel) })
    }

    /// The two axes on a frame.
    pub(super) fn view(&self, frame: Rect) -> View {
        let (x, y) = (self.x_range, self.y_range);
        View {
            frame,
            x: AxisMap { scale: self.panel.x.scale, min: x.0, max: x.1, from: frame.left, to: frame.right },
            y: AxisMap { scale: self.panel.y.scale, min: y.0, max: y.1, from: frame.bottom, to: frame.top },
        }
    }

    /// Places that a legend should not cover.
    pub(super) fn footprint(&self, view: &View) -> Vec<Point> {
        self.panel.marks.iter().flat_map(|mark| mark.as_draw().footprint(view)).collect()
    }
}

/// The parts of a panel that depend on the width of its frame.
pub(super) struct Fitted<'f> {
    pub(super) header: Header<'f>,
    pub(super) x_axis: XAxis,
    /// The legend's arrangement if it is outside the frame.
    pub(super) outside: Option<Block>,
}

/// A panel at its place.
pub(super) struct PlacedPanel<'f> {
    pub(super) prepared: Prepared<'f>,
    pub(super) fitted: Fitted<'f>,
    pub(super) frame: Rect,
    /// Upper edge of the header.
    pub(super) top: f64,
    /// Distances of the axis labels from the frame, common to a row and to a column.
    pub(super) x_label_offset: f64,
    pub(super) y_label_offset: f64,
    /// Arrangement and upper left corner of the legend, and whether it is within the frame.
    pub(super) legend: Option<(Block, Point, bool)>,
}

impl PlacedPanel<'_> {
    pub(super) fn draw(&self, canvas: &Canvas<'_>) -> Result<(), Error> {
        let Self { prepared, fitted, frame, .. } = self;
        fitted.x_axis.draw_grid(canvas, frame)?;
        prepared.y_axis.draw_grid(canvas, frame)?;
        let view = prepared.view(*frame);
        prepared.panel.marks.iter().try_for_each(|mark| mark.as_draw().draw(canvas, &view))?;
        let [top_left, _, bottom_right, bottom_left] = frame.corners();
        let axes = Stroke::solid(theme::INK, theme::AXIS_STROKE);
        canvas.path(&[top_left, bottom_left, bottom_right], &axes)?;
        fitted.x_axis.draw(canvas, frame, self.x_label_offset)?;
        prepared.y_axis.draw(canvas, frame, self.y_label_offset)?;
        fitted.header.draw(canvas, Point::new(frame.left, self.top))?;
        if let (Some(legend), Some((block, corner, inside))) = (&prepared.legend, &self.legend) {
            legend.draw(canvas, block, *corner, *inside)?;
        }
        Ok(())
    }
}
