//! How a column is named from outside.

use crate::error::{Error, excerpt};

/// Names that a message lists.
const SHOWN: usize = 12;

/// A column of a file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Column {
    /// The last one.
    #[default]
    Last,
    /// The one with this name; if there is none and the text is a whole number, the one at this position,
    /// from 0.
    Given(String),
}

impl std::fmt::Display for Column {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Last => f.pad("the last one"),
            Self::Given(text) => f.pad(text),
        }
    }
}

impl From<&str> for Column {
    fn from(text: &str) -> Self {
        Self::Given(text.to_owned())
    }
}

impl From<String> for Column {
    fn from(text: String) -> Self {
        Self::Given(text)
    }
}

impl Column {
    /// The position of the column among all columns of a file.
    ///
    /// # Errors
    ///
    /// [`Error::CsvColumn`] if there is no such column, or several have the name.
    ///
    /// ```
    /// use slt_datasets::table::Column;
    ///
    /// let names = ["5", "kind", "0"].map(String::from);
    /// assert_eq!(Column::from("kind").find(&names)?, 1);
    /// assert_eq!((Column::from("0").find(&names)?, Column::from("1").find(&names)?), (2, 1));
    /// assert!(Column::from("3").find(&names).is_err());
    /// # Ok::<(), slt_datasets::Error>(())
    /// ```
    pub fn find(&self, names: &[String]) -> Result<usize, Error> {
        let wanted = match self {
            Self::Last => return Ok(names.len() - 1),
            Self::Given(text) => text.trim(),
        };
        let mut places = (0..names.len()).filter(|&place| names[place] == wanted);
        let count = match (places.next(), places.count()) {
            (Some(place), 0) => return Ok(place),
            (Some(_), more) => more + 1,
            (None, _) => match wanted.parse() {
                Ok(place) if place < names.len() => return Ok(place),
                _ => 0,
            },
        };
        Err(Error::CsvColumn { name: excerpt(wanted), count, known: listed(names) })
    }
}

/// Names for a message, not all if there are many.
pub(super) fn listed<'a>(names: impl IntoIterator<Item = &'a String>) -> String {
    let mut names = names.into_iter();
    let mut shown: Vec<String> =
        names.by_ref().take(SHOWN).map(|name| format!("{:?}", excerpt(name))).collect();
    if names.next().is_some() {
        shown.push("...".to_owned());
    }
    shown.join(", ")
}

/// Names of columns must differ, because later files are matched by them.
pub(super) fn refuse_equal<'a>(names: impl IntoIterator<Item = &'a String>) -> Result<(), Error> {
    let mut sorted: Vec<&String> = names.into_iter().collect();
    sorted.sort_unstable();
    match sorted.windows(2).find(|pair| pair[0] == pair[1]) {
        Some(pair) => Err(Error::CsvEqualColumns { name: excerpt(pair[0]) }),
        None => Ok(()),
    }
}
