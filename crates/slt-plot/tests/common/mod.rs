//! Figures and readings that the tests share.

#![allow(dead_code, reason = "each test file uses its own part")]

use std::sync::Arc;

use resvg::tiny_skia::Rect;
use resvg::usvg::{Group, Node, Options, TextChunk, Tree, fontdb};
use slt_plot::{
    Axis, Band, Bars, BoxPlot, Color, ErrorBars, Figure, FiveNumbers, Line, Panel, Points, ReferenceLine,
};

/// One panel with every kind of mark, each labelled.
pub(crate) fn all_marks() -> Panel {
    let x = vec![0.0, 1.0, 2.0, 3.0];
    let y = vec![0.55, 0.7, 0.8, 0.85];
    let lower: Vec<f64> = y.iter().map(|y| y - 0.05).collect();
    let upper: Vec<f64> = y.iter().map(|y| y + 0.05).collect();
    let summary = FiveNumbers {
        whisker_low: 0.1,
        q1: 0.2,
        median: 0.3,
        q3: 0.35,
        whisker_high: 0.45,
        fliers: vec![0.02, 0.5],
    };
    Panel::new(Axis::new("Generation"), Axis::new("Accuracy (%)").percent())
        .title("All marks")
        .mark(Bars::new(vec![3.0], vec![0.2]).label("bars").color(Color::Series(6)).texts(["20.0"]))
        .mark(Band::new(x.clone(), lower.clone(), upper.clone()).label("band"))
        .mark(Line::new(x.clone(), y.clone()).label("line").color(Color::Series(1)))
        .mark(Line::new(x.clone(), upper.clone()).label("step").color(Color::Series(2)).step())
        .mark(Points::new(x.clone(), lower.clone()).label("points").color(Color::Series(3)))
        .mark(ErrorBars::new(x, y, lower, upper).label("error bars").color(Color::Series(4)).connected())
        .mark(BoxPlot::new(vec![1.0], vec![summary]).label("boxes").color(Color::Series(5)))
        .mark(ReferenceLine::horizontal(0.5).label("chance"))
}

/// Two lettered panels.
pub(crate) fn two_panels() -> Figure {
    let line = |label: &str, rate: f64| {
        let x: Vec<f64> = (0..=40).map(|i| 5.0 * f64::from(i)).collect();
        let y = x.iter().map(|x| 0.57 + 0.34 * x / (x + rate)).collect();
        Line::new(x, y).label(label)
    };
    let x = || Axis::new("Generation").integer();
    let accuracy = Panel::new(x(), Axis::new("Accuracy (%)").percent())
        .title("Training")
        .mark(line("best", 10.0))
        .mark(line("mean", 30.0).color(Color::Series(1)));
    let sparsity = Panel::new(x(), Axis::new("Sparsity (%)").percent()).mark(line("fittest", 50.0));
    Figure::double_column(vec![accuracy, sparsity]).lettered().description("Two panels & more")
}

/// A text of a drawing and the box of its glyphs' outlines, in points.
#[derive(Debug)]
pub(crate) struct DrawnText {
    pub(crate) text: String,
    pub(crate) left: f64,
    pub(crate) top: f64,
    pub(crate) right: f64,
    pub(crate) bottom: f64,
}

/// The texts of an SVG as resvg renders them with the bundled font, and the size of the page in points.
pub(crate) fn texts(svg: &str) -> (Vec<DrawnText>, (f64, f64)) {
    let mut database = fontdb::Database::new();
    database.load_font_data(include_bytes!("../../assets/fonts/Arimo-Regular.subset.ttf").to_vec());
    database.load_font_data(include_bytes!("../../assets/fonts/Arimo-Bold.subset.ttf").to_vec());
    let options = Options { fontdb: Arc::new(database), ..Options::default() };
    let tree = Tree::from_str(svg, &options).unwrap();
    let points = |pixels: f32| f64::from(pixels) * 72.0 / 96.0;
    let mut found = Vec::new();
    collect(tree.root(), &mut |text, area| {
        found.push(DrawnText {
            text,
            left: points(area.left()),
            top: points(area.top()),
            right: points(area.right()),
            bottom: points(area.bottom()),
        });
    });
    (found, (points(tree.size().width()), points(tree.size().height())))
}

fn collect(group: &Group, found: &mut impl FnMut(String, Rect)) {
    for node in group.children() {
        match node {
            Node::Group(group) => collect(group, found),
            Node::Text(text) => {
                let content = text.chunks().iter().map(TextChunk::text).collect();
                found(content, text.flattened().abs_bounding_box());
            }
            _ => {}
        }
    }
}
