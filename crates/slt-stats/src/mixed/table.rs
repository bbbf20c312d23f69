//! The data of a model.

use std::borrow::Cow;

use crate::error::{Error, Shown};

/// Named columns of equal length.
///
/// ```
/// use slt_stats::Table;
///
/// let table = Table::new()
///     .with_numbers("accuracy", [0.91, 0.94, 0.90])?
///     .with_labels("network", ["A", "A", "B"])?
///     .with_labels("seed", [1, 2, 1])?;
/// assert_eq!((table.n_rows(), table.columns().count()), (3, 3));
/// # Ok::<(), slt_stats::Error>(())
/// ```
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Table {
    columns: Vec<(String, Column)>,
}

/// What a column holds.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Column {
    Numbers(Vec<f64>),
    Labels(Vec<String>),
}

impl Column {
    fn len(&self) -> usize {
        match self {
            Self::Numbers(values) => values.len(),
            Self::Labels(values) => values.len(),
        }
    }
}

impl Table {
    /// A table without columns.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a column of numbers: a response, a numeric covariate, or a grouping by equal numbers.
    ///
    /// # Errors
    /// [`Error::DuplicateColumn`] if there is one of that name, [`Error::ColumnLength`] if it has another
    /// length than those before it.
    pub fn with_numbers(self, name: &str, values: impl IntoIterator<Item = f64>) -> Result<Self, Error> {
        self.with(name, Column::Numbers(values.into_iter().collect()))
    }

    /// Adds a column of labels: a factor or a grouping.
    ///
    /// # Errors
    /// Those of [`Table::with_numbers`].
    pub fn with_labels<L: ToString>(
        self,
        name: &str,
        values: impl IntoIterator<Item = L>,
    ) -> Result<Self, Error> {
        self.with(name, Column::Labels(values.into_iter().map(|label| label.to_string()).collect()))
    }

    fn with(mut self, name: &str, column: Column) -> Result<Self, Error> {
        if self.columns().any(|other| other == name) {
            return Err(Error::DuplicateColumn { column: name.to_owned() });
        }
        let (rows, expected) = (column.len(), self.n_rows());
        if !self.columns.is_empty() && rows != expected {
            return Err(Error::ColumnLength { column: name.to_owned(), rows, expected });
        }
        self.columns.push((name.to_owned(), column));
        Ok(self)
    }

    /// Number of rows.
    pub fn n_rows(&self) -> usize {
        self.columns.first().map_or(0, |(_, column)| column.len())
    }

    /// Names of the columns.
    pub fn columns(&self) -> impl Iterator<Item = &str> {
        self.columns.iter().map(|(name, _)| name.as_str())
    }

    fn column(&self, name: &str) -> Result<&Column, Error> {
        let found = self.columns.iter().find(|(other, _)| other == name);
        found.map(|(_, column)| column).ok_or_else(|| Error::NoColumn {
            column: name.to_owned(),
            available: self.columns().map(str::to_owned).collect(),
        })
    }

    /// Whether a column holds numbers.
    pub(crate) fn is_numeric(&self, name: &str) -> Result<bool, Error> {
        Ok(matches!(self.column(name)?, Column::Numbers(_)))
    }

    /// The response.
    pub(crate) fn response(&self, name: &str) -> Result<&[f64], Error> {
        match self.column(name)? {
            Column::Numbers(_) => self.numbers(name),
            Column::Labels(_) => Err(Error::LabelsAsResponse { column: name.to_owned() }),
        }
    }

    /// A column of finite numbers; nothing of one of labels.
    pub(crate) fn numbers(&self, name: &str) -> Result<&[f64], Error> {
        let Column::Numbers(values) = self.column(name)? else { return Ok(&[]) };
        match values.iter().position(|value| !value.is_finite()) {
            Some(at) => {
                Err(Error::NumberNotFinite { column: name.to_owned(), row: at + 1, value: values[at] })
            }
            None => Ok(values),
        }
    }

    /// A column of labels, those of numbers being their shortest decimals.
    pub(crate) fn labels(&self, name: &str) -> Result<Cow<'_, [String]>, Error> {
        match self.column(name)? {
            Column::Labels(labels) => Ok(Cow::Borrowed(labels)),
            // Adding 0 makes one label of 0 and -0.
            Column::Numbers(_) => {
                Ok(self.numbers(name)?.iter().map(|number| Shown(number + 0.0).to_string()).collect())
            }
        }
    }
}
