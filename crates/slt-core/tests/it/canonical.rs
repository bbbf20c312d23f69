//! The text that stored hashes are made of.

use std::collections::{BTreeMap, HashMap};

use proptest::prelude::*;
use serde::Serialize;
use serde_json::{Value, json};
use slt_core::canonical::{first_difference, sha256_hex, to_hex, to_json};

/// Fields out of order, at every level and inside lists.
#[derive(Serialize)]
struct Outer {
    zeta: u64,
    alpha: Vec<Inner>,
    #[serde(rename = "Upper")]
    upper: Option<f64>,
    middle: (Inner, Vec<Vec<Inner>>),
    kind: Kind,
}

#[derive(Serialize, Clone)]
struct Inner {
    b: f32,
    a: &'static str,
    ab: i64,
}

#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
enum Kind {
    RandomWalk { rate: f64, limit: Option<u32> },
}

fn outer() -> Outer {
    let inner = Inner { b: 0.1, a: "quote \" and \u{e9}\n", ab: -3 };
    Outer {
        zeta: u64::MAX,
        alpha: vec![inner.clone(), Inner { b: 2.0, ..inner }],
        upper: Some(1e300),
        middle: (inner.clone(), vec![vec![], vec![inner]]),
        kind: Kind::RandomWalk { rate: 0.5, limit: None },
    }
}

#[test]
fn keys_are_sorted_at_every_level() {
    let one = r#"{"a":"quote \" and é\n","ab":-3,"b":0.10000000149011612}"#;
    let two = one.replace("0.10000000149011612", "2.0");
    let kind = r#"{"random-walk":{"limit":null,"rate":0.5}}"#;
    let expect = format!(
        r#"{{"Upper":1e+300,"alpha":[{one},{two}],"kind":{kind},"middle":[{one},[[],[{one}]]],"zeta":18446744073709551615}}"#
    );
    assert_eq!(to_json(&outer()), expect);
}

/// Whether serde_json keeps maps sorted depends on who else is compiled with it.
fn maps_are_sorted() -> bool {
    json!({"b": 0, "a": 0}).to_string().starts_with("{\"a\"")
}

#[test]
fn it_is_the_text_of_serde_json_with_sorted_maps() {
    if maps_are_sorted() {
        assert_eq!(to_json(&outer()), serde_json::to_value(outer()).unwrap().to_string());
    }
}

fn value() -> impl Strategy<Value = Value> {
    let number = prop_oneof![
        any::<f64>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
    ];
    let scalar = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        number,
        ".{0,6}".prop_map(Value::from),
    ];
    scalar.prop_recursive(4, 40, 5, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..5).prop_map(Value::from),
            prop::collection::vec((".{0,3}", inner), 0..5)
                .prop_map(|entries| Value::Object(entries.into_iter().collect())),
        ]
    })
}

proptest! {
    #[test]
    fn any_value_has_the_text_of_serde_json(value in value()) {
        let text = to_json(&value);
        prop_assert_eq!(&serde_json::from_str::<Value>(&text).unwrap(), &value);
        if maps_are_sorted() {
            prop_assert_eq!(text, value.to_string());
        }
    }

    #[test]
    fn maps_with_and_without_order_have_one_text(map: BTreeMap<String, u32>) {
        let unordered: HashMap<_, _> = map.clone().into_iter().collect();
        prop_assert_eq!(to_json(&unordered), to_json(&map));
        prop_assert_eq!(to_json(&map), serde_json::to_string(&map).unwrap());
    }

    #[test]
    fn a_difference_is_found_exactly_if_there_is_one(a in value(), b in value()) {
        prop_assert_eq!(first_difference("x", &a, &a), None);
        let difference = first_difference("x", &a, &b);
        prop_assert_eq!(difference.is_some(), a != b);
        // The other way round, the same place and the sides exchanged.
        let turned = difference.map(|(path, a, b)| (path, b, a));
        prop_assert_eq!(first_difference("x", &b, &a), turned);
    }

    #[test]
    fn hexadecimal_is_that_of_the_standard_library(bytes: Vec<u8>) {
        let expect: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
        prop_assert_eq!(to_hex(&bytes), expect);
    }
}

#[track_caller]
fn check(a: &Value, b: &Value, path: &str, texts: [&str; 2]) {
    let expect = (path.to_owned(), texts[0].to_owned(), texts[1].to_owned());
    assert_eq!(first_difference("config", a, b), Some(expect));
}

#[test]
fn the_first_difference_is_named() {
    check(&json!(1), &json!(2), "config", ["1", "2"]);
    check(&json!({"b": 1, "a": 1}), &json!({"b": 2, "a": 2}), "config.a", ["1", "2"]);
    check(
        &json!({"a": {"b": [0, {"c": 1}]}}),
        &json!({"a": {"b": [0, {"c": 2}]}}),
        "config.a.b[1].c",
        ["1", "2"],
    );
    // Another kind of value is shown as a whole, in canonical form.
    check(&json!({"a": null}), &json!({"a": {"y": 1, "x": []}}), "config.a", ["null", r#"{"x":[],"y":1}"#]);
    check(&json!({"a": []}), &json!({"a": {}}), "config.a", ["[]", "{}"]);
    // Absent is not null.
    check(&json!({"a": null}), &json!({}), "config.a", ["null", "absent"]);
    check(&json!({"c": 1}), &json!({"b": 1, "c": 2}), "config.b", ["absent", "1"]);
    check(&json!([1, 2, 3]), &json!([1, 2]), "config[2]", ["3", "absent"]);
    check(&json!(1), &json!(1.0), "config", ["1", "1.0"]);
}

/// FIPS 180-4, and a message of more than one block.
#[test]
fn hashes_that_are_published() {
    assert_eq!(sha256_hex(b""), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    let two_blocks = b"abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq";
    assert_eq!(sha256_hex(two_blocks), "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
}
