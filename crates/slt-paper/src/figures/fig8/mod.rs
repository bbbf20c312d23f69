//! Figure 8: loss (a) and accuracy (b) on a plane around one ticket of blobs-10, and how sharp the minima of raw and
//! normalized data are (c).

mod draw;
mod table;

use serde::Serialize;
use slt_core::Seed;
use slt_datasets::paper::PaperScaling;
use slt_stats::Summary;

use super::common::json;
use super::{Figure, Rendered};
use crate::arm::any;
use crate::{
    Directions, Error, LandscapeRecord, LandscapeSpec, Plan, Records, RunSpec, Scale, SpectrumRecord,
    analyses,
};

pub(super) struct Fig8;

/// The two kinds of data, with their names.
const FEATURES: [(&str, PaperScaling); 2] =
    [("raw", PaperScaling::None), ("normalized", PaperScaling::MinMax)];

/// Points along each direction of the landscape that is there for comparison.
const COARSE: usize = 21;

/// The landscape of the paper, and one with scaled directions for comparison. None until the ticket is there.
fn landscapes(plan: &Plan, records: &Records) -> Result<Vec<LandscapeSpec>, Error> {
    let Some(paper) = analyses::landscape(plan, records)? else { return Ok(Vec::new()) };
    let (steps, directions) = (paper.steps.min(COARSE), Directions::FilterNormalized);
    let scaled = LandscapeSpec { steps, directions, ..paper.clone() };
    Ok(vec![paper, scaled])
}

/// What is drawn.
#[derive(Debug, Serialize)]
struct Data {
    figure: &'static str,
    scale: Scale,
    /// The run whose ticket is in the middle of the landscapes.
    seed: Seed,
    spec_sha256: String,
    /// The first one is drawn.
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
    axis: Vec<f64>,
    loss: Vec<Vec<f64>>,
    accuracy: Vec<Vec<f64>>,
    /// Loss and accuracy of the ticket; none if it is not a point of the grid.
    ticket: Option<(f64, f64)>,
    /// The lowest loss, and where: delta and eta.
    lowest_loss: f64,
    lowest_at: [f64; 2],
}

impl Landscape {
    fn of(record: &LandscapeRecord) -> Self {
        let (axis, loss) = (&record.axis, &record.loss);
        let share = |&correct: &u64| correct as f64 / record.samples as f64;
        let accuracy: Vec<Vec<f64>> =
            record.correct.iter().map(|row| row.iter().map(share).collect()).collect();
        let middle = axis.iter().position(|&step| step == 0.0);
        let points = loss
            .iter()
            .enumerate()
            .flat_map(|(i, row)| row.iter().enumerate().map(move |(j, &loss)| (loss, i, j)));
        let (lowest_loss, i, j) =
            points.fold((f64::INFINITY, 0, 0), |low, point| if point.0 < low.0 { point } else { low });
        Self {
            directions: record.spec.directions,
            ticket: middle.map(|middle| (loss[middle][middle], accuracy[middle][middle])),
            lowest_loss,
            lowest_at: [i, j].map(|i| axis.get(i).copied().unwrap_or_default()),
            axis: axis.clone(),
            loss: loss.clone(),
            accuracy,
        }
    }
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
        let mut runs: Vec<RunSpec> = any(landscapes(plan, records)?).collect();
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
        let landscapes = records.need_all(&landscapes(plan, records)?)?;
        let middle = records.need(&analyses::curved_searches(plan, PaperScaling::None)?[0])?;
        let data = Data {
            figure: self.id(),
            scale: plan.scale,
            seed: middle.spec.search_seed,
            spec_sha256: middle.spec.hash(),
            landscapes: landscapes.into_iter().map(Landscape::of).collect(),
            spectra,
        };
        Ok(Rendered {
            drawing: draw::draw(&data),
            table: table::tabulate(&data),
            summary: data.summary(),
            json: json(&data),
        })
    }
}

impl Data {
    fn summary(&self) -> String {
        let landscape = &self.landscapes[0];
        let spectra = self.spectra.iter().map(|spectra| {
            let open = match spectra.not_converged {
                0 => String::new(),
                n => format!(" ({n} not converged)"),
            };
            format!("{:.3} on {} data{open}", spectra.largest.median, spectra.features)
        });
        format!(
            "loss {:.4} at the ticket, lowest of the slice {:.4} at ({}, {}); median largest Hessian eigenvalue {}",
            landscape.ticket.map_or(f64::NAN, |(loss, _)| loss),
            landscape.lowest_loss,
            landscape.lowest_at[0],
            landscape.lowest_at[1],
            spectra.collect::<Vec<_>>().join(", "),
        )
    }
}
