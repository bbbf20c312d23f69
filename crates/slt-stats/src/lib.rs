//! Statistics for experiments: plain slices and tables in, serialisable results out.
//!
//! | to | there is |
//! |---|---|
//! | describe a sample | [`Summary`], [`mean`], [`sd`], [`quantile`], [`BoxPlot`] |
//! | bound its mean | [`t_interval`] |
//! | test two samples | [`welch_t`], [`student_t`], [`paired_t`], [`mann_whitney_u`], [`wilcoxon_signed_rank`], [`spearman`] |
//! | say how much they differ | [`Dominance`] (A12, Cliff's delta) |
//! | test several hypotheses | [`Correction`] |
//! | tell effects of algorithms from those of networks and seeds | [`MixedModel`] |
//!
//! Conventions are those of numpy, scipy, matplotlib, statsmodels and lme4, and results agree with theirs to
//! 1e-9 and better. Samples of NaN, too few values or no variation are an [`Error`], so every number of a
//! result is finite.
//!
//! # The mixed model
//!
//! [`MixedModel`] is our own. The one candidate on the registry, `mixeff-rs` 1.0.0-rc.5, is maintained and
//! validated against lme4, but a release candidate of 95,000 lines that brings some 90 crates (a second
//! statrs, rand and nalgebra, and by default a C++ library); for random intercepts that is out of proportion.
//! The model here adds no dependency: with exact derivatives of the profiled likelihood, all linear algebra
//! is one Cholesky elimination of cross-products, and the search is a projected Newton method instead of a
//! derivative-free one. It reaches a variance of zero exactly, and the promise of its last step certifies
//! convergence. Where the likelihood may have several optima, it starts several times. The largest grouping
//! is eliminated by itself: 50,000 rows in 10,000 groups take a fraction of a second. The whole crate with
//! its dependencies takes about half a minute of processor time to build.
//!
//! Fixed effects are factors, covariates ([`FixedEffect`]) and their products ([`Interaction`]); random
//! effects are intercepts, nested or crossed ([`RandomTerm`]), and no slopes. Fixed effects are tested one by
//! one (Wald) or by likelihood ratios ([`MixedModel::drop1`], [`MixedModel::likelihood_ratio`]).
//!
//! # Reproducibility
//!
//! Sums have one fixed order, and logarithms and exponentials come from the `libm` crate, so that estimates,
//! standard errors and variances are the same to the bit on every machine. Tails and quantiles of the normal,
//! t and chi-squared distributions come from `statrs`, which calls the platform's mathematics: p-values and
//! the ends of intervals may differ in the last digits.
//!
//! ```
//! use slt_stats::{Alternative, Correction, Dominance, PValue, mann_whitney_u};
//!
//! let (ga, ep) = ([0.93, 0.95, 0.91, 0.96], [0.90, 0.92, 0.89, 0.88]);
//! let test = mann_whitney_u(&ga, &ep, Alternative::TwoSided, PValue::Auto)?;
//! assert_eq!(Dominance::of(&ga, &ep)?.a12(), test.u / 16.0);
//! let adjusted = Correction::Holm.adjust(&[test.p, 0.3])?;
//! assert!(adjusted[0] < 0.12);
//! # Ok::<(), slt_stats::Error>(())
//! ```

/// The example of the README runs, too.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;

mod alternative;
mod box_plot;
mod correction;
mod distribution;
mod effect_size;
mod error;
mod hypothesis;
mod interval;
mod magnitude;
mod mixed;
mod quantile;
mod ranks;
mod summary;

pub use alternative::Alternative;
pub use box_plot::BoxPlot;
pub use correction::Correction;
pub use effect_size::Dominance;
pub use error::Error;
pub use hypothesis::{
    Correlation, MannWhitney, PValue, TTest, Wilcoxon, Zeros, mann_whitney_u, paired_t, spearman, student_t,
    welch_t, wilcoxon_signed_rank,
};
pub use interval::{Interval, standard_error, t_interval};
pub use mixed::{
    Coefficient, Convergence, Criteria, Drop1, FixedEffect, Interaction, LikelihoodRatio, Method, MixedFit,
    MixedModel, RandomTerm, Reference, Table, VarianceComponent,
};
pub use quantile::{quantile, quantiles};
pub use summary::{Summary, mean, sd};
