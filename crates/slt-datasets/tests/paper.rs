//! The paper's data sets by name: names, scaling, ranges. Their numbers are compared in the reference tests.

use slt_datasets::{
    blobs, circles, digits, moons,
    paper::{PaperData, PaperName, PaperScaling, paper},
};

#[track_caller]
fn check_name(name: PaperName, classes: Option<u32>, scaling: PaperScaling, expected: &str) {
    let data = paper(name, classes, scaling).unwrap();
    assert_eq!((data.train.name(), data.test.name()), (expected, expected));
    let low = data.train.values().iter().copied().fold(f32::INFINITY, f32::min);
    assert_eq!(low == -0.7, scaling.scales(name), "{expected} starts at {low}");
}

#[test]
fn names_tell_what_the_data_are() {
    use PaperName::{Blobs, Circles, Digits, Moons};
    use PaperScaling::{MinMax, None as Unscaled, Paper};
    for (name, classes, by_the_paper, unscaled, scaled) in [
        (Moons, None, "moons", "moons-raw", "moons"),
        (Circles, Some(2), "circles", "circles", "circles-minmax"),
        (Blobs, Some(3), "blobs-3", "blobs-3", "blobs-3-minmax"),
        (Blobs, None, "blobs-10", "blobs-10", "blobs-10-minmax"),
        (Digits, Some(4), "digits-4", "digits-4-raw", "digits-4"),
        (Digits, None, "digits-10", "digits-10-raw", "digits-10"),
    ] {
        check_name(name, classes, Paper, by_the_paper);
        check_name(name, classes, Unscaled, unscaled);
        check_name(name, classes, MinMax, scaled);
    }
}

#[test]
fn the_short_forms_are_the_same_data() {
    let of = |name, classes| paper(name, classes, PaperScaling::Paper).unwrap();
    assert_eq!(moons::paper().unwrap(), of(PaperName::Moons, None));
    assert_eq!(circles::paper().unwrap(), of(PaperName::Circles, Some(2)));
    assert_eq!(blobs::paper(10).unwrap(), of(PaperName::Blobs, None));
    assert_eq!(digits::paper(2).unwrap(), of(PaperName::Digits, Some(2)));
}

#[test]
fn class_counts_outside_the_range_are_refused() {
    for (name, classes, message) in [
        ("moons", 3, "classes is 3: it must be 2 for moons"),
        ("circles", 1, "classes is 1: it must be 2 for circles"),
        ("blobs", 11, "classes is 11: it must be 2 to 10 for blobs"),
        ("digits", 1, "classes is 1: it must be 2 to 10 for digits"),
    ] {
        let error = paper(name.parse().unwrap(), Some(classes), PaperScaling::Paper).unwrap_err();
        assert_eq!(error.to_string(), message);
    }
}

#[test]
fn text_forms_round_trip() {
    for name in PaperName::ALL {
        assert_eq!(name.to_string().parse::<PaperName>().unwrap(), name);
        assert_eq!(serde_json::to_string(&name).unwrap(), format!("\"{name}\""));
    }
    for scaling in PaperScaling::ALL {
        assert_eq!(scaling.to_string().parse::<PaperScaling>().unwrap(), scaling);
        assert_eq!(serde_json::to_string(&scaling).unwrap(), format!("\"{scaling}\""));
    }
    let wanted = PaperData { classes: Some(5), ..PaperData::new(PaperName::Blobs) };
    let json = serde_json::to_string(&wanted).unwrap();
    assert_eq!(json, r#"{"name":"blobs","classes":5,"scaling":"paper"}"#);
    assert_eq!(serde_json::from_str::<PaperData>(&json).unwrap(), wanted);
}

#[test]
fn unknown_names_list_the_known_ones() {
    let error = "mnist".parse::<PaperName>().unwrap_err();
    assert_eq!(
        error.to_string(),
        "unknown data set \"mnist\": expected one of moons, circles, blobs, digits"
    );
    let error = "Paper".parse::<PaperScaling>().unwrap_err();
    assert_eq!(error.to_string(), "unknown scaling \"Paper\": expected one of paper, none, minmax");
}
