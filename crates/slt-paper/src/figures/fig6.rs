//! Figure 6: the better configuration of the genetic algorithm against edge-popup and backpropagation on
//! moons (a) and circles (b), with edge-popup also at the sparsity of the tickets that evolved; the
//! statistics (c).

use serde::Serialize;
use slt_datasets::paper::PaperName;
use slt_plot::{Axis, Band, Color, DOUBLE_COLUMN_MM, Figure as Drawing, Line, Marker, Panel, Points};

use super::common::{
    Sample, TWO_CLASS_DATA, listed, note, percent, provenance, ticket_kind, two_class_networks,
};
use super::dead::{self, Dead};
use super::published;
use super::table6c::{self, Comparison};
use super::{Figure, Rendered};
use crate::arm::{ARCHITECTURES, Arm};
use crate::method::{KEEP, Method};
use crate::quantity::Quantity;
use crate::{Cell, Error, Plan, Protocol, Table};
use slt_run::Records;

pub(super) const FIGURE: Figure = Figure {
    id: "fig6",
    title: "Genetic algorithm, edge-popup and backpropagation on moons and circles",
    caption: "Means and 95 % bands of the better GA configuration, edge-popup with half of the weights and with the GA's \
             sparsity, and backpropagation; the GA's sparsity below; (c) the mixed models. The GA is between edge-popup \
             and backpropagation.",
    in_paper: true,
    runs: table6c::crossed_runs,
    render,
};

/// The lines beside that of the genetic algorithm.
fn baselines() -> [Method; 3] {
    [Method::Backpropagation, Method::edge_popup(), Method::edge_popup_adapted()]
}

/// What is drawn.
#[derive(Debug, Serialize)]
struct Data {
    /// The protocol of the panels (a) and (b).
    drawn: Protocol,
    cells: Vec<Contest>,
    comparisons: Vec<Comparison>,
    /// Of the protocol that is drawn.
    dead: Vec<Dead>,
}

/// All methods on one data set with one architecture.
#[derive(Debug, Serialize)]
struct Contest {
    data: PaperName,
    architecture: &'static str,
    protocol: Protocol,
    /// The configuration of the genetic algorithm with the higher mean: of the training accuracy in protocol
    /// clean, of the test accuracy in protocol paper.
    better: Method,
    /// The better one as published, and the mean sparsity of its tickets.
    published_better: Option<Method>,
    published_sparsity: Option<f64>,
    ga: Sample,
    /// Mean sparsity of its tickets, before any pruning.
    ga_sparsity: Sample,
    /// Fraction of the weights that EP (adapted) keeps.
    adapted_keep: f64,
    baselines: [Baseline; 3],
}

/// The test accuracies of one of the [`baselines`].
#[derive(Debug, Serialize)]
struct Baseline {
    method: Method,
    test_accuracy: Sample,
}

impl Contest {
    fn of(
        plan: &Plan,
        records: &Records,
        data: PaperName,
        architecture: &'static str,
        protocol: Protocol,
    ) -> Result<Self, Error> {
        let arm = |method| Arm::binary(method, data, architecture);
        let adapted = arm(Method::edge_popup_adapted()).need_popups(plan, records, protocol)?;
        let better = arm(Method::BetterGa).better_configuration(plan, records, protocol)?;
        let of_tickets = |quantity| Sample::of(better.values(plan, records, protocol, quantity)?);
        let baseline = |method| {
            let values = arm(method).accuracies(plan, records, protocol)?;
            Ok::<_, Error>(Baseline { method, test_accuracy: Sample::of(values)? })
        };
        let [trained, half, at_sparsity] = baselines().map(baseline);
        let published = published::sparsity(data, architecture);
        Ok(Self {
            data,
            architecture,
            protocol,
            better: better.method,
            published_better: published.map(|(_, method)| method),
            published_sparsity: published.map(|(sparsity, _)| sparsity),
            ga: of_tickets(Quantity::TestAccuracy)?,
            ga_sparsity: of_tickets(Quantity::Sparsity)?,
            adapted_keep: adapted.first().map_or(KEEP, |spec| spec.config.keep),
            baselines: [trained?, half?, at_sparsity?],
        })
    }

