use slt_core::StreamRng;
use slt_core::random::unit_f64;

use super::{Ranked, SurvivorSelection};

/// Roulette: survivors are drawn one after the other, without replacement, with probability proportional
/// to a weight.
///
/// The weight is the performance where none is negative, as for an accuracy. Where one is, as for a negated
/// loss, it is the performance minus the worst one present. An individual of weight 0 survives only once no
/// other is left; then all that are left are equally likely. Each survivor takes one draw.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Roulette;

/// Performances reach up to the largest finite number. Scaled by this, their differences and the sums of
/// these do not overflow; a power of two keeps their proportions.
const SCALE: f64 = 1.0 / (1_u128 << 64) as f64;

impl SurvivorSelection for Roulette {
    fn select(&self, ranked: &[Ranked<'_>], n: usize, rng: &mut StreamRng) -> Vec<usize> {
        let performances = ranked.iter().map(|candidate| candidate.rank.performance);
        let worst = performances.clone().next_back().map_or(0.0, |worst| worst.min(0.0));
        let mut left: Vec<(usize, f64)> =
            performances.map(|p| p * SCALE - worst * SCALE).enumerate().collect();
        (0..n).map(|_| left.remove(spin(&left, unit_f64(rng))).0).collect()
    }
}

/// The place at which the ball stops that is thrown to `throw`, in [0, 1), of the whole wheel.
fn spin(wheel: &[(usize, f64)], throw: f64) -> usize {
    let total: f64 = wheel.iter().map(|(_, weight)| weight).sum();
    if total <= 0.0 {
        return (throw * wheel.len() as f64) as usize;
    }
    let mut rest = throw * total;
    // Rounding may carry the ball past the end: it stops at the last place that has a weight.
    let mut last = 0;
    for (place, &(_, weight)) in wheel.iter().enumerate().filter(|(_, (_, weight))| *weight > 0.0) {
        if rest < weight {
            return place;
        }
        rest -= weight;
        last = place;
    }
    last
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_ball_stops_in_proportion() {
        let wheel = [(0, 3.0), (1, 0.0), (2, 1.0)];
        assert_eq!(spin(&wheel, 0.0), 0);
        assert_eq!(spin(&wheel, 0.7499), 0);
        assert_eq!(spin(&wheel, 0.75), 2);
        assert_eq!(spin(&wheel, 1.0), 2, "past the end by rounding");
        assert_eq!(spin(&[(0, 0.0), (1, 0.0)], 0.5), 1, "nothing has weight");
    }
}
