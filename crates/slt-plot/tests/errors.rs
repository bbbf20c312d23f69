//! Every mistake is an error that says where it is.

use slt_plot::{
    Axis, Band, Bars, BoxPlot, Error, ErrorBars, Figure, FiveNumbers, Line, Mark, Panel, Points,
    ReferenceLine, TickLabel, Ticks,
};

fn line() -> Line {
    Line::new(vec![0.0, 1.0], vec![0.0, 1.0])
}

fn panel() -> Panel {
    Panel::new(Axis::new("x"), Axis::new("y"))
}

/// The message of a figure whose second panel has a good line and then this mark.
fn message(mark: impl Into<Mark>) -> String {
    let bad = panel().mark(line()).mark(mark);
    Figure::double_column(vec![panel().mark(line()), bad]).to_svg().unwrap_err().to_string()
}

#[track_caller]
fn check(figure: &Figure, expect: &str) {
    let error = figure.to_svg().unwrap_err().to_string();
    assert_eq!(error, expect);
}

#[test]
fn figures() {
    let good = Figure::single_column(panel().mark(line()));
    check(&Figure::double_column(vec![]), "the figure has no panels; it needs at least one");
    check(&Figure { columns: 0, ..good.clone() }, "the figure has 0 columns; it needs at least one");
    check(
        &Figure { width_mm: f64::NAN, ..good.clone() },
        "width_mm is NaN mm; it must be between 20 and 1000 mm",
    );
    check(&good.clone().frame_height_mm(5.0), "frame_height_mm is 5 mm; it must be between 10 and 1000 mm");
    check(&Figure::single_column(panel()), "panel 1 has no marks; it needs at least one");
    for dpi in [0.0, -1.0, f64::NAN, f64::INFINITY, 1e6] {
        assert!(matches!(good.to_png(dpi), Err(Error::Resolution { .. })), "{dpi}");
    }
    let narrow = Figure::grid(40.0, 2, vec![panel().mark(line()), panel().mark(line())]);
    assert!(matches!(narrow.to_svg(), Err(Error::FrameTooNarrow { .. })));
}

#[test]
fn columns_of_marks() {
    assert_eq!(
        message(Line::new(vec![0.0, 1.0], vec![0.0]).label("GA")),
        "panel 2, mark 2 (line \"GA\"): `y` has 1 values, `x` has 2; they must be equally many"
    );
    assert_eq!(
        message(Points::new(vec![], vec![])),
        "panel 2, mark 2 (points): `x` is empty; it needs at least one value"
    );
    assert_eq!(
        message(Line::new(vec![0.0, 1.0], vec![0.0, f64::NAN])),
        "panel 2, mark 2 (line): `y[1]` is NaN; every value must be finite"
    );
    assert_eq!(
        message(Bars::new(vec![0.0], vec![1.0]).texts(["a", "b"])),
        "panel 2, mark 2 (bars): `texts` has 2 values, `x` has 1; they must be equally many"
    );
    assert_eq!(
        message(BoxPlot::new(vec![0.0], vec![])),
        "panel 2, mark 2 (box plot): `boxes` has 0 values, `positions` has 1; they must be equally many"
    );
}

#[test]
fn order_within_marks() {
    assert_eq!(
        message(Band::new(vec![1.0, 0.0], vec![0.0; 2], vec![1.0; 2])),
        "panel 2, mark 2 (band): `x[1]` is less than the value before it; the values must not fall"
    );
    assert_eq!(
        message(ErrorBars::new(vec![0.0], vec![0.5], vec![0.9], vec![0.1])),
        "panel 2, mark 2 (error bars): interval 0 runs from 0.9 to 0.1; its lower end must not exceed its upper end"
    );
    let upside_down =
        FiveNumbers { q1: 0.5, q3: 0.6, median: 0.4, whisker_high: 1.0, ..FiveNumbers::default() };
    assert_eq!(
        message(BoxPlot::new(vec![0.0], vec![upside_down])),
        "panel 2, mark 2 (box plot): `five numbers[2]` is less than the value before it; the values must not fall"
    );
    assert_eq!(
        message(ReferenceLine::horizontal(0.0).span(1.0, 0.0)),
        "panel 2, mark 2 (reference line): `span[1]` is less than the value before it; the values must not fall"
    );
    assert_eq!(
        message(Points::new(vec![0.0], vec![0.0]).opacity(1.5)),
        "panel 2, mark 2 (points): `opacity` is 1.5; it must be greater than 0 and at most 1"
    );
}

#[test]
fn axes() {
    let with = |x: Axis, y: Axis| Figure::single_column(Panel::new(x, y).mark(line()));
    let plain = || Axis::new("x");
    check(
        &with(plain().range(1.0, 0.0), plain()),
        "panel 1, x axis: the range from 1 to 0 cannot be drawn; it must be finite, rise, and not be vanishingly narrow",
    );
    assert!(matches!(with(plain(), plain().range(0.0, f64::INFINITY)).to_svg(), Err(Error::Range { .. })));
    assert!(matches!(with(plain(), plain().range(1.0, 1.0 + 1e-12)).to_svg(), Err(Error::Range { .. })));
    check(
        &with(plain(), plain().log()),
        "panel 1, y axis: a logarithmic axis cannot show 0; values must be positive",
    );
    check(
        &Figure::single_column(panel().mark(ReferenceLine::horizontal(1.0))),
        "panel 1, x axis: nothing tells its range; fix the range or add a mark that has an extent along it",
    );
    let labels = [0.0, 0.0].map(|at| TickLabel { at, text: "A".into() });
    check(
        &with(plain().ticks(Ticks::Labels(labels.to_vec())), plain()),
        "panel 1, x axis: tick 1 is not finite or does not exceed the tick before it",
    );
}

#[test]
fn texts() {
    check(
        &Figure::single_column(panel().title("漢").mark(line())),
        "panel 1: \"漢\" has the character '漢', which the bundled font cannot show",
    );
    let word = "W".repeat(60);
    let error = Figure::single_column(panel().title(word.clone()).mark(line())).to_svg().unwrap_err();
    assert!(matches!(error, Error::TextTooWide { panel: 0, text, .. } if text == word));
}

#[test]
fn extreme_data_neither_panics_nor_leaves_the_page() {
    let wild = Line::new(vec![-1e300, 0.0, 1e300], vec![1e300, -1e300, 1e-300]);
    let zoomed =
        Panel::new(Axis::new("x").range(0.0, 1e-3), Axis::new("y").range(-1.0, 1.0)).mark(wild.clone());
    let svg = Figure::single_column(zoomed).to_svg().unwrap();
    assert!(!svg.contains("NaN"));
    assert!(matches!(Figure::single_column(panel().mark(wild)).to_svg(), Err(Error::Range { .. }) | Ok(_)));
    let single = Panel::new(Axis::new("x"), Axis::new("y")).mark(Line::new(vec![3.0], vec![0.0]));
    assert!(Figure::single_column(single).to_svg().is_ok());
}
