//! Section 5.3, Fig. 7 and 9: the blobs.

use std::ops::RangeInclusive;

use slt_datasets::paper::PaperName::Blobs;
use slt_datasets::paper::PaperScaling;

use super::claim::Needs::Arms;
use super::claim::{Basis, Claim, Former};
use super::evidence::{Evidence, Notes};
use super::trend::rank_correlation;
use crate::Error;
use crate::arm::{Arm, BLOB_CLASSES};
use crate::method::Method;

pub(super) const CLAIMS: &[Claim] = &[
    Claim {
        id: "blobs-accuracy-degrades",
        source: "Section 5.3, Fig. 7 (a)",
        statement: "With the accuracy as objective the genetic algorithm can tell 2 to 5 blobs apart perfectly; the more \
                    there are beyond that, the worse it gets.",
        test: "A run reaches 99.9 % for each of 2 to 5 classes, and the means from 6 to 10 have a negative rank \
               correlation with the number of classes. Decided on scaled data, as the published runs were; raw data \
               beside it.",
        published: Some("perfect for 2 to 5 classes"),
        basis: Basis::Bootstrap,
        runs_needed: 25,
        has_protocols: true,
        needs: Arms(for_accuracy_on_both),
        decide: accuracy_degrades,
        former: Some(Former {
            test: "Mean >= 99 % for 2 to 5 classes, and the same from 6 to 10. The paper says that the algorithm \"can\" \
                   find perfect tickets there, not that it always does.",
            decide: accuracy_degrades_before,
        }),
    },
    Claim {
        id: "blobs-loss-recovers",
        source: "Section 5.3, Fig. 7 (b)",
        statement: "The cross-entropy as objective mends that: accuracies for 7 to 10 blobs are higher, and except for 10 \
                    there are runs of about 100 %.",
        test: "For each of 7 to 10 classes the mean is above that of the accuracy objective on the same data; a run \
               reaches 99 % for every number of classes but 10, and none 99.5 % for 10. Of pruned tickets, as published.",
        published: Some("approximately 100 % in some runs"),
        basis: Basis::Bootstrap,
        runs_needed: 25,
        has_protocols: true,
        needs: Arms(both_objectives),
        decide: loss_recovers,
        former: Some(Former {
            test: "Disjoint 95 % intervals for 7 to 10 classes, and a run at 99 % for every number of classes but 10, of \
                   tickets as they evolved. Disjoint intervals ask for more than a difference, the exception of 10 \
                   classes was not tested, and the published code shows pruned tickets.",
            decide: loss_recovers_before,
        }),
    },
    Claim {
        id: "blobs-10-none-perfect",
        source: "Section 5.3, Fig. 7 (b)",
        statement: "With the cross-entropy as objective 10 blobs are the one case without a run of about 100 %.",
        test: "The best run for 10 classes is below 99.5 %.",
        published: Some("\"apart from the case with 10 classes\""),
        basis: Basis::Existence,
        runs_needed: 25,
        has_protocols: true,
        needs: Arms(ten),
        decide: ten_none_perfect,
        former: None,
    },
    Claim {
        id: "blobs-8-above-6-7",
        source: "Section 5.3, Fig. 9",
        statement: "With the cross-entropy as objective 8 blobs come out better, and more evenly, than 6 and 7.",
        test: "The mean for 8 classes is above those for 6 and 7, its sd below theirs. Of pruned tickets, as published.",
        published: None,
        basis: Basis::Bootstrap,
        runs_needed: 25,
        has_protocols: true,
        needs: Arms(six_to_eight),
        decide: eight_above,
        former: Some(Former {
            test: "The same of tickets as they evolved; the published code shows pruned ones.",
            decide: eight_above_before,
        }),
    },
    Claim {
        id: "blobs-ep-below-ga",
        source: "Section 5.3, Fig. 9",
        statement: "On blobs edge-popup is below the genetic algorithm except for 2 classes, and drops at 3.",
        test: "Its mean is below the GA mean for each of 3 to 10 classes, and that for 3 below those for 2, 4 and 5.",
        published: None,
        basis: Basis::Bootstrap,
        runs_needed: 25,
        has_protocols: true,
        needs: Arms(ga_and_edge_popup),
        decide: ep_below_ga,
        former: None,
    },
    Claim {
        id: "blobs-ep-variable",
        source: "Section 5.3, Fig. 9",
        statement: "On blobs the runs of edge-popup differ more than those of the genetic algorithm.",
        test: "Its sd is above that of GA for each of 3 to 9 classes.",
        published: None,
        basis: Basis::Bootstrap,
        runs_needed: 25,
        has_protocols: true,
        needs: Arms(ga_and_edge_popup),
        decide: ep_variable,
        former: None,
    },
    Claim {
        id: "blobs-normalized-matches-bp",
        source: "Section 5.3, Fig. 9",
        statement: "On normalized blobs the genetic algorithm matches backpropagation.",
        test: "The means of GA (normalized) and backpropagation are within 1 point for every number of classes, and those \
               of backpropagation at least 99.5 %.",
        published: Some("approximately 100 %"),
        basis: Basis::Bootstrap,
        runs_needed: 25,
        has_protocols: true,
        needs: Arms(normalized_and_backprop),
        decide: normalized_matches_bp,
        former: None,
    },
];

