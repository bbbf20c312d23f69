//! Corrections for testing several hypotheses at once.

use serde::{Deserialize, Serialize};

use crate::error::Error;

/// How p-values are adjusted.
///
/// With the `m` p-values in ascending order, `p(1) <= ... <= p(m)`:
///
/// | correction | adjusted p(i) | controls |
/// |---|---|---|
/// | `Bonferroni` | `m p(i)` | family-wise error |
/// | `Holm` | largest of `(m - j + 1) p(j)` over `j <= i` | family-wise error |
/// | `HolmSidak` | largest of `1 - (1 - p(j))^(m - j + 1)` over `j <= i` | family-wise error of independent tests |
/// | `BenjaminiHochberg` | smallest of `m p(j) / j` over `j >= i` | false discovery rate |
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Correction {
    /// Bonferroni's.
    Bonferroni,
    /// Holm's, which is never weaker than Bonferroni's.
    Holm,
    /// Holm's with the bound of Sidak.
    HolmSidak,
    /// Benjamini and Hochberg's.
    BenjaminiHochberg,
}

impl Correction {
    /// Adjusted p-values in the order of the given ones, at most 1. A hypothesis is rejected where its
    /// adjusted p-value is at most the wanted error rate.
    ///
    /// ```
    /// let adjusted = slt_stats::Correction::Holm.adjust(&[0.04, 0.25, 0.125])?;
    /// assert_eq!(adjusted, [0.12, 0.25, 0.25]);
    /// # Ok::<(), slt_stats::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`Error::NotProbability`] if a p-value is not in [0, 1].
    pub fn adjust(self, p: &[f64]) -> Result<Vec<f64>, Error> {
        if let Some(at) = p.iter().position(|p| !(0.0..=1.0).contains(p)) {
            return Err(Error::NotProbability { position: at + 1, value: p[at] });
        }
        let m = p.len();
        let mut order: Vec<usize> = (0..m).collect();
        order.sort_by(|&a, &b| p[a].total_cmp(&p[b]));
        let mut adjusted = vec![0.0; m];
        match self {
            Self::Bonferroni => adjusted.iter_mut().zip(p).for_each(|(to, p)| *to = m as f64 * p),
            Self::Holm | Self::HolmSidak => {
                let mut largest = 0.0_f64;
                for (rank, &i) in order.iter().enumerate() {
                    let left = (m - rank) as f64;
                    largest = largest.max(match self {
                        // 1 - (1 - p)^left without cancellation.
                        Self::HolmSidak => -libm::expm1(left * libm::log1p(-p[i])),
                        _ => left * p[i],
                    });
                    adjusted[i] = largest;
                }
            }
            Self::BenjaminiHochberg => {
                let mut smallest = 1.0_f64;
                for (rank, &i) in order.iter().enumerate().rev() {
                    smallest = smallest.min(m as f64 * p[i] / (rank + 1) as f64);
                    adjusted[i] = smallest;
                }
            }
        }
        adjusted.iter_mut().for_each(|p| *p = p.clamp(0.0, 1.0));
        Ok(adjusted)
    }
}
