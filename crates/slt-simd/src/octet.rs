//! Eight integers or numbers at a time, with reads from anywhere: what tables are read with.
//!
//! Every operation is one of IEEE or of two's complement a lane, nothing is fused, so all instruction sets
//! give the same bits. SAFETY throughout: as in [`crate::fused`], the types of this module are only named
//! where the processor has their instructions; reads are checked against the length of what is read.
#![allow(unsafe_code, reason = "vector instructions")]

/// Lanes.
pub const LANES: usize = 8;

/// Eight `i32` and eight `f32`.
pub trait Octet {
    /// Eight integers.
    type Int: Copy;
    /// Eight numbers.
    type Float: Copy;

    /// The same integer in every lane.
    fn int(x: i32) -> Self::Int;
    /// The same number in every lane.
    fn float(x: f32) -> Self::Float;
    /// Reads eight integers.
    fn load_int(from: &[i32; LANES]) -> Self::Int;
    /// Reads eight indices; they are below 2^31.
    fn load_index(from: &[u32; LANES]) -> Self::Int;
    /// Reads eight numbers.
    fn load_float(from: &[f32; LANES]) -> Self::Float;
    /// Writes eight integers.
    fn store_int(x: Self::Int, to: &mut [i32; LANES]);
    /// Writes eight numbers.
    fn store_float(x: Self::Float, to: &mut [f32; LANES]);
    /// `a + b`, wrapping.
    fn add_int(a: Self::Int, b: Self::Int) -> Self::Int;
    /// `a - b`, wrapping.
    fn sub_int(a: Self::Int, b: Self::Int) -> Self::Int;
    /// The larger ones.
    fn max_int(a: Self::Int, b: Self::Int) -> Self::Int;
    /// The smaller ones.
    fn min_int(a: Self::Int, b: Self::Int) -> Self::Int;
    /// `16 * x`.
    fn sixteenfold(x: Self::Int) -> Self::Int;
    /// `a + b`.
    fn add(a: Self::Float, b: Self::Float) -> Self::Float;
    /// `a - b`.
    fn sub(a: Self::Float, b: Self::Float) -> Self::Float;
    /// `a * b`.
    fn mul(a: Self::Float, b: Self::Float) -> Self::Float;
    /// The nearest numbers.
    fn to_float(x: Self::Int) -> Self::Float;
    /// The nearest integer, the even one of two. `x` is in the range of `i32`.
    fn round(x: Self::Float) -> Self::Int;
    /// Towards zero. `x` is in the range of `i32`.
    fn truncate(x: Self::Float) -> Self::Int;
    /// Reads the integers with these numbers.
    ///
    /// # Panics
    /// If an index is not below the length.
    fn gather_int(from: &[i32], at: Self::Int) -> Self::Int;
    /// Reads the numbers with these numbers.
    ///
    /// # Panics
    /// If an index is not below the length.
    fn gather_float(from: &[f32], at: Self::Int) -> Self::Float;
}

/// Plain arrays.
#[derive(Debug)]
pub struct Plain;

impl Octet for Plain {
    type Int = [i32; LANES];
    type Float = [f32; LANES];

    #[inline(always)]
    fn int(x: i32) -> [i32; LANES] {
        [x; LANES]
    }
    #[inline(always)]
    fn float(x: f32) -> [f32; LANES] {
        [x; LANES]
    }
    #[inline(always)]
    fn load_int(from: &[i32; LANES]) -> [i32; LANES] {
        *from
    }
    #[inline(always)]
    fn load_index(from: &[u32; LANES]) -> [i32; LANES] {
        from.map(|x| x as i32)
    }
    #[inline(always)]
    fn load_float(from: &[f32; LANES]) -> [f32; LANES] {
        *from
    }
    #[inline(always)]
    fn store_int(x: [i32; LANES], to: &mut [i32; LANES]) {
        *to = x;
    }
    #[inline(always)]
    fn store_float(x: [f32; LANES], to: &mut [f32; LANES]) {
        *to = x;
    }
    #[inline(always)]
    fn add_int(a: [i32; LANES], b: [i32; LANES]) -> [i32; LANES] {
        std::array::from_fn(|i| a[i].wrapping_add(b[i]))
    }
    #[inline(always)]
    fn sub_int(a: [i32; LANES], b: [i32; LANES]) -> [i32; LANES] {
        std::array::from_fn(|i| a[i].wrapping_sub(b[i]))
    }
    #[inline(always)]
    fn max_int(a: [i32; LANES], b: [i32; LANES]) -> [i32; LANES] {
        std::array::from_fn(|i| a[i].max(b[i]))
    }
    #[inline(always)]
    fn min_int(a: [i32; LANES], b: [i32; LANES]) -> [i32; LANES] {
        std::array::from_fn(|i| a[i].min(b[i]))
    }
    #[inline(always)]
    fn sixteenfold(x: [i32; LANES]) -> [i32; LANES] {
        x.map(|x| x << 4)
    }
    #[inline(always)]
    fn add(a: [f32; LANES], b: [f32; LANES]) -> [f32; LANES] {
        std::array::from_fn(|i| a[i] + b[i])
    }
    #[inline(always)]
    fn sub(a: [f32; LANES], b: [f32; LANES]) -> [f32; LANES] {
        std::array::from_fn(|i| a[i] - b[i])
    }
    #[inline(always)]
    fn mul(a: [f32; LANES], b: [f32; LANES]) -> [f32; LANES] {
        std::array::from_fn(|i| a[i] * b[i])
    }
    #[inline(always)]
    fn to_float(x: [i32; LANES]) -> [f32; LANES] {
        x.map(|x| x as f32)
    }
    #[inline(always)]
    fn round(x: [f32; LANES]) -> [i32; LANES] {
        x.map(|x| x.round_ties_even() as i32)
    }
    #[inline(always)]
    fn truncate(x: [f32; LANES]) -> [i32; LANES] {
        x.map(|x| x as i32)
    }
    #[inline(always)]
    fn gather_int(from: &[i32], at: [i32; LANES]) -> [i32; LANES] {
        at.map(|i| from[i as usize])
    }
    #[inline(always)]
    fn gather_float(from: &[f32], at: [i32; LANES]) -> [f32; LANES] {
        at.map(|i| from[i as usize])
    }
}

