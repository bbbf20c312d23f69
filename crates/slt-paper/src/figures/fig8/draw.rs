//! The drawing.

use slt_plot::{
    Aspect, Axis, Color, ColorMap, Contours, DOUBLE_COLUMN_MM, Dodge, Figure, Format, Grid, HeatMap, Line,
    Marker, Panel, Points, Table,
};

use super::super::common::{GA_RESCALED, note, provenance, significant};
use super::data::{DRAWN, Data, Landscape, Spectra, law};
use crate::method::Method;
use crate::{Plan, Protocol};

/// Losses beyond are drawn like these.
const LOSSES: (f64, f64) = (1e-9, 1e9);
/// The most lines of a map, and the share of the slice that a line must have on either side: closer ones
/// cannot be told from the ticket.
const LINES: usize = 7;
const ROOM: f64 = 0.015;

pub(super) fn draw(plan: &Plan, data: &Data) -> Figure {
    let drawn = data.landscapes.iter().take(DRAWN);
    let planes = drawn.clone().flat_map(|landscape| [loss(landscape), accuracy(landscape)]);
    let spectra = [eigenvalues(&data.spectra), numbers(&data.spectra)];
    let sentences = drawn.zip(["(a, b)", "(c, d)"]).map(|(landscape, panels)| {
        format!(
            "{panels}: {} × {} points; {}.",
            landscape.axis.len(),
            landscape.axis.len(),
            landscape.sentence()
        )
    });
    let tickets = data.spectra.iter().map(|spectra| spectra.runs.len()).max().unwrap_or(0);
    let provenance = format!(
        "{}: one ticket of raw data (diamond), seed {}, as it evolved, and {tickets} tickets of each kind of data in (e, f)",
        provenance(plan, &[Protocol::Clean]),
        data.seed
    );
    let hessian =
        "Hessian of the mean training loss over the weights that are not masked and the biases.".to_owned();
    let lines = std::iter::once(provenance).chain(sentences).chain([hessian]);
    Figure::grid(DOUBLE_COLUMN_MM, 2, planes.chain(spectra).collect())
        .row_heights_mm([52.0, 52.0, 40.0])
        .lettered()
        .note(note(lines))
        .description(format!(
            "Loss and accuracy on the training data on planes of two random directions around the ticket of seed {} on raw \
             blobs of ten classes, with directions from N(0, 1) (a, b) and from U[0, 1) (c, d); the ten largest Hessian \
             eigenvalues at tickets of raw and normalized blobs, drawn (e) and in numbers (f).",
            data.seed
        ))
}

/// The colours of both maps run from purple to yellow where the objective gets better.
fn loss(landscape: &Landscape) -> Panel {
    let loss = landscape.grid(&landscape.loss, |loss| loss.clamp(LOSSES.0, LOSSES.1));
    let map = HeatMap::new(loss.clone(), Axis::new("Mean cross-entropy").log());
    let lines = contours(loss, &round_levels());
    let title = format!("Loss, directions from {}", law(landscape.directions));
    plane(&title, map.map(ColorMap::ViridisReversed), lines)
}

fn accuracy(landscape: &Landscape) -> Panel {
    let accuracy = landscape.grid(&landscape.accuracy, |accuracy| accuracy);
    let tenths: Vec<f64> = (1..10).map(|tenth| f64::from(tenth) / 10.0).collect();
    let map = HeatMap::new(accuracy.clone(), Axis::new("Training accuracy (%)").percent());
    let lines = contours(accuracy, &tenths).map(|lines| lines.format(Format::Percent));
    plane(&format!("Accuracy, directions from {}", law(landscape.directions)), map, lines)
}

impl Landscape {
    /// With delta along x and eta along y.
    fn grid(&self, values: &[Vec<f64>], value: impl Fn(f64) -> f64) -> Grid {
        let eta = 0..self.axis.len();
        let rows = eta.map(|j| values.iter().map(|row| value(row[j])).collect()).collect();
        Grid::new(self.axis.clone(), self.axis.clone(), rows)
    }
}

fn plane(title: &str, map: HeatMap, lines: Option<Contours>) -> Panel {
    let plane = Panel::new(Axis::new("δ"), Axis::new("η")).title(title).aspect(Aspect::Square);
    let plane = plane.without_legend().mark(map);
    match lines {
        Some(lines) => plane.mark(lines),
        None => plane,
    }
    .mark(ticket())
}

/// Lines at some of the levels; none where the map is too flat for any of them.
fn contours(map: Grid, levels: &[f64]) -> Option<Contours> {
    let levels = with_room(&map, levels);
    (!levels.is_empty()).then(|| Contours::new(map, levels).labelled())
}

