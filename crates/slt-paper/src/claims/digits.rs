//! Section 5.3, Fig. 10 and 11: the digits.

use slt_datasets::paper::PaperName::Digits;
use slt_datasets::paper::PaperScaling;

use super::evidence::Notes;
use super::trend::{falls_at_each_step, within};
use super::{Evidence, Finding};
use crate::Error;
use crate::arm::Arm;
use crate::arm::DIGIT_CLASSES;
use crate::method::Method;

/// Places of 4, 5 and 10 classes.
const FOUR: usize = 2;
const FIVE: usize = 3;
const TEN: usize = 4;

fn arms(method: Method) -> Vec<Arm> {
    DIGIT_CLASSES.map(|k| Arm::classes(method, Digits, k)).to_vec()
}

/// The genetic algorithm as Fig. 10 reports it, its tickets pruned.
fn ga() -> Vec<Arm> {
    arms(Method::ga_loss_pruned())
}

fn not_normalised() -> Vec<Arm> {
    ga().into_iter().map(|arm| arm.scaled(PaperScaling::None)).collect()
}

fn edge_popup() -> Vec<Arm> {
    arms(Method::edge_popup())
}

fn backprop() -> Vec<Arm> {
    arms(Method::Backpropagation)
}

/// The means of some arms, which are written down.
fn means(evidence: &Evidence<'_>, notes: &mut Notes, name: &str, arms: &[Arm]) -> Result<Vec<f64>, Error> {
    let means = evidence.means(arms)?;
    notes.add_each(&format!("{name} mean by number of classes (%)"), DIGIT_CLASSES, &means);
    Ok(means)
}

pub(super) fn all_four() -> Vec<Arm> {
    [ga(), not_normalised(), edge_popup(), backprop()].concat()
}

pub(super) fn digits_normalization_matters(evidence: &Evidence<'_>) -> Result<Finding, Error> {
    let mut notes = Notes::default();
    let raw = means(evidence, &mut notes, "GA (not normalized)", &not_normalised())?;
    let mut worst = true;
    for (name, arms) in [("GA", ga()), ("EP", edge_popup()), ("backprop", backprop())] {
        let others = means(evidence, &mut notes, name, &arms)?;
        // Two classes are not part of the claim.
        worst &= raw.iter().zip(&others).skip(1).all(|(raw, other)| raw < other);
    }
    Ok(notes.finding(worst))
}

pub(super) fn ga_and_edge_popup() -> Vec<Arm> {
    [ga(), edge_popup()].concat()
}

pub(super) fn digits_ep_ahead(evidence: &Evidence<'_>) -> Result<Finding, Error> {
    let mut notes = Notes::default();
    let ga = means(evidence, &mut notes, "GA", &ga())?;
    means(evidence, &mut notes, "GA before pruning", &evolved())?;
    let edge_popup = means(evidence, &mut notes, "EP", &edge_popup())?;
    let leads: Vec<f64> = edge_popup.iter().zip(&ga).map(|(edge_popup, ga)| edge_popup - ga).collect();
    notes.add_each("lead of EP by number of classes (points)", DIGIT_CLASSES, &leads);
    // With two classes both may get everything right.
    let ahead = leads[1..].iter().all(|&lead| lead > 0.0);
    Ok(notes.finding(ahead && within(leads[TEN], 2.0, 3.0)))
}

pub(super) fn ga_edge_popup_and_backprop() -> Vec<Arm> {
    [ga(), edge_popup(), backprop()].concat()
}

pub(super) fn digits_dip_at_4(evidence: &Evidence<'_>) -> Result<Finding, Error> {
    let mut notes = Notes::default();
    means(evidence, &mut notes, "GA before pruning", &evolved())?;
    let mut dips = Vec::new();
    for (name, arms) in [("GA", ga()), ("EP", edge_popup()), ("backprop", backprop())] {
        let means = means(evidence, &mut notes, name, &arms)?;
        dips.push(means[FOUR] < means[FIVE]);
    }
    Ok(notes.finding(dips == [false, true, true]))
}

pub(super) fn evolved() -> Vec<Arm> {
    arms(Method::ga_loss())
}

pub(super) fn digits_evolution_sparsity(evidence: &Evidence<'_>) -> Result<Finding, Error> {
    let mut notes = Notes::default();
    let before = sparsities(&evolved(), |arm| evidence.sparsities(arm))?;
    notes.add_each("mean sparsity by number of classes (%)", DIGIT_CLASSES, &before);
    Ok(notes.finding(before.iter().all(|sparsity| (50.0..=53.0).contains(sparsity))))
}

pub(super) fn pruned() -> Vec<Arm> {
    ga()
}

pub(super) fn digits_pruned_sparsity(evidence: &Evidence<'_>) -> Result<Finding, Error> {
    let mut notes = Notes::default();
    let [before, after] = [evolved(), pruned()].map(|arms| sparsities(&arms, |arm| evidence.sparsities(arm)));
    let (before, after) = (before?, after?);
    notes.add_each("mean sparsity before by number of classes (%)", DIGIT_CLASSES, &before);
    notes.add_each("mean sparsity after by number of classes (%)", DIGIT_CLASSES, &after);
    let gain = notes.add("gain with 10 classes (points)", after[TEN] - before[TEN]);
    let nearly_empty = (96.0..=99.5).contains(&after[0]);
    Ok(notes.finding(nearly_empty && falls_at_each_step(&after) && within(gain, 4.0, 25.0)))
}

fn sparsities(arms: &[Arm], of: impl Fn(&Arm) -> Result<Vec<f64>, Error>) -> Result<Vec<f64>, Error> {
    arms.iter().map(|arm| Ok(slt_stats::mean(&of(arm)?)?)).collect()
}
