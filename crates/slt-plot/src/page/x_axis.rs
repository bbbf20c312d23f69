//! The horizontal axis: which ticks have room, how high the texts are, and the drawing.

use super::label_rows::LabelRows;
use super::{text_style, wrap_label};
use crate::axis::scale::AxisMap;
use crate::axis::ticks::{self, TickSet};
use crate::axis::{Axis, TickLabel, Ticks};
use crate::draw::canvas::{Anchor, Canvas, Direction, Stroke, TextStyle};
use crate::draw::geometry::{Point, Rect};
use crate::draw::text::Font;
use crate::error::{AxisDirection, AxisPlace, Error};
use crate::theme;

const TICK: Font = Font::regular(theme::TICK_TEXT);
const LABEL: Font = Font::regular(theme::LABEL_TEXT);
/// Space between neighbouring labels of categories, which are read as words rather than compared as numbers.
pub(super) const CATEGORY_GAP: f64 = 4.0;

/// A tick of the measured axis.
struct XTick {
    /// Distance from the left end of the axis.
    offset: f64,
    lines: Vec<String>,
}

/// A measured horizontal axis.
pub(super) struct XAxis {
    ticks: Vec<XTick>,
    /// Ticks without label, as distances from the left end.
    minor: Vec<f64>,
    label: Vec<String>,
    rows: LabelRows,
    /// Whether the tick labels read upwards.
    turned: bool,
    grid: bool,
}

impl XAxis {
    /// Finds the ticks of an axis from `min` to `max` that is `length` long.
    pub(super) fn measure(
        number: usize,
        axis: &Axis,
        (min, max): (f64, f64),
        length: f64,
    ) -> Result<Self, Error> {
        let map = AxisMap { scale: axis.scale, min, max, from: 0.0, to: length };
        match &axis.ticks {
            Ticks::Auto => {
                let fits = |set: &TickSet| {
                    let extents = set.ticks.iter().map(|t| (map.position(t.value), TICK.width(&t.label)));
                    separate(&extents.collect::<Vec<_>>(), theme::TICK_LABEL_GAP, theme::TICK_SPACING_X)
                };
                let set = ticks::automatic(axis, min, max, fits);
                let label = wrap_label(number, LABEL, &set.axis_label(&axis.label), length)?;
                let minor = set.minor.iter().map(|&value| map.position(value)).collect();
                let ticks = set
                    .ticks
                    .into_iter()
                    .map(|t| XTick { offset: map.position(t.value), lines: vec![t.label] })
                    .collect();
                Ok(Self { ticks, minor, label, rows: LabelRows::default(), turned: false, grid: true })
            }
            Ticks::None => {
                let label = wrap_label(number, LABEL, &axis.label, length)?;
                let (ticks, minor, rows) = (Vec::new(), Vec::new(), LabelRows::default());
                Ok(Self { ticks, minor, label, rows, turned: false, grid: false })
            }
            Ticks::Labels(labels) => {
                let (ticks, turned) = categories(number, labels, &map)?;
                let label = wrap_label(number, LABEL, &axis.label, length)?;
                let rows = LabelRows::measure(number, axis, labels, &map)?;
                Ok(Self { ticks, minor: Vec::new(), label, rows, turned, grid: false })
            }
        }
    }

    /// Height of ticks and tick labels below the frame.
    pub(super) fn tick_height(&self) -> f64 {
        let text = self.ticks.iter().map(|tick| {
            if self.turned { TICK.block_width(&tick.lines) } else { TICK.block_height(tick.lines.len()) }
        });
        match text.reduce(f64::max) {
            Some(height) => theme::TICK_LENGTH + theme::TICK_GAP + height + self.rows.height(),
            None => 0.0,
        }
    }

    /// Height of the axis label with the space above it.
    pub(super) fn label_height(&self) -> f64 {
        if self.label.is_empty() { 0.0 } else { theme::LABEL_GAP + LABEL.block_height(self.label.len()) }
    }

    /// How far tick labels reach beyond the left and right end of an axis that is `length` long.
    pub(super) fn overhang(&self, length: f64) -> (f64, f64) {
        let rows = self.rows.overhang(length);
        self.ticks.iter().fold(rows, |(left, right), tick| {
            let half = self.width(tick) / 2.0;
            (f64::max(left, half - tick.offset), f64::max(right, tick.offset + half - length))
        })
    }