#[cfg(target_arch = "x86_64")]
pub(crate) use x86::Wide;

#[cfg(target_arch = "x86_64")]
mod x86 {
    use std::arch::x86_64::*;

    use super::{LANES, Octet};

    /// AVX2.
    pub(crate) struct Wide;

    /// Whether all indices are from 0 to below `len`.
    #[inline(always)]
    fn are_below(at: __m256i, len: usize) -> bool {
        let len = len.min(i32::MAX as usize) as i32;
        // SAFETY: see the module.
        unsafe {
            let in_range = _mm256_andnot_si256(
                _mm256_cmpgt_epi32(_mm256_setzero_si256(), at),
                _mm256_cmpgt_epi32(_mm256_set1_epi32(len), at),
            );
            _mm256_movemask_epi8(in_range) == -1
        }
    }

    // SAFETY of all that follows: see the module; loads and stores are unaligned ones through references to
    // eight numbers.
    impl Octet for Wide {
        type Int = __m256i;
        type Float = __m256;

        #[inline(always)]
        fn int(x: i32) -> __m256i {
            // SAFETY: see above.
            unsafe { _mm256_set1_epi32(x) }
        }
        #[inline(always)]
        fn float(x: f32) -> __m256 {
            // SAFETY: see above.
            unsafe { _mm256_set1_ps(x) }
        }
        #[inline(always)]
        fn load_int(from: &[i32; LANES]) -> __m256i {
            // SAFETY: see above.
            unsafe { _mm256_loadu_si256(from.as_ptr().cast()) }
        }
        #[inline(always)]
        fn load_index(from: &[u32; LANES]) -> __m256i {
            // SAFETY: see above.
            unsafe { _mm256_loadu_si256(from.as_ptr().cast()) }
        }
        #[inline(always)]
        fn load_float(from: &[f32; LANES]) -> __m256 {
            // SAFETY: see above.
            unsafe { _mm256_loadu_ps(from.as_ptr()) }
        }
        #[inline(always)]
        fn store_int(x: __m256i, to: &mut [i32; LANES]) {
            // SAFETY: see above.
            unsafe { _mm256_storeu_si256(to.as_mut_ptr().cast(), x) }
        }
        #[inline(always)]
        fn store_float(x: __m256, to: &mut [f32; LANES]) {
            // SAFETY: see above.
            unsafe { _mm256_storeu_ps(to.as_mut_ptr(), x) }
        }
        #[inline(always)]
        fn add_int(a: __m256i, b: __m256i) -> __m256i {
            // SAFETY: see above.
            unsafe { _mm256_add_epi32(a, b) }
        }
        #[inline(always)]
        fn sub_int(a: __m256i, b: __m256i) -> __m256i {
            // SAFETY: see above.
            unsafe { _mm256_sub_epi32(a, b) }
        }
        #[inline(always)]
        fn max_int(a: __m256i, b: __m256i) -> __m256i {
            // SAFETY: see above.
            unsafe { _mm256_max_epi32(a, b) }
        }
        #[inline(always)]
        fn min_int(a: __m256i, b: __m256i) -> __m256i {
            // SAFETY: see above.
            unsafe { _mm256_min_epi32(a, b) }
        }
        #[inline(always)]
        fn sixteenfold(x: __m256i) -> __m256i {
            // SAFETY: see above.
            unsafe { _mm256_slli_epi32::<4>(x) }
        }
        #[inline(always)]
        fn add(a: __m256, b: __m256) -> __m256 {
            // SAFETY: see above.
            unsafe { _mm256_add_ps(a, b) }
        }
        #[inline(always)]
        fn sub(a: __m256, b: __m256) -> __m256 {
            // SAFETY: see above.
            unsafe { _mm256_sub_ps(a, b) }
        }
        #[inline(always)]
        fn mul(a: __m256, b: __m256) -> __m256 {
            // SAFETY: see above.
            unsafe { _mm256_mul_ps(a, b) }
        }
        #[inline(always)]
        fn to_float(x: __m256i) -> __m256 {
            // SAFETY: see above.
            unsafe { _mm256_cvtepi32_ps(x) }
        }
        #[inline(always)]
        fn round(x: __m256) -> __m256i {
            // SAFETY: see above.
            unsafe { _mm256_cvtps_epi32(x) }
        }
        #[inline(always)]
        fn truncate(x: __m256) -> __m256i {
            // SAFETY: see above.
            unsafe { _mm256_cvttps_epi32(x) }
        }
        #[inline(always)]
        fn gather_int(from: &[i32], at: __m256i) -> __m256i {
            assert!(are_below(at, from.len()), "an index is beyond the numbers");
            // SAFETY: see above; all indices were checked.
            unsafe { _mm256_i32gather_epi32::<4>(from.as_ptr(), at) }
        }
        #[inline(always)]
        fn gather_float(from: &[f32], at: __m256i) -> __m256 {
            assert!(are_below(at, from.len()), "an index is beyond the numbers");
            // SAFETY: see above; all indices were checked.
            unsafe { _mm256_i32gather_ps::<4>(from.as_ptr(), at) }
        }
    }
}
