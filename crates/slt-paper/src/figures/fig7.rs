//! Figure 7: blobs of 2 to 10 classes, accuracy (a) or cross-entropy (b) as objective of the genetic
//! algorithm.

use serde::Serialize;
use slt_datasets::paper::{PaperName, PaperScaling};
use slt_mlp::MetricName;
use slt_plot::{Axis, Color, DOUBLE_COLUMN_MM, Figure as Drawing, FiveNumbers, Panel};
use slt_stats::{Alternative, spearman};

use super::common::{
    Description, GA_RESCALED, QUARTILES, Sample, lower_end, note, provenance, quartiles, ticket_kind,
};
use super::published::{self, Published};
use super::spread::{Spread, shown, spread};
use super::{Figure, Rendered};
use crate::arm::{self, Arm, BLOB_CLASSES};
use crate::method::Method;
use crate::{Cell, Error, Plan, Protocol, Scale, Table};
use slt_run::{Records, RunSpec};

pub(super) const FIGURE: Figure = Figure {
    id: "fig7",
    title: "Blobs, 2 to 10 classes: accuracy or cross-entropy as objective",
    caption: "Blobs with 2 to 10 classes. With the accuracy as objective (a), more than five classes get worse and worse; with the \
             cross-entropy (b), most are solved again.",
    in_paper: true,
    runs,
    render,
};

/// Up to how many classes the published tickets are perfect, and the least best run that we call so.
const PERFECT: (u32, f64) = (5, 0.999);

/// The colour of the arm of the published code, beside that of the text.
const CODE: Color = Color::Series(5);

/// What is searched.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
struct Searched {
    objective: MetricName,
    features: &'static str,
    #[serde(skip)]
    scaling: PaperScaling,
    /// None for the accuracy, where text and code are alike.
    description: Option<Description>,
    pruned: bool,
}

impl Searched {
    /// All of them: those that are drawn, and the tickets of (b) before they are pruned.
    fn all(plan: &Plan) -> Vec<Self> {
        let by_accuracy = |features, scaling| Self {
            objective: MetricName::Accuracy,
            features,
            scaling,
            description: None,
            pruned: false,
        };
        let by_loss = |description, pruned| Self {
            objective: MetricName::CrossEntropy,
            features: "raw",
            scaling: PaperScaling::None,
            description: Some(description),
            pruned,
        };
        let losses = Description::all(plan).iter();
        let losses = losses.flat_map(|&description| [true, false].map(|pruned| by_loss(description, pruned)));
        [by_accuracy("raw", PaperScaling::None), by_accuracy("normalized", PaperScaling::MinMax)]
            .into_iter()
            .chain(losses)
            .collect()
    }

    fn method(self) -> Method {
        self.description.map_or_else(Method::ga, |description| description.method(self.pruned))
    }

    fn arm(self, classes: u32) -> Arm {
        Arm::classes(self.method(), PaperName::Blobs, classes).scaled(self.scaling)
    }

    fn color(self) -> Color {
        match (self.description, self.features) {
            (Some(Description::Code), _) => CODE,
            (_, "normalized") => GA_RESCALED,
            _ => Method::ga().color(),
        }
    }

    fn label(self) -> &'static str {
        match self.description {
            Some(Description::Text) => "text",
            Some(Description::Code) => "published code",
            None if self.scaling == PaperScaling::MinMax => "normalized (published)",
            None => "raw",
        }
    }

    fn is_drawn(self) -> bool {
        self.objective == MetricName::Accuracy || self.pruned
    }

    /// The published number for a row.
    fn published(self, protocol: Protocol, classes: u32) -> Option<Published> {
        match (self.objective, protocol) {
            (_, Protocol::Clean) => None,
            (MetricName::Accuracy, _) if self.scaling == PaperScaling::MinMax => {
                published::blobs_by_accuracy(classes)
            }
            (MetricName::Accuracy, _) => None,
            _ if self.pruned => published::blobs_by_loss(classes),
            _ => None,
        }
    }
}

