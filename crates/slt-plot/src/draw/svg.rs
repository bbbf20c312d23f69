//! The SVG that plotters draws into.
//!
//! plotters' own SVG backend writes each marker, dash and connection as an element of its own, about 100
//! bytes each, text in whatever font the viewer has, and solid lines only. This one joins neighbouring shapes
//! of one look into one path, with 15 bytes for a disc: a scatter of 16,000 points shrinks from 1.7 MB to
//! 0.25 MB without losing a point. It writes text as outlines, so that a drawing looks the same wherever it
//! is viewed and printed.

use std::collections::{BTreeMap, BTreeSet};
use std::convert::Infallible;
use std::fmt::Write;

use plotters::backend::DrawingBackend;
use plotters_backend::text_anchor::HPos;
use plotters_backend::{
    BackendColor, BackendCoord, BackendStyle, BackendTextStyle, DrawingErrorKind, FontStyle, FontTransform,
};

use super::UNITS_PER_PT;
use super::text::{UNITS_PER_EM, outline, typeset};
use crate::theme::PT_PER_MM;

/// Up to so many translucent shapes of one look stay single, and add up exactly.
const LONGEST_SINGLE: usize = 63;
/// Share of what lies below that a stack of translucent shapes may still let through.
const SEE_THROUGH: f64 = 0.02;
/// Most paths that stand for a run of translucent shapes.
const MAX_LAYERS: usize = 16;

/// What shapes have in common that may be one path.
#[derive(Clone, PartialEq)]
struct Look {
    /// The attributes of the path, as they are written.
    attributes: String,
    opacity: f64,
    /// Distance below which shapes may overlap.
    reach: i32,
}

/// A shape as a part of a path, with a point by which neighbours are found.
struct Shape {
    at: BackendCoord,
    path: String,
}

/// A page that is written as SVG, in hundredths of a point.
pub(crate) struct Svg<'a> {
    out: &'a mut String,
    size: (u32, u32),
    title: Option<&'a str>,
    body: String,
    /// The last shapes, which go on while others follow that look alike.
    look: Option<Look>,
    run: Vec<Shape>,
    /// The glyphs that are in use: bold or not, and their number.
    glyphs: BTreeSet<(bool, u16)>,
}

type Drawn = Result<(), DrawingErrorKind<Infallible>>;

impl<'a> Svg<'a> {
    /// A page of the given size. `title` is for screen readers and not drawn.
    pub(crate) fn new(out: &'a mut String, size: (u32, u32), title: Option<&'a str>) -> Self {
        let (body, run, glyphs) = (String::new(), Vec::new(), BTreeSet::new());
        Self { out, size, title, body, look: None, run, glyphs }
    }

    /// A line through corners, with the lengths of its dashes and the gaps between them in turn.
    pub(crate) fn line<S: BackendStyle>(
        &mut self,
        corners: impl IntoIterator<Item = BackendCoord>,
        style: &S,
        dashes: &[f64],
    ) {
        let mut attributes = stroke(style.color(), style.stroke_width());
        if !dashes.is_empty() {
            let lengths: Vec<String> =
                dashes.iter().map(|dash| (dash * UNITS_PER_PT).round().to_string()).collect();
            let _ = write!(attributes, " stroke-dasharray=\"{}\"", lengths.join(" "));
        }
        if let Some((at, path)) = through(corners) {
            self.shape(attributes, style.color().alpha, 100, at, path);
        }
    }

    fn shape(&mut self, attributes: String, opacity: f64, reach: i32, at: BackendCoord, path: String) {
        let look = Look { attributes, opacity, reach };
        if self.look.as_ref() != Some(&look) {
            self.end_run();
            self.look = Some(look);
        }
        self.run.push(Shape { at, path });
    }

    /// Writes the shapes that look alike: opaque ones as one path, translucent ones so that their overlaps
    /// add up, exactly if they are few, else until next to nothing shows through.
    fn end_run(&mut self) {
        let Some(look) = self.look.take() else { return };
        let run = std::mem::take(&mut self.run);
        let layers = if look.opacity >= 1.0 {
            vec![run]
        } else if run.len() <= LONGEST_SINGLE {
            run.into_iter().map(|shape| vec![shape]).collect()
        } else {
            layers(&look, run)
        };
        for layer in layers {
            let path: String = layer.into_iter().map(|shape| shape.path).collect();
            self.element(&format!("<path {} d=\"{path}\"/>", look.attributes));
        }
    }

    fn element(&mut self, element: &str) {
        self.body.push_str(element);
        self.body.push('\n');
    }

