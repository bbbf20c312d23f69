//! Section 5.1, Fig. 3: the genetic algorithm on moons and circles, beside backpropagation.

use slt_datasets::paper::PaperName::{self, Circles, Moons};

use super::claim::{Basis, Claim, Former, Needs};
use super::evidence::{Evidence, Notes};
use super::trend::{falls, rank_correlation};
use crate::Error;
use crate::arm::{ARCHITECTURES, Arm};
use crate::method::Method;

pub(super) const CLAIMS: &[Claim] = &[
    Claim {
        id: "moons-d-perfect",
        source: "Section 5.1, Fig. 3 (a)",
        statement: "On moons the genetic algorithm consistently reaches high accuracies with network D, their mean close to 100 %.",
        test: "GA mean on moons D at least 99 %.",
        published: Some("approaching 100 %"),
        basis: Basis::Bootstrap,
        runs_needed: 25,
        has_protocols: true,
        needs: Needs::Arms(|| vec![Arm::binary(Method::ga(), Moons, "D")]),
        decide: moons_d_perfect,
        former: None,
    },
    Claim {
        id: "moons-a-gap",
        source: "Section 5.1, Fig. 3 (a)",
        statement: "On moons with network A backpropagation leads the genetic algorithm by about 9 points.",
        test: "Backprop mean minus GA mean on moons A: 6 to 12 points.",
        published: Some("9 points"),
        basis: Basis::Bootstrap,
        runs_needed: 25,
        has_protocols: true,
        needs: Needs::Arms(ga_and_backprop_on_moons),
        decide: moons_a_gap,
        former: None,
    },
    Claim {
        id: "moons-gap-shrinks",
        source: "Section 5.1, Fig. 3 (a)",
        statement: "On moons the lead of backpropagation decreases steadily with the size of the network.",
        test: "Backprop mean minus GA mean on moons falls at each step from A to B, C and D.",
        published: None,
        basis: Basis::Bootstrap,
        runs_needed: 25,
        has_protocols: true,
        needs: Needs::Arms(ga_and_backprop_on_moons),
        decide: moons_gap_shrinks,
        former: None,
    },
    Claim {
        id: "moons-c-d-near-bp",
        source: "Section 5.1, Fig. 3 (a)",
        statement: "On moons with networks C and D the mean of the genetic algorithm approaches that of backpropagation.",
        test: "Backprop mean minus GA mean on moons: at most 2 points on C, at most 1 point on D.",
        published: None,
        basis: Basis::Bootstrap,
        runs_needed: 25,
        has_protocols: true,
        needs: Needs::Arms(ga_and_backprop_on_moons),
        decide: moons_c_d_near_bp,
        former: None,
    },
    Claim {
        id: "moons-d-little-variance",
        source: "Section 5.1, Fig. 3 (a)",
        statement: "On moons the runs of the genetic algorithm differ least with network D.",
        test: "GA sd on moons is smaller on D than on each of A, B and C.",
        published: None,
        basis: Basis::Bootstrap,
        runs_needed: 25,
        has_protocols: true,
        needs: Needs::Arms(|| ga(Moons)),
        decide: moons_d_little_variance,
        former: None,
    },
    Claim {
        id: "ab-slightly-higher-moons",
        source: "Section 5.1, Fig. 3 (a)",
        statement: "On moons the accuracy bound seems to raise the means slightly overall, less so for larger networks.",
        test: "GA (adaptive AB) mean minus GA mean on moons: above 0 over all of A-D together, which is the sign of the pooled \
               coefficient, and a negative rank correlation with the place from A to D.",
        published: Some("coefficient 0.042"),
        basis: Basis::Bootstrap,
        runs_needed: 25,
        has_protocols: true,
        needs: Needs::Arms(|| [ga(Moons), ab(Moons)].concat()),
        decide: ab_slightly_higher_moons,
        former: Some(Former {
            test: "GA (adaptive AB) mean at least the GA mean on each of A-D, and the difference falls from A to D; the published \
                   data themselves fail it: there GA is the better one on moons D.",
            decide: ab_nowhere_lower_on_moons,
        }),
    },
    Claim {
        id: "circles-harder",
        source: "Section 5.1, Fig. 3 (b)",
        statement: "By what backpropagation reaches, circles are more complex than moons.",
        test: "Backprop mean on moons minus that on circles at least 5 points, for each of A-D.",
        published: None,
        basis: Basis::Bootstrap,
        runs_needed: 25,
        has_protocols: false,
        needs: Needs::Arms(|| [backprop(Moons), backprop(Circles)].concat()),
        decide: circles_harder,
        former: None,
    },
    Claim {
        id: "circles-a-worst",
        source: "Section 5.1, Fig. 3 (b)",
        statement: "On circles the genetic algorithm consistently has its lowest accuracies with network A.",
        test: "On circles the means of both GA and GA (adaptive AB) are lower on A than on each of B, C and D.",
        published: None,
        basis: Basis::Bootstrap,
        runs_needed: 25,
        has_protocols: true,
        needs: Needs::Arms(both_on_circles),
        decide: circles_a_worst,
        former: None,
    },
    Claim {
        id: "circles-d-best",
        source: "Section 5.1, Fig. 3 (b)",
        statement: "On circles network D has the highest mean accuracy, 91.6 %, without an accuracy bound.",
        test: "GA mean on circles D above the GA means of A-C and all means of GA (adaptive AB), and within 1 point of 91.6 %.",
        published: Some("91.6 %"),
        basis: Basis::Bootstrap,
        runs_needed: 25,
        has_protocols: true,
        needs: Needs::Arms(both_on_circles),
        decide: circles_d_best,
        former: None,
    },
    Claim {
        id: "circles-threshold",
        source: "Section 5.1, Fig. 3 (b)",
        statement: "On circles accuracies are significantly lower below a number of parameters; above it size helps less.",
        test: "GA mean on circles gains more from A to B than from B to D.",
        published: None,
        basis: Basis::Bootstrap,
        runs_needed: 25,
        has_protocols: true,
        needs: Needs::Arms(|| ga(Circles)),
        decide: circles_threshold,
        former: None,
    },
    Claim {
        id: "circles-d-near-bp",
        source: "Section 5.1, Fig. 3 (b)",
        statement: "On circles there are situations where the genetic algorithm comes close to backpropagation.",
        test: "Backprop mean minus GA mean on circles D at most 1.5 points.",
        published: None,
        basis: Basis::Bootstrap,
        runs_needed: 25,
        has_protocols: true,
        needs: Needs::Arms(|| {
            [Method::ga(), Method::Backpropagation].map(|method| Arm::binary(method, Circles, "D")).to_vec()
        }),
        decide: circles_d_near_bp,
        former: None,
    },
];

