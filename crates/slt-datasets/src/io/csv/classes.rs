//! From the texts of a label column to class numbers.

use std::collections::BTreeMap;

use crate::{dataset::MAX_CLASSES, error::Error};

/// Labels of all rows, read one by one, and the names of their classes.
pub(super) enum Classes<'a> {
    /// The names are given; any other text is refused.
    Known { names: &'a [String], labels: Vec<u32> },
    /// The names are whatever occurs, numbered in order of appearance until all are known.
    Found { numbers: BTreeMap<String, u32>, labels: Vec<u32> },
}

impl<'a> Classes<'a> {
    pub(super) fn new(names: Option<&'a [String]>) -> Self {
        match names {
            Some(names) => Self::Known { names, labels: Vec::new() },
            None => Self::Found { numbers: BTreeMap::new(), labels: Vec::new() },
        }
    }

    /// Takes the label of the next row. `Ok(Some(names))` means it is none of the known names.
    pub(super) fn push(&mut self, text: &str) -> Result<Option<&'a [String]>, Error> {
        match self {
            Self::Known { names, labels } => match names.iter().position(|name| name == text) {
                Some(class) => labels.push(class as u32),
                None => return Ok(Some(names)),
            },
            Self::Found { numbers, labels } => match numbers.get(text) {
                Some(&number) => labels.push(number),
                None => {
                    let n_classes = numbers.len() + 1;
                    if n_classes > MAX_CLASSES {
                        return Err(Error::ClassCount { n_classes, max: MAX_CLASSES });
                    }
                    labels.push(numbers.len() as u32);
                    numbers.insert(text.to_owned(), numbers.len() as u32);
                }
            },
        }
        Ok(None)
    }

    /// The class of each row and the names of the classes. Names that were found are sorted: by value if all
    /// of them are numbers, else as texts.
    pub(super) fn finish(self) -> (Vec<u32>, Vec<String>) {
        let (numbers, labels) = match self {
            Self::Known { names, labels } => return (labels, names.to_vec()),
            Self::Found { numbers, labels } => (numbers, labels),
        };
        let mut names: Vec<(String, u32)> = numbers.into_iter().collect();
        let values: Option<Vec<f64>> = names.iter().map(|(name, _)| finite(name)).collect();
        if values.is_some() {
            // A stable sort: names of equal value, such as 1 and 1.0, keep the order of the texts.
            names.sort_by(|(a, _), (b, _)| {
                finite(a).partial_cmp(&finite(b)).expect("finite numbers have an order")
            });
        }
        let mut class_of = vec![0; names.len()];
        for (class, (_, number)) in names.iter().enumerate() {
            class_of[*number as usize] = class as u32;
        }
        let labels = labels.iter().map(|&number| class_of[number as usize]).collect();
        (labels, names.into_iter().map(|(name, _)| name).collect())
    }
}

fn finite(text: &str) -> Option<f64> {
    text.parse().ok().filter(|value: &f64| value.is_finite())
}
