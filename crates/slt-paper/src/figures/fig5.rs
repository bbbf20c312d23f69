//! Figure 5: edge-popup with several initialisations on moons (a) and circles (b), against the means of backpropagation.
//!
//! Beside the paper's three initialisations stand its two Kaiming ones with biases: they tell why the others fail on circles.
//! A ReLU network without biases is positively homogeneous, `f(c x) = c f(x)` for `c > 0`, so the class depends on the
//! direction of `x` alone, and two rings around the origin have the same directions.

use serde::Serialize;
use slt_datasets::paper::PaperName;
use slt_mlp::{BiasInit, Initializer, WeightInit};
use slt_plot::{
    Axis, BoxPlot, Color, Dodge, Figure as Drawing, FiveNumbers, Panel, ReferenceLine, SharedLegend,
};

use super::common::{Sample, TWO_CLASS_DATA, json, percent};
use super::{Figure, Rendered};
use crate::arm::{ARCHITECTURES, Arm, any};
use crate::method::{Method, initializers};
use crate::{EdgePopupRecord, EdgePopupSpec, Error, Plan, Protocol, Records, RunSpec, Scale, Table};

pub(super) struct Fig5;

/// Colours of the initialisations.
const COLORS: [Color; 5] =
    [Color::Series(0), Color::Series(1), Color::Series(2), Color::Series(4), Color::Series(5)];
/// How many of them come first in the legend, so that each of the others stands below its counterpart without biases.
const FIRST_IN_LEGEND: usize = 3;

/// What is drawn.
#[derive(Debug, Serialize)]
struct Data {
    figure: &'static str,
    scale: Scale,
    runs: u64,
    cells: Vec<Popups>,
    backpropagation: Vec<Trainings>,
}

/// The runs of edge-popup on one data set with one architecture and one initialisation.
#[derive(Debug, Serialize)]
struct Popups {
    data: PaperName,
    architecture: &'static str,
    initialisation: &'static str,
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

fn specs(
    plan: &Plan,
    records: &Records,
    data: PaperName,
    architecture: &'static str,
    initializer: Initializer,
) -> Result<Vec<EdgePopupSpec>, Error> {
    Arm::binary(Method::edge_popup_on(initializer), data, architecture).need_popups(
        plan,
        records,
        Protocol::Clean,
    )
}

impl Figure for Fig5 {
    fn id(&self) -> &'static str {
        "fig5"
    }

    fn title(&self) -> &'static str {
        "Edge-popup with different initialisations on moons and circles"
    }

    fn runs(&self, plan: &Plan, records: &Records) -> Result<Vec<RunSpec>, Error> {
        let mut runs = Vec::new();
        for data in TWO_CLASS_DATA {
            for architecture in ARCHITECTURES {
                for (_, initializer) in initializers() {
                    runs.extend(any(specs(plan, records, data, architecture, initializer)?));
                }
                runs.extend(Arm::binary(Method::Backpropagation, data, architecture).runs(plan, records)?);
            }
        }
        Ok(runs)
    }

    fn render(&self, plan: &Plan, records: &Records) -> Result<Rendered, Error> {
        let (mut cells, mut backpropagation) = (Vec::new(), Vec::new());
        for data in TWO_CLASS_DATA {
            for architecture in ARCHITECTURES {
                for (name, initializer) in initializers() {
                    let found = records.need_all(&specs(plan, records, data, architecture, initializer)?)?;
                    cells.push(Popups::of(data, architecture, name, initializer, &found)?);
                }
                let trained = Arm::binary(Method::Backpropagation, data, architecture);
                let values = trained.accuracies(plan, records, Protocol::Clean)?;
                backpropagation.push(Trainings { data, architecture, test_accuracy: Sample::of(values)? });
            }
        }
        let data = Data { figure: self.id(), scale: plan.scale, runs: plan.runs, cells, backpropagation };
        Ok(Rendered {
            drawing: draw(&data),
            table: tabulate(&data),
            summary: summarise(&data),
            json: json(&data),
        })
    }
}

