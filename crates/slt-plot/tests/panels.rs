//! What the SVG of maps, networks, images, tables and compositions must contain.

mod common;

use common::{composition, image_panel, map_panel, network_panel, steps, table_panel, texts};
use resvg::tiny_skia::Pixmap;
use resvg::usvg::roxmltree::{Document, Node};
use slt_plot::{
    Aspect, Axis, ColorMap, Figure, Grid, HeatMap, LegendPosition, Line, Panel, Points, SharedLegend,
};

fn count(figure: &Figure, tag: &str, wanted: impl Fn(&Node<'_, '_>) -> bool) -> usize {
    let svg = figure.to_svg().unwrap();
    let document = Document::parse(&svg).unwrap();
    document.descendants().filter(|node| node.has_tag_name(tag)).filter(|node| wanted(node)).count()
}

fn drawn(figure: &Figure, text: &str) -> usize {
    texts(&figure.to_svg().unwrap()).0.iter().filter(|drawn| drawn.text.trim() == text).count()
}

#[test]
fn a_map_of_51_by_51_is_small_and_has_its_bar() {
    let figure = Figure::single_column(map_panel());
    let svg = figure.to_svg().unwrap();
    assert!(svg.len() < 200_000, "{} bytes", svg.len());
    for label in ["Cross-entropy", "δ", "η", "0.5", "Loss"] {
        assert!(drawn(&figure, label) >= 1, "{label}");
    }
    let bare = Panel::new(Axis::new("δ"), Axis::new("η"))
        .mark(HeatMap::new(Grid::from_fn(steps(9), steps(9), |x, y| x + y), Axis::new("z")).without_bar());
    assert_eq!(drawn(&Figure::single_column(bare), "z"), 0);
}

/// A checkerboard has no colours but its own, and a map of one colour none but this one, at any resolution.
#[test]
fn no_seams_show_between_cells() {
    let plain = Grid::from_fn(steps(23), steps(31), |x, _| if x < -0.5 { 0.0 } else { 1.0 });
    let map = HeatMap::new(plain, Axis::new("z").range(0.0, 1.0)).map(ColorMap::Grays).without_bar();
    let panel = Panel::new(Axis::new("x"), Axis::new("y")).mark(map).legend(None);
    for dpi in [72.0, 97.0, 110.0, 300.0] {
        let png = Figure::single_column(panel.clone()).to_png(dpi).unwrap();
        let picture = Pixmap::decode_png(&png).unwrap();
        let (width, height) = (picture.width(), picture.height());
        // The right half of the frame, away from its edges, is black throughout.
        for y in height / 5..height * 3 / 5 {
            for x in width * 3 / 5..width * 9 / 10 {
                let pixel = picture.pixel(x, y).unwrap();
                assert!(pixel.red() <= 1, "{} at {x}, {y} of {width} x {height}", pixel.red());
            }
        }
    }
}

#[test]
fn a_square_frame_is_square_and_equal_units_make_circles_round() {
    // Four points far out fix the ranges; the outermost discs give the shape of the frame.
    let at = |x: &[f64], y: &[f64]| Points::new(x.to_vec(), y.to_vec()).radius(1.0);
    let centers = |aspect: Aspect| -> (f64, f64) {
        let panel = Panel::new(Axis::new("x").range(-2.0, 2.0), Axis::new("y").range(-1.0, 1.0))
            .aspect(aspect)
            .mark(at(&[-2.0, 2.0, 0.0, 0.0], &[0.0, 0.0, -1.0, 1.0]));
        let svg = Figure::single_column(panel).to_svg().unwrap();
        let document = Document::parse(&svg).unwrap();
        let places: Vec<[f64; 2]> = document
            .descendants()
            .filter(|node| node.has_tag_name("circle"))
            .map(|node| ["cx", "cy"].map(|name| node.attribute(name).unwrap().parse().unwrap()))
            .collect();
        (places[1][0] - places[0][0], places[2][1] - places[3][1])
    };
    let (width, height) = centers(Aspect::Equal);
    assert!((width / height - 2.0).abs() < 1e-3, "{width} x {height}");
    let (width, height) = centers(Aspect::Square);
    assert!((width / height - 1.0).abs() < 1e-3, "{width} x {height}");
    let (width, height) = centers(Aspect::Free);
    assert!(width / height > 1.2);
}

