//! Fig. 6 (c), Table 6c: which differences there are by the mixed model.

use slt_datasets::paper::PaperName::{self, Circles, Moons};

use super::claim::{Basis, Claim, Former, Needs};
use super::evidence::{Evidence, Notes};
use super::two_classes::{ab, backprop, ga};
use crate::Error;
use crate::arm::{Arm, Repetitions};
use crate::comparison::{Comparison, Published, published};
use crate::method::Method;

pub(super) const CLAIMS: &[Claim] = &[
    Claim {
        id: "table6c-compatible",
        source: "Section 5.2, Table 6c",
        statement: "The differences between the methods are those of Table 6c.",
        test: "Each of the eight coefficients within 2 standard errors, both sides' together, of the published one.",
        published: Some("eight coefficients"),
        basis: Basis::Intervals,
        runs_needed: 25,
        has_protocols: true,
        needs: Needs::Arms(|| {
            published()
                .into_iter()
                .flat_map(|row| row.methods().map(|method| Arm::over_architectures(method, row.data)))
                .flatten()
                .collect()
        }),
        decide: table6c_compatible,
        former: None,
    },
    Claim {
        id: "ab-no-difference",
        source: "Section 5.2, Table 6c",
        statement: "The accuracy bound makes no significant difference to the genetic algorithm, on moons and on circles.",
        test: "The effect of GA (adaptive AB) against GA is within 0.3 standard deviations, by the 90 % interval of the mixed model, \
               on moons and on circles, with 2 R runs of each as the published analysis has them.",
        published: Some("moons: 0.042, p = 0.612; circles: -0.106, p = 0.095"),
        basis: Basis::Intervals,
        runs_needed: 25,
        has_protocols: true,
        needs: Needs::Arms(|| {
            BOTH.iter().flat_map(|&name| [ga(name), ab(name)].map(doubled).concat()).collect()
        }),
        decide: ab_no_difference,
        former: Some(Former {
            test: "P >= 0.05 in the mixed model on both; a missing significance is no sameness, and few runs pass it easily.",
            decide: ab_not_significant,
        }),
    },
    Claim {
        id: "ep-adapted-no-gain",
        source: "Section 5.2, Table 6c",
        statement: "The adapted rate brings edge-popup no notable improvement, on moons and on circles.",
        test: "The effect of EP (adapted) against EP (50%) is below 0.2 standard deviations, by the upper 95 % bound of the mixed \
               model, on moons and on circles.",
        published: Some("moons: -0.133, p = 0.160; circles: -0.062, p = 0.543"),
        basis: Basis::Intervals,
        runs_needed: 25,
        has_protocols: true,
        needs: Needs::Arms(|| BOTH.iter().flat_map(|&name| [half(name), adapted(name)].concat()).collect()),
        decide: ep_adapted_no_gain,
        former: Some(Former {
            test: "Coefficient negative and p >= 0.05 in the mixed model on both; it asks twice for the sign of what is said to be \
                   noise.",
            decide: ep_adapted_negative_not_significant,
        }),
    },
    Claim {
        id: "bp-beats-ga",
        source: "Section 5.2, Table 6c",
        statement: "Backpropagation is significantly better than the genetic algorithm, on moons and on circles.",
        test: "The effect of backprop against GA is above 0, by the 90 % interval of the mixed model, on moons and on circles.",
        published: Some("moons: 0.661, p = 0.000; circles: 1.030, p = 0.000"),
        basis: Basis::Intervals,
        runs_needed: 25,
        has_protocols: true,
        needs: Needs::Arms(ga_and_backprop),
        decide: bp_beats_ga,
        former: Some(Former {
            test: "Coefficient positive and p < 0.05 in the mixed model on both; a missing significance says nothing against it.",
            decide: bp_significantly_above,
        }),
    },
    Claim {
        id: "bp-lead-moderate-on-moons",
        source: "Section 5.2, Table 6c",
        statement: "The genetic algorithm is only moderately worse than backpropagation on moons, clearly worse on circles.",
        test: "The effect of backprop against GA is smaller on moons than on circles, by the 90 % interval of the difference.",
        published: Some("0.661 and 1.030"),
        basis: Basis::Intervals,
        runs_needed: 25,
        has_protocols: true,
        needs: Needs::Arms(ga_and_backprop),
        decide: bp_lead_moderate_on_moons,
        former: None,
    },
];

/// Data sets that Table 6c compares on.
const BOTH: [PaperName; 2] = [Moons, Circles];

/// Edge-popup that keeps half of the weights.
pub(super) fn half(name: PaperName) -> Vec<Arm> {
    Arm::over_architectures(Method::edge_popup(), name)
}

pub(super) fn adapted(name: PaperName) -> Vec<Arm> {
    Arm::over_architectures(Method::edge_popup_adapted(), name)
}

fn ga_and_backprop() -> Vec<Arm> {
    BOTH.iter().flat_map(|&name| [ga(name), backprop(name)].concat()).collect()
}

/// Effect and standard error, if there is a comparison.
fn estimate(comparison: Option<&Comparison>) -> Option<(f64, f64)> {
    comparison.map(|comparison| (comparison.effect.estimate, comparison.effect.standard_error))
}

