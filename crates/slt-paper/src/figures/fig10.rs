//! Figure 10: digits of 2 to 10 classes, the genetic algorithm beside edge-popup and backpropagation.

use slt_datasets::paper::{PaperName, PaperScaling};

use super::Figure;
use super::multiclass::Comparison;
use crate::arm;

pub(super) const FIGURE: Figure = Figure {
    id: "fig10",
    title: "Digits, 2 to 10 classes: GA, edge-popup and backpropagation",
    caption: "Digits with 2, 3, 4, 5 and 10 classes: GA, GA (not normalized), edge-popup and backpropagation; (b) the table. \
             Edge-popup is a little ahead of the GA here.",
    in_paper: true,
    runs: |plan, records| COMPARISON.runs(plan, records),
    render: |plan, records| COMPARISON.render(plan, records),
};

const COMPARISON: Comparison = Comparison {
    data: PaperName::Digits,
    classes: &arm::DIGIT_CLASSES,
    otherwise: (PaperScaling::None, "GA (not normalized)"),
};
