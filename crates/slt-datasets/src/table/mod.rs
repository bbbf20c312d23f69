//! Tables of measurements: columns with names, of numbers or of categories, with or without values missing.
//!
//! Data go through three steps, because what is learned from them must come from the training samples alone:
//!
//! 1. [`Table::read`] reads a file into a [`Table`], or [`Table::from_arrays`] takes arrays. Nothing is
//!    computed: values that are missing are missing.
//! 2. [`Table::split`] divides it, and [`Preprocessing::fit`] learns from the training rows what later rows
//!    need: values for missing ones, the categories, the scaling, the names and the order of all columns.
//! 3. [`Preprocessing::dataset`] and [`Preprocessing::features`] turn any table into what a network takes. A
//!    later file is read by [`Preprocessing::read`], which finds the columns by their names.
//!
//! A [`Preprocessing`] can be stored, so that predictions on new data take nothing but the file.
//!
//! ```
//! use slt_datasets::{io::csv::Dialect, split, table::{Missing, Preprocessing, Table, TableOptions}};
//!
//! let file = "length,colour,kind\n1.0,red,a\n3.0,blue,b\n?,red,a\n2.0,blue,b\n";
//! let options = TableOptions { categorical: vec!["colour".into()], missing: Missing::Mean, ..TableOptions::default() };
//! let table = Table::read(file.as_bytes(), &options)?;
//! let (train, test) = table.split(&split::ordered_rows(table.n_rows(), 0.25)?)?;
//! let preprocessing = Preprocessing::fit(&train, Missing::Mean, None)?;
//! assert_eq!(preprocessing.feature_names(), ["length", "colour=blue", "colour=red"]);
//! let train = preprocessing.dataset(train, "kinds")?;
//! assert_eq!(train.values(), [1., 0., 1., 3., 1., 0., 2., 0., 1.]);
//! assert_eq!((train.labels(), train.n_classes()), (&[0, 1, 0][..], 2));
//!
//! // Another order of the columns, no labels, and a colour that training did not know.
//! let later = preprocessing.read("colour,length\ngreen,5\n".as_bytes(), &Dialect::default())?;
//! assert_eq!(preprocessing.features(later)?, ndarray::array![[5., 0., 0.]]);
//! # Ok::<(), slt_datasets::Error>(())
//! ```

mod apply;
mod column;
mod fit;
mod fitted;
mod levels;
mod missing;
mod preprocessing;
mod read;

use ndarray::{Array2, Axis};

pub use column::Column;
pub use levels::{MAX_COLUMNS, MAX_LEVELS};
pub use missing::Missing;
pub use preprocessing::{Origin, Preprocessing};
pub use read::TableOptions;

use crate::{dataset::MAX_CLASSES, dataset::check_rows, error::Error, split::Rows};

/// A table as read: one sample a row. In memory it takes 4 bytes a value, whether number or category.
///
/// ```
/// use slt_datasets::table::{Table, TableOptions};
///
/// let table = Table::read("b,a,y\n1.5,2,no\n".as_bytes(), &TableOptions::default())?;
/// assert_eq!((table.n_rows(), table.feature_names().collect::<Vec<_>>()), (1, vec!["b", "a"]));
/// assert_eq!((table.target_name(), table.class_names()), (Some("y"), Some(&["no".to_owned()][..])));
/// # Ok::<(), slt_datasets::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct Table {
    features: Vec<Feature>,
    /// `n_rows x n_features`. The values of a category are positions in its levels; NaN is a missing value.
    values: Array2<f32>,
    target: Option<Target>,
    /// Columns of the file that are no features.
    ignored: Vec<String>,
    /// Whether the names are those of the file.
    header: bool,
}

/// A column that networks are to see.
#[derive(Clone, Debug)]
struct Feature {
    name: String,
    /// The levels of a category in order of appearance; `None` for numbers.
    levels: Option<Vec<String>>,
}

/// The column that networks are to predict.
#[derive(Clone, Debug)]
struct Target {
    name: String,
    /// Its place among all columns of the file.
    position: usize,
    /// One a row, below the number of classes.
    labels: Vec<u32>,
    classes: Vec<String>,
}

