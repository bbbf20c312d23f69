//! What the heads of files say.

use super::options::Weights;
use super::plan::Plan;
use crate::Export;
use crate::model::Scaling;

/// What the file is, line by line.
pub(super) fn about(plan: &Plan<'_>) -> Vec<String> {
    let Export { ticket, model, .. } = plan.export;
    let (recipe, mask, provenance) = (plan.export.recipe(), ticket.mask(), ticket.provenance());
    let kind = if ticket.inverted().is_some() { "signed lottery ticket" } else { "strong lottery ticket" };
    let mut lines = vec![
        format!("A {kind}, written by slt {}.", env!("CARGO_PKG_VERSION")),
        String::new(),
        format!(
            "Network [{}] of seed {}; {} of {} weights are active, {} of them on a way to an output.",
            recipe.architecture,
            recipe.seed,
            mask.count_ones(),
            mask.len(),
            model.n_edges()
        ),
    ];
    if !provenance.data.is_empty() {
        lines.push(format!("Made on {} by {}.", provenance.data, provenance.algorithm));
    }
    lines.push(match plan.weights {
        Weights::Table => "Weights: a table of those on a way to an output.".to_owned(),
        Weights::Seed => "Weights: none; they are drawn from the seed again for each sample.".to_owned(),
    });
    lines.push(match plan.is_scaled() {
        true => "Features: raw; they are scaled here.".to_owned(),
        false => "Features: as the network takes them; nothing is scaled here.".to_owned(),
    });
    for (i, input) in model.inputs.iter().enumerate() {
        let category = input.category.as_ref().map(|_| "1 for this category, else 0".to_owned());
        let missing = match (input.imputed, plan.fixed.is_some()) {
            (None, _) => None,
            (Some(value), false) => Some(format!("NaN, if it is missing, becomes {value}")),
            (Some(value), true) => Some(format!("give {value}, if it is missing")),
        };
        if let Some(name) = input.name() {
            let notes: Vec<String> = category.into_iter().chain(missing).collect();
            let notes = if notes.is_empty() { String::new() } else { format!(" ({})", notes.join("; ")) };
            lines.push(format!("  {i}: {name}{notes}"));
        }
    }
    lines
}

/// Whether scaling is to mean 0 and deviation 1.
pub(super) fn is_standard(plan: &Plan<'_>) -> bool {
    plan.model().inputs.iter().any(|input| matches!(input.scaling, Scaling::Standard { .. }))
}
