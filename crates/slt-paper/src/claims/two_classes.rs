//! Section 5.1, Fig. 3: the genetic algorithm on moons and circles.

use slt_datasets::paper::PaperName::{self, Circles, Moons};

use super::evidence::Notes;
use super::trend::{falls, falls_at_each_step, within};
use super::{Evidence, Finding};
use crate::Error;
use crate::arm::ARCHITECTURES;
use crate::arm::Arm;
use crate::method::Method;

pub(super) fn ga(name: PaperName) -> Vec<Arm> {
    Arm::over_architectures(Method::ga(), name)
}

pub(super) fn ab(name: PaperName) -> Vec<Arm> {
    Arm::over_architectures(Method::ga_ab(), name)
}

pub(super) fn backprop(name: PaperName) -> Vec<Arm> {
    Arm::over_architectures(Method::Backpropagation, name)
}

pub(super) fn ga_on_moons() -> Vec<Arm> {
    ga(Moons)
}

pub(super) fn both_on_moons() -> Vec<Arm> {
    [ga(Moons), ab(Moons)].concat()
}

pub(super) fn both_on_circles() -> Vec<Arm> {
    [ga(Circles), ab(Circles)].concat()
}

pub(super) fn ga_and_backprop_on_moons() -> Vec<Arm> {
    [ga(Moons), backprop(Moons)].concat()
}

pub(super) fn ga_on_moons_d() -> Vec<Arm> {
    vec![Arm::binary(Method::ga(), Moons, "D")]
}

pub(super) fn moons_d_perfect(evidence: &Evidence<'_>) -> Result<Finding, Error> {
    let mut notes = Notes::default();
    let mean = notes.add("GA mean, D (%)", evidence.mean(&ga_on_moons_d()[0])?);
    Ok(notes.finding(mean >= 99.0))
}

/// Backpropagation's lead over "GA" on moons for each architecture, in points.
fn gaps(evidence: &Evidence<'_>, notes: &mut Notes) -> Result<Vec<f64>, Error> {
    let (ga, backprop) = (evidence.means(&ga(Moons))?, evidence.means(&backprop(Moons))?);
    notes.add_each("GA mean (%)", ARCHITECTURES, &ga);
    notes.add_each("backprop mean (%)", ARCHITECTURES, &backprop);
    let gaps: Vec<f64> = backprop.iter().zip(&ga).map(|(backprop, ga)| backprop - ga).collect();
    notes.add_each("gap (points)", ARCHITECTURES, &gaps);
    Ok(gaps)
}

pub(super) fn moons_a_gap(evidence: &Evidence<'_>) -> Result<Finding, Error> {
    let mut notes = Notes::default();
    let gaps = gaps(evidence, &mut notes)?;
    Ok(notes.finding(within(gaps[0], 3.0, 9.0)))
}

pub(super) fn moons_gap_shrinks(evidence: &Evidence<'_>) -> Result<Finding, Error> {
    let mut notes = Notes::default();
    let gaps = gaps(evidence, &mut notes)?;
    Ok(notes.finding(falls_at_each_step(&gaps)))
}

pub(super) fn moons_d_little_variance(evidence: &Evidence<'_>) -> Result<Finding, Error> {
    let mut notes = Notes::default();
    let mut spreads = Vec::new();
    for (arm, architecture) in ga(Moons).iter().zip(ARCHITECTURES) {
        // A single run has none.
        let spread = slt_stats::sd(&evidence.accuracies(arm)?, 1).ok();
        spreads.extend(notes.add_some(format!("GA sd, {architecture} (points)"), spread));
    }
    let smallest = match spreads[..] {
        [a, b, c, d] => [a, b, c].iter().all(|&other| d < other),
        _ => false,
    };
    Ok(notes.finding(smallest))
}

pub(super) fn ab_slightly_higher_moons(evidence: &Evidence<'_>) -> Result<Finding, Error> {
    let mut notes = Notes::default();
    let (ga, ab) = (evidence.means(&ga(Moons))?, evidence.means(&ab(Moons))?);
    let gains: Vec<f64> = ab.iter().zip(&ga).map(|(ab, ga)| ab - ga).collect();
    notes.add_each("GA (adaptive AB) mean minus GA mean (points)", ARCHITECTURES, &gains);
    Ok(notes.finding(gains.iter().all(|&gain| gain >= 0.0) && falls(&gains)))
}

pub(super) fn circles_d_best(evidence: &Evidence<'_>) -> Result<Finding, Error> {
    let mut notes = Notes::default();
    let (ga, ab) = (evidence.means(&ga(Circles))?, evidence.means(&ab(Circles))?);
    notes.add_each("GA mean (%)", ARCHITECTURES, &ga);
    notes.add_each("GA (adaptive AB) mean (%)", ARCHITECTURES, &ab);
    let (&of_d, smaller) = ga.split_last().expect("four architectures");
    let highest = smaller.iter().chain(&ab).all(|&other| of_d > other);
    Ok(notes.finding(highest && within(of_d, 1.0, 91.6)))
}

pub(super) fn circles_a_worst(evidence: &Evidence<'_>) -> Result<Finding, Error> {
    let mut notes = Notes::default();
    let mut lowest = true;
    for (name, arms) in [("GA", ga(Circles)), ("GA (adaptive AB)", ab(Circles))] {
        let means = evidence.means(&arms)?;
        notes.add_each(&format!("{name} mean (%)"), ARCHITECTURES, &means);
        lowest &= means[1..].iter().all(|&larger| means[0] < larger);
    }
    Ok(notes.finding(lowest))
}
