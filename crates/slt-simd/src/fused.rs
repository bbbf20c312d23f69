//! The few vector operations that inference is made of, once for each instruction set.
//!
//! A [`Vector`] holds `WIDTH` samples, one a lane. Kernels are written once, generic over it, and
//! instantiated per instruction set, so every set runs the same operations in the same order: the results
//! are equal to the bit.
//!
//! Unsafe code stands under one invariant: **a type of this module is only used where the processor is known
//! to have its instructions.** `Avx2` and `Avx512` are named by [`dispatch`](crate::dispatch) alone, inside
//! functions that enable the features and are entered after a check at run time. Memory is reached through
//! references to whole [`Strip`]s and an offset that is checked against their length.
#![allow(unsafe_code, reason = "vector instructions")]

#[cfg(target_arch = "x86_64")]
use crate::octet::Wide;
use crate::octet::{Octet, Plain};

/// Samples in a block.
pub const BLOCK: usize = 64;

/// One value for each sample of a block.
#[derive(Debug, Clone, Copy)]
#[repr(align(64))]
pub struct Strip(pub [f32; BLOCK]);

impl Strip {
    /// All samples 0.
    pub const ZERO: Strip = Strip([0.0; BLOCK]);
}

/// `WIDTH` consecutive samples of a strip.
pub trait Vector: Copy {
    /// Number of samples; divides [`BLOCK`].
    const WIDTH: usize;
    /// Result of a comparison: a condition for each lane.
    type Mask: Copy;

    /// The same number in every lane.
    fn splat(x: f32) -> Self;
    /// The samples of `strip` from `at` on; `at` is a multiple of `WIDTH`.
    fn load(strip: &Strip, at: usize) -> Self;
    /// Writes the samples of `strip` from `at` on; `at` is a multiple of `WIDTH`.
    fn store(self, strip: &mut Strip, at: usize);
    /// `self * factor + sum`, rounded once.
    #[must_use]
    fn mul_add(self, factor: Self, sum: Self) -> Self;
    /// `self + other`.
    #[must_use]
    fn add(self, other: Self) -> Self;
    /// `self - other`.
    #[must_use]
    fn sub(self, other: Self) -> Self;
    /// `self * other`.
    #[must_use]
    fn mul(self, other: Self) -> Self;
    /// `self / other`.
    #[must_use]
    fn div(self, other: Self) -> Self;
    /// `x > 0 ? x : +0`.
    #[must_use]
    fn relu(self) -> Self;
    /// Ordered comparison: false for NaN.
    fn greater(self, other: Self) -> Self::Mask;
    /// Ordered comparison: false for NaN.
    fn equal(self, other: Self) -> Self::Mask;
    /// `self` where the condition holds, else `other`.
    #[must_use]
    fn select(self, condition: Self::Mask, other: Self) -> Self;
    /// Bit `i` of the result is the condition of lane `i`.
    fn bits(condition: Self::Mask) -> u64;
    /// `self * 2^n`, where `n` is the integer in the low mantissa bits of `shifted`. Both `self` and the
    /// result are normal.
    #[must_use]
    fn scale(self, shifted: Self) -> Self;
    /// Of a normal number at least 1: the exponent `k` as a float, and the number times `2^-k`, which lies
    /// in `[sqrt(1/2), sqrt(2))`.
    fn split(self) -> (Self, Self);
}

/// The vectors of an instruction set.
pub trait Vectors {
    /// A whole block, or as much of it as there are registers for: sums over the weights.
    type Wide: Vector;
    /// Half of that: where two sums are kept beside the operand.
    type Half: Vector;
    /// One register: the losses, which need many values at once.
    type One: Vector;
    /// Eight lanes, for reads from tables.
    type Eight: Octet;
}

impl Vectors for Portable<8> {
    type Wide = Portable<8>;
    type Half = Portable<8>;
    type One = Portable<8>;
    type Eight = Plain;
}

#[cfg(target_arch = "x86_64")]
impl Vectors for Avx2<1> {
    type Wide = Avx2<8>;
    type Half = Avx2<4>;
    type One = Avx2<1>;
    type Eight = Wide;
}

#[cfg(target_arch = "x86_64")]
impl Vectors for Avx512<1> {
    type Wide = Avx512<4>;
    type Half = Avx512<4>;
    type One = Avx512<1>;
    type Eight = Wide;
}

/// The bits of `sqrt(1/2)`.
const SQRT_HALF: i32 = 0x3f35_04f3;

