//! The columns of the grid: their margins, and the widths that the margins leave for the frames.

use super::flow::Slot;
use crate::error::Error;
use crate::figure::Figure;
use crate::theme::{self, PT_PER_MM};

/// Space left and right of the frames of a column.
#[derive(Clone, Copy, Default)]
pub(super) struct Margins {
    pub(super) left: f64,
    pub(super) right: f64,
}

/// The columns of a page.
pub(super) struct Tracks {
    page_width: f64,
    ratios: Vec<f64>,
    margins: Vec<Margins>,
}

impl Tracks {
    /// Columns without margins.
    pub(super) fn new(figure: &Figure, slots: &[Slot]) -> Self {
        let used = slots.iter().map(|slot| slot.last_column() + 1).max().unwrap_or(1);
        let ratios = match &figure.column_ratios[..] {
            [] => vec![1.0; used],
            ratios => ratios[..used].to_vec(),
        };
        let page_width = figure.width_mm * PT_PER_MM;
        Self { page_width, ratios, margins: vec![Margins::default(); used] }
    }

    /// Number of columns.
    pub(super) fn len(&self) -> usize {
        self.ratios.len()
    }

    /// Widens the margins at the ends of a slot; whether they were too narrow.
    pub(super) fn widen(&mut self, slot: &Slot, need: Margins) -> bool {
        let (left, right) = (self.margins[slot.column].left, self.margins[slot.last_column()].right);
        self.margins[slot.column].left = left.max(need.left);
        self.margins[slot.last_column()].right = right.max(need.right);
        need.left > left || need.right > right
    }

    /// The width of the frames of each column.
    fn widths(&self) -> Result<Vec<f64>, Error> {
        let gaps = (self.len() - 1) as f64 * theme::PANEL_GAP;
        let taken: f64 = self.margins.iter().map(|m| m.left + m.right).sum();
        let free = self.page_width - 2.0 * theme::PAGE_MARGIN - gaps - taken;
        let total: f64 = self.ratios.iter().sum();
        let widths: Vec<f64> = self.ratios.iter().map(|ratio| free * ratio / total).collect();
        let narrowest = widths.iter().copied().fold(f64::INFINITY, f64::min);
        if narrowest >= theme::MIN_FRAME_WIDTH {
            Ok(widths)
        } else {
            let (width_mm, min_mm) = (narrowest / PT_PER_MM, theme::MIN_FRAME_WIDTH / PT_PER_MM);
            Err(Error::FrameTooNarrow { width_mm, min_mm })
        }
    }

    /// Left edge of the frames of each column.
    pub(super) fn lefts(&self) -> Result<Vec<f64>, Error> {
        let mut end = theme::PAGE_MARGIN;
        let widths = self.widths()?;
        let lefts = self.margins.iter().zip(widths).map(|(margin, width)| {
            let left = end + margin.left;
            end = left + width + margin.right + theme::PANEL_GAP;
            left
        });
        Ok(lefts.collect())
    }

    /// The width that each slot has for its frame: its columns, and what lies between them.
    pub(super) fn slot_widths(&self, slots: &[Slot]) -> Result<Vec<f64>, Error> {
        let (lefts, widths) = (self.lefts()?, self.widths()?);
        let width = |slot: &Slot| {
            let last = slot.last_column();
            if slot.span == 1 { widths[last] } else { lefts[last] + widths[last] - lefts[slot.column] }
        };
        Ok(slots.iter().map(width).collect())
    }
}
