//! Test accuracy over the number of classes: what figures 9 and 10 share.

use serde::Serialize;
use slt_datasets::paper::{PaperName, PaperScaling};
use slt_mlp::MetricName;
use slt_plot::{Axis, Color, DOUBLE_COLUMN_MM, Dodge, ErrorBars, Figure as Drawing, Panel};

use super::Rendered;
use super::common::{
    AXIS_END, Description, GA_RESCALED, Sample, listed, lower_end, note, percent, provenance, ticket_kind,
};
use super::published::{self, LEAD_ON_TEN_DIGITS};
use crate::arm::{self, Arm};
use crate::method::Method;
use crate::{Cell, Error, Plan, Protocol, Table};
use slt_run::{Records, RunSpec};

/// The genetic algorithm with the cross-entropy as objective, on the data as the paper scales them and
/// otherwise, beside edge-popup and backpropagation.
pub(super) struct Comparison {
    pub(super) data: PaperName,
    pub(super) classes: &'static [u32],
    /// The other scaling, and what the genetic algorithm is called there.
    pub(super) otherwise: (PaperScaling, &'static str),
}

/// What is drawn.
#[derive(Debug, Serialize)]
struct Data {
    data: PaperName,
    architecture: &'static str,
    objective: MetricName,
    series: Vec<Series>,
}

/// A method over the numbers of classes.
#[derive(Debug, Serialize)]
struct Series {
    method: &'static str,
    #[serde(skip)]
    color: Color,
    /// Of the genetic algorithm: whose description of it, on which data its tickets are chosen and pruned,
    /// and whether they are pruned after the search.
    description: Option<Description>,
    protocol: Option<Protocol>,
    pruned: Option<bool>,
    points: Vec<Point>,
}

/// Test accuracies for a number of classes.
#[derive(Debug, Serialize)]
struct Point {
    classes: u32,
    accuracy: Sample,
    /// The error bar, cut at 1: one standard deviation with `n` in the denominator to either side.
    bar: [f64; 2],
}

impl Point {
    fn of(classes: u32, accuracies: Vec<f64>) -> Result<Self, Error> {
        let accuracy = Sample::of(accuracies)?;
        let bar = [accuracy.mean - accuracy.sd_of_runs, (accuracy.mean + accuracy.sd_of_runs).min(1.0)];
        Ok(Self { classes, accuracy, bar })
    }

    /// Mean and standard deviation with `n - 1` in the denominator, in percent with one decimal: `92.1±3.1`.
    fn text(&self) -> String {
        let one = |share: f64| format!("{:.1}", 100.0 * share);
        match self.accuracy.sd {
            Some(sd) => format!("{}±{}", one(self.accuracy.mean), one(sd)),
            None => one(self.accuracy.mean),
        }
    }
}

impl Series {
    /// Whether it is in the panel of a description, which has the baselines, too.
    fn is_drawn(&self, description: Description) -> bool {
        self.description.is_none_or(|own| own == description) && self.pruned != Some(false)
    }

