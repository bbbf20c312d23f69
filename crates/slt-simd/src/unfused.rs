//! Eight lanes at a time, and the choice of the instruction set at run time.
//!
//! An operation on lanes is one IEEE operation a lane, and products are rounded before they are added: a
//! fused multiply-add would be another number. So all instruction sets give the same bits.
#![allow(unsafe_code, reason = "vector instructions, and functions with target features")]

/// Lanes of a vector, whatever the scalar and the registers underneath.
pub const LANES: usize = 8;

/// Eight scalars.
pub trait Lanes<T>: Copy {
    /// The same number in every lane.
    fn splat(x: T) -> Self;
    /// Reads eight numbers.
    fn load(from: &[T; LANES]) -> Self;
    /// Writes eight numbers.
    fn store(self, to: &mut [T; LANES]);
    /// `self + a * b`, the product rounded first.
    #[must_use]
    fn accumulate(self, a: Self, b: Self) -> Self;
    /// `self` in lanes where `a` is above zero, else +0.
    #[must_use]
    fn gate(self, a: Self) -> Self;
    /// The sum of each of eight vectors, as [`sum`] has it.
    fn sums(of: &[[T; LANES]; LANES]) -> [T; LANES];
}

/// `((0 + 1) + (2 + 3)) + ((4 + 5) + (6 + 7))`.
#[inline(always)]
pub fn sum<T: Copy + std::ops::Add<Output = T>>(lanes: &[T; LANES]) -> T {
    let [a, b, c, d, e, f, g, h] = *lanes;
    ((a + b) + (c + d)) + ((e + f) + (g + h))
}

/// Lanes in an array.
#[derive(Debug, Clone, Copy)]
pub struct Array<T>([T; LANES]);

impl<T: ndarray::NdFloat> Lanes<T> for Array<T> {
    #[inline(always)]
    fn splat(x: T) -> Self {
        Self([x; LANES])
    }
    #[inline(always)]
    fn load(from: &[T; LANES]) -> Self {
        Self(*from)
    }
    #[inline(always)]
    fn store(self, to: &mut [T; LANES]) {
        *to = self.0;
    }
    #[inline(always)]
    fn accumulate(mut self, a: Self, b: Self) -> Self {
        for i in 0..LANES {
            self.0[i] += a.0[i] * b.0[i];
        }
        self
    }
    #[inline(always)]
    fn gate(mut self, a: Self) -> Self {
        for i in 0..LANES {
            self.0[i] = if a.0[i] > T::zero() { self.0[i] } else { T::zero() };
        }
        self
    }
    #[inline(always)]
    fn sums(of: &[[T; LANES]; LANES]) -> [T; LANES] {
        of.map(|lanes| sum(&lanes))
    }
}

/// A scalar that knows its vectors.
pub trait Vectorised: Copy {
    /// Lanes in AVX2 registers where the target has them. Not to be named: a pass gets them from [`run`].
    #[doc(hidden)]
    type Wide: Lanes<Self>;
}

#[cfg(not(target_arch = "x86_64"))]
impl<T: ndarray::NdFloat> Vectorised for T {
    type Wide = Array<T>;
}

#[cfg(target_arch = "x86_64")]
mod avx2 {
    use std::arch::x86_64::*;

    use super::{LANES, Lanes, Vectorised, sum};

    /// Eight `f32` in a register.
    #[derive(Debug, Clone, Copy)]
    pub struct F32x8(__m256);

    /// Eight `f64` in two registers.
    #[derive(Debug, Clone, Copy)]
    pub struct F64x8(__m256d, __m256d);

    impl Vectorised for f32 {
        type Wide = F32x8;
    }

    impl Vectorised for f64 {
        type Wide = F64x8;
    }

