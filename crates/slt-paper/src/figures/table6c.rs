//! Table 6c: the differences between the methods on moons and circles by a linear mixed model, beside the
//! published ones.

use serde::Serialize;
use serde_json::json;
use slt_datasets::paper::PaperName;
use slt_plot::{Align, DOUBLE_COLUMN_MM, Figure as Drawing, Panel, Table as DrawnTable, TableRow};
use slt_stats::Correction;

use super::common::{note, provenance};
use super::{Figure, Rendered};
use crate::arm::{self, Arm, Repetitions};
use crate::comparison::{self, Effect, Published, compare, compare_nested, published};
use crate::method::Method;
use crate::{Cell, Error, Plan, Protocol, Scale, Table};
use slt_run::{Records, RunSpec};

pub(super) const FIGURE: Figure = Figure {
    id: "table6c",
    title: "Differences between the methods by a linear mixed model",
    caption: "Linear mixed models of pairs of algorithms: the algorithm as fixed effect, architecture and initialisation as \
             crossed random intercepts.",
    in_paper: true,
    runs,
    render,
};

/// Two methods on one data set.
#[derive(Debug, Serialize)]
pub(super) struct Comparison {
    data: PaperName,
    reference: Method,
    target: Method,
    published: Effect,
    fits: Vec<Fit>,
}

/// What came out.
#[derive(Debug, Serialize)]
struct Fit {
    model: Model,
    protocol: Protocol,
    /// Runs of reference and target.
    runs: [usize; 2],
    /// None if the model cannot be fitted.
    effect: Option<Effect>,
    /// The p-value, adjusted by Holm's rule for all comparisons by this model and protocol.
    holm: Option<f64>,
    converged: Option<bool>,
    /// Why the model cannot be fitted.
    missing_because: Option<String>,
}

/// What is fitted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
enum Model {
    /// Architecture and run as crossed random intercepts.
    Crossed,
    /// Runs within architectures.
    Nested,
    /// The first with as many runs as the published analysis has: twice R, and R of edge-popup.
    AsManyRuns,
}

impl Model {
    /// The repetitions of a method's runs.
    fn repetitions(self, method: Method) -> Repetitions {
        match (self, method) {
            (Self::AsManyRuns, Method::Ga(_) | Method::Backpropagation) => Repetitions::Double,
            _ => Repetitions::Full,
        }
    }

    /// The name in tables.
    fn name(self) -> &'static str {
        match self {
            Self::Crossed => "crossed",
            Self::Nested => "nested",
            Self::AsManyRuns => "crossed, as many runs as published",
        }
    }
}

/// The models of the table: further runs at scale paper alone.
fn models(plan: &Plan) -> &'static [Model] {
    match plan.scale {
        Scale::Paper => &[Model::Crossed, Model::Nested, Model::AsManyRuns],
        Scale::Smoke | Scale::Quick => &[Model::Crossed, Model::Nested],
    }
}

fn arms(model: Model, method: Method, data: PaperName) -> impl Iterator<Item = Arm> {
    let arms = Arm::over_architectures(method, data).into_iter();
    arms.map(move |arm| arm.repeated(model.repetitions(method)))
}

/// The runs that the comparisons by some models need.
fn runs_of(models: &[Model], plan: &Plan, records: &Records) -> Result<Vec<RunSpec>, Error> {
    let compared = published().into_iter().flat_map(|row| {
        let methods = row.methods().into_iter();
        methods.flat_map(move |method| models.iter().flat_map(move |&model| arms(model, method, row.data)))
    });
    arm::runs(compared, plan, records)
}

/// The runs of the comparisons that Fig. 6 shows.
pub(super) fn crossed_runs(plan: &Plan, records: &Records) -> Result<Vec<RunSpec>, Error> {
    runs_of(&[Model::Crossed], plan, records)
}

/// The rows that Fig. 6 shows.
pub(super) fn crossed(plan: &Plan, records: &Records) -> Result<Vec<Comparison>, Error> {
    comparisons_by(&[Model::Crossed], plan, records)
}

