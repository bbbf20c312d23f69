//! Rows and columns: frames in their columns' ratios, baselines common to a row, axis labels common to a column.

use super::flow::{Slot, slots};
use super::legend::Side;
use super::panel::{Fitted, Prepared};
use super::tracks::{Margins, Tracks};
use crate::draw::geometry::Rect;
use crate::error::Error;
use crate::figure::Figure;
use crate::theme::{self, PT_PER_MM};

/// Rounds of measuring after which margins are taken as they are; two or three are usual.
const MAX_ROUNDS: usize = 16;

/// A panel's place in the grid.
pub(super) struct Cell<'f> {
    pub(super) fitted: Fitted<'f>,
    pub(super) frame: Rect,
    /// Upper edge of the header.
    pub(super) top: f64,
    pub(super) x_label_offset: f64,
    pub(super) y_label_offset: f64,
}

/// All panels in their rows and columns.
pub(super) struct Grid<'f> {
    pub(super) cells: Vec<Cell<'f>>,
    /// Lower edge of the last row.
    pub(super) bottom: f64,
}

/// Space above and below the frames of a row.
#[derive(Clone, Copy, Default)]
struct RowSpace {
    above: f64,
    below: f64,
    x_label_offset: f64,
}

impl<'f> Grid<'f> {
    /// Widens the margins until every text fits beside the frames, which begin below `top`.
    pub(super) fn fit(
        figure: &Figure,
        panels: &[Prepared<'f>],
        sides: &[Side],
        top: f64,
    ) -> Result<Self, Error> {
        let slots = slots(panels.iter().map(|p| p.panel.span), figure.columns);
        let mut tracks = Tracks::new(figure, &slots);
        let mut round = 0;
        let fitted = loop {
            let widths = tracks.slot_widths(&slots)?;
            let heights = row_heights(figure, panels, &slots, &widths);
            let fitted = panels
                .iter()
                .enumerate()
                .map(|(i, panel)| {
                    let size = panel.frame_size(widths[i], heights[slots[i].row]);
                    Fitted::measure(panel, sides[i], size)
                })
                .collect::<Result<Vec<_>, _>>()?;
            round += 1;
            if !widen(&mut tracks, &slots, &fitted, round == 1) || round == MAX_ROUNDS {
                break fitted;
            }
        };
        Self::place(panels, sides, &tracks, &slots, fitted, top)
    }

    fn place(
        panels: &[Prepared<'f>],
        sides: &[Side],
        tracks: &Tracks,
        slots: &[Slot],
        fitted: Vec<Fitted<'f>>,
        mut top: f64,
    ) -> Result<Self, Error> {
        let widths = tracks.slot_widths(slots)?;
        let lefts = tracks.lefts()?;
        let offsets = y_label_offsets(slots, &fitted, tracks.len());
        let mut cells: Vec<Cell<'f>> = Vec::with_capacity(panels.len());
        let mut rest = fitted.into_iter();
        for row in slots.chunk_by(|a, b| a.row == b.row) {
            let first = cells.len();
            let row_fitted: Vec<Fitted<'f>> = rest.by_ref().take(row.len()).collect();
            let space = row_space(&row_fitted, &sides[first..]);
            let height = maximum(row_fitted.iter().map(|f| f.size.1));
            for (i, (slot, fitted)) in row.iter().zip(row_fitted).enumerate() {
                let (frame_width, frame_height) = fitted.size;
                // Letters and y axes of a column stand below each other; a panel by itself stands in the middle.
                let spare = widths[first + i] - frame_width;
                let left = lefts[slot.column] + if slots.len() == 1 { spare / 2.0 } else { 0.0 };
                let frame = Rect::at(left, top + space.above, frame_width, frame_height);
                let (x_label_offset, y_label_offset) = (space.x_label_offset, offsets[slot.column]);
                cells.push(Cell { fitted, frame, top, x_label_offset, y_label_offset });
            }
            top += space.above + height + space.below + theme::PANEL_GAP;
        }
        Ok(Self { cells, bottom: top - theme::PANEL_GAP })
    }

    pub(super) fn frames(&self) -> impl Iterator<Item = Rect> {
        self.cells.iter().map(|cell| cell.frame)
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
        let natural = needs.reduce(|all, one| all.zip(one).map(|(a, b)| f64::max(a, b))).flatten();
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
        offsets[slot.column] = offsets[slot.column].max(fitted.y_axis.tick_width());
    }
    offsets
}

/// Widens each column's margins to what its panels need; whether any was too narrow. In the first round only the y
/// axes count, since what stands out beyond an x axis depends on its length.
fn widen(tracks: &mut Tracks, slots: &[Slot], fitted: &[Fitted<'_>], first: bool) -> bool {
    let offsets = y_label_offsets(slots, fitted, tracks.len());
    let mut widened = first;
    for (slot, fitted) in slots.iter().zip(fitted) {
        let mut need =
            Margins { left: offsets[slot.column] + fitted.y_axis.label_width(), right: fitted.right_width() };
        if !first {
            let (left, right) = fitted.x_axis.overhang(fitted.size.0);
            need = Margins { left: need.left.max(left), right: need.right.max(right) };
        }
        widened |= tracks.widen(slot, need);
    }
    widened
}

/// What the panels of a row need above and below their frames.
fn row_space(fitted: &[Fitted<'_>], sides: &[Side]) -> RowSpace {
    let legend = |wanted: Side| {
        let blocks = fitted.iter().zip(sides).filter(move |(_, side)| **side == wanted);
        maximum(blocks.filter_map(|(fitted, _)| fitted.outside.as_ref()).map(|block| block.height))
    };
    let legend_above = match legend(Side::Above) {
        0.0 => 0.0,
        height => height + theme::HEADER_GAP,
    };
    let header = maximum(fitted.iter().map(|f| f.header.height()));
    let height = maximum(fitted.iter().map(|f| f.size.1));
    let overhangs = || fitted.iter().map(|f| f.y_axis.overhang(f.size.1));
    let x_label_offset = maximum(fitted.iter().map(|f| f.x_axis.tick_height()));
    let label = maximum(fitted.iter().map(|f| f.x_axis.label_height()));
    RowSpace {
        above: (header + legend_above).max(maximum(overhangs().map(|(above, _)| above))),
        below: (x_label_offset + label)
            .max(maximum(overhangs().map(|(_, below)| below)))
            .max(legend(Side::Right) - height),
        x_label_offset,
    }
}
