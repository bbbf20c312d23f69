//! Wilcoxon's signed-rank test.

use serde::{Deserialize, Serialize};

use super::PValue;
use crate::alternative::Alternative;
use crate::distribution::normal_p;
use crate::error::{Error, check_pairs};
use crate::ranks::{Ranks, doubled, tie_term};

/// Most differences for an exact p-value.
const MAX_EXACT: usize = 500;
/// Most differences for which [`PValue::Auto`] is exact: without ties, and with ties.
const AUTO_EXACT: usize = 50;
const AUTO_EXACT_TIES: usize = 13;

/// What is done with differences of zero.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Zeros {
    /// They are left out (Wilcoxon).
    Drop,
    /// They are ranked, and their ranks are left out (Pratt).
    Pratt,
    /// They are ranked, and their ranks are given half to either side.
    Split,
}

/// Result of a signed-rank test.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Wilcoxon {
    /// Sum of the ranks of positive differences.
    pub w_plus: f64,
    /// Sum of the ranks of negative differences.
    pub w_minus: f64,
    /// Standard score of `w_plus`, with continuity correction where the method has it; `None` if the p-value
    /// is exact.
    pub z: Option<f64>,
    /// Probability of a statistic at least as extreme if differences are symmetric about zero.
    pub p: f64,
    /// What is claimed against that.
    pub alternative: Alternative,
    /// How the p-value was computed: never [`PValue::Auto`].
    pub method: PValue,
    /// Number of differences of zero.
    pub n_zeros: usize,
    /// Whether absolute differences that are ranked are equal.
    pub has_ties: bool,
}

impl Wilcoxon {
    /// The two-sided statistic, the smaller rank sum.
    pub fn statistic(&self) -> f64 {
        self.w_plus.min(self.w_minus)
    }
}

/// Wilcoxon's signed-rank test of pairs, on the differences `x - y`.
///
/// [`PValue::Auto`] is exact for at most 50 differences without zeros and ties and for at most 13 of any
/// kind, otherwise asymptotic without continuity correction. The exact p-value is that of the observed ranks
/// under all assignments of signs; zeros keep theirs.
///
/// ```
/// use slt_stats::{Alternative, PValue, Zeros, wilcoxon_signed_rank};
///
/// let (x, y) = ([0.9, 0.8, 0.7, 0.6, 0.5], [0.8, 0.6, 0.4, 0.2, 0.0]);
/// let test = wilcoxon_signed_rank(&x, &y, Alternative::TwoSided, Zeros::Drop, PValue::Auto)?;
/// assert_eq!((test.statistic(), test.p), (0.0, 0.0625));
/// # Ok::<(), slt_stats::Error>(())
/// ```
///
/// # Errors
/// [`Error::PairLength`] if the samples differ in length, [`Error::SampleSize`] without pairs,
/// [`Error::NotFinite`] if a value is NaN or infinite, [`Error::ExactSize`] if an exact p-value of more than
/// 500 pairs is asked for, [`Error::NoVariation`] if all differences are zero.
pub fn wilcoxon_signed_rank(
    x: &[f64],
    y: &[f64],
    alternative: Alternative,
    zeros: Zeros,
    method: PValue,
) -> Result<Wilcoxon, Error> {
    check_pairs(x, y, 1)?;
    let mut differences: Vec<f64> = x.iter().zip(y).map(|(x, y)| x - y).collect();
    let n_pairs = differences.len();
    let n_zeros = differences.iter().filter(|&&d| d == 0.0).count();
    if n_zeros == n_pairs {
        return Err(Error::NoVariation { statistic: "Wilcoxon's W" });
    }
    if zeros == Zeros::Drop {
        differences.retain(|&d| d != 0.0);
    }
    let absolute: Vec<f64> = differences.iter().map(|d| d.abs()).collect();
    let ranks = Ranks::of(&absolute);
    let has_ties = ranks.has_ties();
    let of_sign = |positive: bool| {
        let of_sign = differences.iter().zip(&ranks.ranks).filter(move |(d, _)| (**d > 0.0) == positive);
        of_sign.filter(|(d, _)| **d != 0.0).map(|(_, rank)| rank).sum::<f64>()
    };
    let (mut w_plus, mut w_minus) = (of_sign(true), of_sign(false));
    let ranked_zeros = if zeros == Zeros::Drop { 0 } else { n_zeros };
    if zeros == Zeros::Split {
        // The ranks 1 to n_zeros, half of them to either side.
        let half = triangle(ranked_zeros) / 2.0;
        (w_plus, w_minus) = (w_plus + half, w_minus + half);
    }
    let exact = match method {
        PValue::Auto if n_zeros == 0 && !has_ties => differences.len() <= AUTO_EXACT,
        PValue::Auto => n_pairs <= AUTO_EXACT_TIES,
        chosen => chosen == PValue::Exact,
    };
    let signed = |z, p, method| Wilcoxon { w_plus, w_minus, z, p, alternative, method, n_zeros, has_ties };
    if exact {
        let nonzero = differences.iter().zip(&ranks.ranks).filter(|(d, _)| **d != 0.0);
        let p =
            exact_p(&nonzero.map(|(d, &rank)| (*d > 0.0, doubled(rank))).collect::<Vec<_>>(), alternative)?;
        return Ok(signed(None, p, PValue::Exact));
    }
    let continuity = method == PValue::Asymptotic { continuity: true };
    let (mut mean, mut variance) = (triangle(differences.len()) / 2.0, squares(differences.len()) / 4.0);
    let mut groups = &ranks.groups[..];
    if zeros == Zeros::Pratt && ranked_zeros > 0 {
        mean -= triangle(ranked_zeros) / 2.0;
        variance -= squares(ranked_zeros) / 4.0;
        // Zeros are the lowest group.
        groups = &groups[1..];
    }
    variance -= tie_term(groups) / 48.0;
    if variance <= 0.0 {
        return Err(Error::NoVariation { statistic: "Wilcoxon's z" });
    }
    let distance = w_plus - mean;
    let z = if continuity { alternative.continuity(distance) } else { distance } / variance.sqrt();
    Ok(signed(Some(z), normal_p(z, alternative), PValue::Asymptotic { continuity }))
}

/// `1 + ... + n`.
fn triangle(n: usize) -> f64 {
    (n * (n + 1)) as f64 / 2.0
}

/// `1 + 4 + ... + n^2`.
fn squares(n: usize) -> f64 {
    (n * (n + 1)) as f64 * (2 * n + 1) as f64 / 6.0
}

/// p-value over all signs of the ranks, which are given doubled and with their observed signs.
fn exact_p(signed: &[(bool, usize)], alternative: Alternative) -> Result<f64, Error> {
    if signed.len() > MAX_EXACT {
        return Err(Error::ExactSize { n: signed.len(), max: MAX_EXACT });
    }
    let observed: usize = signed.iter().filter(|(positive, _)| *positive).map(|(_, rank)| rank).sum();
    let largest: usize = signed.iter().map(|(_, rank)| rank).sum();
    // chance[s]: probability that the positive ranks so far sum to s.
    let mut chance = vec![0.0_f64; largest + 1];
    chance[0] = 1.0;
    let mut reach = 0;
    for &(_, rank) in signed {
        reach += rank;
        for sum in (0..=reach).rev() {
            let without = if sum >= rank { chance[sum - rank] } else { 0.0 };
            chance[sum] = 0.5 * (chance[sum] + without);
        }
    }
    let at_most = chance[..=observed].iter().sum();
    let at_least = chance[observed..].iter().sum();
    Ok(alternative.exact_p(at_most, at_least))
}
