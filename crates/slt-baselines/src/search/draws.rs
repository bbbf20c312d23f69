//! Draws without replacement, as scikit-learn makes them.

use std::collections::BTreeSet;

use slt_datasets::numpy::RandomState;

/// `count` different numbers below `n` (all of them if there are fewer), in the order of
/// `sklearn.utils.random.sample_without_replacement` with the same `random_state`.
///
/// | share of `n` | how |
/// |---|---|
/// | up to 1 % | numbers below `n`, drawn anew if they came before |
/// | 1 % to 99 % | the beginning of a permutation of `0..n` |
/// | from 99 % | reservoir sampling |
///
/// ```
/// use slt_baselines::draw_without_replacement;
/// assert_eq!(draw_without_replacement(5, 3, 42), [1, 4, 2]);
/// ```
pub fn draw_without_replacement(n: usize, count: usize, random_state: u32) -> Vec<usize> {
    let count = count.min(n);
    let mut random = RandomState::new(random_state);
    let share = if n == 0 { 1.0 } else { count as f64 / n as f64 };
    if share > 0.01 && share < 0.99 {
        let mut order = random.permutation(n);
        order.truncate(count);
        return order;
    }
    let mut below = |n: usize| random.random_interval(n as u64 - 1) as usize;
    if share < 0.2 {
        let mut seen = BTreeSet::new();
        return std::iter::repeat_with(|| below(n)).filter(|&i| seen.insert(i)).take(count).collect();
    }
    let mut reservoir: Vec<usize> = (0..count).collect();
    for i in count..n {
        let place = below(i + 1);
        if place < count {
            reservoir[place] = i;
        }
    }
    reservoir
}
