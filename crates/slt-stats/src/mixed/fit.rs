//! The fitted model.

use serde::{Deserialize, Serialize};

use super::design::{DENSE, Design, Term};
use super::likelihood::{Likelihood, Profile, Saturated};
use super::model::{Method, MixedModel, Reference};
use super::optimise::{Minimum, minimise};
use super::table::Table;
use crate::alternative::Alternative;
use crate::distribution::{normal_half_width, normal_p};
use crate::error::{Error, check_level};
use crate::interval::Interval;

/// Search variables beyond this stand for a variance that is infinite beside the residual one.
const UPPER: f64 = 25.0;
/// Where searches start: every component, one alone, or none.
const START: f64 = 1.0;
const START_ALONE: f64 = 3.0;

/// A fitted linear mixed model.
///
/// Every number in it is finite. In JSON it has one object for each coefficient and each variance.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct MixedFit {
    /// Column of the response.
    pub response: String,
    /// Criterion that was maximised.
    pub method: Method,
    /// Whether the response was standardised; then all numbers are in its standard deviations.
    pub standardized: bool,
    /// Confidence level of the intervals.
    pub level: f64,
    /// Rows of the table.
    pub n_rows: usize,
    /// Level that the others of each factor among the fixed effects are compared with.
    pub references: Vec<Reference>,
    /// Fixed effects that are numeric covariates.
    pub covariates: Vec<String>,
    /// The intercept, then for each fixed effect its levels in order without the reference, or its slope,
    /// then the interactions. Levels that are all numbers are in order of size, others in that of Unicode
    /// code points (`GA` before `ep`).
    pub fixed: Vec<Coefficient>,
    /// The random terms in the order of the model.
    pub random: Vec<VarianceComponent>,
    /// Variance of the residuals.
    pub residual_variance: f64,
    /// Log-likelihood; for REML the restricted one, `-((n - p) log 2 pi + log |V| + log |X'V^-1 X| + r'V^-1
    /// r) / 2`.
    pub log_likelihood: f64,
    /// Number of parameters as lme4 counts them: coefficients, variances of random terms, and the residual
    /// variance.
    pub n_parameters: usize,
    /// Akaike's criterion `2 n_parameters - 2 log_likelihood` of the likelihood that was maximised.
    /// Restricted ones compare models with the same fixed effects only; for others fit by ML, or see
    /// [`MixedModel::likelihood_ratio`].
    pub aic: f64,
    /// The Bayesian criterion `log(n_rows) n_parameters - 2 log_likelihood`, likewise.
    pub bic: f64,
    /// How the search for the optimum ended.
    pub convergence: Convergence,
}

/// A fixed effect.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Coefficient {
    /// `Intercept`; `column=level`, the difference of that level to the reference; `column`, the slope of a
    /// covariate; or several of these joined by `:`.
    pub term: String,
    /// Generalised least squares estimate at the estimated variances.
    pub estimate: f64,
    /// Its standard error: root of the diagonal of `(X'V^-1 X)^-1`.
    pub standard_error: f64,
    /// `estimate / standard_error` (Wald).
    pub z: f64,
    /// Two-sided p-value of `z` by the survival function of the normal distribution.
    pub p: f64,
    /// Wald confidence interval.
    pub interval: Interval,
}

/// The variance of a random intercept.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct VarianceComponent {
    /// Column, or columns joined by `:`.
    pub term: String,
    /// Levels that occur.
    pub n_levels: usize,
    /// Variance between the levels.
    pub variance: f64,
    /// Its root.
    pub sd: f64,
    /// Whether the estimate is at the boundary: exactly 0.
    pub at_boundary: bool,
}

/// How the search for the optimum ended.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Convergence {
    /// Whether the optimum was reached: no direction inside the boundary promises more than 1e-9 of deviance,
    /// and the deviance is convex there.
    pub converged: bool,
    /// Decrease of the deviance that its quadratic expansion still promises at the result.
    pub promised_decrease: f64,
    /// Evaluations of the deviance and its derivatives, over all starts.
    pub evaluations: usize,
}

/// How well a model fits.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Criteria {
    /// Coefficients, variances of random terms, and the residual variance.
    pub n_parameters: usize,
    /// Maximum of the log-likelihood.
    pub log_likelihood: f64,
    /// `2 n_parameters - 2 log_likelihood`.
    pub aic: f64,
    /// `log(n_rows) n_parameters - 2 log_likelihood`.
    pub bic: f64,
}

impl Criteria {
    pub(crate) fn new(log_likelihood: f64, n_parameters: usize, n_rows: usize) -> Self {
        let k = n_parameters as f64;
        let (aic, bic) = (2.0 * (k - log_likelihood), libm::log(n_rows as f64) * k - 2.0 * log_likelihood);
        Self { n_parameters, log_likelihood, aic, bic }
    }

    pub(super) fn of(fit: &MixedFit) -> Self {
        let MixedFit { n_parameters, log_likelihood, aic, bic, .. } = *fit;
        Self { n_parameters, log_likelihood, aic, bic }
    }
}

