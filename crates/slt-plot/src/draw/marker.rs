//! Marker shapes.

use super::canvas::{Canvas, Opacity as _, Paint};
use super::geometry::Point;
use crate::style::{Marker, Style};
use crate::theme;

/// Share of a hollow marker's width that is white, and how much larger than a filled one it is.
const HOLLOW: f64 = 0.55;
const HOLLOW_GROWTH: f64 = 1.08;

/// Draws a marker that is filled or a ring around white, with a white edge below it if that is wider than 0.
pub(crate) fn draw_marker(
    canvas: &Canvas<'_>,
    style: &Style,
    center: Point,
    (radius, edge): (f64, f64),
    opacity: f64,
) {
    let white: Paint = theme::BACKGROUND.into();
    if edge > 0.0 {
        draw_shape(canvas, style, center, radius + edge, white);
    }
    let paint = style.color.resolve().mix(opacity);
    if style.hollow {
        draw_shape(canvas, style, center, HOLLOW_GROWTH * radius, paint);
        draw_shape(canvas, style, center, HOLLOW * HOLLOW_GROWTH * radius, white);
    } else {
        draw_shape(canvas, style, center, radius, paint);
    }
}

/// Draws the shape alone. Shapes are scaled to look equally large.
fn draw_shape(canvas: &Canvas<'_>, style: &Style, center: Point, radius: f64, paint: Paint) {
    let corners: &[(f64, f64)] = match style.marker.resolve(style.color) {
        Marker::Auto | Marker::Circle => return canvas.disc(center, radius, paint),
        Marker::Square => &[(-0.9, -0.9), (0.9, -0.9), (0.9, 0.9), (-0.9, 0.9)],
        Marker::Triangle => &[(0.0, -1.2), (1.1, 0.8), (-1.1, 0.8)],
        Marker::Diamond => &[(0.0, -1.3), (1.1, 0.0), (0.0, 1.3), (-1.1, 0.0)],
        Marker::InvertedTriangle => &[(0.0, 1.2), (-1.1, -0.8), (1.1, -0.8)],
    };
    let at = |&(x, y): &(f64, f64)| Point::new(center.x + x * radius, center.y + y * radius);
    canvas.polygon(&corners.iter().map(at).collect::<Vec<_>>(), paint);
}