fn comparisons_by(models: &[Model], plan: &Plan, records: &Records) -> Result<Vec<Comparison>, Error> {
    let of = |Published { data, reference, target, effect: published }| {
        let mut fits = Vec::new();
        for &model in models {
            for protocol in Protocol::ALL {
                let cells = |method| -> Result<Vec<Vec<f64>>, Error> {
                    arms(model, method, data).map(|arm| arm.accuracies(plan, records, protocol)).collect()
                };
                fits.push(Fit::of(model, protocol, &cells(reference)?, &cells(target)?));
            }
        }
        Ok::<_, Error>(Comparison { data, reference, target, published, fits })
    };
    let mut rows: Vec<Comparison> = published().into_iter().map(of).collect::<Result<_, _>>()?;
    for fit in 0..2 * models.len() {
        let p: Vec<f64> = rows.iter().filter_map(|row| row.fits[fit].effect).map(|effect| effect.p).collect();
        let mut adjusted = Correction::Holm.adjust(&p)?.into_iter();
        for row in &mut rows {
            let fit = &mut row.fits[fit];
            fit.holm = fit.effect.and_then(|_| adjusted.next());
        }
    }
    Ok(rows)
}

/// The published p-values, adjusted by Holm's rule.
fn published_holm() -> Result<Vec<f64>, Error> {
    Ok(Correction::Holm.adjust(&published().map(|row| row.effect.p))?)
}

impl Fit {
    /// A model that cannot be fitted, as when all accuracies are equal, is a result, too.
    fn of(model: Model, protocol: Protocol, reference: &[Vec<f64>], target: &[Vec<f64>]) -> Self {
        let fitted = match model {
            Model::Crossed | Model::AsManyRuns => compare(reference, target),
            Model::Nested => compare_nested(reference, target),
        };
        let runs = [reference, target].map(|cells| cells.iter().map(Vec::len).max().unwrap_or(0));
        let found = fitted.as_ref().ok();
        Self {
            model,
            protocol,
            runs,
            effect: found.map(|found| Effect::from(&found.effect)),
            holm: None,
            converged: found.map(|found| found.converged),
            missing_because: fitted.as_ref().err().map(ToString::to_string),
        }
    }
}

impl Comparison {
    /// The fit of a model under a protocol.
    fn fit(&self, model: Model, protocol: Protocol) -> Option<&Fit> {
        self.fits.iter().find(|fit| (fit.model, fit.protocol) == (model, protocol))
    }

    /// The difference of a coefficient from the published one in standard errors of that difference.
    fn difference(&self, effect: &Effect) -> f64 {
        (effect.coef - self.published.coef) / effect.se.hypot(self.published.se)
    }
}

fn number(value: f64, decimals: usize) -> String {
    format!("{value:.decimals$}").replace('-', "−")
}

fn p_value(p: f64) -> String {
    if p < 0.0005 { "< 0.001".to_owned() } else { number(p, 3) }
}

impl Effect {
    /// Coefficient, standard error, z and p with three decimals.
    fn texts(&self) -> [String; 4] {
        [number(self.coef, 3), number(self.se, 3), number(self.z, 3), p_value(self.p)]
    }

    fn interval(&self) -> String {
        format!("[{}, {}]", number(self.low, 3), number(self.high, 3))
    }

    fn cells(&self) -> [Cell; 6] {
        [self.coef, self.se, self.z, self.p, self.low, self.high].map(Cell::from)
    }

    fn is_significant(&self) -> bool {
        self.p < comparison::Comparison::LEVEL
    }
}

fn runs(plan: &Plan, records: &Records) -> Result<Vec<RunSpec>, Error> {
    runs_of(models(plan), plan, records)
}