    // SAFETY of all that follows: these types are only named by the instruction set `Wide`, which only the
    // function `wide` below instantiates, and that one runs on processors with AVX2 alone. Loads and stores
    // are unaligned ones through references to eight numbers.
    impl Lanes<f32> for F32x8 {
        #[inline(always)]
        fn splat(x: f32) -> Self {
            // SAFETY: see above.
            Self(unsafe { _mm256_set1_ps(x) })
        }
        #[inline(always)]
        fn load(from: &[f32; LANES]) -> Self {
            // SAFETY: see above.
            Self(unsafe { _mm256_loadu_ps(from.as_ptr()) })
        }
        #[inline(always)]
        fn store(self, to: &mut [f32; LANES]) {
            // SAFETY: see above.
            unsafe { _mm256_storeu_ps(to.as_mut_ptr(), self.0) }
        }
        #[inline(always)]
        fn accumulate(self, a: Self, b: Self) -> Self {
            // SAFETY: see above.
            Self(unsafe { _mm256_add_ps(self.0, _mm256_mul_ps(a.0, b.0)) })
        }
        #[inline(always)]
        fn gate(self, a: Self) -> Self {
            // SAFETY: see above.
            Self(unsafe { _mm256_and_ps(self.0, _mm256_cmp_ps::<_CMP_GT_OQ>(a.0, _mm256_setzero_ps())) })
        }
        #[inline(always)]
        fn sums(of: &[[f32; LANES]; LANES]) -> [f32; LANES] {
            let v = of.each_ref().map(|lanes| Self::load(lanes).0);
            let mut sums = [0.0; LANES];
            // SAFETY: see above. Two rounds of neighbours within each half, then the halves.
            unsafe {
                let pairs = |i: usize| _mm256_hadd_ps(v[i], v[i + 1]);
                let low = _mm256_hadd_ps(pairs(0), pairs(2));
                let high = _mm256_hadd_ps(pairs(4), pairs(6));
                let first = _mm256_permute2f128_ps::<0x20>(low, high);
                let second = _mm256_permute2f128_ps::<0x31>(low, high);
                Self(_mm256_add_ps(first, second)).store(&mut sums);
            }
            sums
        }
    }

    impl Lanes<f64> for F64x8 {
        #[inline(always)]
        fn splat(x: f64) -> Self {
            // SAFETY: see above.
            let half = unsafe { _mm256_set1_pd(x) };
            Self(half, half)
        }
        #[inline(always)]
        fn load(from: &[f64; LANES]) -> Self {
            // SAFETY: see above; the second half starts at the fifth of eight numbers.
            unsafe { Self(_mm256_loadu_pd(from.as_ptr()), _mm256_loadu_pd(from.as_ptr().add(4))) }
        }
        #[inline(always)]
        fn store(self, to: &mut [f64; LANES]) {
            // SAFETY: as for `load`.
            unsafe {
                _mm256_storeu_pd(to.as_mut_ptr(), self.0);
                _mm256_storeu_pd(to.as_mut_ptr().add(4), self.1);
            }
        }
        #[inline(always)]
        fn accumulate(self, a: Self, b: Self) -> Self {
            // SAFETY: see above.
            unsafe {
                Self(
                    _mm256_add_pd(self.0, _mm256_mul_pd(a.0, b.0)),
                    _mm256_add_pd(self.1, _mm256_mul_pd(a.1, b.1)),
                )
            }
        }
        #[inline(always)]
        fn gate(self, a: Self) -> Self {
            // SAFETY: see above.
            unsafe {
                let zero = _mm256_setzero_pd();
                Self(
                    _mm256_and_pd(self.0, _mm256_cmp_pd::<_CMP_GT_OQ>(a.0, zero)),
                    _mm256_and_pd(self.1, _mm256_cmp_pd::<_CMP_GT_OQ>(a.1, zero)),
                )
            }
        }
        #[inline(always)]
        fn sums(of: &[[f64; LANES]; LANES]) -> [f64; LANES] {
            of.map(|lanes| sum(&lanes))
        }
    }
}

/// Which vectors a computation uses.
pub trait Vectors {
    /// The vector of a scalar.
    type Vector<T: Vectorised + ndarray::NdFloat>: Lanes<T>;
}

/// Arrays, as wide as the compiler makes them.
#[derive(Debug)]
pub struct Portable;

/// AVX2.
#[cfg(target_arch = "x86_64")]
#[derive(Debug)]
pub(crate) struct Wide;

impl Vectors for Portable {
    type Vector<T: Vectorised + ndarray::NdFloat> = Array<T>;
}

#[cfg(target_arch = "x86_64")]
impl Vectors for Wide {
    type Vector<T: Vectorised + ndarray::NdFloat> = T::Wide;
}

/// A computation that is written once for all instruction sets.
pub trait Pass {
    /// Implementations are `#[inline(always)]`, and so is all that they call in a hot loop: only inside the
    /// functions below does the compiler have the instructions.
    fn run<I: Vectors>(self);
}

/// Runs a computation on the widest vectors of this processor.
pub fn run(pass: impl Pass) {
    #[cfg(target_arch = "x86_64")]
    if is_x86_feature_detected!("avx2") {
        // SAFETY: the processor has the instructions; it was asked just now.
        return unsafe { wide(pass) };
    }
    pass.run::<Portable>();
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2")]
fn wide(pass: impl Pass) {
    pass.run::<Wide>();
}
