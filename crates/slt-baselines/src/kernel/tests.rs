//! Every way to a number gives the same bits: instruction sets, tiles, parts of a pass, lists, and a plain
//! loop.

use ndarray::Array2;
use slt_simd::unfused::{Portable, run, sum};

use super::*;
use crate::{Samples, Scalar};
use batch::{Sources, Units};
use sparse::SparseSums;
use sums::{Direction, Finish, Start, WeightedSums};

/// Numbers between -1 and 1 that look random; of sixteen, so many are zero.
fn numbers<T: Scalar>(n: usize, salt: u32, zeros: u32) -> Vec<T> {
    let number = |i: u32| {
        let hash =
            (i ^ (salt << 16)).wrapping_mul(0x9E37_79B1).rotate_left(13).wrapping_mul(0x85EB_CA6B) >> 7;
        if hash % 16 < zeros { T::zero() } else { T::of(f64::from(hash) / f64::from(1 << 24) - 1.0) }
    };
    (0..n as u32).map(number).collect()
}

/// Samples in three classes. Zeros come in runs, so that whole groups are zero, too.
fn batch<T: Scalar>(n_samples: usize, n_features: usize, zeros: u32) -> Batch<T> {
    let mut values = numbers::<T>(n_samples * n_features, 1, zeros);
    for (i, value) in values.iter_mut().enumerate() {
        let (sample, feature) = (i / n_features, i % n_features);
        if zeros > 0 && (sample / 16 + feature) % 3 == 0 {
            *value = T::zero();
        }
    }
    let labels = (0..n_samples).map(|i| (i * i % 3) as u32).collect();
    let features = Array2::from_shape_vec((n_samples, n_features), values).unwrap();
    Batch::pack(&Samples::new(features, labels, 3).unwrap(), 0..n_samples)
}

/// Fills `n` zeros by a pass: as the processor would, with portable code, and in as many parts as it can be
/// cut into. The three are the same, and are what is returned.
macro_rules! three_ways {
    ($zeros:expr, |$out:ident| $pass:expr) => {{
        let (mut wide, mut portable, mut parts) = ($zeros, $zeros, $zeros);
        let $out = &mut wide[..];
        run($pass);
        let $out = &mut portable[..];
        $pass.run::<Portable>();
        let $out = &mut parts[..];
        in_parts($pass);
        assert_eq!(format!("{wide:?}"), format!("{portable:?}"));
        assert_eq!(format!("{wide:?}"), format!("{parts:?}"));
        wide
    }};
}

fn in_parts(pass: impl Divide) {
    match pass.divide() {
        Ok((first, second)) => {
            in_parts(first);
            in_parts(second);
        }
        Err(pass) => run(pass),
    }
}

fn sums_are_those_of_a_plain_loop<T: Scalar>() {
    for (n_in, n_out, n_samples) in [(7, 23, 77), (40, 3, 64), (1, 8, 5), (12, 90, 130)] {
        for (direction, n_sums, n_terms) in
            [(Direction::Forward, n_out, n_in), (Direction::Backward, n_in, n_out)]
        {
            let batch = batch::<T>(n_samples, n_terms, 0);
            let terms = batch.features().units;
            let gates = self::batch::<T>(n_samples, n_sums, 0);
            let (weights, biases) = (numbers::<T>(n_in * n_out, 3, 9), numbers::<T>(n_sums, 4, 0));
            let zeros = || vec![lanes::Group::zero(); n_sums * batch.n_groups()];
            let by_hand = |sum: usize, sample: usize| {
                let (group, lane) = (sample / LANES, sample % LANES);
                (0..n_terms).fold(biases[sum], |total, term| {
                    let weight = match direction {
                        Direction::Forward => weights[term * n_out + sum],
                        Direction::Backward => weights[sum * n_out + term],
                    };
                    total + weight * terms.at(group)[term].0[lane]
                })
            };
            let finishes = [Finish::Keep, Finish::Relu, Finish::Gate(gates.features().units)];
            for (masked, finish) in [false, true].iter().flat_map(|&m| finishes.map(|f| (m, f))) {
                let (start, first, weights) = (Start::At(&biases[..]), 0, &weights[..]);
                let out = three_ways!(zeros(), |out| WeightedSums {
                    weights,
                    n_out,
                    masked,
                    direction,
                    terms,
                    start,
                    finish,
                    first,
                    out
                });
                for (sample, sum) in (0..n_samples).flat_map(|i| (0..n_sums).map(move |s| (i, s))) {
                    let got = out[sample / LANES * n_sums + sum].0[sample % LANES];
                    let expected = by_hand(sum, sample);
                    let on = match finish {
                        Finish::Keep => true,
                        Finish::Relu => expected > T::zero(),
                        Finish::Gate(units) => units.at(sample / LANES)[sum].0[sample % LANES] > T::zero(),
                    };
                    assert!(got == if on { expected } else { T::zero() }, "{direction:?} {sum} {sample}");
                }
            }
        }
    }
}

