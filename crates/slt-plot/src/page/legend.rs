//! The legend: its entries, their arrangement in columns, and the drawing.

use super::wrap;
use crate::draw::canvas::{Anchor, Canvas, TextStyle};
use crate::draw::geometry::{Point, Rect};
use crate::draw::text::Font;
use crate::error::{Error, Place};
use crate::marks::Draw;
use crate::panel::Panel;
use crate::theme;

const TEXT: Font = Font::regular(theme::LEGEND_TEXT);

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
    /// Left edge of each column, and the width of its widest sample.
    columns: Vec<(f64, f64)>,
    /// Upper edge of each row.
    rows: Vec<f64>,
    /// The text of each entry.
    texts: Vec<Vec<String>>,
    pub(super) width: f64,
    pub(super) height: f64,
}

impl<'f> Legend<'f> {
    /// The labelled marks of panels in their order; `None` if there are none or no panel wants a legend.
    /// Panels that share a label show it as the first of them does.
    pub(super) fn collect(panels: impl IntoIterator<Item = &'f Panel>) -> Option<Self> {
        let mut entries: Vec<Entry<'f>> = Vec::new();
        let wanted = panels.into_iter().enumerate().filter(|(_, panel)| panel.legend);
        for (number, mark) in wanted.flat_map(|(n, p)| p.marks.iter().map(move |mark| (n, mark))) {
            for (i, label) in mark.entries().into_iter().enumerate() {
                match entries.iter_mut().find(|entry| entry.label == label) {
                    Some(entry) if entry.panel == number => entry.samples.push((mark.as_draw(), i)),
                    Some(_) => {}
                    None => entries.push(Entry { label, panel: number, samples: vec![(mark.as_draw(), i)] }),
                }
            }
        }
        (!entries.is_empty()).then_some(Self { entries })
    }

    /// The arrangement in the fewest rows that is at most `width` wide; texts break into lines if even one
    /// column is too wide.
    pub(super) fn block_within(&self, at: &Place, width: f64) -> Result<Block, Error> {
        let unbroken = || self.entries.iter().map(|entry| entry.label.lines().map(str::to_owned).collect());
        let columns = (1..=self.entries.len()).rev();
        let blocks = columns.map(|columns| self.arrange(columns, unbroken().collect()));
        if let Some(block) = blocks.into_iter().find(|block| block.width <= width) {
            return Ok(block);
        }
        let sample = self.entries.iter().map(Entry::sample_width).fold(0.0, f64::max);
        let text_width = width - sample - theme::SAMPLE_GAP;
        let texts = self.entries.iter().map(|entry| wrap(at, TEXT, entry.label, text_width));
        Ok(self.arrange(1, texts.collect::<Result<_, _>>()?))
    }

    /// Arranges the entries in columns, row by row.
    fn arrange(&self, columns: usize, texts: Vec<Vec<String>>) -> Block {
        let (mut samples, mut widths) = (vec![0.0_f64; columns], vec![0.0_f64; columns]);
        for (i, entry) in self.entries.iter().enumerate() {
            samples[i % columns] = samples[i % columns].max(entry.sample_width());
        }
        let mut heights = vec![0.0_f64; texts.len().div_ceil(columns)];
        for (i, lines) in texts.iter().enumerate() {
            let (row, column) = (i / columns, i % columns);
            let width = samples[column] + theme::SAMPLE_GAP + TEXT.block_width(lines);
            widths[column] = widths[column].max(width);
            heights[row] =
                heights[row].max(theme::LEGEND_ROW + TEXT.leading() * lines.len().saturating_sub(1) as f64);
        }
        let (lefts, width) = starts(&widths, theme::LEGEND_COLUMN_GAP);
        let (rows, height) = starts(&heights, 0.0);
        Block { columns: lefts.into_iter().zip(samples).collect(), rows, texts, width, height }
    }

    /// Draws the legend with the upper left corner of its block at `corner`.
    pub(super) fn draw(&self, canvas: &Canvas<'_>, block: &Block, corner: Point) {
        for (i, (entry, lines)) in self.entries.iter().zip(&block.texts).enumerate() {
            let (left, width) = block.columns[i % block.columns.len()];
            let middle = corner.y + block.rows[i / block.columns.len()] + theme::LEGEND_ROW / 2.0;
            let top = middle - theme::SAMPLE_HEIGHT / 2.0;
            let sample = Rect::at(corner.x + left, top, width, theme::SAMPLE_HEIGHT);
            for (mark, i) in &entry.samples {
                mark.draw_sample(canvas, *i, &sample);
            }
            let first = Point::new(sample.right + theme::SAMPLE_GAP, middle + TEXT.cap_height() / 2.0);
            canvas.lines(lines, first, &TextStyle::new(TEXT, Anchor::Left));
        }
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
