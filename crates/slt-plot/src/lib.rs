//! Publication figures from plain data: one theme, SVG and PNG, no system fonts.
//!
//! A [`Figure`] is a description: [`Panel`]s in a grid, each with two [`Axis`] values and a list of
//! [`Mark`]s. All of it is plain data that serialises with serde, so a figure can be stored beside its
//! picture and drawn again. There is nothing to style: sizes, margins, ticks, colours, dashes and markers
//! follow one theme made for print, with 8 and 9 pt text at the width of a journal column. Margins come from
//! measured text, so no label is cut off; ticks and categories never overlap; a legend stands outside the
//! frame, where it covers no data.
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
//! let figure = Figure::single_column(accuracy).note("R = 25 runs");
//! assert!(figure.to_svg()?.contains("Accuracy (%)"));
//! assert_eq!(figure.to_png(300.0)?[1..4], *b"PNG");
//! # Ok(())
//! # }
//! ```
//!
//! A panel may also hold a [`HeatMap`] with [`Contours`] and a colour bar, small [`Images`], a
//! [`NetworkGraph`] or a [`Table`]. Panels cover several columns, share a legend, and keep a square frame or
//! equal units where [`Aspect`] says so; [`Dodge`] places groups side by side.
//!
//! # For print
//! Series differ in grey as well as in hue, or in their dashes and markers; colour maps become steadily
//! lighter or darker. Texts are outlines: no viewer needs the font. Scatters of many thousand points and maps
//! of many cells stay small files: see [`Points`] and [`HeatMap`].
//!
//! # How it is made
//! plotters' elements are drawn on a fine grid of hundredths of a point into an SVG backend of our own, which
//! joins like shapes into paths, knows dashes, and writes the outlines of the bundled font (Arimo, with the
//! advance widths of Arial and Helvetica); clipping is done beforehand as geometry. resvg renders the PNG
//! from that SVG.
//!
//! A new kind of mark is one file in `marks`: a plain struct with a [`Style`], and an implementation of the
//! crate's `Draw` trait that tells its extent, its legend sample and its drawing.

/// The example of the README runs, too.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;

mod axis;
mod check;
mod color;
mod color_map;
mod dodge;
mod draw;
mod error;
mod figure;
mod marks;
mod output;
mod page;
mod panel;
mod style;
mod theme;

pub use axis::{Axis, AxisScale, Format, LabelRow, Range, TickLabel, Ticks};
pub use color::{Color, PALETTE};
pub use color_map::ColorMap;
pub use dodge::Dodge;
pub use error::Error;
pub use figure::Figure;
pub use marks::{
    Align, Band, Bars, BoxPlot, Contours, Edge, EdgeClass, ErrorBars, FiveNumbers, Grid, HeatMap, Image,
    Images, Line, Mark, NetworkGraph, Points, ReferenceLine, Table, TableRow, Texts,
};
pub use panel::{Aspect, Panel};
pub use style::{Dash, Marker, Style};
pub use theme::{DOUBLE_COLUMN_MM, SINGLE_COLUMN_MM};
