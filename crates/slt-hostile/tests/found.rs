//! What mutants and fuzzers have found, each case as small as it can be said, with its siblings.

use std::fs;

use serde_json::{Value, json};
use slt_datasets::table::{MAX_COLUMNS, Preprocessing};
use slt_hostile::{Format, Reached, formats};

/// A file of the corpus whose last part, of JSON, says something else.
fn forged(format: &Format, file: &str, change: impl FnOnce(&mut Value)) -> Vec<u8> {
    let bytes = fs::read(format.folder().join(file)).expect("a file of the corpus");
    let mut parts = (format.parts)(&bytes).expect("a file of the corpus has parts");
    let text = parts.last_mut().expect("there is a part");
    let mut content = serde_json::from_slice(text).expect("the part is JSON");
    change(&mut content);
    *text = content.to_string().into_bytes();
    (format.join)(&parts)
}

/// Reading, and using what was read, does not panic, and ends as expected.
#[track_caller]
fn check(format: &Format, file: &str, change: impl FnOnce(&mut Value), reached: Reached) {
    assert_eq!((format.read)(&forged(format, file, change)), reached);
}

const MOST: u64 = u64::MAX;

/// The sum of counts overflowed.
#[test]
fn counts_in_records_may_be_anything() {
    let check = |file, change: fn(&mut Value)| check(&formats::RECORD, file, change, Reached::Accepted);
    check("landscape.json", |c| c["correct"] = json!([[MOST, MOST]]));
    check("landscape.json", |c| c["spec"]["steps"] = json!(MOST));
    check("mask-search.json", |c| {
        (c["work"]["evaluations"], c["work"]["what_ifs"]) = (json!(MOST), json!(MOST));
    });
    check("training.json", |c| c["spec"]["classifier"]["hidden_layer_sizes"] = json!([MOST, MOST, MOST]));
}

/// As many units as memory cannot hold were shuffled; a remainder by no samples was taken.
#[test]
fn a_descent_by_units_counts_its_units_itself() {
    let check = |field: &str, value: u64, reached| {
        let change = |c: &mut Value| c["state"]["place"][field] = json!(value);
        check(&formats::SEARCH, "unit-descent.ckpt", change, reached);
    };
    check("units", 1 << 61, Reached::Accepted);
    check("all", 1, Reached::Accepted);
    check("all", 0, Reached::Inside);
    check("batch", 1 << 40, Reached::Inside);
}

/// Counters that came from a file were added to.
#[test]
fn counters_of_searches_have_an_end() {
    let check = |file, change: fn(&mut Value)| check(&formats::SEARCH, file, change, Reached::Inside);
    check("descent.ckpt", |c| c["state"]["sweep"] = json!(MOST));
    check("descent.ckpt", |c| c["state"]["taken"] = json!(MOST));
    check("memetic.ckpt", |c| c["state"]["begun"] = json!(MOST));
    check("memetic.ckpt", |c| c["state"]["begun"] = json!(5));
}

/// They were not looked at, and became records.
#[test]
fn milestones_are_checked_like_the_state() {
    let check = |change: fn(&mut Value)| check(&formats::SEARCH, "anneal.ckpt", change, Reached::Inside);
    check(|c| c["milestones"][0]["best"]["mask"] = json!("3:00"));
    check(|c| c["milestones"][0]["best"]["performance"] = json!(-0.0));
    check(|c| c["milestones"][0]["work"]["what_ifs"] = json!(MOST));
}

/// A lean ticket of a few hundred bytes could ask for the names of millions of columns.
#[test]
fn columns_that_take_no_room_in_a_file_are_bounded() {
    assert!(Preprocessing::by_position(MAX_COLUMNS, None, None).is_ok());
    let error = Preprocessing::by_position(MAX_COLUMNS + 1, None, None).unwrap_err();
    assert!(error.to_string().contains("columns must be 1 to 262144"), "{error}");
}
