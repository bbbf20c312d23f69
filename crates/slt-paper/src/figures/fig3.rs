//! Figure 3: the genetic algorithm on moons (a) and circles (b), with and without the adaptive accuracy
//! bound, against training by backpropagation; the means (c).

use serde::Serialize;
use slt_datasets::paper::PaperName;
use slt_plot::{
    Align, Axis, Color, DOUBLE_COLUMN_MM, Dodge, Figure as Drawing, FiveNumbers, Marker, Panel, Points,
};

use super::common::{
    QUARTILES, Sample, TWO_CLASS_DATA, listed, note, percent, place_of, provenance, quartiles, ticket_kind,
    two_class_networks,
};
use super::dead::{self, Dead};
use super::published::{self, Published};
use super::spread::{Spread, shown, spread, trained};
use super::{Figure, Rendered};
use crate::arm::{self, ARCHITECTURES, Arm};
use crate::method::Method;
use crate::{Error, Plan, Protocol, Table};
use slt_run::{Records, RunSpec};

pub(super) const FIGURE: Figure = Figure {
    id: "fig3",
    title: "Test accuracy of the genetic algorithm on moons and circles",
    caption: "Test accuracies on moons (a) and circles (b) for A to D, of GA and GA (adaptive AB), with backpropagation as \
             reference; (c) the means. The accuracy grows with the size of the network; on moons, D reaches about 100 %.",
    in_paper: true,
    runs,
    render,
};

fn methods() -> [Method; 3] {
    [Method::ga(), Method::ga_ab(), Method::Backpropagation]
}

/// Those whose runs are drawn.
fn searched() -> [Method; 2] {
    [Method::ga(), Method::ga_ab()]
}

/// What is drawn.
#[derive(Debug, Serialize)]
struct Data {
    /// The protocol of the panels (a) and (b).
    drawn: Protocol,
    cells: Vec<Accuracies>,
    /// Of the protocol that is drawn.
    dead: Vec<Dead>,
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

fn runs(plan: &Plan, records: &Records) -> Result<Vec<RunSpec>, Error> {
    let arms = two_class_networks()
        .flat_map(|(data, letter)| methods().map(|method| Arm::binary(method, data, letter)));
    arm::runs(arms, plan, records)
}

fn render(plan: &Plan, records: &Records) -> Result<Rendered, Error> {
    let mut cells = Vec::new();
    for (data, architecture) in two_class_networks() {
        for method in methods() {
            let protocols = if method.has_protocols() { &Protocol::ALL[..] } else { &[Protocol::Clean] };
            for &protocol in protocols {
                let arm = Arm::binary(method, data, architecture);
                let test_accuracy = Sample::of(arm.accuracies(plan, records, protocol)?)?;
                let five_numbers = test_accuracy.five_numbers()?;
                let protocol = method.has_protocols().then_some(protocol);
                cells.push(Accuracies { data, architecture, method, protocol, test_accuracy, five_numbers });
            }
        }
    }
    let data = Data { drawn: Protocol::Clean, cells, dead: Dead::all(plan, records, Protocol::Clean)? };
    Ok(Rendered::of_runs(plan, &data, draw(plan, &data)?, tabulate(&data), summarise(plan, &data)))
}

fn draw(plan: &Plan, data: &Data) -> Result<Drawing, Error> {
    let panels = TWO_CLASS_DATA.map(|name| accuracies(data, name));
    let panels = panels.into_iter().collect::<Result<Vec<_>, _>>()?;
    let title = "Test accuracy in %: mean ± standard deviation (n in the denominator), median in brackets";
    let means = Panel::bare().title(title).mark(means(data)).span(2);
    let note = note([
        format!("{}; {}", provenance(plan, &[data.drawn]), shown(plan)),
        "Both axes are stretched towards 100 %: equal steps divide what is missing to it by the same factor; 100 % is drawn \
         half a test sample below. (a) and (b) do not span the same range; those of the paper are linear, both from 25 to \
         110 %."
            .to_owned(),
        dead::sentence(&data.dead),
    ]);
    Ok(Drawing::grid(DOUBLE_COLUMN_MM, 2, panels.into_iter().chain([means]).collect())
        .lettered()
        .shared_legend()
        .frame_height_mm(58.0)
        .note(note)
        .description(format!(
            "Test accuracy of {} runs of the genetic algorithm, with and without adaptive accuracy bound, on moons (a) \
             and circles (b) for four architectures; dashed: mean of backpropagation. (c) Means, standard deviations and \
             medians.",
            plan.runs
        )))
}

fn accuracies(data: &Data, name: PaperName) -> Result<Panel, Error> {
    let kinds = searched().map(|method| {
        let cells = ARCHITECTURES.iter().filter_map(|letter| data.cell(name, letter, method, data.drawn));
        Spread {
            samples: cells.map(|cell| &cell.test_accuracy).collect(),
            label: method.label().to_owned(),
            color: method.color(),
            hollow: false,
        }
    });
    let marks = spread(&kinds, place_of)?;
    let means = data.means(name, Method::Backpropagation, data.drawn).into_iter().map(place_of);
    let accuracy = Axis::new("Test accuracy (%)").percent().to_one();
    Ok(Panel::new(Axis::categories("Architecture", ARCHITECTURES), accuracy)
        .title(name.to_string())
        .marks(marks)
        .marks(trained(means.collect()))
        .marks(dead_runs(data, name)))
}

/// Marks around the dead runs of a data set; none if there are none.
fn dead_runs(data: &Data, name: PaperName) -> Option<Points> {
    let dodge = Dodge::new(searched().len());
    let dead = data.dead.iter().filter(|dead| dead.data == name);
    let (x, y): (Vec<f64>, Vec<f64>) = dead
        .flat_map(|dead| {
            let category = ARCHITECTURES.iter().position(|letter| *letter == dead.architecture).unwrap_or(0);
            let of = move |(s, method): (usize, Method)| {
                let cell = data.cell(name, dead.architecture, method, data.drawn);
                let values = cell.map(|cell| &cell.test_accuracy.values[..]).unwrap_or_default();
                let at = category as f64 + dodge.offset(s);
                dead.runs
                    .iter()
                    .filter_map(|&run| values.get(run))
                    .map(|&y| (at, place_of(y)))
                    .collect::<Vec<_>>()
            };
            searched().into_iter().enumerate().flat_map(of)
        })
        .unzip();
    let marks = Points::new(x.clone(), y).marker(Marker::InvertedTriangle).color(Color::Ink);
    (!x.is_empty()).then(|| marks.radius(3.0).hollow().label("dead run"))
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
                    (true, _) => format!("{}, {protocol}", method.label()),
                    (false, Protocol::Paper) => continue,
                    (false, Protocol::Clean) => method.label().to_owned(),
                };
                let cells = ARCHITECTURES.iter().map(|letter| {
                    let cell = data.cell(name, letter, method, protocol);
                    cell.map(|cell| text(&cell.test_accuracy)).unwrap_or_default()
                });
                table = table.row(std::iter::once(label).chain(cells));
            }
            let published = ARCHITECTURES.map(|letter| published::binary(name, letter, method));
            if published.iter().any(Option::is_some) {
                let texts = published.map(|number| number.map_or("not available".to_owned(), published_text));
                table = table.row(std::iter::once("as published".to_owned()).chain(texts));
            }
        }
    }
    table
}