#[test]
fn sums_are_those_of_a_plain_loop_in_both_precisions() {
    sums_are_those_of_a_plain_loop::<f32>();
    sums_are_those_of_a_plain_loop::<f64>();
}

fn sparse_samples_are_summed_as_dense_ones<T: Scalar>() {
    for n_out in [8, 13, 16, 50, 64, 100] {
        let batch = batch::<T>(77, 30, 11);
        let samples = batch.sparse().expect("most features are zero");
        let (weights, biases) = (numbers::<T>(30 * n_out, 5, 2), numbers::<T>(n_out, 6, 0));
        let zeros = || vec![lanes::Group::zero(); n_out * batch.n_groups()];
        for (relu, finish) in [(false, Finish::Keep), (true, Finish::Relu)] {
            let (weights, biases, first) = (&weights[..], &biases[..], 0);
            let sparse =
                three_ways!(zeros(), |out| SparseSums { samples, weights, biases, relu, first, out });
            let mut dense = zeros();
            run(WeightedSums {
                weights,
                n_out,
                masked: false,
                direction: Direction::Forward,
                terms: batch.features().units,
                start: Start::At(biases),
                finish,
                first,
                out: &mut dense,
            });
            // The last group has lanes without a sample.
            for sample in 0..77 {
                for target in 0..n_out {
                    let i = sample / LANES * n_out + target;
                    assert!(sparse[i].0[sample % LANES] == dense[i].0[sample % LANES]);
                }
            }
        }
    }
}

#[test]
fn sparse_samples_are_summed_as_dense_ones_in_both_precisions() {
    sparse_samples_are_summed_as_dense_ones::<f32>();
    sparse_samples_are_summed_as_dense_ones::<f64>();
}

fn gradients_are_those_of_a_plain_loop<T: Scalar>() {
    for (n_in, n_out, zeros) in [(37, 13, 0), (37, 13, 11), (3, 2, 0), (50, 1, 0), (9, 8, 11), (20, 5, 0)] {
        let (sources, deltas) = (batch::<T>(77, n_in, zeros), batch::<T>(77, n_out, 0));
        let deltas = deltas.features().units;
        let zeros = || vec![T::zero(); n_in * n_out];
        let factors = (sources.features(), deltas);
        let got = three_ways!(zeros(), |out| Gradient::new([factors], Keep(out)));
        let dense = (Sources::from(sources.features().units), deltas);
        assert_eq!(got, three_ways!(zeros(), |out| Gradient::new([dense], Keep(out))));
        let by_hand = |source: usize, target: usize| {
            let mut lanes = [T::zero(); LANES];
            for group in 0..deltas.n_groups() {
                let values = sources.features().units.at(group)[source];
                for i in 0..LANES {
                    lanes[i] += values.0[i] * deltas.at(group)[target].0[i];
                }
            }
            sum(&lanes)
        };
        let expected: Vec<T> = (0..n_in * n_out).map(|i| by_hand(i / n_out, i % n_out)).collect();
        assert_eq!(got, expected);
        // Twice the same product, block by block.
        let twice = three_ways!(zeros(), |out| Gradient::new([dense, dense], Keep(out)));
        assert!(twice.iter().zip(&got).all(|(a, b)| (a.to_double() - 2.0 * b.to_double()).abs() < 1e-5));
    }
}

#[test]
fn gradients_are_those_of_a_plain_loop_in_both_precisions() {
    gradients_are_those_of_a_plain_loop::<f32>();
    gradients_are_those_of_a_plain_loop::<f64>();
}

#[test]
fn a_batch_of_zeros_has_sums_at_their_biases() {
    let features = Array2::<f32>::zeros((9, 20));
    let batch = Batch::pack(&Samples::new(features, vec![0; 9], 2).unwrap(), 0..9);
    let (weights, biases) = (numbers::<f32>(20 * 8, 7, 0), numbers::<f32>(8, 8, 0));
    let mut workspace = Workspace::new(&[20, 8]);
    let layers = [Layer { weights: &weights, biases: &biases, masked: false }];
    workspace.forward(&layers, &batch);
    let outputs: &Units<f32> = workspace.outputs();
    assert!((0..8).all(|target| outputs.at(0)[target].0 == [biases[target]; LANES]));
    workspace.backward(Head::CrossEntropy, &layers, &batch);
    let mut gradient = vec![1.0; 20 * 8];
    spread(Gradient::new([workspace.factors(0, &batch)], Keep(&mut gradient)));
    assert_eq!(gradient, [0.0; 20 * 8]);
}
