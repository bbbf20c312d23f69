//! Figures of panels of different kinds.

use slt_plot::{
    Aspect, Axis, Band, BoxPlot, Color, Dodge, Figure, Images, LegendPosition, Line, Marker, Panel, Points,
    ReferenceLine, SharedLegend, Table,
};

use crate::panels::{digit, table_of_means};
use crate::plots::summary;
use crate::{bell, noise};

/// Large scatters, images, and a table across both columns.
pub(crate) fn data_sets() -> Figure {
    let points = |f: &dyn Fn(usize) -> (f64, f64), n: usize, class: usize| {
        let (x, y) = (0..n).map(f).unzip();
        // At this size all shapes look alike, and discs make the smallest file.
        let points = Points::new(x, y).label(format!("class {class}")).color(Color::Series(class));
        points.marker(Marker::Circle).radius(0.6).opacity(0.6)
    };
    let moon = |class: usize| {
        move |i: usize| {
            let angle = std::f64::consts::PI * noise(i + 20_000 * class);
            let (dx, dy) = (0.06 * bell(i + 31_000 * class), 0.06 * bell(i + 77_000 + 9000 * class));
            if class == 0 {
                (angle.cos() + dx, angle.sin() + dy)
            } else {
                (1.0 - angle.cos() + dx, 0.5 - angle.sin() + dy)
            }
        }
    };
    let ring = |class: usize| {
        move |i: usize| {
            let angle = std::f64::consts::TAU * noise(i + 40_000 * class);
            let radius = if class == 0 { 0.6 } else { 0.3 } + 0.04 * bell(i + 5000 * class);
            (radius * angle.cos(), radius * angle.sin())
        }
    };
    let axes = |title: &str| {
        Panel::new(Axis::new("x₁"), Axis::new("x₂"))
            .title(title)
            .aspect(Aspect::Equal)
            .legend(LegendPosition::Right)
    };
    let moons = axes("moons").mark(points(&moon(0), 8000, 0)).mark(points(&moon(1), 8000, 1));
    let circles = axes("circles").mark(points(&ring(0), 8000, 0)).mark(points(&ring(1), 8000, 1));
    let mut blobs = axes("blobs");
    for class in 0..10 {
        let center = (20.0 * noise(class + 77) - 10.0, 20.0 * noise(class + 178) - 10.0);
        let blob = |i: usize| {
            (center.0 + 0.7 * bell(1300 * class + i), center.1 + 0.7 * bell(90_000 + 1300 * class + i))
        };
        blobs = blobs.mark(points(&blob, 1250, class).label(class.to_string()));
    }
    let digits = Panel::bare()
        .title("digits")
        .mark(Images::new((0..20).map(|i| digit(i % 10)).collect()).columns(5).max(16.0));
    let architectures = Table::new(["", "A", "B", "C", "D"])
        .row(["moons, circles", "[2, 20, 2]", "[2, 75, 2]", "[2, 100, 2]", "[2, 50, 50, 2]"])
        .row(["blobs", "", "", "[2, 100, n]", ""])
        .row(["digits", "", "[64, 75, n]", "", ""]);
    let table = Panel::bare().title("Neurons in each layer").mark(architectures).span(2);
    Figure::grid(174.0, 2, vec![moons, circles, blobs, digits, table]).lettered()
}

/// Groups of boxes side by side, references for each category, and one legend for all.
pub(crate) fn groups() -> Figure {
    let dodge = Dodge::new(2);
    let panel = |title: &str, levels: [f64; 4], references: [f64; 4], seed: usize| {
        let series = |s: usize, label: &str| {
            let boxes = levels
                .iter()
                .enumerate()
                .map(|(i, level)| summary(level + 0.01 * s as f64, 0.04 / (1 + i) as f64, seed + i + 50 * s));
            BoxPlot::new(dodge.positions(s, 4), boxes.collect())
                .width(dodge.width())
                .label(label)
                .color(Color::Series(s))
        };
        let references = references.into_iter().enumerate();
        Panel::new(
            Axis::categories("Architecture", ["A", "B", "C", "D"]),
            Axis::new("Test accuracy (%)").percent(),
        )
        .title(title)
        .mark(series(0, "GA"))
        .mark(series(1, "GA (adaptive AB)"))
        .marks(references.map(|(i, mean)| {
            ReferenceLine::horizontal(mean).over_category(i).label("backpropagation (mean)")
        }))
    };
    Figure::grid(
        174.0,
        2,
        vec![
            panel("moons", [0.90, 0.95, 0.97, 0.98], [0.99, 0.995, 0.998, 0.999], 0),
            panel("circles", [0.70, 0.80, 0.86, 0.90], [0.86, 0.91, 0.93, 0.935], 10),
            Panel::bare().title("Mean test accuracy (%)").mark(table_of_means()).span(2),
        ],
    )
    .lettered()
    .shared_legend(SharedLegend::Above)
}

/// Dots of two classes on one curve, and a second row of texts below the categories.
pub(crate) fn two_classes() -> Figure {
    let x: Vec<f64> = (0..4).map(f64::from).collect();
    let panel = |title: &str, level: f64, ga_better: [bool; 4], sparsities: [&str; 4]| {
        let axis =
            Axis::categories("Architecture", ["A", "B", "C", "D"]).label_row("GA sparsity", sparsities);
        let mut panel = Panel::new(axis, Axis::new("Mean test accuracy (%)").percent()).title(title);
        let series = [
            ("better GA configuration", level, 0.02),
            ("backpropagation", 0.99, 0.002),
            ("EP (50%)", level - 0.12, 0.04),
        ];
        for (s, (label, start, gain)) in series.into_iter().enumerate() {
            let y: Vec<f64> = x.iter().map(|i| (start + gain * i).min(0.999)).collect();
            let half = |i: usize| 0.02 / (1 + i) as f64 + 0.004;
            let lower = y.iter().enumerate().map(|(i, y)| y - half(i)).collect();
            let upper = y.iter().enumerate().map(|(i, y)| (y + half(i)).min(1.0)).collect();
            let color = Color::Series([0, 3, 1][s]);
            panel = panel
                .mark(Band::new(x.clone(), lower, upper).label(label).color(color))
                .mark(Line::new(x.clone(), y.clone()).label(label).color(color));
            if s == 0 {
                for (class, name) in ["GA", "GA (adaptive AB)"].into_iter().enumerate() {
                    let chosen = |i: &usize| ga_better[*i] == (class == 0);
                    let (px, py) = (0..4).filter(chosen).map(|i| (x[i], y[i])).unzip();
                    let dots =
                        Points::new(px, py).label(name).color(Color::Series([0, 4][class])).radius(3.0);
                    panel = panel.mark(dots.edged().marker([Marker::Circle, Marker::Square][class]));
                }
            }
        }
        panel
    };
    Figure::double_column(vec![
        panel("moons", 0.91, [false, false, false, true], ["73.2 %", "59.2 %", "56.1 %", "54.6 %"]),
        panel("circles", 0.80, [true, true, false, false], ["66.3 %", "62.3 %", "53.9 %", "58.1 %"]),
    ])
    .lettered()
    .shared_legend(SharedLegend::Below)
}
