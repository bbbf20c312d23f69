//! No text is cut off and no two texts overlap, whatever the data and the labels.

use crate::common::{
    DrawnText, all_marks, composition, image_panel, map_panel, network_panel, numbers, shapes, table_panel,
    texts, two_panels,
};
use proptest::prelude::*;
use slt_plot::{Axis, Color, Error, Figure, LegendPosition, Line, Panel, SharedLegend};

fn overlap(a: &DrawnText, b: &DrawnText) -> bool {
    a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom
}

#[track_caller]
fn check(figure: &Figure) {
    let (drawn, (width, height)) = texts(&figure.to_svg().unwrap());
    for (i, text) in drawn.iter().enumerate() {
        let inside = text.left >= 0.0 && text.top >= 0.0 && text.right <= width && text.bottom <= height;
        assert!(inside, "{text:?} leaves the page of {width} x {height}");
        for other in &drawn[..i] {
            assert!(!overlap(text, other), "{text:?} overlaps {other:?}");
        }
    }
}

fn diagonal(x: (f64, f64), y: (f64, f64)) -> Line {
    Line::new(vec![x.0, x.1], vec![y.0, y.1])
}

#[test]
fn a_figure_of_all_marks() {
    check(&Figure::single_column(all_marks()));
    check(&Figure::grid(174.0, 2, vec![all_marks(), all_marks(), all_marks()]).lettered());
}

#[test]
fn figures_of_all_panels() {
    check(&composition());
    check(&Figure { shared_legend: Some(SharedLegend::Above), ..composition() });
    for panel in [map_panel(), network_panel(), image_panel(), table_panel()] {
        check(&Figure::single_column(panel.clone()).lettered());
        check(&Figure::double_column(vec![panel.clone(), panel]).lettered());
    }
}

#[test]
fn legends_beside_a_colour_bar() {
    let line = diagonal((-1.0, 1.0), (-1.0, 1.0)).label("a path");
    for position in [LegendPosition::Above, LegendPosition::Right] {
        check(&Figure::double_column(vec![map_panel().mark(line.clone()).legend(position); 2]));
        let mut figure = two_panels();
        figure.panels[0].legend = Some(position);
        check(&figure);
    }
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
    assert!(matches!(crowd.to_svg(), Err(Error::NoRoom { .. })));
}

/// A legend stands outside its frame, where no data are.
#[test]
fn legends_cover_no_data() {
    let panel = |position| {
        Panel::new(Axis::new("x"), Axis::new("y"))
            .mark(diagonal((0.0, 1.0), (0.0, 1.0)).label("rising"))
            .legend(position)
    };
    for (position, is_above) in [(LegendPosition::Above, true), (LegendPosition::Right, false)] {
        let svg = Figure::single_column(panel(position)).to_svg().unwrap();
        let (drawn, _) = texts(&svg);
        let legend = drawn.iter().find(|text| text.text == "rising").unwrap();
        // The last line through three points is that of the axes: the left upper, left lower and right lower corner.
        let axes = shapes(&svg).into_iter().filter(|shape| shape.is_line());
        let axes = axes.map(|shape| numbers(&shape.path)).find(|corners| corners.len() == 6).unwrap();
        let (top, right) = (axes[1] / 100.0, (axes[0] + axes[4]) / 100.0);
        assert!(if is_above { legend.bottom < top } else { legend.left > right }, "{legend:?} {axes:?}");
    }
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
