//! What the figure is drawn from.

use serde::Serialize;
use slt_core::Seed;
use slt_stats::Summary;

use super::super::common::{listed, percent, significant, ticket_kind};
use crate::analyses::Form;
use crate::{Error, Protocol, Scale};
use slt_run::{Directions, LandscapeRecord, SpectrumRecord};

/// How many landscapes are drawn: the first ones.
pub(super) const DRAWN: usize = 2;

/// What is drawn.
#[derive(Debug, Serialize)]
pub(super) struct Data {
    pub(super) scale: Scale,
    /// The run whose ticket is in the middle of the landscapes.
    pub(super) seed: Seed,
    pub(super) spec_sha256: String,
    /// The first two are drawn.
    pub(super) landscapes: Vec<Landscape>,
    pub(super) spectra: Vec<Spectra>,
}

/// Loss and accuracy around the ticket.
///
/// # Shapes
/// Rows along the first direction (delta), columns along the second (eta).
#[derive(Debug, Serialize)]
pub(super) struct Landscape {
    pub(super) directions: Directions,
    /// Of the ticket in the middle.
    pub(super) ticket_kind: &'static str,
    pub(super) axis: Vec<f64>,
    pub(super) loss: Vec<Vec<f64>>,
    pub(super) accuracy: Vec<Vec<f64>>,
    /// Loss and accuracy of the ticket; none if it is not a point of the grid.
    pub(super) ticket: Option<(f64, f64)>,
    /// The lowest loss and the highest accuracy, and where: delta and eta.
    pub(super) lowest_loss: f64,
    pub(super) lowest_at: [f64; 2],
    pub(super) highest_accuracy: f64,
    pub(super) highest_at: [f64; 2],
    /// Shares of the points with at most twice the ticket's loss, and with at least 90 % of its accuracy.
    pub(super) low_loss: f64,
    pub(super) high_accuracy: f64,
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
    pub(super) fn of(record: &LandscapeRecord, form: Form) -> Self {
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
    pub(super) fn sentence(&self) -> String {
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
pub(super) struct Spectra {
    pub(super) features: &'static str,
    pub(super) runs: Vec<Spectrum>,
    /// The median over the runs of the largest eigenvalue, the second largest, ...
    pub(super) medians: Vec<f64>,
    pub(super) largest: Summary,
    pub(super) not_converged: usize,
}

/// The largest eigenvalues at a ticket.
#[derive(Debug, Serialize)]
pub(super) struct Spectrum {
    pub(super) seed: Seed,
    pub(super) loss: f64,
    pub(super) eigenvalues: Vec<f64>,
    pub(super) residuals: Vec<f64>,
    pub(super) converged: bool,
    pub(super) steps: usize,
}

impl Spectra {
    pub(super) fn of(features: &'static str, records: &[&SpectrumRecord]) -> Result<Self, Error> {
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

impl Data {
    pub(super) fn summary(&self) -> String {
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
            listed(spectra),
        )
    }
}

/// The law of the directions.
pub(super) fn law(directions: Directions) -> &'static str {
    match directions {
        Directions::Normal => "N(0,1)",
        Directions::Uniform => "U[0,1)",
        Directions::FilterNormalized => "filter-normalized N(0,1)",
    }
}
