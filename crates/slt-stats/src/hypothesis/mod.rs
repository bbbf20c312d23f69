//! Tests of hypotheses about two samples.

mod mann_whitney;
mod spearman;
mod t_test;
mod wilcoxon;

pub use mann_whitney::{MannWhitney, mann_whitney_u};
pub use spearman::{Correlation, spearman};
pub use t_test::{TTest, paired_t, student_t, welch_t};
pub use wilcoxon::{Wilcoxon, Zeros, wilcoxon_signed_rank};

use serde::{Deserialize, Serialize};

/// How the p-value of a rank test is computed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PValue {
    /// As scipy chooses by default: exact for small samples without ties, otherwise asymptotic.
    Auto,
    /// From all ways to assign the observed ranks, which are equally likely under the null hypothesis; ties
    /// count.
    Exact,
    /// By the normal distribution, with the variance corrected for ties.
    Asymptotic {
        /// Whether the statistic is moved half a step towards its mean first.
        continuity: bool,
    },
}