fn ticket() -> Points {
    Points::new(vec![0.0], vec![0.0]).radius(2.2).color(Color::Series(4)).marker(Marker::Diamond).edged()
}

/// 1, 2 and 5 times powers of ten.
fn round_levels() -> Vec<f64> {
    let texts = (-9..9).flat_map(|power| ["1", "2", "5"].map(|digit| format!("{digit}e{power}")));
    texts.filter_map(|text| text.parse().ok()).collect()
}

/// The levels that have some of the grid on either side; every second or third of them where they are many.
fn with_room(grid: &Grid, levels: &[f64]) -> Vec<f64> {
    let values: Vec<f64> = grid.values.iter().flatten().copied().collect();
    let below =
        |level: f64| values.iter().filter(|value| **value < level).count() as f64 / values.len() as f64;
    let room = |level: &&f64| (ROOM..=1.0 - ROOM).contains(&below(**level));
    let kept: Vec<f64> = levels.iter().filter(room).copied().collect();
    kept.iter().step_by(kept.len().div_ceil(LINES).max(1)).copied().collect()
}

/// The eigenvalues of each run, by rank, and their medians.
fn eigenvalues(spectra: &[Spectra]) -> Panel {
    let all = || spectra.iter().flat_map(|spectra| &spectra.runs).flat_map(|run| &run.eigenvalues);
    let y = Axis::new("Eigenvalue of the Hessian");
    let y = if all().all(|&value| value > 0.0) { y.log() } else { y };
    let ranks = spectra.iter().map(|spectra| spectra.medians.len()).max().unwrap_or(0);
    let dodge = Dodge::new(2 * spectra.len());
    let names = (1..=ranks).map(|rank| rank.to_string());
    let mut panel = Panel::new(Axis::categories("Rank of the eigenvalue", names), y)
        .title("Eigenvalues (lines: medians)");
    for (s, (spectra, color)) in spectra.iter().zip([Method::ga().color(), GA_RESCALED]).enumerate() {
        let x: Vec<f64> = dodge.positions(s + 1, spectra.medians.len());
        let (mut places, mut values) = (Vec::new(), Vec::new());
        for run in &spectra.runs {
            for (place, value) in x.iter().zip(&run.eigenvalues) {
                places.push(*place);
                values.push(*value);
            }
        }
        panel = panel
            .mark(
                Line::new(x, spectra.medians.clone())
                    .color(color)
                    .label(format!("{} data", spectra.features)),
            )
            .mark(Points::new(places, values).color(color).opacity(0.7));
    }
    panel
}

/// The largest eigenvalues in numbers, a column for each kind of data.
fn numbers(spectra: &[Spectra]) -> Panel {
    let texts = |text: fn(&Spectra) -> String| spectra.iter().map(text).collect::<Vec<_>>();
    let rows = [
        ("Tickets", texts(|spectra| spectra.runs.len().to_string())),
        ("Median", texts(|spectra| significant(spectra.largest.median, 3))),
        ("Mean", texts(|spectra| significant(spectra.largest.mean, 3))),
        ("Smallest", texts(|spectra| significant(spectra.largest.min, 3))),
        ("Largest", texts(|spectra| significant(spectra.largest.max, 3))),
        ("Not converged", texts(|spectra| spectra.not_converged.to_string())),
    ];
    let names = spectra.iter().map(|spectra| spectra.features);
    let header = std::iter::once("Data").chain(names).collect::<Vec<_>>();
    let table = rows.into_iter().fold(Table::new(header), |table, (name, texts)| {
        table.row(std::iter::once(name.to_owned()).chain(texts))
    });
    Panel::bare().title("Largest eigenvalue over the runs").mark(table)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn levels_are_few_and_have_room() {
        let grid = |value: fn(f64) -> f64| {
            Grid::new(
                (0..100).map(f64::from).collect(),
                vec![0.0],
                vec![(0..100).map(|i| value(f64::from(i))).collect()],
            )
        };
        let linear = with_room(&grid(|i| 0.4 + 0.06 * i), &round_levels());
        assert_eq!(linear, [0.5, 1.0, 2.0, 5.0]);
        // All but one of a hundred values are above 0.1.
        assert_eq!(
            with_room(&grid(|i| if i == 0.0 { 0.0 } else { 0.2 + 0.01 * i }), &[0.1, 0.5, 9.0]),
            [0.5]
        );
        let many = with_room(&grid(|i| 10.0_f64.powf((i - 50.0) / 6.0)), &round_levels());
        assert!((5..=LINES).contains(&many.len()) && many.is_sorted());
    }
}
