//! What the SVG of maps, networks, images, tables and compositions must contain.

use crate::common::{
    Shape, composition, image_panel, map_panel, network_panel, numbers, shapes, steps, table_panel, texts,
};
use resvg::tiny_skia::Pixmap;
use slt_plot::{
    Aspect, Axis, Bars, BoxPlot, ColorMap, ErrorBars, Figure, FiveNumbers, Grid, HeatMap, Line, Mark,
    NetworkGraph, Panel, Points, Texts,
};

fn count(figure: &Figure, wanted: impl Fn(&Shape) -> bool) -> usize {
    shapes(&figure.to_svg().unwrap()).iter().filter(|shape| wanted(shape)).count()
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
    let panel = Panel::new(Axis::new("x"), Axis::new("y")).mark(map).without_legend();
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
        let places: Vec<[f64; 2]> =
            shapes(&svg).iter().filter(|shape| shape.is_disc()).map(Shape::at).collect();
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
    let outlines = count(&figure, Shape::is_circle);
    assert_eq!(outlines, 2 + 5 + 2);
    let grey = count(&figure, |shape| shape.stroke.as_deref() == Some("#CCCCCC"));
    assert_eq!(grey, 3); // two hidden units and an output have no connection
    for label in ["Input", "Hidden", "Output", "other", "recurring"] {
        assert_eq!(drawn(&figure, label), 1, "{label}");
    }
    // Four connections and two samples in the legend.
    assert_eq!(count(&figure, Shape::is_line), 6);
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
    assert_eq!(count(&table, Shape::is_line), 5);
}

#[test]
fn a_shared_legend_has_each_label_once_and_panels_have_none() {
    let line = Line::new(vec![0.0, 1.0], vec![0.0, 1.0]);
    let panel = |label: &str| {
        let panel = Panel::new(Axis::new("x"), Axis::new("y")).mark(line.clone().label("GA"));
        panel.mark(line.clone().label(label))
    };
    let own = Figure::double_column(vec![panel("edge-popup"), panel("backpropagation")]);
    assert_eq!(drawn(&own, "GA"), 2);
    let shared = own.shared_legend();
    for label in ["GA", "edge-popup", "backpropagation"] {
        assert_eq!(drawn(&shared, label), 1, "{label}");
    }
}

#[test]
fn panels_of_a_column_stand_below_each_other_and_a_table_spans_columns() {
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
    // A run that is spread over layers has as much ink as single discs.
    let ink = |n: usize| -> f64 {
        let picture = Pixmap::decode_png(&panel(n, 0.5).to_png(300.0).unwrap()).unwrap();
        picture.pixels().iter().map(|pixel| 255.0 - f64::from(pixel.red())).sum()
    };
    let (fewer, more) = (ink(63), ink(64));
    assert!(more > fewer && more < fewer * 1.03, "{fewer} and {more}");
}

/// A panel of one mark, and the same where the mark is changed.
fn panel_of(mark: impl Into<Mark>) -> Figure {
    Figure::single_column(Panel::new(Axis::new("x"), Axis::new("y").range(0.0, 1.2)).mark(mark))
}

#[test]
fn a_note_stands_below_everything_and_breaks_into_lines() {
    let (drawn, (_, height)) = texts(&composition().note("R = 25 runs\nsecond line").to_svg().unwrap());
    let place = |wanted: &str| drawn.iter().find(|text| text.text.trim() == wanted).unwrap();
    let lowest = drawn.iter().filter(|text| !["R = 25 runs", "second line"].contains(&text.text.trim()));
    assert!(lowest.map(|text| text.bottom).fold(0.0, f64::max) < place("R = 25 runs").top);
    assert!(place("R = 25 runs").bottom < place("second line").top && place("second line").bottom < height);
    let (_, (_, without)) = texts(&composition().note(" ").to_svg().unwrap());
    let (_, (_, none)) = texts(&composition().to_svg().unwrap());
    assert_eq!(without, none);
    let long = composition().note("word ".repeat(100));
    assert!(texts(&long.to_svg().unwrap()).0.iter().filter(|text| text.text.contains("word")).count() > 1);
}

