//! Abstract and Section 6: what the paper is about.

use slt_datasets::paper::PaperName::{Blobs, Circles, Digits, Moons};

use super::claim::{Basis, Claim, Needs};
use super::edge_popup::better;
use super::evidence::{Evidence, Notes};
use super::significance::half;
use crate::Error;
use crate::arm::{Arm, BLOB_CLASSES, DIGIT_CLASSES};
use crate::method::Method;

pub(super) const CLAIMS: &[Claim] = &[
    Claim {
        id: "ga-higher-and-sparser",
        source: "Abstract, Section 5.2",
        statement: "The genetic algorithm finds subnetworks that are both more accurate and sparser than those of edge-popup.",
        test: "GA mean above EP (50%) mean and mean GA sparsity above 50 %: in at least 7 of the 8 cells of moons and circles (better \
               configuration, before pruning) and at least 7 of the 9 of raw blobs 2-10 (after pruning).",
        published: None,
        basis: Basis::Bootstrap,
        runs_needed: 25,
        has_protocols: true,
        needs: Needs::Arms(|| {
            contests().into_iter().flat_map(|(_, pairs)| pairs.into_iter().flatten()).collect()
        }),
        decide: ga_higher_and_sparser,
        former: None,
    },
    Claim {
        id: "comparable-to-bp",
        source: "Section 6",
        statement: "The genetic algorithm reaches accuracies comparable to networks trained with backpropagation.",
        test: "Backprop mean minus GA mean at most 5 points on the largest setting of each data set: moons D, circles D (better \
               configuration), raw blobs 10, digits 10 (after pruning).",
        published: None,
        basis: Basis::Bootstrap,
        runs_needed: 25,
        has_protocols: true,
        needs: Needs::Arms(|| largest().into_iter().flat_map(|(_, arms)| arms).collect()),
        decide: comparable_to_bp,
        former: None,
    },
    Claim {
        id: "headline",
        source: "Abstract, Section 6",
        statement: "The genetic algorithm surpasses edge-popup on three of the four data sets, not on digits.",
        test: "GA mean over all cells of Fig. 6 (better configuration), 9 and 10 (after pruning) above that of EP (50%) on moons, \
               circles and blobs, not on digits.",
        published: Some("three of the four"),
        basis: Basis::Bootstrap,
        runs_needed: 25,
        has_protocols: true,
        needs: Needs::Arms(|| competitions().into_iter().flat_map(|(_, arms)| arms.concat()).collect()),
        decide: headline,
        former: None,
    },
];

/// Pairs of the genetic algorithm and edge-popup: the cells of Fig. 6, and those of Fig. 9.
fn contests() -> [(&'static str, Vec<[Arm; 2]>); 2] {
    let binary = [Moons, Circles].into_iter().flat_map(|name| better(name).into_iter().zip(half(name)));
    let blobs = BLOB_CLASSES.map(|k| {
        [Method::ga_loss_pruned(), Method::edge_popup()].map(|method| Arm::classes(method, Blobs, k))
    });
    [("moons and circles", binary.map(<[Arm; 2]>::from).collect()), ("blobs", blobs.collect())]
}

fn ga_higher_and_sparser(evidence: &Evidence<'_>, notes: &mut Notes) -> Result<(), Error> {
    for (name, pairs) in contests() {
        let cells = pairs.len();
        let mut counts = [0.0; 3];
        for [ga, edge_popup] in pairs {
            let higher = evidence.mean(&ga)? > evidence.mean(&edge_popup)?;
            let sparser = slt_stats::mean(&evidence.sparsities(&ga)?)? > 50.0;
            for (count, met) in counts.iter_mut().zip([higher, sparser, higher && sparser]) {
                *count += f64::from(u8::from(met));
            }
        }
        notes.add(format!("cells of {name} where GA is more accurate"), counts[0]);
        notes.add(format!("cells of {name} where GA is sparser"), counts[1]);
        notes.add(format!("cells of {name} where GA is both"), counts[2]);
        notes.at_least(format!("cells of {name} where GA is both at least 7 of {cells}"), counts[2], 7.0);
    }
    Ok(())
}

/// The genetic algorithm and backpropagation on the largest setting of each data set.
fn largest() -> [(&'static str, [Arm; 2]); 4] {
    let binary =
        |name| [Method::BetterGa, Method::Backpropagation].map(|method| Arm::binary(method, name, "D"));
    let multi = |name| {
        [Method::ga_loss_pruned(), Method::Backpropagation].map(|method| Arm::classes(method, name, 10))
    };
    [
        ("moons D", binary(Moons)),
        ("circles D", binary(Circles)),
        ("blobs 10", multi(Blobs)),
        ("digits 10", multi(Digits)),
    ]
}

fn comparable_to_bp(evidence: &Evidence<'_>, notes: &mut Notes) -> Result<(), Error> {
    for (name, [ga, backprop]) in largest() {
        let ga = notes.add(format!("GA mean on {name} (%)"), evidence.mean(&ga)?);
        let backprop = notes.add(format!("backprop mean on {name} (%)"), evidence.mean(&backprop)?);
        notes.at_most(format!("backprop minus GA on {name} at most 5 points"), backprop - ga, 5.0);
    }
    Ok(())
}

/// The data sets with the cells of Fig. 6, 9 and 10: arms of the genetic algorithm and of edge-popup.
fn competitions() -> [(&'static str, [Vec<Arm>; 2]); 4] {
    let binary = |name| [better(name), half(name)];
    let multi = |name, classes: &[u32]| {
        [Method::ga_loss_pruned(), Method::edge_popup()]
            .map(|method| classes.iter().map(|&k| Arm::classes(method, name, k)).collect::<Vec<_>>())
    };
    [
        ("moons", binary(Moons)),
        ("circles", binary(Circles)),
        ("blobs", multi(Blobs, &BLOB_CLASSES.collect::<Vec<_>>())),
        ("digits", multi(Digits, &DIGIT_CLASSES)),
    ]
}

fn headline(evidence: &Evidence<'_>, notes: &mut Notes) -> Result<(), Error> {
    for (name, [ga, edge_popup]) in competitions() {
        let ga = notes.add(format!("GA, mean over {name} (%)"), slt_stats::mean(&evidence.means(&ga)?)?);
        let edge_popup = notes
            .add(format!("EP (50%), mean over {name} (%)"), slt_stats::mean(&evidence.means(&edge_popup)?)?);
        match name {
            "digits" => notes.at_most("GA minus EP (50%) over digits at most 0 points", ga - edge_popup, 0.0),
            _ => notes.above(format!("GA minus EP (50%) over {name} above 0 points"), ga - edge_popup, 0.0),
        }
    }
    Ok(())
}