impl MixedModel {
    /// Fits the model.
    ///
    /// Rows may come in any order and any number for each combination of levels. A search that does not
    /// converge is reported in [`MixedFit::convergence`], never hidden. The largest random term may have any
    /// number of levels: a step of the search costs a product of the few columns that a level has to do with,
    /// for each of them. Everything else is dense.
    ///
    /// # Errors
    /// - [`Error::Parameter`] unless `level` is in its range;
    /// - [`Error::NoColumn`], [`Error::LabelsAsResponse`], [`Error::ReferenceOfNumbers`],
    ///   [`Error::ResponseAsEffect`], [`Error::EmptyTerm`], [`Error::InteractionColumns`],
    ///   [`Error::InteractionAlone`] and [`Error::NoReference`] if model and table do not fit together;
    /// - [`Error::EmptyTable`], [`Error::NumberNotFinite`], [`Error::ConstantResponse`] and
    ///   [`Error::OneLevel`] if the data say nothing;
    /// - [`Error::TooFewRows`], [`Error::EmptyCell`], [`Error::Collinear`], [`Error::SameGrouping`] and
    ///   [`Error::NotIdentifiable`] if they cannot tell effects apart;
    /// - [`Error::NoResidual`] if they leave no error;
    /// - [`Error::Spread`] and [`Error::CoefficientRange`] if results are beyond the range of f64;
    /// - [`Error::ModelSize`] beyond 1,500 coefficients and random levels beside those of the largest random
    ///   term.
    pub fn fit(&self, table: &Table) -> Result<MixedFit, Error> {
        check_level(self.level)?;
        MixedFit::new(self, Design::new(self, table, DENSE)?)
    }
}

impl MixedFit {
    /// The coefficient of a term such as `algorithm=ga`.
    pub fn coefficient(&self, term: &str) -> Option<&Coefficient> {
        self.fixed.iter().find(|coefficient| coefficient.term == term)
    }

    /// The variance of a random term such as `network:seed`.
    pub fn component(&self, term: &str) -> Option<&VarianceComponent> {
        self.random.iter().find(|component| component.term == term)
    }

    pub(crate) fn new(model: &MixedModel, design: Design) -> Result<Self, Error> {
        let Design { fixed, references, covariates, basis, log_scale, random, mean, sd, likelihood } = design;
        let saturated = |_: Saturated| Error::NoResidual { column: model.response.clone() };
        let (minimum, evaluations) = best(&likelihood).map_err(saturated)?;
        if minimum.at.iter().any(|&x| x >= UPPER) {
            return Err(saturated(Saturated));
        }
        let Profile { coefficients, unscaled_variances, residual_variance, log_likelihood } =
            likelihood.profile(&minimum.at, &basis).map_err(saturated)?;
        // From the standardised response back to the one that is asked for.
        let (origin, scale) = if model.standardize { (0.0, 1.0) } else { (mean, sd) };
        let half_width = normal_half_width(model.level);
        let estimates = coefficients.iter().zip(unscaled_variances).zip(fixed).enumerate();
        let fixed = estimates.map(|(i, ((coefficient, (unscaled, unit)), term))| {
            let estimate = coefficient * scale + if i == 0 { origin } else { 0.0 };
            let standard_error = (unscaled * residual_variance).sqrt() * scale * unit;
            let z = estimate / standard_error;
            let interval = Interval::around(estimate, half_width * standard_error);
            let p = normal_p(z, Alternative::TwoSided);
            Coefficient { term, estimate, standard_error, z, p, interval }
        });
        let residual_variance = residual_variance * scale * scale;
        let components = random.into_iter().zip(likelihood.variances(&minimum.at));
        let mut components: Vec<(usize, VarianceComponent)> = components
            .map(|(Term { place, name: term, n_levels }, relative)| {
                let variance = relative * residual_variance;
                let at_boundary = relative == 0.0;
                (place, VarianceComponent { term, n_levels, variance, sd: variance.sqrt(), at_boundary })
            })
            .collect();
        components.sort_by_key(|(place, _)| *place);
        let fixed: Vec<Coefficient> = fixed.collect();
        let finite = |c: &Coefficient| {
            let Coefficient { estimate, standard_error, interval: Interval { low, high }, .. } = c;
            [estimate, standard_error, low, high].into_iter().all(|number| number.is_finite())
        };
        if let Some(beyond) = fixed.iter().find(|&coefficient| !finite(coefficient)) {
            return Err(Error::CoefficientRange { term: beyond.term.clone() });
        }
        // The restricted likelihood is that of the columns as the table has them.
        let log_scale = if model.method == Method::Reml { log_scale } else { 0.0 };
        let log_likelihood = log_likelihood - likelihood.df() * libm::log(scale) - log_scale;
        let criteria = Criteria::new(log_likelihood, fixed.len() + components.len() + 1, likelihood.n);
        Ok(Self {
            response: model.response.clone(),
            method: model.method,
            standardized: model.standardize,
            level: model.level,
            n_rows: likelihood.n,
            references,
            covariates,
            fixed,
            random: components.into_iter().map(|(_, component)| component).collect(),
            residual_variance,
            log_likelihood,
            n_parameters: criteria.n_parameters,
            aic: criteria.aic,
            bic: criteria.bic,
            convergence: Convergence {
                converged: minimum.converged,
                promised_decrease: minimum.promised,
                evaluations,
            },
        })
    }
}

/// The best of searches from several starts, since a likelihood of several components can have several
/// optima; and the evaluations of all.
fn best(likelihood: &Likelihood) -> Result<(Minimum, usize), Saturated> {
    let n = likelihood.n_terms();
    let alone = |k: usize| (0..n).map(|l| if k == l { START_ALONE } else { 0.0 }).collect::<Vec<_>>();
    let mut best = minimise(|x| likelihood.expansion(x), &vec![START; n], UPPER)?;
    let mut evaluations = best.evaluations;
    if n > 1 {
        for start in (0..n).map(alone) {
            let found = minimise(|x| likelihood.expansion(x), &start, UPPER)?;
            evaluations += found.evaluations;
            // Not for rounding alone: the first start is as good as any other.
            if found.value < best.value - 1e-9 || (found.converged && !best.converged) {
                best = found;
            }
        }
    }
    Ok((best, evaluations))
}
