//! Figure 3: the genetic algorithm on moons (a) and circles (b), with and without the adaptive accuracy bound, against
//! training by backpropagation; the means (c).

use serde::Serialize;
use slt_datasets::paper::PaperName;
use slt_plot::{
    Align, Axis, BoxPlot, DOUBLE_COLUMN_MM, Dodge, Figure as Drawing, FiveNumbers, Panel, ReferenceLine,
    SharedLegend,
};

use super::common::{Sample, TWO_CLASS_DATA, json, percent};
use super::{Figure, Rendered};
use crate::arm::{ARCHITECTURES, Arm};
use crate::method::Method;
use crate::{Error, Plan, Protocol, Records, RunSpec, Scale, Table};

pub(super) struct Fig3;

fn methods() -> [Method; 3] {
    [Method::ga(), Method::ga_ab(), Method::Backpropagation]
}

/// Those that have boxes.
fn boxed() -> [Method; 2] {
    [Method::ga(), Method::ga_ab()]
}

/// Half the length of the line of a reference, in categories.
const REFERENCE: f64 = 0.42;

/// What is drawn.
#[derive(Debug, Serialize)]
struct Data {
    figure: &'static str,
    scale: Scale,
    runs: u64,
    /// The protocol of the panels (a) and (b).
    drawn: Protocol,
    cells: Vec<Accuracies>,
}

/// The test accuracies of a method on one data set with one architecture.
#[derive(Debug, Serialize)]
struct Accuracies {
    data: PaperName,
    architecture: &'static str,
    method: Method,
    /// None where it changes nothing.
    protocol: Option<Protocol>,
    test_accuracy: Sample,
    #[serde(rename = "box")]
    five_numbers: FiveNumbers,
}

impl Data {
    fn cell(
        &self,
        data: PaperName,
        architecture: &str,
        method: Method,
        protocol: Protocol,
    ) -> Option<&Accuracies> {
        self.cells.iter().find(|cell| {
            (cell.data, cell.architecture, cell.method) == (data, architecture, method)
                && cell.protocol.is_none_or(|own| own == protocol)
        })
    }

    fn means(&self, data: PaperName, method: Method, protocol: Protocol) -> Vec<f64> {
        let cells = ARCHITECTURES.iter().filter_map(|letter| self.cell(data, letter, method, protocol));
        cells.map(|cell| cell.test_accuracy.mean).collect()
    }
}

impl Figure for Fig3 {
    fn id(&self) -> &'static str {
        "fig3"
    }

    fn title(&self) -> &'static str {
        "Test accuracy of the genetic algorithm on moons and circles"
    }

    fn runs(&self, plan: &Plan, records: &Records) -> Result<Vec<RunSpec>, Error> {
        let mut runs = Vec::new();
        for data in TWO_CLASS_DATA {
            for architecture in ARCHITECTURES {
                for method in methods() {
                    runs.extend(Arm::binary(method, data, architecture).runs(plan, records)?);
                }
            }
        }
        Ok(runs)
    }

    fn render(&self, plan: &Plan, records: &Records) -> Result<Rendered, Error> {
        let mut cells = Vec::new();
        for data in TWO_CLASS_DATA {
            for architecture in ARCHITECTURES {
                for method in methods() {
                    let protocols =
                        if method.has_protocols() { &Protocol::ALL[..] } else { &[Protocol::Clean] };
                    for &protocol in protocols {
                        let values =
                            Arm::binary(method, data, architecture).accuracies(plan, records, protocol)?;
                        let test_accuracy = Sample::of(values)?;
                        cells.push(Accuracies {
                            data,
                            architecture,
                            method,
                            protocol: method.has_protocols().then_some(protocol),
                            five_numbers: test_accuracy.five_numbers()?,
                            test_accuracy,
                        });
                    }
                }
            }
        }
        let drawn = Protocol::Clean;
        let data = Data { figure: self.id(), scale: plan.scale, runs: plan.runs, drawn, cells };
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
    let means = Panel::bare().title("Mean test accuracy ± standard deviation (%)").mark(means(data)).span(2);
    Drawing::grid(DOUBLE_COLUMN_MM, 2, panels.into_iter().chain([means]).collect())
        .lettered()
        .shared_legend(SharedLegend::Above)
        .description(format!(
            "Box plots of the test accuracy of {} runs of the genetic algorithm, with and without adaptive \
             accuracy bound, on moons (a) and circles (b) for four architectures; dashed: mean of \
             backpropagation. (c) Means and standard deviations.",
            data.runs
        ))
}

