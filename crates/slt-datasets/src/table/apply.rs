//! From tables to features.

use ndarray::Array2;

use super::{
    Table, levels,
    preprocessing::{Kind, Preprocessing},
};
use crate::{
    dataset::Dataset,
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
    /// [`Error::TableColumns`] for a table with other columns, which one from [`read`](Self::read) or from the same
    /// file as the training rows does not have; [`Error::MissingValue`] for a missing value that nothing stands for;
    /// [`Error::NotFinite`] for a number that scaling carries out of the range of `f32`; [`Error::TooLarge`] if the
    /// categories make too many features.
    pub fn features(&self, table: Table) -> Result<Array2<f32>, Error> {
        let steps = self.steps(&table)?;
        let (n_samples, n_features) = (table.n_rows(), self.n_features());
        let mut values = if steps.iter().all(|step| matches!(step, Step::Number { .. })) {
            // In place, so that a large table is not there twice.
            let mut values = table.values;
            for (row, mut values) in values.rows_mut().into_iter().enumerate() {
                for (index, (value, step)) in values.iter_mut().zip(&steps).enumerate() {
                    if let Step::Number { imputed, .. } = step {
                        *value = filled(*value, *imputed).ok_or_else(|| self.missing(row, index))?;
                    }
                }
            }
            if let Some(resize) = self.resize() {
                values = resized(values, resize);
            }
            if let Some(scaler) = self.scaler() {
                for mut values in values.rows_mut() {
                    for (index, value) in values.iter_mut().enumerate() {
                        *value = scaler.scale(*value, index);
                    }
                }
            }
            values
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
        if let Some(((row, column), &value)) = values.indexed_iter().find(|(_, value)| !value.is_finite()) {
            return Err(Error::NotFinite { row, column, value: f64::from(value) });
        }
        if !values.is_standard_layout() {
            values = values.as_standard_layout().into_owned();
        }
        Ok(values)
    }

    /// Features and labels of all rows, with the classes of the training table.
    ///
    /// # Errors
    ///
    /// [`Error::NoLabels`] if the table or the training table has none; [`Error::UnknownClass`] for a label that
    /// training did not know; otherwise as [`features`](Self::features).
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
