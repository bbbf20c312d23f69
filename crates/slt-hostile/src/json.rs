//! Mutations of JSON that leave it JSON: what a reader has to find by what it says.

use serde_json::{Map, Value, json};

use crate::Mutator;

impl Mutator {
    /// Changes a value somewhere inside, once.
    pub(crate) fn edit_json(&mut self, value: &mut Value) {
        let n = count(value);
        let from = nth(value, &mut self.below(n)).cloned().unwrap_or_default();
        let Some(place) = nth(value, &mut self.below(n)) else { return };
        match (self.below(4), place) {
            (0, Value::Array(items)) if !items.is_empty() => {
                let index = self.below(items.len());
                if self.below(2) == 0 {
                    items.remove(index);
                } else {
                    let item = items[index].clone();
                    items.extend(std::iter::repeat_n(item, 1 << self.below(10)));
                }
            }
            (0, Value::Object(fields)) if !fields.is_empty() => self.edit_fields(fields),
            (1, place) => *place = from,
            (_, place @ (Value::Null | Value::Bool(_) | Value::Number(_))) => *place = self.leaf(),
            // A text may be a number too: of masks, of base64, of a name.
            (_, Value::String(text)) => {
                let mut bytes = text.clone().into_bytes();
                self.mutate(&mut bytes, b"80:AAAA/w==");
                *text = String::from_utf8_lossy(&bytes).into_owned();
            }
            (_, _) => {}
        }
    }

    fn edit_fields(&mut self, fields: &mut Map<String, Value>) {
        let names: Vec<String> = fields.keys().cloned().collect();
        let (one, other) = (&names[self.below(names.len())], &names[self.below(names.len())]);
        let taken = fields.remove(one).unwrap_or_default();
        match self.below(3) {
            0 => {}
            1 => _ = fields.insert("surprise".to_owned(), taken),
            _ => {
                let swapped = fields.insert(other.clone(), taken).unwrap_or_default();
                fields.insert(one.clone(), swapped);
            }
        }
    }

    fn leaf(&mut self) -> Value {
        let leaves = [
            json!(0),
            json!(1),
            json!(2),
            json!(-1),
            json!(255),
            json!(65_537),
            json!(4_294_967_296_u64),
            json!(i64::MIN),
            json!(u64::MAX),
            json!(u64::MAX / 2),
            json!(-0.0),
            json!(0.5),
            json!(1.0),
            json!(5e-324),
            json!(f64::MAX),
            json!(f64::MIN),
            json!(null),
            json!(true),
            json!(false),
            json!("x"),
            json!([]),
            json!({}),
        ];
        leaves[self.below(leaves.len())].clone()
    }
}

/// All values inside, and the value itself.
fn count(value: &Value) -> usize {
    1 + match value {
        Value::Array(items) => items.iter().map(count).sum(),
        Value::Object(fields) => fields.values().map(count).sum(),
        _ => 0,
    }
}

/// The value with a number, the value itself first; what is not found is taken off the number.
fn nth<'v>(value: &'v mut Value, number: &mut usize) -> Option<&'v mut Value> {
    if *number == 0 {
        return Some(value);
    }
    *number -= 1;
    match value {
        Value::Array(items) => items.iter_mut().find_map(|item| nth(item, number)),
        Value::Object(fields) => fields.values_mut().find_map(|item| nth(item, number)),
        _ => None,
    }
}
