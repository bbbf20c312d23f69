use std::fmt;

use serde::{Serialize, Serializer};

/// An entry of a [`Table`].
#[derive(Debug, Clone, PartialEq)]
pub enum Cell {
    /// A number; one that is not finite counts as missing.
    Number(f64),
    /// Words.
    Text(String),
    /// Nothing.
    Missing,
}

impl From<f64> for Cell {
    fn from(value: f64) -> Self {
        if value.is_finite() { Self::Number(value) } else { Self::Missing }
    }
}

impl From<u64> for Cell {
    fn from(value: u64) -> Self {
        Self::Number(value as f64)
    }
}

impl From<bool> for Cell {
    fn from(answer: bool) -> Self {
        Self::from(if answer { "yes" } else { "no" })
    }
}

impl From<&str> for Cell {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<String> for Cell {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl<T: Into<Cell>> From<Option<T>> for Cell {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Missing, Into::into)
    }
}

impl fmt::Display for Cell {
    /// Numbers are the shortest decimals that read back as the same bits.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Number(value) => write!(f, "{value}"),
            Self::Text(text) => f.write_str(text),
            Self::Missing => Ok(()),
        }
    }
}

impl Serialize for Cell {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Number(value) => serializer.serialize_f64(*value),
            Self::Text(text) => serializer.serialize_str(text),
            Self::Missing => serializer.serialize_none(),
        }
    }
}

/// The numbers behind a figure, as rows and columns.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Table {
    /// Names of the columns.
    pub columns: Vec<String>,
    /// Rows, each with a cell for every column.
    pub rows: Vec<Vec<Cell>>,
}

impl Table {
    /// A table without rows.
    pub fn new<S: Into<String>>(columns: impl IntoIterator<Item = S>) -> Self {
        Self { columns: columns.into_iter().map(Into::into).collect(), rows: Vec::new() }
    }

    /// Adds a row.
    pub fn push(&mut self, row: impl IntoIterator<Item = Cell>) {
        self.rows.push(row.into_iter().collect());
    }

    /// Comma-separated values with a header. Text with commas, quotes or line breaks is quoted.
    ///
    /// ```
    /// let mut table = slt_paper::Table::new(["data", "accuracy"]);
    /// table.push(["moons".into(), 0.1.into()]);
    /// assert_eq!(table.to_csv(), "data,accuracy\nmoons,0.1\n");
    /// ```
    pub fn to_csv(&self) -> String {
        let mut csv = csv::Writer::from_writer(Vec::new());
        let mut write =
            |row: Vec<String>| csv.write_record(row).expect("rows are in memory and of one length");
        write(self.columns.clone());
        self.rows.iter().for_each(|row| write(row.iter().map(Cell::to_string).collect()));
        String::from_utf8(csv.into_inner().expect("rows are in memory")).expect("text stays text")
    }
}
