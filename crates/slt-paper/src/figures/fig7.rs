//! Figure 7: blobs of 2 to 10 classes, accuracy (a) or cross-entropy (b) as objective of the genetic algorithm.

use serde::Serialize;
use slt_datasets::paper::{PaperName, PaperScaling};
use slt_mlp::Metric;
use slt_plot::{Axis, BoxPlot, Dodge, Figure as Drawing, FiveNumbers, LegendPosition, Panel, Range};
use slt_stats::{Alternative, spearman};

use super::common::{GA_RESCALED, Sample, json};
use super::{Figure, Rendered};
use crate::arm::{self, Arm, BLOB_CLASSES};
use crate::method::{Ga, Method};
use crate::{Cell, Error, Plan, Protocol, Records, RunSpec, Scale, Table};

pub(super) struct Fig7;

/// What is searched: the name of the scaling, objective and scaling.
const SERIES: [(&str, Metric, PaperScaling); 3] = [
    ("raw", Metric::Accuracy, PaperScaling::None),
    ("normalized", Metric::Accuracy, PaperScaling::MinMax),
    ("raw", Metric::CrossEntropy, PaperScaling::None),
];

/// Up to how many classes the published means are perfect, and the least mean that we call so.
const PERFECT: (u32, f64) = (5, 0.99);

/// The searches for an objective on so many blobs.
fn searched(metric: Metric, classes: u32, scaling: PaperScaling) -> Arm {
    Arm::classes(Method::Ga(Ga::new(metric)), PaperName::Blobs, classes).scaled(scaling)
}

/// What is drawn.
#[derive(Debug, Serialize)]
struct Data {
    figure: &'static str,
    scale: Scale,
    runs: u64,
    data: PaperName,
    architecture: &'static str,
    series: Vec<Series>,
}

/// An objective on data of a scaling, over the numbers of classes.
#[derive(Debug, Serialize)]
struct Series {
    objective: Metric,
    features: &'static str,
    protocol: Protocol,
    shape: Shape,
    boxes: Vec<Spread>,
}

/// Test accuracies for a number of classes.
#[derive(Debug, Serialize)]
struct Spread {
    classes: u32,
    accuracy: Sample,
    five_numbers: FiveNumbers,
}

/// Whether means are as the paper describes those of the accuracy objective: perfect for few classes, worse and worse for
/// more.
#[derive(Debug, Serialize)]
struct Shape {
    /// The lowest mean for up to five classes.
    lowest_of_few: f64,
    /// Rank correlation between number of classes and mean beyond; none if all means are equal.
    trend_of_many: Option<f64>,
    as_described: bool,
}

impl Shape {
    fn of(boxes: &[Spread]) -> Self {
        let (few, many): (Vec<&Spread>, Vec<&Spread>) = boxes.iter().partition(|b| b.classes <= PERFECT.0);
        let lowest_of_few = few.iter().map(|b| b.accuracy.mean).fold(f64::INFINITY, f64::min);
        let classes: Vec<f64> = many.iter().map(|b| f64::from(b.classes)).collect();
        let means: Vec<f64> = many.iter().map(|b| b.accuracy.mean).collect();
        let trend_of_many = spearman(&classes, &means, Alternative::Less).ok().map(|fit| fit.rho);
        let as_described = lowest_of_few >= PERFECT.1 && trend_of_many.is_some_and(|rho| rho < 0.0);
        Self { lowest_of_few, trend_of_many, as_described }
    }
}

impl Series {
    fn new(
        plan: &Plan,
        records: &Records,
        (features, objective, scaling): (&'static str, Metric, PaperScaling),
        protocol: Protocol,
    ) -> Result<Self, Error> {
        let of = |classes| {
            let accuracy =
                Sample::of(searched(objective, classes, scaling).accuracies(plan, records, protocol)?)?;
            Ok::<_, Error>(Spread { classes, five_numbers: accuracy.five_numbers()?, accuracy })
        };
        let boxes: Vec<Spread> = BLOB_CLASSES.map(of).collect::<Result<_, _>>()?;
        Ok(Self { objective, features, protocol, shape: Shape::of(&boxes), boxes })
    }
}

impl Figure for Fig7 {
    fn id(&self) -> &'static str {
        "fig7"
    }

