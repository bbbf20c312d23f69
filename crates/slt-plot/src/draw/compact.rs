//! Long runs of like shapes as single paths.
//!
//! plotters writes each marker, dash and connection as an element of its own, about 100 bytes each. In a run of many
//! that differ in nothing but their place, a path needs 15 bytes for a disc: a scatter of 16,000 points shrinks from
//! 1.7 MB to 0.25 MB without losing a point, and a map of 51 x 51 cells to 0.15 MB. Lines that do not have the expected form stay as they are.

use std::collections::BTreeMap;
use std::fmt::Write;

/// Shorter runs stay as they are.
const SHORTEST_RUN: usize = 64;
/// Share of what lies below that a stack of translucent markers may still let through.
const SEE_THROUGH: f64 = 0.02;
/// Most paths that stand for a run of translucent markers.
const MAX_LAYERS: usize = 16;

/// A shape of a run.
struct Shape<'s> {
    /// The element without its place: equal for shapes that look alike.
    look: Look<'s>,
    /// A point of the shape, by which neighbours are found.
    at: (i64, i64),
    /// The shape as a part of a path.
    path: String,
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Look<'s> {
    Disc {
        radius: i64,
        opacity: &'s str,
        fill: &'s str,
    },
    Polygon {
        opacity: &'s str,
        fill: &'s str,
    },
    Line {
        stroke: &'s str,
        width: &'s str,
    },
    /// Opaque cells of any colours.
    Cell,
}

/// Writes long runs of discs, polygons and opaque lines of one look as paths, and those of opaque rectangles of any
/// colours without what goes without saying. Overlaps of translucent shapes add up as
/// before until next to nothing shows through.
pub(crate) fn compact(svg: &str) -> String {
    let mut out = String::with_capacity(svg.len());
    let mut lines = svg.split_inclusive('\n').peekable();
    while let Some(line) = lines.next() {
        let Some(first) = parse(line) else {
            out.push_str(line);
            continue;
        };
        let look = first.look;
        let (mut shapes, mut sources) = (vec![first], vec![line]);
        while let Some(shape) = lines.peek().and_then(|next| parse(next)).filter(|s| s.look == look) {
            shapes.push(shape);
            sources.extend(lines.next());
        }
        if shapes.len() < SHORTEST_RUN {
            sources.into_iter().for_each(|source| out.push_str(source));
        } else {
            write_paths(&mut out, look, &shapes);
        }
    }
    out
}

fn write_paths(out: &mut String, look: Look<'_>, shapes: &[Shape<'_>]) {
    let (attributes, opacity) = match look {
        Look::Disc { radius, opacity, fill } => {
            let width = 2 * radius;
            let stroke = format!("stroke=\"{fill}\" stroke-width=\"{width}\" stroke-linecap=\"round\"");
            (format!("fill=\"none\" opacity=\"{opacity}\" {stroke}"), opacity)
        }
        Look::Polygon { opacity, fill } => (format!("opacity=\"{opacity}\" fill=\"{fill}\""), opacity),
        Look::Line { stroke, width } => {
            (format!("fill=\"none\" stroke=\"{stroke}\" stroke-width=\"{width}\""), "1")
        }
        Look::Cell => return shapes.iter().for_each(|cell| out.push_str(&cell.path)),
    };
    for layer in layers(look, opacity, shapes) {
        // Writing to a string cannot fail.
        let _ = write!(out, "<path {attributes} d=\"");
        layer.into_iter().for_each(|shape| out.push_str(&shape.path));
        out.push_str("\"/>\n");
    }
}

