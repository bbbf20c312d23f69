//! One text for one value: canonical JSON, its SHA-256, and the first field in which two values differ.
//!
//! What is stored under the hash of its description has to have the same description tomorrow. The JSON of a
//! struct depends on the order of its fields, and that of a map on features of serde_json; the canonical form
//! depends on neither.
//!
//! ```
//! use serde::Serialize;
//! use slt_core::canonical::{first_difference, sha256_hex, to_json};
//!
//! #[derive(Serialize)]
//! struct Spec {
//!     seed: u64,
//!     layers: Vec<u32>,
//!     metric: &'static str,
//! }
//!
//! let spec = Spec { seed: 1, layers: vec![2, 75, 2], metric: "accuracy" };
//! assert_eq!(to_json(&spec), r#"{"layers":[2,75,2],"metric":"accuracy","seed":1}"#);
//! let name = sha256_hex(to_json(&spec).as_bytes());
//! assert_eq!(name.len(), 64);
//!
//! let [a, b] = [&spec, &Spec { layers: vec![2, 80, 2], ..spec }].map(|x| serde_json::to_value(x).unwrap());
//! let difference = first_difference("spec", &a, &b);
//! assert_eq!(difference, Some(("spec.layers[1]".into(), "75".into(), "80".into())));
//! ```

use std::collections::BTreeSet;

use serde::Serialize;
use serde_json::{Map, Value};
use sha2::{Digest, Sha256};

/// Canonical JSON: the keys of every object, at any depth, in the order of their UTF-8 bytes, no white space,
/// numbers and strings as serde_json writes them.
///
/// An `f32` is written as the `f64` it equals, and a number that is not finite as `null`: the text is that of
/// [`serde_json::Value`], whose maps are sorted as long as serde_json's feature `preserve_order` is off. Here
/// they are sorted in either case.
///
/// # Panics
/// If the value has no JSON form: a map whose keys are not strings or numbers, or an implementation of
/// `Serialize` that fails.
///
/// ```
/// use slt_core::canonical::to_json;
/// let map = std::collections::HashMap::from([("b", 0.5), ("a", f64::NAN)]);
/// assert_eq!(to_json(&map), r#"{"a":null,"b":0.5}"#);
/// ```
pub fn to_json<T: Serialize + ?Sized>(value: &T) -> String {
    let value = serde_json::to_value(value).expect("plain data has a JSON form");
    let mut text = String::new();
    write(&value, &mut text);
    text
}

/// SHA-256 of the bytes, as 64 lower-case hexadecimal digits.
///
/// ```
/// let hash = slt_core::canonical::sha256_hex(b"abc");
/// assert_eq!(hash, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
/// ```
pub fn sha256_hex(bytes: &[u8]) -> String {
    to_hex(&Sha256::digest(bytes))
}

/// A 64-bit hash of words, to tell data apart (it protects from nothing): FNV-1a over words instead of bytes,
/// `hash = (hash xor word) * 0x100000001b3` from `0xcbf29ce484222325`, modulo 2^64.
///
/// ```
/// use slt_core::canonical::fingerprint;
/// assert_eq!(fingerprint([]), 0xcbf2_9ce4_8422_2325);
/// assert_ne!(fingerprint([1, 2]), fingerprint([2, 1]));
/// ```
pub fn fingerprint(words: impl IntoIterator<Item = u64>) -> u64 {
    words.into_iter().fold(0xcbf2_9ce4_8422_2325, |hash, word| (hash ^ word).wrapping_mul(0x0100_0000_01b3))
}

/// Two lower-case hexadecimal digits for each byte, the upper half of a byte first.
///
/// ```
/// assert_eq!(slt_core::canonical::to_hex(&[0x0a, 0xff]), "0aff");
/// ```
pub fn to_hex(bytes: &[u8]) -> String {
    const DIGITS: [char; 16] =
        ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'a', 'b', 'c', 'd', 'e', 'f'];
    bytes.iter().flat_map(|&byte| [byte >> 4, byte & 15]).map(|digit| DIGITS[usize::from(digit)]).collect()
}

/// The first field in which two values differ: its path, what `a` holds there, and what `b` does, both as
/// canonical JSON. None if they are equal.
///
/// `path` is what the values themselves are called; fields are appended as `.name` and places of lists as
/// `[3]`. Objects are gone through in the order of their keys, lists from the front, both as deep as there
/// are two objects or two lists. A field or place that only one side has differs; the other side is shown as
/// `absent`, which is no JSON. Numbers are compared as serde_json does: 1 and 1.0 differ, 0.0 and -0.0 do
/// not.
///
/// ```
/// use serde_json::json;
/// use slt_core::canonical::first_difference;
/// let a = json!({"bound": {"start": 0.85, "lowest": 0.51}, "memory": 10});
/// let b = json!({"bound": {"start": 0.7, "lowest": 0.51}});
/// let text = |path: &str, a: &str, b: &str| Some((path.to_owned(), a.to_owned(), b.to_owned()));
/// assert_eq!(first_difference("config", &a, &b), text("config.bound.start", "0.85", "0.7"));
/// assert_eq!(first_difference("x", &json!([1]), &json!([1, null])), text("x[1]", "absent", "null"));
/// assert_eq!(first_difference("config", &a, &a), None);
/// ```
pub fn first_difference(path: &str, a: &Value, b: &Value) -> Option<(String, String, String)> {
    difference(path, Some(a), Some(b))
}

fn difference(path: &str, a: Option<&Value>, b: Option<&Value>) -> Option<(String, String, String)> {
    match (a, b) {
        _ if a == b => None,
        (Some(Value::Object(a)), Some(Value::Object(b))) => {
            let keys: BTreeSet<&String> = a.keys().chain(b.keys()).collect();
            keys.into_iter().find_map(|key| difference(&format!("{path}.{key}"), a.get(key), b.get(key)))
        }
        (Some(Value::Array(a)), Some(Value::Array(b))) => (0..a.len().max(b.len()))
            .find_map(|place| difference(&format!("{path}[{place}]"), a.get(place), b.get(place))),
        _ => {
            let text = |side: Option<&Value>| side.map_or_else(|| "absent".to_owned(), to_json);
            Some((path.to_owned(), text(a), text(b)))
        }
    }
}

fn write(value: &Value, text: &mut String) {
    match value {
        Value::Object(map) => write_object(map, text),
        Value::Array(list) => {
            text.push('[');
            for (i, item) in list.iter().enumerate() {
                if i > 0 {
                    text.push(',');
                }
                write(item, text);
            }
            text.push(']');
        }
        scalar => text.push_str(&scalar.to_string()),
    }
}

fn write_object(map: &Map<String, Value>, text: &mut String) {
    let mut entries: Vec<_> = map.iter().collect();
    entries.sort_unstable_by_key(|(key, _)| *key);
    text.push('{');
    for (i, (key, value)) in entries.into_iter().enumerate() {
        if i > 0 {
            text.push(',');
        }
        // As a value, for the quotes and what has to be escaped.
        text.push_str(&Value::from(key.as_str()).to_string());
        text.push(':');
        write(value, text);
    }
    text.push('}');
}