fn render(plan: &Plan, records: &Records) -> Result<Rendered, Error> {
    let comparisons = comparisons_by(models(plan), plan, records)?;
    let data = json!({ "comparisons": comparisons });
    let (drawing, table) = (draw(plan, &comparisons)?, tabulate(&comparisons)?);
    Ok(Rendered::of_runs(plan, &data, drawing, table, summarise(&comparisons)))
}

fn draw(plan: &Plan, comparisons: &[Comparison]) -> Result<Drawing, Error> {
    let main = [Protocol::Clean, Protocol::Paper].map(|protocol| (Model::Crossed, protocol));
    let further: Vec<(Model, Protocol)> =
        models(plan)[1..].iter().map(|&model| (model, Protocol::Paper)).collect();
    let panels = vec![
        Panel::bare()
            .title("Architecture and run as crossed random intercepts")
            .mark(drawn(comparisons, &main)?),
        Panel::bare().title("Other analyses, protocol paper").mark(drawn(comparisons, &further)?),
    ];
    let note = note([
        format!("{}, both protocols", provenance(plan, &[])),
        "Holm: P adjusted for the eight comparisons. Difference: that of the coefficient from the published one in joint \
         standard errors. Nested: runs within architectures."
            .to_owned(),
        match plan.scale {
            Scale::Paper => format!(
                "R = {} / {}: GA, GA (adaptive AB) and backpropagation with twice as many runs as edge-popup, as the published \
                 standard errors suggest.",
                2 * plan.runs,
                plan.runs
            ),
            Scale::Smoke | Scale::Quick => String::new(),
        },
    ]);
    Ok(Drawing::grid(DOUBLE_COLUMN_MM, 1, panels).lettered().note(note).description(format!(
        "Effect of a method against another one on the standardised test accuracy of {} runs on each of four \
         architectures, by a linear mixed model, as published and measured; (b) the same with runs nested in architectures \
         and with as many runs as the published analysis seems to have.",
        plan.runs
    )))
}

/// The comparisons as Fig. 6 has them: as published, without what stands beside in the table.
pub(super) fn drawn_crossed(comparisons: &[Comparison], protocol: Protocol) -> Result<DrawnTable, Error> {
    let mut table = drawn(comparisons, &[(Model::Crossed, protocol)])?;
    let cells = table.rows.iter_mut().filter_map(|row| match row {
        TableRow::Cells(cells) => Some(cells),
        _ => None,
    });
    for cells in cells.chain([&mut table.header]) {
        cells.remove(HOLM);
        cells.pop();
    }
    table.align.pop();
    Ok(table)
}

/// The column of the adjusted p-values.
const HOLM: usize = 7;

/// The comparisons as drawn: published, then measured by some models under some protocols.
fn drawn(comparisons: &[Comparison], wanted: &[(Model, Protocol)]) -> Result<DrawnTable, Error> {
    let header = [
        "Reference",
        "Target",
        "",
        "Coef.",
        "Std.\nerr.",
        "z",
        "P > |z|",
        "Holm",
        "95 % interval",
        "Differ-\nence",
    ];
    let texts = [Align::Left; 3].into_iter().chain([Align::Right; 7]);
    let mut table = DrawnTable::new(header).align(texts);
    let mut reasons: Vec<String> = Vec::new();
    let mut data = None;
    for (comparison, holm) in comparisons.iter().zip(published_holm()?) {
        if data.replace(comparison.data) != Some(comparison.data) {
            table = table.group(comparison.data.to_string());
        }
        let row = |names: [&str; 3], effect: &Effect, holm: f64, difference: String| {
            let [coef, se, z, p] = effect.texts();
            let numbers = [coef, se, z, p, p_value(holm), effect.interval(), difference];
            names.map(str::to_owned).into_iter().chain(numbers)
        };
        let names = [comparison.reference.label(), comparison.target.label(), "published"];
        table = table.row(row(names, &comparison.published, holm, String::new()));
        for fit in wanted.iter().filter_map(|&(model, protocol)| comparison.fit(model, protocol)) {
            let source = match fit.model {
                Model::Crossed => fit.protocol.name().to_owned(),
                Model::Nested => "nested".to_owned(),
                Model::AsManyRuns => match fit.runs {
                    [reference, target] if reference == target => format!("R = {reference}"),
                    [reference, target] => format!("R = {reference} / {target}"),
                },
            };
            table = match (fit.effect, fit.holm) {
                (Some(effect), Some(holm)) => {
                    let difference = number(comparison.difference(&effect), 2);
                    table.row(row(["", "", &source], &effect, holm, difference))
                }
                _ => table.row(["", "", &source].into_iter().chain(["–"; 7])),
            };
            reasons.extend(fit.missing_because.clone().filter(|reason| !reasons.contains(reason)));
        }
    }
    Ok(reasons.into_iter().fold(table, |table, reason| table.group(format!("–: {reason}"))))
}

