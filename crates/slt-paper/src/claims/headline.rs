//! Abstract and Section 6: what the paper is about.

use slt_datasets::paper::PaperName::{Blobs, Circles, Digits, Moons};

use super::evidence::Notes;
use super::{Evidence, Finding};
use crate::Error;
use crate::arm::Arm;
use crate::arm::{BLOB_CLASSES, DIGIT_CLASSES};
use crate::method::Method;

/// The data sets with the cells of Fig. 6, 9 and 10: arms of the genetic algorithm and of edge-popup.
fn competitions() -> [(&'static str, [Vec<Arm>; 2]); 4] {
    let methods = |ga| [ga, Method::edge_popup()];
    let binary = |name| methods(Method::BetterGa).map(|method| Arm::over_architectures(method, name));
    let multi = |name, classes: &[u32]| {
        methods(Method::ga_loss_pruned())
            .map(|method| classes.iter().map(|&k| Arm::classes(method, name, k)).collect::<Vec<_>>())
    };
    [
        ("moons", binary(Moons)),
        ("circles", binary(Circles)),
        ("blobs", multi(Blobs, &BLOB_CLASSES.collect::<Vec<_>>())),
        ("digits", multi(Digits, &DIGIT_CLASSES)),
    ]
}

pub(super) fn all_competitions() -> Vec<Arm> {
    competitions().into_iter().flat_map(|(_, arms)| arms.concat()).collect()
}

pub(super) fn headline(evidence: &Evidence<'_>) -> Result<Finding, Error> {
    let mut notes = Notes::default();
    let mut wins = Vec::new();
    for (name, [ga, edge_popup]) in competitions() {
        let ga = slt_stats::mean(&evidence.means(&ga)?)?;
        let edge_popup = slt_stats::mean(&evidence.means(&edge_popup)?)?;
        notes.add(format!("GA, mean over all cells of {name} (%)"), ga);
        notes.add(format!("EP (50%), mean over all cells of {name} (%)"), edge_popup);
        wins.push(ga > edge_popup);
    }
    Ok(notes.finding(wins == [true, true, true, false]))
}