pub(super) fn ga(name: PaperName) -> Vec<Arm> {
    Arm::over_architectures(Method::ga(), name)
}

pub(super) fn ab(name: PaperName) -> Vec<Arm> {
    Arm::over_architectures(Method::ga_ab(), name)
}

pub(super) fn backprop(name: PaperName) -> Vec<Arm> {
    Arm::over_architectures(Method::Backpropagation, name)
}

fn both_on_circles() -> Vec<Arm> {
    [ga(Circles), ab(Circles)].concat()
}

fn ga_and_backprop_on_moons() -> Vec<Arm> {
    [ga(Moons), backprop(Moons)].concat()
}

/// The means of a method on A to D, written down.
pub(super) fn noted_means(
    evidence: &Evidence<'_>,
    notes: &mut Notes,
    name: &str,
    arms: &[Arm],
) -> Result<Vec<f64>, Error> {
    let means = evidence.means(arms)?;
    notes.add_each(&format!("{name} mean (%)"), ARCHITECTURES, &means);
    Ok(means)
}

fn moons_d_perfect(evidence: &Evidence<'_>, notes: &mut Notes) -> Result<(), Error> {
    let mean = evidence.mean(&Arm::binary(Method::ga(), Moons, "D"))?;
    notes.add("GA mean on moons D (%)", mean);
    notes.at_least("GA mean on moons D at least 99 %", mean, 99.0);
    Ok(())
}