fn boxes(data: &Data, name: PaperName) -> Panel {
    let dodge = Dodge::new(boxed().len());
    let clean = |letter, method| data.cell(name, letter, method, Protocol::Clean);
    let series = boxed().into_iter().enumerate().map(|(s, method)| {
        let cells = ARCHITECTURES.iter().filter_map(|letter| clean(letter, method));
        BoxPlot::new(
            dodge.positions(s, ARCHITECTURES.len()),
            cells.map(|cell| cell.five_numbers.clone()).collect(),
        )
        .width(dodge.width())
        .label(method.label())
        .color(method.color())
    });
    let trained = data.means(name, Method::Backpropagation, Protocol::Clean);
    let references = trained.into_iter().enumerate().map(|(i, mean)| {
        let line = ReferenceLine::horizontal(mean).span(i as f64 - REFERENCE, i as f64 + REFERENCE);
        line.label("Backpropagation (mean)").color(Method::Backpropagation.color())
    });
    let accuracy = Axis::new("Test accuracy (%)").percent();
    Panel::new(Axis::categories("Architecture", ARCHITECTURES), accuracy)
        .title(name.to_string())
        .marks(series)
        .marks(references)
}

/// Panel (c).
fn means(data: &Data) -> slt_plot::Table {
    let header = ["Method"].into_iter().chain(ARCHITECTURES);
    let aligned = std::iter::once(Align::Left).chain([Align::Right; ARCHITECTURES.len()]);
    let mut table = slt_plot::Table::new(header).align(aligned);
    for name in TWO_CLASS_DATA {
        table = table.group(name.to_string());
        for method in methods() {
            for protocol in Protocol::ALL {
                let label = match (method.has_protocols(), protocol) {
                    (true, Protocol::Paper) => format!("{}, chosen on test data", method.label()),
                    (false, Protocol::Paper) => continue,
                    (_, Protocol::Clean) => method.label().to_owned(),
                };
                let cells = ARCHITECTURES.iter().map(|letter| {
                    let cell = data.cell(name, letter, method, protocol);
                    cell.map(|cell| cell.test_accuracy.mean_and_sd()).unwrap_or_default()
                });
                table = table.row(std::iter::once(label).chain(cells));
            }
        }
    }
    table
}

fn tabulate(data: &Data) -> Table {
    let names = ["data", "architecture", "method", "protocol"];
    let quartiles = ["q1", "q3", "whisker_low", "whisker_high"];
    let mut table = Table::new(names.into_iter().chain(Sample::COLUMNS).chain(quartiles));
    for cell in &data.cells {
        let FiveNumbers { q1, q3, whisker_low, whisker_high, .. } = cell.five_numbers;
        let names = [
            cell.data.to_string().into(),
            cell.architecture.into(),
            cell.method.label().into(),
            cell.protocol.map(Protocol::name).into(),
        ];
        let quartiles = [q1, q3, whisker_low, whisker_high].map(Into::into);
        table.push(names.into_iter().chain(cell.test_accuracy.cells()).chain(quartiles));
    }
    table
}

fn summarise(data: &Data) -> String {
    let sentence = |name: PaperName| {
        let from_a_to_d = |method| {
            let means = data.means(name, method, Protocol::Clean);
            means.into_iter().map(percent).collect::<Vec<_>>().join(", ")
        };
        let [ga, ab, trained] = methods().map(from_a_to_d);
        format!("{name}: GA {ga}, with the bound {ab}, backpropagation {trained}")
    };
    let [moons, circles] = TWO_CLASS_DATA.map(sentence);
    format!("mean test accuracy in % of {} runs for A, B, C, D: {moons}; {circles}", data.runs)
}
