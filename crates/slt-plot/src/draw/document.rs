//! The SVG document around what plotters has drawn.

use super::UNITS_PER_PT;
use super::canvas::units;
use super::compact::compact;
use crate::theme::PT_PER_MM;

/// Replaces the opening tag that plotters writes, whose size is in pixels, by one with the print size in millimetres,
/// gives the figure its title for screen readers, and joins long runs of like shapes.
pub(crate) fn with_print_size(drawn: &str, width: f64, height: f64, title: Option<&str>) -> String {
    let body = drawn.split_once('>').map_or(drawn, |(_, body)| body);
    let (view_width, view_height) = (units(width), units(height));
    let millimetres = |units: i32| f64::from(units) / UNITS_PER_PT / PT_PER_MM;
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{:.3}mm\" height=\"{:.3}mm\" \
         viewBox=\"0 0 {view_width} {view_height}\" role=\"img\" stroke-linejoin=\"round\">",
        millimetres(view_width),
        millimetres(view_height),
    );
    if let Some(title) = title {
        svg.push_str("\n<title>");
        for c in title.chars() {
            match c {
                '<' => svg.push_str("&lt;"),
                '>' => svg.push_str("&gt;"),
                '&' => svg.push_str("&amp;"),
                other => svg.push(other),
            }
        }
        svg.push_str("</title>");
    }
    svg.push_str(&compact(body));
    svg
}