#[test]
fn a_network_has_its_neurons_connections_and_entries() {
    let figure = Figure::single_column(network_panel());
    let outlines = count(&figure, "circle", |node| node.attribute("fill") == Some("none"));
    assert_eq!(outlines, 2 + 5 + 2);
    let grey = count(&figure, "circle", |node| node.attribute("stroke") == Some("#CCCCCC"));
    assert_eq!(grey, 3); // two hidden neurons and an output have no connection
    for label in ["Input", "Hidden", "Output", "other", "recurring"] {
        assert_eq!(drawn(&figure, label), 1, "{label}");
    }
    // Four connections and two samples in the legend.
    assert_eq!(count(&figure, "polyline", |node| node.attribute("stroke") != Some("#CCCCCC")), 6);
}

#[test]
fn images_and_tables_show_their_texts_and_no_axes() {
    let images = Figure::single_column(image_panel());
    assert_eq!((0..10).map(|n| drawn(&images, &n.to_string())).sum::<usize>(), 10);
    let table = Figure::single_column(table_panel());
    for text in ["Architecture", "moons", "92.07", "mean", "80.94"] {
        assert_eq!(drawn(&table, text), 1, "{text}");
    }
    // Two heavy rules; thin ones below the header, above the second group, and where asked for.
    assert_eq!(count(&table, "polyline", |_| true), 5);
}

#[test]
fn a_shared_legend_has_each_label_once_and_panels_have_none() {
    let line = Line::new(vec![0.0, 1.0], vec![0.0, 1.0]);
    let panel = |label: &str| {
        let panel = Panel::new(Axis::new("x"), Axis::new("y")).mark(line.clone().label("GA"));
        panel.mark(line.clone().label(label)).legend(LegendPosition::TopLeft)
    };
    let own = Figure::double_column(vec![panel("edge-popup"), panel("backpropagation")]);
    assert_eq!(drawn(&own, "GA"), 2);
    let shared = own.shared_legend(SharedLegend::Above);
    for label in ["GA", "edge-popup", "backpropagation"] {
        assert_eq!(drawn(&shared, label), 1, "{label}");
    }
}

#[test]
fn columns_have_their_ratios_and_a_table_spans_them() {
    let figure = composition();
    let (drawn, (width, _)) = texts(&figure.to_svg().unwrap());
    let left = |wanted: &str| drawn.iter().find(|text| text.text.trim() == wanted).unwrap().left;
    assert_eq!(left("(a)"), left("(c)"));
    assert_eq!(left("(a)"), left("(e)"));
    assert_eq!(left("(b)"), left("(d)"));
    assert!(left("(b)") > 0.4 * width);
    // The table's last column is in the right third of the page.
    assert!(left("80.94") > 0.67 * width);
}

#[test]
fn a_large_scatter_is_small_and_keeps_its_look() {
    let angle = |i: u32| f64::from(i) * 0.618;
    let (x, y): (Vec<f64>, Vec<f64>) =
        (0..16_000).map(|i| (angle(i).cos() * (1.0 + 0.1 * angle(7 * i).sin()), angle(i).sin())).unzip();
    let panel = |n: usize, opacity: f64| {
        let points = Points::new(x[..n].to_vec(), y[..n].to_vec()).radius(0.8).opacity(opacity);
        Figure::single_column(Panel::new(Axis::new("x"), Axis::new("y")).mark(points))
    };
    for opacity in [1.0, 0.5] {
        let svg = panel(16_000, opacity).to_svg().unwrap();
        assert!(svg.len() < 280_000, "{} bytes", svg.len());
        assert_eq!(svg.matches("h0").count(), 16_000);
    }
    // A path of 64 discs has as much ink as 63 discs and one more.
    let ink = |n: usize| -> f64 {
        let picture = Pixmap::decode_png(&panel(n, 1.0).to_png(300.0).unwrap()).unwrap();
        picture.pixels().iter().map(|pixel| 255.0 - f64::from(pixel.red())).sum()
    };
    let (fewer, more) = (ink(63), ink(64));
    assert!(more > fewer && more < fewer * 1.03, "{fewer} and {more}");
}

#[test]
fn new_panels_are_data_too() {
    let figure = composition();
    let stored = serde_json::to_string(&figure).unwrap();
    let read: Figure = serde_json::from_str(&stored).unwrap();
    assert_eq!(read.to_svg().unwrap(), figure.to_svg().unwrap());
}
