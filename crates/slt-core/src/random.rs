//! Seeds, named random streams, and the distributions that enter results.
//!
//! Every stream is a ChaCha8 generator whose 256-bit key is four little-endian `u64`: the seed, the
//! purpose (its name in ASCII, padded with zeros), the generation and the index. Streams with different
//! keys are independent for all practical purposes, so an operator may draw as much as it likes without
//! shifting the draws of another one.
//!
//! The distributions are a few lines over the raw bits, with `libm` for logarithms: an update of a
//! dependency cannot change a result.

use rand::RngCore;
use rand::SeedableRng;
use rand::distr::Distribution;
use serde::{Deserialize, Serialize};

/// The generator behind every stream.
pub type StreamRng = rand_chacha::ChaCha8Rng;

/// The seed of a run. The same seed gives the same results on every machine.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Seed(pub u64);

/// What a stream is drawn for: a name of 1 to 8 printable ASCII characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Purpose([u8; 8]);

impl Purpose {
    /// Names a purpose. Meant for constants, where a bad name is a compile-time error.
    ///
    /// # Panics
    /// If the name is empty, longer than 8 bytes, or holds anything but printable ASCII.
    pub const fn new(name: &str) -> Self {
        let bytes = name.as_bytes();
        assert!(!bytes.is_empty() && bytes.len() <= 8, "a purpose has 1 to 8 characters");
        let mut padded = [0; 8];
        let mut i = 0;
        while i < bytes.len() {
            assert!(bytes[i].is_ascii_graphic(), "a purpose is printable ASCII");
            padded[i] = bytes[i];
            i += 1;
        }
        Self(padded)
    }
}

impl Seed {
    /// Opens the stream for `purpose` at a place in the run.
    ///
    /// `generation` and `index` are whatever tells the uses of one purpose apart; use 0 where there is
    /// only one.
    ///
    /// ```
    /// use rand::RngCore;
    /// use slt_core::{Purpose, Seed};
    /// const MUTATION: Purpose = Purpose::new("mutation");
    /// let first = Seed(7).stream(MUTATION, 0, 3).next_u64();
    /// assert_eq!(first, Seed(7).stream(MUTATION, 0, 3).next_u64());
    /// assert_ne!(first, Seed(7).stream(MUTATION, 1, 3).next_u64());
    /// ```
    pub fn stream(self, purpose: Purpose, generation: u64, index: u64) -> StreamRng {
        let mut key = [0; 32];
        key[0..8].copy_from_slice(&self.0.to_le_bytes());
        key[8..16].copy_from_slice(&purpose.0);
        key[16..24].copy_from_slice(&generation.to_le_bytes());
        key[24..32].copy_from_slice(&index.to_le_bytes());
        StreamRng::from_seed(key)
    }
}

impl std::fmt::Display for Seed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

/// A uniform integer in `0..n`, without bias: the high half of a 128-bit product, redrawn where the low
/// half falls into the incomplete interval (Lemire 2019, "Fast random integer generation in an interval").
///
/// # Panics
/// If `n` is 0.
pub fn below<R: RngCore + ?Sized>(rng: &mut R, n: u64) -> u64 {
    assert!(n > 0, "cannot draw from an empty range");
    let threshold = n.wrapping_neg() % n;
    loop {
        let product = u128::from(rng.next_u64()) * u128::from(n);
        if product as u64 >= threshold {
            return (product >> 64) as u64;
        }
    }
}

/// A uniform index in `0..n`; see [`below`].
///
/// # Panics
/// If `n` is 0.
pub fn index_below<R: RngCore + ?Sized>(rng: &mut R, n: usize) -> usize {
    below(rng, n as u64) as usize
}

/// A uniform number in `[0, 1)`: the upper 53 bits of a word, times 2^-53.
pub fn unit_f64<R: RngCore + ?Sized>(rng: &mut R) -> f64 {
    (rng.next_u64() >> 11) as f64 * (1.0 / (1_u64 << 53) as f64)
}

/// True with probability `p`: always draws, so that 0 and 1 use up as much of the stream as any other.
pub fn chance<R: RngCore + ?Sized>(rng: &mut R, p: f64) -> bool {
    unit_f64(rng) < p
}

/// U[-1, 1) in single precision: the upper 24 bits of a 32-bit word times 2^-23, minus 1. Exact.
#[derive(Debug, Clone, Copy)]
pub struct SymmetricUniform;

impl Distribution<f32> for SymmetricUniform {
    fn sample<R: RngCore + ?Sized>(&self, rng: &mut R) -> f32 {
        (rng.next_u32() >> 8) as f32 * (1.0 / (1_u32 << 23) as f32) - 1.0
    }
}

