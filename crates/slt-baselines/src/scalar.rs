//! The floating-point types that training runs in.

use crate::compiled::Compiled;
use crate::kernel::Vectorised;

/// A floating-point type: `f32`, in which the paper's baselines train, or `f64`, for comparisons with exact
/// references.
///
/// Sealed: the arithmetic of the kernel is defined for these two.
pub trait Scalar: ndarray::NdFloat + Default + Vectorised + Elementary + Compiled {}

impl Scalar for f32 {}
impl Scalar for f64 {}

/// Conversions, constants and bit manipulations behind the elementary functions of the kernel.
pub trait Elementary: Sized {
    /// `f32` or `f64`.
    const NAME: &'static str;
    /// Bytes of a number.
    const BYTES: usize;
    /// The smallest positive number of full precision.
    const MIN_POSITIVE: Self;
    /// The distance from 1 to the next larger number.
    const EPSILON: Self;
    /// Added to a small number, it leaves that number rounded to an integer in the lowest bits of the sum.
    const ROUND: Self;
    /// log2(e).
    const LOG2_E: Self;
    /// ln 2 with trailing zero bits, so that a product with an exponent is exact.
    const LN2_HIGH: Self;
    /// What `LN2_HIGH` lacks.
    const LN2_LOW: Self;
    /// Below this `exp` is zero: the smallest argument with a normal result.
    const EXP_CUTOFF: Self;
    /// Terms of the exponential series that reach full precision on |x| <= ln(2) / 2.
    const EXP_TERMS: usize;
    /// Terms of the series of the inverse hyperbolic tangent that reach full precision on |x| <= 0.172.
    const ATANH_TERMS: usize;

    /// The nearest number.
    fn of(x: f64) -> Self;
    /// The same number in double precision.
    fn to_double(self) -> f64;
    /// The same number, from single precision.
    fn of_single(x: f32) -> Self;
    /// Appends the bytes, the lowest first.
    fn put(self, bytes: &mut Vec<u8>);
    /// What [`put`](Self::put) appended: as many bytes as `BYTES` says.
    fn take(bytes: &[u8]) -> Self;
    /// The bits, to tell numbers apart.
    fn bits(self) -> u64;
    /// `self` times 2 to the integer in the lowest bits of `shifted`.
    #[must_use]
    fn scale(self, shifted: Self) -> Self;
    /// Exponent and mantissa, `self = mantissa * 2^exponent` with the mantissa between sqrt(1/2) and sqrt(2).
    fn split(self) -> (Self, Self);
}

macro_rules! elementary {
    ($float:ident, $bits:ident, $signed:ident, $mantissa:literal; $($constant:item)*) => {
        impl Elementary for $float {
            const NAME: &'static str = stringify!($float);
            const BYTES: usize = size_of::<$float>();
            const MIN_POSITIVE: Self = $float::MIN_POSITIVE;
            const EPSILON: Self = $float::EPSILON;
            const LOG2_E: Self = std::$float::consts::LOG2_E;
            $($constant)*

            #[inline(always)]
            fn of(x: f64) -> Self {
                x as $float
            }
            #[inline(always)]
            fn to_double(self) -> f64 {
                self as f64
            }
            #[inline(always)]
            fn of_single(x: f32) -> Self {
                x as $float
            }
            fn put(self, bytes: &mut Vec<u8>) {
                bytes.extend(self.to_le_bytes());
            }
            fn take(bytes: &[u8]) -> Self {
                let mut array = [0; size_of::<$float>()];
                array.copy_from_slice(bytes);
                $float::from_le_bytes(array)
            }
            fn bits(self) -> u64 {
                self.to_bits().into()
            }
            #[inline(always)]
            fn scale(self, shifted: Self) -> Self {
                $float::from_bits(self.to_bits().wrapping_add(shifted.to_bits() << $mantissa))
            }
            #[inline(always)]
            fn split(self) -> (Self, Self) {
                const SQRT_HALF: $bits = std::$float::consts::FRAC_1_SQRT_2.to_bits();
                let exponent = (self.to_bits().wrapping_sub(SQRT_HALF) as $signed) >> $mantissa;
                let mantissa = self.to_bits().wrapping_sub((exponent << $mantissa) as $bits);
                // Through 32 bits, which vector units convert; exponents are small.
                (exponent as i32 as $float, $float::from_bits(mantissa))
            }
        }
    };
}

elementary! { f32, u32, i32, 23;
    const ROUND: Self = 12_582_912.0; // 1.5 * 2^23
    const LN2_HIGH: Self = 0.693_359_4; // 355 / 512
    const LN2_LOW: Self = -2.121_944_4e-4;
    const EXP_CUTOFF: Self = -87.0;
    const EXP_TERMS: usize = 7;
    const ATANH_TERMS: usize = 5;
}

elementary! { f64, u64, i64, 52;
    const ROUND: Self = 6_755_399_441_055_744.0; // 1.5 * 2^52
    const LN2_HIGH: Self = 0.693_147_180_369_123_8; // 32 trailing zero bits
    const LN2_LOW: Self = 1.908_214_929_270_587_7e-10;
    const EXP_CUTOFF: Self = -708.0;
    const EXP_TERMS: usize = 13;
    const ATANH_TERMS: usize = 11;
}