impl Table {
    /// A table of numbers without names, such as that of a `.npz` file: the columns are called `x0`, `x1`,
    /// ..., the labels `label`. NaN is a missing value. The classes are the labels that occur, in order of
    /// size.
    ///
    /// # Shapes
    ///
    /// `features` is `n_rows x n_features`, `labels` has `n_rows` entries.
    ///
    /// # Errors
    ///
    /// [`Error::Empty`], [`Error::LabelCount`]; [`Error::NotFinite`] for an infinity; [`Error::ClassCount`]
    /// for more than [`MAX_CLASSES`] different labels.
    ///
    /// ```
    /// use ndarray::array;
    /// use slt_datasets::table::Table;
    ///
    /// let table = Table::from_arrays(array![[1., 2.], [3., f32::NAN]], Some(vec![7, -1]))?;
    /// assert_eq!(table.labels(), Some(&[1, 0][..]));
    /// assert_eq!(table.class_names(), Some(&["-1".to_owned(), "7".to_owned()][..]));
    /// assert_eq!(table.n_missing(), 1);
    /// # Ok::<(), slt_datasets::Error>(())
    /// ```
    pub fn from_arrays(features: Array2<f32>, labels: Option<Vec<i64>>) -> Result<Self, Error> {
        let (n_samples, n_features) = features.dim();
        if n_samples == 0 || n_features == 0 {
            return Err(Error::Empty { n_samples, n_features });
        }
        if let Some(((row, column), &value)) = features.indexed_iter().find(|(_, value)| value.is_infinite())
        {
            return Err(Error::NotFinite { row, column, value: f64::from(value) });
        }
        let target = labels.map(|labels| {
            if labels.len() != n_samples {
                return Err(Error::LabelCount { n_samples, n_labels: labels.len() });
            }
            let mut classes = labels.clone();
            classes.sort_unstable();
            classes.dedup();
            if classes.len() > MAX_CLASSES {
                return Err(Error::ClassCount { n_classes: classes.len(), max: MAX_CLASSES });
            }
            let class = |label: &i64| classes.partition_point(|other| other < label) as u32;
            Ok(Target {
                name: "label".to_owned(),
                position: n_features,
                labels: labels.iter().map(class).collect(),
                classes: classes.iter().map(i64::to_string).collect(),
            })
        });
        Ok(Self {
            features: (0..n_features).map(|i| Feature { name: format!("x{i}"), levels: None }).collect(),
            values: if features.is_standard_layout() {
                features
            } else {
                features.as_standard_layout().into_owned()
            },
            target: target.transpose()?,
            ignored: Vec::new(),
            header: false,
        })
    }

    /// The same table with names for its columns, as if a file had them, and for its classes, in their order.
    ///
    /// # Errors
    ///
    /// [`Error::Preprocessing`] if there are more or fewer names than columns or classes.
    ///
    /// ```
    /// use ndarray::array;
    /// use slt_datasets::table::Table;
    ///
    /// let table = Table::from_arrays(array![[1., 2.]], Some(vec![0]))?;
    /// let table = table.with_names(Some(vec!["a".into(), "b".into()]), Some(vec!["yes".into()]))?;
    /// assert_eq!((table.feature_names().last(), table.class_names()), (Some("b"), Some(&["yes".to_owned()][..])));
    /// # Ok::<(), slt_datasets::Error>(())
    /// ```
    pub fn with_names(
        mut self,
        columns: Option<Vec<String>>,
        classes: Option<Vec<String>>,
    ) -> Result<Self, Error> {
        if let Some(columns) = columns {
            if columns.len() != self.features.len() {
                return Err(Error::Preprocessing { problem: "there must be one name for each column" });
            }
            self.features.iter_mut().zip(columns).for_each(|(feature, name)| feature.name = name);
            self.header = true;
        }
        if let (Some(classes), Some(target)) = (classes, &mut self.target) {
            if classes.len() != target.classes.len() {
                return Err(Error::Preprocessing { problem: "there must be one name for each class" });
            }
            target.classes = classes;
        }
        Ok(self)
    }

