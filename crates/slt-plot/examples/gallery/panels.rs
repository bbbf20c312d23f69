//! Maps, networks, images and tables.

use slt_plot::{
    Align, Aspect, Axis, Color, Contours, Edge, EdgeClass, Figure, Format, Grid, HeatMap, Image, Images,
    NetworkGraph, Panel, Points, SharedLegend, Table,
};

use crate::noise;

/// Two square maps with colour bars of their own, one logarithmic.
pub(crate) fn landscapes() -> Figure {
    let steps: Vec<f64> = (-25..=25).map(|i| f64::from(i) / 25.0).collect();
    let loss = Grid::from_fn(steps.clone(), steps.clone(), |d, e| {
        0.02 + 3.0 * (1.2 * d + 0.3 * e).powi(2) + 1.5 * (e - 0.2 * d).powi(2) + 0.8 * (2.0 * d).exp() - 0.6
            + 0.02 * (6.0 * d).sin()
    });
    let loss = Grid::new(loss.x, loss.y, {
        let least = loss.values.iter().flatten().copied().fold(f64::MAX, f64::min);
        loss.values.into_iter().map(|row| row.into_iter().map(|v| v - least + 0.05).collect()).collect()
    });
    let accuracy = Grid::from_fn(steps.clone(), steps, |d, e| {
        let distance = (d * d + e * e).sqrt();
        let waves = 0.09 * (7.0 * d + 2.0 * e).sin() * (5.0 * e - d).cos() + 0.05 * (11.0 * e * d).sin();
        (0.3 + 0.65 * (-4.0 * distance).exp() + waves * distance.min(0.6)).clamp(0.05, 1.0)
    });
    let panel = || Panel::new(Axis::new("δ"), Axis::new("η")).aspect(Aspect::Square);
    Figure::double_column(vec![
        panel()
            .title("Loss")
            .mark(HeatMap::new(loss.clone(), Axis::new("Cross-entropy").log()))
            .mark(Contours::new(loss).levels([0.1, 0.2, 0.5, 1.0, 2.0, 5.0]).labelled()),
        panel()
            .title("Accuracy")
            .mark(HeatMap::new(accuracy.clone(), Axis::new("Accuracy (%)").percent()))
            .mark(Contours::new(accuracy).round_levels(6).format(Format::Percent).labelled())
            .mark(
                Points::new(vec![0.0], vec![0.0]).label("ticket").color(Color::Series(4)).radius(2.5).edged(),
            ),
    ])
    .lettered()
    .frame_height_mm(56.0)
}

/// All connections of a network with those of interest, and a subnetwork.
pub(crate) fn networks() -> Figure {
    let layers = [2, 20, 2];
    let all = || {
        let first = (0..20).flat_map(|to| (0..2).map(move |from| Edge { layer: 0, from, to }));
        first.chain((0..20).flat_map(|from| (0..2).map(move |to| Edge { layer: 1, from, to })))
    };
    let chance = |edge: &Edge| noise(1000 * edge.layer + 50 * edge.from + edge.to);
    let panel = |title: &str, network: NetworkGraph| {
        Panel::bare().title(title).mark(network.layer_labels(["Input", "Hidden", "Output"]))
    };
    let recurring = EdgeClass::new(all().filter(|edge| chance(edge) > 0.8))
        .label("in at least 80 % of the tickets")
        .color(Color::Series(4))
        .width(1.3);
    let others = EdgeClass::new(all().filter(|edge| chance(edge) <= 0.8)).label("others").width(0.5);
    let ticket = EdgeClass::new(all().filter(|edge| chance(edge) > 0.55)).label("others").width(0.5);
    Figure::double_column(vec![
        panel("Full network", NetworkGraph::new(layers).class(others).class(recurring.clone())),
        panel("One ticket", NetworkGraph::new(layers).class(ticket).class(recurring)),
    ])
    .lettered()
    .frame_height_mm(62.0)
    .shared_legend(SharedLegend::Below)
}

pub(crate) fn large_network() -> Figure {
    let layers = [2, 50, 50, 2];
    let all = (0..3).flat_map(|layer| {
        let (from, to) = ([2, 50, 50][layer], [50, 50, 2][layer]);
        (0..from).flat_map(move |from| (0..to).map(move |to| Edge { layer, from, to }))
    });
    let active = all.filter(|edge| noise(7000 * edge.layer + 90 * edge.from + edge.to) > 0.8);
    let network = NetworkGraph::new(layers)
        .layer_labels(["Input", "Hidden 1", "Hidden 2", "Output"])
        .class(EdgeClass::new(active).label("active weight").width(0.35));
    Figure::single_column(Panel::bare().title("A sparse ticket of architecture D").mark(network))
        .frame_height_mm(80.0)
}

/// A made-up digit of 8 x 8 pixels from 0 to 16.
pub(crate) fn digit(number: usize) -> Image {
    let pixel = |r: usize, c: usize| {
        let (x, y) = (c as f64 - 3.5, r as f64 - 3.5);
        let ring = (x * x / 5.0 + y * y / 9.0).sqrt() - 0.85;
        let wave = (0.9 * y + number as f64).sin() * 0.5;
        (16.0 * (1.0 - 1.6 * (ring + wave * 0.3).abs())).clamp(0.0, 16.0).round()
    };
    let pixels = (0..8).map(|r| (0..8).map(|c| pixel(r, c)).collect()).collect();
    Image { pixels, caption: number.to_string() }
}

pub(crate) fn images() -> Figure {
    let digits = Images::new((0..10).map(digit).collect()).columns(5).max(16.0);
    Figure::single_column(Panel::bare().title("Digits").mark(digits)).lettered()
}

/// The means of groups of runs.
pub(crate) fn table_of_means() -> Table {
    Table::new(["Architecture", "GA", "GA (adaptive AB)", "Backpropagation"])
        .align([Align::Left, Align::Right, Align::Right, Align::Right])
        .group("moons")
        .row(["A", "91.23 ± 3.10", "92.07 ± 2.85", "99.99 ± 0.00"])
        .row(["B", "95.80 ± 1.12", "96.12 ± 0.97", "99.99 ± 0.00"])
        .group("circles")
        .row(["A", "70.55 ± 4.31", "69.80 ± 5.02", "86.40 ± 0.01"])
        .row(["B", "86.61 ± 2.20", "86.02 ± 2.71", "91.25 ± 0.02"])
}

pub(crate) fn table() -> Figure {
    Figure::grid(120.0, 1, vec![Panel::bare().title("Mean test accuracy (%)").mark(table_of_means())])
}
