//! Test accuracies of the memetic search beside those of the paper's methods, on all its data.

use serde::Serialize;
use slt_datasets::paper::PaperName::{Blobs, Circles, Digits, Moons};
use slt_plot::{Axis, Color, DOUBLE_COLUMN_MM, Dodge, Figure as Drawing, Panel};
use slt_stats::standard_error;

use super::super::common::{AXIS_END, Sample, listed, lower_end, note, percent, provenance};
use super::super::{Figure, Rendered};
use super::{Place, bars, genetic, interval};
use crate::arm::{self, ARCHITECTURES, Arm, BLOB_CLASSES, DIGIT_CLASSES};
use crate::beyond::OtherSearch;
use crate::method::Method;
use crate::{Cell, Error, Plan, Protocol, Scale, Table};
use slt_run::{Records, RunSpec};

pub(crate) const FIGURE: Figure = Figure {
    id: "beyond-accuracy",
    title: "Beyond the paper: test accuracy of a memetic search",
    caption: "A memetic search (local searches with single flips, crossed neuron by neuron) beside the paper's genetic algorithm, \
             edge-popup and backpropagation on all data of the paper: mean test accuracies with 95 % intervals.",
    in_paper: false,
    runs,
    render,
};

/// The protocol of the paper's genetic algorithm here: tickets chosen and pruned on training data, as all
/// others are.
const DRAWN: Protocol = Protocol::Clean;

