//! Figure 11: digits of 2 to 10 classes, how sparse tickets are before and after post-evolutionary pruning.

use serde::Serialize;
use slt_datasets::paper::PaperName;
use slt_plot::{Axis, Bars, Color, Dodge, Figure as Drawing, LegendPosition, Panel};

use super::common::{Sample, json, percent};
use super::{Figure, Rendered};
use crate::arm::{self, Arm, DIGIT_CLASSES, Quantity};
use crate::method::Method;
use crate::{Cell, Error, Plan, Protocol, Records, RunSpec, Scale, Table};

pub(super) struct Fig11;

/// Colour of pruned tickets.
const PRUNED: Color = Color::Series(1);

/// What is drawn.
#[derive(Debug, Serialize)]
struct Data {
    figure: &'static str,
    scale: Scale,
    runs: u64,
    data: PaperName,
    architecture: &'static str,
    groups: Vec<Group>,
}

/// The tickets of a number of classes, chosen and pruned by a protocol.
#[derive(Debug, Serialize)]
struct Group {
    protocol: Protocol,
    classes: u32,
    before: Sample,
    after: Sample,
    /// Test accuracy before and after.
    accuracy_before: Sample,
    accuracy_after: Sample,
}

fn tickets(method: Method, classes: u32) -> Arm {
    Arm::classes(method, PaperName::Digits, classes)
}

impl Group {
    fn new(plan: &Plan, records: &Records, protocol: Protocol, classes: u32) -> Result<Self, Error> {
        let [before, after] =
            [Method::ga_loss(), Method::ga_loss_pruned()].map(|method| tickets(method, classes));
        let sample = |arm: Arm, quantity| Sample::of(arm.values(plan, records, protocol, quantity)?);
        Ok(Self {
            protocol,
            classes,
            before: sample(before, Quantity::Sparsity)?,
            after: sample(after, Quantity::Sparsity)?,
            accuracy_before: sample(before, Quantity::TestAccuracy)?,
            accuracy_after: sample(after, Quantity::TestAccuracy)?,
        })
    }
}

impl Figure for Fig11 {
    fn id(&self) -> &'static str {
        "fig11"
    }

    fn title(&self) -> &'static str {
        "Digits: sparsity before and after post-evolutionary pruning"
    }

    fn runs(&self, plan: &Plan, records: &Records) -> Result<Vec<RunSpec>, Error> {
        arm::runs(&DIGIT_CLASSES.map(|classes| tickets(Method::ga_loss_pruned(), classes)), plan, records)
    }

    fn render(&self, plan: &Plan, records: &Records) -> Result<Rendered, Error> {
        let of = |protocol| DIGIT_CLASSES.map(move |classes| Group::new(plan, records, protocol, classes));
        let data = Data {
            figure: self.id(),
            scale: plan.scale,
            runs: plan.runs,
            data: PaperName::Digits,
            architecture: arm::usual_architecture(PaperName::Digits),
            groups: Protocol::ALL.into_iter().flat_map(of).collect::<Result<_, _>>()?,
        };
        let changes = data.drawn().map(|group| {
            format!("{}: {} to {}", group.classes, percent(group.before.mean), percent(group.after.mean))
        });
        let summary = format!(
            "mean sparsity in percent before and after pruning on training data, by classes: {}",
            changes.collect::<Vec<_>>().join(", ")
        );
        Ok(Rendered { drawing: draw(&data), table: tabulate(&data), json: json(&data), summary })
    }
}

impl Data {
    fn drawn(&self) -> impl Iterator<Item = &Group> {
        self.groups.iter().filter(|group| group.protocol == Protocol::Clean)
    }
}

fn draw(data: &Data) -> Drawing {
    let dodge = Dodge::new(2);
    let bars = |place: usize, sparsity: fn(&Group) -> &Sample| {
        let means: Vec<f64> = data.drawn().map(|group| sparsity(group).mean).collect();
        let texts: Vec<String> = means.iter().map(|mean| format!("{:.1}", 100.0 * mean)).collect();
        Bars::new(dodge.positions(place, means.len()), means).width(dodge.width()).texts(texts)
    };
    let names = data.drawn().map(|group| group.classes.to_string());
    let panel = Panel::new(
        Axis::categories("Classes", names),
        Axis::new("Mean sparsity (%)").percent().range(0.0, 1.08),
    )
    .mark(bars(0, |group| &group.before).label("before pruning").color(Method::ga().color()))
    .mark(bars(1, |group| &group.after).label("after pruning").color(PRUNED))
    .legend(LegendPosition::Above);
    Drawing::single_column(panel).description(format!(
        "Mean sparsity of the tickets of {} runs on digits by number of classes, architecture {}, before and after \
         pruning that keeps their training accuracy.",
        data.runs, data.architecture
    ))
}

fn tabulate(data: &Data) -> Table {
    let keys = ["protocol", "classes", "quantity", "pruned"];
    let mut table = Table::new(keys.into_iter().chain(Sample::COLUMNS));
    for group in &data.groups {
        let samples = [
            ("sparsity", "no", &group.before),
            ("sparsity", "yes", &group.after),
            ("test_accuracy", "no", &group.accuracy_before),
            ("test_accuracy", "yes", &group.accuracy_after),
        ];
        for (quantity, pruned, sample) in samples {
            let keys: [Cell; 4] = [
                group.protocol.name().into(),
                u64::from(group.classes).into(),
                quantity.into(),
                pruned.into(),
            ];
            table.push(keys.into_iter().chain(sample.cells()));
        }
    }
    table
}
