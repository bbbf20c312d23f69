//! Marker shapes.

use super::canvas::{Canvas, Paint};
use super::geometry::Point;
use crate::Error;
use crate::color::Color;
use crate::style::Marker;
use crate::theme;

/// Share of a hollow marker's width that is white, and how much larger than a filled one it is.
const HOLLOW: f64 = 0.55;
const HOLLOW_GROWTH: f64 = 1.08;

/// Draws a marker that is filled or a ring of the colour around white.
pub(crate) fn draw_marker_of_kind(
    canvas: &Canvas<'_>,
    (marker, hollow): (Marker, bool),
    series: Color,
    center: Point,
    radius: f64,
    paint: Paint,
) -> Result<(), Error> {
    if !hollow {
        return draw_marker(canvas, marker, series, center, radius, paint);
    }
    let radius = HOLLOW_GROWTH * radius;
    draw_marker(canvas, marker, series, center, radius, paint)?;
    draw_marker(canvas, marker, series, center, HOLLOW * radius, theme::BACKGROUND.into())
}

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