/// The standard normal distribution by Marsaglia's polar method in double precision. Each draw takes a
/// pair of uniforms (more where the pair falls outside the unit disc) and uses one of the two normals.
#[derive(Debug, Clone, Copy)]
pub struct StandardNormal;

impl Distribution<f64> for StandardNormal {
    fn sample<R: RngCore + ?Sized>(&self, rng: &mut R) -> f64 {
        loop {
            let x = 2.0 * unit_f64(rng) - 1.0;
            let y = 2.0 * unit_f64(rng) - 1.0;
            let r2 = x * x + y * y;
            if r2 > 0.0 && r2 < 1.0 {
                return x * libm::sqrt(-2.0 * libm::log(r2) / r2);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEST: Purpose = Purpose::new("test");

    #[test]
    fn streams_are_pinned() {
        let mut rng = Seed(42).stream(TEST, 3, 5);
        let words: Vec<u64> = (0..3).map(|_| rng.next_u64()).collect();
        assert_eq!(words, [12_930_404_531_006_113_628, 6_692_706_882_513_318_446, 1_840_843_673_599_384_660]);
    }

    #[test]
    fn every_part_of_the_key_matters() {
        let first = |seed, purpose, g, i| Seed(seed).stream(purpose, g, i).next_u64();
        let base = first(1, TEST, 2, 3);
        assert_ne!(base, first(2, TEST, 2, 3));
        assert_ne!(base, first(1, Purpose::new("tess"), 2, 3));
        assert_ne!(base, first(1, TEST, 3, 3));
        assert_ne!(base, first(1, TEST, 2, 2));
        assert_ne!(base, first(1, TEST, 3, 2));
    }

    #[test]
    fn below_is_uniform_and_in_range() {
        let mut rng = Seed(0).stream(TEST, 0, 0);
        let mut counts = [0_u32; 7];
        for _ in 0..70_000 {
            counts[index_below(&mut rng, 7)] += 1;
        }
        // Six standard deviations of a binomial with n = 70,000 and p = 1/7.
        assert!(counts.iter().all(|&c| (9_440..=10_560).contains(&c)), "{counts:?}");
    }

    #[test]
    fn chance_of_nothing_and_of_certainty() {
        let mut rng = Seed(0).stream(TEST, 0, 0);
        assert!((0..1000).all(|_| !chance(&mut rng, 0.0)));
        assert!((0..1000).all(|_| chance(&mut rng, 1.0)));
    }

    #[test]
    fn uniform_covers_its_interval() {
        let mut rng = Seed(9).stream(TEST, 0, 0);
        let draws: Vec<f32> = (0..100_000).map(|_| SymmetricUniform.sample(&mut rng)).collect();
        assert!(draws.iter().all(|x| (-1.0..1.0).contains(x)));
        let mean = draws.iter().map(|&x| f64::from(x)).sum::<f64>() / 1e5;
        let variance = draws.iter().map(|&x| f64::from(x).powi(2)).sum::<f64>() / 1e5;
        assert!(mean.abs() < 6.0 * (1.0_f64 / 3.0 / 1e5).sqrt(), "{mean}");
        assert!((variance - 1.0 / 3.0).abs() < 6.0 * (4.0_f64 / 45.0 / 1e5).sqrt(), "{variance}");
    }

    #[test]
    fn normal_has_its_moments() {
        let mut rng = Seed(10).stream(TEST, 0, 0);
        let draws: Vec<f64> = (0..100_000).map(|_| StandardNormal.sample(&mut rng)).collect();
        let moment = |k| draws.iter().map(|x: &f64| x.powi(k)).sum::<f64>() / 1e5;
        let root = 1e5_f64.sqrt();
        assert!(moment(1).abs() < 6.0 / root);
        assert!((moment(2) - 1.0).abs() < 6.0 * 2.0_f64.sqrt() / root);
        assert!(moment(3).abs() < 6.0 * 15.0_f64.sqrt() / root);
        assert!((moment(4) - 3.0).abs() < 6.0 * 96.0_f64.sqrt() / root);
    }

    #[test]
    fn distributions_are_pinned() {
        let mut rng = Seed(42).stream(TEST, 0, 0);
        let uniform: [u32; 2] = std::array::from_fn(|_| SymmetricUniform.sample(&mut rng).to_bits());
        let normal = StandardNormal.sample(&mut rng).to_bits();
        let index = below(&mut rng, 1_000_000_007);
        assert_eq!(
            (uniform, normal, index),
            ([3_190_517_512, 3_210_820_924], 4_607_950_899_800_140_609, 225_724_347)
        );
    }
}