/// The comparison of two methods on moons, then on circles, written down.
fn on_both(
    evidence: &Evidence<'_>,
    notes: &mut Notes,
    [reference, target]: [fn(PaperName) -> Vec<Arm>; 2],
) -> Result<[(PaperName, Option<Comparison>); 2], Error> {
    let mut compared = BOTH.map(|name| (name, None));
    for (name, comparison) in &mut compared {
        *comparison = evidence.compare(&reference(*name), &target(*name))?;
        notes.add_comparison(&name.to_string(), comparison.as_ref());
    }
    Ok(compared)
}

/// Asks for the target's accuracies to be significantly lower than the reference's, at 5 %.
pub(super) fn significantly_below(
    evidence: &Evidence<'_>,
    notes: &mut Notes,
    name: PaperName,
    reference: &[Arm],
    target: &[Arm],
) -> Result<(), Error> {
    let comparison = evidence.compare(reference, target)?;
    notes.add_comparison(&name.to_string(), comparison.as_ref());
    let z = comparison.map_or(f64::NAN, |comparison| comparison.effect.z);
    notes.below(format!("z below -1.96 on {name}"), z, -1.959_964);
    Ok(())
}

fn table6c_compatible(evidence: &Evidence<'_>, notes: &mut Notes) -> Result<(), Error> {
    for row in published() {
        let Published { data, reference, target, effect } = row;
        let [of_reference, of_target] = row.methods().map(|method| Arm::over_architectures(method, data));
        let comparison = evidence.compare(&of_reference, &of_target)?;
        let name = format!("{} against {} on {data}", target.label(), reference.label());
        let ours = notes
            .add_some(format!("{name}: coefficient"), estimate(comparison.as_ref()).map(|(ours, _)| ours));
        let distance =
            estimate(comparison.as_ref()).map(|(ours, error)| (ours - effect.coef) / error.hypot(effect.se));
        notes.add_some(
            format!("{name}: distance from the published {:.3} in joint standard errors", effect.coef),
            ours.and(distance),
        );
        notes.at_most(
            format!("{name}: at most 2 joint standard errors"),
            distance.map_or(f64::NAN, f64::abs),
            2.0,
        );
    }
    Ok(())
}

/// The arms with twice as many runs. The published standard errors are those of 50, and 25 cannot show that
/// an effect is small.
fn doubled(arms: Vec<Arm>) -> Vec<Arm> {
    arms.into_iter().map(|arm| arm.repeated(Repetitions::Double)).collect()
}

fn ab_no_difference(evidence: &Evidence<'_>, notes: &mut Notes) -> Result<(), Error> {
    for name in BOTH {
        let comparison = evidence.compare(&doubled(ga(name)), &doubled(ab(name)))?;
        notes.equivalent(&name.to_string(), comparison.as_ref(), 0.3);
    }
    Ok(())
}

fn ab_not_significant(evidence: &Evidence<'_>, notes: &mut Notes) -> Result<(), Error> {
    for (name, comparison) in on_both(evidence, notes, [ga, ab])? {
        let same = comparison.is_some_and(|comparison| !comparison.is_significant());
        notes.holds(format!("not significant on {name}"), same);
    }
    Ok(())
}

fn ep_adapted_no_gain(evidence: &Evidence<'_>, notes: &mut Notes) -> Result<(), Error> {
    for name in BOTH {
        let comparison = evidence.compare(&half(name), &adapted(name))?;
        notes.effect_below(&name.to_string(), comparison.as_ref(), 0.2);
    }
    Ok(())
}

fn ep_adapted_negative_not_significant(evidence: &Evidence<'_>, notes: &mut Notes) -> Result<(), Error> {
    for (name, comparison) in on_both(evidence, notes, [half, adapted])? {
        let met = comparison.is_some_and(|found| !found.is_significant() && found.effect.estimate < 0.0);
        notes.holds(format!("negative and not significant on {name}"), met);
    }
    Ok(())
}

fn bp_beats_ga(evidence: &Evidence<'_>, notes: &mut Notes) -> Result<(), Error> {
    for (name, comparison) in on_both(evidence, notes, [ga, backprop])? {
        notes.interval(format!("backprop above GA on {name}"), estimate(comparison.as_ref()));
    }
    Ok(())
}

fn bp_significantly_above(evidence: &Evidence<'_>, notes: &mut Notes) -> Result<(), Error> {
    for (name, comparison) in on_both(evidence, notes, [ga, backprop])? {
        let met = comparison.is_some_and(|found| found.is_significant() && found.effect.estimate > 0.0);
        notes.holds(format!("positive and significant on {name}"), met);
    }
    Ok(())
}

fn bp_lead_moderate_on_moons(evidence: &Evidence<'_>, notes: &mut Notes) -> Result<(), Error> {
    let [(_, moons), (_, circles)] = on_both(evidence, notes, [ga, backprop])?;
    let effects = estimate(moons.as_ref()).zip(estimate(circles.as_ref()));
    let margin = effects.map(|((moons, error), (circles, other))| (circles - moons, error.hypot(other)));
    notes.interval("backprop's effect smaller on moons than on circles", margin);
    Ok(())
}
