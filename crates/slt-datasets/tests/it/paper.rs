//! The paper's data sets by name: names, scaling, ranges. Their numbers are compared in the reference tests.

use slt_datasets::paper::{self, PaperData, PaperName, PaperScaling, PaperSplit, paper};

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
        (Digits, Some(4), "digits-4-shuffled", "digits-4-raw-shuffled", "digits-4-shuffled"),
        (Digits, None, "digits-10-shuffled", "digits-10-raw-shuffled", "digits-10-shuffled"),
    ] {
        check_name(name, classes, Paper, by_the_paper);
        check_name(name, classes, Unscaled, unscaled);
        check_name(name, classes, MinMax, scaled);
    }
}

/// Tickets and results of earlier versions have these names for the digits in file order.
#[test]
fn digits_in_file_order_keep_their_names() {
    let digits = PaperData { split: PaperSplit::FileOrder, ..PaperData::new(PaperName::Digits) };
    for (classes, scaling, expected) in [
        (None, PaperScaling::Paper, "digits-10"),
        (None, PaperScaling::None, "digits-10-raw"),
        (Some(4), PaperScaling::MinMax, "digits-4"),
        (Some(4), PaperScaling::None, "digits-4-raw"),
    ] {
        let data = PaperData { classes, scaling, ..digits }.load().unwrap();
        assert_eq!((data.train.name(), data.test.name()), (expected, expected));
    }
}

/// The two splits have the same images in different places.
#[test]
fn the_splits_of_the_digits_divide_the_same_images() {
    for classes in [2, 3, 4, 5, 10] {
        let images = |split| {
            let data = PaperData { classes: Some(classes), split, ..PaperData::new(PaperName::Digits) };
            let parts = data.raw().unwrap();
            let mut rows = Vec::new();
            for part in [&parts.train, &parts.test] {
                let labelled = part.features.rows().into_iter().zip(&part.labels);
                rows.extend(labelled.map(|(row, &label)| (row.iter().map(|&x| x as u32).collect(), label)));
            }
            (rows, parts.train.labels.len())
        };
        let (mut shuffled, n_shuffled): (Vec<(Vec<u32>, u32)>, usize) = images(PaperSplit::Paper);
        let (mut ordered, n_ordered) = images(PaperSplit::FileOrder);
        assert_eq!(n_shuffled, n_ordered, "{classes} classes");
        assert_ne!(shuffled, ordered, "{classes} classes");
        shuffled.sort_unstable();
        ordered.sort_unstable();
        assert!(shuffled == ordered, "{classes} classes");
    }
}

#[test]
fn only_digits_come_in_file_order() {
    for name in [PaperName::Moons, PaperName::Circles, PaperName::Blobs] {
        let data = PaperData { split: PaperSplit::FileOrder, ..PaperData::new(name) };
        let message = format!("split is file-order: it must be paper for {name}");
        assert_eq!(data.n_classes().unwrap_err().to_string(), message);
        assert_eq!(data.dataset_name().unwrap_err().to_string(), message);
        assert_eq!(data.raw().unwrap_err().to_string(), message);
        assert_eq!(data.load().unwrap_err().to_string(), message);
    }
}

#[test]
fn the_short_forms_are_the_same_data() {
    let of = |name, classes| paper(name, classes, PaperScaling::Paper).unwrap();
    assert_eq!(paper::moons().unwrap(), of(PaperName::Moons, None));
    assert_eq!(paper::circles().unwrap(), of(PaperName::Circles, Some(2)));
    assert_eq!(paper::blobs(10).unwrap(), of(PaperName::Blobs, None));
    assert_eq!(paper::digits(2).unwrap(), of(PaperName::Digits, Some(2)));
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
    for split in PaperSplit::ALL {
        assert_eq!(split.to_string().parse::<PaperSplit>().unwrap(), split);
        assert_eq!(serde_json::to_string(&split).unwrap(), format!("\"{split}\""));
        let wanted = PaperData { classes: Some(5), split, ..PaperData::new(PaperName::Digits) };
        let json = serde_json::to_string(&wanted).unwrap();
        assert_eq!(json, format!(r#"{{"name":"digits","classes":5,"scaling":"paper","split":"{split}"}}"#));
        assert_eq!(serde_json::from_str::<PaperData>(&json).unwrap(), wanted);
    }
}

/// JSON of an earlier version does not say which split its digits have, and it was not the paper's.
#[test]
fn json_without_a_split_is_refused() {
    let error = serde_json::from_str::<PaperData>(r#"{"name":"digits","classes":5,"scaling":"paper"}"#);
    assert!(error.unwrap_err().to_string().contains("split"));
}

#[test]
fn one_name_stands_for_data_and_split() {
    for &text in PaperData::NAMES {
        let data: PaperData = text.parse().unwrap();
        let name = text.strip_suffix("-file-order").unwrap_or(text);
        let split = if name == text { PaperSplit::Paper } else { PaperSplit::FileOrder };
        assert_eq!(data, PaperData { split, ..PaperData::new(name.parse().unwrap()) });
    }
    for wrong in ["mnist", "moons-file-order", "digits-10", "digits-shuffled", ""] {
        let error = wrong.parse::<PaperData>().unwrap_err().to_string();
        let known = "expected one of moons, circles, blobs, digits, digits-file-order";
        assert_eq!(error, format!("unknown data set {wrong:?}: {known}"));
    }
}

#[test]
fn unknown_names_list_the_known_ones() {
    let error = "mnist".parse::<PaperName>().unwrap_err();
    assert_eq!(
        error.to_string(),
        "unknown data set \"mnist\": expected one of moons, circles, blobs, digits"
    );
    let error = "shuffled".parse::<PaperSplit>().unwrap_err();
    assert_eq!(error.to_string(), "unknown split \"shuffled\": expected one of paper, file-order");
    let error = "Paper".parse::<PaperScaling>().unwrap_err();
    assert_eq!(error.to_string(), "unknown scaling \"Paper\": expected one of paper, none, minmax");
}
