//! A panel on the page: checks, ranges, measured parts, drawing.

use super::axes::{ColorBar, Edge, MeasuredAxis};
use super::legend::{Block, Legend};
use super::wrap;
use crate::axis::range::{beyond_scale, resolve};
use crate::axis::scale::AxisMap;
use crate::axis::span::Span;
use crate::axis::{Axis, Range, Ticks};
use crate::check;
use crate::draw::canvas::{Anchor, Canvas, Stroke, TextStyle};
use crate::draw::geometry::{Point, Rect};
use crate::draw::text::Font;
use crate::error::{AxisDirection, Error, Place};
use crate::marks::{Draw, Extent, View};
use crate::panel::{Aspect, Panel};
use crate::theme;

const LETTER: Font = Font::bold(theme::TITLE_TEXT);
const TITLE: Font = Font::regular(theme::TITLE_TEXT);
/// Space between letter and title.
const LETTER_GAP: f64 = 4.0;

impl Panel {
    /// Checks the marks, the ticks and the characters of all texts.
    pub(crate) fn validate(&self, number: usize) -> Result<(), Error> {
        let at = Place::Panel(number);
        check::some(&at, "marks", self.marks.len())?;
        for (at, mark) in self.placed_marks(number) {
            mark.validate(&at)?;
        }
        for (direction, axis) in [(AxisDirection::X, &self.x), (AxisDirection::Y, &self.y)] {
            let at = Place::Axis { panel: number, direction };
            let positions: Vec<f64> = tick_labels(axis).iter().map(|label| label.at).collect();
            check::finite(&at, "ticks", &positions)?;
            check::rising(&at, "ticks", &positions)?;
            for row in &axis.label_rows {
                check::as_many(&at, ("label_rows", row.texts.len()), ("ticks", positions.len()))?;
            }
        }
        check::characters(&at, self.texts())
    }

    /// The marks with their places for messages.
    fn placed_marks(&self, panel: usize) -> impl Iterator<Item = (Place, &dyn Draw)> {
        self.marks.iter().enumerate().map(move |(i, mark)| {
            let label = mark.style().and_then(|style| style.label.clone());
            (Place::Mark { panel, mark: i, kind: mark.kind(), label }, mark.as_draw())
        })
    }

    /// What to say if an axis cannot show an end that a mark has by its shape, and not by its values.
    fn check_reach(
        &self,
        panel: usize,
        axis: &Axis,
        span: Option<Span>,
        direction: AxisDirection,
    ) -> Result<(), Error> {
        let Some((end, expected)) = beyond_scale(axis, span) else { return Ok(()) };
        for (at, mark) in self.placed_marks(panel) {
            let Extent { x, y } = mark.extent();
            let span = if direction == AxisDirection::X { x } else { y };
            if span.is_some_and(|span| span.min == end || span.max == end)
                && let Some(why) = mark.overreach(direction)
            {
                let expected = format_args!("{expected}, but {why}; use a linear axis or other marks");
                check::value(&at, format_args!("{direction} axis"), end, false, expected)?;
            }
        }
        Ok(())
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
        let marks =
            self.marks.iter().flat_map(|mark| mark.entries().into_iter().chain(mark.as_draw().texts()));
        headers.chain(axes).chain(marks)
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
    number: usize,
    pub(super) panel: &'f Panel,
    x_range: (f64, f64),
    y_range: (f64, f64),
    legend: Option<Legend<'f>>,
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
            panel.check_reach(number, axis, span, direction)?;
            resolve(axis, span, &Place::Axis { panel: number, direction })
        };
        let x_range = range(&panel.x, x_span, AxisDirection::X)?;
        let y_range = range(&panel.y, y_span, AxisDirection::Y)?;
        Ok(Self { number, panel, x_range, y_range, legend })
    }

    /// The height that the contents need in a frame of this width, if all of them size themselves.
    pub(super) fn natural_height(&self, width: f64) -> Option<f64> {
        greatest(self.panel.marks.iter().map(|mark| mark.as_draw().natural_height(width)))
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
    fn view(&self, frame: Rect) -> View {
        let (x, y) = (self.x_range, self.y_range);
        View {
            frame,
            x: AxisMap { scale: self.panel.x.scale, min: x.0, max: x.1, from: frame.left, to: frame.right },
            y: AxisMap { scale: self.panel.y.scale, min: y.0, max: y.1, from: frame.bottom, to: frame.top },
        }
    }

    /// Draws the panel at its place.
    pub(super) fn draw(&self, canvas: &Canvas<'_>, cell: &PanelCell<'f>) {
        let PanelCell { fitted, frame, .. } = cell;
        fitted.x_axis.draw_grid(canvas, frame);
        fitted.y_axis.draw_grid(canvas, frame);
        let view = self.view(*frame);
        self.panel.marks.iter().for_each(|mark| mark.as_draw().draw(canvas, &view));
        if !self.panel.bare {
            let [top_left, _, bottom_right, bottom_left] = frame.corners();
            let axes = Stroke::solid(theme::INK, theme::AXIS_STROKE);
            canvas.path(&[top_left, bottom_left, bottom_right], &axes);
        }
        fitted.x_axis.draw(canvas, frame, cell.x_label_offset);
        fitted.y_axis.draw(canvas, frame, cell.y_label_offset);
        if let Some(bar) = &fitted.color_bar {
            bar.draw(canvas, frame);
        }
        fitted.draw_header(canvas, Point::new(frame.left, cell.top));
        if let (Some(legend), Some(block)) = (&self.legend, &fitted.legend) {
            let corner = Point::new(frame.left, frame.top - theme::HEADER_GAP - block.height);
            legend.draw(canvas, block, corner);
        }
    }
}

