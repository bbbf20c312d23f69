//! The page: plotters' drawing area over the SVG, spoken to in points.

use plotters::coord::Shift;
use plotters::drawing::{DrawingArea, IntoDrawingArea};
use plotters::element::{Circle, Drawable, PointCollection, Polygon, Rectangle, Text};
pub(crate) use plotters::style::text_anchor::HPos as Anchor;
use plotters::style::text_anchor::{Pos, VPos};
/// A colour laid on at an opacity from 0 to 1.
pub(crate) use plotters::style::{Color as Opacity, RGBAColor as Paint};
use plotters::style::{
    FontDesc, FontFamily, FontStyle, FontTransform, ShapeStyle, TextStyle as PlottersTextStyle,
};
use plotters_backend::{BackendCoord, DrawingErrorKind};

use super::UNITS_PER_PT;
use super::geometry::{Point, Rect, clip_path};
use super::svg::Svg;
use super::text::Font;
use crate::theme::{self, Rgb};

/// A line's colour, width in points and dashes.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Stroke {
    pub(crate) color: Rgb,
    pub(crate) width: f64,
    /// Lengths of ink and gap in turn, in points; empty for a line without gaps.
    pub(crate) pattern: &'static [f64],
}

impl Stroke {
    pub(crate) fn solid(color: Rgb, width: f64) -> Self {
        Self { color, width, pattern: &[] }
    }

    fn style(&self) -> ShapeStyle {
        self.color.stroke_width(units(self.width) as u32)
    }
}

/// How a line of text is set.
#[derive(Clone, Copy)]
pub(crate) struct TextStyle {
    pub(crate) font: Font,
    pub(crate) color: Rgb,
    /// Which point of the line is held fast, always on the baseline.
    pub(crate) anchor: Anchor,
    /// Whether it reads upwards.
    pub(crate) upwards: bool,
}

impl TextStyle {
    /// Text from left to right in the usual colour.
    pub(crate) fn new(font: Font, anchor: Anchor) -> Self {
        Self { font, color: theme::INK, anchor, upwards: false }
    }
}

/// A page under drawing. What is drawn later covers what was drawn earlier.
pub(crate) struct Canvas<'a> {
    area: DrawingArea<Svg<'a>, Shift>,
}

impl<'a> Canvas<'a> {
    /// A page of the given size in points, written as SVG into `out`. `title` is for screen readers and not
    /// drawn.
    pub(crate) fn new(out: &'a mut String, (width, height): (f64, f64), title: Option<&'a str>) -> Self {
        let size = (units(width) as u32, units(height) as u32);
        Self { area: Svg::new(out, size, title).into_drawing_area() }
    }

    /// Ends the page.
    pub(crate) fn finish(self) {
        self.area.present().expect(TO_MEMORY);
    }

    pub(crate) fn path(&self, path: &[Point], stroke: &Stroke) {
        let corners = whole_units(path);
        self.draw(&Trace { corners, stroke: *stroke });
    }

    /// The parts of a path that are within a rectangle.
    pub(crate) fn path_within(&self, path: &[Point], rect: &Rect, stroke: &Stroke) {
        clip_path(path, rect).iter().for_each(|piece| self.path(piece, stroke));
    }

    /// A closed outline.
    pub(crate) fn outline(&self, polygon: &[Point], stroke: &Stroke) {
        // Going on to the second corner joins the first one as neatly as the others.
        let closed: Vec<Point> = polygon.iter().chain(polygon.iter().take(2)).copied().collect();
        self.path(&closed, stroke);
    }

    pub(crate) fn polygon(&self, polygon: &[Point], paint: Paint) {
        if polygon.len() >= 3 {
            self.draw(&Polygon::new(whole_units(polygon), paint.filled()));
        }
    }

    pub(crate) fn rectangle(&self, rect: &Rect, paint: Paint) {
        let corners = [(units(rect.left), units(rect.top)), (units(rect.right), units(rect.bottom))];
        self.draw(&Rectangle::new(corners, paint.filled()));
    }