/// Backpropagation's lead over "GA" on moons for each architecture, in points.
fn gaps(evidence: &Evidence<'_>, notes: &mut Notes) -> Result<Vec<f64>, Error> {
    let ga = noted_means(evidence, notes, "GA on moons,", &ga(Moons))?;
    let backprop = noted_means(evidence, notes, "backprop on moons,", &backprop(Moons))?;
    let gaps: Vec<f64> = backprop.iter().zip(&ga).map(|(backprop, ga)| backprop - ga).collect();
    notes.add_each("gap (points)", ARCHITECTURES, &gaps);
    Ok(gaps)
}

fn moons_a_gap(evidence: &Evidence<'_>, notes: &mut Notes) -> Result<(), Error> {
    let gaps = gaps(evidence, notes)?;
    notes.within("gap on moons A within 3 points of 9", gaps[0], 3.0, 9.0);
    Ok(())
}

fn moons_gap_shrinks(evidence: &Evidence<'_>, notes: &mut Notes) -> Result<(), Error> {
    let gaps = gaps(evidence, notes)?;
    for step in 1..gaps.len() {
        let [smaller, larger] = [ARCHITECTURES[step - 1], ARCHITECTURES[step]];
        let step = gaps[step] - gaps[step - 1];
        notes.below(format!("gap on moons {larger} minus that on {smaller} below 0 points"), step, 0.0);
    }
    Ok(())
}

fn moons_c_d_near_bp(evidence: &Evidence<'_>, notes: &mut Notes) -> Result<(), Error> {
    let gaps = gaps(evidence, notes)?;
    notes.at_most("gap on moons C at most 2 points", gaps[2], 2.0);
    notes.at_most("gap on moons D at most 1 point", gaps[3], 1.0);
    Ok(())
}

fn moons_d_little_variance(evidence: &Evidence<'_>, notes: &mut Notes) -> Result<(), Error> {
    let mut spreads = Vec::new();
    for arm in ga(Moons) {
        // A single run has none.
        spreads.push(slt_stats::sd(&evidence.accuracies(&arm)?, 1).unwrap_or(f64::NAN));
    }
    notes.add_each("GA sd on moons (points)", ARCHITECTURES, &spreads);
    for (architecture, &spread) in ARCHITECTURES.iter().zip(&spreads[..3]) {
        let name = format!("GA sd on moons D minus that on {architecture} below 0 points");
        notes.below(name, spreads[3] - spread, 0.0);
    }
    Ok(())
}

/// How much the accuracy bound adds to the means on moons, in points.
fn gains_on_moons(evidence: &Evidence<'_>, notes: &mut Notes) -> Result<Vec<f64>, Error> {
    let (ga, ab) = (evidence.means(&ga(Moons))?, evidence.means(&ab(Moons))?);
    let gains: Vec<f64> = ab.iter().zip(&ga).map(|(ab, ga)| ab - ga).collect();
    notes.add_each("GA (adaptive AB) mean minus GA mean on moons (points)", ARCHITECTURES, &gains);
    Ok(gains)
}

fn ab_slightly_higher_moons(evidence: &Evidence<'_>, notes: &mut Notes) -> Result<(), Error> {
    let gains = gains_on_moons(evidence, notes)?;
    let comparison = evidence.compare(&ga(Moons), &ab(Moons))?;
    notes.add_comparison("pooled over A-D", comparison.as_ref());
    // Every cell has as many runs, so the coefficient is the mean difference in units of the standard
    // deviation.
    notes.above("GA (adaptive AB) minus GA over all of moons above 0 points", slt_stats::mean(&gains)?, 0.0);
    let trend = notes.add_some("rank correlation of the differences, A to D", rank_correlation(&gains));
    notes.below("rank correlation of the differences, A to D, below 0", trend.unwrap_or(f64::NAN), 0.0);
    Ok(())
}

