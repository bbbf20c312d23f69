//! No text is cut off and no two texts overlap, whatever the data and the labels.

use crate::common::{
    Shape, all_marks, composition, faults, image_panel, map_panel, network_panel, shapes, table_panel, texts,
};
use proptest::prelude::*;
use slt_plot::{Axis, Color, Figure, Line, Panel};

#[track_caller]
fn check(figure: &Figure) {
    let found = faults(&figure.to_svg().unwrap());
    assert!(found.is_empty(), "{found:#?}");
}

fn diagonal(x: (f64, f64), y: (f64, f64)) -> Line {
    Line::new(vec![x.0, x.1], vec![y.0, y.1])
}

/// The boxes tell a drawing that is cut off or overlaps from one that is not.
#[test]
fn faults_are_found() {
    let svg = Figure::single_column(all_marks()).to_svg().unwrap();
    assert!(faults(&svg).is_empty());
    let label = svg.lines().find(|line| line.contains("aria-label=\"Generation\"")).unwrap();
    let twice = svg.replace(label, &format!("{label}\n{label}"));
    assert!(faults(&twice).iter().any(|fault| fault.contains("overlaps")));
    let cut = svg.replacen("viewBox=\"0 0 ", "viewBox=\"0 0 1", 1).replacen(
        "viewBox=\"0 0 1",
        "viewBox=\"0 0 9 9 ",
        1,
    );
    assert!(faults(&cut).iter().any(|fault| fault.contains("leaves the page")));
}

#[test]
fn a_figure_of_all_marks() {
    check(&Figure::single_column(all_marks()));
    check(&Figure::grid(174.0, 2, vec![all_marks(), all_marks(), all_marks()]).lettered());
}

#[test]
fn figures_of_all_panels() {
    check(&composition());
    check(&Figure { shared_legend: false, ..composition() });
    for panel in [map_panel(), network_panel(), image_panel(), table_panel()] {
        check(&Figure::single_column(panel.clone()).lettered());
        check(&Figure::double_column(vec![panel.clone(), panel]).lettered());
    }
}

#[test]
fn legends_beside_a_colour_bar() {
    let line = diagonal((-1.0, 1.0), (-1.0, 1.0)).label("a path");
    check(&Figure::double_column(vec![map_panel().mark(line.clone()); 2]));
}

#[test]
fn categories_break_and_turn_rather_than_overlap() {
    let figure = |names: Vec<String>| {
        let panel = Panel::new(Axis::categories("Category", names), Axis::new("Value"));
        Figure::single_column(panel.mark(diagonal((0.0, 1.0), (0.0, 1.0))))
    };
    check(&figure(vec![
        "edge-popup 50 %".into(),
        "genetic algorithm with bound".into(),
        "backpropagation".into(),
    ]));
    let turned = figure((0..16).map(|i| format!("architecture {i}")).collect());
    check(&turned);
    assert!(turned.to_svg().unwrap().matches("matrix(0 -").count() > 16);
    let crowd = figure((0..200).map(|i| i.to_string()).collect());
    assert!(crowd.to_svg().unwrap_err().to_string().contains(" are free; "));
}

/// A legend stands outside its frame, where no data are.
#[test]
fn legends_cover_no_data() {
    let panel = Panel::new(Axis::new("x"), Axis::new("y")).mark(diagonal((0.0, 1.0), (0.0, 1.0)).label("up"));
    let svg = Figure::single_column(panel).to_svg().unwrap();
    let (drawn, _) = texts(&svg);
    let legend = drawn.iter().find(|text| text.text == "up").unwrap();
    // The last line through three points is that of the axes, from the upper left corner.
    let axes = shapes(&svg).into_iter().filter(Shape::is_line);
    let axes = axes.map(|shape| shape.corners()).find(|corners| corners.len() == 3).unwrap();
    assert!(legend.bottom < axes[0][1] / 100.0, "{legend:?} {axes:?}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn numbers_of_any_size(
        x_min in -1e3_f64..1e3,
        x_magnitude in -5_i32..8,
        y_magnitude in -7_i32..9,
        percent: bool,
        log: bool,
        width in 60.0_f64..180.0,
        label in "[A-Za-z]{1,9}( [a-z]{1,9}){0,9}",
    ) {
        let span = 10.0_f64.powi(x_magnitude);
        let scale = 10.0_f64.powi(y_magnitude);
        let mut y = Axis::new(label.clone());
        if percent { y = y.percent() }
        if log { y = y.log() }
        let panel = Panel::new(Axis::new(label.clone()), y)
            .title(label.clone())
            .mark(diagonal((x_min, x_min + span), (0.02 * scale, 7.3 * scale)).label(label))
            .mark(diagonal((x_min, x_min + span), (scale, scale)).label("other").color(Color::Series(1)));
        check(&Figure::grid(width, 1, vec![panel]).lettered());
    }
}
