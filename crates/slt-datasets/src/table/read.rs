//! From records to a table.

use std::io::Read;

use ndarray::Array2;

use super::{
    Column, Feature, MAX_LEVELS, Missing, Table, Target,
    column::refuse_equal,
    levels::{self, Levels},
};
use crate::{
    dataset::MAX_CLASSES,
    error::{Error, excerpt},
    io::csv::{Dialect, Record, Records, is_missing},
};

/// Values by which the memory of a table grows at least.
const MIN_GROWTH: usize = 1 << 12;

/// What [`Table::read`] has to know. The default suits a file of numbers with the labels in the last column.
#[derive(Clone, Debug)]
pub struct TableOptions {
    /// How the file is laid out.
    pub dialect: Dialect,
    /// Which column holds the labels, if any does; by default the last one.
    pub target: Option<Column>,
    /// Columns that hold categories; all others hold numbers.
    pub categorical: Vec<Column>,
    /// Columns that are not to be used, such as a running number.
    pub ignored: Vec<Column>,
    /// Whether values may be missing.
    pub missing: Missing,
}

impl Default for TableOptions {
    fn default() -> Self {
        Self {
            dialect: Dialect::default(),
            target: Some(Column::Last),
            categorical: Vec::new(),
            ignored: Vec::new(),
            missing: Missing::Refuse,
        }
    }
}

/// Which columns of a file become what.
pub(super) struct Plan<'a> {
    pub(super) features: Vec<PlannedFeature>,
    pub(super) target: Option<PlannedTarget<'a>>,
    pub(super) ignored: Vec<String>,
    /// Whether the names are those of the file.
    pub(super) header: bool,
}

pub(super) struct PlannedFeature {
    /// Place in the file.
    pub(super) place: usize,
    pub(super) name: String,
    pub(super) categorical: bool,
    pub(super) may_be_missing: bool,
}

pub(super) struct PlannedTarget<'a> {
    /// Place in the file.
    pub(super) place: usize,
    pub(super) name: String,
    pub(super) labels: Labels<'a>,
}

