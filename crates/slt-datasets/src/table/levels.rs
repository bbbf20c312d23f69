//! The different texts of a column.

use std::collections::HashMap;

/// The most categories that a column may have, 4,096. Each becomes a feature of its own.
pub const MAX_LEVELS: usize = 1 << 12;

/// The most columns that a table may have, 262,144. Each takes a name and more, so that many would cost far
/// more memory than their file has bytes.
pub const MAX_COLUMNS: usize = 1 << 18;

/// Numbers texts in order of their first appearance.
#[derive(Default)]
pub(super) struct Levels {
    names: Vec<String>,
    numbers: HashMap<String, u32>,
}

impl Levels {
    /// The number of a text; `None` if it would be the one after the last that may be.
    pub(super) fn number(&mut self, text: &str, max: usize) -> Option<u32> {
        if let Some(&number) = self.numbers.get(text) {
            return Some(number);
        }
        if self.names.len() == max {
            return None;
        }
        let number = self.names.len() as u32;
        self.numbers.insert(text.to_owned(), number);
        self.names.push(text.to_owned());
        Some(number)
    }

    pub(super) fn len(&self) -> usize {
        self.names.len()
    }

    pub(super) fn into_names(self) -> Vec<String> {
        self.names
    }
}

/// Sorts different texts: by value if all of them are finite numbers, else as texts. Texts of equal value,
/// such as 1 and 1.0, are in the order of texts.
pub(super) fn sort(names: &mut [String]) {
    names.sort_unstable();
    let value = |name: &String| name.parse().ok().filter(|value: &f64| value.is_finite());
    if names.iter().all(|name| value(name).is_some()) {
        names.sort_by(|a, b| value(a).partial_cmp(&value(b)).expect("finite numbers have an order"));
    }
}

/// The position of each of `names` in `others`.
pub(super) fn positions(names: &[String], others: &[String]) -> Vec<Option<u32>> {
    let places: HashMap<&str, u32> = others.iter().map(String::as_str).zip(0..).collect();
    names.iter().map(|name| places.get(name.as_str()).copied()).collect()
}