    fn label(&self) -> String {
        match self.protocol {
            Some(protocol) => format!("{}, {protocol}", self.method),
            None => self.method.to_owned(),
        }
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
                let searched = Description::all(plan).iter();
                arms.extend(searched.map(|text| self.arm(text.method(true), classes).scaled(scaling)));
            }
            arms.push(self.arm(Method::edge_popup(), classes));
            arms.push(self.arm(Method::Backpropagation, classes));
        }
        arm::runs(arms, plan, records)
    }

    pub(super) fn render(&self, plan: &Plan, records: &Records) -> Result<Rendered, Error> {
        let data = self.data(plan, records)?;
        let most =
            data.series.iter().filter(|series| series.is_drawn(Description::Text)).filter_map(|series| {
                let point = &series.points.last()?.accuracy;
                Some(format!("{} {} ± {} %", series.label(), percent(point.mean), percent(point.sd_of_runs)))
            });
        let lead = self.lead(plan, &data);
        let summary = format!(
            "test accuracy, {} classes: {}{}{lead}",
            self.classes.last().copied().unwrap_or_default(),
            listed(most),
            if lead.is_empty() { "" } else { "; " },
        );
        let drawing = self.draw(plan, &data);
        Ok(Rendered::of_runs(plan, &data, drawing, self.tabulate(&data), summary))
    }

    /// A sentence on the lead of edge-popup at ten digits, which the paper gives; empty for other data.
    fn lead(&self, plan: &Plan, data: &Data) -> String {
        if self.data != PaperName::Digits {
            return String::new();
        }
        let mean = |series: &Series| series.points.last().map_or(f64::NAN, |point| point.accuracy.mean);
        let label = Method::edge_popup().label();
        let popup = data.series.iter().find(|series| series.method == label).map_or(f64::NAN, mean);
        let of = |description: &Description| {
            let leads = Protocol::ALL.map(|protocol| {
                let own = |series: &&Series| {
                    series.method == "GA"
                        && series.pruned == Some(true)
                        && (series.description, series.protocol) == (Some(*description), Some(protocol))
                };
                let ga = data.series.iter().find(own).map_or(f64::NAN, mean);
                format!("{:.1} ({protocol})", 100.0 * (popup - ga)).replace('-', "−")
            });
            format!("{}: {}", description.name(), leads.join(" and "))
        };
        format!(
            "Edge-popup minus GA at 10 classes, in points, {} (published: at most about {:.0})",
            listed(Description::all(plan).iter().map(of)),
            100.0 * LEAD_ON_TEN_DIGITS
        )
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
        for &description in Description::all(plan) {
            for ((scaling, method), color) in
                self.scalings().into_iter().zip([Method::ga().color(), GA_RESCALED])
            {
                for pruned in [false, true] {
                    for protocol in Protocol::ALL {
                        series.push(Series {
                            method,
                            color,
                            description: Some(description),
                            protocol: Some(protocol),
                            pruned: Some(pruned),
                            points: points(description.method(pruned), scaling, protocol)?,
                        });
                    }
                }
            }
        }
        for method in [Method::edge_popup(), Method::Backpropagation] {
            let points = points(method, PaperScaling::Paper, Protocol::Clean)?;
            let (label, color) = (method.label(), method.color());
            let (description, protocol, pruned) = (None, None, None);
            series.push(Series { method: label, color, description, protocol, pruned, points });
        }
        Ok(Data {
            data: self.data,
            architecture: self.architecture(),
            objective: MetricName::CrossEntropy,
            series,
        })
    }

    fn draw(&self, plan: &Plan, data: &Data) -> Drawing {
        let descriptions = Description::all(plan);
        let drawn = |series: &&Series| descriptions.iter().any(|&text| series.is_drawn(text));
        let low = lower_end(
            data.series.iter().filter(drawn).flat_map(|series| &series.points).map(|point| point.bar[0]),
        );
        let accuracies = descriptions.iter().map(|&description| self.accuracies(data, description, low));
        let title = "Test accuracy of tickets of k classes: mean ± standard deviation (n − 1 in the denominator) in %";
        let numbers = Panel::bare().title(title).mark(self.numbers(plan, data));
        let note = note([
            provenance(plan, &Protocol::ALL),
            "Bars: one standard deviation (n in the denominator) to either side; an arrowhead where one is cropped at 100 %."
                .to_owned(),
            self.lead(plan, data),
        ]);
        Drawing::grid(DOUBLE_COLUMN_MM, 1, accuracies.chain([numbers]).collect())
            .frame_height_mm(43.0)
            .lettered()
            .shared_legend()
            .note(note)
            .description(format!(
                "Mean test accuracy and standard deviation of {} runs on {} by number of classes, architecture {}, drawn and \
                 in numbers, for tickets chosen and pruned on training data and on test data.",
                plan.runs, data.data, data.architecture
            ))
    }

    fn accuracies(&self, data: &Data, description: Description, low: f64) -> Panel {
        let drawn: Vec<&Series> = data.series.iter().filter(|series| series.is_drawn(description)).collect();
        let (dodge, n) = (Dodge::new(drawn.len()), self.classes.len());
        let marks = drawn.iter().enumerate().map(|(s, series)| {
            let of = |value: fn(&Sample) -> f64| {
                series.points.iter().map(|point| value(&point.accuracy)).collect::<Vec<f64>>()
            };
            let (low, high) = (of(|of| of.mean - of.sd_of_runs), of(|of| of.mean + of.sd_of_runs));
            let bars = ErrorBars::new(dodge.positions(s, n), of(|of| of.mean), low, high)
                .label(series.label())
                .color(series.color)
                .cropped_at(1.0);
            if series.protocol == Some(Protocol::Paper) { bars.hollow() } else { bars }
        });
        let names = self.classes.iter().map(u32::to_string);
        let y = Axis::new("Mean test accuracy (%)").percent().range(low, AXIS_END);
        Panel::new(Axis::categories("Classes", names), y)
            .title(format!("{}: {}", data.data, description.words()))
            .marks(marks)
    }

    /// The means of the three tickets, a row for each number of classes.
    fn numbers(&self, plan: &Plan, data: &Data) -> slt_plot::Table {
        let [(_, ga), (_, otherwise)] = self.scalings();
        // Columns are narrow.
        let otherwise = otherwise.replace("normalized", "nor-\nmalized");
        let tickets = |name: &str| ["not pruned", "clean", "paper"].map(|kind| format!("{name}\n{kind}"));
        let header = ["k".to_owned()]
            .into_iter()
            .chain(tickets(&format!("{ga},")))
            .chain(tickets(&otherwise))
            .chain(["EP\n(50%)".to_owned(), "Back-\npropagation".to_owned()]);
        let mut table = slt_plot::Table::new(header);
        let texts = |description, i: usize| {
            let own = data.series.iter().filter(move |series| {
                let unpruned_twice = series.pruned == Some(false) && series.protocol == Some(Protocol::Paper);
                series.description.is_none_or(|own| own == description) && !unpruned_twice
            });
            own.map(move |series| series.points[i].text())
        };
        for &description in Description::all(plan) {
            table = table.group(description.words());
            for (i, classes) in self.classes.iter().enumerate() {
                table = table.row(std::iter::once(classes.to_string()).chain(texts(description, i)));
            }
        }
        table
    }

    fn tabulate(&self, data: &Data) -> Table {
        let keys = ["method", "description", "protocol", "ticket", "classes"];
        let bar = ["bar_low", "bar_high"];
        let columns = keys.into_iter().chain(Sample::COLUMNS).chain(bar).chain(published::COLUMNS);
        let mut table = Table::new(columns);
        let baselines = [Method::edge_popup(), Method::Backpropagation];
        for series in &data.series {
            let published = baselines.into_iter().find(|method| method.label() == series.method);
            let published = published.and_then(|method| published::many_classes(self.data, method));
            let ticket = series.pruned.zip(series.protocol).map(|(pruned, by)| ticket_kind(pruned, by));
            for point in &series.points {
                let keys: [Cell; 5] = [
                    series.method.into(),
                    series.description.map(Description::name).into(),
                    series.protocol.map(Protocol::name).into(),
                    ticket.into(),
                    u64::from(point.classes).into(),
                ];
                let row = keys.into_iter().chain(point.accuracy.cells()).chain(point.bar.map(Cell::from));
                table.push(row.chain(published::cells(published)));
            }
        }
        table
    }
}
