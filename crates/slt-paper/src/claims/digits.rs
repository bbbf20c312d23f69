//! Section 5.3, Fig. 10 and 11: the digits.

use slt_datasets::paper::PaperName::{Blobs, Digits};
use slt_datasets::paper::PaperScaling;

use super::claim::Needs::Arms;
use super::claim::{Basis, Claim, Former};
use super::evidence::{Evidence, Notes};
use crate::Error;
use crate::arm::{Arm, DIGIT_CLASSES};
use crate::method::Method;
use slt_run::SearchRecord;

pub(super) const CLAIMS: &[Claim] = &[
    Claim {
        id: "digits-normalization-matters",
        source: "Section 5.3, Fig. 10",
        statement: "On digits the genetic algorithm without normalization is the worst of the four.",
        test: "Its mean is below those of GA, EP and backpropagation for each of 3, 4, 5 and 10 classes.",
        published: None,
        basis: Basis::Bootstrap,
        runs_needed: 25,
        has_protocols: true,
        needs: Arms(all_four),
        decide: normalization_matters,
        former: None,
    },
    Claim {
        id: "digits-ep-ahead",
        source: "Section 5.3, Fig. 10",
        statement: "On digits edge-popup is ahead of the genetic algorithm, most of all for 10 classes.",
        test: "Its mean is above the GA mean for each of 3, 4, 5 and 10 classes; the lead is largest for 10, and 1 to 5 points \
               there.",
        published: Some("10 classes: around 3 points, the maximum"),
        basis: Basis::Bootstrap,
        runs_needed: 25,
        has_protocols: true,
        needs: Arms(ga_and_edge_popup),
        decide: ep_ahead,
        former: Some(Former {
            test: "The same without the lead being largest for 10 classes, which the paper says.",
            decide: ep_ahead_before,
        }),
    },
    Claim {
        id: "digits-dip-at-4",
        source: "Section 5.3, Fig. 10",
        statement: "On digits 4 classes come out worse than 5 for edge-popup and backpropagation, but not for the genetic \
                    algorithm.",
        test: "The mean for 4 classes is below that for 5 for EP and backpropagation, and not below it for GA.",
        published: None,
        basis: Basis::Bootstrap,
        runs_needed: 25,
        has_protocols: true,
        needs: Arms(ga_edge_popup_and_backprop),
        decide: dip_at_4,
        former: None,
    },
    Claim {
        id: "digits-above-blobs",
        source: "Section 5.3, Fig. 10",
        statement: "Apart from GA (not normalized), accuracies on digits are overall considerably higher than those on blobs.",
        test: "Over 2, 3, 4, 5 and 10 classes together, the mean of EP on digits is above that of EP on blobs, and that of GA \
               above that of GA on raw blobs, as Fig. 9 and 10 show them.",
        published: None,
        basis: Basis::Bootstrap,
        runs_needed: 25,
        has_protocols: true,
        needs: Arms(digits_and_blobs),
        decide: above_blobs,
        former: Some(Former {
            test: "The same for each number of classes, as first proposed. The paper says \"overall\", and both are at 100 % where \
                   classes are few.",
            decide: above_blobs_each,
        }),
    },
    Claim {
        id: "digits-evolution-sparsity",
        source: "Section 5.3, Fig. 11",
        statement: "On digits evolution alone makes tickets sparser by less than 3 %, from the 50 % that it starts with.",
        test: "The mean sparsity before pruning is below 53 % for every number of classes.",
        published: Some("increased by less than 3 %"),
        basis: Basis::Bootstrap,
        runs_needed: 25,
        has_protocols: true,
        needs: Arms(evolved),
        decide: evolution_sparsity,
        former: Some(Former {
            test: "Between 50 and 53 % for every number of classes. The lower edge is not in the paper.",
            decide: evolution_sparsity_before,
        }),
    },
    Claim {
        id: "digits-pruned-sparsity",
        source: "Section 5.3, Fig. 11",
        statement: "On digits pruning after the evolution makes tickets far sparser, less so with more classes.",
        test: "Mean sparsity 96 to 99.5 % for 2 classes, falling at each step to 10, where pruning adds 21 to 29 points.",
        published: Some("2 classes: up to 98 %; 10 classes: +25.3 %"),
        basis: Basis::Bootstrap,
        runs_needed: 25,
        has_protocols: true,
        needs: Arms(ga),
        decide: pruned_sparsity,
        former: None,
    },
    Claim {
        id: "pruning-keeps-accuracy",
        source: "Sections 3 and 5.3, Fig. 11",
        statement: "Pruning after the evolution removes what has no influence on the accuracy, and can even raise it a little.",
        test: "Digits: mean test accuracy after pruning at least that before minus 0.5 points, for every number of classes. \
               True by construction in protocol paper, where the test accuracy is what pruning protects.",
        published: None,
        basis: Basis::Bootstrap,
        runs_needed: 25,
        has_protocols: true,
        needs: Arms(ga),
        decide: pruning_keeps_accuracy,
        former: None,
    },
    Claim {
        id: "pruning-cheap",
        source: "Section 5.3, Fig. 11",
        statement: "Pruning after the evolution adds little to the cost of the evolution.",
        test: "Digits: a pass evaluates one mask for each active weight of the ticket, and one before; the mean of that over \
               the evaluations of the evolution is at most 10 % for every number of classes.",
        published: None,
        basis: Basis::Bootstrap,
        runs_needed: 25,
        has_protocols: false,
        needs: Arms(evolved),
        decide: pruning_cheap,
        former: None,
    },
];

