//! What later data need, as it is stored.

use std::io::Read;

use serde::{Deserialize, Serialize};

use super::{
    MAX_COLUMNS, MAX_LEVELS, Table,
    column::{listed, refuse_equal},
    fitted::{self, FittedColumn, Kind},
    read::{self, Labels, Plan, PlannedFeature, PlannedTarget},
};
use crate::{
    dataset::MAX_CLASSES,
    error::Error,
    io::csv::{Dialect, Records, is_control},
    resize::Resize,
    scaling::Scaler,
};

/// What was learned from training rows: how any table with these columns becomes the features of a network.
///
/// Numbers: a missing one is replaced, if that was asked for; they are averaged down as the pixels of an
/// image ([`Resize`]), if that was asked for; then scaled, if that was asked for. Categories: one feature for
/// each category of the training rows, 1 for that of the sample and 0 for the others; a category that the
/// training rows did not have is 0 everywhere ([`unknown_categories`](Self::unknown_categories) finds those).
/// Features are in the order of the columns of the training file, those of a category in the order of its
/// levels.
///
/// The stored form (serde) is checked when it is read, so one from outside is as good as one that was fitted.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "Parts", into = "Parts")]
pub struct Preprocessing(Parts);

/// Where a feature comes from; see [`Preprocessing::origins`].
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Origin<'a> {
    /// Name of the column; `None` for a pixel that several columns were averaged to.
    pub column: Option<&'a str>,
    /// The category that the feature is 1 for; `None` for a number.
    pub category: Option<&'a str>,
    /// What the feature is where the value is missing; `None` if missing values are refused.
    pub imputed: Option<f32>,
    /// Place among the numbers, which is the place in the scaler; `None` for a category.
    pub number: Option<usize>,
}

/// The stored form, before it is checked.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Parts {
    #[serde(with = "fitted")]
    pub(super) columns: Vec<FittedColumn>,
    /// Width of the images that the columns are averaged down to, before they are scaled.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) resize: Option<usize>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) target: Option<FittedTarget>,
    /// Of the columns of numbers alone, or of the pixels that they are averaged to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) scaler: Option<Scaler>,
    /// Columns that a file may have and that are not used.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) ignored: Vec<String>,
    /// Whether the training file named its columns; else later files are matched by position.
    pub(super) header: bool,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct FittedTarget {
    pub(super) name: String,
    /// Place among all columns of the training file.
    pub(super) position: usize,
    pub(super) classes: Vec<String>,
}

impl Preprocessing {
    pub(super) fn parts(&self) -> &Parts {
        &self.0
    }

    /// What is left of a preprocessing of numbers without names: columns are found by their positions, where
    /// they are called `x0`, `x1`, and so on. `target` is the position of the labels among all columns and
    /// the number of classes, which are called `0`, `1`, and so on. Missing values are refused.
    ///
    /// # Errors
    ///
    /// [`Error::Preprocessing`] if there are no columns, the position is beyond them, there are no classes or
    /// more than 65,536, or the scaler is for another number of columns.
    ///
    /// ```
    /// use slt_datasets::{io::csv::{Dialect, Header}, table::Preprocessing};
    ///
    /// let preprocessing = Preprocessing::by_position(2, Some((0, 3)), None)?;
    /// assert_eq!(preprocessing.feature_names(), ["x1", "x2"]);
    /// let dialect = Dialect { header: Header::Absent, ..Dialect::default() };
    /// let table = preprocessing.read("2,0.5,0.25\n".as_bytes(), &dialect)?;
    /// assert_eq!(table.labels(), Some(&[2][..]));
    /// // What a file calls its columns does not matter.
    /// let table = preprocessing.read("kind,length,width\n1,0.5,0.25\n".as_bytes(), &Dialect::default())?;
    /// assert_eq!((table.labels(), table.has_header()), (Some(&[1][..]), false));
    /// # Ok::<(), slt_datasets::Error>(())
    /// ```
    pub fn by_position(
        n_columns: usize,
        target: Option<(usize, usize)>,
        scaler: Option<Scaler>,
    ) -> Result<Self, Error> {
        Self::numbers_by_position(n_columns, None, target, scaler)
    }

