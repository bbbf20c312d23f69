//! Curves, boxes, bars and scatters.

use slt_plot::{
    Axis, Band, Bars, BoxPlot, Color, Dash, ErrorBars, Figure, FiveNumbers, LegendPosition, Line, Panel,
    Points, ReferenceLine,
};

use crate::{bell, noise};

pub(crate) fn lines() -> Figure {
    let generations: Vec<f64> = (0..=200).map(f64::from).collect();
    let mut accuracy = vec![0.57];
    for (g, _) in generations.iter().enumerate().skip(1) {
        let now = accuracy[g - 1];
        let jump = if noise(g) < 0.28 { (0.915 - now) * 0.09 * noise(g + 1000) * 2.0 } else { 0.0 };
        accuracy.push(now + jump);
    }
    let fittest: Vec<f64> = generations
        .iter()
        .map(|g| {
            0.50 - 0.035 * (-((g - 25.0) / 18.0_f64).powi(2)).exp()
                + 0.0007 * g
                + 0.006 * bell(*g as usize / 4)
        })
        .collect();
    let highest: Vec<f64> = fittest.iter().enumerate().map(|(i, f)| f + 0.02 + 0.02 * noise(i / 3)).collect();
    let mut best = Vec::new();
    for h in &highest {
        best.push(best.last().map_or(*h, |b: &f64| b.max(*h)));
    }
    let x = || Axis::new("Generation").integer();
    Figure::double_column(vec![
        Panel::new(x(), Axis::new("Training accuracy (%)").percent())
            .mark(Line::new(generations.clone(), accuracy).step()),
        Panel::new(x(), Axis::new("Sparsity (%)").percent())
            .mark(Line::new(generations.clone(), fittest).label("fittest individual"))
            .mark(
                Line::new(generations.clone(), highest)
                    .label("highest in the generation")
                    .color(Color::Series(1)),
            )
            .mark(Line::new(generations, best).label("best so far").color(Color::Series(2)).step()),
    ])
    .lettered()
    .description("Accuracy and sparsity of one run over 200 generations")
}

/// Five numbers and fliers of a made-up sample by Tukey's rule.
pub(crate) fn summary(center: f64, spread: f64, seed: usize) -> FiveNumbers {
    let mut sample: Vec<f64> = (0..25).map(|i| (center + spread * bell(100 * seed + i)).min(1.0)).collect();
    sample.sort_by(f64::total_cmp);
    let (q1, median, q3) = (sample[6], sample[12], sample[18]);
    let reach = 1.5 * (q3 - q1);
    let (inside, fliers): (Vec<f64>, Vec<f64>) =
        sample.into_iter().partition(|v| (q1 - reach..=q3 + reach).contains(v));
    FiveNumbers { whisker_low: inside[0], q1, median, q3, whisker_high: inside[inside.len() - 1], fliers }
}

pub(crate) fn boxes() -> Figure {
    let panel = |levels: [f64; 4], references: [f64; 4], seed: usize| {
        let series = |shift: f64, gain: f64, seed: usize| {
            let positions = (0..4).map(|i| f64::from(i) + shift).collect();
            let summaries = levels.iter().enumerate();
            BoxPlot::new(
                positions,
                summaries.map(|(i, level)| summary(level + gain, 0.05 / (1 + i) as f64, seed + i)).collect(),
            )
            .width(0.3)
        };
        let mut panel = Panel::new(
            Axis::categories("Architecture", ["A", "B", "C", "D"]),
            Axis::new("Test accuracy (%)").percent(),
        )
        .mark(series(-0.19, 0.0, seed).label("GA"))
        .mark(series(0.19, 0.01, seed + 50).label("GA (adaptive AB)").color(Color::Series(1)));
        for (i, reference) in references.into_iter().enumerate() {
            let line = ReferenceLine::horizontal(reference).label("backpropagation (mean)");
            panel = panel.mark(line.span(i as f64 - 0.42, i as f64 + 0.42));
        }
        panel
    };
    Figure::double_column(vec![
        panel([0.90, 0.95, 0.97, 0.985], [0.99, 0.995, 0.998, 0.999], 0).title("moons"),
        panel([0.70, 0.80, 0.86, 0.90], [0.86, 0.91, 0.93, 0.935], 10).title("circles"),
    ])
    .lettered()
}

pub(crate) fn error_bars() -> Figure {
    let methods = ["GA", "GA (not normalized)", "Edge-popup", "Backpropagation"];
    let mut panel = Panel::new(
        Axis::categories("Classes", ["2", "3", "4", "5", "10"]),
        Axis::new("Test accuracy (%)").percent().range(0.7, 1.0),
    );
    for (m, method) in methods.into_iter().enumerate() {
        let x: Vec<f64> = (0..5).map(|i| f64::from(i) + 0.12 * (m as f64 - 1.5)).collect();
        let level = [0.0, -0.05, 0.01, 0.05][m];
        let y: Vec<f64> = (0..5).map(|i| (0.95 + level - 0.03 * f64::from(i)).min(0.995)).collect();
        let sd: Vec<f64> = (0..5).map(|i| 0.008 + 0.02 * noise(10 * m + i)).collect();
        let lower = y.iter().zip(&sd).map(|(y, s)| y - s).collect();
        let upper = y.iter().zip(&sd).map(|(y, s)| y + s).collect();
        panel = panel.mark(ErrorBars::new(x, y, lower, upper).label(method).color(Color::Series(m)));
    }
    Figure::single_column(panel)
}