/// The scalings on which the accuracy was the objective. The public code of Fig. 7 (a) scales; everything
/// else about blobs does not.
pub(super) const SCALINGS: [(&str, PaperScaling); 2] =
    [("scaled", PaperScaling::MinMax), ("raw", PaperScaling::Paper)];

/// By number of classes.
const BY_CLASSES: &str = "by number of classes";

fn arms(method: Method, classes: RangeInclusive<u32>) -> Vec<Arm> {
    classes.map(|k| Arm::classes(method, Blobs, k)).collect()
}

fn scaled(arms: Vec<Arm>, scaling: PaperScaling) -> Vec<Arm> {
    arms.into_iter().map(|arm| arm.scaled(scaling)).collect()
}

/// Searches for a high accuracy, on data scaled in some way.
pub(super) fn for_accuracy(scaling: PaperScaling) -> Vec<Arm> {
    scaled(arms(Method::ga(), BLOB_CLASSES), scaling)
}

/// Searches for a low cross-entropy, the tickets as they evolved.
pub(super) fn for_loss(scaling: PaperScaling) -> Vec<Arm> {
    scaled(arms(Method::ga_loss(), BLOB_CLASSES), scaling)
}

fn for_accuracy_on_both() -> Vec<Arm> {
    SCALINGS.into_iter().flat_map(|(_, scaling)| for_accuracy(scaling)).collect()
}

/// The genetic algorithm as Fig. 7 (b) and 9 show it, its tickets pruned. They come from the searches of
/// [`for_loss`].
fn pruned(classes: RangeInclusive<u32>) -> Vec<Arm> {
    arms(Method::ga_loss_pruned(), classes)
}

fn edge_popup() -> Vec<Arm> {
    arms(Method::edge_popup(), BLOB_CLASSES)
}

fn both_objectives() -> Vec<Arm> {
    [pruned(BLOB_CLASSES), for_accuracy_on_both()].concat()
}

fn ten() -> Vec<Arm> {
    pruned(10..=10)
}

fn six_to_eight() -> Vec<Arm> {
    pruned(6..=8)
}

fn ga_and_edge_popup() -> Vec<Arm> {
    [pruned(BLOB_CLASSES), edge_popup()].concat()
}

fn normalized() -> Vec<Arm> {
    scaled(pruned(BLOB_CLASSES), PaperScaling::MinMax)
}

fn backprop() -> Vec<Arm> {
    arms(Method::Backpropagation, BLOB_CLASSES)
}

fn normalized_and_backprop() -> Vec<Arm> {
    [normalized(), backprop()].concat()
}

/// The best of all runs of each arm, whatever is drawn: that something can be is said of a run.
fn best_runs(evidence: &Evidence<'_>, arms: &[Arm]) -> Result<Vec<f64>, Error> {
    let all = evidence.undrawn();
    arms.iter().map(|arm| Ok(highest(&all.accuracies(arm)?))).collect()
}

fn highest(values: &[f64]) -> f64 {
    values.iter().copied().fold(0.0, f64::max)
}

/// The standard deviations of some arms; 0 for a single run.
fn sds(evidence: &Evidence<'_>, arms: &[Arm]) -> Result<Vec<f64>, Error> {
    arms.iter().map(|arm| Ok(slt_stats::sd(&evidence.accuracies(arm)?, 1).unwrap_or(0.0))).collect()
}

