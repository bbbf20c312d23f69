//! An axis at an edge of a frame: which ticks have room, how much place the texts take, and the drawing.

use super::wrap_label;
use crate::axis::scale::AxisMap;
use crate::axis::ticks::{self, TickSet};
use crate::axis::{Axis, TickLabel, Ticks};
use crate::check;
use crate::color_map::ColorMap;
use crate::draw::canvas::{Anchor, Canvas, Stroke, TextStyle};
use crate::draw::geometry::{Point, Rect};
use crate::draw::text::Font;
use crate::error::{AxisDirection, Error, Place};
use crate::marks::ColorScale;
use crate::theme;

const TICK: Font = Font::regular(theme::TICK_TEXT);
const LABEL: Font = Font::regular(theme::LABEL_TEXT);
/// Space between neighbouring labels of categories, which are read as words rather than compared as numbers,
/// side by side and below each other.
const CATEGORY_GAP_X: f64 = 4.0;
const CATEGORY_GAP_Y: f64 = 2.0;
/// Space above each row below the tick labels, and left of its texts.
const ROW_GAP: f64 = 3.0;
const CAPTION_GAP: f64 = 6.0;

/// The edge of the frame at which an axis is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Edge {
    #[default]
    Bottom,
    Left,
    /// For the axis of a colour bar, which has no grid.
    Right,
}

/// A labelled tick.
struct Tick {
    /// Distance from the left or upper end of the axis.
    offset: f64,
    lines: Vec<String>,
}

/// A row of texts below the tick labels of a horizontal axis.
struct Row {
    caption: String,
    /// Where the caption ends, from the left end of the axis.
    caption_end: f64,
    texts: Vec<Tick>,
}

/// An axis of known length with its texts.
#[derive(Default)]
pub(super) struct MeasuredAxis {
    edge: Edge,
    ticks: Vec<Tick>,
    /// Ticks without label, by their distances from the left or upper end.
    minor: Vec<f64>,
    label: Vec<String>,
    rows: Vec<Row>,
    /// Whether the tick labels of a horizontal axis read upwards.
    turned: bool,
    grid: bool,
}

impl MeasuredAxis {
    /// Finds the ticks of an axis of panel `number` from `min` to `max` that is `length` long.
    pub(super) fn new(
        number: usize,
        edge: Edge,
        axis: &Axis,
        (min, max): (f64, f64),
        length: f64,
    ) -> Result<Self, Error> {
        let (from, to) = if edge == Edge::Bottom { (0.0, length) } else { (length, 0.0) };
        let map = AxisMap { scale: axis.scale, min, max, from, to };
        let direction = if edge == Edge::Bottom { AxisDirection::X } else { AxisDirection::Y };
        let at = Place::Axis { panel: number, direction };
        let mut measured = Self { edge, ..Self::default() };
        let mut label = axis.label.clone();
        match &axis.ticks {
            Ticks::None => {}
            Ticks::Auto => {
                let set = ticks::automatic(axis, min, max, |set| has_room(edge, &map, set));
                label = set.axis_label(&label);
                measured.minor = set.minor.iter().map(|&value| map.position(value)).collect();
                let ticks = set.ticks.into_iter();
                measured.ticks =
                    ticks.map(|t| Tick { offset: map.position(t.value), lines: vec![t.label] }).collect();
                measured.grid = edge != Edge::Right;
            }
            Ticks::Labels(labels) if edge == Edge::Bottom => {
                (measured.ticks, measured.turned) = categories(&at, labels, &map)?;
                measured.rows = rows(&at, axis, labels, &map)?;
            }
            Ticks::Labels(labels) => measured.ticks = categories_upwards(&at, labels, &map)?,
        }
        measured.label = wrap_label(&at, LABEL, &label, length)?;
        Ok(measured)
    }

    /// What ticks and tick labels take outwards from the frame.
    pub(super) fn tick_depth(&self) -> f64 {
        let text = self.ticks.iter().map(|tick| {
            let (width, height) = self.size(tick);
            if self.edge == Edge::Bottom { height } else { width }
        });
        let rows = self.rows.len() as f64 * (ROW_GAP + TICK.block_height(1));
        text.reduce(f64::max).map_or(0.0, |text| theme::TICK_LENGTH + theme::TICK_GAP + text + rows)
    }