fn ab_nowhere_lower_on_moons(evidence: &Evidence<'_>, notes: &mut Notes) -> Result<(), Error> {
    let gains = gains_on_moons(evidence, notes)?;
    for (architecture, &gain) in ARCHITECTURES.iter().zip(&gains) {
        notes.at_least(
            format!("GA (adaptive AB) minus GA on moons {architecture} at least 0 points"),
            gain,
            0.0,
        );
    }
    notes.holds("the difference falls from A to D", falls(&gains));
    Ok(())
}

fn circles_harder(evidence: &Evidence<'_>, notes: &mut Notes) -> Result<(), Error> {
    let moons = noted_means(evidence, notes, "backprop on moons,", &backprop(Moons))?;
    let circles = noted_means(evidence, notes, "backprop on circles,", &backprop(Circles))?;
    for (place, architecture) in ARCHITECTURES.iter().enumerate() {
        let lead = moons[place] - circles[place];
        notes.at_least(
            format!("backprop on moons {architecture} minus circles {architecture} at least 5 points"),
            lead,
            5.0,
        );
    }
    Ok(())
}

fn circles_a_worst(evidence: &Evidence<'_>, notes: &mut Notes) -> Result<(), Error> {
    for (name, arms) in [("GA", ga(Circles)), ("GA (adaptive AB)", ab(Circles))] {
        let means = noted_means(evidence, notes, &format!("{name} on circles,"), &arms)?;
        for (architecture, &mean) in ARCHITECTURES.iter().zip(&means).skip(1) {
            let name = format!("{name} on circles A minus {architecture} below 0 points");
            notes.below(name, means[0] - mean, 0.0);
        }
    }
    Ok(())
}

fn circles_d_best(evidence: &Evidence<'_>, notes: &mut Notes) -> Result<(), Error> {
    let ga = noted_means(evidence, notes, "GA on circles,", &ga(Circles))?;
    let ab = noted_means(evidence, notes, "GA (adaptive AB) on circles,", &ab(Circles))?;
    for (architecture, &mean) in ARCHITECTURES.iter().zip(&ga[..3]) {
        let name = format!("GA on circles D minus GA on {architecture} above 0 points");
        notes.above(name, ga[3] - mean, 0.0);
    }
    for (architecture, &mean) in ARCHITECTURES.iter().zip(&ab) {
        let name = format!("GA on circles D minus GA (adaptive AB) on {architecture} above 0 points");
        notes.above(name, ga[3] - mean, 0.0);
    }
    notes.within("GA mean on circles D within 1 point of 91.6 %", ga[3], 1.0, 91.6);
    Ok(())
}

fn circles_threshold(evidence: &Evidence<'_>, notes: &mut Notes) -> Result<(), Error> {
    let means = noted_means(evidence, notes, "GA on circles,", &ga(Circles))?;
    let first = notes.add("gain from A to B (points)", means[1] - means[0]);
    let rest = notes.add("gain from B to D (points)", means[3] - means[1]);
    notes.above("gain from A to B minus gain from B to D on circles above 0 points", first - rest, 0.0);
    Ok(())
}

fn circles_d_near_bp(evidence: &Evidence<'_>, notes: &mut Notes) -> Result<(), Error> {
    let ga = notes.add("GA mean on circles D (%)", evidence.mean(&ga(Circles)[3])?);
    let backprop = notes.add("backprop mean on circles D (%)", evidence.mean(&backprop(Circles)[3])?);
    notes.at_most("gap on circles D at most 1.5 points", backprop - ga, 1.5);
    Ok(())
}
