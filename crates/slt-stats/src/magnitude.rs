//! Numbers whose squares are beyond the range of f64.

use std::borrow::Cow;

/// Between these nothing that is made of squares overflows or vanishes.
const ORDINARY: std::ops::RangeInclusive<f64> = 1e-100..=1e100;

/// The power of two that values are divided by before they are squared: 1 unless the largest of them is below
/// 1e-100 or above 1e100. Dividing by it is exact.
pub(crate) fn unit<'a>(values: impl IntoIterator<Item = &'a f64>) -> f64 {
    let largest = values.into_iter().fold(0.0_f64, |largest, value| largest.max(value.abs()));
    if largest == 0.0 || ORDINARY.contains(&largest) || !largest.is_finite() {
        1.0
    } else {
        libm::ldexp(1.0, libm::ilogb(largest))
    }
}

/// The values divided by a unit.
pub(crate) fn divided(values: &[f64], unit: f64) -> Cow<'_, [f64]> {
    if unit == 1.0 {
        Cow::Borrowed(values)
    } else {
        Cow::Owned(values.iter().map(|value| value / unit).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_extreme_values_are_divided() {
        for ordinary in [0.0, 1.0, -1e100, 1e-100] {
            assert_eq!(unit(&[0.0, ordinary]), 1.0);
        }
        for extreme in [1e101, -f64::MAX, 1e-101, f64::MIN_POSITIVE, 5e-324] {
            let unit = unit(&[0.0, extreme]);
            let divided = divided(&[extreme], unit)[0];
            assert!((1.0..2.0).contains(&divided.abs()), "{extreme:e}: {divided}");
            assert_eq!(divided * unit, extreme);
        }
    }
}
