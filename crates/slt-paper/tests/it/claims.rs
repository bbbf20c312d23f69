//! Claims are decided by their records alone. What decides each of them is in `claims_binary.rs` and
//! `claims_classes.rs`.

use std::collections::BTreeSet;

use crate::fabricated::{accuracy, claim, records};
use slt_paper::claims::{Basis, Verdict, all};
use slt_paper::{Error, Plan, Protocol, Scale, causes, figures};
use slt_run::Records;

/// Topic by topic, in the order of the paper.
const IDS: [&str; 62] = [
    "survivor-selection-same",
    "static-bound",
    "ab-200-enough",
    "moons-six-hidden",
    "init-uniform-best",
    "biases-matter",
    "moons-d-perfect",
    "moons-a-gap",
    "moons-gap-shrinks",
    "moons-c-d-near-bp",
    "moons-d-little-variance",
    "ab-slightly-higher-moons",
    "circles-harder",
    "circles-a-worst",
    "circles-d-best",
    "circles-threshold",
    "circles-d-near-bp",
    "recurring-connections",
    "recombination-main-contributor",
    "fig4-shape",
    "fig4-marginal",
    "fig4-homogeneous",
    "sparsity-falls-with-size",
    "sparsity-converges",
    "cost-linear",
    "sizes-order",
    "ep-uniform-best",
    "ep-grows",
    "ep-kaiming-fails-circles",
    "ep-adapted-a",
    "ep-adapted-signs",
    "ga-beats-ep-binary",
    "ga-beats-best-ep",
    "table6c-compatible",
    "ab-no-difference",
    "ep-adapted-no-gain",
    "bp-beats-ga",
    "bp-lead-moderate-on-moons",
    "blobs-accuracy-degrades",
    "blobs-loss-recovers",
    "blobs-10-none-perfect",
    "blobs-8-above-6-7",
    "blobs-ep-below-ga",
    "blobs-ep-variable",
    "blobs-normalized-matches-bp",
    "blobs-accurate-but-unsure",
    "blobs-10-pair",
    "landscape-shape",
    "landscape-narrow",
    "hessian-sharper-raw",
    "normalized-generalises",
    "digits-normalization-matters",
    "digits-ep-ahead",
    "digits-dip-at-4",
    "digits-above-blobs",
    "digits-evolution-sparsity",
    "digits-pruned-sparsity",
    "pruning-keeps-accuracy",
    "pruning-cheap",
    "ga-higher-and-sparser",
    "comparable-to-bp",
    "headline",
];

#[test]
fn the_list_of_claims() {
    let ids: Vec<&str> = all().iter().map(|claim| claim.id).collect();
    assert_eq!(ids, IDS);
    for claim in all() {
        let former = claim.former_test();
        for text in [claim.statement, claim.test].into_iter().chain(former) {
            let first = text.chars().next().unwrap();
            assert!(
                text.ends_with('.') && !first.is_lowercase() && !text.contains("  "),
                "{}: {text}",
                claim.id
            );
        }
        assert!(!claim.source.is_empty() && claim.runs_needed > 0, "{}", claim.id);
    }
    // Causes are of claims that there are.
    for cause in causes::all() {
        assert!(cause.claims.iter().all(|id| ids.contains(id)), "{}", cause.id);
    }
}

#[test]
fn needs_depend_on_plan_and_records_alone() {
    let plan = Plan::new(Scale::Smoke, None).unwrap();
    let none = Records::new();
    for claim in all() {
        let first = claim.runs(&plan, &none).unwrap();
        assert!(!first.is_empty() && first == claim.runs(&plan, &none).unwrap(), "{}", claim.id);
        let records = records(claim, &plan, |_| accuracy(0.5));
        let every = claim.runs(&plan, &records).unwrap();
        assert_eq!(every, claim.runs(&plan, &records).unwrap(), "{}", claim.id);
        assert!(first.iter().all(|spec| every.contains(spec)), "{}", claim.id);
        // Nothing is asked for that the test does not look at, and the other way round.
        assert!(
            matches!(
                claim.decide(&plan, &none, Protocol::Clean),
                Err(Error::Run(slt_run::Error::Missing { .. }))
            ),
            "{}",
            claim.id
        );
    }
}

#[test]
fn runs_are_shared_with_the_figures() {
    let plan = Plan::new(Scale::Quick, Some(3)).unwrap();
    let none = Records::new();
    let figure = figures::by_id("fig4").unwrap().runs(&plan, &none).unwrap();
    assert_eq!(claim("fig4-shape").runs(&plan, &none).unwrap(), figure);
    // Cut-off selection is what the paper's searches have anyway.
    let selections = claim("survivor-selection-same").runs(&plan, &none).unwrap();
    let circles = claim("circles-d-best").runs(&plan, &none).unwrap();
    assert_eq!(selections.iter().filter(|spec| circles.contains(spec)).count(), 3);
    assert_eq!(selections.len(), 9);
    // A hundred individuals are what they have anyway, too.
    let costs = claim("cost-linear").runs(&plan, &none).unwrap();
    assert_eq!(costs.iter().filter(|spec| circles.contains(spec)).count(), 3);
}

/// Whatever the records are, there is a finding of finite numbers, each with a name of its own.
#[test]
fn constant_results_are_no_errors() {
    for runs in [1, 2] {
        let plan = Plan::new(Scale::Smoke, Some(runs)).unwrap();
        for claim in all() {
            for value in [0.0, 0.5, 1.0] {
                let records = records(claim, &plan, |_| accuracy(value));
                for protocol in Protocol::ALL {
                    let decision = claim.decide(&plan, &records, protocol).unwrap();
                    assert_eq!(decision.verdict, Verdict::NotDecided, "{}", claim.id);
                    assert_eq!(decision.p.is_some(), claim.basis == Basis::Bootstrap, "{}", claim.id);
                    assert_eq!(decision.former.is_some(), claim.former_test().is_some(), "{}", claim.id);
                    let finding = decision.finding;
                    let numbers = finding.measured.iter().map(|(_, value)| value);
                    let margins = finding.conditions.iter().map(|condition| &condition.margin);
                    assert!(
                        numbers.chain(margins).all(|number| number.is_finite()),
                        "{}: {finding:?}",
                        claim.id
                    );
                    let names: BTreeSet<_> = finding.measured.iter().map(|(name, _)| name).collect();
                    assert_eq!(names.len(), finding.measured.len(), "{}", claim.id);
                    let names: BTreeSet<_> =
                        finding.conditions.iter().map(|condition| &condition.name).collect();
                    assert!(names.len() == finding.conditions.len() && !names.is_empty(), "{}", claim.id);
                }
            }
        }
    }
}

/// Neither a smaller scale nor fewer runs decide a claim, however clear they are.
#[test]
fn verdicts_need_the_full_number_of_runs() {
    let claim = claim("moons-d-perfect");
    for (scale, runs, verdict) in [
        (Scale::Smoke, 25, Verdict::NotDecided),
        (Scale::Quick, 25, Verdict::NotDecided),
        (Scale::Paper, 24, Verdict::NotDecided),
        (Scale::Paper, 25, Verdict::Holds),
        (Scale::Paper, 26, Verdict::Holds),
    ] {
        let plan = Plan::new(scale, Some(runs)).unwrap();
        let decision =
            claim.decide(&plan, &records(claim, &plan, |_| accuracy(0.995)), Protocol::Clean).unwrap();
        assert_eq!((decision.verdict, decision.p), (verdict, Some(1.0)), "{scale}, {runs}");
        assert_eq!((decision.runs, decision.runs_needed), (runs, 25));
    }
}
