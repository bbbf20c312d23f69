//! Figure 8: loss and accuracy on planes around one ticket of blobs-10, with the directions of the text (a, b) and of the
//! published code (c, d), and how sharp the minima of raw and normalized data are (e, f).

mod draw;
mod table;

use serde::Serialize;
use slt_core::Seed;
use slt_datasets::paper::PaperScaling;
use slt_stats::Summary;

use super::common::{json, percent, significant, ticket_kind};
use super::{Figure, Rendered};
use crate::analyses::{self, Form, Tickets};
use crate::arm::any;
use crate::{Error, Plan, Protocol, Scale};
use slt_run::{Directions, LandscapeRecord, LandscapeSpec, Records, RunSpec, SpectrumRecord};

pub(super) struct Fig8;

/// The two kinds of data, with their names.
const FEATURES: [(&str, PaperScaling); 2] =
    [("raw", PaperScaling::None), ("normalized", PaperScaling::MinMax)];

/// Points along each direction of the landscapes that are not drawn, or drawn at scale quick.
const COARSE: usize = 21;

/// How many landscapes are drawn: the first ones.
const DRAWN: usize = 2;

/// A landscape and whose ticket is in its middle.
struct Slice {
    spec: LandscapeSpec,
    form: Form,
}

/// The landscape of the text, that of the published code, one with scaled directions, and one around the ticket pruned on
/// test data, the only one that the published code stores. None of those whose ticket is not there yet.
fn landscapes(plan: &Plan, records: &Records) -> Result<Vec<Slice>, Error> {
    let Some(text) = analyses::landscape(plan, records)? else { return Ok(Vec::new()) };
    let coarse = text.steps.min(COARSE);
    let steps = if plan.scale == Scale::Quick { coarse } else { text.steps };
    let code = LandscapeSpec { steps, directions: Directions::Uniform, ..text.clone() };
    let directions = Directions::FilterNormalized;
    let scaled = LandscapeSpec { steps: coarse, directions, biases: false, ..text.clone() };
    let pruned = pruned(plan)?.known(records).into_iter().next();
    let pruned = pruned.map(|ticket| LandscapeSpec { steps: coarse, ticket, ..text.clone() });
    let evolved = [text, code, scaled].into_iter().map(|spec| Slice { spec, form: Form::Evolved });
    Ok(evolved.chain(pruned.map(|spec| Slice { spec, form: Form::TestPruned })).collect())
}

/// The first ticket, pruned on test data.
fn pruned(plan: &Plan) -> Result<Tickets, Error> {
    Tickets::curved(&Plan { runs: 1, ..*plan }, PaperScaling::Paper, Form::TestPruned)
}

/// What is drawn.
#[derive(Debug, Serialize)]
struct Data {
    figure: &'static str,
    scale: Scale,
    /// The run whose ticket is in the middle of the landscapes.
    seed: Seed,
    spec_sha256: String,
    /// The first two are drawn.
    landscapes: Vec<Landscape>,
    spectra: Vec<Spectra>,
}

/// Loss and accuracy around the ticket.
///
/// # Shapes
/// Rows along the first direction (delta), columns along the second (eta).
#[derive(Debug, Serialize)]
struct Landscape {
    directions: Directions,
    /// Of the ticket in the middle.
    ticket_kind: &'static str,
    axis: Vec<f64>,
    loss: Vec<Vec<f64>>,
    accuracy: Vec<Vec<f64>>,
    /// Loss and accuracy of the ticket; none if it is not a point of the grid.
    ticket: Option<(f64, f64)>,
    /// The lowest loss and the highest accuracy, and where: delta and eta.
    lowest_loss: f64,
    lowest_at: [f64; 2],
    highest_accuracy: f64,
    highest_at: [f64; 2],
    /// Shares of the points with at most twice the ticket's loss, and with at least 90 % of its accuracy.
    low_loss: f64,
    high_accuracy: f64,
}

