//! Samples in lanes: a [`Row`] holds what one unit does on a block of samples.

use crate::Scalar;
use slt_simd::unfused::{LANES, Lanes, Pass, Vectors, sum};

/// Samples in a block.
pub(crate) const BLOCK: usize = 64;

/// The values of one unit on the samples of a block.
#[derive(Debug, Clone, Copy)]
#[repr(C, align(64))]
pub(crate) struct Row<T>(pub(crate) [T; BLOCK]);

impl<T: Scalar> Row<T> {
    /// All zeros.
    pub(crate) fn zero() -> Self {
        Self([T::zero(); BLOCK])
    }
}

/// Lanes worth computing for `used` samples: half a block or a whole one.
#[inline(always)]
pub(crate) fn lanes_for(used: usize) -> usize {
    if used <= BLOCK / 2 { BLOCK / 2 } else { BLOCK }
}

/// `out = start + sum of w * rows[i]` over the terms `(i, w)` in their order; with `CONTINUE`, what `out` holds is the
/// start.
#[inline(always)]
pub(crate) fn weighted_sum<I: Vectors, T: Scalar, const CONTINUE: bool>(
    lanes: usize,
    start: T,
    terms: impl Iterator<Item = (usize, T)> + Clone,
    rows: &[Row<T>],
    out: &mut Row<T>,
) {
    // As many vectors as fit into half of the registers.
    if size_of::<T>() == 4 && lanes == BLOCK {
        sum_part::<I, T, CONTINUE, 8>(0, start, terms, rows, out);
    } else {
        for from in (0..lanes).step_by(4 * LANES) {
            sum_part::<I, T, CONTINUE, 4>(from, start, terms.clone(), rows, out);
        }
    }
}

/// [`weighted_sum`] on `N` vectors that begin at lane `from`.
#[inline(always)]
fn sum_part<I: Vectors, T: Scalar, const CONTINUE: bool, const N: usize>(
    from: usize,
    start: T,
    terms: impl Iterator<Item = (usize, T)>,
    rows: &[Row<T>],
    out: &mut Row<T>,
) {
    let mut sums = [I::Vector::<T>::splat(start); N];
    if CONTINUE {
        for (sum, values) in sums.iter_mut().zip(vectors(out, from)) {
            *sum = I::Vector::<T>::load(values);
        }
    }
    for (i, weight) in terms {
        let weight = I::Vector::<T>::splat(weight);
        let (values, _) = rows[i].0[from..from + N * LANES].as_chunks::<LANES>();
        for n in 0..N {
            sums[n] = sums[n].accumulate(weight, I::Vector::<T>::load(&values[n]));
        }
    }
    let (values, _) = out.0[from..from + N * LANES].as_chunks_mut::<LANES>();
    for n in 0..N {
        sums[n].store(&mut values[n]);
    }
}

#[inline(always)]
fn vectors<T>(row: &Row<T>, from: usize) -> &[[T; LANES]] {
    row.0[from..].as_chunks().0
}

/// Adds the products of `sources` and `targets`, lane by lane: `sums[s * n + t] += sources[s] * targets[t]` over the
/// vectors of a block, where `n` is the number of targets. Summing the eight lanes gives the weight gradient.
#[inline(always)]
pub(crate) fn outer_products<I: Vectors, T: Scalar>(
    lanes: usize,
    sources: &[Row<T>],
    targets: &[Row<T>],
    sums: &mut [[T; LANES]],
) {
    if lanes == BLOCK {
        products::<I, T, { BLOCK / LANES }>(sources, targets, sums);
    } else {
        products::<I, T, { BLOCK / LANES / 2 }>(sources, targets, sums);
    }
}

/// [`outer_products`] over the first `V` vectors, in tiles that fit the registers.
#[inline(always)]
fn products<I: Vectors, T: Scalar, const V: usize>(
    sources: &[Row<T>],
    targets: &[Row<T>],
    sums: &mut [[T; LANES]],
) {
    let n = targets.len();
    let whole = n / 4 * 4;
    for from in (0..whole).step_by(4) {
        columns::<I, T, V, 2, 4>(sources, &targets[from..], &mut sums[from..], n);
    }
    if whole < n {
        let (targets, sums) = (&targets[whole..], &mut sums[whole..]);
        match n - whole {
            1 => columns::<I, T, V, 4, 1>(sources, targets, sums, n),
            2 => columns::<I, T, V, 4, 2>(sources, targets, sums, n),
            _ => columns::<I, T, V, 2, 3>(sources, targets, sums, n),
        }
    }
}

/// [`products`] for the first `B` targets, `A` sources at a time.
#[inline(always)]
fn columns<I: Vectors, T: Scalar, const V: usize, const A: usize, const B: usize>(
    sources: &[Row<T>],
    targets: &[Row<T>],
    sums: &mut [[T; LANES]],
    stride: usize,
) {
    let Some(targets) = targets.first_chunk::<B>() else { return };
    let (tiles, rest) = sources.as_chunks::<A>();
    for (i, tile_sources) in tiles.iter().enumerate() {
        tile::<I, T, V, A, B>(tile_sources, targets, &mut sums[i * A * stride..], stride);
    }
    for (i, source) in rest.iter().enumerate() {
        let start = (tiles.len() * A + i) * stride;
        tile::<I, T, V, 1, B>(std::array::from_ref(source), targets, &mut sums[start..], stride);
    }
}

