//! The place of a legend within the frame.

use super::legend::{Block, Legend};
use crate::draw::geometry::{Point, Rect};
use crate::panel::LegendPosition;
use crate::theme::LEGEND_MARGIN;

/// Where along an edge of the frame.
#[derive(Clone, Copy)]
enum Side {
    Low,
    Middle,
    High,
}

/// Places in the order in which they are tried: corners, then the middles of the edges.
const CORNERS: [(Side, Side); 4] =
    [(Side::Low, Side::Low), (Side::High, Side::Low), (Side::High, Side::High), (Side::Low, Side::High)];
const EDGES: [(Side, Side); 4] = [
    (Side::Middle, Side::Low),
    (Side::Middle, Side::High),
    (Side::High, Side::Middle),
    (Side::Low, Side::Middle),
];

/// A block and its upper left corner.
pub(super) type Placed = (Block, Point);

/// The corner that the panel asks for. `None` if the position is not a corner or the legend is larger than the frame.
pub(super) fn in_corner(legend: &Legend<'_>, position: LegendPosition, frame: &Rect) -> Option<Placed> {
    let sides = match position {
        LegendPosition::TopLeft => CORNERS[0],
        LegendPosition::TopRight => CORNERS[1],
        LegendPosition::BottomRight => CORNERS[2],
        LegendPosition::BottomLeft => CORNERS[3],
        _ => return None,
    };
    let block = legend.block(1);
    let corner = place(&block, sides, frame)?;
    Some((block, corner))
}

/// The place that keeps the greatest distance to the data: a corner if one is free, else the middle of an edge, in
/// one column if that is free, else in more. `None` if the legend would cover data everywhere.
pub(super) fn emptiest(legend: &Legend<'_>, frame: &Rect, footprint: &[Point]) -> Option<Placed> {
    for columns in 1..=legend.len() {
        let block = legend.block(columns);
        for sides in [CORNERS, EDGES] {
            let free = sides
                .into_iter()
                .filter_map(|sides| place(&block, sides, frame))
                .map(|corner| (corner, clearance(&block, corner, footprint)))
                .filter(|&(_, clearance)| clearance >= LEGEND_MARGIN)
                // The first of equals, so that an empty frame has its legend upper left.
                .reduce(|best, other| if other.1 > best.1 { other } else { best });
            if let Some((corner, _)) = free {
                return Some((block, corner));
            }
        }
    }
    None
}

/// The upper left corner of a block at a place within the frame, if it fits.
fn place(block: &Block, (x, y): (Side, Side), frame: &Rect) -> Option<Point> {
    let inner = frame.grown(-LEGEND_MARGIN);
    let at = |side, low: f64, free: f64| match side {
        Side::Low => low,
        Side::Middle => low + free / 2.0,
        Side::High => low + free,
    };
    let (free_x, free_y) = (inner.width() - block.width, inner.height() - block.height);
    (free_x >= 0.0 && free_y >= 0.0).then(|| Point::new(at(x, inner.left, free_x), at(y, inner.top, free_y)))
}

/// Distance from the block to the nearest data.
fn clearance(block: &Block, corner: Point, footprint: &[Point]) -> f64 {
    let area = Rect::at(corner.x, corner.y, block.width, block.height);
    let distance = |p: &Point| {
        let nearest = Point::new(p.x.clamp(area.left, area.right), p.y.clamp(area.top, area.bottom));
        nearest.distance(*p)
    };
    footprint.iter().map(distance).fold(f64::INFINITY, f64::min)
}
