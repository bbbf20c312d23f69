//! Section 5.2, Fig. 5 and 6: edge-popup, and what the initialisation does to it.

use slt_datasets::paper::PaperName::{self, Circles, Moons};
use slt_mlp::{BiasInit, Initializer, Metric};

use super::evidence::Notes;
use super::significance::{adapted, half, on_both};
use super::trend::{rises, within};
use super::two_classes::{backprop, ga};
use super::{Evidence, Finding};
use crate::Error;
use crate::arm::ARCHITECTURES;
use crate::arm::Arm;
use crate::method::Method;
use crate::method::{Ga, KEEP, initializers};

/// The initialisations without biases: names and arms.
fn without_biases(name: PaperName) -> Vec<(&'static str, Vec<Arm>)> {
    let all = initializers().into_iter();
    all.filter(|(_, initializer)| initializer.biases == BiasInit::Zero)
        .map(|(label, initializer)| {
            (label, Arm::over_architectures(Method::edge_popup_on(initializer), name))
        })
        .collect()
}

fn arms_without_biases(name: PaperName) -> Vec<Arm> {
    without_biases(name).into_iter().flat_map(|(_, arms)| arms).collect()
}

pub(super) fn initialisations_on_moons() -> Vec<Arm> {
    [half(Moons), arms_without_biases(Moons)].concat()
}

pub(super) fn ep_uniform_best(evidence: &Evidence<'_>) -> Result<Finding, Error> {
    let mut notes = Notes::default();
    let uniform = evidence.means(&half(Moons))?;
    notes.add_each("uniform mean (%)", ARCHITECTURES, &uniform);
    let mut leads = vec![f64::INFINITY; uniform.len()];
    for (name, arms) in without_biases(Moons) {
        let means = evidence.means(&arms)?;
        notes.add_each(&format!("{name} mean (%)"), ARCHITECTURES, &means);
        for ((lead, mean), uniform) in leads.iter_mut().zip(&means).zip(&uniform) {
            *lead = lead.min(uniform - mean);
        }
    }
    notes.add_each("lead of uniform over the better of the others (points)", ARCHITECTURES, &leads);
    Ok(notes.finding(leads[1..].iter().all(|&lead| lead > 0.0) && within(leads[3], 2.0, 5.0)))
}

pub(super) fn edge_popup_and_backprop() -> Vec<Arm> {
    [Moons, Circles].iter().flat_map(|&name| [half(name), backprop(name)].concat()).collect()
}

pub(super) fn ep_grows(evidence: &Evidence<'_>) -> Result<Finding, Error> {
    let mut notes = Notes::default();
    let mut met = true;
    for name in [Moons, Circles] {
        let (edge_popup, backprop) = (evidence.means(&half(name))?, evidence.means(&backprop(name))?);
        notes.add_each(&format!("EP (50%) mean on {name} (%)"), ARCHITECTURES, &edge_popup);
        notes.add_each(&format!("backprop mean on {name} (%)"), ARCHITECTURES, &backprop);
        met &= edge_popup.iter().zip(&backprop).all(|(edge_popup, backprop)| edge_popup < backprop);
        met &= name != Moons || rises(&edge_popup);
    }
    Ok(notes.finding(met))
}

pub(super) fn kaiming_on_circles() -> Vec<Arm> {
    arms_without_biases(Circles)
}

pub(super) fn ep_kaiming_fails_circles(evidence: &Evidence<'_>) -> Result<Finding, Error> {
    let mut notes = Notes::default();
    let mut met = true;
    for (name, arms) in without_biases(Circles) {
        let runs: Vec<Vec<f64>> =
            arms.iter().map(|arm| evidence.accuracies(arm)).collect::<Result<_, _>>()?;
        let runs = runs.concat();
        notes.add(format!("{name}, lowest run (%)"), runs.iter().copied().fold(f64::INFINITY, f64::min));
        notes.add(format!("{name}, highest run (%)"), runs.iter().copied().fold(f64::NEG_INFINITY, f64::max));
        met &= runs.iter().all(|&run| within(run, 2.0, 50.0));
    }
    Ok(notes.finding(met))
}

fn better(name: PaperName) -> Vec<Arm> {
    Arm::over_architectures(Method::BetterGa, name)
}

pub(super) fn ga_and_edge_popup() -> Vec<Arm> {
    let on = |name| [better(name), half(name), adapted(name)].concat();
    [Moons, Circles].into_iter().flat_map(on).collect()
}

pub(super) fn ga_beats_ep_binary(evidence: &Evidence<'_>) -> Result<Finding, Error> {
    let mut notes = Notes::default();
    let mut above = true;
    for name in [Moons, Circles] {
        let ga = evidence.means(&better(name))?;
        notes.add_each(&format!("better GA configuration's mean on {name} (%)"), ARCHITECTURES, &ga);
        for (label, arms) in [("EP (50%)", half(name)), ("EP (adapted)", adapted(name))] {
            let others = evidence.means(&arms)?;
            notes.add_each(&format!("{label} mean on {name} (%)"), ARCHITECTURES, &others);
            above &= ga.iter().zip(&others).all(|(ga, other)| ga > other);
        }
    }
    let significant = on_both(evidence, &mut notes, [ga, half], |comparison| {
        comparison.is_significant() && comparison.effect.estimate < 0.0
    })?;
    Ok(notes.finding(above && significant))
}

/// Ways to draw the networks of "GA" on moons and circles with C: the paper's, and two that each change one thing.
pub(super) fn initialisations_of_the_ga() -> Vec<Arm> {
    [Moons, Circles].into_iter().flat_map(|name| drawn(name).map(|(_, arm)| arm)).collect()
}

fn drawn(name: PaperName) -> [(&'static str, Arm); 3] {
    let paper = Initializer::paper();
    let normal = Initializer { weights: slt_mlp::WeightInit::KaimingNormal { keep: KEEP }, ..paper };
    let unbiased = Initializer { biases: BiasInit::Zero, ..paper };
    [
        ("uniform with biases", paper),
        ("Kaiming normal with biases", normal),
        ("uniform without biases", unbiased),
    ]
    .map(|(label, initializer)| {
        let ga = Ga { initializer, ..Ga::new(Metric::Accuracy) };
        (label, Arm::binary(Method::Ga(ga), name, "C"))
    })
}

pub(super) fn init_uniform_best(evidence: &Evidence<'_>) -> Result<Finding, Error> {
    let mut notes = Notes::default();
    let mut best = true;
    for name in [Moons, Circles] {
        let mut means = Vec::new();
        for (label, arm) in drawn(name) {
            means.push(notes.add(format!("{label}, mean on {name} (%)"), evidence.mean(&arm)?));
        }
        best &= means[1..].iter().all(|&other| means[0] > other);
    }
    Ok(notes.finding(best))
}