    /// `72.3 AB`, with a star where another configuration is the better one than in the paper.
    fn sparsity_text(&self) -> String {
        let star = if self.published_better.is_some_and(|better| better != self.better) { "*" } else { "" };
        format!("{:.1} {}{star}", 100.0 * self.ga_sparsity.mean, short(self.better))
    }

    fn published_text(&self) -> String {
        match (self.published_sparsity, self.published_better) {
            (Some(sparsity), Some(better)) => format!("{:.1} {}", 100.0 * sparsity, short(better)),
            _ => "–".to_owned(),
        }
    }

    /// The best of edge-popup's two means.
    fn best_edge_popup(&self) -> f64 {
        self.baselines[1].test_accuracy.mean.max(self.baselines[2].test_accuracy.mean)
    }
}

/// A configuration of the genetic algorithm in two letters.
fn short(method: Method) -> &'static str {
    if method == Method::ga_ab() { "AB" } else { "GA" }
}

impl Data {
    /// The contests of a data set as drawn, A to D.
    fn contests(&self, data: PaperName) -> Vec<&Contest> {
        self.contests_by(data, self.drawn)
    }

    fn contests_by(&self, data: PaperName, protocol: Protocol) -> Vec<&Contest> {
        self.cells.iter().filter(|cell| (cell.data, cell.protocol) == (data, protocol)).collect()
    }
}

fn render(plan: &Plan, records: &Records) -> Result<Rendered, Error> {
    let mut cells = Vec::new();
    for (data, architecture) in two_class_networks() {
        for protocol in Protocol::ALL {
            cells.push(Contest::of(plan, records, data, architecture, protocol)?);
        }
    }
    let drawn = Protocol::Clean;
    let dead = Dead::all(plan, records, drawn)?;
    let data = Data { drawn, cells, comparisons: table6c::crossed(plan, records)?, dead };
    Ok(Rendered::of_runs(plan, &data, draw(plan, &data)?, tabulate(&data), summarise(&data)))
}

fn draw(plan: &Plan, data: &Data) -> Result<Drawing, Error> {
    let means = TWO_CLASS_DATA.map(|name| means(data, name));
    let statistics = Panel::bare()
        .title("Effect of the target against the reference, by a linear mixed model")
        .mark(table6c::drawn_crossed(&data.comparisons, data.drawn)?)
        .span(2);
    let other = data.cells.iter().any(|cell| cell.sparsity_text().contains('*'));
    let note = note([
        format!(
            "{}; bands: 95 % t intervals of the means, cut at 0 and 100 %",
            provenance(plan, &[data.drawn])
        ),
        format!(
            "Sparsity: mean of the tickets of the better configuration in %, before any pruning; AB: GA (adaptive AB), chosen \
             by training accuracy in protocol clean, by test accuracy in protocol paper and as published{}.",
            if other { "; *: not the published configuration" } else { "" }
        ),
        dead::sentence(&data.dead),
    ]);
    Ok(Drawing::grid(DOUBLE_COLUMN_MM, 2, means.into_iter().chain([statistics]).collect())
        .lettered()
        .shared_legend()
        .note(note)
        .description(format!(
            "Mean test accuracy with 95 % confidence bands, cut at 0 and 100 %, over {} runs of the better configuration of the genetic \
             algorithm, backpropagation and edge-popup on moons (a) and circles (b) for four architectures; below \
             the axis the mean sparsity of the tickets that evolved, to which EP (adapted) is set. (c) Differences \
             between the methods.",
            plan.runs
        )))
}

