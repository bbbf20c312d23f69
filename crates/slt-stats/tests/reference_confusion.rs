//! Parity with scikit-learn in `fixtures/reference/confusion`.

mod common;

use common::{close, json, numbers};
use serde_json::Value;
use slt_stats::{Confusion, Error};

fn classes(value: &Value) -> Vec<u32> {
    numbers(value).into_iter().map(|class| class as u32).collect()
}

#[test]
fn reference_confusions() {
    let file = json("confusion", "cases.json");
    let cases = file["cases"].as_array().unwrap();
    assert!(cases.len() >= 6);
    for (i, case) in cases.iter().enumerate() {
        let n_classes = case["n_classes"].as_u64().unwrap() as usize;
        let (right, predicted) = (classes(&case["right"]), classes(&case["predicted"]));
        let confusion = Confusion::new(n_classes, &right, &predicted).unwrap();
        assert_eq!(serde_json::to_value(&confusion).unwrap(), case["counts"], "case {i}");
        let check = |ours: f64, field: &str| {
            close(ours, case[field].as_f64().unwrap(), 1e-12, &format!("case {i}, {field}"));
        };
        check(confusion.accuracy(), "accuracy");
        check(confusion.balanced_accuracy(), "balanced_accuracy");
        check(confusion.macro_f1(), "macro_f1");
        for class in 0..n_classes {
            let ours = confusion.of_class(class);
            let check = |ours: f64, field: &str| {
                close(
                    ours,
                    case[field][class].as_f64().unwrap(),
                    1e-12,
                    &format!("case {i}, class {class}, {field}"),
                );
            };
            check(ours.support as f64, "support");
            check(ours.precision, "precision");
            check(ours.recall, "recall");
            check(ours.f1, "f1");
        }
    }
}

#[test]
fn what_cannot_be_counted() {
    assert!(matches!(Confusion::new(2, &[0, 1], &[0]), Err(Error::PairLength { x: 2, y: 1 })));
    assert!(matches!(Confusion::new(2, &[], &[]), Err(Error::SampleSize { .. })));
    for (right, predicted) in [([2], [0]), ([0], [2])] {
        let error = Confusion::new(2, &right, &predicted).unwrap_err();
        assert!(matches!(error, Error::Parameter { parameter: "class", .. }), "{error}");
    }
}
