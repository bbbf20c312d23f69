//! The finished page: panels at their places, legends where they cover nothing.

use super::grid::Grid;
use super::legend_place::{Placed, emptiest, in_corner};
use super::panel::{PlacedPanel, Prepared};
use crate::draw::canvas::Canvas;
use crate::draw::geometry::{Point, Rect};
use crate::error::Error;
use crate::figure::Figure;
use crate::panel::LegendPosition;
use crate::theme;

/// The side of the frame on which a legend is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum LegendSide {
    Inside,
    Above,
    Right,
}

impl LegendSide {
    fn of(position: Option<LegendPosition>) -> Self {
        match position {
            Some(LegendPosition::Above) => Self::Above,
            Some(LegendPosition::Right) => Self::Right,
            _ => Self::Inside,
        }
    }
}

/// A figure with everything measured and placed.
pub(crate) struct Page<'f> {
    panels: Vec<PlacedPanel<'f>>,
    width: f64,
    height: f64,
}

impl<'f> Page<'f> {
    /// Places the panels of a figure `width` wide whose frames are `frame_height` high.
    pub(crate) fn arrange(figure: &'f Figure, width: f64, frame_height: f64) -> Result<Self, Error> {
        let numbered = figure.panels.iter().enumerate();
        let prepared = numbered
            .map(|(number, panel)| Prepared::new(number, panel, frame_height))
            .collect::<Result<Vec<_>, _>>()?;
        let mut sides: Vec<LegendSide> = prepared.iter().map(|p| LegendSide::of(p.panel.legend)).collect();
        loop {
            let grid = Grid::fit(&prepared, &sides, figure.columns, width, frame_height)?;
            let inside: Vec<Option<Placed>> = prepared
                .iter()
                .zip(&sides)
                .zip(grid.frames())
                .map(
                    |((panel, side), frame)| {
                        if *side == LegendSide::Inside { place(panel, frame) } else { None }
                    },
                )
                .collect();
            // A legend that finds no place moves above its frame, which may move all frames: arrange again. Legends
            // only ever move out, so this ends.
            let mut moved = false;
            for ((panel, side), placed) in prepared.iter().zip(&mut sides).zip(&inside) {
                if panel.legend.is_some() && *side == LegendSide::Inside && placed.is_none() {
                    *side = LegendSide::Above;
                    moved = true;
                }
            }
            if !moved {
                return Ok(Self::assemble(prepared, &sides, grid, inside, width));
            }
        }
    }

    fn assemble(
        prepared: Vec<Prepared<'f>>,
        sides: &[LegendSide],
        grid: Grid<'f>,
        inside: Vec<Option<Placed>>,
        width: f64,
    ) -> Self {
        let height = grid.height;
        let cells = grid.cells.into_iter().zip(inside);
        let panels = prepared
            .into_iter()
            .zip(cells)
            .zip(sides)
            .map(|((prepared, (mut cell, inside)), side)| {
                let frame = cell.frame;
                let outside = cell.fitted.outside.take().map(|block| {
                    let corner = match side {
                        LegendSide::Right => Point::new(frame.right + theme::LEGEND_COLUMN_GAP, frame.top),
                        LegendSide::Above | LegendSide::Inside => {
                            Point::new(frame.left, frame.top - theme::HEADER_GAP - block.height)
                        }
                    };
                    (block, corner, false)
                });
                PlacedPanel {
                    prepared,
                    fitted: cell.fitted,
                    frame,
                    top: cell.top,
                    x_label_offset: cell.x_label_offset,
                    y_label_offset: cell.y_label_offset,
                    legend: inside.map(|(block, corner)| (block, corner, true)).or(outside),
                }
            })
            .collect();
        Self { panels, width, height }
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