/// The lowest value of a grid by a measure, and where it is.
fn lowest(values: &[Vec<f64>], measure: impl Fn(f64) -> f64, axis: &[f64]) -> (f64, [f64; 2]) {
    let points = values
        .iter()
        .enumerate()
        .flat_map(|(i, row)| row.iter().enumerate().map(move |(j, &value)| (value, i, j)));
    let lower = |low: (f64, usize, usize), point: (f64, usize, usize)| {
        if measure(point.0) < measure(low.0) { point } else { low }
    };
    let (value, i, j) = points.reduce(lower).unwrap_or((f64::NAN, 0, 0));
    (value, [i, j].map(|i| axis.get(i).copied().unwrap_or_default()))
}

fn share_of(values: &[Vec<f64>], wanted: impl Fn(f64) -> bool) -> f64 {
    let (all, found) =
        (values.iter().flatten().count(), values.iter().flatten().filter(|value| wanted(**value)));
    found.count() as f64 / all.max(1) as f64
}

impl Landscape {
    fn of(record: &LandscapeRecord, form: Form) -> Self {
        let (axis, loss) = (&record.axis, &record.loss);
        let share = |&correct: &u64| correct as f64 / record.samples as f64;
        let accuracy: Vec<Vec<f64>> =
            record.correct.iter().map(|row| row.iter().map(share).collect()).collect();
        let middle = axis.iter().position(|&step| step == 0.0);
        let ticket = middle.map(|middle| (loss[middle][middle], accuracy[middle][middle]));
        let (lowest_loss, lowest_at) =
            nearest(lowest(loss, |loss| loss, axis), ticket.map(|ticket| ticket.0));
        let highest = lowest(&accuracy, |accuracy| -accuracy, axis);
        let (highest_accuracy, highest_at) = nearest(highest, ticket.map(|ticket| ticket.1));
        Self {
            directions: record.spec.directions,
            ticket_kind: match form {
                Form::Evolved => ticket_kind(false, Protocol::Clean),
                Form::TestPruned => ticket_kind(true, Protocol::Paper),
            },
            ticket,
            lowest_loss,
            lowest_at,
            highest_accuracy,
            highest_at,
            low_loss: ticket.map_or(f64::NAN, |(own, _)| share_of(loss, |loss| loss <= 2.0 * own)),
            high_accuracy: ticket
                .map_or(f64::NAN, |(_, own)| share_of(&accuracy, |value| value >= 0.9 * own)),
            axis: axis.clone(),
            loss: loss.clone(),
            accuracy,
        }
    }

    /// Both quantities in the same words.
    fn sentence(&self) -> String {
        let (loss, accuracy) = self.ticket.unwrap_or((f64::NAN, f64::NAN));
        let at = |[delta, eta]: [f64; 2]| match (delta, eta) {
            (0.0, 0.0) => "there".to_owned(),
            _ => format!("at ({delta:.2}, {eta:.2})").replace('-', "−"),
        };
        format!(
            "loss {} at the ticket, lowest {} {}, at most twice the ticket's on {:.1} % of the slice; accuracy {} % at the \
             ticket, highest {} % {}, at least 90 % of the ticket's on {:.1} % of the slice",
            significant(loss, 3),
            significant(self.lowest_loss, 3),
            at(self.lowest_at),
            100.0 * self.low_loss,
            percent(accuracy),
            percent(self.highest_accuracy),
            at(self.highest_at),
            100.0 * self.high_accuracy,
        )
    }
}

/// The extreme is in the middle if the ticket is as extreme as any.
fn nearest((value, at): (f64, [f64; 2]), ticket: Option<f64>) -> (f64, [f64; 2]) {
    (value, if ticket == Some(value) { [0.0, 0.0] } else { at })
}

/// The largest eigenvalues at the tickets of several runs.
#[derive(Debug, Serialize)]
struct Spectra {
    features: &'static str,
    runs: Vec<Spectrum>,
    /// The median over the runs of the largest eigenvalue, the second largest, ...
    medians: Vec<f64>,
    largest: Summary,
    not_converged: usize,
}

/// The largest eigenvalues at a ticket.
#[derive(Debug, Serialize)]
struct Spectrum {
    seed: Seed,
    loss: f64,
    eigenvalues: Vec<f64>,
    residuals: Vec<f64>,
    converged: bool,
    steps: usize,
}

