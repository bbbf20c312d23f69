//! Marks: what is drawn between the axes. One mark a file; each tells its own extent, legend sample and drawing.

pub(crate) mod band;
pub(crate) mod bars;
pub(crate) mod box_plot;
mod check;
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
pub use contours::{Contours, Levels};
pub use error_bars::ErrorBars;
pub use grid::Grid;
pub use heat_map::HeatMap;
pub use images::{Image, Images};
pub use line::Line;
pub use network_graph::{Edge, EdgeClass, NetworkGraph};
pub use points::Points;
pub use reference_line::{ReferenceDirection, ReferenceLine};
pub use table::{Align, Table, TableRow};
pub use texts::Texts;

use crate::axis::Axis;
use crate::axis::scale::AxisMap;
use crate::color_map::ColorMap;
use crate::draw::canvas::Canvas;
use crate::draw::geometry::{Point, Rect};
use crate::error::{AxisDirection, Error, MarkPlace};
use crate::theme;

/// Something drawn between the axes of a panel. Marks are drawn in the order in which the panel lists them.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub enum Mark {
    /// A curve through points.
    Line(Line),
    /// The area between two curves.
    Band(Band),
    /// A scatter of markers.
    Points(Points),
    /// Markers with vertical intervals.
    ErrorBars(ErrorBars),
    /// Boxes with whiskers.
    BoxPlot(BoxPlot),
    /// Upright bars from zero.
    Bars(Bars),
    /// A straight line across the frame or a part of it.
    ReferenceLine(ReferenceLine),
    /// Values on a grid as colours.
    HeatMap(HeatMap),
    /// Lines of equal value.
    Contours(Contours),
    /// Small grey pictures.
    Images(Images),
    /// The neurons and connections of a layered network.
    NetworkGraph(NetworkGraph),
    /// Rows and columns of text.
    Table(Table),
    /// Words at points.
    Texts(Texts),
}

impl Mark {
    pub(crate) fn as_draw(&self) -> &dyn Draw {
        match self {
            Self::Line(mark) => mark,
            Self::Band(mark) => mark,
            Self::Points(mark) => mark,
            Self::ErrorBars(mark) => mark,
            Self::BoxPlot(mark) => mark,
            Self::Bars(mark) => mark,
            Self::ReferenceLine(mark) => mark,
            Self::HeatMap(mark) => mark,
            Self::Contours(mark) => mark,
            Self::Images(mark) => mark,
            Self::NetworkGraph(mark) => mark,
            Self::Table(mark) => mark,
            Self::Texts(mark) => mark,
        }
    }
}

macro_rules! mark_from {
    ($($mark:ident),*) => {
        $(impl From<$mark> for Mark {
            fn from(mark: $mark) -> Self {
                Self::$mark(mark)
            }
        })*
    };
}
mark_from!(
    Line,
    Band,
    Points,
    ErrorBars,
    BoxPlot,
    Bars,
    ReferenceLine,
    HeatMap,
    Contours,
    Images,
    NetworkGraph,
    Table,
    Texts
);

/// What a panel asks of a mark.
pub(crate) trait Draw {
    /// Name of the kind in messages.
    fn kind(&self) -> &'static str;

    /// Text of the legend entry, if the mark has one. Marks of one label share an entry.
    fn label(&self) -> Option<&str>;

    /// Texts of all legend entries, for marks that may have several.
    fn entries(&self) -> Vec<&str> {
        self.label().into_iter().collect()
    }

    /// Other texts that the mark writes.
    fn texts(&self) -> Vec<&str> {
        Vec::new()
    }

    /// Checks the data; `at` goes into errors.
    fn validate(&self, at: &MarkPlace) -> Result<(), Error>;

    /// What the data spans.
    fn extent(&self) -> Extent;

    /// Why the mark reaches beyond the values that it was given, if it does along an axis: what an axis that cannot show it
    /// says then.
    fn overreach(&self, _direction: AxisDirection) -> Option<&'static str> {
        None
    }

    /// Draws the mark, clipped to the frame.
    fn draw(&self, canvas: &Canvas<'_>, view: &View) -> Result<(), Error>;

    /// Width of the legend's sample.
    fn sample_width(&self) -> f64 {
        theme::SAMPLE_WIDTH
    }

    /// Draws the legend's sample into `area`, whose width may be greater than [`Draw::sample_width`].
    fn draw_sample(&self, canvas: &Canvas<'_>, area: &Rect) -> Result<(), Error>;

    /// Draws the sample of one of the [`Draw::entries`].
    fn draw_entry(&self, canvas: &Canvas<'_>, _entry: usize, area: &Rect) -> Result<(), Error> {
        self.draw_sample(canvas, area)
    }

    /// The height in points that suits the mark in a frame `width` wide, for marks that size themselves.
    fn natural_height(&self, _width: f64) -> Option<f64> {
        None
    }

    /// Checks that the mark can be drawn in a frame of this size; `at` goes into errors.
    fn fits(&self, _at: &MarkPlace, _width: f64, _height: f64) -> Result<(), Error> {
        Ok(())
    }

    /// What a colour bar beside the frame shows, if the mark wants one.
    fn color_scale(&self) -> Option<ColorScale<'_>> {
        None
    }

    /// Places on the page that a legend should not cover, a few points apart at most.
    fn footprint(&self, view: &View) -> Vec<Point>;
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

/// An interval of data, and the room that an automatic axis should leave at its ends, as shares of the interval.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Span {
    pub(crate) min: f64,
    pub(crate) max: f64,
    pub(crate) pad_min: f64,
    pub(crate) pad_max: f64,
}

impl Span {
    /// The span of finite values with the usual room at both ends, `None` if there are none.
    pub(crate) fn of(values: impl IntoIterator<Item = f64>) -> Option<Self> {
        values
            .into_iter()
            .map(|v| Self { min: v, max: v, pad_min: theme::RANGE_PADDING, pad_max: theme::RANGE_PADDING })
            .reduce(Self::union)
    }

    /// The same span that runs to the very ends of the axis.
    pub(crate) fn tight(self) -> Self {
        Self { pad_min: 0.0, pad_max: 0.0, ..self }
    }

    /// Both spans together. Whichever reaches further decides about the room at that end.
    pub(crate) fn union(self, other: Self) -> Self {
        let decides = |own: f64, others: f64, ahead: f64| match ahead {
            0.0 => own.max(others),
            ahead if ahead > 0.0 => own,
            _ => others,
        };
        Self {
            min: self.min.min(other.min),
            max: self.max.max(other.max),
            pad_min: decides(self.pad_min, other.pad_min, other.min - self.min),
            pad_max: decides(self.pad_max, other.pad_max, self.max - other.max),
        }
    }
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

/// Distance between the points of a footprint.
pub(crate) const FOOTPRINT_STEP: f64 = 2.0;

/// The footprint of a filled rectangle.
pub(crate) fn area_footprint(area: &Rect) -> Vec<Point> {
    let along = |from: f64, to: f64| {
        let pieces = ((to - from) / FOOTPRINT_STEP).ceil().max(1.0);
        (0..=pieces as usize).map(move |i| from + (to - from) * i as f64 / pieces)
    };
    along(area.left, area.right)
        .flat_map(|x| along(area.top, area.bottom).map(move |y| Point::new(x, y)))
        .collect()
}
