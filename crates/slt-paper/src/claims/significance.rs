//! Fig. 6 (c) and the footnote of Section 3: which differences are significant.

use slt_datasets::paper::PaperName::{self, Circles, Moons};
use slt_ga::SelectionKind;
use slt_ga::operators::RandomWalk;
use slt_mlp::Metric;

use super::evidence::Notes;
use super::two_classes::{ab, backprop, ga};
use super::{Evidence, Finding};
use crate::Error;
use crate::arm::Arm;
use crate::comparison::Comparison;
use crate::method::{Ga, Method};

/// Data sets that the table of Fig. 6 compares on.
const BOTH: [PaperName; 2] = [Moons, Circles];

/// Edge-popup that keeps half of the weights.
pub(super) fn half(name: PaperName) -> Vec<Arm> {
    Arm::over_architectures(Method::edge_popup(), name)
}

pub(super) fn adapted(name: PaperName) -> Vec<Arm> {
    Arm::over_architectures(Method::edge_popup_adapted(), name)
}

pub(super) fn both_configurations() -> Vec<Arm> {
    BOTH.iter().flat_map(|&name| [ga(name), ab(name)].concat()).collect()
}

pub(super) fn both_edge_popups() -> Vec<Arm> {
    BOTH.iter().flat_map(|&name| [half(name), adapted(name)].concat()).collect()
}

pub(super) fn ga_and_backprop() -> Vec<Arm> {
    BOTH.iter().flat_map(|&name| [ga(name), backprop(name)].concat()).collect()
}

/// Whether a comparison of two algorithms is as said on moons and on circles; what cannot be compared is not.
pub(super) fn on_both(
    evidence: &Evidence<'_>,
    notes: &mut Notes,
    algorithms: [fn(PaperName) -> Vec<Arm>; 2],
    as_said: impl Fn(&Comparison) -> bool,
) -> Result<bool, Error> {
    let mut all = true;
    for name in BOTH {
        let [reference, target] = algorithms.map(|arms| arms(name));
        let comparison = evidence.compare(&reference, &target)?;
        notes.add_comparison(&name.to_string(), comparison.as_ref());
        all &= comparison.is_some_and(|comparison| as_said(&comparison));
    }
    Ok(all)
}

pub(super) fn ab_no_difference(evidence: &Evidence<'_>) -> Result<Finding, Error> {
    let mut notes = Notes::default();
    let met = on_both(evidence, &mut notes, [ga, ab], |comparison| !comparison.is_significant())?;
    Ok(notes.finding(met))
}

pub(super) fn ep_adapted_no_gain(evidence: &Evidence<'_>) -> Result<Finding, Error> {
    let mut notes = Notes::default();
    let met = on_both(evidence, &mut notes, [half, adapted], |comparison| {
        !comparison.is_significant() && comparison.effect.estimate < 0.0
    })?;
    Ok(notes.finding(met))
}

pub(super) fn bp_beats_ga(evidence: &Evidence<'_>) -> Result<Finding, Error> {
    let mut notes = Notes::default();
    let met = on_both(evidence, &mut notes, [ga, backprop], |comparison| {
        comparison.is_significant() && comparison.effect.estimate > 0.0
    })?;
    Ok(notes.finding(met))
}

/// Cut-off, roulette, random walk.
pub(super) fn survivor_selections() -> Vec<Arm> {
    let walk = SelectionKind::RandomWalk { rate: RandomWalk::PAPER_RATE };
    [SelectionKind::CutOff, SelectionKind::Roulette, walk]
        .map(|selection| Method::Ga(Ga { selection, ..Ga::new(Metric::Accuracy) }))
        .map(|method| Arm::binary(method, Circles, "B"))
        .to_vec()
}

pub(super) fn survivor_selection_same(evidence: &Evidence<'_>) -> Result<Finding, Error> {
    let mut notes = Notes::default();
    let arms = survivor_selections();
    notes.add_each("mean (%)", ["cut-off", "roulette", "random walk"], &evidence.means(&arms)?);
    let mut same = true;
    for (other, name) in [(1, "roulette"), (2, "random walk")] {
        let comparison = evidence.compare(&arms[..1], &arms[other..=other])?;
        notes.add_comparison(&format!("{name} against cut-off"), comparison.as_ref());
        same &= comparison.is_some_and(|comparison| !comparison.is_significant());
    }
    Ok(notes.finding(same))
}