/// Distributes shapes so that those of one place are in different layers; one layer if they are opaque.
fn layers<'a, 's>(look: Look<'_>, opacity: &str, shapes: &'a [Shape<'s>]) -> Vec<Vec<&'a Shape<'s>>> {
    let opacity: f64 = opacity.parse().unwrap_or(1.0);
    let count = if opacity < 1.0 {
        (libm::log(SEE_THROUGH) / libm::log(1.0 - opacity)).ceil().clamp(1.0, MAX_LAYERS as f64) as usize
    } else {
        1
    };
    let cell = match look {
        Look::Disc { radius, .. } => radius.max(1),
        _ => 100,
    };
    let mut seen: BTreeMap<(i64, i64), usize> = BTreeMap::new();
    let mut layers: Vec<Vec<&Shape<'s>>> = vec![Vec::new(); count];
    for shape in shapes {
        let (column, row) = (shape.at.0.div_euclid(cell), shape.at.1.div_euclid(cell));
        let below = seen.entry((column, row)).or_default();
        // Neighbouring cells begin with different layers, since their shapes overlap as well.
        let first = (column.rem_euclid(3) + 3 * row.rem_euclid(3)) as usize;
        layers[(first + *below) % count].push(shape);
        *below += 1;
    }
    layers.retain(|layer| !layer.is_empty());
    layers
}

fn parse(line: &str) -> Option<Shape<'_>> {
    let (element, _) = line.strip_prefix('<')?.split_once("/>")?;
    let value = |name: &str| {
        let start = element.find(&format!(" {name}=\""))? + name.len() + 3;
        element[start..].split('"').next()
    };
    match element.split(' ').next()? {
        "circle" => {
            let number = |name: &str| value(name)?.parse::<i64>().ok();
            let (x, y) = (number("cx")?, number("cy")?);
            let (opacity, fill) = (value("opacity")?, value("fill")?);
            if fill == "none" || value("stroke")? != "none" {
                return None;
            }
            let look = Look::Disc { radius: number("r")?, opacity, fill };
            Some(Shape { look, at: (x, y), path: format!("M{x} {y}h0") })
        }
        "rect" => {
            if value("opacity")? != "1" || value("stroke")? != "none" {
                return None;
            }
            let number = |name: &str| value(name)?.parse::<i64>().ok();
            let (x, y, width, height) = (number("x")?, number("y")?, number("width")?, number("height")?);
            let d = format!("M{x} {y}h{width}v{height}h{}z", -width);
            let path = format!("<path fill=\"{}\" d=\"{d}\"/>\n", value("fill")?);
            Some(Shape { look: Look::Cell, at: (x, y), path })
        }
        "polygon" => {
            let look = Look::Polygon { opacity: value("opacity")?, fill: value("fill")? };
            let (at, path) = corners(value("points")?)?;
            Some(Shape { look, at, path: path + "z" })
        }
        "polyline" => {
            if value("opacity")? != "1" {
                return None;
            }
            let look = Look::Line { stroke: value("stroke")?, width: value("stroke-width")? };
            let (at, path) = corners(value("points")?)?;
            Some(Shape { look, at, path })
        }
        _ => None,
    }
}

/// The first of the points and a path through all of them, which goes on by differences.
fn corners(points: &str) -> Option<((i64, i64), String)> {
    let mut corners = points.split_ascii_whitespace().map(|pair| {
        let (x, y) = pair.split_once(',')?;
        Some((x.parse::<i64>().ok()?, y.parse::<i64>().ok()?))
    });
    let first = corners.next()??;
    let mut path = format!("M{} {}", first.0, first.1);
    let mut last = first;
    for (i, corner) in corners.enumerate() {
        let (x, y) = corner?;
        let _ = write!(path, "{}{} {}", if i == 0 { 'l' } else { ' ' }, x - last.0, y - last.1);
        last = (x, y);
    }
    Some((first, path))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn discs(n: i64, opacity: &str) -> String {
        let disc = |i: i64| {
            format!(
                "<circle cx=\"{i}\" cy=\"7\" r=\"90\" opacity=\"{opacity}\" fill=\"#0072B2\" stroke=\"none\" stroke-width=\"0\"/>\n"
            )
        };
        (0..n).map(disc).collect()
    }

    #[test]
    fn short_runs_and_other_elements_stay() {
        let svg = format!("<svg>\n{}<text x=\"1\">\na\n</text>\n</svg>\n", discs(63, "1"));
        assert_eq!(compact(&svg), svg);
    }

    #[test]
    fn a_long_run_of_opaque_discs_is_one_path_with_every_disc() {
        let short = compact(&discs(200, "1"));
        assert_eq!(short.matches("<path").count(), 1);
        assert_eq!(short.matches('M').count(), 200);
        assert!(short.contains("M199 7h0") && short.contains("stroke-width=\"180\""));
    }

    #[test]
    fn translucent_discs_at_one_place_are_spread_over_layers() {
        let layered = compact(&discs(90, "0.5"));
        assert_eq!(layered.matches("<path").count(), 6); // 0.5^6 is less than 0.02
        assert_eq!(layered.matches('M').count(), 90);
    }

    #[test]
    fn cells_keep_their_colours_and_their_order() {
        let cell = |i: usize| {
            format!(
                "<rect x=\"{i}\" y=\"2\" width=\"30\" height=\"40\" opacity=\"1\" fill=\"#0000{i:02}\" stroke=\"none\"/>\n"
            )
        };
        let cells = compact(&(0..80).map(cell).collect::<String>());
        assert_eq!(cells.lines().count(), 80);
        assert_eq!(cells.lines().nth(7), Some("<path fill=\"#000007\" d=\"M7 2h30v40h-30z\"/>"));
    }

    #[test]
    fn polygons_and_lines_of_one_look_are_paths() {
        let triangle = "<polygon opacity=\"1\" fill=\"#000000\" points=\"1,2 3,4 5,6 \"/>\n";
        assert!(compact(&triangle.repeat(64)).contains("M1 2l2 2 2 2zM1 2"));
        let line = "<polyline fill=\"none\" opacity=\"1\" stroke=\"#000000\" stroke-width=\"60\" points=\"1,2 3,4 \"/>\n";
        assert!(compact(&line.repeat(64)).contains("stroke-width=\"60\" d=\"M1 2l2 2M1 2"));
        let other = line.replace("60", "70");
        assert_eq!(compact(&format!("{line}{other}").repeat(40)), format!("{line}{other}").repeat(40));
    }
}
