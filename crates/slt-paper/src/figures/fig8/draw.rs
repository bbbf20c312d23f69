//! The drawing.

use slt_plot::{
    Aspect, Axis, Color, ColorMap, Contours, DOUBLE_COLUMN_MM, Dodge, Figure, Format, Grid, HeatMap,
    LegendPosition, Line, Marker, Panel, Points, Table,
};

use super::super::common::GA_RESCALED;
use super::{Data, Landscape, Spectra};
use crate::method::Method;

/// Losses beyond are drawn like these.
const LOSSES: (f64, f64) = (1e-9, 1e9);

pub(super) fn draw(data: &Data) -> Figure {
    let landscape = &data.landscapes[0];
    let loss = landscape.grid(&landscape.loss, |loss| loss.clamp(LOSSES.0, LOSSES.1));
    let accuracy = landscape.grid(&landscape.accuracy, |accuracy| accuracy);
    let levels = levels(&loss);
    // The colours of both run from purple to yellow where the objective gets better.
    let loss = plane("Cross-entropy")
        .mark(
            HeatMap::new(loss.clone(), Axis::new("Mean cross-entropy").log()).map(ColorMap::ViridisReversed),
        )
        .mark(Contours::new(loss).levels(levels).labelled())
        .mark(ticket());
    let accuracy = plane("Accuracy")
        .mark(HeatMap::new(accuracy.clone(), Axis::new("Training accuracy (%)").percent()))
        .mark(Contours::new(accuracy).round_levels(10).format(Format::Percent).labelled())
        .mark(ticket());
    Figure::grid(
        DOUBLE_COLUMN_MM,
        2,
        vec![loss, accuracy, eigenvalues(&data.spectra), numbers(&data.spectra)],
    )
    .row_heights_mm([62.0, 48.0])
    .lettered()
    .description(format!(
        "Loss (a) and accuracy (b) on the training data on a plane of two random directions around the ticket of seed {} \
         on raw blobs of ten classes; the ten largest Hessian eigenvalues at tickets of raw and normalized blobs, drawn \
         (c) and in numbers (d).",
        data.seed
    ))
}

impl Landscape {
    /// With delta along x and eta along y.
    fn grid(&self, values: &[Vec<f64>], value: impl Fn(f64) -> f64) -> Grid {
        let eta = 0..self.axis.len();
        let rows = eta.map(|j| values.iter().map(|row| value(row[j])).collect()).collect();
        Grid::new(self.axis.clone(), self.axis.clone(), rows)
    }
}

fn plane(title: &str) -> Panel {
    Panel::new(Axis::new("δ"), Axis::new("η"))
        .title(title)
        .aspect(Aspect::Square)
        .legend(LegendPosition::Above)
}

fn ticket() -> Points {
    let mut point = Points::new(vec![0.0], vec![0.0]).label("ticket").radius(2.6).color(Color::Series(4));
    (point.marker, point.edged) = (Marker::Diamond, true);
    point
}

/// 1, 2 and 5 times powers of ten within the range of the values; every second or third of them where they are many.
fn levels(grid: &Grid) -> Vec<f64> {
    let values = || grid.values.iter().flatten().copied();
    let (low, high) = (values().fold(f64::INFINITY, f64::min), values().fold(0.0, f64::max));
    let all: Vec<f64> = (-9..9)
        .flat_map(|power| ["1", "2", "5"].map(|digit| format!("{digit}e{power}")))
        .filter_map(|text| text.parse().ok())
        .filter(|level| (low..=high).contains(level))
        .collect();
    all.iter().step_by(all.len().div_ceil(9).max(1)).copied().collect()
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
        .title("Eigenvalues (lines: medians)")
        .legend(LegendPosition::Best);
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
            .mark(Line::new(x, spectra.medians.clone()).color(color).label(spectra.features))
            .mark(Points::new(places, values).color(color).opacity(0.7));
    }
    panel
}

/// The largest eigenvalues in numbers, a column for each kind of data.
fn numbers(spectra: &[Spectra]) -> Panel {
    let texts = |text: fn(&Spectra) -> String| spectra.iter().map(text).collect::<Vec<_>>();
    let rows = [
        ("Tickets", texts(|spectra| spectra.runs.len().to_string())),
        ("Median", texts(|spectra| format!("{:.3}", spectra.largest.median))),
        ("Mean", texts(|spectra| format!("{:.3}", spectra.largest.mean))),
        ("Smallest", texts(|spectra| format!("{:.3}", spectra.largest.min))),
        ("Largest", texts(|spectra| format!("{:.3}", spectra.largest.max))),
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
    fn levels_are_few_and_in_range() {
        let of = |low: f64, high: f64| levels(&Grid::new(vec![0.0, 1.0], vec![0.0], vec![vec![low, high]]));
        assert_eq!(of(0.4, 6.0), [0.5, 1.0, 2.0, 5.0]);
        assert!(of(3.0, 4.0).is_empty());
        let many = of(1e-9, 1e9);
        assert!((5..=9).contains(&many.len()) && many.is_sorted());
    }
}