/// Places of 4, 5 and 10 classes.
const FOUR: usize = 2;
const FIVE: usize = 3;
const TEN: usize = 4;

/// By number of classes.
const BY_CLASSES: &str = "by number of classes";

fn arms(method: Method) -> Vec<Arm> {
    DIGIT_CLASSES.map(|k| Arm::classes(method, Digits, k)).to_vec()
}

/// The genetic algorithm as Fig. 10 reports it, its tickets pruned.
fn ga() -> Vec<Arm> {
    arms(Method::ga_loss_pruned())
}

/// Its tickets as they evolved. They come with the pruned ones.
fn evolved() -> Vec<Arm> {
    arms(Method::ga_loss())
}

fn not_normalized() -> Vec<Arm> {
    ga().into_iter().map(|arm| arm.scaled(PaperScaling::None)).collect()
}

fn edge_popup() -> Vec<Arm> {
    arms(Method::edge_popup())
}

fn backprop() -> Vec<Arm> {
    arms(Method::Backpropagation)
}

/// The same methods on as many raw blobs.
fn on_blobs(arms: &[Arm]) -> Vec<Arm> {
    arms.iter().zip(DIGIT_CLASSES).map(|(arm, k)| Arm::classes(arm.method, Blobs, k)).collect()
}

fn all_four() -> Vec<Arm> {
    [ga(), not_normalized(), edge_popup(), backprop()].concat()
}

fn ga_and_edge_popup() -> Vec<Arm> {
    [ga(), edge_popup()].concat()
}

fn ga_edge_popup_and_backprop() -> Vec<Arm> {
    [ga(), edge_popup(), backprop()].concat()
}

fn digits_and_blobs() -> Vec<Arm> {
    let digits = [ga(), edge_popup(), not_normalized()];
    [digits.concat(), on_blobs(&ga()), on_blobs(&edge_popup())].concat()
}

/// The means of some arms, which are written down.
fn means(evidence: &Evidence<'_>, notes: &mut Notes, name: &str, arms: &[Arm]) -> Result<Vec<f64>, Error> {
    let means = evidence.means(arms)?;
    notes.add_each(&format!("{name} mean {BY_CLASSES} (%)"), DIGIT_CLASSES, &means);
    Ok(means)
}

/// The mean sparsities of some arms, which are written down.
fn sparsities(
    evidence: &Evidence<'_>,
    notes: &mut Notes,
    name: &str,
    arms: &[Arm],
) -> Result<Vec<f64>, Error> {
    let mean = |arm| Ok::<_, Error>(slt_stats::mean(&evidence.sparsities(arm)?)?);
    let means: Vec<f64> = arms.iter().map(mean).collect::<Result<_, _>>()?;
    notes.add_each(&format!("mean sparsity {name} {BY_CLASSES} (%)"), DIGIT_CLASSES, &means);
    Ok(means)
}