    /// The same of images that are averaged down to `side` times `side` pixels before they are scaled.
    ///
    /// # Errors
    ///
    /// As [`by_position`](Self::by_position), and [`Error::Resize`] if the columns are no such images.
    ///
    /// ```
    /// use ndarray::array;
    /// use slt_datasets::table::{Preprocessing, Table};
    ///
    /// let preprocessing = Preprocessing::images_by_position(4, 1, None, None)?;
    /// let table = Table::from_arrays(array![[1.0, 2.0, 3.0, 6.0]], None)?;
    /// assert_eq!(preprocessing.features(table)?, array![[3.0]]);
    /// # Ok::<(), slt_datasets::Error>(())
    /// ```
    pub fn images_by_position(
        n_columns: usize,
        side: usize,
        target: Option<(usize, usize)>,
        scaler: Option<Scaler>,
    ) -> Result<Self, Error> {
        Resize::new(n_columns, side)?;
        Self::numbers_by_position(n_columns, Some(side), target, scaler)
    }

    fn numbers_by_position(
        n_columns: usize,
        resize: Option<usize>,
        target: Option<(usize, usize)>,
        scaler: Option<Scaler>,
    ) -> Result<Self, Error> {
        // Before each takes a name.
        if n_columns > MAX_COLUMNS {
            return Err(Error::Preprocessing { problem: "columns must be 1 to 262144" });
        }
        let position = target.map(|(position, _)| position);
        if position.is_some_and(|position| position > n_columns) {
            return Err(Error::Preprocessing { problem: "the position of the labels is beyond the columns" });
        }
        if target.is_some_and(|(_, classes)| classes > MAX_CLASSES) {
            return Err(Error::Preprocessing { problem: "classes must be 1 to 65536 different texts" });
        }
        let places = (0..=n_columns).filter(|&place| Some(place) != position).take(n_columns);
        let target = target.map(|(position, classes)| FittedTarget {
            name: "label".to_owned(),
            position,
            classes: (0..classes).map(|class| class.to_string()).collect(),
        });
        let columns = places.map(FittedColumn::numbered).collect();
        Self::try_from(Parts { columns, resize, target, scaler, ignored: Vec::new(), header: false })
    }

    /// Whether columns have names of their own, by which later files are matched; else those files are
    /// matched by position.
    #[must_use]
    pub fn has_names(&self) -> bool {
        self.0.header
    }

    /// Whether the classes have no names but `0`, `1`, and so on, and the columns have none either: what
    /// labels were called is not known then.
    fn has_numbered_classes(&self) -> bool {
        let Parts { header, target, .. } = &self.0;
        let is_number = |(class, name): (usize, &String)| *name == class.to_string();
        !header && target.iter().all(|target| target.classes.iter().enumerate().all(is_number))
    }

    /// Whether all columns are of numbers.
    #[must_use]
    pub fn is_numeric(&self) -> bool {
        !self.0.columns.iter().any(FittedColumn::is_categorical)
    }

    /// The position of the labels among the columns that are used: those of the features, in order, and the
    /// labels; the last one where columns were ignored.
    #[must_use]
    pub fn target_position(&self) -> Option<usize> {
        let last = self.0.columns.len();
        let target = self.0.target.as_ref()?;
        Some(if self.0.ignored.is_empty() { target.position.min(last) } else { last })
    }

    /// Names of the columns that the features come from, in order.
    pub fn column_names(&self) -> impl Iterator<Item = &str> {
        self.0.columns.iter().map(|column| column.name.as_str())
    }

    /// Number of columns that the features come from.
    #[must_use]
    pub fn n_columns(&self) -> usize {
        self.0.columns.len()
    }

    /// How images are averaged down, if they are.
    #[must_use]
    pub fn resize(&self) -> Option<Resize> {
        let side = self.0.resize?;
        Some(Resize::new(self.0.columns.len(), side).expect("checked when it was made"))
    }

