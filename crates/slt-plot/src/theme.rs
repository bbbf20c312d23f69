//! The one theme: sizes in points at print size, colours of everything that is not data.
//!
//! A figure is drawn at the size at which it is printed, so 8 pt here are 8 pt on paper.

pub(crate) use plotters::style::RGBColor as Rgb;

/// Width of a figure that fills one column of a two-column journal page, in millimetres.
pub const SINGLE_COLUMN_MM: f64 = 85.0;

/// Width of a figure that runs across both columns, in millimetres.
pub const DOUBLE_COLUMN_MM: f64 = 174.0;

/// Points in a millimetre.
pub(crate) const PT_PER_MM: f64 = 72.0 / 25.4;

pub(crate) const BACKGROUND: Rgb = Rgb(0xFF, 0xFF, 0xFF);
pub(crate) const INK: Rgb = Rgb(0x22, 0x22, 0x22);
pub(crate) const MUTED: Rgb = Rgb(0x6E, 0x6E, 0x6E);
pub(crate) const FAINT: Rgb = Rgb(0xBE, 0xBE, 0xBE);
pub(crate) const LEGEND_EDGE: Rgb = Rgb(0xCC, 0xCC, 0xCC);
pub(crate) const GRID: Rgb = Rgb(0xE4, 0xE4, 0xE4);

/// Text sizes.
pub(crate) const TICK_TEXT: f64 = 8.0;
pub(crate) const LEGEND_TEXT: f64 = 8.0;
pub(crate) const LABEL_TEXT: f64 = 9.0;
pub(crate) const TITLE_TEXT: f64 = 9.0;

/// Stroke widths.
pub(crate) const GRID_STROKE: f64 = 0.5;
pub(crate) const AXIS_STROKE: f64 = 0.7;
pub(crate) const LINE_STROKE: f64 = 1.3;
pub(crate) const THIN_STROKE: f64 = 0.8;

/// A contour line, and the white edge that sets it off from the map below it.
pub(crate) const CONTOUR_STROKE: f64 = 0.6;
pub(crate) const CONTOUR_EDGE: f64 = 0.4;

/// Half the width of a marker on a line or an error bar.
pub(crate) const MARKER_RADIUS: f64 = 2.3;
/// Half the width of a marker in a scatter of many.
pub(crate) const POINT_RADIUS: f64 = 1.5;
/// White edge that sets a marker off from the line below it.
pub(crate) const MARKER_EDGE: f64 = 0.5;
/// Half the width of the cap of an error bar or whisker.
pub(crate) const CAP_RADIUS: f64 = 2.2;
/// Opacity of the area between two curves.
pub(crate) const BAND_OPACITY: f64 = 0.2;
/// Share of the series colour in the filling of a box or bar; the rest is white.
pub(crate) const FILL_TINT: f64 = 0.4;

/// Distance of the lines of a hatched filling, and their width.
pub(crate) const HATCH_SPACING: f64 = 2.6;
pub(crate) const HATCH_STROKE: f64 = 0.4;

/// Length of a tick mark and its distance to the tick label.
pub(crate) const TICK_LENGTH: f64 = 2.5;
pub(crate) const MINOR_TICK_LENGTH: f64 = 1.5;
pub(crate) const TICK_GAP: f64 = 2.5;
/// Smallest space between neighbouring tick labels, and smallest distance between neighbouring ticks.
pub(crate) const TICK_LABEL_GAP: f64 = 7.0;
pub(crate) const TICK_SPACING_X: f64 = 26.0;
pub(crate) const TICK_SPACING_Y: f64 = 19.0;
/// Space between tick labels and axis label.
pub(crate) const LABEL_GAP: f64 = 4.0;

/// White space around the figure, and between neighbouring panels.
pub(crate) const PAGE_MARGIN: f64 = 3.0;
pub(crate) const PANEL_GAP: f64 = 12.0;
/// Space between a panel's header, the legend above the frame, and the frame.
pub(crate) const HEADER_GAP: f64 = 5.0;
/// Narrowest frame that is still a figure.
pub(crate) const MIN_FRAME_WIDTH: f64 = 40.0;

/// Legend: the sample, the space after it, and between columns.
pub(crate) const SAMPLE_WIDTH: f64 = 20.0;
/// Width of the sample of a marker, box or bar.
pub(crate) const NARROW_SAMPLE_WIDTH: f64 = 9.0;
pub(crate) const SAMPLE_HEIGHT: f64 = 7.0;
pub(crate) const SAMPLE_GAP: f64 = 4.0;
pub(crate) const LEGEND_COLUMN_GAP: f64 = 12.0;
pub(crate) const LEGEND_ROW: f64 = 11.0;

/// Share of the data's extent that is left free at either end of an automatic range.
pub(crate) const RANGE_PADDING: f64 = 0.05;