    /// What the axis label takes, with the space between it and the tick labels.
    pub(super) fn label_depth(&self) -> f64 {
        if self.label.is_empty() { 0.0 } else { theme::LABEL_GAP + LABEL.block_height(self.label.len()) }
    }

    /// How far texts reach beyond the left or upper, and the right or lower end of an axis that is `length`
    /// long.
    pub(super) fn overhang(&self, length: f64) -> (f64, f64) {
        let mut reach = (0.0_f64, 0.0_f64);
        let rows = self.rows.iter().flat_map(|row| &row.texts);
        let extents = self.ticks.iter().map(|tick| (tick.offset, self.size(tick)));
        for (middle, (width, height)) in
            extents.chain(rows.map(|text| (text.offset, (TICK.block_width(&text.lines), 0.0))))
        {
            let half = if self.edge == Edge::Bottom { width / 2.0 } else { height / 2.0 };
            reach = (reach.0.max(half - middle), reach.1.max(middle + half - length));
        }
        for row in self.rows.iter().filter(|row| !row.caption.is_empty()) {
            reach.0 = reach.0.max(TICK.width(&row.caption) - row.caption_end);
        }
        reach
    }

    /// Width and height of a tick label.
    fn size(&self, tick: &Tick) -> (f64, f64) {
        if self.turned {
            (TICK.leading(), TICK.block_width(&tick.lines))
        } else {
            (TICK.block_width(&tick.lines), TICK.block_height(tick.lines.len()))
        }
    }

    /// The point at a distance along the axis and one outwards from the frame.
    fn point(&self, frame: &Rect, along: f64, outwards: f64) -> Point {
        match self.edge {
            Edge::Bottom => Point::new(frame.left + along, frame.bottom + outwards),
            Edge::Left => Point::new(frame.left - outwards, frame.top + along),
            Edge::Right => Point::new(frame.right + outwards, frame.top + along),
        }
    }

    pub(super) fn draw_grid(&self, canvas: &Canvas<'_>, frame: &Rect) {
        let stroke = Stroke::solid(theme::GRID, theme::GRID_STROKE);
        let across = if self.edge == Edge::Bottom { frame.height() } else { frame.width() };
        for tick in self.ticks.iter().filter(|_| self.grid) {
            canvas.path(
                &[self.point(frame, tick.offset, 0.0), self.point(frame, tick.offset, -across)],
                &stroke,
            );
        }
    }

    /// Draws ticks and texts outside the frame; the axis label begins `label_offset` from it.
    pub(super) fn draw(&self, canvas: &Canvas<'_>, frame: &Rect, label_offset: f64) {
        let stroke = Stroke::solid(theme::INK, theme::AXIS_STROKE);
        let draw_tick = |offset: f64, length: f64| {
            canvas.path(&[self.point(frame, offset, 0.0), self.point(frame, offset, length)], &stroke);
        };
        self.minor.iter().for_each(|&offset| draw_tick(offset, theme::MINOR_TICK_LENGTH));
        self.ticks.iter().for_each(|tick| draw_tick(tick.offset, theme::TICK_LENGTH));
        for tick in &self.ticks {
            self.draw_tick_label(canvas, frame, tick);
        }
        self.draw_rows(canvas, frame);
        let (middle, upwards) = match self.edge {
            Edge::Bottom => (frame.width() / 2.0, false),
            Edge::Left | Edge::Right => (frame.height() / 2.0, true),
        };
        // The lines of a label at the left edge go inwards.
        let first = match self.edge {
            Edge::Left => label_offset + self.label_depth() - LABEL.cap_height(),
            Edge::Bottom | Edge::Right => label_offset + theme::LABEL_GAP + LABEL.cap_height(),
        };
        let style = TextStyle { upwards, ..TextStyle::new(LABEL, Anchor::Center) };
        canvas.lines(&self.label, self.point(frame, middle, first), &style);
    }

