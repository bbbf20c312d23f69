//! Publication figures from plain data: one theme, SVG and PNG, no system fonts.
//!
//! A [`Figure`] is a description: [`Panel`]s in a grid, each with two [`Axis`] values and a list of [`Mark`]s. All of it
//! is plain data that serialises with serde, so a figure can be stored beside its picture and drawn again. There is
//! nothing to style: sizes, margins, ticks, colours, dashes and markers follow one theme made for print, with 8 and
//! 9 pt text at the width of a journal column. Margins come from measured text, so no label is cut off; ticks and
//! categories never overlap; a legend covers no data unless it is told to.
//!
//! ```
//! use slt_plot::{Axis, Band, Color, Figure, Line, Panel};
//! # fn main() -> Result<(), slt_plot::Error> {
//! let x: Vec<f64> = (0..=10).map(f64::from).collect();
//! let mean: Vec<f64> = x.iter().map(|x| 0.9 - 0.3 / (1.0 + x)).collect();
//! let lower = mean.iter().map(|y| y - 0.02).collect();
//! let upper = mean.iter().map(|y| y + 0.02).collect();
//! let accuracy = Panel::new(Axis::new("Generation"), Axis::new("Accuracy (%)").percent())
//!     .title("Training")
//!     .mark(Band::new(x.clone(), lower, upper).label("GA").color(Color::Series(0)))
//!     .mark(Line::new(x, mean).label("GA").color(Color::Series(0)));
//! let svg = Figure::single_column(accuracy).to_svg()?;
//! assert!(svg.starts_with("<svg"));
//! # Ok(())
//! # }
//! ```
//!
//! A panel may also hold a [`HeatMap`] with [`Contours`] and a colour bar, small [`Images`], a [`NetworkGraph`] or a
//! [`Table`]. Panels take the widths and heights that [`Figure`] gives its columns and rows, cover several columns, share
//! a legend, and keep a square frame or equal units where [`Aspect`] says so; [`Dodge`] places groups side by side.
//!
//! # For print
//! Series differ in grey as well as in hue, or in their dashes and markers; colour maps become steadily lighter or
//! darker. Scatters of many thousand points and maps of many cells stay small files: see [`Points`] and [`HeatMap`].
//!
//! # How it is made
//! plotters draws the SVG, on a fine grid of hundredths of a point and with dashes and clipping done beforehand as
//! geometry; long runs of like shapes are joined into paths; resvg renders the PNG from that SVG with the bundled font
//! alone. The font is Arimo, whose advance widths are those of Arial, Liberation Sans and Helvetica: an SVG viewed
//! without it falls back to one of them and keeps its layout.
//!
//! A new kind of mark is one file in `marks`: a plain struct, and an implementation of the crate's `Draw` trait that
//! tells its extent, its legend sample, its drawing, and where a legend should not be.

/// The example of the README runs, too.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;

mod axis;
mod color;
mod color_map;
mod dodge;
mod draw;
mod error;
mod figure;
mod marks;
mod page;
mod panel;
mod style;
mod theme;

pub use axis::{Axis, Format, LabelRow, Range, Scale, TickLabel, Ticks};
pub use color::{Color, PALETTE};
pub use color_map::ColorMap;
pub use dodge::Dodge;
pub use error::{AxisDirection, AxisPlace, Error, MarkPlace};
pub use figure::{Figure, SharedLegend};
pub use marks::{
    Align, Band, Bars, BoxPlot, Contours, Edge, EdgeClass, ErrorBars, FiveNumbers, Grid, HeatMap, Image,
    Images, Levels, Line, Mark, NetworkGraph, Points, ReferenceDirection, ReferenceLine, Table, TableRow,
    Texts,
};
pub use panel::{Aspect, LegendPosition, Panel};
pub use style::{Dash, Marker};
pub use theme::{DOUBLE_COLUMN_MM, SINGLE_COLUMN_MM};
