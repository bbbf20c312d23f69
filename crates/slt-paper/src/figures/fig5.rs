//! Figure 5: edge-popup with several initialisations on moons (a) and circles (b), against the means of
//! backpropagation.
//!
//! Beside the paper's three initialisations stand its two Kaiming ones with biases: they tell why the others
//! fail on circles. A ReLU network without biases is positively homogeneous, `f(c x) = c f(x)` for `c > 0`,
//! so the class depends on the direction of `x` alone, and two rings around the origin have the same
//! directions.

use serde::Serialize;
use slt_datasets::paper::PaperName;
use slt_mlp::{BiasInit, Initializer, WeightInit};
use slt_plot::{Axis, Color, DOUBLE_COLUMN_MM, Figure as Drawing, FiveNumbers, Panel};

use super::common::{Sample, TWO_CLASS_DATA, listed, note, percent, provenance, two_class_networks};
use super::published;
use super::spread::{Spread, shown, spread, trained};
use super::{Figure, Rendered};
use crate::arm::{self, ARCHITECTURES, Arm};
use crate::method::{Method, initializers};
use crate::{Cell, Error, Plan, Protocol, Table};
use slt_run::{EdgePopupRecord, Records, RunSpec};

pub(super) const FIGURE: Figure = Figure {
    id: "fig5",
    title: "Edge-popup with different initialisations on moons and circles",
    caption: "Edge-popup with three initialisations on moons and circles. Uniform weights and biases are best on the larger \
             networks; on circles, both Kaiming initialisations stay at 50 %.",
    in_paper: true,
    runs,
    render,
};

/// Colours of the laws that weights are drawn from.
const COLORS: [(&str, Color); 3] = [
    ("uniform", Color::Series(0)),
    ("Kaiming normal", Color::Series(1)),
    ("signed constant", Color::Series(2)),
];

/// What is drawn.
#[derive(Debug, Serialize)]
struct Data {
    cells: Vec<Popups>,
    backpropagation: Vec<Trainings>,
}

/// The runs of edge-popup on one data set with one architecture and one initialisation.
#[derive(Debug, Serialize)]
struct Popups {
    data: PaperName,
    architecture: &'static str,
    initialisation: &'static str,
    /// The law of its weights.
    weights: &'static str,
    biases: bool,
    /// Whether the paper has it, too.
    in_paper: bool,
    /// Test accuracy after the last epoch: what is drawn.
    last: Sample,
    /// Test accuracy after the epoch in which it is highest, a choice made on test data, and that epoch.
    best: Sample,
    best_epoch: Sample,
    #[serde(rename = "box")]
    five_numbers: FiveNumbers,
}

/// Training on one data set with one architecture.
#[derive(Debug, Serialize)]
struct Trainings {
    data: PaperName,
    architecture: &'static str,
    test_accuracy: Sample,
}

impl Popups {
    fn of(
        data: PaperName,
        architecture: &'static str,
        initialisation: &'static str,
        initializer: Initializer,
        records: &[&EdgePopupRecord],
    ) -> Result<Self, Error> {
        let sample = |value: fn(&EdgePopupRecord) -> f64| {
            Sample::of(records.iter().map(|record| value(record)).collect())
        };
        let last = sample(|record| record.last.test_accuracy)?;
        let biases = has_biases(initializer);
        Ok(Self {
            data,
            architecture,
            initialisation,
            weights: law(initializer),
            biases,
            in_paper: is_in_paper(initializer),
            five_numbers: last.five_numbers()?,
            last,
            best: sample(|record| record.best.test_accuracy)?,
            best_epoch: sample(|record| record.best.epoch as f64)?,
        })
    }
}

fn has_biases(initializer: Initializer) -> bool {
    !matches!(initializer.biases, BiasInit::Zero)
}

/// The paper's Kaiming initialisations have no biases, its uniform one has.
fn is_in_paper(initializer: Initializer) -> bool {
    matches!(initializer.weights, WeightInit::Uniform) == has_biases(initializer)
}

fn arm(data: PaperName, architecture: &'static str, initializer: Initializer) -> Arm {
    Arm::binary(Method::edge_popup_on(initializer), data, architecture)
}

fn runs(plan: &Plan, records: &Records) -> Result<Vec<RunSpec>, Error> {
    let arms = two_class_networks().flat_map(|(data, letter)| {
        let popups = initializers().map(|(_, initializer)| arm(data, letter, initializer));
        popups.into_iter().chain([Arm::binary(Method::Backpropagation, data, letter)])
    });
    arm::runs(arms, plan, records)
}

fn render(plan: &Plan, records: &Records) -> Result<Rendered, Error> {
    let (mut cells, mut backpropagation) = (Vec::new(), Vec::new());
    for (data, architecture) in two_class_networks() {
        for (name, initializer) in initializers() {
            let specs = arm(data, architecture, initializer).need_popups(plan, records, Protocol::Clean)?;
            let found = records.need_all(&specs)?;
            cells.push(Popups::of(data, architecture, name, initializer, &found)?);
        }
        let trained = Arm::binary(Method::Backpropagation, data, architecture);
        let test_accuracy = Sample::of(trained.accuracies(plan, records, Protocol::Clean)?)?;
        backpropagation.push(Trainings { data, architecture, test_accuracy });
    }
    let data = Data { cells, backpropagation };
    Ok(Rendered::of_runs(plan, &data, draw(plan, &data)?, tabulate(&data), summarise(&data)))
}

