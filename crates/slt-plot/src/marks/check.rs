//! Checks that the marks share.

use crate::error::{Error, MarkPlace};
use crate::theme::PT_PER_MM;

/// A named field of a mark.
pub(crate) type Field<'a> = (&'static str, &'a [f64]);

/// Every field holds values, equally many and all finite.
pub(crate) fn columns(at: &MarkPlace, fields: &[Field<'_>]) -> Result<(), Error> {
    let Some(&(other, first)) = fields.first() else { return Ok(()) };
    for &(field, values) in fields {
        if values.is_empty() {
            return Err(Error::Empty { at: at.clone(), field });
        }
        if values.len() != first.len() {
            let (len, expected) = (values.len(), first.len());
            return Err(Error::LengthMismatch { at: at.clone(), field, len, other, expected });
        }
        finite(at, field, values)?;
    }
    Ok(())
}

/// Every value is finite.
pub(crate) fn finite(at: &MarkPlace, field: &'static str, values: &[f64]) -> Result<(), Error> {
    match values.iter().position(|value| !value.is_finite()) {
        Some(index) => Err(Error::NotFinite { at: at.clone(), field, index, value: values[index] }),
        None => Ok(()),
    }
}

/// No value is less than the one before it.
pub(crate) fn sorted(at: &MarkPlace, field: &'static str, values: &[f64]) -> Result<(), Error> {
    match values.windows(2).position(|pair| pair[1] < pair[0]) {
        Some(index) => Err(Error::NotSorted { at: at.clone(), field, index: index + 1 }),
        None => Ok(()),
    }
}

/// Every lower end is at most its upper end.
pub(crate) fn intervals(at: &MarkPlace, lower: &[f64], upper: &[f64]) -> Result<(), Error> {
    match lower.iter().zip(upper).position(|(low, high)| low > high) {
        Some(index) => {
            let (lower, upper) = (lower[index], upper[index]);
            Err(Error::ReversedInterval { at: at.clone(), index, lower, upper })
        }
        None => Ok(()),
    }
}

/// A setting lies in `(above, max]`.
pub(crate) fn setting(
    at: &MarkPlace,
    field: &'static str,
    value: f64,
    above: f64,
    max: f64,
) -> Result<(), Error> {
    if value > above && value <= max {
        Ok(())
    } else {
        Err(Error::Setting { at: at.clone(), field, value, above, max })
    }
}

/// The points that a mark needs are there, but for rounding.
pub(super) fn room(
    at: &MarkPlace,
    direction: &'static str,
    needed: f64,
    available: f64,
) -> Result<(), Error> {
    if needed <= available + 1e-6 {
        return Ok(());
    }
    let [needed_mm, available_mm] = [needed, available].map(|points| points / PT_PER_MM);
    Err(Error::DoesNotFit { at: at.clone(), direction, needed_mm, available_mm })
}
