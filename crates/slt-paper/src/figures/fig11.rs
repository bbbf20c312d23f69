//! Figure 11: digits of 2 to 10 classes, how sparse tickets are before and after post-evolutionary pruning.

use serde::Serialize;
use slt_datasets::paper::PaperName;
use slt_plot::{
    Axis, Bars, Color, DOUBLE_COLUMN_MM, Dash, Dodge, Figure as Drawing, Marker, Panel, Points, ReferenceLine,
};

use super::common::{Description, Sample, listed, note, percent, provenance, ticket_kind};
use super::published::{self, Published};
use super::{Figure, Rendered};
use crate::arm::{self, Arm, DIGIT_CLASSES};
use crate::method::Method;
use crate::quantity::Quantity;
use crate::{Cell, Error, Plan, Protocol, Table};
use slt_run::{Records, RunSpec};

pub(super) const FIGURE: Figure = Figure {
    id: "fig11",
    title: "Digits: sparsity before and after post-evolutionary pruning",
    caption: "Digits: mean sparsity of the tickets before and after post-evolutionary pruning. Evolution leaves about half of the \
             weights; pruning removes nearly all that are left for two classes, fewer for more classes.",
    in_paper: true,
    runs,
    render,
};

/// Colour of pruned tickets.
const PRUNED: Color = Color::Series(1);

/// What is drawn.
#[derive(Debug, Serialize)]
struct Data {
    data: PaperName,
    architecture: &'static str,
    groups: Vec<Group>,
}

/// The tickets of a number of classes, chosen and pruned by a protocol.
#[derive(Debug, Serialize)]
struct Group {
    description: Description,
    protocol: Protocol,
    classes: u32,
    /// Sparsity, and what pruning adds to it.
    before: Sample,
    after: Sample,
    gain: Sample,
    /// Test accuracy before and after.
    accuracy_before: Sample,
    accuracy_after: Sample,
}

fn tickets(description: Description, pruned: bool, classes: u32) -> Arm {
    Arm::classes(description.method(pruned), PaperName::Digits, classes)
}

impl Group {
    fn new(
        plan: &Plan,
        records: &Records,
        description: Description,
        protocol: Protocol,
        classes: u32,
    ) -> Result<Self, Error> {
        let [before, after] = [false, true].map(|pruned| tickets(description, pruned, classes));
        let sample = |arm: Arm, quantity| Sample::of(arm.values(plan, records, protocol, quantity)?);
        let (sparse, sparser) = (sample(before, Quantity::Sparsity)?, sample(after, Quantity::Sparsity)?);
        let gains = sparse.values.iter().zip(&sparser.values).map(|(before, after)| after - before);
        Ok(Self {
            description,
            protocol,
            classes,
            gain: Sample::of(gains.collect())?,
            before: sparse,
            after: sparser,
            accuracy_before: sample(before, Quantity::TestAccuracy)?,
            accuracy_after: sample(after, Quantity::TestAccuracy)?,
        })
    }
}

fn runs(plan: &Plan, records: &Records) -> Result<Vec<RunSpec>, Error> {
    let described = Description::all(plan).iter();
    let arms = described.flat_map(|&text| DIGIT_CLASSES.map(|classes| tickets(text, true, classes)));
    arm::runs(arms, plan, records)
}

fn render(plan: &Plan, records: &Records) -> Result<Rendered, Error> {
    let mut groups = Vec::new();
    for &description in Description::all(plan) {
        for protocol in Protocol::ALL {
            for classes in DIGIT_CLASSES {
                groups.push(Group::new(plan, records, description, protocol, classes)?);
            }
        }
    }
    let data =
        Data { data: PaperName::Digits, architecture: arm::usual_architecture(PaperName::Digits), groups };
    let changes = data.of(Description::Text, Protocol::Clean).map(|group| {
        format!("{}: {} to {}", group.classes, percent(group.before.mean), percent(group.after.mean))
    });
    let summary = format!(
        "mean sparsity in percent before and after pruning on training data, by classes: {}",
        listed(changes)
    );
    Ok(Rendered::of_runs(plan, &data, draw(plan, &data), tabulate(&data), summary))
}

impl Data {
    fn of(&self, description: Description, protocol: Protocol) -> impl Iterator<Item = &Group> {
        let own = move |group: &&Group| (group.description, group.protocol) == (description, protocol);
        self.groups.iter().filter(own)
    }
}

