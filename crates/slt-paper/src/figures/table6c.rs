//! Table 6c: the differences between the methods on moons and circles by a linear mixed model, beside the published ones.

use serde::Serialize;
use slt_datasets::paper::PaperName;
use slt_plot::{Align, Table as DrawnTable};

use super::common::{json, table_alone};
use super::{Figure, Rendered};
use crate::arm::{self, Arm};
use crate::comparison::compare;
use crate::method::Method;
use crate::{Cell, Error, Plan, Protocol, Records, RunSpec, Scale, Table};

pub(super) struct Table6c;

/// The effect of a target against a reference, in standard deviations of the accuracy.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
struct Effect {
    coef: f64,
    se: f64,
    z: f64,
    p: f64,
    /// 95 % interval.
    low: f64,
    high: f64,
}

fn effect(coef: f64, se: f64, z: f64, p: f64, low: f64, high: f64) -> Effect {
    Effect { coef, se, z, p, low, high }
}

/// The table as published: data, reference, target, effect.
fn published() -> [(PaperName, Method, Method, Effect); 8] {
    use PaperName::{Circles, Moons};
    let (ga, ab, trained) = (Method::ga(), Method::ga_ab(), Method::Backpropagation);
    let (half, adapted) = (Method::edge_popup(), Method::edge_popup_adapted());
    [
        (Moons, ga, ab, effect(0.042, 0.083, 0.507, 0.612, -0.121, 0.205)),
        (Moons, half, adapted, effect(-0.133, 0.095, -1.405, 0.160, -0.320, 0.053)),
        (Moons, ga, half, effect(-1.185, 0.081, -14.697, 0.000, -1.343, -1.027)),
        (Moons, ga, trained, effect(0.661, 0.087, 7.609, 0.000, 0.491, 0.831)),
        (Circles, ga, ab, effect(-0.106, 0.064, -1.670, 0.095, -0.231, 0.018)),
        (Circles, half, adapted, effect(-0.062, 0.102, -0.609, 0.543, -0.263, 0.138)),
        (Circles, ga, half, effect(-0.964, 0.074, -13.095, 0.000, -1.109, -0.820)),
        (Circles, ga, trained, effect(1.030, 0.071, 14.595, 0.000, 0.892, 1.168)),
    ]
}

/// Two methods on one data set.
#[derive(Debug, Serialize)]
pub(super) struct Comparison {
    data: PaperName,
    reference: Method,
    target: Method,
    published: Effect,
    fits: [Fit; 2],
}

/// What came out under a protocol.
#[derive(Debug, Serialize)]
struct Fit {
    protocol: Protocol,
    /// None if the model cannot be fitted.
    effect: Option<Effect>,
    converged: Option<bool>,
    /// Why the model cannot be fitted.
    missing_because: Option<String>,
}

#[derive(Debug, Serialize)]
struct Data {
    figure: &'static str,
    scale: Scale,
    runs: u64,
    comparisons: Vec<Comparison>,
}

/// The runs that the comparisons need.
pub(super) fn runs(plan: &Plan, records: &Records) -> Result<Vec<RunSpec>, Error> {
    let compared = published().into_iter().flat_map(|(data, reference, target, _)| {
        [reference, target].into_iter().flat_map(move |method| Arm::over_architectures(method, data))
    });
    arm::runs(&compared.collect::<Vec<_>>(), plan, records)
}

/// The rows of the table.
pub(super) fn comparisons(plan: &Plan, records: &Records) -> Result<Vec<Comparison>, Error> {
    published()
        .into_iter()
        .map(|(data, reference, target, published)| {
            let fit = |protocol| {
                let cells = |method| -> Result<Vec<Vec<f64>>, Error> {
                    let arms = Arm::over_architectures(method, data).into_iter();
                    arms.map(|arm| arm.accuracies(plan, records, protocol)).collect()
                };
                Ok::<_, Error>(Fit::of(protocol, &cells(reference)?, &cells(target)?))
            };
            let fits = [fit(Protocol::Clean)?, fit(Protocol::Paper)?];
            Ok(Comparison { data, reference, target, published, fits })
        })
        .collect()
}

impl Fit {
    /// A model that cannot be fitted, as when all accuracies are equal, is a result, too.
    fn of(protocol: Protocol, reference: &[Vec<f64>], target: &[Vec<f64>]) -> Self {
        match compare(reference, target) {
            Ok(found) => {
                let (estimate, interval) = (&found.effect, found.effect.interval);
                let effect = effect(
                    estimate.estimate,
                    estimate.standard_error,
                    estimate.z,
                    estimate.p,
                    interval.low,
                    interval.high,
                );
                Self {
                    protocol,
                    effect: Some(effect),
                    converged: Some(found.converged),
                    missing_because: None,
                }
            }
            Err(error) => {
                Self { protocol, effect: None, converged: None, missing_because: Some(error.to_string()) }
            }
        }
    }
}

