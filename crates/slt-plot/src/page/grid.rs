//! Rows and columns: frames of equal widths, baselines common to a row, axis labels common to a column.

use super::panel::{Fitted, PanelCell, Prepared, greatest};
use crate::check;
use crate::draw::geometry::Rect;
use crate::error::{Error, Place};
use crate::figure::Figure;
use crate::panel::Panel;
use crate::theme::{self, PT_PER_MM};

/// Rounds of measuring after which margins are taken as they are; two or three are usual.
const MAX_ROUNDS: usize = 16;

/// A panel's place: its row, its first column, and how many columns it covers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Slot {
    row: usize,
    column: usize,
    span: usize,
}

impl Slot {
    /// The last column that the panel covers.
    fn last_column(&self) -> usize {
        self.column + self.span - 1
    }
}

/// Fills rows of `columns` from left to right with panels of the given spans, each from 1 to `columns`.
fn slots(spans: impl IntoIterator<Item = usize>, columns: usize) -> Vec<Slot> {
    let (mut row, mut column) = (0, 0);
    let place = |span| {
        if column + span > columns {
            row += 1;
            column = 0;
        }
        let slot = Slot { row, column, span };
        column += span;
        slot
    };
    spans.into_iter().map(place).collect()
}

/// Number of rows that the panels fill.
pub(crate) fn rows(panels: &[Panel], columns: usize) -> usize {
    slots(panels.iter().map(|panel| panel.span), columns).last().map_or(0, |slot| slot.row + 1)
}

/// All panels in their rows and columns.
pub(super) struct PanelGrid<'f> {
    pub(super) cells: Vec<PanelCell<'f>>,
    /// Lower edge of the last row.
    pub(super) bottom: f64,
}

