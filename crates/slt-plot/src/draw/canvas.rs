//! The page: plotters' drawing area over its SVG backend, spoken to in points.

use plotters::coord::Shift;
use plotters::drawing::{DrawingArea, IntoDrawingArea};
use plotters::element::{Circle, Drawable, PathElement, PointCollection, Polygon, Rectangle, Text};
use plotters::prelude::SVGBackend;
use plotters::style::text_anchor::{HPos, Pos, VPos};
use plotters::style::{
    Color as _, FontDesc, FontFamily, FontTransform, RGBAColor, RGBColor, ShapeStyle,
    TextStyle as BackendTextStyle,
};

use super::UNITS_PER_PT;
use super::dash::dashes;
use super::geometry::{Point, Rect};
use super::text::{FAMILY, Font};
use crate::Error;
use crate::color::Rgb;

/// plotters' SVG backend divides the size of a font by this before it writes `font-size`.
const BACKEND_FONT_SCALE: f64 = 1.24;
/// Distance from a text's y to its baseline that the backend writes for top-anchored text (`dy`), in em. Unlike its
/// other anchors, which count in x-heights, every renderer places it alike.
const BACKEND_TOP_TO_BASELINE: f64 = 0.76;

/// A colour laid on at an opacity from 0 to 1.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Paint {
    pub(crate) color: Rgb,
    pub(crate) opacity: f64,
}

impl From<Rgb> for Paint {
    fn from(color: Rgb) -> Self {
        Self { color, opacity: 1.0 }
    }
}

impl Paint {
    fn rgba(self) -> RGBAColor {
        RGBColor(self.color.0, self.color.1, self.color.2).mix(self.opacity)
    }
}

/// A line's colour, width in points and dashes.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Stroke {
    pub(crate) color: Rgb,
    pub(crate) width: f64,
    pub(crate) pattern: &'static [f64],
}

impl Stroke {
    pub(crate) fn solid(color: Rgb, width: f64) -> Self {
        Self { color, width, pattern: &[] }
    }
}

/// Which point of a line of text is held fast, always on the baseline.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Anchor {
    Start,
    Middle,
    End,
}

/// The direction of a line of text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Direction {
    Rightwards,
    Upwards,
}

/// How a line of text is set.
#[derive(Clone, Copy, Debug)]
pub(crate) struct TextStyle {
    pub(crate) font: Font,
    pub(crate) color: Rgb,
    pub(crate) anchor: Anchor,
    pub(crate) direction: Direction,
}

/// A page under drawing. What is drawn later covers what was drawn earlier.
pub(crate) struct Canvas<'a> {
    area: DrawingArea<SVGBackend<'a>, Shift>,
}

impl<'a> Canvas<'a> {
    /// A page of the given size in points, written as SVG into `svg`.
    pub(crate) fn new(svg: &'a mut String, width: f64, height: f64) -> Self {
        let size = (units(width) as u32, units(height) as u32);
        Self { area: SVGBackend::with_string(svg, size).into_drawing_area() }
    }

    /// Ends the page.
    pub(crate) fn finish(self) -> Result<(), Error> {
        self.area.present().map_err(Error::drawing)
    }

    pub(crate) fn path(&self, path: &[Point], stroke: &Stroke) -> Result<(), Error> {
        let style = ShapeStyle {
            color: Paint::from(stroke.color).rgba(),
            filled: false,
            stroke_width: units(stroke.width) as u32,
        };
        for piece in dashes(path, stroke.pattern) {
            let corners = whole_units(&piece);
            if corners.len() > 1 {
                self.draw(&PathElement::new(corners, style))?;
            }
        }
        Ok(())
    }

    /// A closed outline.
    pub(crate) fn outline(&self, polygon: &[Point], stroke: &Stroke) -> Result<(), Error> {
        // Going on to the second corner joins the first one as neatly as the others.
        let closed: Vec<Point> = polygon.iter().chain(polygon.iter().take(2)).copied().collect();
        self.path(&closed, stroke)
    }