    /// Number of features, which is that of the network's inputs.
    #[must_use]
    pub fn n_features(&self) -> usize {
        match self.resize() {
            Some(resize) => resize.n_features(),
            None => self.0.columns.iter().map(FittedColumn::width).sum(),
        }
    }

    /// Names of the features: that of the column, or `column=category`, or `r0c2` for row 0 and column 2 of
    /// an image that was averaged down.
    #[must_use]
    pub fn feature_names(&self) -> Vec<String> {
        let mut names = Vec::new();
        if let Some(side) = self.0.resize {
            let place = |pixel| format!("r{}c{}", pixel / side, pixel % side);
            return (0..side * side).map(place).collect();
        }
        for FittedColumn { name, kind } in &self.0.columns {
            match kind {
                Kind::Numeric { .. } => names.push(name.clone()),
                Kind::Categorical { levels, .. } => {
                    names.extend(levels.iter().map(|level| format!("{name}={level}")));
                }
            }
        }
        names
    }

    /// Where each feature comes from, in the order of the features: all that is needed to prepare samples
    /// elsewhere.
    ///
    /// ```
    /// use slt_datasets::table::{Missing, Preprocessing, Table, TableOptions};
    ///
    /// let options = TableOptions { categorical: vec!["colour".into()], missing: Missing::Mean, ..TableOptions::default() };
    /// let table = Table::read("length,colour,kind\n1.0,red,a\n2.0,blue,b\n".as_bytes(), &options)?;
    /// let preprocessing = Preprocessing::fit(&table, Missing::Mean, None)?;
    /// let origins = preprocessing.origins();
    /// assert_eq!((origins[0].column, origins[0].category, origins[0].imputed), (Some("length"), None, Some(1.5)));
    /// assert_eq!((origins[1].column, origins[1].category, origins[1].number), (Some("colour"), Some("blue"), None));
    /// # Ok::<(), slt_datasets::Error>(())
    /// ```
    #[must_use]
    pub fn origins(&self) -> Vec<Origin<'_>> {
        if let Some(resize) = self.resize() {
            let pixel = |number| Origin { column: None, category: None, imputed: None, number: Some(number) };
            return (0..resize.n_features()).map(pixel).collect();
        }
        let (mut origins, mut number) = (Vec::new(), 0);
        for FittedColumn { name, kind } in &self.0.columns {
            match kind {
                Kind::Numeric { imputed } => {
                    let (column, imputed) = (Some(name.as_str()), *imputed);
                    origins.push(Origin { column, category: None, imputed, number: Some(number) });
                    number += 1;
                }
                Kind::Categorical { levels, imputed } => {
                    origins.extend(levels.iter().enumerate().map(|(level, text)| Origin {
                        column: Some(name),
                        category: Some(text),
                        imputed: imputed.map(|imputed| if imputed == level { 1.0 } else { 0.0 }),
                        number: None,
                    }));
                }
            }
        }
        origins
    }

    /// The same without its scaler: missing values are filled in, categories become features, and numbers
    /// stay as they are.
    #[must_use]
    pub fn without_scaler(self) -> Self {
        Self(Parts { scaler: None, ..self.0 })
    }

    /// Name of the column with the labels, if the training table had one.
    #[must_use]
    pub fn target_name(&self) -> Option<&str> {
        self.0.target.as_ref().map(|target| target.name.as_str())
    }

    /// Names of the classes, in order, if the training table had labels.
    #[must_use]
    pub fn class_names(&self) -> Option<&[String]> {
        self.0.target.as_ref().map(|target| target.classes.as_slice())
    }

    /// The scaler of the columns of numbers, if there is one.
    #[must_use]
    pub fn scaler(&self) -> Option<&Scaler> {
        self.0.scaler.as_ref()
    }

    /// Reads a later CSV file. Its columns are found by name, in any order; it may lack the labels, and may
    /// have or lack the columns that are ignored.
    ///
    /// If the training file had no header, later files have all columns in the same order, with or without
    /// the labels, and it does not matter what they are called. Only if they have the very names `x0`, `x1`,
    /// and so on in another order, those are followed.
    ///
    /// # Errors
    ///
    /// [`Error::CsvColumns`] with the names of columns that are missing or too many,
    /// [`Error::CsvColumnCount`] where they have none; [`Error::CsvUnknownClass`] or
    /// [`Error::CsvClassNumber`] for a label that training did not know; otherwise as [`Table::read`].
    pub fn read(&self, reader: impl Read, dialect: &Dialect) -> Result<Table, Error> {
        self.read_planned(reader, dialect, false)
    }

    /// As [`read`](Self::read), for predictions, which need no labels: where it is not known what labels were
    /// called, because they have no names but the numbers of the classes, they may be any texts.
    ///
    /// # Errors
    ///
    /// As [`read`](Self::read); [`Error::CsvTooManyLabels`] if there are more different labels than classes:
    /// they are none then, and the columns are others than those of the training data.
    ///
    /// ```
    /// use slt_datasets::{io::csv::Dialect, table::Preprocessing};
    ///
    /// let preprocessing = Preprocessing::by_position(2, Some((2, 2)), None)?;
    /// let file = "length,width,kind\n0.5,0.25,red\n1.5,0.75,blue\n";
    /// let table = preprocessing.read_features(file.as_bytes(), &Dialect::default())?;
    /// assert_eq!(preprocessing.features(table)?.ncols(), 2);
    /// let error = preprocessing.read(file.as_bytes(), &Dialect::default()).unwrap_err();
    /// assert!(error.to_string().starts_with("line 2, column \"kind\": \"red\" is not the number of a class"));
    /// # Ok::<(), slt_datasets::Error>(())
    /// ```
    pub fn read_features(&self, reader: impl Read, dialect: &Dialect) -> Result<Table, Error> {
        self.read_planned(reader, dialect, true)
    }

    fn read_planned(&self, reader: impl Read, dialect: &Dialect, for_features: bool) -> Result<Table, Error> {
        let Parts { columns, target, ignored, header, .. } = &self.0;
        let records = Records::new(reader, dialect)?;
        let own = records.names();
        refuse_equal(own)?;
        if *header && !records.has_header() {
            return Err(Error::CsvNoNames);
        }
        let by_position = if *header { None } else { self.names_by_position(own) };
        let is_by_position = by_position.is_some();
        let names = by_position.unwrap_or_else(|| own.to_vec());
        let places: std::collections::HashMap<&str, usize> =
            names.iter().map(String::as_str).zip(0..).collect();
        let missing: Vec<&String> = columns
            .iter()
            .map(|column| &column.name)
            .filter(|name| !places.contains_key(name.as_str()))
            .collect();
        let known: std::collections::HashSet<&str> =
            self.column_names().chain(self.target_name()).chain(ignored.iter().map(String::as_str)).collect();
        let extra: Vec<&String> = names.iter().filter(|name| !known.contains(name.as_str())).collect();
        if !missing.is_empty() || !extra.is_empty() {
            return Err(match is_by_position {
                true => Error::CsvColumnCount { found: names.len(), expected: self.expected_columns() },
                false => Error::CsvColumns { missing: listed(missing), extra: listed(extra) },
            });
        }
        let features = columns.iter().map(|column| PlannedFeature {
            place: places[column.name.as_str()],
            name: column.name.clone(),
            categorical: column.is_categorical(),
            may_be_missing: column.may_be_missing(),
        });
        let target = target.as_ref().and_then(|target| {
            let place = *places.get(target.name.as_str())?;
            let labels = match (self.has_numbered_classes(), for_features) {
                (true, true) => Labels::AtMost(target.classes.len()),
                (true, false) => Labels::Numbers(&target.classes),
                (false, _) => Labels::Known(&target.classes),
            };
            Some(PlannedTarget { place, name: target.name.clone(), labels })
        });
        let header = records.has_header() && !is_by_position;
        let plan = Plan { features: features.collect(), target, ignored: ignored.clone(), header };
        read::read(records, plan)
    }

    /// The names that columns have by their position, whatever the file calls them; none if it has all names
    /// of the features, but at other places.
    fn names_by_position(&self, own: &[String]) -> Option<Vec<String>> {
        let Parts { columns, target, ignored, .. } = &self.0;
        let without_target = ignored.is_empty() && own.len() == columns.len();
        let names: Vec<String> = match target {
            Some(_) if without_target => self.column_names().map(str::to_owned).collect(),
            _ => {
                // Names that were made from positions are the same for a file of the same columns.
                let mut names: Vec<String> = (0..own.len()).map(|place| format!("x{place}")).collect();
                if let Some(FittedTarget { name, position, .. }) = target
                    && *position < names.len()
                {
                    names[*position].clone_from(name);
                }
                names
            }
        };
        let features: std::collections::HashSet<&str> = self.column_names().collect();
        let found = own.iter().filter(|name| features.contains(name.as_str())).count();
        let is_elsewhere = |(own, name): (&String, &String)| own != name && features.contains(own.as_str());
        let has_all_elsewhere = found == features.len() && own.iter().zip(&names).any(is_elsewhere);
        (!has_all_elsewhere).then_some(names)
    }

    /// How many columns a file has whose columns are found by their positions.
    fn expected_columns(&self) -> String {
        let Parts { columns, target, ignored, .. } = &self.0;
        let n_used = columns.len() + ignored.len();
        match target {
            None => n_used.to_string(),
            Some(FittedTarget { position, .. }) => {
                let labels = format!("{} with the labels at position {position} (from 0)", n_used + 1);
                if ignored.is_empty() { format!("{n_used}, or {labels}") } else { labels }
            }
        }
    }
}