/// A panel: its title and its places.
type Group = (&'static str, Vec<Place>);

/// What is compared. At scale quick, some of the places whose runs other figures have anyway.
fn groups(plan: &Plan) -> Vec<Group> {
    let quick = plan.scale == Scale::Quick;
    let letters: &[&'static str] = if quick { &["A", "D"] } else { &ARCHITECTURES };
    let binary = |name| letters.iter().map(|letter| Place::binary(name, letter)).collect();
    let digits: &[u32] = if quick { &[2, 10] } else { &DIGIT_CLASSES };
    let mut groups = vec![("circles", binary(Circles)), ("moons", binary(Moons))];
    if !quick {
        groups.push(("blobs, normalized", BLOB_CLASSES.map(|k| Place::many(Blobs, k)).collect()));
    }
    groups.push(("digits, shuffled", digits.iter().map(|&k| Place::many(Digits, k)).collect()));
    if !quick {
        groups.push(("digits, file order", digits.iter().map(|&k| Place::in_file_order(k)).collect()));
    }
    groups
}

/// Name, colour and runs of the methods, in the order of [`Contest::accuracies`].
fn methods(place: Place) -> [(&'static str, Color, Arm); 4] {
    let of = |method: Method| (method.label(), method.color(), place.by(method));
    [
        of(Method::Search(OtherSearch::Memetic)),
        (genetic().0, genetic().1, place.genetic()),
        of(Method::edge_popup()),
        of(Method::Backpropagation),
    ]
}

/// What is drawn.
#[derive(Debug, Serialize)]
struct Data {
    protocol: Protocol,
    panels: Vec<Contests>,
    /// Places where the memetic search is not below backpropagation by more than one joint standard error.
    not_below: usize,
    places: usize,
}

#[derive(Debug, Serialize)]
struct Contests {
    title: &'static str,
    contests: Vec<Contest>,
}

/// All methods at one place.
#[derive(Debug, Serialize)]
struct Contest {
    #[serde(flatten)]
    place: Place,
    accuracies: [Accuracies; 4],
    lead: Lead,
}

#[derive(Debug, Serialize)]
struct Accuracies {
    method: &'static str,
    test_accuracy: Sample,
}

/// The memetic search minus backpropagation, in means.
#[derive(Debug, Serialize)]
struct Lead {
    difference: f64,
    /// The joint standard error: the root of the sum of the squares of the two. None for single runs.
    standard_error: Option<f64>,
    /// Whether the difference is at least minus one joint standard error, or minus 0 for single runs.
    not_below: bool,
}

impl Lead {
    fn of(search: &Sample, trained: &Sample) -> Self {
        let error = |sample: &Sample| standard_error(&sample.values).ok();
        let standard_error = error(search).zip(error(trained)).map(|(a, b)| a.hypot(b));
        let difference = search.mean - trained.mean;
        let not_below = difference >= -standard_error.unwrap_or(0.0);
        Self { difference, standard_error, not_below }
    }

    /// In points: `+0.12`, with a star where it is below.
    fn text(&self) -> String {
        let star = if self.not_below { "" } else { "*" };
        format!("{:+.2}{star}", 100.0 * self.difference).replace('-', "−")
    }
}

impl Contest {
    fn of(place: Place, plan: &Plan, records: &Records) -> Result<Self, Error> {
        let accuracies = |(method, _, arm): (&'static str, Color, Arm)| {
            let test_accuracy = Sample::of(arm.accuracies(plan, records, DRAWN)?)?;
            Ok::<_, Error>(Accuracies { method, test_accuracy })
        };
        let [search, genetic, popup, trained] = methods(place).map(accuracies);
        let accuracies = [search?, genetic?, popup?, trained?];
        let lead = Lead::of(&accuracies[0].test_accuracy, &accuracies[3].test_accuracy);
        Ok(Self { place, accuracies, lead })
    }

    /// The text of its tick.
    fn tick(&self) -> String {
        self.place.classes.map_or_else(|| self.place.architecture.to_owned(), |classes| classes.to_string())
    }
}

fn runs(plan: &Plan, records: &Records) -> Result<Vec<RunSpec>, Error> {
    let places = groups(plan).into_iter().flat_map(|(_, places)| places);
    let arms = places.flat_map(|place| methods(place).map(|(_, _, arm)| arm));
    arm::runs(arms, plan, records)
}

fn render(plan: &Plan, records: &Records) -> Result<Rendered, Error> {
    let panel = |(title, places): Group| {
        let contests = places.into_iter().map(|place| Contest::of(place, plan, records));
        Ok::<_, Error>(Contests { title, contests: contests.collect::<Result<_, _>>()? })
    };
    let panels: Vec<Contests> = groups(plan).into_iter().map(panel).collect::<Result<_, _>>()?;
    let contests = || panels.iter().flat_map(|panel| &panel.contests);
    let data = Data {
        protocol: DRAWN,
        not_below: contests().filter(|contest| contest.lead.not_below).count(),
        places: contests().count(),
        panels,
    };
    Ok(Rendered::of_runs(plan, &data, draw(plan, &data), tabulate(&data), summarise(&data)))
}

fn draw(plan: &Plan, data: &Data) -> Drawing {
    let note = note([
        format!("{}; bars: 95 % t intervals of the means, cut at 100 %", provenance(plan, &[data.protocol])),
        "GA of the paper: on circles and moons the better of its two configurations by training accuracy; on blobs and digits \
         with the cross-entropy as objective, pruned. EP (50%) and backpropagation with the paper's settings, all methods on \
         the same data."
            .to_owned(),
        format!(
            "Memetic − BP: difference of the mean test accuracies of the memetic search and backpropagation in points; *: below \
             by more than one joint standard error. Not so at {} of {} places.",
            data.not_below, data.places
        ),
    ]);
    Drawing::grid(DOUBLE_COLUMN_MM, 2, data.panels.iter().map(panel).collect())
        .lettered()
        .shared_legend()
        .frame_height_mm(40.0)
        .note(note)
        .description(format!(
            "Mean test accuracy with 95 % intervals over {} runs of the memetic search, the paper's genetic algorithm, \
             edge-popup and backpropagation, by architecture on circles and moons, by number of classes on blobs and digits.",
            plan.runs
        ))
}

fn panel(Contests { title, contests }: &Contests) -> Panel {
    let samples = |i: usize| -> Vec<&Sample> {
        contests.iter().map(|contest| &contest.accuracies[i].test_accuracy).collect()
    };
    let all = contests.iter().flat_map(|contest| &contest.accuracies);
    let low = lower_end(all.map(|of| interval(&of.test_accuracy).0));
    let label =
        if contests.iter().all(|contest| contest.place.is_binary()) { "Architecture" } else { "Classes" };
    let x = Axis::categories(label, contests.iter().map(Contest::tick))
        .label_row("memetic − BP", contests.iter().map(|contest| contest.lead.text()));
    let y = Axis::new("Mean test accuracy (%)").percent().range(low, AXIS_END);
    let drawn = contests.first().map(|contest| methods(contest.place)).into_iter().flatten();
    let dodge = Dodge::new(4);
    let marks = drawn.enumerate().map(|(i, (label, color, _))| {
        bars(dodge.positions(i, contests.len()), &samples(i)).label(label).color(color).cropped_at(1.0)
    });
    // Nine numbers of classes need the width of the page.
    Panel::new(x, y).title(*title).marks(marks).span(if contests.len() > 5 { 2 } else { 1 })
}

fn tabulate(data: &Data) -> Table {
    let lead = ["memetic_minus_backpropagation", "joint_standard_error", "not_below"];
    let columns = Place::COLUMNS.into_iter().chain(["method", "protocol"]).chain(Sample::COLUMNS).chain(lead);
    let mut table = Table::new(columns);
    for contest in data.panels.iter().flat_map(|panel| &panel.contests) {
        for (i, Accuracies { method, test_accuracy }) in contest.accuracies.iter().enumerate() {
            let protocol = (*method == genetic().0).then_some(data.protocol.name());
            let names = contest.place.cells().into_iter().chain([(*method).into(), protocol.into()]);
            let Lead { difference, standard_error, not_below } = contest.lead;
            let lead: [Cell; 3] = match i {
                0 => [difference.into(), standard_error.into(), not_below.into()],
                _ => [const { Cell::Missing }; 3],
            };
            table.push(names.chain(test_accuracy.cells()).chain(lead));
        }
    }
    table
}

fn summarise(data: &Data) -> String {
    let last = data.panels.iter().filter_map(|panel| {
        let contest = panel.contests.last()?;
        let texts =
            contest.accuracies.iter().map(|of| format!("{} {}", of.method, percent(of.test_accuracy.mean)));
        Some(format!("{}: {}", contest.place.name(), listed(texts)))
    });
    format!(
        "the memetic search is not below backpropagation by more than one joint standard error at {} of {} places; mean test \
         accuracy in %: {}",
        data.not_below,
        data.places,
        last.collect::<Vec<_>>().join("; ")
    )
}
