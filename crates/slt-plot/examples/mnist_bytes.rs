//! Draws accuracy on MNIST against bytes: `cargo run -p slt-plot --example mnist_bytes`, in the root of the
//! project.
//!
//! Reads `docs/mnist-bytes.csv` and writes `docs/images/mnist-bytes.svg` and `.png`; another table and other
//! files may be named: `mnist_bytes -- TABLE.csv OUTPUT.svg OUTPUT.png`.

use std::collections::BTreeMap;
use std::error::Error;

use slt_plot::{Axis, Color, Figure, Line, Marker, Panel, Points, Texts};

/// Dots per inch: what journals ask for.
const DPI: f64 = 300.0;

/// A line of the table.
struct Row {
    /// `slt`, or who published the point.
    source: String,
    /// What the point is: of ours the width of the images and the budget, of others a name.
    name: String,
    /// Size in thousands of bytes.
    kilobytes: f64,
    accuracy: f64,
}

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let mut path = |default: &str| arguments.next().unwrap_or_else(|| default.to_owned());
    let table = std::fs::read_to_string(path("docs/mnist-bytes.csv"))?;
    let (svg, png) = (path("docs/images/mnist-bytes.svg"), path("docs/images/mnist-bytes.png"));
    let figure = figure(&rows(&table)?);
    std::fs::write(svg, figure.to_svg()?)?;
    std::fs::write(png, figure.to_png(DPI)?)?;
    Ok(())
}

/// The columns that are drawn, wherever they stand in the table.
fn rows(table: &str) -> Result<Vec<Row>, Box<dyn Error>> {
    let mut lines = table.lines();
    let names: Vec<&str> = lines.next().ok_or("the table is empty")?.split(',').collect();
    let mut rows = Vec::new();
    for line in lines {
        let fields: Vec<&str> = line.split(',').collect();
        let field = |name: &str| -> Result<&str, String> {
            let place = names.iter().position(|other| *other == name);
            place.and_then(|place| fields.get(place)).copied().ok_or(format!("no {name} in {line:?}"))
        };
        rows.push(Row {
            source: field("source")?.to_owned(),
            name: field("name")?.to_owned(),
            kilobytes: field("bytes")?.parse::<f64>()? / 1e3,
            accuracy: field("test_accuracy")?.parse()?,
        });
    }
    Ok(rows)
}

fn figure(rows: &[Row]) -> Figure {
    let (ours, others): (Vec<&Row>, Vec<&Row>) = rows.iter().partition(|row| row.source == "slt");
    // Of each point the mean over its seeds.
    let mut groups: BTreeMap<&str, Vec<&Row>> = BTreeMap::new();
    for row in &ours {
        groups.entry(&row.name).or_default().push(row);
    }
    let mean =
        |rows: &[&Row], of: fn(&Row) -> f64| rows.iter().map(|row| of(row)).sum::<f64>() / rows.len() as f64;
    let mut means: Vec<(f64, f64)> = groups
        .values()
        .map(|rows| (mean(rows, |row| row.kilobytes), mean(rows, |row| row.accuracy)))
        .collect();
    means.sort_by(|a, b| a.0.total_cmp(&b.0));
    let (x, y): (Vec<f64>, Vec<f64>) = means.into_iter().unzip();
    let columns = |rows: &[&Row]| -> (Vec<f64>, Vec<f64>) {
        rows.iter().map(|row| (row.kilobytes, row.accuracy)).unzip()
    };
    let (each_x, each_y) = columns(&ours);
    let (other_x, other_y) = columns(&others);
    let panel = Panel::new(
        Axis::new("Size (kB)").log().range(0.3, 20.0),
        Axis::new("Test accuracy on MNIST (%)").range(88.0, 100.0),
    )
    .mark(Line::new(x, y).label("slt: seed and mask, mean of three").color(Color::Series(0)))
    .mark(
        Points::new(each_x, each_y)
            .label("slt: seed and mask, each seed")
            .color(Color::Series(0))
            .marker(Marker::Circle)
            .radius(1.6),
    )
    .mark(
        Points::new(other_x, other_y)
            .label("published: stored weights")
            .color(Color::Series(4))
            .marker(Marker::Diamond)
            .radius(3.0),
    )
    .marks(others.iter().map(|row| name_beside(row)));
    Figure::single_column(panel).description(
        "Test accuracy on MNIST against the bytes of a classifier: tickets and published networks",
    )
}

/// The name of a point, on the side where the frame has room.
fn name_beside(row: &Row) -> Texts {
    /// Half the mean width of a letter, and the room of a marker, in points.
    const HALF_LETTER: f64 = 1.95;
    const MARKER: f64 = 5.5;
    let shift = MARKER + HALF_LETTER * row.name.len() as f64;
    let is_right = row.kilobytes < 5.0;
    Texts::new(vec![row.kilobytes], vec![row.accuracy], [&row.name])
        .shifted(if is_right { shift } else { -shift }, 0.0)
}
