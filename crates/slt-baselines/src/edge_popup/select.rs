//! Which weights of a layer are kept.

use slt_core::BitMask;

use crate::Scalar;

/// How many of `n` scores are dropped when the fraction `keep` is kept: `(1 - keep) * n` in double precision, towards
/// zero. So `n_dropped(100, 0.9)` is 9, because `1 - 0.9` is a little less than 0.1.
///
/// `keep` is in [0, 1].
pub fn n_dropped(n: usize, keep: f64) -> usize {
    (((1.0 - keep) * n as f64) as usize).min(n)
}

/// The mask that drops the [`n_dropped`] scores of smallest magnitude. Of equal ones, the first are dropped.
///
/// ```
/// use slt_baselines::keep_top;
/// let mask = keep_top(&[0.5, -0.1, 0.2, -0.7], 0.5);
/// assert_eq!(mask.iter_ones().collect::<Vec<_>>(), [0, 3]);
/// ```
pub fn keep_top<T: Scalar>(scores: &[T], keep: f64) -> BitMask {
    let mut mask = vec![false; scores.len()];
    Selector::default().select(scores, n_dropped(scores.len(), keep), &mut mask);
    mask.into_iter().collect()
}

/// [`keep_top`] without allocation.
#[derive(Debug, Clone, Default)]
pub(super) struct Selector<T> {
    magnitudes: Vec<T>,
}

impl<T: Scalar> Selector<T> {
    /// Writes the mask that drops `n_dropped` scores; returns how many of its bits changed.
    pub(super) fn select(&mut self, scores: &[T], n_dropped: usize, mask: &mut [bool]) -> usize {
        let Some(last) = n_dropped.checked_sub(1) else {
            return set(mask, std::iter::repeat(true));
        };
        // A score that is not a number is on its way to an error; until then it counts as large.
        let magnitude = |s: &T| if s.is_nan() { T::infinity() } else { s.abs() };
        self.magnitudes.clear();
        self.magnitudes.extend(scores.iter().map(magnitude));
        let order = |a: &T, b: &T| a.partial_cmp(b).expect("no magnitude is NaN");
        let (below, &mut threshold, _) = self.magnitudes.select_nth_unstable_by(last, order);
        let smaller = below.iter().filter(|&&m| m < threshold).count();
        let mut ties = n_dropped - smaller;
        set(
            mask,
            scores.iter().map(|s| {
                let m = magnitude(s);
                if m == threshold && ties > 0 {
                    ties -= 1;
                    return false;
                }
                m >= threshold
            }),
        )
    }
}

/// Writes bits; returns how many changed.
fn set(mask: &mut [bool], bits: impl Iterator<Item = bool>) -> usize {
    let mut changed = 0;
    for (held, bit) in mask.iter_mut().zip(bits) {
        changed += usize::from(*held != bit);
        *held = bit;
    }
    changed
}