impl TryFrom<Parts> for Preprocessing {
    type Error = Error;

    fn try_from(parts: Parts) -> Result<Self, Error> {
        let bad = |problem| Err(Error::Preprocessing { problem });
        let Parts { columns, resize, target, scaler, ignored, .. } = &parts;
        if !(1..=MAX_COLUMNS).contains(&columns.len()) {
            return bad("columns must be 1 to 262144");
        }
        let names = columns.iter().map(|column| &column.name).chain(target.iter().map(|target| &target.name));
        let names: Vec<&String> = names.chain(ignored).collect();
        refuse_equal(names.iter().copied())?;
        let is_text = |text: &String| !text.contains(is_control);
        let levels = columns.iter().flat_map(|column| match &column.kind {
            Kind::Categorical { levels, .. } => &levels[..],
            Kind::Numeric { .. } => &[],
        });
        let classes = target.iter().flat_map(|target| &target.classes);
        if !names.into_iter().chain(levels).chain(classes).all(is_text) {
            return bad("a name holds a control character");
        }
        for column in columns {
            match &column.kind {
                Kind::Numeric { imputed: Some(value) } if !value.is_finite() => {
                    return bad("the value for missing ones is not finite");
                }
                Kind::Numeric { .. } => {}
                Kind::Categorical { levels, imputed } => {
                    if !(1..=MAX_LEVELS).contains(&levels.len()) || refuse_equal(levels).is_err() {
                        return bad("categories must be 1 to 4096 different texts");
                    }
                    if imputed.is_some_and(|level| level >= levels.len()) {
                        return bad("the category for missing ones does not exist");
                    }
                }
            }
        }
        if let Some(FittedTarget { classes, .. }) = target
            && (!(1..=MAX_CLASSES).contains(&classes.len()) || refuse_equal(classes).is_err())
        {
            return bad("classes must be 1 to 65536 different texts");
        }
        let n_numbers = columns.iter().filter(|column| !column.is_categorical()).count();
        let n_numbers = match resize {
            None => n_numbers,
            Some(_) if n_numbers < columns.len() => return bad("columns of categories are no pixels"),
            Some(side) => Resize::new(n_numbers, *side)?.n_features(),
        };
        if scaler.as_ref().is_some_and(|scaler| scaler.n_features() != n_numbers) {
            return bad("the scaler does not fit the number of columns of numbers");
        }
        Ok(Self(parts))
    }
}

impl From<Preprocessing> for Parts {
    fn from(preprocessing: Preprocessing) -> Self {
        preprocessing.0
    }
}
