//! Whether numbers rise or fall along an order.

use slt_stats::{Alternative, spearman};

/// Spearman's correlation of the numbers with their places; `None` if all are equal.
pub(super) fn rank_correlation(values: &[f64]) -> Option<f64> {
    let places: Vec<f64> = (0..values.len()).map(|place| place as f64).collect();
    spearman(&places, values, Alternative::TwoSided).ok().map(|correlation| correlation.rho)
}

/// Whether they fall from the first to the last: the last is lower, and so is their tendency, though one in
/// between may step back.
pub(super) fn falls(values: &[f64]) -> bool {
    values.last() < values.first() && rank_correlation(values).is_some_and(|rho| rho < 0.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tendencies() {
        assert!(falls(&[4.0, 2.0, 3.0, 1.0]) && !falls(&[1.0, 3.0, 2.0, 4.0]));
        // The last is lower than the first, but there is no tendency.
        assert!(!falls(&[3.0, 1.0, 4.0, 2.0]));
        assert!(!falls(&[1.0, 1.0]) && rank_correlation(&[1.0, 1.0, 1.0]).is_none());
    }
}