fn normalization_matters(evidence: &Evidence<'_>, notes: &mut Notes) -> Result<(), Error> {
    let raw = means(evidence, notes, "GA (not normalized)", &not_normalized())?;
    for (name, arms) in [("GA", ga()), ("EP", edge_popup()), ("backprop", backprop())] {
        let others = means(evidence, notes, name, &arms)?;
        // Two classes are not part of the claim.
        for (k, (&raw, &other)) in DIGIT_CLASSES.iter().zip(raw.iter().zip(&others)).skip(1) {
            notes.below(format!("{k} classes: GA (not normalized) below {name}"), raw, other);
        }
    }
    Ok(())
}

fn ep_ahead(evidence: &Evidence<'_>, notes: &mut Notes) -> Result<(), Error> {
    let leads = ep_leads(evidence, notes)?;
    let others = leads[..TEN].iter().copied().fold(f64::NEG_INFINITY, f64::max);
    notes.above("lead of EP largest for 10 classes", leads[TEN], others);
    Ok(())
}

fn ep_ahead_before(evidence: &Evidence<'_>, notes: &mut Notes) -> Result<(), Error> {
    ep_leads(evidence, notes).map(drop)
}

/// The leads of edge-popup, which have to be there.
fn ep_leads(evidence: &Evidence<'_>, notes: &mut Notes) -> Result<Vec<f64>, Error> {
    let ga = means(evidence, notes, "GA", &ga())?;
    means(evidence, notes, "GA before pruning", &evolved())?;
    let edge_popup = means(evidence, notes, "EP", &edge_popup())?;
    let leads: Vec<f64> = edge_popup.iter().zip(&ga).map(|(edge_popup, ga)| edge_popup - ga).collect();
    notes.add_each(&format!("lead of EP {BY_CLASSES} (points)"), DIGIT_CLASSES, &leads);
    // With two classes both may get everything right.
    for (k, &lead) in DIGIT_CLASSES.iter().zip(&leads).skip(1) {
        notes.above(format!("{k} classes: EP above GA"), lead, 0.0);
    }
    notes.within("lead of EP for 10 classes 1 to 5 points", leads[TEN], 2.0, 3.0);
    Ok(leads)
}

fn dip_at_4(evidence: &Evidence<'_>, notes: &mut Notes) -> Result<(), Error> {
    means(evidence, notes, "GA before pruning", &evolved())?;
    for (name, arms) in [("EP", edge_popup()), ("backprop", backprop())] {
        let means = means(evidence, notes, name, &arms)?;
        notes.below(format!("{name}: 4 classes below 5"), means[FOUR], means[FIVE]);
    }
    let ga = means(evidence, notes, "GA", &ga())?;
    notes.at_least("GA: 4 classes not below 5", ga[FOUR], ga[FIVE]);
    Ok(())
}

/// How far the means of some arms on digits are above those on as many blobs, which is written down.
fn leads_over_blobs(
    evidence: &Evidence<'_>,
    notes: &mut Notes,
    name: &str,
    digits: &[Arm],
    blobs: &[f64],
) -> Result<Vec<f64>, Error> {
    let digits = evidence.means(digits)?;
    let leads: Vec<f64> = digits.iter().zip(blobs).map(|(digits, blobs)| digits - blobs).collect();
    notes.add_each(&format!("{name}, digits - blobs {BY_CLASSES} (points)"), DIGIT_CLASSES, &leads);
    Ok(leads)
}

