//! Figure 8: loss and accuracy on planes around one ticket of blobs-10, with the directions of the text (a,
//! b) and of the published code (c, d), and how sharp the minima of raw and normalized data are (e, f).

mod data;
mod draw;
mod table;

use data::{Data, Landscape, Spectra};

use slt_datasets::paper::PaperScaling;

use super::common::json;
use super::{Figure, Rendered};
use crate::analyses::{self, Form, Tickets};
use crate::arm::any;
use crate::{Error, Plan, Scale};
use slt_run::{Directions, LandscapeSpec, Records, RunSpec};

pub(super) const FIGURE: Figure = Figure {
    id: "fig8",
    title: "Loss and accuracy around a ticket of blobs-10, and the largest Hessian eigenvalues",
    caption: "Loss (a) and accuracy (b) on a plane of two random directions around a ticket of blobs-10. The loss is close to \
             convex, the accuracy is not; raw data make minima sharper than normalized ones.",
    in_paper: true,
    runs,
    render,
};

/// The two kinds of data, with their names.
const FEATURES: [(&str, PaperScaling); 2] =
    [("raw", PaperScaling::None), ("normalized", PaperScaling::MinMax)];

/// Points along each direction of the landscapes that are not drawn, or drawn at scale quick.
const COARSE: usize = 21;

/// A landscape and whose ticket is in its middle.
struct Slice {
    spec: LandscapeSpec,
    form: Form,
}

/// The landscape of the text, that of the published code, one with scaled directions, and one around the
/// ticket pruned on test data, the only one that the published code stores. None of those whose ticket is not
/// there yet.
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

fn runs(plan: &Plan, records: &Records) -> Result<Vec<RunSpec>, Error> {
    let slices = landscapes(plan, records)?.into_iter().map(|slice| slice.spec);
    let mut runs: Vec<RunSpec> = any(slices).chain(pruned(plan)?.runs(records)).collect();
    for (_, scaling) in FEATURES {
        runs.extend(any(analyses::curved_searches(plan, scaling)?));
        runs.extend(any(analyses::spectra(plan, records, scaling)?));
    }
    Ok(runs)
}

fn render(plan: &Plan, records: &Records) -> Result<Rendered, Error> {
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
