//! The Mann-Whitney U test.

use serde::{Deserialize, Serialize};

use super::PValue;
use crate::alternative::Alternative;
use crate::distribution::normal_p;
use crate::error::{Error, check_sample};
use crate::ranks::{Ranks, doubled};

/// Most values, of both samples together, for an exact p-value.
const MAX_EXACT: usize = 120;
/// Most values of the smaller sample for which [`PValue::Auto`] is exact.
const AUTO_EXACT: usize = 8;

/// Result of a Mann-Whitney U test.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct MannWhitney {
    /// U of the first sample: pairs in which its value is larger, ties counted half.
    pub u: f64,
    /// Probability of a statistic at least as extreme if both samples come from one distribution.
    pub p: f64,
    /// What is claimed against that.
    pub alternative: Alternative,
    /// How the p-value was computed: never [`PValue::Auto`].
    pub method: PValue,
    /// Whether some values are equal.
    pub has_ties: bool,
}

/// The Mann-Whitney U test (Wilcoxon rank-sum test) of two independent samples.
///
/// [`PValue::Auto`] is exact if there are no ties and the smaller sample has at most 8 values, otherwise
/// asymptotic with continuity correction. The exact p-value is two-sided as twice the smaller tail.
///
/// ```
/// use slt_stats::{Alternative, PValue, mann_whitney_u};
///
/// let test = mann_whitney_u(&[4.0, 5.0, 6.0], &[1.0, 2.0, 3.0], Alternative::Greater, PValue::Auto)?;
/// assert_eq!((test.u, test.p), (9.0, 0.05));
/// # Ok::<(), slt_stats::Error>(())
/// ```
///
/// # Errors
/// [`Error::SampleSize`] if a sample has no values, [`Error::NotFinite`] if a value is NaN or infinite,
/// [`Error::ExactSize`] if an exact p-value of more than 120 values is asked for, [`Error::NoVariation`] if
/// an asymptotic one of values that are all equal.
pub fn mann_whitney_u(
    x: &[f64],
    y: &[f64],
    alternative: Alternative,
    method: PValue,
) -> Result<MannWhitney, Error> {
    check_sample(x, 1)?;
    check_sample(y, 1)?;
    let ranks = Ranks::of(&[x, y].concat());
    let has_ties = ranks.has_ties();
    let (n, m) = (x.len() as f64, y.len() as f64);
    let u = ranks.ranks[..x.len()].iter().sum::<f64>() - n * (n + 1.0) / 2.0;
    let method = match method {
        // Beyond `MAX_EXACT` values the approximation is good even for small samples.
        PValue::Auto if !has_ties && x.len().min(y.len()) <= AUTO_EXACT && x.len() + y.len() <= MAX_EXACT => {
            PValue::Exact
        }
        PValue::Auto => PValue::Asymptotic { continuity: true },
        chosen => chosen,
    };
    let p = match method {
        PValue::Asymptotic { continuity } => {
            let all = n + m;
            let variance = n * m / 12.0 * (all + 1.0 - ranks.tie_term() / (all * (all - 1.0)));
            if variance <= 0.0 {
                return Err(Error::NoVariation { statistic: "Mann-Whitney's U" });
            }
            let distance = u - n * m / 2.0;
            let distance = if continuity { alternative.continuity(distance) } else { distance };
            normal_p(distance / variance.sqrt(), alternative)
        }
        _ => exact_p(&ranks, x.len(), alternative)?,
    };
    Ok(MannWhitney { u, p, alternative, method, has_ties })
}

/// p-value from the distribution of the rank sum of the first `n` values over all choices of `n` among them.
fn exact_p(ranks: &Ranks, n: usize, alternative: Alternative) -> Result<f64, Error> {
    let all = ranks.ranks.len();
    if all > MAX_EXACT {
        return Err(Error::ExactSize { n: all, max: MAX_EXACT });
    }
    let doubled: Vec<usize> = ranks.ranks.iter().map(|&rank| doubled(rank)).collect();
    let observed: usize = doubled[..n].iter().sum();
    let largest: usize = doubled.iter().sum();
    // ways[k][s]: choices of k among the values so far with doubled rank sum s. In f64 the largest count,
    // C(120, 60), is far from overflow, and sums of counts keep their relative precision.
    let mut ways = vec![vec![0.0_f64; largest + 1]; n + 1];
    ways[0][0] = 1.0;
    let mut reach = 0;
    for (i, &rank) in doubled.iter().enumerate() {
        reach += rank;
        for k in (1..=n.min(i + 1)).rev() {
            let (fewer, with) = ways.split_at_mut(k);
            let (from, to) = (&fewer[k - 1][..=reach - rank], &mut with[0][rank..=reach]);
            for (to, from) in to.iter_mut().zip(from) {
                *to += from;
            }
        }
    }
    let ways = &ways[n];
    let total: f64 = ways.iter().sum();
    let at_most = ways[..=observed].iter().sum::<f64>() / total;
    let at_least = ways[observed..].iter().sum::<f64>() / total;
    Ok(alternative.exact_p(at_most, at_least))
}
