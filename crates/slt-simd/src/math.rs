//! `exp` and `log1p` for the cross-entropy: polynomials over the vector operations, so that they are equal on
//! every instruction set. The coefficients are minimax fits of our own, rounded to `f32`. `exp_tight` and
//! `log` are for the cross-entropy in single precision throughout, where another library's roundings have to
//! be met.

use crate::fused::{Portable, Strip, Vector};

/// Adding this pushes the fraction of a small number out of the mantissa: what stays in the low bits is
/// the number rounded to an integer.
const ROUND: f32 = 12_582_912.0; // 1.5 * 2^23

/// ln 2 in two parts; the first has 13 trailing zero bits, so that `n * LN2_HIGH` is exact.
const LN2_HIGH: f32 = 0.693_359_4;
const LN2_LOW: f32 = -2.121_944_4e-4;

/// Below this `exp` is zero: the smallest argument for which every step stays among the normal numbers.
const EXP_CUTOFF: f32 = -87.0;

/// (e^r - 1 - r) / r^2 on |r| <= ln(2) / 2; relative error of e^r 3.1e-9.
const EXP: [f32; 5] = [0.499_999_94, 0.166_665_21, 0.041_668_39, 0.008_368_717, 0.001_381_459_9];

/// ln 2 in two parts for `exp_tight`; the first has 9 trailing zero bits.
const LN2_SHORT: f32 = 0.693_145_75;
const LN2_REST: f32 = 1.428_606_8e-6;

/// (e^r - 1 - r) / r^2 on |r| <= ln(2) / 2. These coefficients, and the steps of `exp_tight` and `log`, are
/// those of the SLEEF library, version 3.8 (`xexpf`, `xlogf`), from which PyTorch takes its functions: so the
/// results are equal to the bit.
const EXP_TIGHT: [f32; 6] =
    [0.5, 0.166_666_67, 0.041_666_485, 0.008_333_361, 0.001_393_043_6, 0.000_198_527_62];

/// (2 atanh(q) - 2 q) / q^3 as a polynomial in q^2.
const ATANH: [f32; 3] = [0.666_669_5, 0.399_610_82, 0.302_729_5];

/// ln 2 less its nearest `f32`.
const LN2_LOST: f32 = -1.904_654_3e-9;

/// (ln(1 + f) - f + f^2 / 2) / f^3 on sqrt(1/2) <= 1 + f <= sqrt(2); relative error of ln(1 + f) 5.8e-9.
const LOG: [f32; 8] = [
    0.333_333_3,
    -0.250_008_2,
    0.200_012_27,
    -0.166_233_57,
    0.142_017_57,
    -0.131_601_83,
    0.127_615_8,
    -0.076_345_004,
];

/// `coefficients[0] + x * (coefficients[1] + ...)`.
#[inline(always)]
fn polynomial<V: Vector>(x: V, coefficients: &[f32]) -> V {
    let (last, rest) = coefficients.split_last().expect("a polynomial has a coefficient");
    let mut sum = V::splat(*last);
    for &c in rest.iter().rev() {
        sum = sum.mul_add(x, V::splat(c));
    }
    sum
}

/// e^x for x <= 0, within 2 ulp; zero below -87 and for NaN.
#[inline(always)]
pub fn exp<V: Vector>(x: V) -> V {
    let shifted = x.mul_add(V::splat(std::f32::consts::LOG2_E), V::splat(ROUND));
    let n = shifted.sub(V::splat(ROUND));
    let r = n.mul_add(V::splat(-LN2_HIGH), x);
    let r = n.mul_add(V::splat(-LN2_LOW), r);
    let power = polynomial(r, &EXP).mul_add(r.mul(r), r).add(V::splat(1.0));
    power.scale(shifted).select(x.greater(V::splat(EXP_CUTOFF)), V::splat(0.0))
}

/// ln(1 + s) for finite s >= 0, within 2 ulp.
#[inline(always)]
pub fn log1p<V: Vector>(s: V) -> V {
    let one = V::splat(1.0);
    let u = s.add(one);
    // What rounding 1 + s lost: ln(1 + s) = ln(u) + lost / u, up to the square of lost / u.
    let lost = s.sub(u.sub(one)).div(u);
    let (exponent, mantissa) = u.split();
    let f = mantissa.sub(one);
    let square = f.mul(f);
    let small = polynomial(f, &LOG).mul(square).mul(f);
    let small = exponent.mul_add(V::splat(LN2_LOW), small).add(lost);
    let log = square.mul_add(V::splat(-0.5), small).add(f);
    exponent.mul_add(V::splat(LN2_HIGH), log)
}

/// e^x for x <= 0, within 1 ulp; zero below -87 and for NaN.
#[inline(always)]
pub fn exp_tight<V: Vector>(x: V) -> V {
    let shifted = x.mul(V::splat(std::f32::consts::LOG2_E)).add(V::splat(ROUND));
    let n = shifted.sub(V::splat(ROUND));
    let r = n.mul_add(V::splat(-LN2_SHORT), x);
    let r = n.mul_add(V::splat(-LN2_REST), r);
    let power = r.mul(r).mul_add(polynomial(r, &EXP_TIGHT), r).add(V::splat(1.0));
    power.scale(shifted).select(x.greater(V::splat(EXP_CUTOFF)), V::splat(0.0))
}