/// What is drawn.
#[derive(Debug, Serialize)]
struct Data {
    data: PaperName,
    architecture: &'static str,
    series: Vec<Series>,
}

/// An objective on data of a scaling, over the numbers of classes.
#[derive(Debug, Serialize)]
struct Series {
    #[serde(flatten)]
    searched: Searched,
    protocol: Protocol,
    shape: Shape,
    boxes: Vec<OfClasses>,
}

/// Test accuracies for a number of classes.
#[derive(Debug, Serialize)]
struct OfClasses {
    classes: u32,
    accuracy: Sample,
    five_numbers: FiveNumbers,
}

/// Whether tickets are as the paper describes those of the accuracy objective: perfect ones for few classes,
/// worse and worse for more.
#[derive(Debug, Serialize)]
struct Shape {
    /// The lowest mean for up to five classes, and the lowest of the best runs.
    lowest_of_few: f64,
    least_best_of_few: f64,
    /// Rank correlation between number of classes and mean beyond; none if all means are equal.
    trend_of_many: Option<f64>,
    as_described: bool,
}

impl Shape {
    fn of(boxes: &[OfClasses]) -> Self {
        let (few, many): (Vec<&OfClasses>, Vec<&OfClasses>) =
            boxes.iter().partition(|b| b.classes <= PERFECT.0);
        let least =
            |value: fn(&Sample) -> f64| few.iter().map(|b| value(&b.accuracy)).fold(f64::INFINITY, f64::min);
        let (lowest_of_few, least_best_of_few) =
            (least(|accuracy| accuracy.mean), least(|accuracy| accuracy.max));
        let classes: Vec<f64> = many.iter().map(|b| f64::from(b.classes)).collect();
        let means: Vec<f64> = many.iter().map(|b| b.accuracy.mean).collect();
        let trend_of_many = spearman(&classes, &means, Alternative::Less).ok().map(|fit| fit.rho);
        let as_described = least_best_of_few >= PERFECT.1 && trend_of_many.is_some_and(|rho| rho < 0.0);
        Self { lowest_of_few, least_best_of_few, trend_of_many, as_described }
    }
}

impl Series {
    fn new(plan: &Plan, records: &Records, searched: Searched, protocol: Protocol) -> Result<Self, Error> {
        let of = |classes| {
            let accuracy = Sample::of(searched.arm(classes).accuracies(plan, records, protocol)?)?;
            Ok::<_, Error>(OfClasses { classes, five_numbers: accuracy.five_numbers()?, accuracy })
        };
        let boxes: Vec<OfClasses> = BLOB_CLASSES.map(of).collect::<Result<_, _>>()?;
        Ok(Self { searched, protocol, shape: Shape::of(&boxes), boxes })
    }
}

fn runs(plan: &Plan, records: &Records) -> Result<Vec<RunSpec>, Error> {
    let all = Searched::all(plan).into_iter();
    let arms = all.flat_map(|searched| BLOB_CLASSES.map(move |classes| searched.arm(classes)));
    arm::runs(arms, plan, records)
}

fn render(plan: &Plan, records: &Records) -> Result<Rendered, Error> {
    let mut series = Vec::new();
    for protocol in Protocol::ALL {
        for searched in Searched::all(plan) {
            series.push(Series::new(plan, records, searched, protocol)?);
        }
    }
    let data =
        Data { data: PaperName::Blobs, architecture: arm::usual_architecture(PaperName::Blobs), series };
    let drawing = draw(plan, &data)?;
    Ok(Rendered::of_runs(plan, &data, drawing, tabulate(&data), data.summary()))
}

impl Data {
    /// What is drawn for an objective, both protocols of a search side by side.
    fn drawn(&self, objective: MetricName) -> Vec<&Series> {
        let own = |series: &&Series| series.searched.objective == objective && series.searched.is_drawn();
        let clean = self.series.iter().filter(own).filter(|series| series.protocol == Protocol::Clean);
        let both = |clean: &Series| {
            let searched = clean.searched;
            self.series.iter().filter(move |series| series.searched == searched)
        };
        clean.flat_map(both).collect()
    }