/// Those that the paper speaks of, and beside them GA (not normalized).
fn both_leads_over_blobs(
    evidence: &Evidence<'_>,
    notes: &mut Notes,
) -> Result<[(&'static str, Vec<f64>); 2], Error> {
    let [of_ga, of_edge_popup] = [ga(), edge_popup()].map(|arms| evidence.means(&on_blobs(&arms)));
    let (of_ga, of_edge_popup) = (of_ga?, of_edge_popup?);
    leads_over_blobs(evidence, notes, "GA, raw both", &not_normalized(), &of_ga)?;
    Ok([
        ("EP", leads_over_blobs(evidence, notes, "EP", &edge_popup(), &of_edge_popup)?),
        ("GA", leads_over_blobs(evidence, notes, "GA", &ga(), &of_ga)?),
    ])
}

fn above_blobs(evidence: &Evidence<'_>, notes: &mut Notes) -> Result<(), Error> {
    for (name, leads) in both_leads_over_blobs(evidence, notes)? {
        let overall = notes.add(format!("{name}, digits - blobs overall (points)"), slt_stats::mean(&leads)?);
        notes.above(format!("{name}: digits above blobs overall"), overall, 0.0);
    }
    Ok(())
}

fn above_blobs_each(evidence: &Evidence<'_>, notes: &mut Notes) -> Result<(), Error> {
    for (name, leads) in both_leads_over_blobs(evidence, notes)? {
        for (k, lead) in DIGIT_CLASSES.into_iter().zip(leads) {
            notes.above(format!("{name}, {k} classes: digits above blobs"), lead, 0.0);
        }
    }
    Ok(())
}

fn evolution_sparsity(evidence: &Evidence<'_>, notes: &mut Notes) -> Result<(), Error> {
    let before = sparsities(evidence, notes, "before pruning", &evolved())?;
    for (k, &sparsity) in DIGIT_CLASSES.iter().zip(&before) {
        notes.below(format!("{k} classes: sparsity < 53 %"), sparsity, 53.0);
    }
    Ok(())
}

fn evolution_sparsity_before(evidence: &Evidence<'_>, notes: &mut Notes) -> Result<(), Error> {
    let before = sparsities(evidence, notes, "before pruning", &evolved())?;
    for (k, &sparsity) in DIGIT_CLASSES.iter().zip(&before) {
        notes.within(format!("{k} classes: sparsity 50 to 53 %"), sparsity, 1.5, 51.5);
    }
    Ok(())
}

fn pruned_sparsity(evidence: &Evidence<'_>, notes: &mut Notes) -> Result<(), Error> {
    let before = sparsities(evidence, notes, "before pruning", &evolved())?;
    let after = sparsities(evidence, notes, "after pruning", &ga())?;
    let gain = notes.add("gain with 10 classes (points)", after[TEN] - before[TEN]);
    notes.at_least("2 classes: sparsity >= 96 %", after[0], 96.0);
    notes.at_most("2 classes: sparsity <= 99.5 %", after[0], 99.5);
    for (k, pair) in DIGIT_CLASSES.windows(2).zip(after.windows(2)) {
        notes.below(format!("{} classes: less sparse than {}", k[1], k[0]), pair[1], pair[0]);
    }
    notes.within("10 classes: pruning adds 21 to 29 points", gain, 4.0, 25.0);
    Ok(())
}

fn pruning_keeps_accuracy(evidence: &Evidence<'_>, notes: &mut Notes) -> Result<(), Error> {
    let before = means(evidence, notes, "test accuracy before pruning,", &evolved())?;
    let after = means(evidence, notes, "test accuracy after pruning,", &ga())?;
    for (k, (&before, &after)) in DIGIT_CLASSES.iter().zip(before.iter().zip(&after)) {
        let change = notes.add(format!("change by pruning, {k} classes (points)"), after - before);
        notes.at_least(format!("{k} classes: pruning costs at most 0.5 points"), change, -0.5);
    }
    Ok(())
}

fn pruning_cheap(evidence: &Evidence<'_>, notes: &mut Notes) -> Result<(), Error> {
    for (k, arm) in DIGIT_CLASSES.into_iter().zip(evolved()) {
        let name = format!("evaluations of pruning over those of the evolution, {k} classes (%)");
        let shares = evidence.named(&name, || {
            let tickets = arm.tickets(evidence.plan, evidence.records)?.into_iter();
            let share = |record: &SearchRecord| {
                let pass = record.best.mask.count_ones() as f64 + 1.0;
                100.0 * pass / (record.evaluations as f64).max(1.0)
            };
            Ok(tickets.map(share).collect())
        })?;
        let mean = notes.add(name, slt_stats::mean(&shares)?);
        notes.at_most(format!("{k} classes: pruning evaluates at most 10 % as many masks"), mean, 10.0);
    }
    Ok(())
}