/// Plain arrays of samples: works everywhere, and is what the other sets are tested against. Where fused
/// multiply-add belongs to the base instruction set (64-bit ARM), the compiler turns these loops into vector
/// code.
#[derive(Debug, Clone, Copy)]
pub struct Portable<const N: usize>([f32; N]);

/// An array of what `f` gives for each place. `std::array::from_fn` is not always inlined, and then no loop
/// becomes vector code.
#[inline(always)]
fn lanes<T: Copy + Default, const N: usize>(f: impl Fn(usize) -> T) -> [T; N] {
    let mut lanes = [T::default(); N];
    for (i, lane) in lanes.iter_mut().enumerate() {
        *lane = f(i);
    }
    lanes
}

impl<const N: usize> Portable<N> {
    #[inline(always)]
    fn map(self, f: impl Fn(f32) -> f32) -> Self {
        Self(lanes(|i| f(self.0[i])))
    }

    #[inline(always)]
    fn zip(self, other: Self, f: impl Fn(f32, f32) -> f32) -> Self {
        Self(lanes(|i| f(self.0[i], other.0[i])))
    }
}

/// The fused multiply-add. Without hardware support it is worked out in double precision: the product of
/// two `f32` is exact there; the sum is rounded to odd, after which rounding to `f32` is as if it were the
/// only one (Boldo and Melquiond 2008, "Emulation of FMA and correctly rounded sums").
#[inline(always)]
fn fused_multiply_add(a: f32, b: f32, c: f32) -> f32 {
    if cfg!(any(target_feature = "fma", target_arch = "aarch64")) {
        return a.mul_add(b, c);
    }
    let (product, c) = (f64::from(a) * f64::from(b), f64::from(c));
    let sum = product + c;
    // What the sum lost (Knuth's two-sum).
    let part = sum - product;
    let lost = (product - (sum - part)) + (c - part);
    let inexact_and_even = lost != 0.0 && lost.is_finite() && sum.to_bits() & 1 == 0;
    let toward_lost = if (lost > 0.0) == (sum > 0.0) { 1 } else { -1_i64 };
    let odd = if inexact_and_even { sum.to_bits().wrapping_add_signed(toward_lost) } else { sum.to_bits() };
    f64::from_bits(odd) as f32
}

impl<const N: usize> Vector for Portable<N> {
    const WIDTH: usize = N;
    type Mask = [bool; N];

    #[inline(always)]
    fn splat(x: f32) -> Self {
        Self([x; N])
    }
    #[inline(always)]
    fn load(strip: &Strip, at: usize) -> Self {
        Self(lanes(|i| strip.0[at + i]))
    }
    #[inline(always)]
    fn store(self, strip: &mut Strip, at: usize) {
        strip.0[at..at + N].copy_from_slice(&self.0);
    }
    #[inline(always)]
    fn mul_add(self, factor: Self, sum: Self) -> Self {
        Self(lanes(|i| fused_multiply_add(self.0[i], factor.0[i], sum.0[i])))
    }
    #[inline(always)]
    fn add(self, other: Self) -> Self {
        self.zip(other, |a, b| a + b)
    }
    #[inline(always)]
    fn sub(self, other: Self) -> Self {
        self.zip(other, |a, b| a - b)
    }
    #[inline(always)]
    fn mul(self, other: Self) -> Self {
        self.zip(other, |a, b| a * b)
    }
    #[inline(always)]
    fn div(self, other: Self) -> Self {
        self.zip(other, |a, b| a / b)
    }
    #[inline(always)]
    fn relu(self) -> Self {
        self.map(|x| if x > 0.0 { x } else { 0.0 })
    }
    #[inline(always)]
    fn greater(self, other: Self) -> [bool; N] {
        lanes(|i| self.0[i] > other.0[i])
    }
    #[inline(always)]
    fn equal(self, other: Self) -> [bool; N] {
        lanes(|i| self.0[i] == other.0[i])
    }
    #[inline(always)]
    fn select(self, condition: [bool; N], other: Self) -> Self {
        Self(lanes(|i| if condition[i] { self.0[i] } else { other.0[i] }))
    }
    #[inline(always)]
    fn bits(condition: [bool; N]) -> u64 {
        condition.iter().enumerate().fold(0, |bits, (i, &c)| bits | u64::from(c) << i)
    }
    #[inline(always)]
    fn scale(self, shifted: Self) -> Self {
        self.zip(shifted, |x, n| f32::from_bits(x.to_bits().wrapping_add(n.to_bits() << 23)))
    }
    #[inline(always)]
    fn split(self) -> (Self, Self) {
        let exponent = |x: f32| (x.to_bits() as i32).wrapping_sub(SQRT_HALF) >> 23;
        let mantissa = |x: f32| f32::from_bits((x.to_bits() as i32).wrapping_sub(exponent(x) << 23) as u32);
        (self.map(|x| exponent(x) as f32), self.map(mantissa))
    }
}