    fn finish(&mut self) {
        self.end_run();
        let (width, height) = self.size;
        let millimetres = |units: u32| f64::from(units) / UNITS_PER_PT / PT_PER_MM;
        let out = &mut *self.out;
        let _ = writeln!(
            out,
            "<svg xmlns=\"http://www.w3.org/2000/svg\" xmlns:xlink=\"http://www.w3.org/1999/xlink\" \
             width=\"{:.3}mm\" height=\"{:.3}mm\" viewBox=\"0 0 {width} {height}\" role=\"img\" fill=\"none\" \
             stroke-linejoin=\"round\">",
            millimetres(width),
            millimetres(height),
        );
        if let Some(title) = self.title {
            let _ = writeln!(out, "<title>{}</title>", escaped(title));
        }
        out.push_str("<defs>\n");
        for &(bold, glyph) in &self.glyphs {
            let path = outline(bold, ttf_parser::GlyphId(glyph));
            let _ = writeln!(out, "<path id=\"{}\" d=\"{path}\"/>", glyph_name(bold, glyph));
        }
        out.push_str("</defs>\n");
        out.push_str(&std::mem::take(&mut self.body));
        out.push_str("</svg>\n");
    }
}

impl DrawingBackend for Svg<'_> {
    type ErrorType = Infallible;

    fn get_size(&self) -> (u32, u32) {
        self.size
    }

    fn ensure_prepared(&mut self) -> Drawn {
        Ok(())
    }

    fn present(&mut self) -> Drawn {
        self.finish();
        Ok(())
    }

    fn draw_pixel(&mut self, (x, y): BackendCoord, color: BackendColor) -> Drawn {
        self.draw_rect((x, y), (x + 1, y + 1), &color, true)
    }

    fn draw_rect<S: BackendStyle>(
        &mut self,
        (left, top): BackendCoord,
        (right, bottom): BackendCoord,
        style: &S,
        is_filled: bool,
    ) -> Drawn {
        let (width, height) = (right - left, bottom - top);
        let path = format!("M{left} {top}h{width}v{height}h{}z", -width);
        let attributes =
            if is_filled { fill(style.color()) } else { stroke(style.color(), style.stroke_width()) };
        self.shape(attributes, style.color().alpha, 100, (left, top), path);
        Ok(())
    }

    fn draw_circle<S: BackendStyle>(
        &mut self,
        (x, y): BackendCoord,
        radius: u32,
        style: &S,
        is_filled: bool,
    ) -> Drawn {
        let (reach, opacity) = ((radius as i32).max(1), style.color().alpha);
        if is_filled {
            // A line of no length with round ends.
            let attributes = format!("{} stroke-linecap=\"round\"", stroke(style.color(), 2 * radius));
            self.shape(attributes, opacity, reach, (x, y), format!("M{x} {y}h0"));
        } else {
            let half = |width: i32| format!("a{radius} {radius} 0 0 1 {width} 0");
            let diameter = 2 * radius as i32;
            let path = format!("M{} {y}{}{}z", x - radius as i32, half(diameter), half(-diameter));
            self.shape(stroke(style.color(), style.stroke_width()), opacity, reach, (x, y), path);
        }
        Ok(())
    }

    fn fill_polygon<S: BackendStyle, I: IntoIterator<Item = BackendCoord>>(
        &mut self,
        corners: I,
        style: &S,
    ) -> Drawn {
        if let Some((at, path)) = through(corners) {
            self.shape(fill(style.color()), style.color().alpha, 100, at, path + "z");
        }
        Ok(())
    }

    /// Sets a line of text with its anchor at a point of its baseline, whatever the vertical anchor.
    fn draw_text<S: BackendTextStyle>(&mut self, text: &str, style: &S, (x, y): BackendCoord) -> Drawn {
        self.end_run();
        let bold = matches!(style.style(), FontStyle::Bold);
        let line = typeset(bold, text);
        let scale = style.size() / UNITS_PER_EM;
        let width = f64::from(line.width) * scale;
        let before = match style.anchor().h_pos {
            HPos::Left => 0.0,
            HPos::Center => width / 2.0,
            HPos::Right => width,
        };
        let (x, y) = (f64::from(x), f64::from(y));
        let matrix = match style.transform() {
            FontTransform::Rotate270 => {
                format!("0 {0:.4} {0:.4} 0 {x:.0} {1:.0}", -scale, y + before)
            }
            _ => format!("{scale:.4} 0 0 {:.4} {:.0} {y:.0}", -scale, x - before),
        };
        let color = hex(style.color());
        let label = escaped(text);
        let mut group = format!("<g fill=\"{color}\" transform=\"matrix({matrix})\" aria-label=\"{label}\">");
        for (glyph, at) in line.glyphs {
            self.glyphs.insert((bold, glyph.0));
            let _ = write!(group, "<use xlink:href=\"#{}\" x=\"{at}\"/>", glyph_name(bold, glyph.0));
        }
        self.element(&(group + "</g>"));
        Ok(())
    }
}