/// `88.24±13.7 (91.02)` with a space that does not break.
fn text(sample: &Sample) -> String {
    let sd = 100.0 * sample.sd_of_runs;
    let sd = if sd < 9.995 { format!("{sd:.2}") } else { format!("{sd:.1}") };
    format!("{}±{sd}\u{2009}({})", percent(sample.mean), percent(sample.median))
}

/// Means as they are, medians in brackets.
fn published_text(Published { value, what }: Published) -> String {
    match what {
        "median" => format!("({:.2})", 100.0 * value),
        "mean" => format!("{:.1}", 100.0 * value),
        _ => format!("about {:.0}", 100.0 * value),
    }
}

fn tabulate(data: &Data) -> Table {
    let names = ["data", "architecture", "method", "protocol", "ticket", "dead_runs"];
    let columns = names.into_iter().chain(Sample::COLUMNS).chain(QUARTILES).chain(published::COLUMNS);
    let mut table = Table::new(columns);
    for cell in &data.cells {
        let own = |dead: &&Dead| (dead.data, dead.architecture) == (cell.data, cell.architecture);
        let dead = data.dead.iter().find(own).map_or(0, |dead| dead.runs.len());
        let names = [
            cell.data.to_string().into(),
            cell.architecture.into(),
            cell.method.label().into(),
            cell.protocol.map(Protocol::name).into(),
            cell.protocol.map(|protocol| ticket_kind(false, protocol)).into(),
            (cell.protocol == Some(data.drawn)).then_some(dead as u64).into(),
        ];
        // Published numbers are those of protocol paper.
        let published = published::binary(cell.data, cell.architecture, cell.method);
        let published = published.filter(|_| cell.protocol != Some(Protocol::Clean));
        let cells = names.into_iter().chain(cell.test_accuracy.cells());
        table.push(cells.chain(quartiles(&cell.five_numbers)).chain(published::cells(published)));
    }
    table
}

fn summarise(plan: &Plan, data: &Data) -> String {
    let sentence = |name: PaperName| {
        let from_a_to_d = |method| listed(data.means(name, method, data.drawn).into_iter().map(percent));
        let [ga, ab, trained] = methods().map(from_a_to_d);
        format!("{name}: GA {ga}, with the bound {ab}, backpropagation {trained}")
    };
    let [moons, circles] = TWO_CLASS_DATA.map(sentence);
    let dead = dead::sentence(&data.dead);
    let dead = if dead.is_empty() { "no run is dead".to_owned() } else { dead };
    format!("mean test accuracy in % of {} runs for A, B, C, D: {moons}; {circles}; {dead}", plan.runs)
}
