//! A panel on the page: checks, ranges, measured parts, drawing.

use super::color_bar::ColorBar;
use super::header::Header;
use super::legend::{Block, Legend, Side};
use super::x_axis::XAxis;
use super::y_axis::YAxis;
use crate::axis::range::resolve;
use crate::axis::scale::AxisMap;
use crate::axis::{Axis, Range, Ticks};
use crate::draw::canvas::{Canvas, Stroke};
use crate::draw::geometry::{Point, Rect};
use crate::draw::text::unsupported_character;
use crate::error::{AxisDirection, AxisPlace, Error, MarkPlace};
use crate::marks::{Draw, Extent, Mark, Span, View};
use crate::panel::{Aspect, Panel};
use crate::theme;

impl Panel {
    /// Checks the marks, the ticks and the characters of all texts.
    pub(crate) fn validate(&self, number: usize) -> Result<(), Error> {
        if self.marks.is_empty() {
            return Err(Error::NoMarks { panel: number });
        }
        for (at, mark) in self.placed_marks(number) {
            mark.validate(&at)?;
        }
        for (direction, axis) in [(AxisDirection::X, &self.x), (AxisDirection::Y, &self.y)] {
            let at = AxisPlace { panel: number, direction };
            let positions: Vec<f64> = tick_labels(axis).iter().map(|label| label.at).collect();
            let rises =
                |i: &usize| positions[*i].is_finite() && (*i == 0 || positions[*i] > positions[i - 1]);
            if let Some(index) = (0..positions.len()).find(|i| !rises(i)) {
                return Err(Error::TickOrder { at, index });
            }
            let expected = positions.len();
            if let Some((row, short)) =
                axis.label_rows.iter().enumerate().find(|(_, row)| row.texts.len() != expected)
            {
                return Err(Error::LabelRow { at, row, len: short.texts.len(), expected });
            }
        }
        for text in self.texts() {
            if let Some(character) = unsupported_character(text) {
                return Err(Error::UnsupportedCharacter { panel: number, text: text.to_owned(), character });
            }
        }
        Ok(())
    }

    /// The marks and where they are, for messages.
    fn placed_marks(&self, number: usize) -> impl Iterator<Item = (MarkPlace, &dyn Draw)> {
        self.marks.iter().map(Mark::as_draw).enumerate().map(move |(i, mark)| {
            let label = mark.label().map(str::to_owned);
            (MarkPlace { panel: number, mark: i, kind: mark.kind(), label }, mark)
        })
    }

