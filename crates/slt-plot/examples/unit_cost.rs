//! Draws what a flip costs in a search unit by unit: `cargo run -p slt-plot --example unit_cost`, in the root
//! of the project.
//!
//! Reads the table of the section `units` in `docs/benchmarks.md` and writes `docs/images/unit-cost.svg` and
//! `.png`; other files may be named: `unit_cost -- PAGE.md OUTPUT.svg OUTPUT.png`.

use std::error::Error;

use slt_plot::{Axis, Color, Dash, Figure, Line, Marker, Panel, Points};

/// Dots per inch: what journals ask for.
const DPI: f64 = 300.0;

/// A line of the table.
struct Row {
    weights: u64,
    samples: f64,
    what_if: f64,
    bound: f64,
    commit: f64,
}

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let mut path = |default: &str| arguments.next().unwrap_or_else(|| default.to_owned());
    let page = std::fs::read_to_string(path("docs/benchmarks.md"))?;
    let (svg, png) = (path("docs/images/unit-cost.svg"), path("docs/images/unit-cost.png"));
    let figure = figure(&rows(&page)?);
    std::fs::write(svg, figure.to_svg()?)?;
    std::fs::write(png, figure.to_png(DPI)?)?;
    Ok(())
}

/// The columns that are drawn, wherever they stand in the table.
fn rows(page: &str) -> Result<Vec<Row>, Box<dyn Error>> {
    let (_, section) = page.split_once("<!-- bench:units -->").ok_or("the page has no section units")?;
    let (table, _) = section.split_once("<!-- end -->").ok_or("the section has no end")?;
    let cells = |line: &'_ str| -> Vec<String> {
        line.trim_matches('|').split('|').map(|cell| cell.trim().to_owned()).collect()
    };
    let mut lines = table.trim().lines();
    let names = cells(lines.next().ok_or("the table is empty")?);
    let mut rows = Vec::new();
    for line in lines.skip(1) {
        let cells = cells(line);
        let cell = |name: &str| -> Result<&str, String> {
            let place = names.iter().position(|other| other == name);
            let cell = place.and_then(|place| cells.get(place));
            cell.map(String::as_str).ok_or(format!("no {name:?} in {line:?}"))
        };
        let weights = cell("network")?.split_once('(').and_then(|(_, text)| text.split_once(' '));
        rows.push(Row {
            weights: weights.ok_or(format!("no number of weights in {line:?}"))?.0.parse()?,
            samples: cell("samples")?.parse()?,
            what_if: cell("us a what-if")?.parse()?,
            bound: cell("bound")?.parse()?,
            commit: cell("us a commit")?.parse()?,
        });
    }
    Ok(rows)
}

fn figure(rows: &[Row]) -> Figure {
    let mut networks: Vec<u64> = rows.iter().map(|row| row.weights).collect();
    networks.sort_unstable();
    networks.dedup();
    let axis = Axis::new("Samples held").log().range(800.0, 80_000.0);
    let mut panel = Panel::new(axis, Axis::new("Processor time (µs)").log().range(0.002, 200.0));
    let markers = [Marker::Circle, Marker::Square, Marker::Triangle, Marker::Diamond];
    for (i, (&weights, marker)) in networks.iter().zip(markers).enumerate() {
        let of = |y: fn(&Row) -> f64| -> (Vec<f64>, Vec<f64>) {
            rows.iter().filter(|row| row.weights == weights).map(|row| (row.samples, y(row))).unzip()
        };
        let color = Color::Series(i);
        let ((x, what_if), (of_commits, commit)) = (of(|row| row.what_if), of(|row| row.commit));
        panel = panel
            .mark(Line::new(x.clone(), what_if.clone()).color(color).dash(Dash::Solid))
            .mark(Points::new(x, what_if).label(label(weights)).color(color).marker(marker))
            .mark(Points::new(of_commits, commit).color(color).marker(marker).hollow());
    }
    let bounds: (Vec<f64>, Vec<f64>) =
        rows.iter().filter(|row| row.weights == networks[0]).map(|row| (row.samples, row.bound)).unzip();
    let bound = Line::new(bounds.0, bounds.1).label("Arithmetic alone, at the peak").dash(Dash::Dashed);
    Figure::single_column(panel.mark(bound.color(Color::Muted)))
        .description("Processor time of a what-if and of a commit of a flip, by network and samples")
}

fn label(weights: u64) -> String {
    format!(
        "{} weights",
        if weights < 10_000 { weights.to_string() } else { format!("{} 000", weights / 1000) }
    )
}
