//! Rows and columns: frames of equal size, baselines common to a row, axis labels common to a column.

use super::arrange::LegendSide;
use super::header::Header;
use super::panel::{Fitted, Prepared};
use super::x_axis::XAxis;
use crate::draw::geometry::Rect;
use crate::error::Error;
use crate::theme;

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

/// All panels in rows of `columns`.
pub(super) struct Grid<'f> {
    pub(super) cells: Vec<Cell<'f>>,
    /// Height of the whole page.
    pub(super) height: f64,
}

/// Space left and right of the frames of a column.
#[derive(Clone, Copy, Default)]
struct Margins {
    left: f64,
    right: f64,
}

/// Space above and below the frames of a row.
#[derive(Clone, Copy, Default)]
struct RowSpace {
    above: f64,
    below: f64,
    x_label_offset: f64,
}

impl<'f> Grid<'f> {
    /// Widens the margins until every text fits beside frames of equal width.
    pub(super) fn fit(
        panels: &[Prepared<'f>],
        sides: &[LegendSide],
        columns: usize,
        width: f64,
        frame_height: f64,
    ) -> Result<Self, Error> {
        let columns = columns.min(panels.len());
        let y_label_offsets: Vec<f64> = (0..columns)
            .map(|c| maximum(column(panels, columns, c).map(|p| p.y_axis.tick_width())))
            .collect();
        let mut margins: Vec<Margins> = (0..columns)
            .map(|c| {
                let label = maximum(column(panels, columns, c).map(|p| p.y_axis.label_width()));
                Margins { left: y_label_offsets[c] + label, right: 0.0 }
            })
            .collect();
        let mut round = 0;
        let (fitted, frame_width) = loop {
            let frame_width = frame_width(&margins, width)?;
            let fitted = panels
                .iter()
                .zip(sides)
                .map(|(panel, side)| fit_panel(panel, *side, frame_width))
                .collect::<Result<Vec<_>, _>>()?;
            round += 1;
            if !widen(&mut margins, &fitted, sides, frame_width) || round == MAX_ROUNDS {
                break (fitted, frame_width);
            }
        };
        let lefts: Vec<f64> = (0..columns)
            .map(|c| {
                let before: f64 =
                    margins[..c].iter().map(|m| m.left + frame_width + m.right + theme::PANEL_GAP).sum();
                theme::PAGE_MARGIN + before + margins[c].left
            })
            .collect();

        let mut cells = Vec::with_capacity(panels.len());
        let mut top = theme::PAGE_MARGIN;
        let mut fitted = fitted.into_iter();
        for (row, sides) in panels.chunks(columns).zip(sides.chunks(columns)) {
            let row_fitted: Vec<Fitted<'f>> = fitted.by_ref().take(row.len()).collect();
            let space = row_space(row, &row_fitted, sides, frame_height);
            for (c, fitted) in row_fitted.into_iter().enumerate() {
                let frame = Rect::at(lefts[c], top + space.above, frame_width, frame_height);
                let (x_label_offset, y_label_offset) = (space.x_label_offset, y_label_offsets[c]);
                cells.push(Cell { fitted, frame, top, x_label_offset, y_label_offset });
            }
            top += space.above + frame_height + space.below + theme::PANEL_GAP;
        }
        Ok(Self { cells, height: top - theme::PANEL_GAP + theme::PAGE_MARGIN })
    }

    pub(super) fn frames(&self) -> impl Iterator<Item = Rect> {
        self.cells.iter().map(|cell| cell.frame)
    }
}

/// The panels of one column.
fn column<'a, 'f>(
    panels: &'a [Prepared<'f>],
    columns: usize,
    number: usize,
) -> impl Iterator<Item = &'a Prepared<'f>> {
    panels.iter().skip(number).step_by(columns)
}

fn maximum(lengths: impl Iterator<Item = f64>) -> f64 {
    lengths.fold(0.0, f64::max)
}

/// The width that the margins leave for each frame.
fn frame_width(margins: &[Margins], width: f64) -> Result<f64, Error> {
    let columns = margins.len() as f64;
    let taken: f64 = margins.iter().map(|m| m.left + m.right).sum();
    let frame = (width - 2.0 * theme::PAGE_MARGIN - (columns - 1.0) * theme::PANEL_GAP - taken) / columns;
    if frame >= theme::MIN_FRAME_WIDTH {
        Ok(frame)
    } else {
        let (width_mm, min_mm) = (frame / theme::PT_PER_MM, theme::MIN_FRAME_WIDTH / theme::PT_PER_MM);
        Err(Error::FrameTooNarrow { width_mm, min_mm })
    }
}

/// Measures what depends on the width of the frame.
fn fit_panel<'f>(panel: &Prepared<'f>, side: LegendSide, width: f64) -> Result<Fitted<'f>, Error> {
    let Prepared { number, panel: description, x_range, .. } = *panel;
    let outside = match (&panel.legend, side) {
        (None, _) | (_, LegendSide::Inside) => None,
        (Some(legend), LegendSide::Right) => Some(legend.block(1)),
        (Some(legend), LegendSide::Above) => Some(legend.block_within(number, width)?),
    };
    Ok(Fitted {
        header: Header::measure(number, description, width)?,
        x_axis: XAxis::measure(number, &description.x, x_range, width)?,
        outside,
    })
}

/// Widens each column's margins to what its panels need; whether any was too narrow.
fn widen(margins: &mut [Margins], fitted: &[Fitted<'_>], sides: &[LegendSide], frame_width: f64) -> bool {
    let columns = margins.len();
    let mut widened = false;
    for (i, (fitted, side)) in fitted.iter().zip(sides).enumerate() {
        let (left, mut right) = fitted.x_axis.overhang(frame_width);
        if let (Some(block), LegendSide::Right) = (&fitted.outside, side) {
            right = right.max(theme::LEGEND_COLUMN_GAP + block.width);
        }
        let margin = &mut margins[i % columns];
        if left > margin.left || right > margin.right {
            *margin = Margins { left: margin.left.max(left), right: margin.right.max(right) };
            widened = true;
        }
    }
    widened
}

/// What the panels of a row need above and below their frames.
fn row_space(
    row: &[Prepared<'_>],
    fitted: &[Fitted<'_>],
    sides: &[LegendSide],
    frame_height: f64,
) -> RowSpace {
    let legend = |wanted: LegendSide| {
        let blocks = fitted.iter().zip(sides).filter(move |(_, side)| **side == wanted);
        maximum(blocks.filter_map(|(fitted, _)| fitted.outside.as_ref()).map(|block| block.height))
    };
    let legend_above = match legend(LegendSide::Above) {
        0.0 => 0.0,
        height => height + theme::HEADER_GAP,
    };
    let header = maximum(fitted.iter().map(|f| f.header.height()));
    let overhangs = || row.iter().map(|panel| panel.y_axis.overhang(frame_height));
    let x_label_offset = maximum(fitted.iter().map(|f| f.x_axis.tick_height()));
    let label = maximum(fitted.iter().map(|f| f.x_axis.label_height()));
    RowSpace {
        above: (header + legend_above).max(maximum(overhangs().map(|(above, _)| above))),
        below: (x_label_offset + label)
            .max(maximum(overhangs().map(|(_, below)| below)))
            .max(legend(LegendSide::Right) - frame_height),
        x_label_offset,
    }
}
