//! Marks: what is drawn between the axes. One mark a file; each tells its own extent, legend sample and
//! drawing.

pub(crate) mod band;
pub(crate) mod bars;
pub(crate) mod box_plot;
pub(crate) mod contours;
pub(crate) mod error_bars;
pub(crate) mod grid;
pub(crate) mod heat_map;
pub(crate) mod images;
pub(crate) mod line;
pub(crate) mod network_graph;
pub(crate) mod points;
pub(crate) mod reference_line;
pub(crate) mod table;
pub(crate) mod texts;

use serde::{Deserialize, Serialize};

pub use band::Band;
pub use bars::Bars;
pub use box_plot::{BoxPlot, FiveNumbers};
pub use contours::Contours;
pub use error_bars::ErrorBars;
pub use grid::Grid;
pub use heat_map::HeatMap;
pub use images::{Image, Images};
pub use line::Line;
pub use network_graph::{Edge, EdgeClass, NetworkGraph};
pub use points::Points;
pub use reference_line::ReferenceLine;
pub use table::{Align, Table, TableRow};
pub use texts::Texts;

// The files of the marks take these over.
use crate::axis::scale::{AxisMap, AxisScale};
use crate::axis::span::Span;
use crate::axis::{Axis, Format};
use crate::check;
use crate::color::Color;
use crate::color_map::ColorMap;
use crate::draw::canvas::{Anchor, Canvas, Opacity as _, Paint, Stroke, TextStyle};
use crate::draw::geometry::{Point, Rect, clip_path, clip_polygon};
use crate::draw::text::Font;
use crate::error::{AxisDirection, Error, Place};
use crate::style::{Dash, Style, setters, styled};
use crate::theme;

