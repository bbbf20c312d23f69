//! `exp` and `ln` as short series of plain products and sums, so that a loop over lanes becomes vector code
//! and the bits are the same everywhere. The next term of each series is below half a unit in the last place.

use crate::Scalar;

/// 1 / k! for k = 0 to 13.
const INVERSE_FACTORIALS: [f64; 14] = {
    let mut terms = [1.0; 14];
    let (mut k, mut factorial) = (1, 1.0);
    while k < 14 {
        factorial *= k as f64;
        terms[k] = 1.0 / factorial;
        k += 1;
    }
    terms
};

/// e^x for x <= 0, within 2 units in the last place; zero below
/// [`Elementary::EXP_CUTOFF`](crate::scalar::Elementary).
#[inline(always)]
pub(crate) fn exp<T: Scalar>(x: T) -> T {
    let shifted = x * T::LOG2_E + T::ROUND;
    let n = shifted - T::ROUND;
    let r = (x - n * T::LN2_HIGH) - n * T::LN2_LOW;
    let mut sum = T::of(INVERSE_FACTORIALS[T::EXP_TERMS]);
    for k in (0..T::EXP_TERMS).rev() {
        sum = sum * r + T::of(INVERSE_FACTORIALS[k]);
    }
    if x < T::EXP_CUTOFF { T::zero() } else { sum.scale(shifted) }
}

/// ln(x) for normal x > 0, within 3 units in the last place of the larger of the result and 1. Infinity and
/// NaN stay what they are.
///
/// With x = m 2^e: e ln 2 + 2 atanh(s), s = (m - 1) / (m + 1), and the odd series of atanh.
#[inline(always)]
pub(crate) fn ln<T: Scalar>(x: T) -> T {
    let (exponent, mantissa) = x.split();
    let s = (mantissa - T::one()) / (mantissa + T::one());
    let square = s * s;
    let mut sum = T::zero();
    for k in (0..T::ATANH_TERMS).rev() {
        sum = sum * square + T::of(2.0 / (2 * k + 1) as f64);
    }
    let result = exponent * T::LN2_HIGH + (s * sum + exponent * T::LN2_LOW);
    if x < T::infinity() { result } else { x }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Arguments from 2^-60 to 2^6, evenly over the exponents.
    fn arguments() -> impl Iterator<Item = f64> {
        (0..66_000).map(|i| libm::exp2(f64::from(i) / 1e3 - 60.0))
    }

    fn worst<T: Scalar>(f: fn(T) -> T, exact: fn(f64) -> f64, x: impl Iterator<Item = f64>) -> f64 {
        x.map(T::of)
            .map(|x| (f(x).to_double(), exact(x.to_double())))
            .map(|(got, exact)| (got - exact).abs() / exact.abs() / T::EPSILON.to_double())
            .fold(0.0, f64::max)
    }

    #[test]
    fn exp_is_accurate_in_both_precisions() {
        assert!(worst::<f32>(exp, libm::exp, arguments().map(|x| -x)) <= 2.0);
        assert!(worst::<f64>(exp, libm::exp, arguments().map(|x| -x)) <= 2.0);
        assert!(worst::<f64>(exp, libm::exp, arguments().map(|x| -x * 11.0)) <= 2.0);
        assert_eq!((exp(0.0_f32), exp(0.0_f64)), (1.0, 1.0));
        assert_eq!((exp(-88.0_f32), exp(-1e6_f64)), (0.0, 0.0));
        assert!(exp(f32::NAN).is_nan() && exp(f64::NAN).is_nan());
        assert_eq!(exp(f32::NEG_INFINITY), 0.0);
    }

    #[test]
    fn ln_is_accurate_in_both_precisions() {
        let from_one = || arguments().map(|x| 1.0 + x);
        let absolute = |got: f64, exact: f64| (got - exact).abs() / exact.abs().max(1.0);
        for x in arguments().chain(from_one()) {
            assert!(absolute(ln(x), libm::log(x)) <= 3.0 * f64::EPSILON, "{x}");
            let x = x as f32;
            assert!(
                absolute(f64::from(ln(x)), libm::log(f64::from(x))) <= 3.0 * f64::from(f32::EPSILON),
                "{x}"
            );
        }
        assert_eq!((ln(1.0_f32), ln(1.0_f64)), (0.0, 0.0));
        assert!(ln(f32::NAN).is_nan() && ln(f64::INFINITY).is_infinite());
    }
}
