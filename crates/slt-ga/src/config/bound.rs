use serde::{Deserialize, Serialize};

/// A bound on the performance of random masks that falls where it turns out to be too ambitious.
///
/// Masks for the first population and for migrants are drawn, each from one random stream, until one
/// reaches the bound. How many attempts that took decides how the bound goes on:
///
/// - at most `reasonable`: it stays;
/// - more: with `d = attempts / (given - reasonable)` it falls by `0.1 (0.051 + 0.93 exp(-9.36 d))`;
/// - none of `given` attempts: it falls by `0.1^r`, where `r` is 1 at first and grows by 0.15 each time,
///   and the same stream goes on.
///
/// It never falls below `lowest`. There, masks are taken without being held against it. Failures alone
/// lower it by at most 0.3424 in all, as the steps form a geometric series; once a step would be smaller
/// than 1e-6 the bound goes to `lowest` at once, so that drawing always ends. The amounts are made for
/// performances that are accuracies.
///
/// | name | default | range |
/// |---|---|---|
/// | `start` | 0.85 | at least `lowest` |
/// | `lowest` | 0.51 | finite |
/// | `reasonable` | set by the user | at least 1 |
/// | `given` | set by the user | more than `reasonable` |
///
/// The published search limits seconds, not attempts. Over the time that one of its attempts takes, its
/// limits come to (360, 450), (190, 240), (140, 175) and (80, 100) attempts for masks of 80, 300, 400 and
/// 2,700 bits.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AdaptiveBound {
    /// The bound at first.
    pub start: f64,
    /// Where it stops to fall and to be asked for.
    pub lowest: f64,
    /// Attempts for one mask that leave the bound as it is.
    pub reasonable: u32,
    /// Attempts for one mask before the bound falls and drawing goes on.
    pub given: u32,
}

impl AdaptiveBound {
    /// From 0.85 down to 0.51.
    pub fn paper(reasonable: u32, given: u32) -> Self {
        Self { start: 0.85, lowest: 0.51, reasonable, given }
    }
}