fn tabulate(comparisons: &[Comparison]) -> Result<Table, Error> {
    let keys = ["data", "reference", "target", "source", "model", "runs_reference", "runs_target"];
    let numbers =
        ["coef", "se", "z", "p", "ci_low", "ci_high", "p_holm", "difference_in_se", "converged", "note"];
    let mut table = Table::new(keys.into_iter().chain(numbers));
    for (comparison, holm) in comparisons.iter().zip(published_holm()?) {
        let keys = |source: &str, model: &str| -> [Cell; 5] {
            [
                comparison.data.to_string().into(),
                comparison.reference.label().into(),
                comparison.target.label().into(),
                source.into(),
                model.into(),
            ]
        };
        let nothing = || [const { Cell::Missing }; 3];
        let published = comparison.published.cells().into_iter().chain([holm.into()]).chain(nothing());
        let unknown = [Cell::Missing, Cell::Missing];
        table.push(keys("published", "not public").into_iter().chain(unknown).chain(published));
        for fit in &comparison.fits {
            let runs = fit.runs.map(|runs| Cell::from(runs as u64));
            let numbers = fit.effect.map_or([const { Cell::Missing }; 6], |effect| effect.cells());
            let rest: [Cell; 4] = [
                fit.holm.into(),
                fit.effect.map(|effect| comparison.difference(&effect)).into(),
                fit.converged.into(),
                fit.missing_because.as_deref().into(),
            ];
            let row = keys(fit.protocol.name(), fit.model.name()).into_iter().chain(runs);
            table.push(row.chain(numbers).chain(rest));
        }
    }
    Ok(table)
}

/// How many comparisons come out as published: in sign and significance where the published one is
/// significant, not significant where it is not.
pub(super) fn summarise(comparisons: &[Comparison]) -> String {
    let effect = |row: &Comparison, protocol| row.fit(Model::Crossed, protocol).and_then(|fit| fit.effect);
    let agrees = |row: &Comparison, protocol| {
        let published = row.published;
        effect(row, protocol).is_some_and(|ours| match published.is_significant() {
            true => ours.is_significant() && (ours.coef > 0.0) == (published.coef > 0.0),
            false => !ours.is_significant(),
        })
    };
    let count = |protocol| comparisons.iter().filter(|row| agrees(row, protocol)).count();
    let missing = comparisons.iter().filter(|row| effect(row, Protocol::Clean).is_none()).count();
    let note = if missing > 0 { format!("; {missing} cannot be fitted") } else { String::new() };
    let differences =
        comparisons.iter().filter_map(|row| Some(row.difference(&effect(row, Protocol::Paper)?)));
    let furthest = differences.map(f64::abs).reduce(f64::max);
    let furthest = furthest.map_or(String::new(), |difference| {
        format!("; the coefficients of the latter are within {difference:.2} joint standard errors of the published ones")
    });
    format!(
        "{} of {} comparisons come out as published, in sign and significance, with individuals chosen on training \
         data, {} with individuals chosen on test data{furthest}{note}",
        count(Protocol::Clean),
        comparisons.len(),
        count(Protocol::Paper),
    )
}