    pub(crate) fn polygon(&self, polygon: &[Point], paint: Paint) -> Result<(), Error> {
        if polygon.len() < 3 {
            return Ok(());
        }
        self.draw(&Polygon::new(whole_units(polygon), fill(paint)))
    }

    pub(crate) fn rectangle(&self, rect: &Rect, paint: Paint) -> Result<(), Error> {
        let corners = [(units(rect.left), units(rect.top)), (units(rect.right), units(rect.bottom))];
        self.draw(&Rectangle::new(corners, fill(paint)))
    }

    pub(crate) fn disc(&self, center: Point, radius: f64, paint: Paint) -> Result<(), Error> {
        self.draw(&Circle::new((units(center.x), units(center.y)), units(radius), fill(paint)))
    }

    pub(crate) fn circle(&self, center: Point, radius: f64, stroke: &Stroke) -> Result<(), Error> {
        let style = ShapeStyle {
            color: Paint::from(stroke.color).rgba(),
            filled: false,
            stroke_width: units(stroke.width) as u32,
        };
        self.draw(&Circle::new((units(center.x), units(center.y)), units(radius), style))
    }

    /// One line of text with its anchor at `at`, on the baseline.
    pub(crate) fn text(&self, text: &str, at: Point, style: &TextStyle) -> Result<(), Error> {
        if text.is_empty() {
            return Ok(());
        }
        let h_pos = match style.anchor {
            Anchor::Start => HPos::Left,
            Anchor::Middle => HPos::Center,
            Anchor::End => HPos::Right,
        };
        let to_baseline = BACKEND_TOP_TO_BASELINE * style.font.size;
        let (corner, transform) = match style.direction {
            Direction::Rightwards => (Point::new(at.x, at.y - to_baseline), FontTransform::None),
            Direction::Upwards => (Point::new(at.x - to_baseline, at.y), FontTransform::Rotate270),
        };
        let size = style.font.size * UNITS_PER_PT * BACKEND_FONT_SCALE;
        let font = FontDesc::new(FontFamily::Name(FAMILY), size, style.font.style()).transform(transform);
        let color = Paint::from(style.color).rgba();
        let text_style = BackendTextStyle::from(font).color(&color).pos(Pos::new(h_pos, VPos::Top));
        self.draw(&Text::new(text.to_owned(), (units(corner.x), units(corner.y)), text_style))
    }

    /// Lines of text downwards from the baseline of the first.
    pub(crate) fn lines<S: AsRef<str>>(
        &self,
        lines: &[S],
        first: Point,
        style: &TextStyle,
    ) -> Result<(), Error> {
        for (i, line) in lines.iter().enumerate() {
            let offset = style.font.leading() * i as f64;
            let at = match style.direction {
                Direction::Rightwards => Point::new(first.x, first.y + offset),
                Direction::Upwards => Point::new(first.x + offset, first.y),
            };
            self.text(line.as_ref(), at, style)?;
        }
        Ok(())
    }

    fn draw<E>(&self, element: &E) -> Result<(), Error>
    where
        for<'b> &'b E: PointCollection<'b, (i32, i32)>,
        E: Drawable<SVGBackend<'a>>,
    {
        self.area.draw(element).map_err(Error::drawing)
    }
}

fn fill(paint: Paint) -> ShapeStyle {
    ShapeStyle { color: paint.rgba(), filled: true, stroke_width: 0 }
}

/// A length or coordinate in the SVG's units.
pub(crate) fn units(points: f64) -> i32 {
    (points * UNITS_PER_PT).round() as i32
}

/// Corners in the SVG's units, without repetitions.
fn whole_units(path: &[Point]) -> Vec<(i32, i32)> {
    let mut corners: Vec<(i32, i32)> = path.iter().map(|p| (units(p.x), units(p.y))).collect();
    corners.dedup();
    corners
}
