//! Which weights of a layer are kept.

use slt_core::BitMask;

use crate::Scalar;
use crate::kernel::{Divide, Pass, Vectors, run, spread};

/// How many of `n` scores are dropped when the fraction `keep` is kept: `(1 - keep) * n` in double precision,
/// towards zero. So `n_dropped(100, 0.9)` is 9, because `1 - 0.9` is a little less than 0.1.
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
    Selector::default().cut(scores, n_dropped(scores.len(), keep)).mask(scores).collect()
}

/// What is dropped: scores of a magnitude below the threshold, and the first `n_dropped` of those at it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Cut<T> {
    threshold: T,
    /// How many scores are at the threshold.
    n_equal: usize,
    /// How many of those are dropped.
    n_dropped: usize,
}

/// The magnitude of a score. One that is not a number is on its way to an error; until then it counts as
/// large.
#[inline(always)]
fn magnitude<T: Scalar>(score: T) -> T {
    if score.is_nan() { T::infinity() } else { score.abs() }
}

impl<T: Scalar> Cut<T> {
    /// Whether each of the scores is kept, in order.
    pub(super) fn mask(self, scores: &[T]) -> impl Iterator<Item = bool> {
        let mut ties = self.n_dropped;
        scores.iter().map(move |&score| {
            let m = magnitude(score);
            let dropped = m < self.threshold || (m == self.threshold && ties > 0);
            ties -= usize::from(dropped && m == self.threshold);
            !dropped
        })
    }

    /// Weights whose score is kept, and zeros.
    pub(super) fn apply(self, scores: &[T], weights: &[T], out: &mut [T]) {
        if self.n_equal == self.n_dropped {
            return spread(Masking { scores, weights, threshold: self.threshold, out });
        }
        for ((kept, &weight), out) in self.mask(scores).zip(weights).zip(out) {
            *out = if kept { weight } else { T::zero() };
        }
    }
}

/// Weights with a score above the threshold, and zeros.
struct Masking<'a, T> {
    scores: &'a [T],
    weights: &'a [T],
    threshold: T,
    out: &'a mut [T],
}

impl<T: Scalar> Pass for Masking<'_, T> {
    #[inline(always)]
    fn run<I: Vectors>(self) {
        let Self { scores, weights, threshold, out } = self;
        for ((&score, &weight), out) in scores.iter().zip(weights).zip(out) {
            *out = if magnitude(score) > threshold { weight } else { T::zero() };
        }
    }
}

impl<T: Scalar> Divide for Masking<'_, T> {
    fn cost(&self) -> usize {
        // Memory is what it costs.
        8 * self.out.len()
    }

    fn divide(self) -> Result<(Self, Self), Self> {
        let half = self.out.len() / 2;
        let (scores, weights) = (self.scores.split_at(half), self.weights.split_at(half));
        let (out, rest) = self.out.split_at_mut(half);
        Ok((
            Masking { scores: scores.0, weights: weights.0, out, ..self },
            Masking { scores: scores.1, weights: weights.1, out: rest, ..self },
        ))
    }
}

/// Finds the cut of scores that change little from one time to the next: only those about the last threshold
/// are ordered.
#[derive(Debug, Clone, Default)]
pub(super) struct Selector<T> {
    threshold: T,
    /// How far from the last threshold the next one is looked for.
    reach: T,
    candidates: Vec<T>,
}

/// One in so many scores is to be a candidate.
const CANDIDATES: usize = 1024;

