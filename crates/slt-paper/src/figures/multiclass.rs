//! Test accuracy over the number of classes: what figures 9 and 10 share.

use serde::Serialize;
use slt_datasets::paper::{PaperName, PaperScaling};
use slt_mlp::Metric;
use slt_plot::{Axis, DOUBLE_COLUMN_MM, Dodge, ErrorBars, Figure as Drawing, LegendPosition, Panel};

use super::Rendered;
use super::common::{GA_RESCALED, Sample, json, percent};
use crate::arm::{self, Arm};
use crate::method::Method;
use crate::{Cell, Error, Plan, Protocol, Records, RunSpec, Scale, Table};

/// The lowest accuracy of the axis, if no mean is below it, and the end above 100 % that leaves room for markers.
const AXIS: (f64, f64) = (0.7, 1.005);

/// The genetic algorithm with the cross-entropy as objective, on the data as the paper scales them and otherwise, beside
/// edge-popup and backpropagation.
pub(super) struct Comparison {
    /// The name of the figure.
    pub(super) figure: &'static str,
    pub(super) data: PaperName,
    pub(super) classes: &'static [u32],
    /// The other scaling, and what the genetic algorithm is called there.
    pub(super) otherwise: (PaperScaling, &'static str),
}

/// What is drawn.
#[derive(Debug, Serialize)]
struct Data {
    figure: &'static str,
    scale: Scale,
    runs: u64,
    data: PaperName,
    architecture: &'static str,
    objective: Metric,
    series: Vec<Series>,
}

/// A method over the numbers of classes.
#[derive(Debug, Serialize)]
struct Series {
    method: &'static str,
    /// Of the genetic algorithm: on which data its tickets are chosen and pruned.
    protocol: Option<Protocol>,
    /// Of the genetic algorithm: whether its tickets are pruned after the search.
    pruned: Option<bool>,
    points: Vec<Point>,
}

/// Test accuracies for a number of classes.
#[derive(Debug, Serialize)]
struct Point {
    classes: u32,
    accuracy: Sample,
    /// Standard deviation with `n` in the denominator: half the length of the error bar.
    sd_of_runs: f64,
    /// The error bar, cut at 1.
    bar: [f64; 2],
}

impl Point {
    fn of(classes: u32, accuracies: Vec<f64>) -> Result<Self, Error> {
        let sd_of_runs = slt_stats::sd(&accuracies, 0)?;
        let accuracy = Sample::of(accuracies)?;
        let bar = [accuracy.mean - sd_of_runs, (accuracy.mean + sd_of_runs).min(1.0)];
        Ok(Self { classes, accuracy, sd_of_runs, bar })
    }

    fn text(&self) -> String {
        format!("{} ± {}", percent(self.accuracy.mean), percent(self.sd_of_runs))
    }
}

impl Series {
    fn is_drawn(&self) -> bool {
        self.protocol.is_none_or(|protocol| protocol == Protocol::Clean) && self.pruned != Some(false)
    }
}

impl Comparison {
    /// The scalings with the names of the genetic algorithm.
    fn scalings(&self) -> [(PaperScaling, &'static str); 2] {
        [(PaperScaling::Paper, "GA"), self.otherwise]
    }

    fn architecture(&self) -> &'static str {
        arm::usual_architecture(self.data)
    }

    fn arm(&self, method: Method, classes: u32) -> Arm {
        Arm::classes(method, self.data, classes)
    }

    pub(super) fn runs(&self, plan: &Plan, records: &Records) -> Result<Vec<RunSpec>, Error> {
        let mut arms = Vec::new();
        for &classes in self.classes {
            for (scaling, _) in self.scalings() {
                arms.push(self.arm(Method::ga_loss_pruned(), classes).scaled(scaling));
            }
            arms.push(self.arm(Method::edge_popup(), classes));
            arms.push(self.arm(Method::Backpropagation, classes));
        }
        arm::runs(&arms, plan, records)
    }

    pub(super) fn render(&self, plan: &Plan, records: &Records) -> Result<Rendered, Error> {
        let data = self.data(plan, records)?;
        let most = data.series.iter().filter(|series| series.is_drawn()).filter_map(|series| {
            series.points.last().map(|point| format!("{} {} %", series.method, point.text()))
        });
        let summary = format!(
            "test accuracy, {} classes: {}",
            self.classes.last().copied().unwrap_or_default(),
            most.collect::<Vec<_>>().join(", ")
        );
        Ok(Rendered { drawing: self.draw(&data), table: tabulate(&data), json: json(&data), summary })
    }

