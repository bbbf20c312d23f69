//! Figure 10: digits of 2 to 10 classes, the genetic algorithm beside edge-popup and backpropagation.

use slt_datasets::paper::{PaperName, PaperScaling};

use super::multiclass::Comparison;
use super::{Figure, Rendered};
use crate::{Error, Plan, arm};
use slt_run::{Records, RunSpec};

pub(super) struct Fig10;

const COMPARISON: Comparison = Comparison {
    figure: "fig10",
    data: PaperName::Digits,
    classes: &arm::DIGIT_CLASSES,
    otherwise: (PaperScaling::None, "GA (not normalized)"),
};

impl Figure for Fig10 {
    fn id(&self) -> &'static str {
        COMPARISON.figure
    }

    fn title(&self) -> &'static str {
        "Digits, 2 to 10 classes: GA, edge-popup and backpropagation"
    }

    fn runs(&self, plan: &Plan, records: &Records) -> Result<Vec<RunSpec>, Error> {
        COMPARISON.runs(plan, records)
    }

    fn render(&self, plan: &Plan, records: &Records) -> Result<Rendered, Error> {
        COMPARISON.render(plan, records)
    }
}
