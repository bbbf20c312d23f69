//! Likelihood-ratio tests of fixed effects.

use serde::{Deserialize, Serialize};

use super::fit::{Criteria, MixedFit};
use super::model::{Method, MixedModel, same};
use super::table::Table;
use crate::distribution::chi_squared_p;
use crate::error::Error;

/// The test of a model against one without some of its fixed effects, both fitted by maximum likelihood.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct LikelihoodRatio {
    /// The fixed effects and interactions that the smaller model does without.
    pub dropped: Vec<String>,
    /// The model without them.
    pub smaller: Criteria,
    /// The model with them.
    pub larger: Criteria,
    /// Twice the difference of the log-likelihoods, at least 0.
    pub statistic: f64,
    /// Difference of the numbers of coefficients.
    pub df: usize,
    /// Probability that a chi-squared variable with `df` degrees of freedom is at least as large as the
    /// statistic.
    pub p: f64,
    /// Whether both fits converged.
    pub converged: bool,
}

/// What each fixed effect adds to a model, all fitted by maximum likelihood.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Drop1 {
    /// The whole model.
    pub full: Criteria,
    /// The test of each fixed effect that no interaction of the model contains, and of each interaction that
    /// no larger one contains.
    pub tests: Vec<LikelihoodRatio>,
}

impl LikelihoodRatio {
    fn new(dropped: Vec<String>, smaller: &MixedFit, larger: &MixedFit) -> Self {
        // A smaller model cannot fit better, but for rounding.
        let statistic = (2.0 * (larger.log_likelihood - smaller.log_likelihood)).max(0.0);
        let df = larger.n_parameters - smaller.n_parameters;
        Self {
            dropped,
            smaller: Criteria::of(smaller),
            larger: Criteria::of(larger),
            statistic,
            df,
            p: chi_squared_p(statistic, df),
            converged: smaller.convergence.converged && larger.convergence.converged,
        }
    }
}

impl MixedModel {
    /// Tests the model against a smaller one, which has some of its fixed effects and interactions, and
    /// otherwise is the same; as `anova(smaller, larger)` of lme4.
    ///
    /// Both are fitted by maximum likelihood, whatever their `method` is: restricted likelihoods of different
    /// fixed effects are not comparable.
    ///
    /// ```
    /// use slt_stats::{FixedEffect, MixedModel, RandomTerm, Table};
    ///
    /// let table = Table::new()
    ///     .with_numbers("accuracy", [0.91, 0.94, 0.88, 0.90, 0.95, 0.97, 0.90, 0.94])?
    ///     .with_labels("algorithm", ["ep", "ga", "ep", "ga", "ep", "ga", "ep", "ga"])?
    ///     .with_labels("seed", [1, 1, 2, 2, 3, 3, 4, 4])?;
    /// let without = MixedModel { random: vec![RandomTerm::column("seed")], ..MixedModel::reml("accuracy") };
    /// let with = MixedModel { fixed: vec![FixedEffect::of("algorithm")], ..without.clone() };
    /// let test = with.likelihood_ratio(&without, &table)?;
    /// assert_eq!((test.df, test.dropped), (1, vec!["algorithm".to_owned()]));
    /// assert!(test.p < 0.01 && test.larger.aic < test.smaller.aic);
    /// # Ok::<(), slt_stats::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`Error::NotNested`] if the second model is not a smaller part of the first; those of
    /// [`MixedModel::fit`].
    pub fn likelihood_ratio(&self, smaller: &Self, table: &Table) -> Result<LikelihoodRatio, Error> {
        let dropped = self.dropped(smaller)?;
        let [larger, smaller] = [self, smaller].map(|model| model.by_ml().fit(table));
        Ok(LikelihoodRatio::new(dropped, &smaller?, &larger?))
    }

    /// Tests each fixed effect and interaction, as `drop1(model, test = "Chisq")` of lme4: the model against
    /// the one without it, both by maximum likelihood. What is part of an interaction of the model stays.
    ///
    /// ```
    /// use slt_stats::{FixedEffect, MixedModel, RandomTerm, Table};
    ///
    /// let table = Table::new()
    ///     .with_numbers("accuracy", [0.91, 0.94, 0.88, 0.90, 0.95, 0.97, 0.90, 0.94])?
    ///     .with_labels("algorithm", ["ep", "ga", "ep", "ga", "ep", "ga", "ep", "ga"])?
    ///     .with_numbers("width", [10.0, 50.0, 50.0, 10.0, 10.0, 50.0, 50.0, 10.0])?
    ///     .with_labels("seed", [1, 1, 2, 2, 3, 3, 4, 4])?;
    /// let model = MixedModel {
    ///     fixed: vec![FixedEffect::of("algorithm"), FixedEffect::of("width")],
    ///     random: vec![RandomTerm::column("seed")],
    ///     ..MixedModel::reml("accuracy")
    /// };
    /// let drop1 = model.drop1(&table)?;
    /// assert_eq!(drop1.tests[1].dropped, ["width"]);
    /// // It explains less than its parameter costs.
    /// assert!(drop1.tests[1].p > 0.05 && drop1.tests[1].smaller.aic < drop1.full.aic);
    /// # Ok::<(), slt_stats::Error>(())
    /// ```
    ///
    /// # Errors
    /// Those of [`MixedModel::fit`].
    pub fn drop1(&self, table: &Table) -> Result<Drop1, Error> {
        let larger = self.by_ml().fit(table)?;
        let mut tests = Vec::new();
        for term in self.terms().filter(|term| self.terms().all(|other| !contains(&other, term))) {
            let smaller = self.by_ml().without(&term).fit(table)?;
            tests.push(LikelihoodRatio::new(vec![term.join(":")], &smaller, &larger));
        }
        Ok(Drop1 { full: Criteria::of(&larger), tests })
    }

    fn by_ml(&self) -> Self {
        Self { method: Method::Ml, ..self.clone() }
    }

    fn without(mut self, term: &[&str]) -> Self {
        self.fixed.retain(|effect| !same(&[effect.column.as_str()], term));
        self.interactions
            .retain(|other| !same(&other.columns.iter().map(String::as_str).collect::<Vec<_>>(), term));
        self
    }

    /// What a smaller model does without.
    fn dropped(&self, smaller: &Self) -> Result<Vec<String>, Error> {
        let not_nested = |term: String| Error::NotNested { term };
        let rest = |model: &Self| Self {
            fixed: Vec::new(),
            interactions: Vec::new(),
            method: self.method,
            level: self.level,
            ..model.clone()
        };
        if rest(self) != rest(smaller) {
            return Err(not_nested(self.response.clone()));
        }
        let of_smaller = |term: &Vec<&str>| smaller.terms().any(|other| same(&other, term));
        if let Some(foreign) = smaller.terms().find(|term| !self.terms().any(|other| same(&other, term))) {
            return Err(not_nested(foreign.join(":")));
        }
        if let Some(effect) = smaller.fixed.iter().find(|effect| !self.fixed.contains(effect)) {
            return Err(not_nested(effect.column.clone()));
        }
        let dropped: Vec<String> =
            self.terms().filter(|term| !of_smaller(term)).map(|term| term.join(":")).collect();
        if dropped.is_empty() { Err(not_nested(self.response.clone())) } else { Ok(dropped) }
    }
}

/// Whether a term joins all columns of another, and more.
fn contains(larger: &[&str], smaller: &[&str]) -> bool {
    larger.len() > smaller.len() && smaller.iter().all(|column| larger.contains(column))
}