fn draw(plan: &Plan, data: &Data) -> Result<Drawing, Error> {
    let panels = ROWS.into_iter().flat_map(|row| TWO_CLASS_DATA.map(|name| accuracies(data, name, row)));
    let note = note([
        format!("{}; {}, after the last epoch", provenance(plan, &[]), shown(plan)),
        "(c) and (d) are ours: the same laws of the weights, all networks with biases from U[−1, 1]. One scale in all panels (the \
         paper's: 25 to 110 %)."
            .to_owned(),
    ]);
    Ok(Drawing::grid(DOUBLE_COLUMN_MM, 2, panels.collect::<Result<_, _>>()?)
        .frame_height_mm(50.0)
        .lettered()
        .shared_legend()
        .note(note)
        .description(format!(
            "Test accuracy of {} runs of edge-popup after the last epoch on moons and circles for four architectures, with \
             three laws of the weights: (a, b) as published, Kaiming initialisations without biases, (c, d) all with \
             biases; dashed: mean of backpropagation. The second row is an addition to the paper: networks without biases \
             classify by direction alone and cannot tell concentric circles apart.",
            plan.runs
        )))
}

/// A row of panels: what is said of it, and what is in it.
type Row = (&'static str, fn(&Popups) -> bool);

const ROWS: [Row; 2] = [
    ("as published, Kaiming without biases", |cell| cell.in_paper),
    ("all with biases (ours)", |cell| cell.biases),
];

fn accuracies(data: &Data, name: PaperName, (words, has): Row) -> Result<Panel, Error> {
    let kinds = COLORS.map(|(weights, color)| {
        let own = |cell: &&Popups| cell.data == name && cell.weights == weights && has(cell);
        Spread {
            samples: data.cells.iter().filter(own).map(|cell| &cell.last).collect(),
            label: format!("{weights} weights"),
            color,
            hollow: false,
        }
    });
    let marks = spread(&kinds, |accuracy| accuracy)?;
    let means = data.backpropagation.iter().filter(|cell| cell.data == name);
    let means = means.map(|cell| cell.test_accuracy.mean).collect();
    let lows = data.cells.iter().map(|cell| cell.last.min);
    let low = (20.0 * lows.fold(0.5, f64::min) - 0.5).floor() / 20.0;
    let y = Axis::new("Test accuracy (%)").percent().range(low, 1.02);
    Ok(Panel::new(Axis::categories("Architecture", ARCHITECTURES), y)
        .title(format!("{name}: {words}"))
        .marks(marks)
        .marks(trained(means)))
}

/// The law of the weights: the uniform one, and the two of Kaiming's.
fn law(initializer: Initializer) -> &'static str {
    match initializer.weights {
        WeightInit::KaimingNormal { .. } => "Kaiming normal",
        WeightInit::SignedConstant { .. } => "signed constant",
        _ => "uniform",
    }
}

fn tabulate(data: &Data) -> Table {
    let names = ["data", "architecture", "method", "biases", "in_paper", "epoch", "mean_epoch"];
    let mut table = Table::new(names.into_iter().chain(Sample::COLUMNS).chain(published::COLUMNS));
    for cell in &data.cells {
        let mut push = |epoch: &str, mean_epoch: Option<f64>, sample: &Sample| {
            let names = [
                cell.data.to_string().into(),
                cell.architecture.into(),
                cell.initialisation.into(),
                cell.biases.into(),
                cell.in_paper.into(),
                epoch.into(),
                mean_epoch.into(),
            ];
            let published = published::edge_popup(cell.data, cell.biases).filter(|_| epoch == "last");
            table.push(names.into_iter().chain(sample.cells()).chain(published::cells(published)));
        };
        push("last", None, &cell.last);
        push("best", Some(cell.best_epoch.mean), &cell.best);
    }
    for cell in &data.backpropagation {
        let names = [
            cell.data.to_string().into(),
            cell.architecture.into(),
            "backpropagation".into(),
            true.into(),
            true.into(),
            Cell::Missing,
            Cell::Missing,
        ];
        let published = published::binary(cell.data, cell.architecture, Method::Backpropagation);
        table.push(names.into_iter().chain(cell.test_accuracy.cells()).chain(published::cells(published)));
    }
    table
}

fn summarise(data: &Data) -> String {
    // Without biases, the distance from 50 % of the run that is furthest from it.
    let furthest = |biases: bool| {
        let circles = data.cells.iter().filter(|cell| cell.data == PaperName::Circles);
        let kaiming = circles.filter(|cell| cell.biases == biases && cell.in_paper != biases);
        kaiming
            .flat_map(|cell| [cell.last.min, cell.last.max])
            .map(|value| (value - 0.5).abs())
            .fold(0.0, f64::max)
    };
    let of_uniform = |cell: &&Popups| cell.in_paper && cell.biases;
    let moons = data.cells.iter().filter(|cell| cell.data == PaperName::Moons);
    let means = listed(moons.filter(of_uniform).map(|cell| percent(cell.last.mean)));
    format!(
        "moons, uniform initialisation: mean test accuracy in % for A, B, C, D {means}; circles, Kaiming \
         initialisations: no run is further than {} points from 50 % without biases, for then the class depends on \
         the direction of the input alone; with biases, which the paper does not try, runs get up to {} points away from it",
        percent(furthest(false)),
        percent(furthest(true)),
    )
}
