//! Reads CSV.

use std::io::Read;

use ndarray::Array2;

use super::{
    classes::Classes,
    dialect::Dialect,
    records::{Record, Records},
};
use crate::{
    dataset::Dataset,
    error::{Error, excerpt},
};

/// Which column holds the label.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum LabelColumn {
    /// The last one.
    #[default]
    Last,
    /// The one with this name.
    Named(String),
}

/// What [`read`] has to know about a file; the default suits files with a header and the label in the last
/// column.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ReadOptions {
    /// How the file is laid out.
    pub dialect: Dialect,
    /// Which column holds the label.
    pub label: LabelColumn,
    /// The classes in their order, if they are known already, as when a test set has to match its training
    /// set.
    pub classes: Option<Vec<String>>,
}

/// A labelled table as read.
#[derive(Clone, Debug, PartialEq)]
pub struct Table {
    /// Names of the feature columns, in file order.
    pub feature_names: Vec<String>,
    /// `n_samples x n_features`; all values are finite.
    pub features: Array2<f32>,
    /// Name of the label column.
    pub label_name: String,
    /// The class of each row, an index into `class_names`.
    pub labels: Vec<u32>,
    /// What the label column calls the classes.
    pub class_names: Vec<String>,
}

/// An unlabelled table as read.
#[derive(Clone, Debug, PartialEq)]
pub struct Features {
    /// Names of the columns, in file order.
    pub feature_names: Vec<String>,
    /// `n_samples x n_features`; all values are finite.
    pub features: Array2<f32>,
}

impl Table {
    /// Drops the names of columns and classes.
    ///
    /// # Errors
    ///
    /// Those of [`Dataset::new`]; none for a table that [`read`] returned.
    pub fn into_dataset(self, name: impl Into<String>) -> Result<Dataset, Error> {
        Dataset::new(name, self.features, self.labels, self.class_names.len())
    }
}

/// Reads a labelled table: one sample a line, a label column, numbers in all others.
///
/// Labels may be any text. Unless [`ReadOptions::classes`] fixes them, the classes are the distinct texts in
/// sorted order: by value if all of them are numbers (so 2 comes before 10), else as texts. `1` and `1.0` are
/// two classes. Numbers are rounded to single precision straight from their decimals.
///
/// # Errors
///
/// The `Csv...` variants of [`Error`], with line and column; [`Error::ClassCount`] for more than
/// [`MAX_CLASSES`](crate::MAX_CLASSES) different labels; [`Error::Io`] if the reader fails.
///
/// ```
/// use slt_datasets::io::csv::{self, LabelColumn, ReadOptions};
///
/// let file = "length,kind,width\n5.1,setosa,3.5\n7.0,virginica,3.2\n6.4,setosa,3.1\n";
/// let options = ReadOptions { label: LabelColumn::Named("kind".into()), ..ReadOptions::default() };
/// let table = csv::read(file.as_bytes(), &options)?;
/// assert_eq!(table.feature_names, ["length", "width"]);
/// assert_eq!(table.class_names, ["setosa", "virginica"]);
/// let data = table.into_dataset("flowers")?;
/// assert_eq!(data.labels(), [0, 1, 0]);
/// # Ok::<(), slt_datasets::Error>(())
/// ```
pub fn read(reader: impl Read, options: &ReadOptions) -> Result<Table, Error> {
    let mut records = open(reader, &options.dialect, 2)?;
    let label_column = label_column(records.names(), &options.label)?;
    let mut names = records.names().to_vec();
    let label_name = names.remove(label_column);
    let mut classes = Classes::new(options.classes.as_deref());
    let mut values = Vec::new();
    while let Some(record) = records.next()? {
        let (line, label) = (record.line(), &record[label_column]);
        if label.is_empty() {
            return Err(Error::CsvMissingLabel { line, column: label_name });
        }
        if let Some(known) = classes.push(label)? {
            let label = excerpt(label);
            return Err(Error::CsvUnknownClass { line, column: label_name, label, known: known.to_vec() });
        }
        let features = (0..names.len()).map(|column| column + usize::from(column >= label_column));
        push_numbers(&record, features, &mut values)?;
    }
    let features = matrix(names.len(), values)?;
    let (labels, class_names) = classes.finish();
    Ok(Table { feature_names: names, features, label_name, labels, class_names })
}

/// Reads a table without labels: one sample a line, numbers in all columns.
///
/// # Errors
///
/// As [`read`].
///
/// ```
/// use slt_datasets::io::csv::{self, Dialect};
///
/// let table = csv::read_features("a;b\n1;2\n3;4\n".as_bytes(), &Dialect::default())?;
/// assert_eq!(table.features, ndarray::array![[1., 2.], [3., 4.]]);
/// # Ok::<(), slt_datasets::Error>(())
/// ```
pub fn read_features(reader: impl Read, dialect: &Dialect) -> Result<Features, Error> {
    let mut records = open(reader, dialect, 1)?;
    let feature_names = records.names().to_vec();
    let mut values = Vec::new();
    while let Some(record) = records.next()? {
        push_numbers(&record, 0..feature_names.len(), &mut values)?;
    }
    let features = matrix(feature_names.len(), values)?;
    Ok(Features { feature_names, features })
}

/// The records of a file that has at least as many columns as are needed.
fn open<R: Read>(reader: R, dialect: &Dialect, needed: usize) -> Result<Records<R>, Error> {
    let records = Records::new(reader, dialect)?;
    let found = records.names().len();
    if found < needed {
        return Err(Error::CsvTooFewColumns { found, needed, separator: records.separator() });
    }
    Ok(records)
}

/// The position of the label column.
fn label_column(names: &[String], wanted: &LabelColumn) -> Result<usize, Error> {
    let name = match wanted {
        LabelColumn::Last => return Ok(names.len() - 1),
        LabelColumn::Named(name) => name,
    };
    let places: Vec<usize> = (0..names.len()).filter(|&column| names[column] == *name).collect();
    match places[..] {
        [column] => Ok(column),
        _ => Err(Error::CsvLabelColumn { name: excerpt(name), count: places.len(), known: names.to_vec() }),
    }
}

/// Appends the numbers of one record.
fn push_numbers(
    record: &Record<'_>,
    columns: impl Iterator<Item = usize>,
    values: &mut Vec<f32>,
) -> Result<(), Error> {
    for column in columns {
        values.push(record.number_f32(column)?);
    }
    Ok(())
}

/// Shapes complete rows into a matrix with at least one of them.
fn matrix(n_features: usize, values: Vec<f32>) -> Result<Array2<f32>, Error> {
    if values.is_empty() {
        return Err(Error::CsvNoRows);
    }
    Ok(Array2::from_shape_vec((values.len() / n_features, n_features), values)
        .expect("every row is complete"))
}