#[test]
fn hollow_kinds_are_white_inside() {
    let summary =
        FiveNumbers { whisker_low: 0.1, q1: 0.2, median: 0.3, q3: 0.4, whisker_high: 0.5, fliers: vec![] };
    let (x, y) = (vec![0.0, 1.0], vec![0.5, 0.6]);
    let boxes = BoxPlot::new(vec![0.0], vec![summary]);
    let bars = Bars::new(x.clone(), y.clone());
    let points = Points::new(x.clone(), y.clone());
    let errors = ErrorBars::new(x, y.clone(), vec![0.4, 0.5], y);
    let white = |mark: Mark| {
        let white = Some("#FFFFFF");
        count(&panel_of(mark), |shape| shape.fill.as_deref() == white || shape.stroke.as_deref() == white)
    };
    let pairs: [(Mark, Mark, usize); 4] = [
        (boxes.clone().into(), boxes.hollow().into(), 1),
        (bars.clone().into(), bars.hollow().into(), 2),
        (points.clone().into(), points.hollow().into(), 2),
        (errors.clone().into(), errors.hollow().into(), 2),
    ];
    for (filled, hollow, more) in pairs {
        assert_eq!(white(hollow), white(filled) + more);
    }
}

#[test]
fn cropped_bars_end_in_an_arrowhead_and_texts_stand_beyond_intervals() {
    let bars = ErrorBars::new(vec![0.0, 1.0], vec![0.9, 0.5], vec![0.8, 0.4], vec![1.1, 0.6]);
    let strokes = |mark: ErrorBars| count(&panel_of(mark), Shape::is_line);
    // The head stands in for the cap.
    assert_eq!(strokes(bars.clone().cropped_at(1.0)), strokes(bars.clone()));
    let corners = |mark: ErrorBars| {
        count(&panel_of(mark), |shape| shape.is_line() && numbers(&shape.path).len() == 2 * 3)
    };
    assert_eq!(corners(bars.clone().cropped_at(1.0)), corners(bars.clone()) + 1);
    // Cropped bars do not stretch an axis.
    let long = ErrorBars::new(vec![0.0], vec![0.9], vec![0.1], vec![2.1]);
    let axis = |mark: ErrorBars| Figure::single_column(Panel::new(Axis::new("x"), Axis::new("y")).mark(mark));
    assert_eq!((drawn(&axis(long.clone()), "2.0"), drawn(&axis(long.cropped_at(1.0)), "2.0")), (1, 0));
    let bar = Bars::new(vec![0.0], vec![0.5]).texts(["50"]);
    let top = |mark: Bars| {
        let (drawn, _) = texts(&panel_of(mark).to_svg().unwrap());
        drawn.iter().find(|text| text.text.trim() == "50").unwrap().top
    };
    assert!(top(bar.clone().intervals([(0.3, 0.7)])) < top(bar) - 5.0);
}

#[test]
fn texts_stand_beside_their_points_within_the_frame() {
    let words = Texts::new(vec![0.5, 9.0], vec![0.5, 0.5], ["inside", "outside"]);
    let figure = |words: Texts| {
        let panel = Panel::new(Axis::new("x").range(0.0, 1.0), Axis::new("y").range(0.0, 1.0)).mark(words);
        Figure::single_column(panel)
    };
    assert_eq!((drawn(&figure(words.clone()), "inside"), drawn(&figure(words.clone()), "outside")), (1, 0));
    let bottom = |words: Texts| {
        let (drawn, _) = texts(&figure(words).to_svg().unwrap());
        drawn.iter().find(|text| text.text.trim() == "inside").unwrap().bottom
    };
    assert!((bottom(words.clone()) - bottom(words.shifted(0.0, 10.0)) - 10.0).abs() < 0.1);
}

#[test]
fn an_axis_towards_one_spreads_what_is_close_to_it() {
    let line = Line::new(vec![0.0, 1.0], vec![0.5, 0.9995]);
    let axis = Axis::new("Accuracy (%)").percent().to_one();
    let figure = Figure::single_column(Panel::new(Axis::new("x"), axis).mark(line));
    let (drawn, _) = texts(&figure.to_svg().unwrap());
    let place = |wanted: &str| drawn.iter().find(|text| text.text.trim() == wanted).unwrap().top;
    assert!(((place("90") - place("99")) - (place("99") - place("99.9"))).abs() < 0.2);
}