impl<'f> PanelGrid<'f> {
    /// Widens the margins until every text fits beside the frames, which begin below `top`.
    pub(super) fn fit(figure: &Figure, panels: &[Prepared<'f>], top: f64) -> Result<Self, Error> {
        let slots = slots(panels.iter().map(|p| p.panel.span), figure.columns);
        let mut columns = Columns::new(figure, &slots);
        let mut round = 0;
        let fitted = loop {
            let widths = columns.slot_widths(&slots)?;
            let heights = row_heights(figure, panels, &slots, &widths);
            let fit = |(i, panel): (usize, &Prepared<'f>)| {
                Fitted::measure(panel, panel.frame_size(widths[i], heights[slots[i].row]))
            };
            let fitted = panels.iter().enumerate().map(fit).collect::<Result<Vec<_>, _>>()?;
            round += 1;
            if !columns.widen(&slots, &fitted, round == 1) || round == MAX_ROUNDS {
                break fitted;
            }
        };
        Self::place(&columns, &slots, fitted, top)
    }

    fn place(
        columns: &Columns,
        slots: &[Slot],
        fitted: Vec<Fitted<'f>>,
        mut top: f64,
    ) -> Result<Self, Error> {
        let (widths, (lefts, _)) = (columns.slot_widths(slots)?, columns.lefts_and_width()?);
        let offsets = y_label_offsets(slots, &fitted, lefts.len());
        let mut cells: Vec<PanelCell<'f>> = Vec::with_capacity(slots.len());
        let mut rest = fitted.into_iter();
        for row in slots.chunk_by(|a, b| a.row == b.row) {
            let first = cells.len();
            let row_fitted: Vec<Fitted<'f>> = rest.by_ref().take(row.len()).collect();
            let (above, below, x_label_offset) = row_space(&row_fitted);
            let height = maximum(row_fitted.iter().map(|f| f.size.1));
            for (i, (slot, fitted)) in row.iter().zip(row_fitted).enumerate() {
                let (frame_width, frame_height) = fitted.size;
                // Letters and y axes of a column stand below each other; a panel by itself stands in the
                // middle.
                let spare = widths[first + i] - frame_width;
                let left = lefts[slot.column] + if slots.len() == 1 { spare / 2.0 } else { 0.0 };
                let frame = Rect::at(left, top + above, frame_width, frame_height);
                let y_label_offset = offsets[slot.column];
                cells.push(PanelCell { fitted, frame, top, x_label_offset, y_label_offset });
            }
            top += above + height + below + theme::PANEL_GAP;
        }
        Ok(Self { cells, bottom: top - theme::PANEL_GAP })
    }
}

fn maximum(lengths: impl Iterator<Item = f64>) -> f64 {
    lengths.fold(0.0, f64::max)
}

/// Room for the frames of each row: as given, else what tables and images need, else the usual height.
fn row_heights(figure: &Figure, panels: &[Prepared<'_>], slots: &[Slot], widths: &[f64]) -> Vec<f64> {
    let mut first = 0;
    let rows = slots.chunk_by(|a, b| a.row == b.row).enumerate().map(|(row, slots)| {
        let members = first..first + slots.len();
        first = members.end;
        let needs = members.map(|i| panels[i].natural_height(widths[i]));
        let natural = greatest(needs);
        match (figure.row_heights_mm.get(row), natural) {
            (Some(height), _) => height * PT_PER_MM,
            (None, Some(need)) => need,
            (None, None) => figure.frame_height_mm * PT_PER_MM,
        }
    });
    rows.collect()
}

/// Distance of the y axis labels from the frames of each column.
fn y_label_offsets(slots: &[Slot], fitted: &[Fitted<'_>], columns: usize) -> Vec<f64> {
    let mut offsets = vec![0.0_f64; columns];
    for (slot, fitted) in slots.iter().zip(fitted) {
        offsets[slot.column] = offsets[slot.column].max(fitted.y_axis.tick_depth());
    }
    offsets
}

/// Space above and below the frames of a row, and the distance of the x axis labels from them.
fn row_space(fitted: &[Fitted<'_>]) -> (f64, f64, f64) {
    let legend = maximum(fitted.iter().map(Fitted::legend_height));
    let header = maximum(fitted.iter().map(Fitted::header_height));
    let overhangs = || fitted.iter().map(|f| f.y_axis.overhang(f.size.1));
    let x_label_offset = maximum(fitted.iter().map(|f| f.x_axis.tick_depth()));
    let label = maximum(fitted.iter().map(|f| f.x_axis.label_depth()));
    let above = (header + legend).max(maximum(overhangs().map(|(above, _)| above)));
    let below = (x_label_offset + label).max(maximum(overhangs().map(|(_, below)| below)));
    (above, below, x_label_offset)
}

/// The columns of a page: the space left and right of their frames.
struct Columns {
    page_width: f64,
    margins: Vec<(f64, f64)>,
}

impl Columns {
    /// Columns without margins.
    fn new(figure: &Figure, slots: &[Slot]) -> Self {
        let used = slots.iter().map(|slot| slot.last_column() + 1).max().unwrap_or(1);
        Self { page_width: figure.width_mm * PT_PER_MM, margins: vec![(0.0, 0.0); used] }
    }

    /// Widens each column's margins to what its panels need; whether any was too narrow. In the first round
    /// only the y axes count, since what stands out beyond an x axis depends on its length.
    fn widen(&mut self, slots: &[Slot], fitted: &[Fitted<'_>], first: bool) -> bool {
        let offsets = y_label_offsets(slots, fitted, self.margins.len());
        let mut widened = first;
        for (slot, fitted) in slots.iter().zip(fitted) {
            let (mut left, mut right) =
                (offsets[slot.column] + fitted.y_axis.label_depth(), fitted.right_width());
            if !first {
                let overhang = fitted.x_axis.overhang(fitted.size.0);
                (left, right) = (left.max(overhang.0), right.max(overhang.1));
            }
            let before = &mut self.margins[slot.column].0;
            widened |= left > *before;
            *before = before.max(left);
            let after = &mut self.margins[slot.last_column()].1;
            widened |= right > *after;
            *after = after.max(right);
        }
        widened
    }

    /// Left edge of the frames of each column, and their width.
    fn lefts_and_width(&self) -> Result<(Vec<f64>, f64), Error> {
        let columns = self.margins.len() as f64;
        let taken: f64 = self.margins.iter().map(|(left, right)| left + right).sum();
        let free = self.page_width - 2.0 * theme::PAGE_MARGIN - (columns - 1.0) * theme::PANEL_GAP - taken;
        let width = free / columns;
        let what = "the data of a panel, beside the labels,";
        check::room(&Place::Figure, what, theme::MIN_FRAME_WIDTH, width)?;
        let mut end = theme::PAGE_MARGIN;
        let lefts = self.margins.iter().map(|(before, after)| {
            let left = end + before;
            end = left + width + after + theme::PANEL_GAP;
            left
        });
        Ok((lefts.collect(), width))
    }

    /// The width that each slot has for its frame: its columns, and what lies between them.
    fn slot_widths(&self, slots: &[Slot]) -> Result<Vec<f64>, Error> {
        let (lefts, width) = self.lefts_and_width()?;
        let slot_width = |slot: &Slot| match slot.span {
            1 => width,
            _ => lefts[slot.last_column()] + width - lefts[slot.column],
        };
        Ok(slots.iter().map(slot_width).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panel_that_is_too_wide_for_its_row_begins_the_next() {
        let places: Vec<(usize, usize)> =
            slots([1, 1, 2, 1, 2, 3], 3).iter().map(|slot| (slot.row, slot.column)).collect();
        assert_eq!(places, [(0, 0), (0, 1), (1, 0), (1, 2), (2, 0), (3, 0)]);
    }
}
