//! Figure 9: blobs of 2 to 10 classes, the genetic algorithm beside edge-popup and backpropagation.

use slt_datasets::paper::{PaperName, PaperScaling};

use super::multiclass::Comparison;
use super::{Figure, Rendered};
use crate::{Error, Plan};
use slt_run::{Records, RunSpec};

pub(super) struct Fig9;

const COMPARISON: Comparison = Comparison {
    figure: "fig9",
    data: PaperName::Blobs,
    classes: &[2, 3, 4, 5, 6, 7, 8, 9, 10],
    otherwise: (PaperScaling::MinMax, "GA (normalized)"),
};

impl Figure for Fig9 {
    fn id(&self) -> &'static str {
        COMPARISON.figure
    }

    fn title(&self) -> &'static str {
        "Blobs, 2 to 10 classes: GA, edge-popup and backpropagation"
    }

    fn runs(&self, plan: &Plan, records: &Records) -> Result<Vec<RunSpec>, Error> {
        COMPARISON.runs(plan, records)
    }

    fn render(&self, plan: &Plan, records: &Records) -> Result<Rendered, Error> {
        COMPARISON.render(plan, records)
    }
}