macro_rules! marks {
    ($($(#[$doc:meta])* $mark:ident: $kind:literal,)*) => {
        /// Something drawn between the axes of a panel. Marks are drawn in the order in which the panel lists
        /// them.
        #[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
        #[non_exhaustive]
        pub enum Mark {
            $($(#[$doc])* $mark($mark),)*
        }

        impl Mark {
            pub(crate) fn as_draw(&self) -> &dyn Draw {
                match self {
                    $(Self::$mark(mark) => mark,)*
                }
            }

            /// Name of the kind in messages.
            pub(crate) fn kind(&self) -> &'static str {
                match self {
                    $(Self::$mark(_) => $kind,)*
                }
            }
        }

        $(impl From<$mark> for Mark {
            fn from(mark: $mark) -> Self {
                Self::$mark(mark)
            }
        })*
    };
}

marks! {
    /// A curve through points.
    Line: "line",
    /// The area between two curves.
    Band: "band",
    /// A scatter of markers.
    Points: "points",
    /// Markers with vertical intervals.
    ErrorBars: "error bars",
    /// Boxes with whiskers.
    BoxPlot: "box plot",
    /// Upright bars from zero.
    Bars: "bars",
    /// A straight line across the frame or a part of it.
    ReferenceLine: "reference line",
    /// Values on a grid as colours.
    HeatMap: "heat map",
    /// Lines of equal value.
    Contours: "contours",
    /// Small grey pictures.
    Images: "images",
    /// The units and connections of a layered network.
    NetworkGraph: "network graph",
    /// Rows and columns of text.
    Table: "table",
    /// Words at points.
    Texts: "texts",
}

impl Mark {
    /// How the mark looks and what the legend calls it, if it is of one look.
    pub(crate) fn style(&self) -> Option<&Style> {
        match self {
            Self::Line(Line { style, .. })
            | Self::Band(Band { style, .. })
            | Self::Points(Points { style, .. })
            | Self::ErrorBars(ErrorBars { style, .. })
            | Self::BoxPlot(BoxPlot { style, .. })
            | Self::Bars(Bars { style, .. })
            | Self::ReferenceLine(ReferenceLine { style, .. })
            | Self::Contours(Contours { style, .. })
            | Self::Texts(Texts { style, .. }) => Some(style),
            Self::HeatMap(_) | Self::Images(_) | Self::NetworkGraph(_) | Self::Table(_) => None,
        }
    }

    /// The labels of the mark in the legend. Marks of one label share an entry.
    pub(crate) fn entries(&self) -> Vec<&str> {
        let classes: &[EdgeClass] = if let Self::NetworkGraph(graph) = self { &graph.classes } else { &[] };
        let styles = self.style().into_iter().chain(classes.iter().map(|class| &class.style));
        styles.filter_map(|style| style.label.as_deref()).collect()
    }
}

/// What a panel asks of a mark.
pub(crate) trait Draw {
    /// Texts that the mark writes, apart from those in the legend.
    fn texts(&self) -> Vec<&str> {
        Vec::new()
    }

    /// Checks the data; `at` goes into errors.
    fn validate(&self, at: &Place) -> Result<(), Error>;

    /// What the data spans.
    fn extent(&self) -> Extent {
        Extent::default()
    }

    /// Why the mark reaches beyond the values that it was given, if it does along an axis: what an axis that
    /// cannot show it says then.
    fn overreach(&self, _direction: AxisDirection) -> Option<&'static str> {
        None
    }

    /// Draws the mark, clipped to the frame.
    fn draw(&self, canvas: &Canvas<'_>, view: &View);

    /// Width of the legend's sample.
    fn sample_width(&self) -> f64 {
        theme::SAMPLE_WIDTH
    }

    /// Draws the sample of one of the [`Mark::entries`] into `area`, whose width may be greater than
    /// [`Draw::sample_width`].
    fn draw_sample(&self, _canvas: &Canvas<'_>, _entry: usize, _area: &Rect) {}

    /// The height in points that suits the mark in a frame `width` wide, for marks that size themselves.
    fn natural_height(&self, _width: f64) -> Option<f64> {
        None
    }

    /// Checks that the mark can be drawn in a frame of this size; `at` goes into errors.
    fn fits(&self, _at: &Place, _width: f64, _height: f64) -> Result<(), Error> {
        Ok(())
    }

    /// What a colour bar beside the frame shows, if the mark wants one.
    fn color_scale(&self) -> Option<ColorScale<'_>> {
        None
    }
}

/// The legend's sample of a line.
fn draw_line_sample(canvas: &Canvas<'_>, area: &Rect, stroke: &Stroke) {
    let y = area.center().y;
    canvas.path(&[Point::new(area.left, y), Point::new(area.right, y)], stroke);
}

/// How values become colours.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ColorScale<'m> {
    pub(crate) axis: &'m Axis,
    /// Values of the first and the last colour.
    pub(crate) range: (f64, f64),
    pub(crate) map: ColorMap,
}

/// What a mark's data spans along each axis; `None` where the mark has no say.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Extent {
    pub(crate) x: Option<Span>,
    pub(crate) y: Option<Span>,
}

/// A frame on the page with its two axes.
#[derive(Clone, Copy, Debug)]
pub(crate) struct View {
    pub(crate) frame: Rect,
    pub(crate) x: AxisMap,
    pub(crate) y: AxisMap,
}

impl View {
    pub(crate) fn point(&self, x: f64, y: f64) -> Point {
        Point::new(self.x.position(x), self.y.position(y))
    }

    /// The upright rectangle around `x` that is `width` wide and spans two values.
    pub(crate) fn column(&self, x: f64, width: f64, [from, to]: [f64; 2]) -> Rect {
        let (a, b) = (self.point(x - width / 2.0, from), self.point(x + width / 2.0, to));
        Rect { left: a.x, right: b.x, top: a.y.min(b.y), bottom: a.y.max(b.y) }
    }

    /// Data points as a path on the page; in steps, each value holds until the next x.
    pub(crate) fn path(&self, x: &[f64], y: &[f64], step: bool) -> Vec<Point> {
        let mut path: Vec<Point> = Vec::with_capacity(x.len() * if step { 2 } else { 1 });
        for (&x, &y) in x.iter().zip(y) {
            let point = self.point(x, y);
            if let (true, Some(last)) = (step, path.last()) {
                path.push(Point::new(point.x, last.y));
            }
            path.push(point);
        }
        path
    }
}