#[cfg(target_arch = "x86_64")]
pub(crate) use x86::{Avx2, Avx512};

#[cfg(target_arch = "x86_64")]
mod x86 {
    use super::{BLOCK, SQRT_HALF, Strip, Vector};
    use std::arch::x86_64::*;

    /// Implements [`Vector`] for `R` registers of one width. Each operation is one instruction per register;
    /// SAFETY for all of them: the processor has the instructions (module invariant), and loads and stores
    /// stay inside the strip (asserted).
    macro_rules! vector {
        ($name:ident, $register:ty, $mask:ty, $lanes:literal;
         splat $splat:expr; load $load:expr; store $store:expr; mul_add $fma:expr;
         add $add:expr; sub $sub:expr; mul $mul:expr; div $div:expr; relu $relu:expr;
         greater $greater:expr; equal $equal:expr; select $select:expr; bits $bits:expr;
         scale $scale:expr; split $split:expr) => {
            #[derive(Clone, Copy)]
            pub(crate) struct $name<const R: usize>([$register; R]);

            impl<const R: usize> $name<R> {
                #[inline(always)]
                fn map(mut self, f: impl Fn($register) -> $register) -> Self {
                    for r in 0..R {
                        self.0[r] = f(self.0[r]);
                    }
                    self
                }

                #[inline(always)]
                fn zip(mut self, other: Self, f: impl Fn($register, $register) -> $register) -> Self {
                    for r in 0..R {
                        self.0[r] = f(self.0[r], other.0[r]);
                    }
                    self
                }

                #[inline(always)]
                fn compare(self, other: Self, f: impl Fn($register, $register) -> $mask) -> [$mask; R] {
                    let mut conditions = [f(self.0[0], other.0[0]); R];
                    for r in 1..R {
                        conditions[r] = f(self.0[r], other.0[r]);
                    }
                    conditions
                }
            }

            impl<const R: usize> Vector for $name<R> {
                const WIDTH: usize = $lanes * R;
                type Mask = [$mask; R];

                #[inline(always)]
                fn splat(x: f32) -> Self {
                    // SAFETY: see the macro.
                    Self([unsafe { $splat(x) }; R])
                }
                #[inline(always)]
                fn load(strip: &Strip, at: usize) -> Self {
                    assert!(at + Self::WIDTH <= BLOCK);
                    let from = strip.0[at..].as_ptr();
                    // SAFETY: see the macro.
                    let mut registers = [unsafe { $load(from) }; R];
                    for r in 1..R {
                        // SAFETY: see the macro.
                        registers[r] = unsafe { $load(from.add($lanes * r)) };
                    }
                    Self(registers)
                }
                #[inline(always)]
                fn store(self, strip: &mut Strip, at: usize) {
                    assert!(at + Self::WIDTH <= BLOCK);
                    let to = strip.0[at..].as_mut_ptr();
                    for r in 0..R {
                        // SAFETY: see the macro.
                        unsafe { $store(to.add($lanes * r), self.0[r]) }
                    }
                }
                #[inline(always)]
                fn mul_add(mut self, factor: Self, sum: Self) -> Self {
                    for r in 0..R {
                        // SAFETY: see the macro.
                        self.0[r] = unsafe { $fma(self.0[r], factor.0[r], sum.0[r]) };
                    }
                    self
                }
                #[inline(always)]
                fn add(self, other: Self) -> Self {
                    // SAFETY: see the macro.
                    self.zip(other, |a, b| unsafe { $add(a, b) })
                }
                #[inline(always)]
                fn sub(self, other: Self) -> Self {
                    // SAFETY: see the macro.
                    self.zip(other, |a, b| unsafe { $sub(a, b) })
                }
                #[inline(always)]
                fn mul(self, other: Self) -> Self {
                    // SAFETY: see the macro.
                    self.zip(other, |a, b| unsafe { $mul(a, b) })
                }
                #[inline(always)]
                fn div(self, other: Self) -> Self {
                    // SAFETY: see the macro.
                    self.zip(other, |a, b| unsafe { $div(a, b) })
                }
                #[inline(always)]
                fn relu(self) -> Self {
                    // SAFETY: see the macro.
                    self.map(|x| unsafe { $relu(x) })
                }
                #[inline(always)]
                fn greater(self, other: Self) -> Self::Mask {
                    // SAFETY: see the macro.
                    self.compare(other, |a, b| unsafe { $greater(a, b) })
                }
                #[inline(always)]
                fn equal(self, other: Self) -> Self::Mask {
                    // SAFETY: see the macro.
                    self.compare(other, |a, b| unsafe { $equal(a, b) })
                }
                #[inline(always)]
                fn select(mut self, condition: Self::Mask, other: Self) -> Self {
                    for r in 0..R {
                        // SAFETY: see the macro.
                        self.0[r] = unsafe { $select(other.0[r], self.0[r], condition[r]) };
                    }
                    self
                }
                #[inline(always)]
                fn bits(condition: Self::Mask) -> u64 {
                    let mut bits = 0;
                    for r in 0..R {
                        // SAFETY: see the macro.
                        bits |= u64::from(unsafe { $bits(condition[r]) }) << ($lanes * r);
                    }
                    bits
                }
                #[inline(always)]
                fn scale(self, shifted: Self) -> Self {
                    // SAFETY: see the macro.
                    self.zip(shifted, |x, n| unsafe { $scale(x, n) })
                }
                #[inline(always)]
                fn split(self) -> (Self, Self) {
                    let (mut exponent, mut mantissa) = (self, self);
                    for r in 0..R {
                        // SAFETY: see the macro.
                        (exponent.0[r], mantissa.0[r]) = unsafe { $split(self.0[r]) };
                    }
                    (exponent, mantissa)
                }
            }
        };
    }