    /// Every text that the panel may draw, apart from the numbers at its ticks.
    fn texts(&self) -> impl Iterator<Item = &str> {
        let headers = self.letter.as_deref().into_iter().chain(self.title.as_deref());
        let axes = [&self.x, &self.y].into_iter().flat_map(|axis| {
            let ticks = tick_labels(axis).iter().map(|label| label.text.as_str());
            let rows = axis.label_rows.iter();
            let rows = rows.flat_map(|row| std::iter::once(&row.caption).chain(&row.texts));
            std::iter::once(axis.label.as_str()).chain(ticks).chain(rows.map(String::as_str))
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

/// A panel with its ranges and everything that does not depend on the size of its frame.
pub(super) struct Prepared<'f> {
    pub(super) number: usize,
    pub(super) panel: &'f Panel,
    x_range: (f64, f64),
    y_range: (f64, f64),
    pub(super) legend: Option<Legend<'f>>,
}

impl<'f> Prepared<'f> {
    /// Finds the ranges of the axes; `legend` is the panel's own.
    pub(super) fn new(number: usize, panel: &'f Panel, legend: Option<Legend<'f>>) -> Result<Self, Error> {
        let extents: Vec<Extent> = panel.marks.iter().map(|mark| mark.as_draw().extent()).collect();
        let x_span = extents.iter().filter_map(|extent| extent.x).reduce(Span::union);
        let y_span = extents.iter().filter_map(|extent| extent.y).reduce(Span::union);
        let range = |axis: &Axis, span: Option<Span>, direction| {
            if panel.bare && span.is_none() && axis.range == Range::AUTO {
                return Ok((0.0, 1.0));
            }
            let at = AxisPlace { panel: number, direction };
            let range = resolve(axis, span, at);
            range.map_err(|error| blamed(error, panel.placed_marks(number), at))
        };
        let x_range = range(&panel.x, x_span, AxisDirection::X)?;
        let y_range = range(&panel.y, y_span, AxisDirection::Y)?;
        Ok(Self { number, panel, x_range, y_range, legend })
    }

    /// The height that the contents need in a frame of this width, if all of them size themselves.
    pub(super) fn natural_height(&self, width: f64) -> Option<f64> {
        let needs = self.panel.marks.iter().map(|mark| mark.as_draw().natural_height(width));
        needs.reduce(|all, one| all.zip(one).map(|(a, b)| f64::max(a, b))).flatten()
    }

    /// The frame's size in a place of the given size.
    pub(super) fn frame_size(&self, width: f64, height: f64) -> (f64, f64) {
        let length = |axis: &Axis, (min, max): (f64, f64)| axis.scale.forward(max) - axis.scale.forward(min);
        let shape = match self.panel.aspect {
            Aspect::Free => return (width, height),
            Aspect::Equal => length(&self.panel.x, self.x_range) / length(&self.panel.y, self.y_range),
            Aspect::Square => 1.0,
        };
        if width <= height * shape { (width, width / shape) } else { (height * shape, height) }
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

/// If an axis cannot show an end that a mark has by its shape, and not by its values, the error that says so.
fn blamed<'m>(
    error: Error,
    marks: impl Iterator<Item = (MarkPlace, &'m dyn Draw)>,
    axis: AxisPlace,
) -> Error {
    let end = match error {
        Error::NotPositive { value, .. } | Error::NotBelowOne { value, .. } => value,
        _ => return error,
    };
    for (at, mark) in marks {
        let Extent { x, y } = mark.extent();
        let span = if axis.direction == AxisDirection::X { x } else { y };
        let ends = span.is_some_and(|span| span.min == end || span.max == end);
        if let (true, Some(why)) = (ends, mark.overreach(axis.direction)) {
            return Error::Overreach { at, axis: axis.direction, end, why };
        }
    }
    error
}

/// The parts of a panel that depend on the size of its frame.
pub(super) struct Fitted<'f> {
    /// Width and height of the frame.
    pub(super) size: (f64, f64),
    pub(super) header: Header<'f>,
    pub(super) x_axis: XAxis,
    pub(super) y_axis: YAxis,
    color_bar: Option<ColorBar>,
    side: Side,
    /// The legend's arrangement if it is outside the frame.
    pub(super) outside: Option<Block>,
}

impl<'f> Fitted<'f> {
    /// Measures the parts for a frame of the given width and height.
    pub(super) fn measure(panel: &Prepared<'f>, side: Side, size: (f64, f64)) -> Result<Self, Error> {
        let Prepared { number, panel: description, x_range, y_range, .. } = *panel;
        for (at, mark) in description.placed_marks(number) {
            mark.fits(&at, size.0, size.1)?;
        }
        let outside = match (&panel.legend, side) {
            (None, _) | (_, Side::Inside) => None,
            (Some(legend), Side::Right) => Some(legend.block(1)),
            (Some(legend), Side::Above) => Some(legend.block_within(number, size.0)?),
        };
        let blank = Axis::default().ticks(Ticks::None);
        let [x, y] =
            [&description.x, &description.y].map(|axis| if description.bare { &blank } else { axis });
        let scale = description.marks.iter().find_map(|mark| mark.as_draw().color_scale());
        Ok(Self {
            size,
            header: Header::measure(number, description, size.0)?,
            x_axis: XAxis::measure(number, x, x_range, size.0)?,
            y_axis: YAxis::measure(number, y, y_range, size.1)?,
            color_bar: scale.map(|scale| ColorBar::measure(number, &scale, size.1)).transpose()?,
            side,
            outside,
        })
    }

    /// Width of the colour bar and of a legend right of the frame.
    pub(super) fn right_width(&self) -> f64 {
        let bar = self.color_bar.as_ref().map_or(0.0, ColorBar::width);
        match (&self.outside, self.side) {
            (Some(block), Side::Right) => bar + theme::LEGEND_COLUMN_GAP + block.width,
            _ => bar,
        }
    }

    /// Takes the legend outside the frame with its upper left corner.
    pub(super) fn take_outside(&mut self, frame: &Rect) -> Option<(Block, Point)> {
        let block = self.outside.take()?;
        let corner = match self.side {
            Side::Right => {
                let bar = self.color_bar.as_ref().map_or(0.0, ColorBar::width);
                Point::new(frame.right + bar + theme::LEGEND_COLUMN_GAP, frame.top)
            }
            Side::Above | Side::Inside => {
                Point::new(frame.left, frame.top - theme::HEADER_GAP - block.height)
            }
        };
        Some((block, corner))
    }
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
        fitted.y_axis.draw_grid(canvas, frame)?;
        let view = prepared.view(*frame);
        prepared.panel.marks.iter().try_for_each(|mark| mark.as_draw().draw(canvas, &view))?;
        if !prepared.panel.bare {
            let [top_left, _, bottom_right, bottom_left] = frame.corners();
            let axes = Stroke::solid(theme::INK, theme::AXIS_STROKE);
            canvas.path(&[top_left, bottom_left, bottom_right], &axes)?;
        }
        fitted.x_axis.draw(canvas, frame, self.x_label_offset)?;
        fitted.y_axis.draw(canvas, frame, self.y_label_offset)?;
        if let Some(bar) = &fitted.color_bar {
            bar.draw(canvas, frame)?;
        }
        fitted.header.draw(canvas, Point::new(frame.left, self.top))?;
        if let (Some(legend), Some((block, corner, inside))) = (&prepared.legend, &self.legend) {
            legend.draw(canvas, block, *corner, *inside)?;
        }
        Ok(())
    }
}
