use serde::{Deserialize, Serialize};

use crate::AdaptiveBound;

/// Steps smaller than this go straight to the lowest bound.
const SMALLEST_STEP: f64 = 1e-6;

/// Where an [`AdaptiveBound`] has come to.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Bound {
    /// The bound: from `lowest` to `start` of its configuration.
    pub value: f64,
    /// `r`: the next failure lowers the bound by `0.1^r`. At least the `exponent` of its configuration.
    pub exponent: f64,
}

impl Bound {
    pub(crate) fn new(config: &AdaptiveBound) -> Self {
        Self { value: config.start, exponent: config.exponent }
    }

    /// The bound that masks are held against as long as it falls; none once it has reached the lowest.
    pub(crate) fn active(&self, config: &AdaptiveBound) -> Option<f64> {
        (self.value > config.lowest).then_some(self.value)
    }

    /// A mask was accepted at this attempt, counted from 1.
    pub(crate) fn accepted_at(&mut self, attempts: u32, config: &AdaptiveBound) {
        if attempts > config.reasonable {
            let distance = f64::from(attempts) / f64::from(config.given - config.reasonable);
            self.fall(0.1 * (0.051 + 0.93 * libm::exp(-9.36 * distance)), config);
        }
    }

    /// No mask was accepted in all attempts given.
    pub(crate) fn failed(&mut self, config: &AdaptiveBound) {
        let step = libm::pow(0.1, self.exponent);
        self.fall(if step < SMALLEST_STEP { f64::INFINITY } else { step }, config);
        self.exponent += 0.15;
    }

    fn fall(&mut self, step: f64, config: &AdaptiveBound) {
        self.value = (self.value - step).max(config.lowest);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const CONFIG: AdaptiveBound =
        AdaptiveBound { start: 0.85, exponent: 1.0, lowest: 0.51, reasonable: 80, given: 100, falls: true };

    #[track_caller]
    fn check(bound: Bound, value: f64, exponent: f64) {
        assert!((bound.value - value).abs() < 1e-12, "{bound:?}, expected {value}");
        assert!((bound.exponent - exponent).abs() < 1e-12, "{bound:?}, expected {exponent}");
    }

    #[test]
    fn accepted_in_reasonable_time_it_stays() {
        let mut bound = Bound::new(&CONFIG);
        bound.accepted_at(1, &CONFIG);
        bound.accepted_at(80, &CONFIG);
        check(bound, 0.85, 1.0);
    }

    #[test]
    fn accepted_late_it_falls_by_the_exponential() {
        // 81 of 20: exp(-37.9) is nothing, 0.1 * 0.051 is left.
        let mut bound = Bound::new(&CONFIG);
        bound.accepted_at(81, &CONFIG);
        check(bound, 0.85 - 0.0051, 1.0);
        // 2 of 10: 0.1 * (0.051 + 0.93 * exp(-1.872)) with exp(-1.872) = 0.153815722...
        let wide = AdaptiveBound { reasonable: 1, given: 11, ..CONFIG };
        let mut bound = Bound::new(&wide);
        bound.accepted_at(2, &wide);
        check(bound, 0.85 - 0.1 * (0.051 + 0.93 * 0.153_815_722_533_429_26), 1.0);
    }

    #[test]
    fn failures_lower_it_by_less_each_time() {
        let mut bound = Bound::new(&CONFIG);
        bound.failed(&CONFIG);
        check(bound, 0.75, 1.15);
        bound.failed(&CONFIG);
        // 0.1^1.15 = 0.070794578...
        check(bound, 0.75 - 0.070_794_578_438_413_79, 1.3);
        for failure in 3..=15 {
            assert!(bound.active(&CONFIG).is_some(), "still above the lowest before failure {failure}");
            bound.failed(&CONFIG);
        }
        assert_eq!((bound.value, bound.active(&CONFIG)), (0.51, None));
    }

    #[test]
    fn it_goes_on_where_another_one_came_to() {
        let (mut whole, mut first) = (Bound::new(&CONFIG), Bound::new(&CONFIG));
        for bound in [&mut whole, &mut first] {
            bound.failed(&CONFIG);
            bound.accepted_at(85, &CONFIG);
        }
        let next = CONFIG.starting_at(first);
        let mut second = Bound::new(&next);
        for _ in 0..3 {
            whole.failed(&CONFIG);
            second.failed(&next);
            assert_eq!(second, whole);
        }
    }

    #[test]
    fn a_bound_that_failures_would_never_bring_down_gives_up() {
        let far = AdaptiveBound { start: 100.0, ..CONFIG };
        let mut bound = Bound::new(&far);
        let failures = (0..).take_while(|_| {
            bound.failed(&far);
            bound.active(&far).is_some()
        });
        assert_eq!(failures.count(), 34);
        assert_eq!(bound.value, 0.51);
    }
}
