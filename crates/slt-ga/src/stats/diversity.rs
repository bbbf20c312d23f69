use slt_core::BitMask;

/// Mean share of bits in which two of the masks differ, over all pairs: 0 if all are equal, about 1/2 for
/// random masks. 0 for fewer than two masks, or masks without bits.
///
/// With `c_i` masks of `n` in which bit `i` is set, the distances of all pairs add up to the sum of
/// `c_i (n - c_i)`. The counts of 64 bits are kept as bit planes: plane `k` holds bit `k` of each count, so a
/// mask is added with a few word operations, and the sums of `c_i` and `c_i^2` follow from population counts
/// of the planes and their intersections. All of it is exact.
///
/// ```
/// use slt_core::BitMask;
/// use slt_ga::diversity;
/// let masks = [BitMask::zeros(8), BitMask::ones(8), BitMask::zeros(8)];
/// assert_eq!(diversity(&masks), 2.0 / 3.0);
/// ```
///
/// # Shapes
/// All masks have the same number of bits.
///
/// # Panics
/// If a mask has fewer bits than the first.
pub fn diversity<'a, I>(masks: I) -> f64
where
    I: IntoIterator<Item = &'a BitMask>,
    I::IntoIter: Clone,
{
    let masks = masks.into_iter();
    let n = masks.clone().count() as u64;
    let Some(first) = masks.clone().next().filter(|mask| n > 1 && !mask.is_empty()) else { return 0.0 };
    let mut planes = vec![0_u64; (u64::BITS - n.leading_zeros()) as usize];
    let mut distances = 0_u128;
    for w in 0..first.words().len() {
        planes.fill(0);
        for mask in masks.clone() {
            let mut carry = mask.words()[w];
            for plane in &mut planes {
                (*plane, carry) = (*plane ^ carry, *plane & carry);
            }
        }
        distances += sum_of_distances(&planes, n);
    }
    let pairs = u128::from(n) * u128::from(n - 1) / 2;
    distances as f64 / (pairs * first.len() as u128) as f64
}

/// The sum of `c (n - c)` over the 64 counts `c` in the planes.
fn sum_of_distances(planes: &[u64], n: u64) -> u128 {
    let ones = |word: u64| u128::from(word.count_ones());
    let (mut counts, mut squares) = (0, 0);
    for (j, &a) in planes.iter().enumerate() {
        counts += ones(a) << j;
        squares += ones(a) << (2 * j);
        for (k, &b) in planes.iter().enumerate().skip(j + 1) {
            squares += ones(a & b) << (j + k + 1);
        }
    }
    u128::from(n) * counts - squares
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use slt_core::{Purpose, Seed};

    proptest! {
        #[test]
        fn is_the_mean_over_all_pairs(n in 2..70_usize, bits in 1..200_usize, equal in 0..70_usize, seed: u64) {
            let mut rng = Seed(seed).stream(Purpose::new("test"), 0, 0);
            let mut masks: Vec<_> = (0..n).map(|_| BitMask::random(bits, &mut rng)).collect();
            let first = masks[0].clone();
            masks[..equal.min(n)].fill(first);
            let mut sum = 0;
            for (i, a) in masks.iter().enumerate() {
                sum += masks[..i].iter().map(|b| a.hamming_distance(b)).sum::<usize>();
            }
            let pairs = n * (n - 1) / 2;
            prop_assert_eq!(diversity(&masks), sum as f64 / (pairs * bits) as f64);
        }
    }

    #[test]
    fn of_nobody_and_of_one() {
        assert_eq!(diversity(&[]), 0.0);
        assert_eq!(diversity(&[BitMask::ones(5)]), 0.0);
    }
}
