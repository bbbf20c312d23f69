//! Every figure and claim has a recorded result, and every recorded result its figure or claim.
//!
//! The recorded results (`golden/`) are regression alarms: what this code has said, without an outside
//! source. `golden/README.md` says how they are renewed.

use std::collections::BTreeSet;

use slt_paper::{Golden, Plan, Scale, claims, figures};

#[test]
fn figures_and_claims_are_recorded_one_to_one() {
    let figures: BTreeSet<&str> = figures::all().iter().map(|figure| figure.id).collect();
    let claims: BTreeSet<&str> = claims::all().iter().map(|claim| claim.id).collect();
    for scale in [Scale::Smoke, Scale::Quick] {
        let golden = Golden::recorded(scale).unwrap();
        assert_eq!((golden.scale, golden.runs_per_cell), (scale, Plan::new(scale, None).unwrap().runs));
        assert_eq!(golden.figures.keys().map(String::as_str).collect::<BTreeSet<_>>(), figures, "{scale}");
        assert_eq!(golden.claims.keys().map(String::as_str).collect::<BTreeSet<_>>(), claims, "{scale}");
        assert!(golden.claims.values().all(|verdicts| verdicts.len() == 2), "{scale}");
        assert!(golden.runs.len() > 100, "{scale}");
    }
    assert!(Golden::recorded(Scale::Paper).is_none());
}

#[test]
fn every_difference_is_named() {
    let golden = Golden::recorded(Scale::Smoke).unwrap();
    assert!(golden.differences(&golden).is_empty());
    let mut other = golden.clone();
    let (run, _) = other.runs.pop_first().unwrap();
    other.figures.insert("fig99".to_owned(), "0".to_owned());
    let claim = other.claims.keys().next().unwrap().clone();
    other.claims.get_mut(&claim).unwrap().clear();
    let lines = golden.differences(&other);
    assert_eq!(lines.len(), 3);
    for (line, name) in lines.iter().zip([run.as_str(), "fig99", claim.as_str()]) {
        assert!(line.contains(name), "{line}");
    }
}
