//! Figure 2: the test data of moons (a), circles (b) and blobs (c), some of the digits (d), and the
//! architectures (e).

use serde::Serialize;
use slt_datasets::digits;
use slt_datasets::paper::{PaperData, PaperName};
use slt_mlp::Architecture;
use slt_plot::{
    Align, Aspect, Axis, Color, DOUBLE_COLUMN_MM, Figure as Drawing, Image, Images, Panel, Points, Texts,
};

use super::common::{json, listed};
use super::{Figure, Rendered};
use crate::arm::{ARCHITECTURES, usual_architecture};
use crate::{Error, Plan, Table};
use slt_run::Records;

pub(super) const FIGURE: Figure = Figure {
    id: "fig2",
    title: "Data sets and architectures",
    caption: "The data sets moons, circles, blobs and digits, and the architectures A to D.",
    in_paper: true,
    runs: |_, _| Ok(Vec::new()),
    render,
};

/// Data in the plane, in the order of the panels.
const PLANES: [PaperName; 3] = [PaperName::Moons, PaperName::Circles, PaperName::Blobs];
/// About so many points of a data set are drawn: more cannot be told apart, but make large files.
const DRAWN: usize = 2_000;
/// Images of each digit, and pixels along a side.
const IMAGES: usize = 4;
const SIDE: usize = 8;
/// The value of a black pixel.
const BLACK: f64 = 16.0;

/// What is drawn.
#[derive(Debug, Serialize)]
struct Data {
    planes: Vec<Plane>,
    digits: Vec<Digit>,
    architectures: Vec<Network>,
}

/// A data set of two features.
#[derive(Debug, Serialize)]
struct Plane {
    data: PaperName,
    classes: usize,
    test_samples: usize,
    /// Every so manyth sample is drawn.
    every: usize,
    /// The samples that are drawn, rounded to 4 decimals.
    x1: Vec<f64>,
    x2: Vec<f64>,
    class: Vec<u32>,
}

/// An image.
#[derive(Debug, Serialize)]
struct Digit {
    label: u32,
    /// From 0 to 16, the upper row first.
    pixels: Vec<Vec<f64>>,
}

/// An architecture.
#[derive(Debug, Serialize)]
struct Network {
    code: &'static str,
    /// Where it is used, if not on moons and circles.
    data: Option<PaperName>,
    /// Sizes of its layers; where the number of classes varies, those for 10.
    sizes: Vec<usize>,
    weights: usize,
}

impl Plane {
    fn of(name: PaperName) -> Result<Self, Error> {
        let test = PaperData::new(name).load()?.test;
        let every = (test.n_samples() / DRAWN).max(1);
        let feature = |column: usize| {
            let values = test.features().column(column).to_vec();
            values.into_iter().step_by(every).map(|x| (1e4 * f64::from(x)).round() / 1e4).collect()
        };
        Ok(Self {
            data: name,
            classes: test.n_classes(),
            test_samples: test.n_samples(),
            every,
            x1: feature(0),
            x2: feature(1),
            class: test.labels().iter().copied().step_by(every).collect(),
        })
    }
}

/// The first images of each digit, one row of images after the other.
fn some_digits() -> Vec<Digit> {
    let all = digits::raw();
    let of_label = |label: u32| {
        let own = all.labels.iter().zip(all.features.rows()).filter(move |(own, _)| **own == label);
        own.map(move |(_, pixels)| Digit {
            label,
            pixels: pixels.to_vec().chunks(SIDE).map(<[f64]>::to_vec).collect(),
        })
    };
    (0..IMAGES)
        .flat_map(|row| (0..all.n_classes as u32).filter_map(move |label| of_label(label).nth(row)))
        .collect()
}

fn architectures() -> Result<Vec<Network>, Error> {
    let network = |code, data, features, classes| {
        let architecture = Architecture::parse_for(code, features, classes)?;
        Ok(Network { code, data, sizes: architecture.sizes().to_vec(), weights: architecture.n_weights() })
    };
    let two_classes = ARCHITECTURES.map(|code| network(code, None, 2, 2));
    let many = [(PaperName::Blobs, 2), (PaperName::Digits, SIDE * SIDE)]
        .map(|(name, features)| network(usual_architecture(name), Some(name), features, 10));
    two_classes.into_iter().chain(many).collect()
}

fn render(_plan: &Plan, _records: &Records) -> Result<Rendered, Error> {
    let data = Data {
        planes: PLANES.into_iter().map(Plane::of).collect::<Result<_, _>>()?,
        digits: some_digits(),
        architectures: architectures()?,
    };
    let sizes = data.planes.iter().map(|plane| format!("{} {}", plane.data, plane.test_samples));
    Ok(Rendered {
        drawing: draw(&data),
        table: tabulate(&data),
        summary: format!(
            "test samples: {}, of which every {} is drawn; networks of {} to {} weights",
            listed(sizes),
            listed(data.planes.iter().map(|plane| ordinal(plane.every))),
            data.architectures.iter().map(|network| network.weights).min().unwrap_or(0),
            data.architectures.iter().map(|network| network.weights).max().unwrap_or(0),
        ),
        json: json(&data),
    })
}

