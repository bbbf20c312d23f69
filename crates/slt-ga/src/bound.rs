//! The bound that random masks are held against: how it is configured, and how it falls.

use serde::{Deserialize, Serialize};

/// Steps smaller than this go straight to the lowest bound.
const SMALLEST_STEP: f64 = 1e-6;

/// A bound on the performance of random masks, that falls where it turns out to be too ambitious.
///
/// Masks for the first population and for migrants are drawn, each from one random stream, until one
/// reaches the bound. How many attempts that took decides how the bound goes on:
///
/// - at most `reasonable`: it stays;
/// - more: with `d = attempts / (given - reasonable)` it falls by `0.1 (0.051 + 0.93 exp(-9.36 d))`;
/// - none of `given` attempts: it falls by `0.1^r`, where `r` is `exponent` at first and grows by 0.15 each
///   time, and the same stream goes on.
///
/// It never falls below `lowest`. There, masks are taken without being held against it: from the first one if
/// `start` is `lowest`. Failures alone lower it by at most 0.3424 in all if `exponent` is 1, as the steps
/// form a geometric series; once a step would be smaller than 1e-6 the bound goes to `lowest` at once, so
/// that drawing always ends. The amounts are made for performances that are accuracies.
///
/// | name | [`paper`](Self::paper) | [`fixed`](Self::fixed) | range |
/// |---|---|---|---|
/// | `start` | 0.85 | set by the user | finite, at least `lowest` |
/// | `exponent` | 1 | 1, not used | finite, at least 1 |
/// | `lowest` | 0.51 | as `start`, not used | finite |
/// | `reasonable` | set by the user | as `given`, not used | at least 1 |
/// | `given` | set by the user | set by the user | more than `reasonable` if the bound falls, else at least 1 |
/// | `falls` | yes | no | |
///
/// The published search limits seconds, not attempts. Over the time that one of its attempts takes, its
/// limits come to (360, 450), (190, 240), (140, 175) and (80, 100) attempts for masks of 80, 300, 400 and
/// 2,700 bits.
///
/// # A bound that does not fall
///
/// With `falls` off the bound is `start` throughout, whatever `lowest`, `exponent` and `reasonable` are. A
/// mask for which none of `given` attempts reaches it is the best of these attempts: the one of the highest
/// performance, the first of equals. So that it is known which, the objective is asked for exact
/// performances, without a floor.
///
/// # From one run to the next
///
/// The published code carries the bound and `r` from run to run of a process: only the first one starts at
/// 0.85. [`Outcome::bound`](crate::Outcome::bound) is what a run leaves behind,
/// [`starting_at`](Self::starting_at) starts the next one there:
///
/// ```
/// use slt_core::{BitMask, Objective, Score, Seed};
/// use slt_ga::{AdaptiveBound, GaConfig, run};
/// # struct Share;
/// # impl Objective for Share {
/// #     fn n_bits(&self) -> usize { 40 }
/// #     fn evaluate(&self, masks: &[&BitMask], _floor: Option<f64>) -> Vec<Score> {
/// #         masks.iter().map(|mask| Score::Exact(mask.count_ones() as f64 / 40.0)).collect()
/// #     }
/// # }
/// # let objective = Share; // of ones
/// let mut config = GaConfig::paper_adaptive(8, 10);
/// let mut starts = Vec::new();
/// for seed in 1..=3 {
///     starts.push(config.bound.unwrap().start);
///     let outcome = run(&objective, &config, Seed(seed), &mut ())?;
///     config.bound = config.bound.zip(outcome.bound).map(|(bound, left)| bound.starting_at(left));
/// }
/// assert!(starts[0] == 0.85 && starts[1] < 0.85 && starts[2] <= starts[1]);
/// # Ok::<(), slt_ga::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AdaptiveBound {
    /// The bound at first.
    pub start: f64,
    /// `r` at first: the first failure lowers the bound by `0.1^r`.
    pub exponent: f64,
    /// Where it stops to fall and to be asked for.
    pub lowest: f64,
    /// Attempts for one mask that leave the bound as it is.
    pub reasonable: u32,
    /// Attempts for one mask before the bound falls and drawing goes on or, if it does not fall, before the
    /// best of them is taken.
    pub given: u32,
    /// Whether it falls at all.
    pub falls: bool,
}

impl AdaptiveBound {
    /// From 0.85 down to 0.51.
    pub fn paper(reasonable: u32, given: u32) -> Self {
        Self { start: 0.85, exponent: 1.0, lowest: 0.51, reasonable, given, falls: true }
    }

    /// A bound that stays where it is: a mask reaches `value`, or is the best of `given`.
    ///
    /// ```
    /// use slt_ga::{AdaptiveBound, GaConfig};
    /// let config = GaConfig { bound: Some(AdaptiveBound::fixed(0.7, 100)), ..GaConfig::paper() };
    /// config.validate()?;
    /// # Ok::<(), slt_ga::Error>(())
    /// ```
    pub fn fixed(value: f64, given: u32) -> Self {
        Self { start: value, exponent: 1.0, lowest: value, reasonable: given, given, falls: false }
    }

    /// The same, but starting where another run came to.
    pub fn starting_at(self, bound: Bound) -> Self {
        Self { start: bound.value, exponent: bound.exponent, ..self }
    }
}

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
