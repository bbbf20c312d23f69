//! Checks that the marks share.

use crate::error::{Error, Place};
use crate::theme::PT_PER_MM;

/// A list has a certain number of values, which `expected` says in words.
pub(crate) fn count(
    at: &Place,
    field: &'static str,
    len: usize,
    is_right: bool,
    expected: impl Into<String>,
) -> Result<(), Error> {
    if is_right {
        Ok(())
    } else {
        Err(Error::Count { at: at.clone(), field, len, expected: expected.into() })
    }
}

/// A list is not empty.
pub(crate) fn some(at: &Place, field: &'static str, len: usize) -> Result<(), Error> {
    count(at, field, len, len > 0, "at least one")
}

/// A list has as many values as another.
pub(crate) fn as_many(
    at: &Place,
    (field, len): (&'static str, usize),
    (other, expected): (&'static str, usize),
) -> Result<(), Error> {
    count(at, field, len, len == expected, format!("as many as `{other}`, {expected}"))
}

/// A list is empty or has as many values as another.
pub(crate) fn none_or_as_many(
    at: &Place,
    list: (&'static str, usize),
    other: (&'static str, usize),
) -> Result<(), Error> {
    if list.1 == 0 { Ok(()) } else { as_many(at, list, other) }
}

/// Every field holds values, equally many and all finite.
pub(crate) fn columns(at: &Place, fields: &[(&'static str, &[f64])]) -> Result<(), Error> {
    let Some(&(other, first)) = fields.first() else { return Ok(()) };
    for &(field, values) in fields {
        some(at, field, values.len())?;
        as_many(at, (field, values.len()), (other, first.len()))?;
        finite(at, field, values)?;
    }
    Ok(())
}

/// Every value is finite.
pub(crate) fn finite(at: &Place, field: &str, values: &[f64]) -> Result<(), Error> {
    match values.iter().position(|value| !value.is_finite()) {
        Some(index) => value(at, format!("{field}[{index}]"), values[index], false, "finite"),
        None => Ok(()),
    }
}

/// A number is right; `expected` says in words what it must be.
pub(crate) fn value(
    at: &Place,
    field: impl Into<String>,
    value: f64,
    is_right: bool,
    expected: impl Into<String>,
) -> Result<(), Error> {
    if is_right {
        return Ok(());
    }
    Err(Error::Value { at: at.clone(), field: field.into(), value, expected: expected.into() })
}

/// A setting is finite and greater than 0.
pub(crate) fn positive(at: &Place, field: &str, setting: f64) -> Result<(), Error> {
    value(at, field, setting, setting > 0.0 && setting.is_finite(), "finite and greater than 0")
}

/// No value is less than the one before it.
pub(crate) fn sorted(at: &Place, field: &'static str, values: &[f64]) -> Result<(), Error> {
    match values.windows(2).position(|pair| pair[1] < pair[0]) {
        Some(index) => Err(Error::Order { at: at.clone(), field, index: index + 1, strict: false }),
        None => Ok(()),
    }
}

/// Every lower end is at most its upper end.
pub(crate) fn intervals(at: &Place, lower: &[f64], upper: &[f64]) -> Result<(), Error> {
    match lower.iter().zip(upper).position(|(low, high)| low > high) {
        Some(index) => {
            let expected = format!("at most `upper[{index}]`, {}", crate::error::number(upper[index]));
            value(at, format!("lower[{index}]"), lower[index], false, expected)
        }
        None => Ok(()),
    }
}

/// What something needs in points is there, but for rounding.
pub(crate) fn room(at: &Place, what: impl Into<String>, needed: f64, available: f64) -> Result<(), Error> {
    if needed <= available + 1e-6 {
        return Ok(());
    }
    let [needed_mm, available_mm] = [needed, available].map(|points| points / PT_PER_MM);
    Err(Error::NoRoom { at: at.clone(), what: what.into(), needed_mm, available_mm })
}
