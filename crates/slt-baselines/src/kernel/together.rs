//! The weighted sums of several units that have the same sources.

use super::rows::Row;
use crate::Scalar;
use slt_simd::unfused::{LANES, Lanes, Vectors};

/// Targets that [`weighted_sums`] takes at once: with one or two vectors of each, their sums fit the registers.
pub(crate) const TOGETHER: usize = 5;

/// [`weighted_sum`](super::rows::weighted_sum) for several targets with the same sources:
/// `out[t] = start[t] + sum of w[t] * rows[i]`, and [ReLU](super::rows::relu) with `RELU`. Each row is read once for all
/// of them, and the numbers are those of one target at a time.
#[inline(always)]
pub(crate) fn weighted_sums<I: Vectors, T: Scalar, const RELU: bool>(
    lanes: usize,
    start: &[T; TOGETHER],
    terms: &(impl Iterator<Item = (usize, [T; TOGETHER])> + Clone),
    rows: &[Row<T>],
    out: &mut [Row<T>; TOGETHER],
) {
    // Eight `f64` are two registers.
    if size_of::<T>() == 4 {
        for from in (0..lanes).step_by(2 * LANES) {
            sums_part::<I, T, RELU, 2>(from, start, terms.clone(), rows, out);
        }
    } else {
        for from in (0..lanes).step_by(LANES) {
            sums_part::<I, T, RELU, 1>(from, start, terms.clone(), rows, out);
        }
    }
}

/// [`weighted_sums`] on `N` vectors that begin at lane `from`.
#[inline(always)]
fn sums_part<I: Vectors, T: Scalar, const RELU: bool, const N: usize>(
    from: usize,
    start: &[T; TOGETHER],
    terms: impl Iterator<Item = (usize, [T; TOGETHER])>,
    rows: &[Row<T>],
    out: &mut [Row<T>; TOGETHER],
) {
    let mut sums = [[I::Vector::<T>::splat(start[0]); N]; TOGETHER];
    for t in 0..TOGETHER {
        sums[t] = [I::Vector::<T>::splat(start[t]); N];
    }
    for (i, weights) in terms {
        let (values, _) = rows[i].0[from..from + N * LANES].as_chunks::<LANES>();
        for n in 0..N {
            let values = I::Vector::<T>::load(&values[n]);
            for t in 0..TOGETHER {
                sums[t][n] = sums[t][n].accumulate(I::Vector::<T>::splat(weights[t]), values);
            }
        }
    }
    for t in 0..TOGETHER {
        let (values, _) = out[t].0[from..from + N * LANES].as_chunks_mut::<LANES>();
        for n in 0..N {
            let sum = sums[t][n];
            (if RELU { sum.gate(sum) } else { sum }).store(&mut values[n]);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::rows::{BLOCK, relu, weighted_sum};
    use super::*;
    use slt_simd::unfused::{Pass, Portable, run};

    /// Sums of several units at once and one by one.
    struct Both<'a, T>(&'a [Row<T>], &'a mut [Row<T>; TOGETHER], &'a mut [Row<T>; TOGETHER], usize);

    impl<T: Scalar> Pass for Both<'_, T> {
        fn run<I: Vectors>(self) {
            let Both(rows, together, single, lanes) = self;
            let weight = |i: usize, t: usize| T::of(libm::sin((i * TOGETHER + t) as f64));
            let start: [T; TOGETHER] = std::array::from_fn(|t| weight(40, t));
            let terms = (0..rows.len()).map(|i| (i, std::array::from_fn(|t| weight(i, t))));
            weighted_sums::<I, T, true>(lanes, &start, &terms, rows, together);
            for (t, out) in single.iter_mut().enumerate() {
                let terms = (0..rows.len()).map(|i| (i, weight(i, t)));
                weighted_sum::<I, T, false>(lanes, start[t], terms, rows, out);
                relu::<I, T>(out);
            }
        }
    }

    fn together_as_one_by_one<T: Scalar>() {
        let value = |i: usize| T::of(libm::sin(i as f64 * 1.7) * 3.0);
        let rows: Vec<Row<T>> =
            (0..7).map(|r| Row(std::array::from_fn(|lane| value(r * BLOCK + lane)))).collect();
        for lanes in [BLOCK / 2, BLOCK] {
            let new = || [Row::<T>::zero(); TOGETHER];
            let ((mut a, mut b), (mut c, mut d)) = ((new(), new()), (new(), new()));
            run(Both(&rows, &mut a, &mut b, lanes));
            Both(&rows, &mut c, &mut d, lanes).run::<Portable>();
            for t in 0..TOGETHER {
                assert!(a[t].0 == b[t].0 && b[t].0 == c[t].0 && c[t].0 == d[t].0);
                assert!(a[t].0[..lanes].iter().any(|x| *x > T::zero()));
            }
        }
    }

    #[test]
    fn units_together_have_the_bits_of_single_ones() {
        together_as_one_by_one::<f32>();
        together_as_one_by_one::<f64>();
    }
}