/// Spearman's correlation with the number of classes, 0 where it is not defined.
fn trend(values: &[f64]) -> f64 {
    rank_correlation(values).unwrap_or(0.0)
}

fn accuracy_degrades(evidence: &Evidence<'_>, notes: &mut Notes) -> Result<(), Error> {
    for (label, scaling) in SCALINGS {
        let means = evidence.means(&for_accuracy(scaling))?;
        notes.add_each(&format!("{label}, mean {BY_CLASSES} (%)"), BLOB_CLASSES, &means);
        let best = best_runs(evidence, &for_accuracy(scaling))?;
        notes.add_each(&format!("{label}, best run {BY_CLASSES} (%)"), BLOB_CLASSES, &best);
        let trend = notes.add(format!("{label}, rank correlation from 6 to 10"), trend(&means[4..]));
        let met = best[..4].iter().all(|&best| best >= 99.9) && trend < 0.0;
        if scaling == PaperScaling::MinMax {
            for (k, &best) in BLOB_CLASSES.zip(&best[..4]) {
                notes.at_least(format!("{k} classes: best run >= 99.9 %"), best, 99.9);
            }
            notes.below("means fall from 6 to 10 classes: rank correlation < 0", trend, 0.0);
        } else {
            notes.add(format!("{label}: 1 if as claimed"), f64::from(u8::from(met)));
        }
    }
    Ok(())
}

fn accuracy_degrades_before(evidence: &Evidence<'_>, notes: &mut Notes) -> Result<(), Error> {
    let means = evidence.means(&for_accuracy(PaperScaling::MinMax))?;
    for (k, &mean) in BLOB_CLASSES.zip(&means[..4]) {
        notes.at_least(format!("{k} classes: mean >= 99 %"), mean, 99.0);
    }
    notes.below("means fall from 6 to 10 classes: rank correlation < 0", trend(&means[4..]), 0.0);
    Ok(())
}

/// From 7 classes on the accuracy was a poor objective: number of classes and place.
fn many() -> impl Iterator<Item = (u32, usize)> {
    (7..=10).map(|k| (k, (k - BLOB_CLASSES.start()) as usize))
}

fn loss_recovers(evidence: &Evidence<'_>, notes: &mut Notes) -> Result<(), Error> {
    let loss = evidence.means(&pruned(BLOB_CLASSES))?;
    notes.add_each(&format!("loss objective, mean {BY_CLASSES} (%)"), BLOB_CLASSES, &loss);
    let best = best_runs(evidence, &pruned(BLOB_CLASSES))?;
    notes.add_each(&format!("loss objective, best run {BY_CLASSES} (%)"), BLOB_CLASSES, &best);
    for (label, scaling) in SCALINGS {
        let accuracy = evidence.means(&for_accuracy(scaling))?;
        for (k, place) in many() {
            let name = format!("loss above accuracy objective on {label} data, {k} classes (points)");
            notes.add(name, loss[place] - accuracy[place]);
            // The objective alone is to make the difference, so that on the same, raw, data decides.
            if scaling == PaperScaling::Paper {
                let name = format!("{k} classes: loss objective above accuracy objective");
                notes.above(name, loss[place], accuracy[place]);
            }
        }
    }
    for (k, &best) in BLOB_CLASSES.zip(&best) {
        if k < 10 {
            notes.at_least(format!("{k} classes: best run >= 99 %"), best, 99.0);
        } else {
            notes.below("10 classes: no run at 99.5 %", best, 99.5);
        }
    }
    Ok(())
}

fn loss_recovers_before(evidence: &Evidence<'_>, notes: &mut Notes) -> Result<(), Error> {
    let (loss, accuracy) = (for_loss(PaperScaling::Paper), for_accuracy(PaperScaling::Paper));
    for (k, place) in many() {
        let [loss, accuracy] = [&loss[place], &accuracy[place]]
            .map(|arm| evidence.accuracies(arm).map(|runs| slt_stats::t_interval(&runs, 0.95).ok()));
        let name = format!("{k} classes: interval of the loss above that of the accuracy objective");
        match (loss?, accuracy?) {
            (Some(loss), Some(accuracy)) => notes.above(name, loss.low, accuracy.high),
            _ => notes.holds(name, false),
        }
    }
    for (k, arm) in (2..=9).zip(&loss) {
        notes.at_least(format!("{k} classes: best run >= 99 %"), highest(&evidence.accuracies(arm)?), 99.0);
    }
    Ok(())
}

