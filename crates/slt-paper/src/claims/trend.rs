//! Whether numbers rise or fall along an order.

use slt_stats::{Alternative, spearman};

/// Spearman's correlation of the numbers with their places; `None` if all are equal.
pub(super) fn rank_correlation(values: &[f64]) -> Option<f64> {
    let places: Vec<f64> = (0..values.len()).map(|place| place as f64).collect();
    spearman(&places, values, Alternative::TwoSided).ok().map(|correlation| correlation.rho)
}

/// Whether they rise from the first to the last: the last is higher, and so is their tendency, though one in between may
/// step back.
pub(super) fn rises(values: &[f64]) -> bool {
    values.last() > values.first() && rank_correlation(values).is_some_and(|rho| rho > 0.0)
}

/// Whether they fall from the first to the last; see [`rises`].
pub(super) fn falls(values: &[f64]) -> bool {
    values.last() < values.first() && rank_correlation(values).is_some_and(|rho| rho < 0.0)
}

/// Whether each is below the one before it.
pub(super) fn falls_at_each_step(values: &[f64]) -> bool {
    values.windows(2).all(|pair| pair[1] < pair[0])
}

/// Whether `value` is at most `width` away from `centre`.
pub(super) fn within(value: f64, width: f64, centre: f64) -> bool {
    (value - centre).abs() <= width
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tendencies_and_steps() {
        assert!(rises(&[1.0, 3.0, 2.0, 4.0]) && !falls(&[1.0, 3.0, 2.0, 4.0]));
        assert!(falls(&[4.0, 2.0, 3.0, 1.0]) && !falls_at_each_step(&[4.0, 2.0, 3.0, 1.0]));
        assert!(falls_at_each_step(&[4.0, 3.0, 1.0]) && !falls_at_each_step(&[4.0, 4.0, 1.0]));
        // The last is higher than the first, but there is no tendency.
        assert!(!rises(&[2.0, 4.0, 1.0, 3.0]));
        assert!(!rises(&[1.0, 1.0]) && !falls(&[1.0, 1.0]) && rank_correlation(&[1.0, 1.0, 1.0]).is_none());
    }

    #[test]
    fn the_ends_of_a_window_are_in_it() {
        assert!(within(12.0, 3.0, 9.0) && within(6.0, 3.0, 9.0));
        assert!(!within(12.001, 3.0, 9.0) && !within(f64::NAN, 3.0, 9.0));
    }
}