#[inline(always)]
fn tile<I: Vectors, T: Scalar, const V: usize, const A: usize, const B: usize>(
    sources: &[Row<T>; A],
    targets: &[Row<T>; B],
    sums: &mut [[T; LANES]],
    stride: usize,
) {
    let mut held = [[I::Vector::<T>::splat(T::zero()); B]; A];
    for a in 0..A {
        for b in 0..B {
            held[a][b] = I::Vector::<T>::load(&sums[a * stride + b]);
        }
    }
    for v in 0..V {
        for a in 0..A {
            let source = I::Vector::<T>::load(&vectors(&sources[a], 0)[v]);
            for b in 0..B {
                let target = I::Vector::<T>::load(&vectors(&targets[b], 0)[v]);
                held[a][b] = held[a][b].accumulate(source, target);
            }
        }
    }
    for a in 0..A {
        for b in 0..B {
            held[a][b].store(&mut sums[a * stride + b]);
        }
    }
}

/// Adds the vectors of each row: `sums[t] += targets[t]`. Summing the eight lanes gives the bias gradient.
#[inline(always)]
pub(crate) fn add_rows<T: Scalar>(lanes: usize, targets: &[Row<T>], sums: &mut [[T; LANES]]) {
    for (row, sum) in targets.iter().zip(sums) {
        for values in &vectors(row, 0)[..lanes / LANES] {
            for i in 0..LANES {
                sum[i] += values[i];
            }
        }
    }
}

/// The sums of the lanes of each vector; see [`sum`].
#[derive(Debug)]
pub(super) struct Sums<'a, T>(pub(super) &'a [[T; LANES]], pub(super) &'a mut Vec<T>);

impl<T: Scalar> Pass for Sums<'_, T> {
    #[inline(always)]
    fn run<I: Vectors>(self) {
        let Sums(vectors, out) = self;
        out.clear();
        let (eights, rest) = vectors.as_chunks();
        for eight in eights {
            out.extend_from_slice(&I::Vector::<T>::sums(eight));
        }
        out.extend(rest.iter().map(sum));
    }
}

/// ReLU: `x > 0 ? x : +0`.
#[inline(always)]
pub(crate) fn relu<I: Vectors, T: Scalar>(row: &mut Row<T>) {
    for values in row.0.as_chunks_mut::<LANES>().0 {
        let x = I::Vector::<T>::load(values);
        x.gate(x).store(values);
    }
}

/// Zeroes `row` where the unit is off, that is, where its activation is not above zero.
#[inline(always)]
pub(crate) fn gate<I: Vectors, T: Scalar>(activation: &Row<T>, row: &mut Row<T>) {
    for (values, activation) in row.0.as_chunks_mut::<LANES>().0.iter_mut().zip(vectors(activation, 0)) {
        I::Vector::<T>::load(values).gate(I::Vector::<T>::load(activation)).store(values);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use slt_simd::unfused::{Portable, run};

    /// Sums and products of some rows.
    struct Both<'a, T>(&'a [Row<T>], &'a mut [Row<T>], &'a mut [[T; LANES]], usize);

    impl<T: Scalar> Pass for Both<'_, T> {
        fn run<I: Vectors>(self) {
            let Both(rows, out, sums, lanes) = self;
            let terms = (0..rows.len()).map(|i| (i, T::of(i as f64 * 0.37 - 1.0)));
            weighted_sum::<I, T, false>(lanes, T::of(0.1), terms.clone(), rows, &mut out[0]);
            out[1] = out[0];
            weighted_sum::<I, T, true>(lanes, T::zero(), terms, rows, &mut out[1]);
            relu::<I, T>(&mut out[1]);
            gate::<I, T>(&rows[0], &mut out[0]);
            for n in 1..=rows.len() {
                outer_products::<I, T>(lanes, rows, &rows[..n], &mut sums[..rows.len() * n]);
            }
        }
    }

    fn instruction_sets_agree<T: Scalar>() {
        let value = |i: usize| T::of(libm::sin(i as f64 * 1.7) * 3.0);
        let rows: Vec<Row<T>> =
            (0..7).map(|r| Row(std::array::from_fn(|lane| value(r * BLOCK + lane)))).collect();
        for lanes in [BLOCK / 2, BLOCK] {
            let new = || (vec![Row::<T>::zero(); 2], vec![[T::zero(); LANES]; 49]);
            let ((mut a, mut p), (mut b, mut q)) = (new(), new());
            run(Both(&rows, &mut a, &mut p, lanes));
            Both(&rows, &mut b, &mut q, lanes).run::<Portable>();
            assert!(a.iter().zip(&b).all(|(a, b)| a.0 == b.0));
            assert_eq!(p, q);
            // One sum and one product by hand.
            let by_hand = (0..7).fold(T::of(0.1), |sum, i| sum + T::of(i as f64 * 0.37 - 1.0) * rows[i].0[5]);
            assert_eq!(a[0].0[5], if rows[0].0[5] > T::zero() { by_hand } else { T::zero() });
            assert!((0..lanes).all(|i| a[1].0[i] >= T::zero()));
            let total: f64 = (0..lanes).map(|i| (rows[0].0[i] * rows[0].0[i]).to_double()).sum();
            assert!((sum(&p[0]).to_double() / 7.0 - total).abs() < 1e-5 * total);
        }
    }

    #[test]
    fn instruction_sets_agree_to_the_bit() {
        instruction_sets_agree::<f32>();
        instruction_sets_agree::<f64>();
    }
}
