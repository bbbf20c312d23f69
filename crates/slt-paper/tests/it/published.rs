//! What the repository says of its own reproduction, in several places, is the same.

use std::fs;
use std::path::Path;

#[path = "../../../slt-plot/tests/it/common/boxes.rs"]
mod boxes;

use slt_paper::{ClaimOutcome, Protocol, Scale, Verdicts, counts, recorded_verdict, verdicts};

fn read(path: &str) -> String {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    fs::read_to_string(root.join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

fn outcomes() -> Vec<ClaimOutcome> {
    serde_json::from_str(&read("docs/reproduction/claims.json")).unwrap()
}

#[test]
fn the_readme_counts_the_published_verdicts() {
    let expect = counts(&outcomes());
    assert!(read("README.md").contains(&expect), "the README should have:\n{expect}");
}

/// Scale quick shows the verdicts of the full runs beside its own.
#[test]
fn recorded_verdicts_are_the_published_ones() {
    let published: Verdicts = verdicts(&outcomes());
    for (claim, by_protocol) in &published {
        for (&protocol, &verdict) in by_protocol {
            assert_eq!(recorded_verdict(claim, protocol), Some(verdict), "{claim}");
        }
    }
    assert_eq!(recorded_verdict("no-such-claim", Protocol::Clean), None);
}

#[test]
fn the_published_runs_are_those_of_the_paper() {
    let study: serde_json::Value = serde_json::from_str(&read("docs/reproduction/study.json")).unwrap();
    assert_eq!(study["scale"], Scale::Paper.name());
    assert_eq!(study["runs"], 25);
}

/// No text of a published figure is cut off or covers another.
#[test]
fn texts_of_published_figures_keep_apart() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/reproduction");
    let files = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let drawings: Vec<_> =
        files.filter(|path| path.extension().is_some_and(|ending| ending == "svg")).collect();
    assert_eq!(drawings.len(), 17);
    for path in drawings {
        let svg = fs::read_to_string(&path).unwrap();
        let (drawn, _) = boxes::texts(&svg);
        let words = drawn.iter().filter(|text| text.text.chars().any(char::is_alphabetic)).count();
        assert!(words > 5, "{} has {words} texts with words", path.display());
        let faults = boxes::faults(&svg);
        assert!(faults.is_empty(), "{}: {faults:#?}", path.display());
    }
}
