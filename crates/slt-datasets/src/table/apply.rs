//! From tables to features.

use ndarray::{Array2, ArrayView2};

use super::{Table, fitted::Kind, levels, preprocessing::Preprocessing};
use crate::{
    dataset::{Dataset, first_not_finite},
    error::{Error, excerpt},
    generators::MAX_VALUES,
    resize::Resize,
};

/// How the value of a column becomes features.
enum Step<'a> {
    /// A number, with what stands for a missing one and its place among the numbers.
    Number { imputed: Option<f32>, index: usize },
    /// A category: the new level of each level of the table, and what stands for a missing one.
    Category { level_of: Vec<Option<u32>>, n_levels: usize, imputed: Option<usize>, name: &'a str },
}

impl Preprocessing {
    /// The features of all rows.
    ///
    /// # Shapes
    ///
    /// The result is `n_rows x `[`n_features`](Self::n_features).
    ///
    /// # Errors
    ///
    /// [`Error::TableColumns`] for a table with other columns, which one from [`read`](Self::read) or from
    /// the same file as the training rows does not have; [`Error::MissingValue`] for a missing value that
    /// nothing stands for; [`Error::NotFinite`] for a number that scaling carries out of the range of `f32`;
    /// [`Error::TooLarge`] if the categories make too many features.
    pub fn features(&self, table: Table) -> Result<Array2<f32>, Error> {
        let steps = self.steps(&table)?;
        let (n_samples, n_features) = (table.n_rows(), self.n_features());
        let values = if steps.iter().all(|step| matches!(step, Step::Number { .. })) {
            let imputed = |step: &Step<'_>| match *step {
                Step::Number { imputed, .. } => imputed,
                Step::Category { .. } => None,
            };
            let imputed: Vec<Option<f32>> = steps.iter().map(imputed).collect();
            self.numbers(table.values, &imputed)?
        } else {
            if n_samples.checked_mul(n_features).is_none_or(|values| values > MAX_VALUES) {
                return Err(Error::TooLarge { n_samples, n_features, max: MAX_VALUES });
            }
            let mut features = Vec::with_capacity(n_samples * n_features);
            for (row, values) in table.values.rows().into_iter().enumerate() {
                for (column, (&value, step)) in values.iter().zip(&steps).enumerate() {
                    match step {
                        Step::Number { imputed, index } => features.push(
                            self.number(value, *imputed, *index).ok_or_else(|| self.missing(row, column))?,
                        ),
                        Step::Category { level_of, n_levels, imputed, .. } => {
                            let level = match value.is_nan() {
                                true => Some(imputed.ok_or_else(|| self.missing(row, column))?),
                                false => level_of[value as usize].map(|level| level as usize),
                            };
                            let start = features.len();
                            features.resize(start + n_levels, 0.0);
                            if let Some(level) = level {
                                features[start + level] = 1.0;
                            }
                        }
                    }
                }
            }
            Array2::from_shape_vec((n_samples, n_features), features).expect("every row is complete")
        };
        finite(values)
    }

    /// The features of rows of numbers, whose columns are in the order of the training file, labels left out.
    /// They need no names, and so less than a [`Table`] of their own. NaN is a missing value.
    ///
    /// # Shapes
    ///
    /// `rows` is `n_rows x `[`n_columns`](Self::n_columns), the result
    /// `n_rows x `[`n_features`](Self::n_features), row-major.
    ///
    /// # Errors
    ///
    /// [`Error::Preprocessing`] if a column is of categories; [`Error::TableColumns`] for another number of
    /// columns; otherwise as [`features`](Self::features).
    ///
    /// ```
    /// use ndarray::array;
    /// use slt_datasets::{scaling::ScalerKind, table::{Missing, Preprocessing, Table}};
    ///
    /// let train = Table::from_arrays(array![[0.0, 1.0], [4.0, 3.0]], Some(vec![0, 1]))?;
    /// let preprocessing = Preprocessing::fit(&train, Missing::Refuse, Some(ScalerKind::Standard))?;
    /// let rows = array![[2.0, 5.0]];
    /// assert_eq!(preprocessing.features_of_rows(&rows.view())?, array![[0.0, 3.0]]);
    /// # Ok::<(), slt_datasets::Error>(())
    /// ```
    pub fn features_of_rows(&self, rows: &ArrayView2<'_, f32>) -> Result<Array2<f32>, Error> {
        let columns = &self.parts().columns;
        if rows.ncols() != columns.len() {
            return Err(Error::TableColumns { found: rows.ncols(), expected: columns.len() });
        }
        let imputed = columns.iter().map(|column| match column.kind {
            Kind::Numeric { imputed } => Ok(imputed),
            Kind::Categorical { .. } => Err(Error::Preprocessing { problem: "a column is of categories" }),
        });
        let imputed = imputed.collect::<Result<Vec<_>, _>>()?;
        finite(self.numbers(rows.as_standard_layout().into_owned(), &imputed)?)
    }

    /// Numbers filled in, averaged down and scaled. In place, so that a large table is not there twice.
    fn numbers(&self, mut values: Array2<f32>, imputed: &[Option<f32>]) -> Result<Array2<f32>, Error> {
        // All at once is vector code, and most tables have none missing.
        if values.iter().fold(false, |any, value| any | value.is_nan()) {
            for (row, mut values) in values.rows_mut().into_iter().enumerate() {
                for (index, (value, &imputed)) in values.iter_mut().zip(imputed).enumerate() {
                    *value = filled(*value, imputed).ok_or_else(|| self.missing(row, index))?;
                }
            }
        }
        if let Some(resize) = self.resize() {
            values = resized(values, resize);
        }
        if let Some(scaler) = self.scaler() {
            scaler.scale_rows(&mut values);
        }
        Ok(values)
    }

    /// Features and labels of all rows, with the classes of the training table.
    ///
    /// # Errors
    ///
    /// [`Error::NoLabels`] if the table or the training table has none; [`Error::UnknownClass`] for a label
    /// that training did not know; otherwise as [`features`](Self::features).
    pub fn dataset(&self, mut table: Table, name: impl Into<String>) -> Result<Dataset, Error> {
        let (Some(target), Some(classes)) = (table.target.take(), self.class_names()) else {
            return Err(Error::NoLabels);
        };
        let class_of = levels::positions(&target.classes, classes);
        let class = |(row, &label): (usize, &u32)| {
            class_of[label as usize].ok_or_else(|| {
                let label = excerpt(&target.classes[label as usize]);
                Error::UnknownClass { row, label, known: super::column::listed(classes) }
            })
        };
        let labels = target.labels.iter().enumerate().map(class).collect::<Result<Vec<u32>, Error>>()?;
        Dataset::new(name, self.features(table)?, labels, classes.len())
    }

    /// Categories of a table that the training rows did not have, as pairs of column and category.
    ///
    /// # Errors
    ///
    /// [`Error::TableColumns`] for a table with other columns.
    pub fn unknown_categories(&self, table: &Table) -> Result<Vec<(String, String)>, Error> {
        let mut unknown = Vec::new();
        for (step, feature) in self.steps(table)?.iter().zip(&table.features) {
            if let (Step::Category { level_of, name, .. }, Some(levels)) = (step, &feature.levels) {
                let new = levels.iter().zip(level_of).filter(|(_, level)| level.is_none());
                unknown.extend(new.map(|(text, _)| ((*name).to_owned(), text.clone())));
            }
        }
        Ok(unknown)
    }

    fn steps(&self, table: &Table) -> Result<Vec<Step<'_>>, Error> {
        let columns = &self.parts().columns;
        let differs = || Error::TableColumns { found: table.n_features(), expected: columns.len() };
        if table.n_features() != columns.len() {
            return Err(differs());
        }
        let mut n_numbers = 0;
        let mut steps = Vec::with_capacity(columns.len());
        for (column, feature) in columns.iter().zip(&table.features) {
            if column.name != feature.name {
                return Err(differs());
            }
            steps.push(match (&column.kind, &feature.levels) {
                (Kind::Numeric { imputed }, None) => {
                    n_numbers += 1;
                    Step::Number { imputed: *imputed, index: n_numbers - 1 }
                }
                (Kind::Categorical { levels, imputed }, Some(names)) => Step::Category {
                    level_of: levels::positions(names, levels),
                    n_levels: levels.len(),
                    imputed: *imputed,
                    name: &column.name,
                },
                _ => return Err(differs()),
            });
        }
        Ok(steps)
    }

    /// A number filled in and scaled; `None` if it is missing.
    fn number(&self, value: f32, imputed: Option<f32>, index: usize) -> Option<f32> {
        let value = filled(value, imputed)?;
        Some(self.scaler().map_or(value, |scaler| scaler.scale(value, index)))
    }

    fn missing(&self, row: usize, column: usize) -> Error {
        Error::MissingValue { row, column: excerpt(&self.parts().columns[column].name) }
    }
}