/// A panel at its place in the grid.
pub(super) struct PanelCell<'f> {
    pub(super) fitted: Fitted<'f>,
    pub(super) frame: Rect,
    /// Upper edge of the header.
    pub(super) top: f64,
    /// Distances of the axis labels from the frame, common to a row and to a column.
    pub(super) x_label_offset: f64,
    pub(super) y_label_offset: f64,
}

/// The parts of a panel that depend on the size of its frame.
pub(super) struct Fitted<'f> {
    /// Width and height of the frame.
    pub(super) size: (f64, f64),
    letter: &'f str,
    title: Vec<String>,
    /// Where the title begins, from the left edge of the frame.
    indent: f64,
    pub(super) x_axis: MeasuredAxis,
    pub(super) y_axis: MeasuredAxis,
    color_bar: Option<ColorBar>,
    legend: Option<Block>,
}

impl<'f> Fitted<'f> {
    /// Measures the parts for a frame of the given width and height.
    pub(super) fn measure(prepared: &Prepared<'f>, size: (f64, f64)) -> Result<Self, Error> {
        let Prepared { number, panel, x_range, y_range, ref legend } = *prepared;
        for (at, mark) in panel.placed_marks(number) {
            mark.fits(&at, size.0, size.1)?;
        }
        let at = Place::Panel(number);
        let legend = legend.as_ref().map(|legend| legend.block_within(&at, size.0)).transpose()?;
        let letter = panel.letter.as_deref().unwrap_or_default();
        let indent = if letter.is_empty() { 0.0 } else { LETTER.width(letter) + LETTER_GAP };
        let title = wrap(&at, TITLE, panel.title.as_deref().unwrap_or_default(), size.0 - indent)?;
        let blank = Axis::default().ticks(Ticks::None);
        let [x, y] = [&panel.x, &panel.y].map(|axis| if panel.bare { &blank } else { axis });
        let scale = panel.marks.iter().find_map(|mark| mark.as_draw().color_scale());
        Ok(Self {
            size,
            letter,
            title,
            indent,
            x_axis: MeasuredAxis::new(number, Edge::Bottom, x, x_range, size.0)?,
            y_axis: MeasuredAxis::new(number, Edge::Left, y, y_range, size.1)?,
            color_bar: scale.map(|scale| ColorBar::new(number, &scale, size.1)).transpose()?,
            legend,
        })
    }

    /// Width of the colour bar.
    pub(super) fn right_width(&self) -> f64 {
        self.color_bar.as_ref().map_or(0.0, ColorBar::width)
    }

    /// Height of the legend above the frame, with the space below.
    pub(super) fn legend_height(&self) -> f64 {
        self.legend.as_ref().map_or(0.0, |block| block.height + theme::HEADER_GAP)
    }

    /// Height of letter and title with the space below, 0 without text.
    pub(super) fn header_height(&self) -> f64 {
        let lines = self.title.len().max(usize::from(!self.letter.is_empty()));
        if lines == 0 { 0.0 } else { TITLE.block_height(lines) + theme::HEADER_GAP }
    }

    /// Draws letter and title with the upper left corner at `corner`.
    fn draw_header(&self, canvas: &Canvas<'_>, corner: Point) {
        let baseline = corner.y + TITLE.cap_height();
        canvas.text(self.letter, Point::new(corner.x, baseline), &TextStyle::new(LETTER, Anchor::Left));
        let title = Point::new(corner.x + self.indent, baseline);
        canvas.lines(&self.title, title, &TextStyle::new(TITLE, Anchor::Left));
    }
}

/// The greatest of at least one length, if all are known.
pub(super) fn greatest(lengths: impl Iterator<Item = Option<f64>>) -> Option<f64> {
    lengths.reduce(|all, one| all.zip(one).map(|(a, b)| a.max(b))).flatten()
}
