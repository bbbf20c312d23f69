//! The texts of a drawing by the boxes of their outlines. The tests of slt-paper use this file, too.

use resvg::usvg::roxmltree::{Document, Node};

/// A text of a drawing and the box of its glyphs' outlines, in points.
#[derive(Debug)]
pub(crate) struct DrawnText {
    pub(crate) text: String,
    pub(crate) left: f64,
    pub(crate) top: f64,
    pub(crate) right: f64,
    pub(crate) bottom: f64,
}

/// The texts of an SVG, and the size of the page in points. The boxes are those of the outlines that are
/// drawn, with the control points of their curves.
pub(crate) fn texts(svg: &str) -> (Vec<DrawnText>, (f64, f64)) {
    let document = Document::parse(svg).unwrap();
    let page = numbers(document.root_element().attribute("viewBox").unwrap());
    let outline = |id: &str| {
        let glyph = document.descendants().find(|node| node.attribute("id") == Some(id)).unwrap();
        numbers(glyph.attribute("d").unwrap())
    };
    let groups = document.descendants().filter(|node| node.attribute("aria-label").is_some());
    let texts = groups.map(|group| {
        let matrix = group.attribute("transform").unwrap();
        let matrix = numbers(matrix.strip_prefix("matrix(").unwrap().strip_suffix(')').unwrap());
        let mut drawn = DrawnText {
            text: group.attribute("aria-label").unwrap().to_owned(),
            left: f64::INFINITY,
            top: f64::INFINITY,
            right: f64::NEG_INFINITY,
            bottom: f64::NEG_INFINITY,
        };
        for glyph in group.children().filter(Node::is_element) {
            let at: f64 = glyph.attribute("x").unwrap().parse().unwrap();
            let id = glyph.attribute(("http://www.w3.org/1999/xlink", "href")).unwrap();
            for point in outline(id.strip_prefix('#').unwrap()).chunks_exact(2) {
                let (x, y) = (point[0] + at, point[1]);
                let [x, y] = [0, 1].map(|i| (matrix[i] * x + matrix[i + 2] * y + matrix[i + 4]) / 100.0);
                (drawn.left, drawn.right) = (drawn.left.min(x), drawn.right.max(x));
                (drawn.top, drawn.bottom) = (drawn.top.min(y), drawn.bottom.max(y));
            }
        }
        drawn
    });
    (texts.collect(), (page[2] / 100.0, page[3] / 100.0))
}

/// The numbers in a list or in path data without shorthands.
pub(crate) fn numbers(text: &str) -> Vec<f64> {
    let apart = text.replace('-', " -");
    let numbers = apart.split(|c: char| c.is_whitespace() || c == ',' || c.is_ascii_alphabetic());
    numbers.filter(|number| !number.is_empty()).map(|number| number.parse().unwrap()).collect()
}

/// What is wrong with the texts of an SVG: those that leave the page, and pairs that overlap.
pub(crate) fn faults(svg: &str) -> Vec<String> {
    let (drawn, (width, height)) = texts(svg);
    let mut faults = Vec::new();
    for (i, text) in drawn.iter().enumerate() {
        if text.left < 0.0 || text.top < 0.0 || text.right > width || text.bottom > height {
            faults.push(format!("{text:?} leaves the page of {width} x {height}"));
        }
        let overlaps = |other: &&DrawnText| {
            text.left < other.right
                && other.left < text.right
                && text.top < other.bottom
                && other.top < text.bottom
        };
        let others = drawn[..i].iter().filter(overlaps);
        faults.extend(others.map(|other| format!("{text:?} overlaps {other:?}")));
    }
    faults
}
