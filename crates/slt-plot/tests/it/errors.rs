//! Every mistake is an error that says where it is.

use slt_plot::{
    Axis, Band, Bars, BoxPlot, Contours, Edge, EdgeClass, ErrorBars, Figure, FiveNumbers, Grid, HeatMap,
    Image, Images, Line, Mark, NetworkGraph, Panel, Points, ReferenceLine, Table, Texts, TickLabel, Ticks,
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

/// The message says that something needs more room than there is.
#[track_caller]
fn assert_no_room(figure: &Figure, what: &str) {
    let error = figure.to_svg().unwrap_err().to_string();
    assert!(error.starts_with(&format!("{what} needs ")) && error.contains(" are free; "), "{error}");
}

#[test]
fn figures() {
    let good = Figure::single_column(panel().mark(line()));
    check(&Figure::double_column(vec![]), "the figure: `panels` has 0 values; it must have at least one");
    check(&Figure { columns: 0, ..good.clone() }, "the figure: `columns` is 0; it must be at least 1");
    check(
        &Figure { width_mm: f64::NAN, ..good.clone() },
        "the figure: `width_mm` is NaN; it must be from 20 to 1000",
    );
    check(
        &good.clone().frame_height_mm(5.0),
        "the figure: `frame_height_mm` is 5; it must be from 10 to 1000",
    );
    check(&Figure::single_column(panel()), "panel 1: `marks` has 0 values; it must have at least one");
    for dpi in [0.0, -1.0, f64::NAN, f64::INFINITY, 1e6] {
        let error = good.to_png(dpi).unwrap_err().to_string();
        assert!(error.starts_with("the figure: `dpi` is "), "{error}");
    }
    let narrow = Figure::grid(40.0, 2, vec![panel().mark(line()), panel().mark(line())]);
    assert_no_room(&narrow, "the figure: the data of a panel, beside the labels,");
}

#[test]
fn columns_of_marks() {
    assert_eq!(
        message(Line::new(vec![0.0, 1.0], vec![0.0]).label("GA")),
        "panel 2, mark 2 (line \"GA\"): `y` has 1 values; it must have as many as `x`, 2"
    );
    assert_eq!(
        message(Points::new(vec![], vec![])),
        "panel 2, mark 2 (points): `x` has 0 values; it must have at least one"
    );
    assert_eq!(
        message(Line::new(vec![0.0, 1.0], vec![0.0, f64::NAN])),
        "panel 2, mark 2 (line): `y[1]` is NaN; it must be finite"
    );
    assert_eq!(
        message(Bars::new(vec![0.0], vec![1.0]).texts(["a", "b"])),
        "panel 2, mark 2 (bars): `texts` has 2 values; it must have as many as `x`, 1"
    );
    assert_eq!(
        message(BoxPlot::new(vec![0.0], vec![])),
        "panel 2, mark 2 (box plot): `boxes` has 0 values; it must have as many as `positions`, 1"
    );
}

#[test]
fn grids_of_panels() {
    let three = || Figure::grid(174.0, 2, vec![panel().mark(line()); 3]);
    check(
        &three().row_heights_mm([40.0]),
        "the figure: `row_heights_mm` has 1 values; it must have as many as `rows`, 2",
    );
    check(
        &three().row_heights_mm([40.0, 4.0]),
        "the figure: `row_heights_mm[1]` is 4; it must be from 10 to 1000",
    );
    for span in [0, 3] {
        let figure = Figure::grid(174.0, 2, vec![panel().mark(line()).span(span)]);
        let expect = format!("panel 1: `span` is {span}; it must be from 1 to 2, the columns of the figure");
        check(&figure, &expect);
    }
}

#[test]
fn grids_of_values() {
    let unit = || vec![0.0, 1.0];
    let map = |x, y, values| message(HeatMap::new(Grid::new(x, y, values), Axis::new("Loss")));
    let square = || vec![vec![1.0, 2.0], vec![3.0, 4.0]];
    assert_eq!(
        map(unit(), unit(), vec![]),
        "panel 2, mark 2 (heat map): `values` has 0 values; it must have at least one"
    );
    assert_eq!(
        map(unit(), unit(), vec![vec![1.0, 2.0], vec![3.0]]),
        "panel 2, mark 2 (heat map): `values` has 1 values; it must have rows of 2; row 1 has another length"
    );
    assert_eq!(
        map(unit(), unit(), vec![vec![1.0, 2.0], vec![3.0, f64::INFINITY]]),
        "panel 2, mark 2 (heat map): `values[1][1]` is inf; it must be finite"
    );
    assert_eq!(
        map(vec![0.0, 1.0, 2.0, 3.0], unit(), square()),
        "panel 2, mark 2 (heat map): `x` has 4 values; it must have 2 (the middles of its cells) or 3 (their edges)"
    );
    assert_eq!(
        map(unit(), vec![1.0, 1.0], square()),
        "panel 2, mark 2 (heat map): `y[1]` does not exceed the value before it; the values must rise"
    );
    assert_eq!(
        message(HeatMap::new(Grid::new(unit(), unit(), vec![vec![0.0; 2]; 2]), Axis::new("Loss").log())),
        "panel 2, mark 2 (heat map): `values` is 0; it must be positive on a logarithmic scale"
    );
    assert_eq!(
        message(HeatMap::new(Grid::new(unit(), unit(), square()), Axis::new("Loss").range(1.0, 0.0))),
        "panel 2, colour axis: the range from 1 to 0 cannot be drawn; it must be finite, rise, and not be vanishingly narrow"
    );
    assert_eq!(
        message(Contours::new(Grid::new(unit(), vec![0.0], vec![unit()]), [0.5])),
        "panel 2, mark 2 (contours): `values` has 1 values; it must have at least 2 in a row and in a column"
    );
    assert_eq!(
        message(Contours::new(Grid::new(unit(), unit(), square()), [f64::NAN])),
        "panel 2, mark 2 (contours): `levels[0]` is NaN; it must be finite"
    );
}

/// The message of a figure of one panel without axes.
fn bare(mark: impl Into<Mark>) -> String {
    Figure::single_column(Panel::bare().mark(mark)).to_svg().unwrap_err().to_string()
}

#[test]
fn images_and_networks() {
    assert_eq!(
        bare(Images::new(vec![])),
        "panel 1, mark 1 (images): `images` has 0 values; it must have at least one"
    );
    let dot = Image { pixels: vec![vec![1.0]], caption: "a dot".into() };
    let ragged = Image { pixels: vec![vec![1.0], vec![]], ..dot.clone() };
    assert_eq!(
        bare(Images::new(vec![ragged])),
        "panel 1, mark 1 (images): `pixels` has 0 values; it must have rows of 1; row 1 has another length"
    );
    assert!(bare(Images::new(vec![dot.clone(); 40])).contains("a row of pictures needs"));
    assert!(
        bare(Images::new(vec![dot.clone()]).columns(0)).contains("`columns` is 0; it must be at least 1")
    );
    assert!(bare(Images::new(vec![dot]).max(0.0)).contains("`max` is 0"));

    let edge = |layer, from, to| EdgeClass::new([Edge { layer, from, to }]);
    let network = |class| bare(NetworkGraph::new([2, 3, 2]).class(class));
    assert_eq!(
        network(edge(0, 2, 0)),
        "panel 1, mark 1 (network graph): `edge.from` is 2; it must be less than 2"
    );
    assert!(network(edge(2, 0, 0)).contains("`edge.layer` is 2; it must be less than 2"));
    assert!(network(edge(1, 0, 2)).contains("`edge.to` is 2; it must be less than 2"));
    assert!(network(edge(0, 0, 0).width(f64::NAN)).contains("`width` is NaN"));
    assert!(bare(NetworkGraph::new([2])).contains("`layers` has 1 values; it must have at least 2"));
    assert!(bare(NetworkGraph::new([2, 0, 2])).contains("`layers[1]` is 0; it must be at least 1"));
    assert!(bare(NetworkGraph::new([2, 2]).layer_labels(["Input"])).contains("`layer_labels` has 1 values"));
    let low = Panel::bare().mark(NetworkGraph::new([2, 500, 2]).layer_labels(["a", "b", "c"]));
    let low = Figure::single_column(low).frame_height_mm(10.0).to_svg().unwrap_err().to_string();
    assert!(low.contains("the height of the network needs"), "{low}");
}

#[test]
fn tables() {
    assert_eq!(
        bare(Table::new(["a", "b"]).row(["1"])),
        "panel 1, mark 1 (table): `rows` has 1 values; it must have rows of 2 cells, as the header; row 0 has another length"
    );
    assert!(bare(Table::new(["a"])).contains("`rows` has 0 values"));
    assert!(bare(Table::new([""; 0]).row(["1"])).contains("`header` has 0 values"));
    let wide = Table::new(["W".repeat(40), "W".repeat(40)]).row(["", ""]);
    let wide = Figure::single_column(Panel::bare().mark(wide));
    assert_no_room(&wide, "panel 1, mark 1 (table): the widest row");
    let long = (0..30).fold(Table::new(["n"]), |table, n| table.row([n.to_string()]));
    let fixed = Figure::single_column(Panel::bare().mark(long.clone())).row_heights_mm([40.0]);
    assert_no_room(&fixed, "panel 1, mark 1 (table): the height of the table");
    assert!(Figure::single_column(Panel::bare().mark(long)).to_svg().is_ok());
    assert!(bare(Table::new(["漢"]).row(["1"])).contains("bundled font"));
}

#[test]
fn order_within_marks() {
    assert_eq!(
        message(Band::new(vec![1.0, 0.0], vec![0.0; 2], vec![1.0; 2])),
        "panel 2, mark 2 (band): `x[1]` is less than the value before it; the values must not fall"
    );
    assert_eq!(
        message(ErrorBars::new(vec![0.0], vec![0.5], vec![0.9], vec![0.1])),
        "panel 2, mark 2 (error bars): `lower[0]` is 0.9; it must be at most `upper[0]`, 0.1"
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
    for max in [f64::INFINITY, 1.0 + 1e-12] {
        let error = with(plain(), plain().range(1.0, max)).to_svg().unwrap_err().to_string();
        assert!(error.starts_with("panel 1, y axis: the range from 1 to "), "{error}");
    }
    check(
        &with(plain(), plain().log()),
        "panel 1, y axis: `range` is 0; it must be positive on a logarithmic axis",
    );
    check(
        &with(plain(), plain().to_one()),
        "panel 1, y axis: `range` is 1; it must be less than 1 on an axis towards 1",
    );
    check(
        &Figure::single_column(panel().mark(ReferenceLine::horizontal(1.0))),
        "panel 1, x axis: nothing tells its range; fix the range or add a mark that has an extent along it",
    );
    check(
        &with(Axis::categories("x", ["A", "B"]).label_row("sparsity", ["1 %"]), plain()),
        "panel 1, x axis: `label_rows` has 1 values; it must have as many as `ticks`, 2",
    );
    let labels = [0.0, 0.0].map(|at| TickLabel { at, text: "A".into() });
    check(
        &with(plain().ticks(Ticks::Labels(labels.to_vec())), plain()),
        "panel 1, x axis: `ticks[1]` does not exceed the value before it; the values must rise",
    );
}

#[test]
fn texts() {
    check(
        &Figure::single_column(panel().title("漢").mark(line())),
        "panel 1: \"漢\" has the character '漢', which the bundled font cannot show",
    );
    let word = "W".repeat(60);
    let titled = Figure::single_column(panel().title(word.clone()).mark(line()));
    assert_no_room(&titled, &format!("panel 1: a word of \"{word}\""));
    let noted = |note: &str| Figure::single_column(panel().mark(line())).note(note);
    check(&noted("漢"), "the figure: \"漢\" has the character '漢', which the bundled font cannot show");
    assert_no_room(&noted(&word), &format!("the figure: a word of \"{word}\""));
    assert!(message(Texts::new(vec![0.0], vec![0.0], ["a", "b"])).contains("`texts` has 2 values"));
    assert!(message(Texts::new(vec![0.0], vec![0.0], ["漢"])).contains("bundled font"));
    let bars = Bars::new(vec![0.0], vec![0.5]);
    assert!(message(bars.clone().intervals([(0.4, 0.6); 2])).contains("`intervals` has 2 values"));
    assert!(
        message(bars.intervals([(0.6, 0.4)]))
            .contains("`lower[0]` is 0.6; it must be at most `upper[0]`, 0.4")
    );
}

#[test]
fn extreme_data_neither_panics_nor_leaves_the_page() {
    let wild = Line::new(vec![-1e300, 0.0, 1e300], vec![1e300, -1e300, 1e-300]);
    let zoomed =
        Panel::new(Axis::new("x").range(0.0, 1e-3), Axis::new("y").range(-1.0, 1.0)).mark(wild.clone());
    let svg = Figure::single_column(zoomed).to_svg().unwrap();
    assert!(!svg.contains("NaN"));
    let whole = Figure::single_column(panel().mark(wild)).to_svg();
    assert!(
        whole.map_or_else(|error| error.to_string().contains("the range from"), |svg| !svg.contains("NaN"))
    );
    let single = Panel::new(Axis::new("x"), Axis::new("y")).mark(Line::new(vec![3.0], vec![0.0]));
    assert!(Figure::single_column(single).to_svg().is_ok());
}

/// A logarithmic axis that cannot show where a mark ends by its shape does not blame a value that is not
/// there.
#[test]
fn shapes_that_reach_beyond_their_values() {
    let log = |mark: Mark| {
        let panel = Panel::new(Axis::new("x").log(), Axis::new("y").log()).mark(mark);
        Figure::single_column(panel).to_svg().unwrap_err().to_string()
    };
    assert_eq!(
        log(Bars::new(vec![1.0, 2.0], vec![10.0, 100.0]).into()),
        "panel 1, mark 1 (bars): `y axis` is 0; it must be positive on a logarithmic axis, but bars begin at 0; use a linear axis or other marks"
    );
    let sides = log(Bars::new(vec![0.3, 2.0], vec![10.0, 100.0]).label("GA").into());
    assert!(
        sides.starts_with("panel 1, mark 1 (bars \"GA\")") && sides.contains("a bar is `width` wide"),
        "{sides}"
    );
    let values = log(Bars::new(vec![1.0, 2.0], vec![-10.0, 100.0]).into());
    assert_eq!(values, "panel 1, y axis: `range` is -10; it must be positive on a logarithmic axis");
    let cells = HeatMap::new(Grid::from_fn(vec![1.0, 9.0], vec![1.0, 2.0], |x, y| x + y), Axis::new("z"));
    assert!(log(cells.into()).contains("outer cells reach as far beyond their middles"));
    let edges = HeatMap::new(
        Grid { x: vec![0.0, 1.0, 2.0], y: vec![1.0, 2.0], values: vec![vec![1.0, 2.0]] },
        Axis::new("z"),
    );
    assert!(log(edges.into()).starts_with("panel 1, x axis: `range` is 0"));
    let towards_one = Panel::new(Axis::new("x").to_one(), Axis::new("y"));
    let bars = towards_one.mark(Bars::new(vec![0.5, 0.9], vec![1.0, 2.0]).width(0.4));
    let bars = Figure::single_column(bars).to_svg().unwrap_err().to_string();
    assert!(bars.contains("`width` wide") && bars.contains("1.1"), "{bars}");
}

/// Numbers in messages are short, whatever they are.
#[test]
fn messages_hold_no_numbers_of_hundreds_of_digits() {
    let tiny = Figure { width_mm: 1e-300, ..Figure::single_column(panel().mark(line())) };
    check(&tiny, "the figure: `width_mm` is 1e-300; it must be from 20 to 1000");
    let wide = panel().mark(Bars::new(vec![0.0], vec![1.0]).width(-1e300));
    let message = Figure::single_column(wide).to_svg().unwrap_err().to_string();
    assert!(message.contains("-1e300") && message.len() < 150, "{message}");
}
