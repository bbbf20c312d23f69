//! Figure 9: blobs of 2 to 10 classes, the genetic algorithm beside edge-popup and backpropagation.

use slt_datasets::paper::{PaperName, PaperScaling};

use super::Figure;
use super::multiclass::Comparison;

pub(super) const FIGURE: Figure = Figure {
    id: "fig9",
    title: "Blobs, 2 to 10 classes: GA, edge-popup and backpropagation",
    caption: "Blobs with 2 to 10 classes: GA, GA (normalized), edge-popup and backpropagation; (b) the table. The normalized GA \
             is on a par with backpropagation, edge-popup below both.",
    in_paper: true,
    runs: |plan, records| COMPARISON.runs(plan, records),
    render: |plan, records| COMPARISON.render(plan, records),
};

const COMPARISON: Comparison = Comparison {
    data: PaperName::Blobs,
    classes: &[2, 3, 4, 5, 6, 7, 8, 9, 10],
    otherwise: (PaperScaling::MinMax, "GA (normalized)"),
};