impl Effect {
    /// Coefficient, standard error, z, p and interval with three decimals.
    fn texts(&self) -> [String; 5] {
        let Self { coef, se, z, p, low, high } = self;
        let number = |value: f64| format!("{value:.3}").replace('-', "−");
        let p = if *p < 0.0005 { "< 0.001".to_owned() } else { number(*p) };
        let interval = format!("[{}, {}]", number(*low), number(*high));
        [number(*coef), number(*se), number(*z), p, interval]
    }

    fn cells(&self) -> [Cell; 6] {
        [self.coef, self.se, self.z, self.p, self.low, self.high].map(Cell::from)
    }

    fn is_significant(&self) -> bool {
        self.p < crate::comparison::Comparison::LEVEL
    }
}

impl Figure for Table6c {
    fn id(&self) -> &'static str {
        "table6c"
    }

    fn title(&self) -> &'static str {
        "Differences between the methods by a linear mixed model"
    }

    fn runs(&self, plan: &Plan, records: &Records) -> Result<Vec<RunSpec>, Error> {
        runs(plan, records)
    }

    fn render(&self, plan: &Plan, records: &Records) -> Result<Rendered, Error> {
        let comparisons = comparisons(plan, records)?;
        let description = format!(
            "Effect of a method against another one on the standardised test accuracy of {} runs on each of four \
             architectures, by a linear mixed model with crossed random intercepts of architecture and run, as \
             published and measured.",
            plan.runs
        );
        Ok(Rendered {
            drawing: table_alone(drawn(&comparisons, &Protocol::ALL), description),
            table: tabulate(&comparisons),
            summary: summarise(&comparisons),
            json: json(&Data { figure: self.id(), scale: plan.scale, runs: plan.runs, comparisons }),
        })
    }
}

/// The comparisons as drawn: published, then measured under some protocols.
pub(super) fn drawn(comparisons: &[Comparison], protocols: &[Protocol]) -> DrawnTable {
    let header = ["Reference", "Target", "", "Coef.", "Std. err.", "z", "P > |z|", "95 % interval"];
    let texts = [Align::Left; 3].into_iter().chain([Align::Right; 5]);
    let mut table = DrawnTable::new(header).align(texts);
    let mut reasons: Vec<String> = Vec::new();
    let mut data = None;
    for comparison in comparisons {
        if data.replace(comparison.data) != Some(comparison.data) {
            table = table.group(comparison.data.to_string());
        }
        let names = [comparison.reference.label(), comparison.target.label(), "published"].map(str::to_owned);
        table = table.row(names.into_iter().chain(comparison.published.texts()));
        for fit in comparison.fits.iter().filter(|fit| protocols.contains(&fit.protocol)) {
            let source = match fit.protocol {
                Protocol::Clean => "measured",
                Protocol::Paper => "measured, chosen on test data",
            };
            let numbers =
                fit.effect.map_or_else(|| [(); 5].map(|()| "–".to_owned()), |effect| effect.texts());
            table = table.row(["", "", source].map(str::to_owned).into_iter().chain(numbers));
            reasons.extend(fit.missing_because.clone().filter(|reason| !reasons.contains(reason)));
        }
    }
    reasons.into_iter().fold(table, |table, reason| table.group(format!("–: {reason}")))
}

fn tabulate(comparisons: &[Comparison]) -> Table {
    let mut table = Table::new([
        "data",
        "reference",
        "target",
        "source",
        "coef",
        "se",
        "z",
        "p",
        "ci_low",
        "ci_high",
        "converged",
        "note",
    ]);
    for comparison in comparisons {
        let mut push = |source: &str, effect: Option<Effect>, converged: Option<bool>, note: Option<&str>| {
            let names: [Cell; 4] = [
                comparison.data.to_string().into(),
                comparison.reference.label().into(),
                comparison.target.label().into(),
                source.into(),
            ];
            let numbers = effect.map_or([(); 6].map(|()| Cell::Missing), |effect| effect.cells());
            let converged = converged.map(|converged| if converged { "yes" } else { "no" });
            table.push(names.into_iter().chain(numbers).chain([converged.into(), note.into()]));
        };
        push("published", Some(comparison.published), None, None);
        for fit in &comparison.fits {
            push(fit.protocol.name(), fit.effect, fit.converged, fit.missing_because.as_deref());
        }
    }
    table
}

/// How many comparisons come out as published: in sign and significance where the published one is significant, not
/// significant where it is not.
pub(super) fn summarise(comparisons: &[Comparison]) -> String {
    let agrees = |comparison: &Comparison, protocol: usize| {
        let published = comparison.published;
        comparison.fits[protocol].effect.is_some_and(|ours| match published.is_significant() {
            true => ours.is_significant() && (ours.coef > 0.0) == (published.coef > 0.0),
            false => !ours.is_significant(),
        })
    };
    let count = |protocol| comparisons.iter().filter(|row| agrees(row, protocol)).count();
    let missing = comparisons.iter().filter(|row| row.fits[0].effect.is_none()).count();
    let note = if missing > 0 { format!("; {missing} cannot be fitted") } else { String::new() };
    format!(
        "{} of {} comparisons come out as published, in sign and significance, with individuals chosen on training \
         data, {} with individuals chosen on test data{note}",
        count(0),
        comparisons.len(),
        count(1),
    )
}