impl Spectra {
    fn of(features: &'static str, records: &[&SpectrumRecord]) -> Result<Self, Error> {
        let runs: Vec<Spectrum> = records
            .iter()
            .map(|record| Spectrum {
                seed: record.spec.ticket.network.seed,
                loss: record.loss,
                eigenvalues: record.eigenvalues.clone(),
                residuals: record.residuals.clone(),
                converged: record.converged,
                steps: record.steps,
            })
            .collect();
        let ranks = runs.iter().map(|run| run.eigenvalues.len()).min().unwrap_or(0);
        let summaries: Vec<Summary> = (0..ranks)
            .map(|rank| Summary::of(&runs.iter().map(|run| run.eigenvalues[rank]).collect::<Vec<_>>()))
            .collect::<Result<_, _>>()?;
        Ok(Self {
            features,
            medians: summaries.iter().map(|summary| summary.median).collect(),
            largest: summaries.first().copied().map_or_else(|| Summary::of(&[]), Ok)?,
            not_converged: runs.iter().filter(|run| !run.converged).count(),
            runs,
        })
    }
}

impl Figure for Fig8 {
    fn id(&self) -> &'static str {
        "fig8"
    }

    fn title(&self) -> &'static str {
        "Loss and accuracy around a ticket of blobs-10, and the largest Hessian eigenvalues"
    }

    fn runs(&self, plan: &Plan, records: &Records) -> Result<Vec<RunSpec>, Error> {
        let slices = landscapes(plan, records)?.into_iter().map(|slice| slice.spec);
        let mut runs: Vec<RunSpec> = any(slices).chain(pruned(plan)?.runs(records)).collect();
        for (_, scaling) in FEATURES {
            runs.extend(any(analyses::curved_searches(plan, scaling)?));
            runs.extend(any(analyses::spectra(plan, records, scaling)?));
        }
        Ok(runs)
    }

    fn render(&self, plan: &Plan, records: &Records) -> Result<Rendered, Error> {
        let spectra = FEATURES.map(|(features, scaling)| {
            // An analysis follows from its search, which has to be there first.
            records.need_all(&analyses::curved_searches(plan, scaling)?)?;
            Spectra::of(features, &records.need_all(&analyses::spectra(plan, records, scaling)?)?)
        });
        let spectra = spectra.into_iter().collect::<Result<_, _>>()?;
        pruned(plan)?.need(records)?;
        let slices = landscapes(plan, records)?.into_iter();
        let slices = slices.map(|Slice { spec, form }| Ok(Landscape::of(records.need(&spec)?, form)));
        let middle = records.need(&analyses::curved_searches(plan, PaperScaling::None)?[0])?;
        let data = Data {
            figure: self.id(),
            scale: plan.scale,
            seed: middle.spec.search_seed,
            spec_sha256: middle.spec.hash(),
            landscapes: slices.collect::<Result<_, Error>>()?,
            spectra,
        };
        Ok(Rendered {
            drawing: draw::draw(plan, &data),
            table: table::tabulate(&data),
            summary: data.summary(),
            json: json(&data),
        })
    }
}

impl Data {
    fn summary(&self) -> String {
        let spectra = self.spectra.iter().map(|spectra| {
            let open = match spectra.not_converged {
                0 => String::new(),
                n => format!(" ({n} not converged)"),
            };
            format!("{} on {} data{open}", significant(spectra.largest.median, 3), spectra.features)
        });
        let slices = self.landscapes.iter().take(DRAWN);
        let slices = slices.map(|slice| format!("{}: {}", law(slice.directions), slice.sentence()));
        format!(
            "{}; median largest Hessian eigenvalue {}",
            slices.collect::<Vec<_>>().join("; "),
            spectra.collect::<Vec<_>>().join(", "),
        )
    }
}

/// The law of the directions.
fn law(directions: Directions) -> &'static str {
    match directions {
        Directions::Normal => "N(0,1)",
        Directions::Uniform => "U[0,1)",
        Directions::FilterNormalized => "filter-normalized N(0,1)",
    }
}