/// ln(u) for finite u >= 1, within 1 ulp: the series of atanh at (m - 1) / (m + 1), where u = m * 2^e with m
/// in [3/4, 3/2). The leading terms are kept in two parts each, of which the second is what rounding the
/// first has lost.
#[inline(always)]
pub fn log<V: Vector>(u: V) -> V {
    let (zero, one) = (V::splat(0.0), V::splat(1.0));
    let (e, m) = u.split();
    let is_low = V::splat(0.75).greater(m);
    let (e, m) = (e.sub(one).select(is_low, e), m.add(m).select(is_low, m));
    // The quotient q. m - 1 is exact.
    let (numerator, denominator) = (m.sub(one), m.add(one));
    let rest = denominator.sub(one);
    let denominator_lost = one.sub(denominator.sub(rest)).add(m.sub(rest));
    let inverse = one.div(denominator);
    let q = inverse.mul(numerator);
    let product_lost = inverse.mul_add(numerator, zero.sub(q));
    let inverse_lost = zero.sub(denominator).mul_add(inverse, one);
    let inverse_lost = zero.sub(denominator_lost).mul_add(inverse, inverse_lost);
    let q_lost = inverse_lost.mul_add(q, product_lost);
    // e ln 2 + 2 q
    let power = e.mul(V::splat(std::f32::consts::LN_2));
    let power_lost = e.mul_add(V::splat(std::f32::consts::LN_2), zero.sub(power));
    let power_lost = e.mul_add(V::splat(LN2_LOST), power_lost);
    let twice = q.add(q);
    let linear = power.add(twice);
    let lost = power.sub(linear).add(twice).add(power_lost).add(q_lost.add(q_lost));
    // The rest of the series.
    let square = q.mul(q);
    let cubic = square.mul(q).mul(polynomial(square, &ATANH));
    let log = linear.add(cubic);
    lost.add(linear.sub(log).add(cubic)).add(log)
}

/// One of these functions for one number.
pub fn single(x: f32, f: impl Fn(Portable<1>) -> Portable<1>) -> f32 {
    let mut strip = Strip::ZERO;
    f(Portable::splat(x)).store(&mut strip, 0);
    strip.0[0]
}

#[cfg(test)]
mod tests {
    use super::single as apply;
    use super::*;

    /// Distance in units of the last place of the nearest `f32`.
    fn ulp_error(got: f32, exact: f64) -> f64 {
        let nearest = exact as f32;
        let ulp = f64::from(f32::from_bits(nearest.to_bits() + 1)) - f64::from(nearest);
        (f64::from(got) - exact).abs() / ulp
    }

    #[test]
    fn exp_is_within_two_ulp() {
        // Every 97th float of [-87, -1e-30].
        let (from, to) = (1e-30_f32.to_bits(), 87.0_f32.to_bits());
        let worst = (from..to)
            .step_by(97)
            .map(|bits| -f32::from_bits(bits))
            .map(|x| ulp_error(apply(x, exp), libm::exp(f64::from(x))))
            .fold(0.0, f64::max);
        assert!(worst <= 2.0, "{worst}");
        assert_eq!(apply(0.0, exp), 1.0);
        assert_eq!(apply(-87.001, exp), 0.0);
        assert_eq!(apply(-1e9, exp), 0.0);
        assert_eq!(apply(f32::NEG_INFINITY, exp), 0.0);
    }

    #[test]
    fn exp_tight_is_within_one_ulp() {
        let (from, to) = (1e-30_f32.to_bits(), 87.0_f32.to_bits());
        let worst = (from..to)
            .step_by(97)
            .map(|bits| -f32::from_bits(bits))
            .map(|x| ulp_error(apply(x, exp_tight), libm::exp(f64::from(x))))
            .fold(0.0, f64::max);
        assert!(worst <= 1.0, "{worst}");
        assert_eq!(apply(0.0, exp_tight), 1.0);
        assert_eq!(apply(-87.001, exp_tight), 0.0);
        assert_eq!(apply(f32::NEG_INFINITY, exp_tight), 0.0);
    }

    #[test]
    fn log_is_within_one_ulp() {
        let (from, to) = (1.0_f32.to_bits(), 1e6_f32.to_bits());
        let worst = (from..to)
            .step_by(29)
            .chain(from..from + 100_000)
            .map(f32::from_bits)
            .map(|u| ulp_error(apply(u, log), libm::log(f64::from(u))))
            .fold(0.0, f64::max);
        assert!(worst <= 1.0, "{worst}");
        assert_eq!(apply(1.0, log), 0.0);
    }

    #[test]
    fn log1p_is_within_two_ulp() {
        let (from, to) = (1e-30_f32.to_bits(), 1e6_f32.to_bits());
        let worst = (from..to)
            .step_by(97)
            .map(f32::from_bits)
            .map(|s| ulp_error(apply(s, log1p), libm::log1p(f64::from(s))))
            .fold(0.0, f64::max);
        assert!(worst <= 2.0, "{worst}");
        assert_eq!(apply(0.0, log1p), 0.0);
    }
}