/// What labels may be.
pub(super) enum Labels<'a> {
    /// At most so many different texts.
    AtMost(usize),
    /// The names of these classes.
    Known(&'a [String]),
    /// The same, where these are the numbers of the classes.
    Numbers(&'a [String]),
}

impl Table {
    /// Reads a CSV file: numbers, categories, and labels of any text.
    ///
    /// The classes are the different labels. Numbers are rounded to single precision straight from their
    /// decimals. Fields that are empty or one of [`MISSING`](crate::io::csv::MISSING) are missing values; a
    /// label may never be missing.
    ///
    /// # Errors
    ///
    /// The `Csv...` variants of [`Error`], with line and column; [`Error::ClassCount`] for more than
    /// [`MAX_CLASSES`] different labels; [`Error::Io`] if the reader fails.
    ///
    /// ```
    /// use slt_datasets::table::{Table, TableOptions};
    ///
    /// let options = TableOptions { target: Some("kind".into()), ..TableOptions::default() };
    /// let error = Table::read("kind,size\na,1\nb,?\n".as_bytes(), &options).unwrap_err();
    /// assert!(error.to_string().starts_with("line 3, column \"size\": the value is missing"));
    /// ```
    pub fn read(reader: impl Read, options: &TableOptions) -> Result<Self, Error> {
        let records = Records::new(reader, &options.dialect)?;
        let names = records.names();
        refuse_equal(names)?;
        let find = |columns: &[Column]| {
            columns.iter().map(|column| column.find(names)).collect::<Result<Vec<usize>, Error>>()
        };
        let (categorical, ignored) = (find(&options.categorical)?, find(&options.ignored)?);
        let target = options.target.as_ref().map(|column| column.find(names)).transpose()?;
        let used_twice = target.iter().chain(&categorical).find(|place| ignored.contains(place));
        let used_twice = used_twice.or(target.iter().find(|place| categorical.contains(place)));
        if let Some(&place) = used_twice {
            return Err(Error::CsvColumnUse { name: excerpt(&names[place]) });
        }
        let features = (0..names.len()).filter(|place| target != Some(*place) && !ignored.contains(place));
        let plan = Plan {
            features: features
                .map(|place| PlannedFeature {
                    place,
                    name: names[place].clone(),
                    categorical: categorical.contains(&place),
                    may_be_missing: options.missing != Missing::Refuse,
                })
                .collect(),
            target: target.map(|place| PlannedTarget {
                place,
                name: names[place].clone(),
                labels: Labels::AtMost(MAX_CLASSES),
            }),
            ignored: ignored.iter().map(|&place| names[place].clone()).collect(),
            header: records.has_header(),
        };
        if plan.features.is_empty() {
            let needed = names.len() + 1;
            return Err(Error::CsvTooFewColumns {
                found: names.len(),
                needed,
                separator: records.separator(),
            });
        }
        read(records, plan)
    }
}

/// Reads all records.
pub(super) fn read<R: Read>(mut records: Records<R>, plan: Plan<'_>) -> Result<Table, Error> {
    // Of the categories alone: there may be many columns of numbers.
    let n_categories = plan.features.iter().filter(|feature| feature.categorical).count();
    let mut levels: Vec<Levels> = (0..n_categories).map(|_| Levels::default()).collect();
    let mut values: Vec<f32> = Vec::new();
    let (mut labels, mut found_classes) = (Vec::new(), Levels::default());
    let mut n_rows = 0;
    while let Some(record) = records.next()? {
        // By a quarter: doubling would take as much memory again as a large table has.
        if values.capacity() - values.len() < plan.features.len() {
            values.reserve_exact((values.len() / 4).max(plan.features.len()).max(MIN_GROWTH));
        }
        let mut levels = levels.iter_mut();
        for feature in &plan.features {
            values.push(match feature.categorical.then(|| levels.next()).flatten() {
                Some(levels) => category(&record, feature, levels)?,
                None => number(&record, feature)?,
            });
        }
        if let Some(target) = &plan.target {
            labels.push(label(&record, target, &mut found_classes)?);
        }
        n_rows += 1;
    }
    if n_rows == 0 {
        return Err(Error::CsvNoRows);
    }
    values.shrink_to_fit();
    let values =
        Array2::from_shape_vec((n_rows, plan.features.len()), values).expect("every row is complete");
    let mut levels = levels.into_iter().map(Levels::into_names);
    let features = plan.features.into_iter().map(|feature| Feature {
        name: feature.name,
        levels: feature.categorical.then(|| levels.next()).flatten(),
    });
    let target = plan.target.map(|PlannedTarget { place, name, labels: expected }| {
        let found = found_classes.into_names();
        let classes = match expected {
            Labels::Known(classes) | Labels::Numbers(classes) => classes.to_vec(),
            Labels::AtMost(_) => {
                let mut sorted = found.clone();
                levels::sort(&mut sorted);
                sorted
            }
        };
        let class_of = levels::positions(&found, &classes);
        let class = |label: &u32| class_of[*label as usize].expect("other labels were refused");
        Target { name, position: place, labels: labels.iter().map(class).collect(), classes }
    });
    Ok(Table { features: features.collect(), values, target, ignored: plan.ignored, header: plan.header })
}

/// A number, or NaN if it is missing and may be.
fn number(record: &Record<'_>, feature: &PlannedFeature) -> Result<f32, Error> {
    record.number_f32(feature.place).or_else(|error| match is_missing(&record[feature.place]) {
        true => missing(record, feature),
        false => Err(error),
    })
}

/// The number of a category, or NaN if it is missing and may be.
fn category(record: &Record<'_>, feature: &PlannedFeature, levels: &mut Levels) -> Result<f32, Error> {
    let text = &record[feature.place];
    if is_missing(text) {
        return missing(record, feature);
    }
    match levels.number(text, MAX_LEVELS) {
        // Whole numbers below 2^24 are exact.
        Some(number) => Ok(number as f32),
        None => {
            let (column, _) = record.place(feature.place);
            Err(Error::CsvTooManyLevels { line: record.line(), column, max: MAX_LEVELS })
        }
    }
}

fn missing(record: &Record<'_>, feature: &PlannedFeature) -> Result<f32, Error> {
    if feature.may_be_missing {
        return Ok(f32::NAN);
    }
    let (column, text) = record.place(feature.place);
    Err(Error::CsvMissing { line: record.line(), column, text })
}

/// The number of a label, in order of appearance.
fn label(record: &Record<'_>, target: &PlannedTarget<'_>, found: &mut Levels) -> Result<u32, Error> {
    let (line, text) = (record.line(), &record[target.place]);
    if is_missing(text) {
        let (column, _) = record.place(target.place);
        return Err(Error::CsvMissingLabel { line, column });
    }
    let n_found = found.len();
    let most = if let Labels::AtMost(most) = target.labels { most } else { MAX_CLASSES };
    let too_many = || match most {
        MAX_CLASSES => Error::ClassCount { n_classes: MAX_CLASSES + 1, max: MAX_CLASSES },
        max => Error::CsvTooManyLabels { line, column: record.place(target.place).0, max },
    };
    let number = found.number(text, most).ok_or_else(too_many)?;
    let is_new = found.len() > n_found;
    match target.labels {
        Labels::Known(known) | Labels::Numbers(known)
            if is_new && !known.iter().any(|class| class == text) =>
        {
            let (column, label) = record.place(target.place);
            Err(match target.labels {
                Labels::Numbers(_) => Error::CsvClassNumber { line, column, label, last: known.len() - 1 },
                _ => Error::CsvUnknownClass { line, column, label, known: super::column::listed(known) },
            })
        }
        _ => Ok(number),
    }
}
