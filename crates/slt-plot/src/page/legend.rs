//! The legend: its entries, their arrangement in columns, and the drawing.

use super::{text_style, wrap};
use crate::draw::canvas::{Anchor, Canvas, Paint, Stroke};
use crate::draw::geometry::{Point, Rect};
use crate::draw::text::Font;
use crate::error::Error;
use crate::marks::Draw;
use crate::panel::{LegendPosition, Panel};
use crate::theme;

const TEXT: Font = Font::regular(theme::LEGEND_TEXT);
/// Opacity of the white behind a legend within the frame.
const BACKGROUND_OPACITY: f64 = 0.85;

/// The side of the frame on which a legend is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Side {
    Inside,
    Above,
    Right,
}

impl Side {
    /// The side that a panel asks for.
    pub(super) fn of(position: Option<LegendPosition>) -> Self {
        match position {
            Some(LegendPosition::Above) => Self::Above,
            Some(LegendPosition::Right) => Self::Right,
            _ => Self::Inside,
        }
    }
}

/// An entry: a text and the samples of all marks of a panel that have it as label.
struct Entry<'f> {
    label: &'f str,
    panel: usize,
    /// Marks with the number of the entry among the mark's own.
    samples: Vec<(&'f dyn Draw, usize)>,
}

impl Entry<'_> {
    /// Width of the widest sample.
    fn sample_width(&self) -> f64 {
        self.samples.iter().map(|(mark, _)| mark.sample_width()).fold(0.0, f64::max)
    }
}

/// The entries of a legend.
pub(super) struct Legend<'f> {
    entries: Vec<Entry<'f>>,
}

/// A legend arranged in columns.
pub(super) struct Block {
    /// Left edge of each column.
    columns: Vec<f64>,
    /// Width of the widest sample of each column.
    samples: Vec<f64>,
    /// Upper edge of each row.
    rows: Vec<f64>,
    /// The text of each entry.
    texts: Vec<Vec<String>>,
    pub(super) width: f64,
    pub(super) height: f64,
}

impl<'f> Legend<'f> {
    /// The labelled marks of panels in their order; `None` if there are none or no panel wants a legend. Panels that
    /// share a label show it as the first of them does.
    pub(super) fn collect(panels: impl IntoIterator<Item = &'f Panel>) -> Option<Self> {
        let mut entries: Vec<Entry<'f>> = Vec::new();
        let wanted = panels.into_iter().enumerate().filter(|(_, panel)| panel.legend.is_some());
        for (number, mark) in wanted.flat_map(|(n, p)| p.marks.iter().map(move |m| (n, m.as_draw()))) {
            for (i, label) in mark.entries().into_iter().enumerate() {
                match entries.iter_mut().find(|entry| entry.label == label) {
                    Some(entry) if entry.panel == number => entry.samples.push((mark, i)),
                    Some(_) => {}
                    None => entries.push(Entry { label, panel: number, samples: vec![(mark, i)] }),
                }
            }
        }
        (!entries.is_empty()).then_some(Self { entries })
    }

    pub(super) fn len(&self) -> usize {
        self.entries.len()
    }

    /// Arranges the entries in `columns` columns, row by row, without breaking texts.
    pub(super) fn block(&self, columns: usize) -> Block {
        let texts =
            self.entries.iter().map(|entry| entry.label.lines().map(str::to_owned).collect()).collect();
        self.arrange(columns, texts)
    }

    /// The arrangement in the fewest rows that is at most `width` wide; texts break into lines if even one column is
    /// too wide.
    pub(super) fn block_within(&self, panel: usize, width: f64) -> Result<Block, Error> {
        if let Some(block) = (1..=self.len()).rev().map(|n| self.block(n)).find(|block| block.width <= width)
        {
            return Ok(block);
        }
        let sample = self.entries.iter().map(Entry::sample_width).fold(0.0, f64::max);
        let text_width = width - sample - theme::SAMPLE_GAP;
        let texts = self.entries.iter().map(|entry| wrap(panel, TEXT, entry.label, text_width));
        Ok(self.arrange(1, texts.collect::<Result<_, _>>()?))
    }

    fn arrange(&self, columns: usize, texts: Vec<Vec<String>>) -> Block {
        let row_count = texts.len().div_ceil(columns);
        let (mut widths, mut heights) = (vec![0.0_f64; columns], vec![0.0_f64; row_count]);
        let mut samples = vec![0.0_f64; columns];
        for (i, entry) in self.entries.iter().enumerate() {
            samples[i % columns] = samples[i % columns].max(entry.sample_width());
        }
        for (i, lines) in texts.iter().enumerate() {
            let (row, column) = (i / columns, i % columns);
            let width = samples[column] + theme::SAMPLE_GAP + TEXT.block_width(lines);
            widths[column] = widths[column].max(width);
            heights[row] =
                heights[row].max(theme::LEGEND_ROW + TEXT.leading() * lines.len().saturating_sub(1) as f64);
        }
        let (columns, width) = starts(&widths, theme::LEGEND_COLUMN_GAP);
        let (rows, height) = starts(&heights, 0.0);
        Block { columns, samples, rows, texts, width, height }
    }

    /// Draws the legend with the upper left corner of its block at `corner`.
    pub(super) fn draw(
        &self,
        canvas: &Canvas<'_>,
        block: &Block,
        corner: Point,
        background: bool,
    ) -> Result<(), Error> {
        if background {
            let area = Rect::at(corner.x, corner.y, block.width, block.height).grown(theme::LEGEND_PADDING);
            canvas.rectangle(&area, Paint { color: theme::BACKGROUND, opacity: BACKGROUND_OPACITY })?;
            canvas.outline(&area.corners(), &Stroke::solid(theme::LEGEND_EDGE, theme::GRID_STROKE))?;
        }
        let style = text_style(TEXT, Anchor::Start);
        for (i, (entry, lines)) in self.entries.iter().zip(&block.texts).enumerate() {
            let column = i % block.columns.len();
            let left = corner.x + block.columns[column];
            let middle = corner.y + block.rows[i / block.columns.len()] + theme::LEGEND_ROW / 2.0;
            let top = middle - theme::SAMPLE_HEIGHT / 2.0;
            let sample = Rect::at(left, top, block.samples[column], theme::SAMPLE_HEIGHT);
            for (mark, i) in &entry.samples {
                mark.draw_entry(canvas, *i, &sample)?;
            }
            let baseline = middle + TEXT.cap_height() / 2.0;
            canvas.lines(lines, Point::new(sample.right + theme::SAMPLE_GAP, baseline), &style)?;
        }
        Ok(())
    }
}

/// Where lengths begin that follow each other with a gap, and where the last one ends.
fn starts(lengths: &[f64], gap: f64) -> (Vec<f64>, f64) {
    let mut end = 0.0;
    let starts = lengths.iter().enumerate().map(|(i, length)| {
        let start = if i == 0 { 0.0 } else { end + gap };
        end = start + length;
        start
    });
    (starts.collect(), end)
}