    fn draw_tick_label(&self, canvas: &Canvas<'_>, frame: &Rect, tick: &Tick) {
        let Point { x, y } = self.point(frame, tick.offset, theme::TICK_LENGTH + theme::TICK_GAP);
        let cap = TICK.cap_height();
        let (anchor, at) = match self.edge {
            Edge::Bottom if self.turned => (Anchor::Right, Point::new(x + cap / 2.0, y)),
            Edge::Bottom => (Anchor::Center, Point::new(x, y + cap)),
            Edge::Left | Edge::Right => {
                // Digits and capitals are centred on the tick, whatever hangs below the baseline.
                let further_lines = tick.lines.len().saturating_sub(1) as f64;
                let anchor = if self.edge == Edge::Left { Anchor::Right } else { Anchor::Left };
                (anchor, Point::new(x, y + (cap - TICK.leading() * further_lines) / 2.0))
            }
        };
        canvas.lines(&tick.lines, at, &TextStyle { upwards: self.turned, ..TextStyle::new(TICK, anchor) });
    }

    fn draw_rows(&self, canvas: &Canvas<'_>, frame: &Rect) {
        let step = ROW_GAP + TICK.block_height(1);
        let top = frame.bottom + self.tick_depth() - self.rows.len() as f64 * step;
        for (i, row) in self.rows.iter().enumerate() {
            let baseline = top + i as f64 * step + ROW_GAP + TICK.cap_height();
            let caption = Point::new(frame.left + row.caption_end, baseline);
            canvas.text(&row.caption, caption, &TextStyle::new(TICK, Anchor::Right));
            for text in &row.texts {
                let at = Point::new(frame.left + text.offset, baseline);
                canvas.lines(&text.lines, at, &TextStyle::new(TICK, Anchor::Center));
            }
        }
    }
}

/// Whether the labels of automatic ticks keep their distances.
fn has_room(edge: Edge, map: &AxisMap, set: &TickSet) -> bool {
    let position = |tick: &ticks::Tick| map.position(tick.value);
    if edge == Edge::Bottom {
        let extents: Vec<_> =
            set.ticks.iter().map(|tick| (position(tick), TICK.width(&tick.label))).collect();
        crowded(&extents, theme::TICK_LABEL_GAP, theme::TICK_SPACING_X).is_none()
    } else {
        set.ticks.windows(2).all(|pair| position(&pair[0]) - position(&pair[1]) >= theme::TICK_SPACING_Y)
    }
}

/// The first two of some texts, given by middle and width from left to right, that do not keep `gap` between
/// each other or whose middles do not keep `distance`: what they need and what there is between the middles.
fn crowded(extents: &[(f64, f64)], gap: f64, distance: f64) -> Option<(f64, f64)> {
    let spaces = extents.windows(2).map(|pair| {
        let [(a, a_width), (b, b_width)] = [pair[0], pair[1]];
        (distance.max((a_width + b_width) / 2.0 + gap), b - a)
    });
    spaces.into_iter().find(|(needed, available)| available < needed)
}

/// The labels that are within the range, with their distances from the left or upper end.
fn visible<'a>(labels: &'a [TickLabel], map: &AxisMap) -> Vec<(f64, &'a str)> {
    let inside = labels.iter().filter(|label| (map.min..=map.max).contains(&label.at));
    inside.map(|label| (map.position(label.at), label.text.as_str())).collect()
}

/// The labels of categories of a horizontal axis: side by side, else broken into lines, else turned.
fn categories(at: &Place, labels: &[TickLabel], map: &AxisMap) -> Result<(Vec<Tick>, bool), Error> {
    let visible = visible(labels, map);
    let lines = |break_at: f64| -> Option<Vec<Tick>> {
        let broken = visible
            .iter()
            .map(|&(offset, text)| Some(Tick { offset, lines: TICK.wrap(text, break_at).ok()? }));
        broken.collect()
    };
    let slot = visible.windows(2).map(|pair| pair[1].0 - pair[0].0).fold(f64::INFINITY, f64::min);
    for break_at in [f64::INFINITY, slot - CATEGORY_GAP_X] {
        let Some(ticks) = lines(break_at) else { continue };
        let extents: Vec<(f64, f64)> =
            ticks.iter().map(|tick| (tick.offset, TICK.block_width(&tick.lines))).collect();
        if crowded(&extents, CATEGORY_GAP_X, 0.0).is_none() {
            return Ok((ticks, false));
        }
    }
    check::room(at, "a tick label", TICK.leading(), slot)?;
    let turned = visible
        .into_iter()
        .map(|(offset, text)| Tick { offset, lines: vec![text.replace('\n', " ")] })
        .collect();
    Ok((turned, true))
}

