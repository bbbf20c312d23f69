//! What is learned from the training rows.

use ndarray::ArrayView1;

use super::{
    Feature, Table,
    apply::resized,
    fitted::{FittedColumn, Kind},
    levels,
    missing::Missing,
    preprocessing::{FittedTarget, Parts, Preprocessing},
};
use crate::{
    error::{Error, excerpt},
    resize::Resize,
    scaling::{Scaler, ScalerKind},
};

impl Preprocessing {
    /// Learns from training rows.
    ///
    /// Values for missing ones come from the values that are there. The categories of a column are those of
    /// the training rows, sorted by value if all are numbers, else as texts. The scaler is fitted on the
    /// columns of numbers, after missing values were filled in; indicators of categories stay 0 and 1. The
    /// classes are those of the whole table that the rows were taken from.
    ///
    /// # Errors
    ///
    /// [`Error::MissingValue`] if a value is missing and [`Missing::Refuse`] is asked for;
    /// [`Error::NoValues`] for a column without any value; [`Error::ScalerParameters`] as [`Scaler::fit`].
    pub fn fit(train: &Table, missing: Missing, scaling: Option<ScalerKind>) -> Result<Self, Error> {
        Self::fit_any(train, missing, None, scaling)
    }

    /// The same of images that are averaged down to `side` times `side` pixels: after missing values were
    /// filled in, before the scaler is fitted.
    ///
    /// # Errors
    ///
    /// As [`fit`](Self::fit); [`Error::Resize`] if the columns are not as many as the pixels of such an
    /// image, [`Error::ResizeCategories`] if one is of categories.
    ///
    /// ```
    /// use ndarray::array;
    /// use slt_datasets::{scaling::ScalerKind, table::{Missing, Preprocessing, Table}};
    ///
    /// let images = array![[0.0, 0.0, 0.0, 40.0], [20.0, 0.0, 0.0, 0.0]];
    /// let train = Table::from_arrays(images, Some(vec![0, 1]))?;
    /// let preprocessing = Preprocessing::fit_images(&train, Missing::Refuse, 1, Some(ScalerKind::MaxAbsGlobal))?;
    /// assert_eq!(preprocessing.dataset(train, "corners")?.values(), [1.0, 0.5]);
    /// # Ok::<(), slt_datasets::Error>(())
    /// ```
    pub fn fit_images(
        train: &Table,
        missing: Missing,
        side: usize,
        scaling: Option<ScalerKind>,
    ) -> Result<Self, Error> {
        if let Some(feature) = train.features.iter().find(|feature| feature.levels.is_some()) {
            return Err(Error::ResizeCategories { column: excerpt(&feature.name) });
        }
        Self::fit_any(train, missing, Some(Resize::new(train.n_features(), side)?), scaling)
    }

    fn fit_any(
        train: &Table,
        missing: Missing,
        resize: Option<Resize>,
        scaling: Option<ScalerKind>,
    ) -> Result<Self, Error> {
        let mut columns = Vec::with_capacity(train.n_features());
        for (feature, values) in train.features.iter().zip(train.values.columns()) {
            let first_missing = values.iter().position(|value| value.is_nan());
            if let (Missing::Refuse, Some(row)) = (missing, first_missing) {
                return Err(Error::MissingValue { row, column: excerpt(&feature.name) });
            }
            columns.push(fit_column(feature, &values, missing)?);
        }
        let numbers: Vec<(usize, f32)> = columns
            .iter()
            .enumerate()
            .filter_map(|(index, column)| match column.kind {
                Kind::Numeric { imputed } => Some((index, imputed.unwrap_or(0.0))),
                Kind::Categorical { .. } => None,
            })
            .collect();
        let columns_of_numbers = numbers.iter().map(|&(index, imputed)| {
            let fill = move |&value: &f32| if value.is_nan() { imputed } else { value };
            train.values.column(index).into_iter().map(fill)
        });
        let scaler = match (scaling, resize) {
            (Some(kind), Some(resize)) => {
                let mut images = train.values.clone();
                for (mut image, column) in images.columns_mut().into_iter().zip(columns_of_numbers) {
                    image.iter_mut().zip(column).for_each(|(value, filled)| *value = filled);
                }
                let images = resized(images, resize);
                let pixels = images.columns().into_iter().map(|pixel| pixel.into_iter().copied());
                Some(Scaler::fit_columns(pixels, kind)?)
            }
            (Some(kind), None) if !numbers.is_empty() => Some(Scaler::fit_columns(columns_of_numbers, kind)?),
            _ => None,
        };
        let target = train.target.as_ref().map(|target| FittedTarget {
            name: target.name.clone(),
            position: target.position,
            classes: target.classes.clone(),
        });
        let (ignored, header) = (train.ignored.clone(), train.header);
        let resize = resize.map(|resize| resize.to_side());
        Self::try_from(Parts { columns, resize, target, scaler, ignored, header })
    }
}

fn fit_column(
    feature: &Feature,
    values: &ArrayView1<'_, f32>,
    missing: Missing,
) -> Result<FittedColumn, Error> {
    let name = feature.name.clone();
    let present = values.iter().copied().filter(|value| !value.is_nan());
    let Some(names) = &feature.levels else {
        // A copy of one column at a time, and none where it is not needed.
        let imputed = match missing {
            Missing::Refuse => None,
            _ => {
                let present: Vec<f32> = present.collect();
                if present.is_empty() {
                    return Err(Error::NoValues { column: excerpt(&name) });
                }
                missing.value_of(present)
            }
        };
        return Ok(FittedColumn { name, kind: Kind::Numeric { imputed } });
    };
    let mut counts = vec![0_usize; names.len()];
    for value in present {
        counts[value as usize] += 1;
    }
    let mut levels: Vec<String> =
        names.iter().zip(&counts).filter(|(_, count)| **count > 0).map(|(name, _)| name.clone()).collect();
    if levels.is_empty() {
        return Err(Error::NoValues { column: excerpt(&name) });
    }
    levels::sort(&mut levels);
    let count_of: Vec<usize> = levels::positions(&levels, names)
        .into_iter()
        .map(|place| counts[place.expect("the levels are some of the names") as usize])
        .collect();
    // `max_by_key` takes the last of equals.
    let most = (0..levels.len()).rev().max_by_key(|&level| count_of[level]);
    let imputed = most.filter(|_| missing != Missing::Refuse);
    Ok(FittedColumn { name, kind: Kind::Categorical { levels, imputed } })
}