#[test]
fn new_panels_are_data_too() {
    let figure = composition();
    let stored = serde_json::to_string(&figure).unwrap();
    let read: Figure = serde_json::from_str(&stored).unwrap();
    assert_eq!(read.to_svg().unwrap(), figure.to_svg().unwrap());
}

/// Values down to the smallest number there is are drawn on a logarithmic axis, within the frame.
#[test]
fn a_logarithmic_axis_shows_the_smallest_numbers() {
    for smallest in [1e-320, 5e-324, 1e-300] {
        let y = vec![smallest, 1e-200, 1.0];
        let panel =
            Panel::new(Axis::new("x"), Axis::new("loss").log()).mark(Points::new(vec![0.0, 1.0, 2.0], y));
        let figure = Figure::single_column(panel);
        let svg = figure.to_svg().unwrap();
        assert!(!svg.contains("NaN") && !svg.contains("inf"), "{smallest:e}");
        assert_eq!(count(&figure, Shape::is_disc), 3, "{smallest:e}");
        assert_eq!(drawn(&figure, "10⁻²⁰⁰") + drawn(&figure, "10⁻³⁰⁰"), 2, "{smallest:e}");
    }
}

#[test]
fn every_panel_has_a_letter() {
    let panel = || Panel::new(Axis::new("x"), Axis::new("y")).mark(Line::new(vec![0.0, 1.0], vec![0.0, 1.0]));
    let figure = Figure::grid(400.0, 8, (0..60).map(|_| panel()).collect()).lettered();
    let letters: Vec<&str> = figure.panels.iter().filter_map(|panel| panel.letter.as_deref()).collect();
    assert_eq!(letters.len(), 60);
    let some = [0, 25, 26, 27, 51, 52, 59].map(|i| letters[i]);
    assert_eq!(some, ["(a)", "(z)", "(aa)", "(ab)", "(az)", "(ba)", "(bh)"]);
    assert_eq!(drawn(&figure, "(aa)"), 1);
}

/// An axis of whole numbers over less than one has ticks all the same.
#[test]
fn whole_numbers_over_a_fraction_have_ticks() {
    let panel = Panel::new(Axis::new("x").integer().range(0.1, 0.2), Axis::new("y"))
        .mark(Line::new(vec![0.1, 0.2], vec![0.0, 1.0]));
    let figure = Figure::single_column(panel);
    assert_eq!(drawn(&figure, "0.10") + drawn(&figure, "0.20"), 2);
}

/// Every unit of a ticket is drawn where there is room, and every connection in any case.
#[test]
fn tickets_of_any_size_are_drawn() {
    let ticket = |layers: &[usize], height| {
        let weights: usize = layers.windows(2).map(|pair| pair[0] * pair[1]).sum();
        let mark = NetworkGraph::ticket(layers.iter().copied(), (0..weights).map(|bit| bit % 7 == 0));
        let drawn: usize = mark.classes.iter().map(|class| class.edges.len()).sum();
        assert_eq!(drawn, weights.div_ceil(7));
        Figure::single_column(Panel::bare().mark(mark)).frame_height_mm(height)
    };
    let digits = ticket(&[64, 75, 10], 95.0);
    let bars = |figure: &Figure| count(figure, Shape::is_rectangle);
    for label in ["64 in", "75 hidden", "10 out"] {
        assert_eq!(drawn(&digits, label), 1, "{label}");
    }
    let mnist = ticket(&[784, 300, 100, 10], 95.0);
    assert_eq!(drawn(&mnist, "784 in"), 1);
    // Two layers of too many units for their height are bars, which stand on white.
    assert_eq!(bars(&mnist), bars(&digits) + 2);
    assert!(mnist.to_svg().unwrap().len() < 3_000_000);
    assert!(mnist.to_png(150.0).is_ok());
    assert!(ticket(&[1, 1], 15.0).to_svg().is_ok());
}