    fn summary(&self) -> String {
        let clean = |objective| {
            let drawn = self.drawn(objective).into_iter();
            drawn.filter(|series| series.protocol == Protocol::Clean)
        };
        let fitting = clean(MetricName::Accuracy).filter(|series| series.shape.as_described);
        let fitting: Vec<&str> = fitting.map(|series| series.searched.features).collect();
        let fitting = if fitting.is_empty() { "none".to_owned() } else { fitting.join(" and ") };
        let whole = |objective| {
            let worst = clean(objective).flat_map(|series| &series.boxes).map(|b| b.accuracy.mean);
            100.0 * worst.fold(f64::INFINITY, f64::min)
        };
        format!(
            "accuracy as objective: as published (perfect tickets for 2 to 5 classes, then worse and worse) on these data: \
             {fitting}; lowest mean {:.2} %, with cross-entropy {:.2} %",
            whole(MetricName::Accuracy),
            whole(MetricName::CrossEntropy)
        )
    }
}

fn draw(plan: &Plan, data: &Data) -> Result<Drawing, Error> {
    let drawn = data.series.iter().filter(|series| series.searched.is_drawn());
    let lows = drawn.flat_map(|series| &series.boxes).map(|b| b.accuracy.min);
    // Both panels on one scale, with room for boxes at 100 %.
    let low = lower_end(lows);
    let panel = |objective: MetricName, title: &str| {
        let drawn = data.drawn(objective);
        let kinds = drawn.iter().map(|series| Spread {
            samples: series.boxes.iter().map(|b| &b.accuracy).collect(),
            label: format!("{}, {}", series.searched.label(), series.protocol),
            color: series.searched.color(),
            hollow: series.protocol == Protocol::Paper,
        });
        let y = Axis::new("Test accuracy (%)").percent().range(low, 1.01);
        let marks = spread(&kinds.collect::<Vec<_>>(), |accuracy| accuracy)?;
        Ok::<_, Error>(
            Panel::new(Axis::categories("Classes", BLOB_CLASSES.map(|k| k.to_string())), y)
                .title(title)
                .marks(marks),
        )
    };
    let note = note([
        format!("{}; {}", provenance(plan, &Protocol::ALL), shown(plan)),
        "(a) tickets as they evolved; (b) raw data, tickets pruned after the evolution, as the published code shows them."
            .to_owned(),
        match plan.scale {
            Scale::Quick => String::new(),
            Scale::Smoke | Scale::Paper => {
                "Text: weights from U[−1, 1], losses in double precision; published code: U[−2.5, 2.5], single precision."
                    .to_owned()
            }
        },
    ]);
    let panels = vec![
        panel(MetricName::Accuracy, "Accuracy as objective")?,
        panel(MetricName::CrossEntropy, "Cross-entropy as objective")?,
    ];
    Ok(Drawing::grid(DOUBLE_COLUMN_MM, 1, panels).lettered().note(note).description(format!(
        "Test accuracies of {} runs of the genetic algorithm on blobs by number of classes, architecture {}, with accuracy \
         (a) and cross-entropy (b) as objective, tickets chosen and pruned on training data and on test data.",
        plan.runs, data.architecture
    )))
}

fn tabulate(data: &Data) -> Table {
    let keys = ["objective", "features", "description", "protocol", "ticket", "classes"];
    let columns = keys.into_iter().chain(Sample::COLUMNS).chain(QUARTILES).chain(published::COLUMNS);
    let mut table = Table::new(columns);
    for series in &data.series {
        for OfClasses { classes, accuracy, five_numbers } in &series.boxes {
            let keys: [Cell; 6] = [
                series.searched.objective.to_string().into(),
                series.searched.features.into(),
                series.searched.description.map(Description::name).into(),
                series.protocol.name().into(),
                ticket_kind(series.searched.pruned, series.protocol).into(),
                u64::from(*classes).into(),
            ];
            let published = series.searched.published(series.protocol, *classes);
            let row = keys.into_iter().chain(accuracy.cells()).chain(quartiles(five_numbers));
            table.push(row.chain(published::cells(published)));
        }
    }
    table
}
