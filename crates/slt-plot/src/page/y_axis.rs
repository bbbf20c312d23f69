//! The vertical axis, left of a frame or right of a colour bar: which ticks have room, how wide the texts are, and the drawing.

use super::{text_style, wrap_label};
use crate::axis::scale::AxisMap;
use crate::axis::ticks::{self, TickSet};
use crate::axis::{Axis, Ticks};
use crate::draw::canvas::{Anchor, Canvas, Direction, Stroke, TextStyle};
use crate::draw::geometry::{Point, Rect};
use crate::draw::text::Font;
use crate::error::{AxisDirection, AxisPlace, Error};
use crate::theme;

const TICK: Font = Font::regular(theme::TICK_TEXT);
const LABEL: Font = Font::regular(theme::LABEL_TEXT);
/// Smallest space between the labels of neighbouring categories.
const CATEGORY_GAP: f64 = 2.0;

/// A tick of the measured axis.
struct YTick {
    /// Distance from the upper end of the axis.
    offset: f64,
    lines: Vec<String>,
}

/// A measured vertical axis.
pub(super) struct YAxis {
    ticks: Vec<YTick>,
    /// Ticks without label, as distances from the upper end.
    minor: Vec<f64>,
    label: Vec<String>,
    grid: bool,
    side: Side,
}

/// The side of the frame on which ticks and texts are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Side {
    Left,
    Right,
}

impl YAxis {
    /// Finds the ticks of an axis left of the frame, from `min` to `max`, that is `length` high.
    pub(super) fn measure(number: usize, axis: &Axis, range: (f64, f64), length: f64) -> Result<Self, Error> {
        Self::measure_side(number, axis, range, length, Side::Left)
    }

    /// The same for an axis without grid on the right.
    pub(super) fn measure_right(
        number: usize,
        axis: &Axis,
        range: (f64, f64),
        length: f64,
    ) -> Result<Self, Error> {
        let measured = Self::measure_side(number, axis, range, length, Side::Right)?;
        Ok(Self { grid: false, ..measured })
    }

    fn measure_side(
        number: usize,
        axis: &Axis,
        (min, max): (f64, f64),
        length: f64,
        side: Side,
    ) -> Result<Self, Error> {
        let map = AxisMap { scale: axis.scale, min, max, from: length, to: 0.0 };
        let (ticks, minor, label, grid) = match &axis.ticks {
            Ticks::Auto => {
                let fits = |set: &TickSet| {
                    let spaced = |pair: &[ticks::Tick]| {
                        map.position(pair[0].value) - map.position(pair[1].value) >= theme::TICK_SPACING_Y
                    };
                    set.ticks.windows(2).all(spaced)
                };
                let set = ticks::automatic(axis, min, max, fits);
                let label = set.axis_label(&axis.label);
                let minor = set.minor.iter().map(|&value| map.position(value)).collect();
                let ticks = set
                    .ticks
                    .into_iter()
                    .map(|t| YTick { offset: map.position(t.value), lines: vec![t.label] })
                    .collect();
                (ticks, minor, label, true)
            }
            Ticks::None => (Vec::new(), Vec::new(), axis.label.clone(), false),
            Ticks::Labels(labels) => {
                let ticks: Vec<YTick> = labels
                    .iter()
                    .filter(|label| (min..=max).contains(&label.at))
                    .map(|label| YTick {
                        offset: map.position(label.at),
                        lines: label.text.lines().map(str::to_owned).collect(),
                    })
                    .collect();
                let half = |tick: &YTick| TICK.block_height(tick.lines.len()) / 2.0;
                let overlap = |pair: &[YTick]| {
                    pair[0].offset - pair[1].offset < half(&pair[0]) + half(&pair[1]) + CATEGORY_GAP
                };
                if ticks.windows(2).any(overlap) {
                    let at = AxisPlace { panel: number, direction: AxisDirection::Y };
                    return Err(Error::TickLabelsOverlap { at });
                }
                (ticks, Vec::new(), axis.label.clone(), false)
            }
        };
        Ok(Self { ticks, minor, label: wrap_label(number, LABEL, &label, length)?, grid, side })
    }

    /// Width of ticks and tick labels beside the frame.
    pub(super) fn tick_width(&self) -> f64 {
        match self.ticks.iter().map(|tick| TICK.block_width(&tick.lines)).reduce(f64::max) {
            Some(width) => theme::TICK_LENGTH + theme::TICK_GAP + width,
            None => 0.0,
        }
    }

    /// Width of the axis label with the space between it and the tick labels.
    pub(super) fn label_width(&self) -> f64 {
        if self.label.is_empty() { 0.0 } else { theme::LABEL_GAP + LABEL.block_height(self.label.len()) }
    }

    /// How far tick labels reach above and below an axis that is `length` high.
    pub(super) fn overhang(&self, length: f64) -> (f64, f64) {
        self.ticks.iter().fold((0.0, 0.0), |(above, below), tick| {
            let half = TICK.block_height(tick.lines.len()) / 2.0;
            (f64::max(above, half - tick.offset), f64::max(below, tick.offset + half - length))
        })
    }

    pub(super) fn draw_grid(&self, canvas: &Canvas<'_>, frame: &Rect) -> Result<(), Error> {
        let stroke = Stroke::solid(theme::GRID, theme::GRID_STROKE);
        self.ticks.iter().filter(|_| self.grid).try_for_each(|tick| {
            let y = frame.top + tick.offset;
            canvas.path(&[Point::new(frame.left, y), Point::new(frame.right, y)], &stroke)
        })
    }

    /// Draws ticks and texts beside the frame; `label_offset` of them come before the axis label.
    pub(super) fn draw(&self, canvas: &Canvas<'_>, frame: &Rect, label_offset: f64) -> Result<(), Error> {
        let stroke = Stroke::solid(theme::INK, theme::AXIS_STROKE);
        let (edge, outwards, anchor) = match self.side {
            Side::Left => (frame.left, -1.0, Anchor::End),
            Side::Right => (frame.right, 1.0, Anchor::Start),
        };
        let text_x = edge + outwards * (theme::TICK_LENGTH + theme::TICK_GAP);
        let style = text_style(TICK, anchor);
        let draw_tick = |y: f64, length: f64| {
            let end = edge + outwards * length;
            canvas.path(&[Point::new(end.min(edge), y), Point::new(end.max(edge), y)], &stroke)
        };
        for offset in &self.minor {
            draw_tick(frame.top + offset, theme::MINOR_TICK_LENGTH)?;
        }
        for tick in &self.ticks {
            let y = frame.top + tick.offset;
            draw_tick(y, theme::TICK_LENGTH)?;
            // Digits and capitals are centred on the tick, whatever hangs below the baseline.
            let further_lines = tick.lines.len().saturating_sub(1) as f64;
            let baseline = y + (TICK.cap_height() - TICK.leading() * further_lines) / 2.0;
            canvas.lines(&tick.lines, Point::new(text_x, baseline), &style)?;
        }
        let upwards = TextStyle { direction: Direction::Upwards, ..text_style(LABEL, Anchor::Middle) };
        let left = match self.side {
            Side::Left => frame.left - label_offset - self.label_width(),
            Side::Right => frame.right + label_offset + theme::LABEL_GAP,
        };
        canvas.lines(&self.label, Point::new(left + LABEL.cap_height(), frame.center().y), &upwards)
    }
}
