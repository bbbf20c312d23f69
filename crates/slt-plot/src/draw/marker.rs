//! Marker shapes.

use super::canvas::{Canvas, Paint};
use super::geometry::Point;
use crate::Error;
use crate::color::Color;
use crate::style::Marker;

/// Draws a filled marker. Shapes are scaled to look equally large.
pub(crate) fn draw_marker(
    canvas: &Canvas<'_>,
    marker: Marker,
    series: Color,
    center: Point,
    radius: f64,
    paint: Paint,
) -> Result<(), Error> {
    let polygon = |corners: &[(f64, f64)]| {
        let corners: Vec<Point> =
            corners.iter().map(|&(x, y)| Point::new(center.x + x * radius, center.y + y * radius)).collect();
        canvas.polygon(&corners, paint)
    };
    match marker.resolve(series) {
        Marker::Auto | Marker::Circle => canvas.disc(center, radius, paint),
        Marker::Square => polygon(&[(-0.9, -0.9), (0.9, -0.9), (0.9, 0.9), (-0.9, 0.9)]),
        Marker::Triangle => polygon(&[(0.0, -1.2), (1.1, 0.8), (-1.1, 0.8)]),
        Marker::Diamond => polygon(&[(0.0, -1.3), (1.1, 0.0), (0.0, 1.3), (-1.1, 0.0)]),
        Marker::InvertedTriangle => polygon(&[(0.0, 1.2), (-1.1, -0.8), (1.1, -0.8)]),
    }
}