    /// Lines across a rectangle at a distance from each other, which rise to the right for a `direction` of 1
    /// and fall for -1.
    pub(crate) fn hatch(&self, rect: &Rect, distance: f64, direction: f64, stroke: &Stroke) {
        let (center, reach) = (rect.center(), rect.height() / 2.0);
        let step = distance * std::f64::consts::SQRT_2;
        let mut x = rect.left - reach + step / 2.0;
        while x < rect.right + reach {
            let end = |side: f64| Point::new(x + side * reach, center.y - direction * side * reach);
            self.path_within(&[end(-1.0), end(1.0)], rect, stroke);
            x += step;
        }
    }

    pub(crate) fn disc(&self, center: Point, radius: f64, paint: Paint) {
        self.draw(&Circle::new((units(center.x), units(center.y)), units(radius), paint.filled()));
    }

    pub(crate) fn circle(&self, center: Point, radius: f64, stroke: &Stroke) {
        self.draw(&Circle::new((units(center.x), units(center.y)), units(radius), stroke.style()));
    }

    /// One line of text with its anchor at `at`, on the baseline.
    pub(crate) fn text(&self, text: &str, at: Point, style: &TextStyle) {
        if text.trim().is_empty() {
            return;
        }
        let transform = if style.upwards { FontTransform::Rotate270 } else { FontTransform::None };
        let weight = if style.font.bold { FontStyle::Bold } else { FontStyle::Normal };
        let font = FontDesc::new(FontFamily::SansSerif, style.font.size * UNITS_PER_PT, weight);
        let text_style = PlottersTextStyle::from(font.transform(transform))
            .color(&style.color)
            .pos(Pos::new(style.anchor, VPos::Bottom));
        self.draw(&Text::new(text.to_owned(), (units(at.x), units(at.y)), text_style));
    }

    /// Lines of text downwards from the baseline of the first.
    pub(crate) fn lines<S: AsRef<str>>(&self, lines: &[S], first: Point, style: &TextStyle) {
        for (i, line) in lines.iter().enumerate() {
            let offset = style.font.leading() * i as f64;
            let (right, down) = if style.upwards { (offset, 0.0) } else { (0.0, offset) };
            self.text(line.as_ref(), Point::new(first.x + right, first.y + down), style);
        }
    }

    fn draw<E>(&self, element: &E)
    where
        for<'b> &'b E: PointCollection<'b, BackendCoord>,
        E: Drawable<Svg<'a>>,
    {
        self.area.draw(element).expect(TO_MEMORY);
    }
}

const TO_MEMORY: &str = "the page is in memory, where writing does not fail";

/// plotters' paths have no dashes; this one has.
struct Trace {
    corners: Vec<BackendCoord>,
    stroke: Stroke,
}

impl<'b> PointCollection<'b, BackendCoord> for &'b Trace {
    type Point = &'b BackendCoord;
    type IntoIter = &'b [BackendCoord];

    fn point_iter(self) -> &'b [BackendCoord] {
        &self.corners
    }
}

impl<'a> Drawable<Svg<'a>> for Trace {
    fn draw<I: Iterator<Item = BackendCoord>>(
        &self,
        corners: I,
        svg: &mut Svg<'a>,
        _: (u32, u32),
    ) -> Result<(), DrawingErrorKind<std::convert::Infallible>> {
        svg.line(corners, &self.stroke.style(), self.stroke.pattern);
        Ok(())
    }
}

/// A length or coordinate in the SVG's units.
fn units(points: f64) -> i32 {
    (points * UNITS_PER_PT).round() as i32
}

/// Corners in the SVG's units, without repetitions.
fn whole_units(path: &[Point]) -> Vec<BackendCoord> {
    let mut corners: Vec<BackendCoord> = path.iter().map(|p| (units(p.x), units(p.y))).collect();
    corners.dedup();
    corners
}