    fn title(&self) -> &'static str {
        "Blobs, 2 to 10 classes: accuracy or cross-entropy as objective"
    }

    fn runs(&self, plan: &Plan, records: &Records) -> Result<Vec<RunSpec>, Error> {
        let searched = SERIES.into_iter().flat_map(|(_, metric, scaling)| {
            BLOB_CLASSES.map(move |classes| searched(metric, classes, scaling))
        });
        arm::runs(&searched.collect::<Vec<_>>(), plan, records)
    }

    fn render(&self, plan: &Plan, records: &Records) -> Result<Rendered, Error> {
        let mut series = Vec::new();
        for protocol in Protocol::ALL {
            for cell in SERIES {
                series.push(Series::new(plan, records, cell, protocol)?);
            }
        }
        let data = Data {
            figure: self.id(),
            scale: plan.scale,
            runs: plan.runs,
            data: PaperName::Blobs,
            architecture: arm::usual_architecture(PaperName::Blobs),
            series,
        };
        let drawing = draw(&data);
        Ok(Rendered { drawing, table: tabulate(&data), summary: data.summary(), json: json(&data) })
    }
}

impl Data {
    fn drawn(&self, objective: Metric) -> impl Iterator<Item = &Series> {
        let drawn = self.series.iter().filter(|series| series.protocol == Protocol::Clean);
        drawn.filter(move |series| series.objective == objective)
    }

    fn summary(&self) -> String {
        let fitting = self.drawn(Metric::Accuracy).filter(|series| series.shape.as_described);
        let fitting: Vec<&str> = fitting.map(|series| series.features).collect();
        let fitting = if fitting.is_empty() { "none".to_owned() } else { fitting.join(" and ") };
        let whole = |metric| {
            let worst = self.drawn(metric).flat_map(|series| &series.boxes).map(|b| b.accuracy.mean);
            100.0 * worst.fold(f64::INFINITY, f64::min)
        };
        format!(
            "accuracy as objective: as published (perfect for 2 to 5 classes, then worse and worse) on these data: {}; \
             lowest mean {:.2} %, with cross-entropy {:.2} %",
            fitting,
            whole(Metric::Accuracy),
            whole(Metric::CrossEntropy)
        )
    }
}

fn draw(data: &Data) -> Drawing {
    let lows = data.series.iter().flat_map(|series| &series.boxes).map(|b| b.accuracy.min);
    // Both panels on one scale, with room for boxes at 100 %.
    let low = (20.0 * lows.fold(1.0, f64::min)).floor() / 20.0;
    let range = Range::fixed(if low < 1.0 { low } else { 0.95 }, 1.01);
    let panel = |objective: Metric, title: &str| {
        let drawn: Vec<&Series> = data.drawn(objective).collect();
        let dodge = Dodge::new(drawn.len());
        let marks = drawn.iter().enumerate().map(|(s, series)| {
            let boxes: Vec<FiveNumbers> = series.boxes.iter().map(|b| b.five_numbers.clone()).collect();
            BoxPlot::new(dodge.positions(s, boxes.len()), boxes)
                .width(dodge.width().min(0.55))
                .label(series.features)
                .color(if series.features == "raw" { Method::ga().color() } else { GA_RESCALED })
        });
        let y = Axis { range, ..Axis::new("Test accuracy (%)").percent() };
        Panel::new(Axis::categories("Classes", BLOB_CLASSES.map(|k| k.to_string())), y)
            .title(title)
            .marks(marks)
            .legend(LegendPosition::Above)
    };
    Drawing::double_column(vec![
        panel(Metric::Accuracy, "Accuracy as objective"),
        panel(Metric::CrossEntropy, "Cross-entropy as objective"),
    ])
    .lettered()
    .description(format!(
        "Test accuracies of {} runs of the genetic algorithm on blobs by number of classes, architecture {}, with \
         accuracy (a) and cross-entropy (b) as objective.",
        data.runs, data.architecture
    ))
}

fn tabulate(data: &Data) -> Table {
    let keys = ["objective", "features", "protocol", "classes"];
    let quartiles = ["q1", "q3", "whisker_low", "whisker_high"];
    let mut table = Table::new(keys.into_iter().chain(Sample::COLUMNS).chain(quartiles));
    for series in &data.series {
        for Spread { classes, accuracy, five_numbers } in &series.boxes {
            let keys: [Cell; 4] = [
                series.objective.to_string().into(),
                series.features.into(),
                series.protocol.name().into(),
                u64::from(*classes).into(),
            ];
            let FiveNumbers { q1, q3, whisker_low, whisker_high, .. } = *five_numbers;
            let quartiles = [q1, q3, whisker_low, whisker_high].map(Cell::from);
            table.push(keys.into_iter().chain(accuracy.cells()).chain(quartiles));
        }
    }
    table
}
