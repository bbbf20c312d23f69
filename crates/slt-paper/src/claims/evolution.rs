//! Fig. 4 and the sparsities under Fig. 6: how an evolution goes, and how sparse its tickets are.

use slt_datasets::paper::PaperName::{self, Circles, Moons};

use super::evidence::Notes;
use super::trend::{falls, within};
use super::{Evidence, Finding};
use crate::Algorithm::{self, Ga, GaAb};
use crate::Error;
use crate::arm::Arm;
use crate::method::Method;

/// The generation at which the paper's run has settled.
const SETTLED: usize = 100;

pub(super) fn adaptive_on_circles_b() -> Vec<Arm> {
    vec![Arm::binary(Method::ga_ab(), Circles, "B")]
}

pub(super) fn fig4_shape(evidence: &Evidence<'_>) -> Result<Finding, Error> {
    let searches = adaptive_on_circles_b()[0].searches(evidence.plan)?;
    let records = evidence.records.need_all(&searches)?;
    // The run that Fig. 4 draws: the first of those with the highest training accuracy.
    let best = records.iter().copied().reduce(|top, record| {
        if record.best.train_accuracy > top.best.train_accuracy { record } else { top }
    });
    let mut notes = Notes::default();
    let Some((history, first)) = best.and_then(|best| Some((&best.history, best.history.first()?))) else {
        return Ok(notes.finding(false));
    };
    let start = notes.add("training accuracy, first population (%)", 100.0 * first.best);
    let settled = history.get(SETTLED).map(|generation| 100.0 * generation.best);
    let settled = notes.add_some("training accuracy, generation 100 (%)", settled);
    let sparsities = || history.iter().map(|generation| 100.0 * generation.sparsity_of_fittest);
    let sparsity =
        notes.add("sparsity of the fittest, first population (%)", 100.0 * first.sparsity_of_fittest);
    let lowest = notes.add("sparsity of the fittest, lowest (%)", sparsities().fold(sparsity, f64::min));
    let end = notes
        .add("sparsity of the fittest, last population (%)", sparsities().next_back().unwrap_or(sparsity));
    let accurate = start < 65.0 && settled.is_some_and(|settled| within(settled, 2.0, 91.0));
    Ok(notes.finding(accurate && lowest < sparsity && within(end - sparsity, 5.0, 10.0)))
}

/// Published mean sparsities in percent, each of the configuration that was the better one there.
const PUBLISHED: [(PaperName, &str, Algorithm, f64); 8] = [
    (Moons, "A", GaAb, 73.2),
    (Moons, "B", GaAb, 59.2),
    (Moons, "C", GaAb, 56.1),
    (Moons, "D", Ga, 54.6),
    (Circles, "A", Ga, 66.3),
    (Circles, "B", Ga, 62.3),
    (Circles, "C", GaAb, 53.9),
    (Circles, "D", Ga, 58.1),
];

pub(super) fn arms_with_published_sparsity() -> Vec<Arm> {
    let arm =
        |(name, architecture, algorithm, _)| Arm::binary(Method::algorithm(algorithm), name, architecture);
    PUBLISHED.map(arm).to_vec()
}

pub(super) fn sparsity_falls_with_size(evidence: &Evidence<'_>) -> Result<Finding, Error> {
    let mut notes = Notes::default();
    let mut means = Vec::new();
    let mut near = true;
    for (arm, (name, architecture, algorithm, published)) in
        arms_with_published_sparsity().iter().zip(PUBLISHED)
    {
        let mean = slt_stats::mean(&evidence.sparsities(arm)?)?;
        means.push(notes.add(format!("mean sparsity of {algorithm}, {name} {architecture} (%)"), mean));
        near &= within(mean, 5.0, published);
    }
    Ok(notes.finding(falls(&means[..4]) && near))
}
