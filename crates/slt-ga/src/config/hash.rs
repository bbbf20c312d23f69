use std::fmt::Write;

use serde_json::Value;
use sha2::{Digest, Sha256};

use super::GaConfig;

impl GaConfig {
    /// SHA-256 of the configuration as canonical JSON (no spaces, keys sorted), as 64 hexadecimal digits.
    /// Two configurations have the same hash exactly if every field is equal.
    pub fn hash(&self) -> String {
        let mut json = String::new();
        write_canonical(&self.to_value(), &mut json);
        let mut text = String::with_capacity(64);
        for byte in Sha256::digest(json.as_bytes()) {
            // Writing to a string cannot fail.
            let _ = write!(text, "{byte:02x}");
        }
        text
    }

    fn to_value(&self) -> Value {
        // Only a map with keys that are no strings could fail here.
        serde_json::to_value(self).unwrap_or_default()
    }
}

fn write_canonical(value: &Value, out: &mut String) {
    match value {
        Value::Object(map) => {
            // Sorted here, because the order in the map depends on features of serde_json.
            let mut entries: Vec<_> = map.iter().collect();
            entries.sort_unstable_by_key(|(key, _)| *key);
            out.push('{');
            for (i, (key, value)) in entries.into_iter().enumerate() {
                let _ = write!(out, "{}\"{key}\":", if i > 0 { "," } else { "" });
                write_canonical(value, out);
            }
            out.push('}');
        }
        // A configuration holds no lists; numbers and strings have one form.
        scalar => out.push_str(&scalar.to_string()),
    }
}

/// The first field in which two configurations differ, with both values as JSON.
pub(crate) fn first_difference(a: &GaConfig, b: &GaConfig) -> Option<(String, String, String)> {
    difference("config", &a.to_value(), &b.to_value())
}

fn difference(path: &str, a: &Value, b: &Value) -> Option<(String, String, String)> {
    match (a, b) {
        _ if a == b => None,
        (Value::Object(x), Value::Object(y)) if x.keys().eq(y.keys()) => {
            x.iter().find_map(|(key, value)| difference(&format!("{path}.{key}"), value, &y[key]))
        }
        _ => Some((path.to_owned(), a.to_string(), b.to_string())),
    }
}
