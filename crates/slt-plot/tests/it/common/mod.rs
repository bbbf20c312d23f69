//! Figures and readings that the tests share.

#![allow(dead_code, reason = "each test file uses its own part")]

mod boxes;

pub(crate) use boxes::{faults, numbers, texts};
use resvg::usvg::roxmltree::Document;
use slt_plot::{
    Aspect, Axis, Band, Bars, BoxPlot, Color, Contours, Edge, EdgeClass, ErrorBars, Figure, FiveNumbers,
    Grid, HeatMap, Image, Images, Line, NetworkGraph, Panel, Points, ReferenceLine, Table,
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

/// `n` positions from -1 to 1.
pub(crate) fn steps(n: u32) -> Vec<f64> {
    (0..n).map(|i| 2.0 * f64::from(i) / f64::from(n - 1) - 1.0).collect()
}

/// A square map with contours and a logarithmic colour bar.
pub(crate) fn map_panel() -> Panel {
    let bowl = Grid::from_fn(steps(51), steps(51), |x, y| 0.05 + x * x + 2.0 * y * y);
    Panel::new(Axis::new("δ"), Axis::new("η"))
        .title("Loss")
        .aspect(Aspect::Square)
        .mark(HeatMap::new(bowl.clone(), Axis::new("Cross-entropy").log()))
        .mark(Contours::new(bowl, [0.1, 0.5, 1.0, 2.0]).labelled())
}

/// A network of three layers with two kinds of connections.
pub(crate) fn network_panel() -> Panel {
    let edge = |layer, from, to| Edge { layer, from, to };
    let network = NetworkGraph::new([2, 5, 2])
        .layer_labels(["Input", "Hidden", "Output"])
        .class(EdgeClass::new([edge(0, 0, 0), edge(0, 1, 4), edge(1, 4, 1)]).label("other"))
        .class(EdgeClass::new([edge(0, 1, 2)]).label("recurring").color(Color::Series(4)).width(1.4));
    Panel::bare().title("Ticket").mark(network)
}

/// Ten pictures in two rows.
pub(crate) fn image_panel() -> Panel {
    let picture = |n: u32| Image {
        pixels: (0..8).map(|r| (0..8).map(|c| f64::from((r * n + c) % 17)).collect()).collect(),
        caption: n.to_string(),
    };
    Panel::bare().title("digits").mark(Images::new((0..10).map(picture).collect()).columns(5).max(16.0))
}

/// A table with groups.
pub(crate) fn table_panel() -> Panel {
    let table = Table::new(["Architecture", "GA", "GA (adaptive AB)"])
        .group("moons")
        .row(["A", "91.23", "92.07"])
        .group("circles")
        .row(["A", "70.55", "69.80"])
        .rule()
        .row(["mean", "80.89", "80.94"]);
    Panel::bare().title("Means").mark(table)
}

/// All kinds of panels in a grid with a table across it, one legend, and a second row of texts below an axis.
pub(crate) fn composition() -> Figure {
    let x = Axis::categories("Architecture", ["A", "B"]).label_row("GA sparsity", ["73.2 %", "59.2 %"]);
    let curve = Line::new(vec![0.0, 1.0], vec![0.9, 0.95]).label("GA");
    let curves = Panel::new(x, Axis::new("Accuracy (%)").percent()).mark(curve);
    let panels = vec![map_panel(), curves, network_panel(), image_panel(), table_panel().span(2)];
    Figure::grid(174.0, 2, panels).lettered().shared_legend()
}

/// A shape of a drawing: an own part of a path.
#[derive(Clone, Debug)]
pub(crate) struct Shape {
    pub(crate) fill: Option<String>,
    pub(crate) stroke: Option<String>,
    /// Path data without the first letter.
    pub(crate) path: String,
}

impl Shape {
    /// The place where the shape begins, in hundredths of a point: of a disc, its middle.
    pub(crate) fn at(&self) -> [f64; 2] {
        let numbers = numbers(&self.path);
        [numbers[0], numbers[1]]
    }

    /// The corners of a line or polygon; of another shape, its beginning.
    pub(crate) fn corners(&self) -> Vec<[f64; 2]> {
        let numbers = numbers(&self.path);
        let steps = if self.path.contains('l') { &numbers[..] } else { &numbers[..2] };
        let add = |at: &mut [f64; 2], step: &[f64]| {
            *at = [at[0] + step[0], at[1] + step[1]];
            Some(*at)
        };
        steps.chunks_exact(2).scan([0.0; 2], add).collect()
    }

    pub(crate) fn is_disc(&self) -> bool {
        self.path.ends_with("h0")
    }

    pub(crate) fn is_circle(&self) -> bool {
        self.path.contains('a')
    }

    pub(crate) fn is_rectangle(&self) -> bool {
        self.path.contains('v')
    }

    pub(crate) fn is_line(&self) -> bool {
        self.stroke.is_some() && self.path.contains('l')
    }
}

/// The shapes of an SVG without its texts.
pub(crate) fn shapes(svg: &str) -> Vec<Shape> {
    let document = Document::parse(svg).unwrap();
    let paths = document.root_element().children().filter(|node| node.has_tag_name("path"));
    let parts = paths.flat_map(|node| {
        let look = ["fill", "stroke"].map(|name| node.attribute(name).map(str::to_owned));
        let parts = node.attribute("d").unwrap().split('M').filter(|part| !part.is_empty());
        let shape = move |part: &str| {
            let [fill, stroke] = look.clone();
            Shape { fill, stroke, path: part.to_owned() }
        };
        parts.map(shape).collect::<Vec<_>>()
    });
    parts.collect()
}