pub(crate) fn bands() -> Figure {
    let names = ["A\n73.2 %", "B\n59.2 %", "C\n56.1 %", "D\n54.6 %"];
    let x: Vec<f64> = (0..4).map(f64::from).collect();
    let mut panel = Panel::new(
        Axis::categories("Architecture, mean sparsity of the GA", names),
        Axis::new("Mean test accuracy (%)").percent(),
    )
    .title("moons: means with 95 % confidence bands");
    let series = [
        ("GA", 0.91, 0.03),
        ("Backpropagation", 0.99, 0.003),
        ("EP (50%)", 0.80, 0.045),
        ("EP (adapted)", 0.77, 0.05),
    ];
    for (s, (label, start, gain)) in series.into_iter().enumerate() {
        let y: Vec<f64> = x.iter().map(|i| (start + gain * i).min(0.999)).collect();
        let half = |i: usize| 0.02 / (1 + i) as f64 + 0.004;
        let lower = y.iter().enumerate().map(|(i, y)| y - half(i)).collect();
        let upper = y.iter().enumerate().map(|(i, y)| (y + half(i)).min(1.0)).collect();
        panel = panel
            .mark(Band::new(x.clone(), lower, upper).label(label).color(Color::Series(s)))
            .mark(Line::new(x.clone(), y).label(label).color(Color::Series(s)));
    }
    Figure::single_column(panel).lettered()
}

pub(crate) fn scatter() -> Figure {
    let ring = |radius: f64, seed: usize| -> (Vec<f64>, Vec<f64>) {
        (0..600)
            .map(|i| {
                let angle = noise(seed + i) * std::f64::consts::TAU;
                let r = radius + 0.07 * bell(seed + i);
                (r * angle.cos(), r * angle.sin())
            })
            .unzip()
    };
    let axes = || Panel::new(Axis::new("x₁"), Axis::new("x₂"));
    let mut rings = axes().title("circles").legend(LegendPosition::Above);
    for (class, radius) in [1.0, 0.5].into_iter().enumerate() {
        let (x, y) = ring(radius, 5000 * class);
        let points = Points::new(x, y).label(format!("class {class}")).radius(0.9).opacity(0.7);
        rings = rings.mark(points.color(Color::Series(class)));
    }
    let mut blobs = axes().title("blobs").legend(LegendPosition::Right);
    for class in 0..10 {
        let (cx, cy) = (20.0 * noise(class + 77) - 10.0, 20.0 * noise(class + 178) - 10.0);
        let (x, y) = (0..120)
            .map(|i| (cx + 0.7 * bell(200 * class + i), cy + 0.7 * bell(9000 + 200 * class + i)))
            .unzip();
        blobs =
            blobs.mark(Points::new(x, y).label(class.to_string()).color(Color::Series(class)).radius(1.0));
    }
    Figure::double_column(vec![rings, blobs]).lettered()
}

pub(crate) fn bars() -> Figure {
    let before = [0.527, 0.521, 0.518, 0.516, 0.513];
    let after = [0.982, 0.941, 0.905, 0.873, 0.768];
    let series = |values: [f64; 5], shift: f64| {
        let x = (0..5).map(|i| f64::from(i) + shift).collect();
        Bars::new(x, values.to_vec()).width(0.38).texts(values.map(|v| format!("{:.1}", 100.0 * v)))
    };
    let panel = Panel::new(
        Axis::categories("Classes", ["2", "3", "4", "5", "10"]),
        Axis::new("Mean sparsity (%)").percent(),
    )
    .mark(series(before, -0.21).label("before pruning"))
    .mark(series(after, 0.21).label("after pruning").color(Color::Series(1)));
    Figure::single_column(panel)
}

pub(crate) fn log() -> Figure {
    let evaluations: Vec<f64> = (0..60).map(|i| 10.0 * 1.25_f64.powi(i)).collect();
    let loss =
        |floor: f64, rate: f64| evaluations.iter().map(|n| floor + n.powf(-rate)).collect::<Vec<f64>>();
    let weights: Vec<f64> = (0..=40).map(|i| 60_000.0 * f64::from(i)).collect();
    let time: Vec<f64> = weights.iter().map(|w| w * 1.65e-9).collect();
    Figure::double_column(vec![
        Panel::new(Axis::new("Fitness evaluations").log(), Axis::new("Cross-entropy").log())
            .title("Convergence of two searches")
            .mark(Line::new(evaluations.clone(), loss(0.02, 0.4)).label("GA"))
            .mark(Line::new(evaluations.clone(), loss(0.005, 0.5)).label("annealing").color(Color::Series(1)))
            .mark(ReferenceLine::vertical(1e4).label("budget").color(Color::Muted)),
        Panel::new(Axis::new("Active weights"), Axis::new("Time per sample (s)"))
            .title("Cost")
            .mark(Line::new(weights, time).dash(Dash::Solid)),
    ])
    .lettered()
}

pub(crate) fn single() -> Figure {
    let x: Vec<f64> = (0..=400).map(|i| f64::from(i) * 62.5).collect();
    let mut panel = Panel::new(Axis::new("Step"), Axis::new("Difference from the mean of all runs, Δ"));
    for s in 0..6 {
        let y = x.iter().map(|t| 0.12 * ((t / 2500.0) + s as f64).sin() * (1.0 - 0.12 * s as f64)).collect();
        panel = panel.mark(Line::new(x.clone(), y).label(format!("run {}", s + 1)).color(Color::Series(s)));
    }
    Figure::single_column(panel.title("Six crossing curves, for which the legend has no room inside"))
}