fn ten_none_perfect(evidence: &Evidence<'_>, notes: &mut Notes) -> Result<(), Error> {
    let runs = evidence.accuracies(&ten()[0])?;
    let best = notes.add("best run (%)", highest(&runs));
    notes.add("runs of at least 99 %", runs.iter().filter(|&&run| run >= 99.0).count() as f64);
    notes.below("best run < 99.5 %", best, 99.5);
    Ok(())
}

fn eight_above(evidence: &Evidence<'_>, notes: &mut Notes) -> Result<(), Error> {
    eight_above_of(&six_to_eight(), evidence, notes)
}

fn eight_above_before(evidence: &Evidence<'_>, notes: &mut Notes) -> Result<(), Error> {
    eight_above_of(&arms(Method::ga_loss(), 6..=8), evidence, notes)
}

fn eight_above_of(arms: &[Arm], evidence: &Evidence<'_>, notes: &mut Notes) -> Result<(), Error> {
    let (means, sds) = (evidence.means(arms)?, sds(evidence, arms)?);
    notes.add_each(&format!("mean {BY_CLASSES} (%)"), 6..=8, &means);
    notes.add_each(&format!("sd {BY_CLASSES} (points)"), 6..=8, &sds);
    for (k, place) in [(6, 0), (7, 1)] {
        notes.above(format!("mean for 8 classes above that for {k}"), means[2], means[place]);
        notes.below(format!("sd for 8 classes below that for {k}"), sds[2], sds[place]);
    }
    Ok(())
}

fn ep_below_ga(evidence: &Evidence<'_>, notes: &mut Notes) -> Result<(), Error> {
    let (ga, edge_popup) = (evidence.means(&pruned(BLOB_CLASSES))?, evidence.means(&edge_popup())?);
    notes.add_each(&format!("GA mean {BY_CLASSES} (%)"), BLOB_CLASSES, &ga);
    notes.add_each(&format!("EP mean {BY_CLASSES} (%)"), BLOB_CLASSES, &edge_popup);
    for (k, (&ga, &edge_popup)) in BLOB_CLASSES.zip(ga.iter().zip(&edge_popup)).skip(1) {
        notes.below(format!("{k} classes: EP below GA"), edge_popup, ga);
    }
    for (k, place) in [(2, 0), (4, 2), (5, 3)] {
        notes.below(format!("EP for 3 classes below that for {k}"), edge_popup[1], edge_popup[place]);
    }
    Ok(())
}

fn ep_variable(evidence: &Evidence<'_>, notes: &mut Notes) -> Result<(), Error> {
    let (ga, edge_popup) = (sds(evidence, &pruned(BLOB_CLASSES))?, sds(evidence, &edge_popup())?);
    notes.add_each(&format!("GA sd {BY_CLASSES} (points)"), BLOB_CLASSES, &ga);
    notes.add_each(&format!("EP sd {BY_CLASSES} (points)"), BLOB_CLASSES, &edge_popup);
    for (k, (&ga, &edge_popup)) in BLOB_CLASSES.zip(ga.iter().zip(&edge_popup)) {
        if (3..=9).contains(&k) {
            notes.above(format!("{k} classes: sd of EP above that of GA"), edge_popup, ga);
        }
    }
    Ok(())
}

fn normalized_matches_bp(evidence: &Evidence<'_>, notes: &mut Notes) -> Result<(), Error> {
    let (ga, backprop) = (evidence.means(&normalized())?, evidence.means(&backprop())?);
    notes.add_each(&format!("GA (normalized) mean {BY_CLASSES} (%)"), BLOB_CLASSES, &ga);
    notes.add_each(&format!("backprop mean {BY_CLASSES} (%)"), BLOB_CLASSES, &backprop);
    for (k, (&ga, &backprop)) in BLOB_CLASSES.zip(ga.iter().zip(&backprop)) {
        notes.within(format!("{k} classes: GA (normalized) within 1 point of backprop"), ga, 1.0, backprop);
        notes.at_least(format!("{k} classes: backprop >= 99.5 %"), backprop, 99.5);
    }
    Ok(())
}