fn draw(plan: &Plan, data: &Data) -> Drawing {
    let panels = Description::all(plan).iter().map(|&description| sparsities(data, description));
    let note = note([
        provenance(plan, &Protocol::ALL),
        "Error bars: standard deviation (n − 1 in the denominator). Gain: points of sparsity that pruning adds.".to_owned(),
        "Published, as far as the text has numbers: less than 53 % before pruning for all classes, up to 98 % after it for 2 \
         classes, a gain of about 25.3 points for 10."
            .to_owned(),
    ]);
    Drawing::grid(DOUBLE_COLUMN_MM, 1, panels.collect())
        .lettered()
        .shared_legend()
        .note(note)
        .description(format!(
            "Mean sparsity of the tickets of {} runs on digits by number of classes, architecture {}, before and after pruning \
             that keeps their accuracy on training data or on test data.",
            plan.runs, data.architecture
        ))
}

fn sparsities(data: &Data, description: Description) -> Panel {
    let dodge = Dodge::new(2 * Protocol::ALL.len());
    let bars = |place: usize, protocol: Protocol, pruned: bool| {
        let samples: Vec<&Sample> = data
            .of(description, protocol)
            .map(|group| if pruned { &group.after } else { &group.before })
            .collect();
        let means: Vec<f64> = samples.iter().map(|sample| sample.mean).collect();
        let texts: Vec<String> = means.iter().map(|mean| format!("{:.1}", 100.0 * mean)).collect();
        let spread = samples.iter().map(|sample| {
            let sd = sample.sd.unwrap_or(0.0);
            (sample.mean - sd, sample.mean + sd)
        });
        let when = if pruned { "after pruning" } else { "before pruning" };
        let bars = Bars::new(dodge.positions(place, means.len()), means)
            .width(dodge.width())
            .texts(texts)
            .intervals(spread)
            .label(format!("{when}, {protocol}"))
            .color(if pruned { PRUNED } else { Method::ga().color() });
        if protocol == Protocol::Paper { bars.hollow() } else { bars }
    };
    let gains = |protocol| -> Vec<String> {
        data.of(description, protocol).map(|group| points(group.gain.mean)).collect()
    };
    let published = DIGIT_CLASSES.map(|classes| {
        published::digits_gain(classes)
            .map_or("not available".to_owned(), |Published { value, .. }| points(value))
    });
    let x = Axis::categories("Classes", DIGIT_CLASSES.map(|classes| classes.to_string()))
        .label_row("gain, clean", gains(Protocol::Clean))
        .label_row("gain, paper", gains(Protocol::Paper))
        .label_row("published", published);
    let below = published::digits_sparsity(2, false).map(|Published { value, .. }| {
        let line = ReferenceLine::horizontal(value).color(Color::Muted).dash(Dash::Solid);
        line.label("published: before, less than")
    });
    let middle = f64::midpoint(dodge.offset(2), dodge.offset(3));
    let after = DIGIT_CLASSES.iter().enumerate().filter_map(|(i, &classes)| {
        Some((i as f64 + middle, published::digits_sparsity(classes, true)?.value))
    });
    let (x_after, y_after) = after.unzip();
    let after = Points::new(x_after, y_after).marker(Marker::InvertedTriangle).color(Color::Ink);
    Panel::new(x, Axis::new("Mean sparsity (%)").percent().range(0.0, 1.12))
        .title(format!("{}: {}", data.data, description.words()))
        .marks(below)
        .mark(bars(0, Protocol::Clean, false))
        .mark(bars(1, Protocol::Paper, false))
        .mark(bars(2, Protocol::Clean, true))
        .mark(bars(3, Protocol::Paper, true))
        .mark(after.radius(2.6).edged().label("published: after, up to"))
}

/// A difference in points of a percent: `+25.3`.
fn points(difference: f64) -> String {
    format!("{:+.1}", 100.0 * difference).replace('-', "−")
}

fn tabulate(data: &Data) -> Table {
    let keys = ["description", "protocol", "classes", "quantity", "ticket"];
    let mut table = Table::new(keys.into_iter().chain(Sample::COLUMNS).chain(published::COLUMNS));
    for group in &data.groups {
        let (classes, protocol) = (group.classes, group.protocol);
        let of_paper = |published: Option<Published>| published.filter(|_| protocol == Protocol::Paper);
        let rows = [
            ("sparsity", false, &group.before, of_paper(published::digits_sparsity(classes, false))),
            ("sparsity", true, &group.after, of_paper(published::digits_sparsity(classes, true))),
            ("sparsity_gain", true, &group.gain, of_paper(published::digits_gain(classes))),
            ("test_accuracy", false, &group.accuracy_before, None),
            ("test_accuracy", true, &group.accuracy_after, None),
        ];
        for (quantity, pruned, sample, published) in rows {
            let keys: [Cell; 5] = [
                group.description.name().into(),
                protocol.name().into(),
                u64::from(classes).into(),
                quantity.into(),
                ticket_kind(pruned, protocol).into(),
            ];
            table.push(keys.into_iter().chain(sample.cells()).chain(published::cells(published)));
        }
    }
    table
}
