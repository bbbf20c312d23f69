//! Coloured cells without seams.
//!
//! Renderers smooth the edge of each shape by itself, so that between two cells that share an edge the
//! background shines through. Here each cell reaches on under the cells that are drawn after it: a little to
//! the right, and by a whole row downwards.

use super::canvas::Canvas;
use super::geometry::Rect;
use crate::theme::Rgb;

/// How far a cell reaches under its right neighbour. The neighbour's upper edge lets a trace of it through,
/// so that it must not be much; most of a pixel of a screen is enough.
const OVERLAP: f64 = 0.4;

/// Draws rows of cells from the top downwards, cut to `frame`. `x` are the edges of the columns from left to
/// right, `y` those of the rows from top to bottom. Neighbours of one colour in a row are one rectangle.
pub(crate) fn draw_cells(
    canvas: &Canvas<'_>,
    frame: &Rect,
    x: &[f64],
    y: &[f64],
    color: impl Fn(usize, usize) -> Rgb,
) {
    let (columns, rows) = (x.len().saturating_sub(1), y.len().saturating_sub(1));
    for row in 0..rows {
        let mut first = 0;
        while first < columns {
            let own = color(row, first);
            let beyond = (first + 1..columns).find(|&c| color(row, c) != own).unwrap_or(columns);
            let cell = Rect {
                left: x[first],
                top: y[row],
                right: if beyond < columns { (x[beyond] + OVERLAP).min(x[columns]) } else { x[columns] },
                bottom: y[(row + 2).min(rows)],
            };
            if let Some(visible) = cell.intersection(frame) {
                canvas.rectangle(&visible, own.into());
            }
            first = beyond;
        }
    }
}