fn ordinal(n: usize) -> String {
    match n {
        1 => "one".to_owned(),
        2 => "2nd".to_owned(),
        3 => "3rd".to_owned(),
        n => format!("{n}th"),
    }
}

fn draw(data: &Data) -> Drawing {
    let images =
        data.digits.iter().map(|digit| Image { pixels: digit.pixels.clone(), caption: String::new() });
    let images = Images::new(images.collect()).columns(data.digits.len() / IMAGES).max(BLACK);
    let digits = Panel::bare().title("digits").mark(images).span(2);
    let networks = Panel::bare().title("architectures").mark(networks(data));
    let planes = data.planes.iter().map(scatter);
    let shares = data.planes.iter().map(|plane| {
        let whole = plane.test_samples;
        format!("{} every {} of {whole}", plane.data, ordinal(plane.every))
    });
    let note = format!(
        "(a) to (c): some of the test samples, {}. (c): the numbers are the classes. (d): the first images of each digit.",
        listed(shares)
    );
    Drawing::grid(DOUBLE_COLUMN_MM, PLANES.len(), planes.chain([digits, networks]).collect())
        .lettered()
        .note(note)
        .description(
            "Samples of the test sets of moons (a), circles (b) and blobs with ten classes (c); some images of each of \
             the digits (d); the four architectures, with n classes on blobs and digits (e).",
        )
}

fn scatter(plane: &Plane) -> Panel {
    let of_class = |class: usize| {
        let samples = plane.x1.iter().zip(&plane.x2).zip(&plane.class);
        samples.filter(move |(_, label)| **label as usize == class).map(|((x1, x2), _)| (*x1, *x2))
    };
    let points = (0..plane.classes).map(|class| {
        let (x, y) = of_class(class).unzip();
        Points::new(x, y).label(class.to_string()).color(Color::Series(class)).radius(0.8).opacity(0.8)
    });
    let panel = Panel::new(Axis::new("x₁"), Axis::new("x₂"))
        .title(plane.data.to_string())
        .aspect(Aspect::Equal)
        .marks(points);
    if plane.classes == 2 {
        return panel;
    }
    // Ten colours are too many to look up: each cluster bears the number of its class.
    let (x, tops): (Vec<f64>, Vec<f64>) = (0..plane.classes)
        .map(|class| {
            let n = of_class(class).count().max(1) as f64;
            let mean = of_class(class).map(|(x1, _)| x1).sum::<f64>() / n;
            (mean, of_class(class).map(|(_, x2)| x2).fold(f64::NEG_INFINITY, f64::max))
        })
        .unzip();
    let numbers = Texts::new(x, tops, (0..plane.classes).map(|class| class.to_string())).shifted(0.0, 5.0);
    panel.mark(numbers).without_legend()
}

/// Panel (e).
fn networks(data: &Data) -> slt_plot::Table {
    let mut table =
        slt_plot::Table::new(["", "Layers", "Weights"]).align([Align::Left, Align::Left, Align::Right]);
    let mut group = Some(None);
    for network in &data.architectures {
        if group.replace(network.data) != Some(network.data)
            && let Some(name) = network.data
        {
            table = table.group(format!("{name} (weights: n = 10)"));
        }
        let mut sizes: Vec<String> = network.sizes.iter().map(usize::to_string).collect();
        if let (Some(_), Some(last)) = (network.data, sizes.last_mut()) {
            *last = "n".to_owned();
        }
        table = table.row([network.code.to_owned(), sizes.join(", "), network.weights.to_string()]);
    }
    table
}

fn tabulate(data: &Data) -> Table {
    let mut table = Table::new(["data", "sample", "x1", "x2", "class"]);
    for plane in &data.planes {
        for (i, ((&x1, &x2), &class)) in plane.x1.iter().zip(&plane.x2).zip(&plane.class).enumerate() {
            let sample = (i * plane.every) as u64;
            table.push([
                plane.data.to_string().into(),
                sample.into(),
                x1.into(),
                x2.into(),
                u64::from(class).into(),
            ]);
        }
    }
    table
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_architectures_of_the_paper() {
        let networks = architectures().unwrap();
        let weights: Vec<_> = networks.iter().map(|network| (network.code, network.weights)).collect();
        assert_eq!(weights, [("A", 80), ("B", 300), ("C", 400), ("D", 2700), ("C", 1200), ("B", 5550)]);
    }

    #[test]
    fn some_images_of_each_digit() {
        let labels: Vec<u32> = some_digits().iter().map(|digit| digit.label).collect();
        assert_eq!(labels, [0, 1, 2, 3, 4, 5, 6, 7, 8, 9].repeat(IMAGES));
        assert!(
            some_digits().iter().all(|digit| digit.pixels.len() == SIDE && digit.pixels[0].len() == SIDE)
        );
    }
}
