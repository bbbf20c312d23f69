//! No text is cut off and no two texts overlap, whatever the data and the labels.

use crate::common::{
    DrawnText, all_marks, composition, image_panel, map_panel, network_panel, table_panel, texts, two_panels,
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
    for position in [LegendPosition::Best, LegendPosition::Above, LegendPosition::Right] {
        check(&Figure::double_column(vec![map_panel().mark(line.clone()).legend(position); 2]));
    }
}

#[test]
fn every_legend_position() {
    let positions = [
        LegendPosition::Best,
        LegendPosition::TopLeft,
        LegendPosition::TopRight,
        LegendPosition::BottomLeft,
        LegendPosition::BottomRight,
        LegendPosition::Above,
        LegendPosition::Right,
    ];
    for position in positions {
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
    assert!(turned.to_svg().unwrap().matches("rotate(270").count() > 16);
    let crowd = figure((0..200).map(|i| i.to_string()).collect());
    assert!(matches!(crowd.to_svg(), Err(Error::TickLabelsOverlap { .. })));
}

#[test]
fn a_legend_that_would_cover_data_moves_out() {
    // A line along every edge and through the middle leaves no room inside.
    let x: Vec<f64> = (0..=60).map(f64::from).collect();
    let y: Vec<f64> = (0..=60).map(|i| f64::from(i % 2)).collect();
    let panel = Panel::new(Axis::new("x"), Axis::new("y")).mark(Line::new(x, y).label("zigzag"));
    let svg_of = |panel: Panel| Figure::single_column(panel).to_svg().unwrap();
    assert_eq!(svg_of(panel.clone()), svg_of(panel.legend(LegendPosition::Above)));
    let empty = Panel::new(Axis::new("x"), Axis::new("y"))
        .mark(diagonal((0.0, 1.0), (0.0, 0.01)).label("low"))
        .mark(diagonal((0.0, 1.0), (1.0, 1.0)));
    assert_ne!(svg_of(empty.clone()), svg_of(empty.legend(LegendPosition::Above)));
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