    fn width(&self, tick: &XTick) -> f64 {
        if self.turned { TICK.leading() } else { TICK.block_width(&tick.lines) }
    }

    pub(super) fn draw_grid(&self, canvas: &Canvas<'_>, frame: &Rect) -> Result<(), Error> {
        let stroke = Stroke::solid(theme::GRID, theme::GRID_STROKE);
        self.ticks.iter().filter(|_| self.grid).try_for_each(|tick| {
            let x = frame.left + tick.offset;
            canvas.path(&[Point::new(x, frame.bottom), Point::new(x, frame.top)], &stroke)
        })
    }

    /// Draws ticks and texts below the frame; the axis label begins `label_offset` below it.
    pub(super) fn draw(&self, canvas: &Canvas<'_>, frame: &Rect, label_offset: f64) -> Result<(), Error> {
        let stroke = Stroke::solid(theme::INK, theme::AXIS_STROKE);
        let text_top = frame.bottom + theme::TICK_LENGTH + theme::TICK_GAP;
        let level = text_style(TICK, Anchor::Middle);
        let upwards = TextStyle { anchor: Anchor::End, direction: Direction::Upwards, ..level };
        let draw_tick = |x: f64, length: f64| {
            canvas.path(&[Point::new(x, frame.bottom), Point::new(x, frame.bottom + length)], &stroke)
        };
        for offset in &self.minor {
            draw_tick(frame.left + offset, theme::MINOR_TICK_LENGTH)?;
        }
        for tick in &self.ticks {
            let x = frame.left + tick.offset;
            draw_tick(x, theme::TICK_LENGTH)?;
            if self.turned {
                canvas.lines(&tick.lines, Point::new(x + TICK.cap_height() / 2.0, text_top), &upwards)?;
            } else {
                canvas.lines(&tick.lines, Point::new(x, text_top + TICK.cap_height()), &level)?;
            }
        }
        let rows_top = frame.bottom + self.tick_height() - self.rows.height();
        self.rows.draw(canvas, frame.left, rows_top)?;
        let first =
            Point::new(frame.center().x, frame.bottom + label_offset + theme::LABEL_GAP + LABEL.cap_height());
        canvas.lines(&self.label, first, &text_style(LABEL, Anchor::Middle))
    }
}

/// The labels of categories: side by side, else broken into lines, else turned.
fn categories(number: usize, labels: &[TickLabel], map: &AxisMap) -> Result<(Vec<XTick>, bool), Error> {
    let visible: Vec<(f64, &str)> = labels
        .iter()
        .filter(|label| (map.min..=map.max).contains(&label.at))
        .map(|label| (map.position(label.at), label.text.as_str()))
        .collect();
    let lines = |break_at: f64| -> Option<Vec<XTick>> {
        visible
            .iter()
            .map(|&(offset, text)| Some(XTick { offset, lines: TICK.wrap(text, break_at).ok()? }))
            .collect()
    };
    let slot = visible.windows(2).map(|pair| pair[1].0 - pair[0].0).fold(f64::INFINITY, f64::min);
    for break_at in [f64::INFINITY, slot - CATEGORY_GAP] {
        let Some(ticks) = lines(break_at) else { continue };
        let extents: Vec<(f64, f64)> =
            ticks.iter().map(|tick| (tick.offset, TICK.block_width(&tick.lines))).collect();
        if separate(&extents, CATEGORY_GAP, 0.0) {
            return Ok((ticks, false));
        }
    }
    if slot < TICK.leading() {
        let at = AxisPlace { panel: number, direction: AxisDirection::X };
        return Err(Error::TickLabelsOverlap { at });
    }
    let turned = visible
        .into_iter()
        .map(|(offset, text)| XTick { offset, lines: vec![text.replace('\n', " ")] })
        .collect();
    Ok((turned, true))
}

/// Whether texts, given by middle and width from left to right, keep `gap` between each other and their middles
/// keep `distance`.
pub(super) fn separate(extents: &[(f64, f64)], gap: f64, distance: f64) -> bool {
    extents.windows(2).all(|pair| {
        let [(a, a_width), (b, b_width)] = [pair[0], pair[1]];
        b - a >= distance.max((a_width + b_width) / 2.0 + gap)
    })
}