/// The labels of categories of a vertical axis.
fn categories_upwards(at: &Place, labels: &[TickLabel], map: &AxisMap) -> Result<Vec<Tick>, Error> {
    let lines = |text: &str| text.lines().map(str::to_owned).collect();
    let ticks: Vec<Tick> =
        visible(labels, map).into_iter().map(|(offset, text)| Tick { offset, lines: lines(text) }).collect();
    let extent = |tick: &Tick| (tick.offset, TICK.block_height(tick.lines.len()));
    let downwards: Vec<(f64, f64)> = ticks.iter().rev().map(extent).collect();
    match crowded(&downwards, CATEGORY_GAP_Y, 0.0) {
        Some((needed, available)) => check::room(at, "a tick label", needed, available).map(|()| ticks),
        None => Ok(ticks),
    }
}

/// The rows of texts below labels; those of labels outside the range are left out, as the labels are.
fn rows(at: &Place, axis: &Axis, labels: &[TickLabel], map: &AxisMap) -> Result<Vec<Row>, Error> {
    let row = |row: &crate::LabelRow| {
        let texts = labels.iter().zip(&row.texts);
        let texts: Vec<TickLabel> =
            texts.map(|(label, text)| TickLabel { at: label.at, text: text.replace('\n', " ") }).collect();
        let texts = visible(&texts, map);
        let extents: Vec<(f64, f64)> =
            texts.iter().map(|&(middle, text)| (middle, TICK.width(text))).collect();
        if let Some((needed, available)) = crowded(&extents, CATEGORY_GAP_X, 0.0) {
            check::room(at, "a text below a label", needed, available)?;
        }
        let first = extents.first().map_or(0.0, |(middle, width)| middle - width / 2.0);
        let texts = texts.into_iter().map(|(offset, text)| Tick { offset, lines: vec![text.to_owned()] });
        let caption = row.caption.replace('\n', " ");
        Ok(Row { caption, caption_end: first.min(0.0) - CAPTION_GAP, texts: texts.collect() })
    };
    axis.label_rows.iter().map(row).collect()
}

/// The bar beside a frame that says which colour means which value, as high as the frame.
pub(super) struct ColorBar {
    axis: MeasuredAxis,
    map: ColorMap,
}

/// Width of the bar and its distance from the frame, in points, and its steps of colour.
const BAR_WIDTH: f64 = 8.0;
const BAR_GAP: f64 = 6.0;
const BAR_STEPS: u32 = 128;

impl ColorBar {
    pub(super) fn new(number: usize, scale: &ColorScale<'_>, height: f64) -> Result<Self, Error> {
        let axis = MeasuredAxis::new(number, Edge::Right, scale.axis, scale.range, height)?;
        Ok(Self { axis, map: scale.map })
    }

    /// Width of gap, bar, ticks and texts.
    pub(super) fn width(&self) -> f64 {
        BAR_GAP + BAR_WIDTH + self.axis.tick_depth() + self.axis.label_depth()
    }

    pub(super) fn draw(&self, canvas: &Canvas<'_>, frame: &Rect) {
        let bar = Rect::at(frame.right + BAR_GAP, frame.top, BAR_WIDTH, frame.height());
        // Even steps of colour are even steps along the axis, on all scales. From the top downwards, each
        // step reaches on under the next: no seams show.
        for step in (0..BAR_STEPS).rev() {
            let top = bar.bottom + f64::from(step + 1) / f64::from(BAR_STEPS) * (bar.top - bar.bottom);
            let share = (f64::from(step) + 0.5) / f64::from(BAR_STEPS);
            canvas.rectangle(&Rect { top, ..bar }, self.map.color_at(share).into());
        }
        canvas.outline(&bar.corners(), &Stroke::solid(theme::INK, theme::GRID_STROKE));
        self.axis.draw(canvas, &bar, self.axis.tick_depth());
    }
}