/// The name of a glyph in the document: the same in all documents, so that several in one page do not clash.
fn glyph_name(bold: bool, glyph: u16) -> String {
    format!("{}{glyph}", if bold { 'b' } else { 'r' })
}

fn hex(color: BackendColor) -> String {
    let (red, green, blue) = color.rgb;
    format!("#{red:02X}{green:02X}{blue:02X}")
}

fn opacity(color: BackendColor) -> String {
    if color.alpha < 1.0 { format!(" opacity=\"{}\"", color.alpha) } else { String::new() }
}

fn fill(color: BackendColor) -> String {
    format!("fill=\"{}\"{}", hex(color), opacity(color))
}

fn stroke(color: BackendColor, width: u32) -> String {
    format!("stroke=\"{}\" stroke-width=\"{width}\"{}", hex(color), opacity(color))
}

/// The first of some corners and a path through all of them, which goes on by differences; none for less than
/// two.
fn through(corners: impl IntoIterator<Item = BackendCoord>) -> Option<(BackendCoord, String)> {
    let mut corners = corners.into_iter();
    let first = corners.next()?;
    let mut path = format!("M{} {}", first.0, first.1);
    let (mut last, mut command) = (first, "l");
    for (x, y) in corners {
        let _ = write!(path, "{command}{} {}", x - last.0, y - last.1);
        (last, command) = ((x, y), " ");
    }
    (command == " ").then_some((first, path))
}

/// Distributes shapes so that those of one place are in different layers.
fn layers(look: &Look, run: Vec<Shape>) -> Vec<Vec<Shape>> {
    let enough = (libm::log(SEE_THROUGH) / libm::log(1.0 - look.opacity)).ceil();
    let count = enough.clamp(1.0, MAX_LAYERS as f64) as usize;
    let mut seen: BTreeMap<BackendCoord, usize> = BTreeMap::new();
    let mut layers: Vec<Vec<Shape>> = (0..count).map(|_| Vec::new()).collect();
    for shape in run {
        let (column, row) = (shape.at.0.div_euclid(look.reach), shape.at.1.div_euclid(look.reach));
        let below = seen.entry((column, row)).or_default();
        // Neighbouring cells begin with different layers, since their shapes overlap as well.
        let first = (column.rem_euclid(3) + 3 * row.rem_euclid(3)) as usize;
        layers[(first + *below) % count].push(shape);
        *below += 1;
    }
    layers.retain(|layer| !layer.is_empty());
    layers
}

/// Text as XML has it, in attributes too.
fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use plotters_backend::BackendColor;

    use super::*;

    /// The elements of a drawing.
    fn drawn(draw: impl Fn(&mut Svg<'_>)) -> Vec<String> {
        let mut out = String::new();
        let mut svg = Svg::new(&mut out, (100, 100), None);
        draw(&mut svg);
        svg.finish();
        let (_, body) = out.split_once("</defs>\n").unwrap();
        body.lines().filter(|line| *line != "</svg>").map(str::to_owned).collect()
    }

    fn ink(alpha: f64) -> BackendColor {
        BackendColor { alpha, rgb: (0, 0x72, 0xB2) }
    }

    #[test]
    fn opaque_shapes_of_one_look_are_one_path_and_others_are_not() {
        let discs = drawn(|svg| (0..200).for_each(|i| svg.draw_circle((i, 7), 90, &ink(1.0), true).unwrap()));
        assert_eq!(discs.len(), 1);
        assert_eq!(discs[0].matches("h0").count(), 200);
        assert!(discs[0].contains("M199 7h0") && discs[0].contains("stroke-width=\"180\""));
        let both = drawn(|svg| {
            for at in 0..3 {
                svg.fill_polygon([(at, 2), (3, 4), (5, 6)], &ink(1.0)).unwrap();
                svg.fill_polygon([(at, 2), (3, 4), (5, 6)], &ink(0.9)).unwrap();
            }
        });
        assert_eq!(both.len(), 6);
        assert_eq!(both[0], "<path fill=\"#0072B2\" d=\"M0 2l3 2 2 2z\"/>");
    }

    #[test]
    fn few_translucent_shapes_stay_single_and_many_of_one_place_are_spread_over_layers() {
        let discs = |n: i32| {
            drawn(move |svg| (0..n).for_each(|i| svg.draw_circle((i, 7), 90, &ink(0.5), true).unwrap()))
        };
        assert_eq!(discs(63).len(), 63);
        let layered = discs(90);
        assert_eq!(layered.len(), 6); // 0.5^6 is less than 0.02
        assert_eq!(layered.concat().matches("h0").count(), 90);
    }

    #[test]
    fn dashes_are_the_viewers_work() {
        let line = drawn(|svg| svg.line([(0, 0), (500, 0)], &ink(1.0), &[4.2, 1.8]));
        assert!(line[0].contains("stroke-dasharray=\"420 180\"") && line[0].contains("M0 0l500 0"));
    }
}