    fn data(&self, plan: &Plan, records: &Records) -> Result<Data, Error> {
        let points = |method, scaling, protocol| {
            let point = |&classes: &u32| {
                let arm = self.arm(method, classes).scaled(scaling);
                Point::of(classes, arm.accuracies(plan, records, protocol)?)
            };
            self.classes.iter().map(point).collect::<Result<Vec<Point>, Error>>()
        };
        let mut series = Vec::new();
        for protocol in Protocol::ALL {
            for (scaling, method) in self.scalings() {
                for pruned in [true, false] {
                    let searched = if pruned { Method::ga_loss_pruned() } else { Method::ga_loss() };
                    let points = points(searched, scaling, protocol)?;
                    let (protocol, pruned) = (Some(protocol), Some(pruned));
                    series.push(Series { method, protocol, pruned, points });
                }
            }
        }
        for method in [Method::edge_popup(), Method::Backpropagation] {
            let points = points(method, PaperScaling::Paper, Protocol::Clean)?;
            series.push(Series { method: method.label(), protocol: None, pruned: None, points });
        }
        Ok(Data {
            figure: self.figure,
            scale: plan.scale,
            runs: plan.runs,
            data: self.data,
            architecture: self.architecture(),
            objective: Metric::CrossEntropy,
            series,
        })
    }

    fn draw(&self, data: &Data) -> Drawing {
        let [ga, edge_popup, trained] =
            [Method::ga(), Method::edge_popup(), Method::Backpropagation].map(Method::color);
        let colors = [ga, GA_RESCALED, edge_popup, trained];
        let drawn: Vec<&Series> = data.series.iter().filter(|series| series.is_drawn()).collect();
        let (dodge, n) = (Dodge::new(drawn.len()), self.classes.len());
        let marks = drawn.iter().zip(colors).enumerate().map(|(s, (series, color))| {
            let of = |value: fn(&Point) -> f64| series.points.iter().map(value).collect::<Vec<f64>>();
            let (low, high) = (of(|point| point.bar[0]), of(|point| point.bar[1]));
            ErrorBars::new(dodge.positions(s, n), of(|point| point.accuracy.mean), low, high)
                .label(series.method)
                .color(color)
        });
        let names = self.classes.iter().map(u32::to_string);
        let low = lower_end(drawn.iter().flat_map(|series| &series.points));
        let accuracies = Panel::new(
            Axis::categories("Classes", names),
            Axis::new("Mean test accuracy (%)").percent().range(low, AXIS.1),
        )
        .title(data.data.to_string())
        .marks(marks)
        .legend(LegendPosition::Above);
        let numbers =
            Panel::bare().title("Test accuracy, mean ± standard deviation (%)").mark(self.numbers(data));
        Drawing::grid(DOUBLE_COLUMN_MM, 1, vec![accuracies, numbers])
            .frame_height_mm(58.0)
            .lettered()
            .description(format!(
                "Mean test accuracy and standard deviation of {} runs on {} by number of classes, architecture {}, \
                 (a) drawn and (b) in numbers.",
                data.runs, data.data, data.architecture
            ))
    }

    /// The means in both protocols, a row for each number of classes.
    fn numbers(&self, data: &Data) -> slt_plot::Table {
        let [(_, ga), (_, otherwise)] = self.scalings();
        let unpruned = |name: &str| format!("{name},\nnot pruned");
        let header = [
            "Classes".to_owned(),
            ga.to_owned(),
            unpruned(ga),
            otherwise.to_owned(),
            unpruned(otherwise),
            "EP (50%)".to_owned(),
            "Backpropagation".to_owned(),
        ];
        let mut table = slt_plot::Table::new(header);
        for protocol in Protocol::ALL {
            table = table.group(match protocol {
                Protocol::Clean => "Tickets chosen and pruned on training data",
                Protocol::Paper => "Tickets chosen and pruned on test data, as in the published reference",
            });
            for (i, classes) in self.classes.iter().enumerate() {
                let columns =
                    data.series.iter().filter(|series| series.protocol.is_none_or(|p| p == protocol));
                let texts = columns.map(|series| series.points[i].text());
                table = table.row(std::iter::once(classes.to_string()).chain(texts));
            }
        }
        table
    }
}

/// 70 % where no mean is below it, else the ten percent below the lowest end of a bar.
fn lower_end<'a>(points: impl Iterator<Item = &'a Point> + Clone) -> f64 {
    if points.clone().all(|point| point.accuracy.mean >= AXIS.0) {
        return AXIS.0;
    }
    let lowest = points.map(|point| point.bar[0]).fold(f64::INFINITY, f64::min);
    ((10.0 * lowest).floor() / 10.0).max(0.0)
}

fn tabulate(data: &Data) -> Table {
    let keys = ["method", "protocol", "pruned", "classes"];
    let bar = ["sd_of_runs", "bar_low", "bar_high"];
    let mut table = Table::new(keys.into_iter().chain(Sample::COLUMNS).chain(bar));
    for series in &data.series {
        for point in &series.points {
            let keys: [Cell; 4] = [
                series.method.into(),
                series.protocol.map(Protocol::name).into(),
                series.pruned.map(|pruned| if pruned { "yes" } else { "no" }).into(),
                u64::from(point.classes).into(),
            ];
            let bar = [point.sd_of_runs, point.bar[0], point.bar[1]].map(Cell::from);
            table.push(keys.into_iter().chain(point.accuracy.cells()).chain(bar));
        }
    }
    table
}