fn means(data: &Data, name: PaperName) -> Panel {
    let contests = data.contests(name);
    let at: Vec<f64> = (0..contests.len()).map(|i| i as f64).collect();
    let sparsities = |protocol| -> Vec<String> {
        data.contests_by(name, protocol).into_iter().map(Contest::sparsity_text).collect()
    };
    let x = Axis::categories("Architecture", ARCHITECTURES)
        .label_row("sparsity, clean", sparsities(Protocol::Clean))
        .label_row("sparsity, paper", sparsities(Protocol::Paper))
        .label_row("published", contests.iter().map(|contest| contest.published_text()));
    let mut panel = Panel::new(x, Axis::new("Mean test accuracy (%)").percent()).title(name.to_string());
    let line = |panel: Panel, samples: Vec<&Sample>, label: &str, color: Color| {
        // A single run has no interval; that of a few may reach beyond what an accuracy can be.
        let bounds: Option<Vec<_>> = samples.iter().map(|sample| sample.bounds()).collect();
        let band = bounds.map(|bounds| {
            let (low, high) = bounds.into_iter().unzip();
            Band::new(at.clone(), low, high).label(label).color(color)
        });
        let means = samples.iter().map(|sample| sample.mean).collect();
        panel.marks(band).mark(Line::new(at.clone(), means).label(label).color(color))
    };
    for (i, method) in baselines().into_iter().enumerate() {
        let samples = contests.iter().map(|contest| &contest.baselines[i].test_accuracy).collect();
        panel = line(panel, samples, method.label(), method.color());
    }
    let ga = contests.iter().map(|contest| &contest.ga).collect();
    panel = line(panel, ga, "GA, better configuration", Method::ga().color());
    for (method, marker) in [(Method::ga(), Marker::Circle), (Method::ga_ab(), Marker::Square)] {
        let (x, y): (Vec<f64>, Vec<f64>) = contests
            .iter()
            .zip(&at)
            .filter(|(contest, _)| contest.better == method)
            .map(|(contest, x)| (x, contest.ga.mean))
            .unzip();
        if !x.is_empty() {
            let label = format!("{} is the better one", method.label());
            panel =
                panel.mark(Points::new(x, y).label(label).color(method.color()).marker(marker).radius(3.0));
        }
    }
    panel
}

fn tabulate(data: &Data) -> Table {
    let names = ["data", "architecture", "protocol", "method", "configuration", "ticket"];
    let sparsities = [
        "mean_sparsity",
        "sparsity_sd_ddof1",
        "published_sparsity",
        "published_configuration",
        "configuration_as_published",
    ];
    let columns = names.into_iter().chain(sparsities).chain(Sample::COLUMNS).chain(published::COLUMNS);
    let mut table = Table::new(columns);
    for cell in &data.cells {
        let names = |method: &str, configuration: Option<Method>| -> [Cell; 6] {
            [
                cell.data.to_string().into(),
                cell.architecture.into(),
                cell.protocol.name().into(),
                method.into(),
                configuration.map(Method::label).into(),
                configuration.map(|_| ticket_kind(false, cell.protocol)).into(),
            ]
        };
        let sparsity = [
            cell.ga_sparsity.mean.into(),
            cell.ga_sparsity.sd.into(),
            cell.published_sparsity.into(),
            cell.published_better.map(Method::label).into(),
            cell.published_better.map(|better| better == cell.better).into(),
        ];
        let of = |method| published::binary(cell.data, cell.architecture, method);
        let of_ga = of(cell.better).filter(|_| cell.protocol == Protocol::Paper);
        let row = names("GA (better configuration)", Some(cell.better)).into_iter().chain(sparsity);
        table.push(row.chain(cell.ga.cells()).chain(published::cells(of_ga)));
        let sparsities = [0.0, 1.0 - KEEP, 1.0 - cell.adapted_keep];
        for (baseline, sparsity) in cell.baselines.iter().zip(sparsities) {
            let [missing, other, last, nothing] = [const { Cell::Missing }; 4];
            let sparsity = [sparsity.into(), missing, other, last, nothing];
            let row = names(baseline.method.label(), None).into_iter().chain(sparsity);
            table
                .push(row.chain(baseline.test_accuracy.cells()).chain(published::cells(of(baseline.method))));
        }
    }
    table
}

fn summarise(data: &Data) -> String {
    let sentence = |name: PaperName| {
        let contests = data.contests(name);
        let ahead = contests.iter().filter(|contest| contest.ga.mean > contest.best_edge_popup()).count();
        let sparsities = contests.iter().map(|contest| percent(contest.ga_sparsity.mean));
        let published = contests.iter().map(|contest| contest.published_text());
        format!(
            "{name}: GA above both variants of edge-popup on {ahead} of {} architectures, sparsities in % from A to D {} \
             (published {})",
            contests.len(),
            listed(sparsities),
            listed(published)
        )
    };
    let [moons, circles] = TWO_CLASS_DATA.map(sentence);
    let dead = dead::sentence(&data.dead);
    let dead = if dead.is_empty() { String::new() } else { format!("; {dead}") };
    format!("{moons}; {circles}; {}{dead}", table6c::summarise(&data.comparisons))
}