    // For `max`, the second operand is the result if the first is NaN or both are zeros: exactly `relu`.
    vector! { Avx2, __m256, __m256, 8;
        splat _mm256_set1_ps; load _mm256_loadu_ps; store _mm256_storeu_ps; mul_add _mm256_fmadd_ps;
        add _mm256_add_ps; sub _mm256_sub_ps; mul _mm256_mul_ps; div _mm256_div_ps;
        relu |x| _mm256_max_ps(x, _mm256_setzero_ps());
        greater _mm256_cmp_ps::<_CMP_GT_OQ>; equal _mm256_cmp_ps::<_CMP_EQ_OQ>;
        select |no, yes, condition| _mm256_blendv_ps(no, yes, condition);
        bits |condition| _mm256_movemask_ps(condition) as u32;
        scale |x, n| {
            let n = _mm256_slli_epi32::<23>(_mm256_castps_si256(n));
            _mm256_castsi256_ps(_mm256_add_epi32(_mm256_castps_si256(x), n))
        };
        split |x| {
            let x = _mm256_castps_si256(x);
            let exponent = _mm256_srai_epi32::<23>(_mm256_sub_epi32(x, _mm256_set1_epi32(SQRT_HALF)));
            let mantissa = _mm256_sub_epi32(x, _mm256_slli_epi32::<23>(exponent));
            (_mm256_cvtepi32_ps(exponent), _mm256_castsi256_ps(mantissa))
        }
    }

    vector! { Avx512, __m512, __mmask16, 16;
        splat _mm512_set1_ps; load _mm512_loadu_ps; store _mm512_storeu_ps; mul_add _mm512_fmadd_ps;
        add _mm512_add_ps; sub _mm512_sub_ps; mul _mm512_mul_ps; div _mm512_div_ps;
        relu |x| _mm512_max_ps(x, _mm512_setzero_ps());
        greater _mm512_cmp_ps_mask::<_CMP_GT_OQ>; equal _mm512_cmp_ps_mask::<_CMP_EQ_OQ>;
        select |no, yes, condition| _mm512_mask_blend_ps(condition, no, yes);
        bits _cvtmask16_u32;
        scale |x, n| {
            let n = _mm512_slli_epi32::<23>(_mm512_castps_si512(n));
            _mm512_castsi512_ps(_mm512_add_epi32(_mm512_castps_si512(x), n))
        };
        split |x| {
            let x = _mm512_castps_si512(x);
            let exponent = _mm512_srai_epi32::<23>(_mm512_sub_epi32(x, _mm512_set1_epi32(SQRT_HALF)));
            let mantissa = _mm512_sub_epi32(x, _mm512_slli_epi32::<23>(exponent));
            (_mm512_cvtepi32_ps(exponent), _mm512_castsi512_ps(mantissa))
        }
    }
}