fn draw(data: &Data) -> Drawing {
    let panels = TWO_CLASS_DATA.map(|name| boxes(data, name));
    Drawing::double_column(panels.into())
        .frame_height_mm(62.0)
        .lettered()
        .shared_legend(SharedLegend::Above)
        .description(format!(
            "Box plots of the test accuracy of {} runs of edge-popup after the last epoch, with five \
             initialisations, on moons (a) and circles (b) for four architectures; dashed: mean of backpropagation. \
             The Kaiming initialisations with biases are an addition to the paper: networks without biases \
             classify by direction alone and cannot tell concentric circles apart.",
            data.runs
        ))
}

fn boxes(data: &Data, name: PaperName) -> Panel {
    let dodge = Dodge::new(COLORS.len());
    let mut series = initializers().into_iter().zip(COLORS).enumerate().map(
        |(s, ((initialisation, initializer), color))| {
            let cells = data.cells.iter();
            let own = cells.filter(|cell| cell.data == name && cell.initialisation == initialisation);
            BoxPlot::new(
                dodge.positions(s, ARCHITECTURES.len()),
                own.map(|cell| cell.five_numbers.clone()).collect(),
            )
            .width(dodge.width())
            .label(legend_text(initializer))
            .color(color)
        },
    );
    let trained = data.backpropagation.iter().filter(|cell| cell.data == name);
    let references = trained.enumerate().map(|(i, cell)| {
        let line = ReferenceLine::horizontal(cell.test_accuracy.mean).span(i as f64 - 0.45, i as f64 + 0.45);
        line.label("Backpropagation (mean)").color(Method::Backpropagation.color())
    });
    let accuracy = Axis::new("Test accuracy (%)").percent();
    Panel::new(Axis::categories("Architecture", ARCHITECTURES), accuracy)
        .title(name.to_string())
        .marks(series.by_ref().take(FIRST_IN_LEGEND))
        .marks(references)
        .marks(series)
}

fn legend_text(initializer: Initializer) -> String {
    let weights = match initializer.weights {
        WeightInit::KaimingNormal { .. } => "Kaiming normal",
        WeightInit::SignedConstant { .. } => "signed constant",
        _ => "uniform",
    };
    let biases = if has_biases(initializer) { "with biases" } else { "no biases" };
    let ours = if is_in_paper(initializer) { "" } else { " (ours)" };
    format!("{weights}, {biases}{ours}")
}

fn tabulate(data: &Data) -> Table {
    let names = ["data", "architecture", "method", "biases", "in_paper", "epoch", "mean_epoch"];
    let mut table = Table::new(names.into_iter().chain(Sample::COLUMNS));
    let yes_or_no = |answer: bool| if answer { "yes" } else { "no" };
    for cell in &data.cells {
        let mut push = |epoch: &str, mean_epoch: Option<f64>, sample: &Sample| {
            let names = [
                cell.data.to_string().into(),
                cell.architecture.into(),
                cell.initialisation.into(),
                yes_or_no(cell.biases).into(),
                yes_or_no(cell.in_paper).into(),
                epoch.into(),
                mean_epoch.into(),
            ];
            table.push(names.into_iter().chain(sample.cells()));
        };
        push("last", None, &cell.last);
        push("best", Some(cell.best_epoch.mean), &cell.best);
    }
    for cell in &data.backpropagation {
        let names = [
            cell.data.to_string().into(),
            cell.architecture.into(),
            "backpropagation".into(),
            "yes".into(),
            "yes".into(),
            crate::Cell::Missing,
            crate::Cell::Missing,
        ];
        table.push(names.into_iter().chain(cell.test_accuracy.cells()));
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
    let means = moons.filter(of_uniform).map(|cell| percent(cell.last.mean)).collect::<Vec<_>>().join(", ");
    format!(
        "moons, uniform initialisation: mean test accuracy in % for A, B, C, D {means}; circles, Kaiming \
         initialisations: no run is further than {} points from 50 % without biases, for then the class depends on \
         the direction of the input alone; with biases, which the paper does not try, runs get up to {} points away from it",
        percent(furthest(false)),
        percent(furthest(true)),
    )
}
