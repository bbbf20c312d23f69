//! What an SVG must contain, whatever it looks like.

use std::path::Path;

use crate::common::{
    Shape, all_marks, network_panel, numbers, shapes, steps, table_panel, texts, two_panels,
};
use resvg::usvg::roxmltree::Document;
use slt_plot::{Aspect, Axis, Contours, Figure, Grid, HeatMap, Line, Panel};

fn view_box(document: &Document<'_>) -> (f64, f64) {
    let box_ = numbers(document.root_element().attribute("viewBox").unwrap());
    assert_eq!(box_[..2], [0.0, 0.0]);
    (box_[2], box_[3])
}

#[test]
fn every_label_is_drawn_as_text_exactly_once() {
    let svg = Figure::single_column(all_marks()).to_svg().unwrap();
    let (drawn, _) = texts(&svg);
    let labels = [
        "Generation",
        "Accuracy (%)",
        "All marks",
        "bars",
        "band",
        "line",
        "step",
        "points",
        "error bars",
        "boxes",
        "chance",
        "20.0",
    ];
    for label in labels {
        assert_eq!(drawn.iter().filter(|text| text.text.trim() == label).count(), 1, "{label}");
    }
}

#[test]
fn marks_of_one_label_share_an_entry() {
    let line = Line::new(vec![0.0, 1.0], vec![0.0, 1.0]).label("GA");
    let panel = Panel::new(Axis::new("x"), Axis::new("y")).mark(line.clone()).mark(line);
    let (drawn, _) = texts(&Figure::single_column(panel).to_svg().unwrap());
    assert_eq!(drawn.iter().filter(|text| text.text.trim() == "GA").count(), 1);
}

#[test]
fn the_size_is_that_of_print_and_the_view_box_has_its_shape() {
    let figure = two_panels();
    let svg = figure.to_svg().unwrap();
    let document = Document::parse(&svg).unwrap();
    let root = document.root_element();
    let millimetres =
        |name: &str| -> f64 { root.attribute(name).unwrap().strip_suffix("mm").unwrap().parse().unwrap() };
    let (width, height) = view_box(&document);
    assert!((millimetres("width") - figure.width_mm).abs() < 0.01);
    assert!((width - figure.width_mm * 72.0 / 25.4 * 100.0).abs() <= 0.5);
    assert!((millimetres("height") / millimetres("width") - height / width).abs() < 1e-5);
    assert!(millimetres("height") > figure.frame_height_mm);
}

#[test]
fn every_coordinate_is_a_number_on_the_page() {
    let svg = Figure::single_column(all_marks()).to_svg().unwrap();
    assert!(!svg.contains("NaN") && !svg.contains("inf"));
    let document = Document::parse(&svg).unwrap();
    let (width, height) = view_box(&document);
    let corners: Vec<[f64; 2]> = shapes(&svg).iter().flat_map(Shape::corners).collect();
    assert!(corners.len() > 100);
    assert!(corners.iter().all(|[x, y]| (0.0..=width).contains(x) && (0.0..=height).contains(y)));
}

/// No viewer needs a font, and the words are there for search and screen readers.
#[test]
fn texts_are_outlines_with_names() {
    let svg = two_panels().to_svg().unwrap();
    let document = Document::parse(&svg).unwrap();
    assert!(document.descendants().all(|node| !node.has_tag_name("text")));
    let (drawn, _) = texts(&svg);
    assert!(drawn.len() > 15 && drawn.iter().all(|text| text.right > text.left && text.bottom > text.top));
    // Of 9 and 8 pt: from the dots of the i to the end of the g, and the height of digits.
    let height = |wanted: &str| {
        let text = drawn.iter().find(|text| text.text == wanted).unwrap();
        text.bottom - text.top
    };
    assert!((height("Training") / 9.0 - 0.932).abs() < 0.005, "{}", height("Training"));
    assert!((height("200") / 8.0 - 0.70).abs() < 0.02, "{}", height("200"));
}

#[test]
fn the_description_is_the_documents_title_and_is_not_drawn() {
    let svg = two_panels().to_svg().unwrap();
    let document = Document::parse(&svg).unwrap();
    let title = document.descendants().find(|node| node.has_tag_name("title")).unwrap();
    assert_eq!(title.text(), Some("Two panels & more"));
    assert!(texts(&svg).0.iter().all(|text| !text.text.contains("more")));
}

#[test]
fn panels_of_a_row_share_their_baselines() {
    // Only the left panel has a two-line title and a legend above the frame, and its ticks are wider.
    let line = Line::new(vec![0.0, 12_345.0], vec![0.0, 1.0]).label("curve");
    let left = Panel::new(Axis::new("Left"), Axis::new("y"))
        .title("A title that is too long for one line of a frame that is half a page wide, and goes on")
        .mark(line.clone());
    let right = Panel::new(Axis::categories("Right", ["two\nlines", "B"]), Axis::new("y")).mark(line);
    let svg = Figure::double_column(vec![left, right]).lettered().to_svg().unwrap();
    let document = Document::parse(&svg).unwrap();
    let baseline = |wanted: &str| -> f64 {
        let found = document.descendants().find(|node| node.attribute("aria-label") == Some(wanted));
        numbers(found.unwrap().attribute("transform").unwrap().trim_matches(|c| "matrix()".contains(c)))[5]
    };
    assert_eq!(baseline("(a)"), baseline("(b)"));
    assert_eq!(baseline("Left"), baseline("Right"));
}

/// The drawings of figures with every mark, byte for byte: regression alarms, which somebody looked at when
/// they were made, and no more. After an intended change of the theme run the test with `SLT_PLOT_RENEW=1`,
/// and look at the difference.
#[test]
fn value_stability() {
    golden("all_marks", &Figure::grid(120.0, 2, vec![all_marks(), all_marks()]).lettered());
    let grid = Grid::from_fn(steps(9), steps(7), |x, y| 1.0 + x * x + y);
    let map = Panel::new(Axis::new("x"), Axis::new("y"))
        .aspect(Aspect::Square)
        .mark(HeatMap::new(grid.clone(), Axis::new("z")))
        .mark(Contours::new(grid, [1.0, 1.5, 2.0]).labelled());
    let panels = vec![map, network_panel(), table_panel().span(2)];
    golden("panels", &Figure::grid(150.0, 2, panels).lettered().shared_legend());
}

#[track_caller]
fn golden(name: &str, figure: &Figure) {
    let svg = figure.to_svg().unwrap();
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("tests/golden/{name}.svg"));
    if std::env::var_os("SLT_PLOT_RENEW").is_some() {
        std::fs::write(&path, &svg).unwrap();
    }
    let golden = std::fs::read_to_string(&path).unwrap().replace("\r\n", "\n");
    let difference = svg.lines().zip(golden.lines()).find(|(new, old)| new != old);
    assert_eq!(difference, None);
    assert_eq!(svg.len(), golden.len());
}
