//! Checks that the marks share.

use std::fmt::Display;

use crate::draw::text::unsupported_character;
use crate::error::{Error, Place, number};
use crate::theme::PT_PER_MM;

/// A list has a certain number of values, which `expected` says in words.
pub(crate) fn count(
    at: &Place,
    field: &str,
    len: usize,
    is_right: bool,
    expected: impl Display,
) -> Result<(), Error> {
    at.require(is_right, format_args!("`{field}` has {len} values; it must have {expected}"))
}

/// A list is not empty.
pub(crate) fn some(at: &Place, field: &str, len: usize) -> Result<(), Error> {
    count(at, field, len, len > 0, "at least one")
}

/// A list has as many values as another.
pub(crate) fn as_many(
    at: &Place,
    (field, len): (&str, usize),
    (other, expected): (&str, usize),
) -> Result<(), Error> {
    count(at, field, len, len == expected, format_args!("as many as `{other}`, {expected}"))
}

/// A list is empty or has as many values as another.
pub(crate) fn none_or_as_many(at: &Place, list: (&str, usize), other: (&str, usize)) -> Result<(), Error> {
    if list.1 == 0 { Ok(()) } else { as_many(at, list, other) }
}

/// Every field holds values, equally many and all finite.
pub(crate) fn columns(at: &Place, fields: &[(&str, &[f64])]) -> Result<(), Error> {
    fields.iter().try_for_each(|&(field, values)| {
        some(at, field, values.len())?;
        as_many(at, (field, values.len()), (fields[0].0, fields[0].1.len()))?;
        finite(at, field, values)
    })
}

/// Every value is finite.
pub(crate) fn finite(at: &Place, field: &str, values: &[f64]) -> Result<(), Error> {
    let mut values = values.iter().enumerate();
    values.try_for_each(|(i, v)| value(at, format_args!("{field}[{i}]"), *v, v.is_finite(), "finite"))
}

/// A number is right; `expected` says in words what it must be.
pub(crate) fn value(
    at: &Place,
    field: impl Display,
    value: f64,
    is_right: bool,
    expected: impl Display,
) -> Result<(), Error> {
    // Most numbers are right and need not be written.
    let number = if is_right { String::new() } else { number(value) };
    at.require(is_right, format_args!("`{field}` is {number}; it must be {expected}"))
}

/// A setting is finite and greater than 0.
pub(crate) fn positive(at: &Place, field: &str, setting: f64) -> Result<(), Error> {
    value(at, field, setting, setting > 0.0 && setting.is_finite(), "finite and greater than 0")
}

/// A setting is greater than 0 and at most `most`.
pub(crate) fn up_to(at: &Place, field: &str, setting: f64, most: f64) -> Result<(), Error> {
    let is_right = setting > 0.0 && setting <= most;
    value(at, field, setting, is_right, format_args!("greater than 0 and at most {most}"))
}

/// No value is less than the one before it.
pub(crate) fn sorted(at: &Place, field: &str, values: &[f64]) -> Result<(), Error> {
    let fault = "is less than the value before it; the values must not fall";
    ordered(at, field, values, |pair| pair[1] >= pair[0], fault)
}

/// Every value is greater than the one before it.
pub(crate) fn rising(at: &Place, field: &str, values: &[f64]) -> Result<(), Error> {
    let fault = "does not exceed the value before it; the values must rise";
    ordered(at, field, values, |pair| pair[1] > pair[0], fault)
}

fn ordered(
    at: &Place,
    field: &str,
    values: &[f64],
    is_right: fn(&[f64]) -> bool,
    fault: &str,
) -> Result<(), Error> {
    let mut pairs = values.windows(2).enumerate();
    pairs.try_for_each(|(i, pair)| at.require(is_right(pair), format_args!("`{field}[{}]` {fault}", i + 1)))
}

/// Every lower end is at most its upper end.
pub(crate) fn intervals(at: &Place, lower: &[f64], upper: &[f64]) -> Result<(), Error> {
    lower.iter().zip(upper).position(|(low, high)| low > high).map_or(Ok(()), |i| {
        let expected = format_args!("at most `upper[{i}]`, {}", number(upper[i]));
        value(at, format_args!("lower[{i}]"), lower[i], false, expected)
    })
}

/// The bundled font has every character.
pub(crate) fn characters<'t>(at: &Place, texts: impl IntoIterator<Item = &'t str>) -> Result<(), Error> {
    let lacks = "which the bundled font cannot show";
    texts.into_iter().try_for_each(|text| match unsupported_character(text) {
        Some(c) => at.require(false, format_args!("\"{text}\" has the character {c:?}, {lacks}")),
        None => Ok(()),
    })
}

/// What something needs in points is there, but for rounding.
pub(crate) fn room(at: &Place, what: impl Display, needed: f64, available: f64) -> Result<(), Error> {
    let [need, free] = [needed, available].map(|points| format!("{:.1} mm", points / PT_PER_MM));
    let problem = format_args!("{what} needs {need} where {free} are free; shorten it or enlarge the figure");
    at.require(needed <= available + 1e-6, problem)
}