/// The values, row-major, if all of them are finite.
fn finite(values: Array2<f32>) -> Result<Array2<f32>, Error> {
    if let Some((row, column, value)) = first_not_finite(&values) {
        return Err(Error::NotFinite { row, column, value });
    }
    Ok(if values.is_standard_layout() { values } else { values.as_standard_layout().into_owned() })
}

/// A number, or what stands for it if it is missing.
fn filled(value: f32, imputed: Option<f32>) -> Option<f32> {
    if value.is_nan() { imputed } else { Some(value) }
}

/// Images averaged down, one a row. In place, so that large images are not there twice.
pub(super) fn resized(images: Array2<f32>, resize: Resize) -> Array2<f32> {
    let (n_samples, n_pixels) = images.dim();
    let images = if images.is_standard_layout() { images } else { images.as_standard_layout().into_owned() };
    let mut values = images.into_raw_vec_and_offset().0;
    let n_features = resize.n_features();
    let mut small = vec![0.0; n_features];
    for row in 0..n_samples {
        resize.write(&values[row * n_pixels..][..n_pixels], &mut small);
        values[row * n_features..][..n_features].copy_from_slice(&small);
    }
    values.truncate(n_samples * n_features);
    values.shrink_to_fit();
    Array2::from_shape_vec((n_samples, n_features), values).expect("every row is complete")
}
