//! Drawing on the page: geometry, text, and the canvas over plotters with the SVG behind it. Knows points,
//! not data.

pub(crate) mod canvas;
pub(crate) mod cells;
pub(crate) mod geometry;
pub(crate) mod marker;
pub(crate) mod raster;
pub(crate) mod svg;
pub(crate) mod text;

/// Units of the SVG's coordinates in a point. plotters draws on whole numbers, so a fine unit stands for
/// precision.
pub(crate) const UNITS_PER_PT: f64 = 100.0;