impl<T: Scalar> Selector<T> {
    /// The cut that drops `n_dropped` scores.
    pub(super) fn cut(&mut self, scores: &[T], n_dropped: usize) -> Cut<T> {
        let Some(rank) = n_dropped.checked_sub(1) else {
            return Cut { threshold: T::neg_infinity(), n_equal: 0, n_dropped: 0 };
        };
        let mut below = 0;
        let window = (self.threshold - self.reach, self.threshold + self.reach);
        run(Count { scores, window, below: &mut below, candidates: &mut self.candidates });
        if (below..below + self.candidates.len()).contains(&rank) {
            let wanted = T::of((scores.len() / CANDIDATES) as f64 / self.candidates.len() as f64);
            self.reach *= wanted.max(T::of(0.5)).min(T::of(2.0));
        } else {
            below = 0;
            self.candidates.clear();
            self.candidates.extend(scores.iter().map(|&score| magnitude(score)));
            self.reach += self.reach;
        }
        let order = |a: &T, b: &T| a.partial_cmp(b).expect("no magnitude is NaN");
        let (smaller, &mut threshold, larger) = self.candidates.select_nth_unstable_by(rank - below, order);
        let equal = |part: &[T]| part.iter().filter(|&&m| m == threshold).count();
        let smaller_equal = equal(smaller);
        self.threshold = threshold;
        self.reach = self.reach.max(threshold / T::of(CANDIDATES as f64));
        Cut { threshold, n_equal: smaller_equal + 1 + equal(larger), n_dropped: smaller_equal + 1 }
    }
}

/// Counts the magnitudes below a window, and collects those in it.
struct Count<'a, T> {
    scores: &'a [T],
    window: (T, T),
    below: &'a mut usize,
    candidates: &'a mut Vec<T>,
}

impl<T: Scalar> Pass for Count<'_, T> {
    #[inline(always)]
    fn run<I: Vectors>(self) {
        let Self { scores, window: (low, high), below, candidates } = self;
        candidates.clear();
        let (chunks, rest) = scores.as_chunks::<16>();
        let mut collect = |scores: &[T]| {
            for &score in scores {
                let m = magnitude(score);
                if m < low {
                    *below += 1;
                } else if m <= high {
                    candidates.push(m);
                }
            }
        };
        let mut far_below = 0;
        for chunk in chunks {
            let (mut n_below, mut n_above) = (0, 0);
            for &score in chunk {
                let m = magnitude(score);
                n_below += u32::from(m < low);
                n_above += u32::from(m > high);
            }
            if n_below + n_above == 16 {
                far_below += n_below as usize;
            } else {
                collect(chunk);
            }
        }
        collect(rest);
        *below += far_below;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is dropped by definition: the first of all in order of magnitude, of equal ones those that come
    /// first.
    fn by_sorting(scores: &[f32], n_dropped: usize) -> Vec<bool> {
        let mut order: Vec<usize> = (0..scores.len()).collect();
        order.sort_by(|&a, &b| magnitude(scores[a]).total_cmp(&magnitude(scores[b])).then(a.cmp(&b)));
        let mut kept = vec![true; scores.len()];
        order[..n_dropped].iter().for_each(|&i| kept[i] = false);
        kept
    }

    /// From one time to the next, scores change a little, not at all, a lot, or become equal.
    #[test]
    fn cuts_of_changing_scores_are_those_of_sorting() {
        let mut state = 1_u32;
        let mut random = move || {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (state >> 8) as f32 / (1 << 23) as f32 - 1.0
        };
        for n in [1, 16, 100, 5_000] {
            for n_dropped in [0, 1, n / 3, n - 1, n] {
                let mut scores: Vec<f32> = (0..n).map(|_| random()).collect();
                let weights: Vec<f32> = (0..n).map(|_| random() + 2.0).collect();
                let (mut selector, mut masked) = (Selector::default(), vec![0.0; n]);
                for time in 0..40 {
                    match time % 10 {
                        7 => scores.iter_mut().for_each(|s| *s = random() * 3.0),
                        8 => scores.iter_mut().for_each(|s| *s = (*s * 4.0).round() / 4.0),
                        9 => scores[time % n] = f32::NAN,
                        _ => scores.iter_mut().for_each(|s| *s += 1e-4 * random()),
                    }
                    let (cut, kept) = (selector.cut(&scores, n_dropped), by_sorting(&scores, n_dropped));
                    assert!(cut.mask(&scores).eq(kept.iter().copied()), "{n} {n_dropped} {time}");
                    cut.apply(&scores, &weights, &mut masked);
                    let expected = kept.iter().zip(&weights).map(|(&kept, &w)| if kept { w } else { 0.0 });
                    assert!(masked.iter().copied().eq(expected), "{n} {n_dropped} {time}");
                    if time % 10 == 9 {
                        scores[time % n] = random();
                    }
                }
            }
        }
    }
}
