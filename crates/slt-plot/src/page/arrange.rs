//! The finished page: panels at their places, legends where they cover nothing.

use super::grid::Grid;
use super::legend::{Block, Legend, Side};
use super::legend_place::{Placed, emptiest, in_corner};
use super::note::Note;
use super::panel::{PlacedPanel, Prepared};
use super::shared_legend::SharedBlock;
use crate::draw::canvas::Canvas;
use crate::draw::geometry::{Point, Rect};
use crate::error::Error;
use crate::figure::Figure;
use crate::panel::LegendPosition;
use crate::theme::{self, PT_PER_MM};

/// A figure with everything measured and placed.
pub(crate) struct Page<'f> {
    panels: Vec<PlacedPanel<'f>>,
    /// The legend for all panels with its upper left corner.
    shared_legend: Option<(Legend<'f>, Block, Point)>,
    note: Option<Note>,
    /// Lower end of everything but the note.
    bottom: f64,
    width: f64,
    height: f64,
}

impl<'f> Page<'f> {
    /// Places the panels of a figure and their legends.
    pub(crate) fn arrange(figure: &'f Figure) -> Result<Self, Error> {
        let width = figure.width_mm * PT_PER_MM;
        let shared = SharedBlock::measure(figure, width)?;
        let note = Note::measure(figure.note.as_deref(), width)?;
        let prepared = figure
            .panels
            .iter()
            .enumerate()
            .map(|(number, panel)| {
                let own = figure.shared_legend.is_none().then(|| Legend::collect([panel])).flatten();
                Prepared::new(number, panel, own)
            })
            .collect::<Result<Vec<_>, _>>()?;
        let mut sides: Vec<Side> = prepared.iter().map(|p| Side::of(p.panel.legend)).collect();
        let top = theme::PAGE_MARGIN + shared.as_ref().map_or(0.0, SharedBlock::room_above);
        loop {
            let grid = Grid::fit(figure, &prepared, &sides, top)?;
            let inside: Vec<Option<Placed>> = prepared
                .iter()
                .zip(&sides)
                .zip(grid.frames())
                .map(|((panel, side), frame)| if *side == Side::Inside { place(panel, frame) } else { None })
                .collect();
            // A legend that finds no place moves above its frame, which may move all frames: arrange again. Legends
            // only ever move out, so this ends.
            let mut moved = false;
            for ((panel, side), placed) in prepared.iter().zip(&mut sides).zip(&inside) {
                if panel.legend.is_some() && *side == Side::Inside && placed.is_none() {
                    *side = Side::Above;
                    moved = true;
                }
            }
            if !moved {
                return Ok(Self::assemble(prepared, grid, inside, shared, note, width));
            }
        }
    }

    fn assemble(
        prepared: Vec<Prepared<'f>>,
        grid: Grid<'f>,
        inside: Vec<Option<Placed>>,
        shared: Option<SharedBlock<'f>>,
        note: Option<Note>,
        width: f64,
    ) -> Self {
        let mut bottom = grid.bottom;
        let shared_legend = shared.map(|shared| {
            let (corner, end) = shared.place(width, bottom);
            bottom = end;
            (shared.legend, shared.block, corner)
        });
        let cells = grid.cells.into_iter().zip(inside);
        let panels = prepared
            .into_iter()
            .zip(cells)
            .map(|(prepared, (mut cell, inside))| {
                let outside = cell.fitted.take_outside(&cell.frame);
                let outside = outside.map(|(block, corner)| (block, corner, false));
                PlacedPanel {
                    prepared,
                    fitted: cell.fitted,
                    frame: cell.frame,
                    top: cell.top,
                    x_label_offset: cell.x_label_offset,
                    y_label_offset: cell.y_label_offset,
                    legend: inside.map(|(block, corner)| (block, corner, true)).or(outside),
                }
            })
            .collect();
        let height = bottom + note.as_ref().map_or(0.0, Note::height) + theme::PAGE_MARGIN;
        Self { panels, shared_legend, note, bottom, width, height }
    }

    pub(crate) fn width(&self) -> f64 {
        self.width
    }

    pub(crate) fn height(&self) -> f64 {
        self.height
    }

    /// The page as plotters writes it.
    pub(crate) fn draw(&self) -> Result<String, Error> {
        let mut svg = String::new();
        let canvas = Canvas::new(&mut svg, self.width, self.height);
        canvas.rectangle(&Rect::at(0.0, 0.0, self.width, self.height), theme::BACKGROUND.into())?;
        self.panels.iter().try_for_each(|panel| panel.draw(&canvas))?;
        if let Some((legend, block, corner)) = &self.shared_legend {
            legend.draw(&canvas, block, *corner, false)?;
        }
        if let Some(note) = &self.note {
            note.draw(&canvas, self.bottom)?;
        }
        canvas.finish()?;
        Ok(svg)
    }
}

/// The place of a panel's legend within its frame, if it has one that covers no data or that was asked for.
fn place(panel: &Prepared<'_>, frame: Rect) -> Option<Placed> {
    let legend = panel.legend.as_ref()?;
    match panel.panel.legend? {
        LegendPosition::Best => emptiest(legend, &frame, &panel.footprint(&panel.view(frame))),
        position => in_corner(legend, position, &frame),
    }
}