    /// A table of numbers without names that may have the labels in one of its columns, such as that of a
    /// `.npy` file; otherwise as [`from_arrays`](Self::from_arrays).
    ///
    /// # Errors
    ///
    /// As [`from_arrays`](Self::from_arrays); [`Error::CsvColumn`] for a column that is not there, where the
    /// columns are called `x0`, `x1`, ...; [`Error::NpyLabel`] for a label that is no whole number of at most
    /// 2^24 in size, the largest that single precision tells apart.
    ///
    /// ```
    /// use ndarray::array;
    /// use slt_datasets::table::{Column, Table};
    ///
    /// let table = Table::from_array(array![[0.5, 3.0], [1.5, 2.0]], Some(&Column::Last))?;
    /// assert_eq!((table.n_features(), table.labels()), (1, Some(&[1, 0][..])));
    /// # Ok::<(), slt_datasets::Error>(())
    /// ```
    pub fn from_array(array: Array2<f32>, target: Option<&Column>) -> Result<Self, Error> {
        const MAX: usize = 1 << 24;
        let Some(target) = target else { return Self::from_arrays(array, None) };
        let (n_samples, n_columns) = array.dim();
        if n_samples == 0 || n_columns < 2 {
            return Err(Error::Empty { n_samples, n_features: n_columns.saturating_sub(1) });
        }
        let place = target.find(&(0..n_columns).map(|i| format!("x{i}")).collect::<Vec<String>>())?;
        let label = |(row, &value): (usize, &f32)| match value.fract() == 0.0 && value.abs() <= MAX as f32 {
            true => Ok(value as i64),
            false => Err(Error::NpyLabel { row, value: f64::from(value), max: MAX }),
        };
        let labels =
            array.column(place).iter().enumerate().map(label).collect::<Result<Vec<i64>, Error>>()?;
        let array = if array.is_standard_layout() { array } else { array.as_standard_layout().into_owned() };
        let mut values = array.into_raw_vec_and_offset().0;
        // In place, so that a large array is not there twice.
        let mut column = 0;
        values.retain(|_| {
            let keep = column != place;
            column = if column + 1 == n_columns { 0 } else { column + 1 };
            keep
        });
        let features =
            Array2::from_shape_vec((n_samples, n_columns - 1), values).expect("one column is gone");
        let mut table = Self::from_arrays(features, Some(labels))?;
        table.target.as_mut().expect("there are labels").position = place;
        Ok(table)
    }

    /// Number of samples, at least 1.
    #[must_use]
    pub fn n_rows(&self) -> usize {
        self.values.nrows()
    }

    /// Number of columns that networks are to see, at least 1; a category counts once.
    #[must_use]
    pub fn n_features(&self) -> usize {
        self.features.len()
    }

    /// Names of these columns, in their order.
    pub fn feature_names(&self) -> impl Iterator<Item = &str> {
        self.features.iter().map(|feature| feature.name.as_str())
    }

    /// Whether the names are those of the file; otherwise they are `x0`, `x1`, ... Say so to the user: a file
    /// whose first line was taken for a sample has no header.
    #[must_use]
    pub fn has_header(&self) -> bool {
        self.header
    }

    /// Name of the column with the labels, if there is one.
    #[must_use]
    pub fn target_name(&self) -> Option<&str> {
        self.target.as_ref().map(|target| target.name.as_str())
    }

    /// The class of each row, a position in [`class_names`](Self::class_names).
    #[must_use]
    pub fn labels(&self) -> Option<&[u32]> {
        self.target.as_ref().map(|target| target.labels.as_slice())
    }

    /// The classes in their order: by value if all of them are numbers (so 2 comes before 10), else as texts.
    #[must_use]
    pub fn class_names(&self) -> Option<&[String]> {
        self.target.as_ref().map(|target| target.classes.as_slice())
    }

    /// How many values are missing.
    #[must_use]
    pub fn n_missing(&self) -> usize {
        self.values.iter().filter(|value| value.is_nan()).count()
    }

    /// The given rows in the given order; classes and categories stay.
    ///
    /// # Errors
    ///
    /// As [`Dataset::subset`](crate::Dataset::subset).
    pub fn subset(&self, rows: &[usize]) -> Result<Self, Error> {
        check_rows(rows, self.n_rows(), self.n_features())?;
        let target = self.target.as_ref().map(|target| Target {
            labels: rows.iter().map(|&row| target.labels[row]).collect(),
            name: target.name.clone(),
            classes: target.classes.clone(),
            ..*target
        });
        Ok(Self {
            features: self.features.clone(),
            values: self.values.select(Axis(0), rows),
            target,
            ignored: self.ignored.clone(),
            header: self.header,
        })
    }

    /// Training and test part, by rows that [`crate::split`] gives:
    /// [`ordered_rows`](crate::split::ordered_rows), [`shuffled_rows`](crate::split::shuffled_rows),
    /// [`stratified_rows`](crate::split::stratified_rows).
    ///
    /// # Errors
    ///
    /// As [`subset`](Self::subset).
    pub fn split(&self, rows: &Rows) -> Result<(Self, Self), Error> {
        Ok((self.subset(&rows.train)?, self.subset(&rows.test)?))
    }
}
