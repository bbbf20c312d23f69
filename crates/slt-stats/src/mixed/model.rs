//! What a mixed model consists of.

use serde::{Deserialize, Serialize};

use crate::error::Error;

/// A linear mixed model: a response explained by fixed effects and random intercepts.
///
/// `y = X b + sum over terms k of Z_k u_k + e` with `u_k ~ N(0, v_k I)` and `e ~ N(0, s I)`, all independent.
/// X holds an intercept; for each fixed effect whose column is one of labels, a factor, an indicator of every
/// level but the reference (treatment coding); for each whose column is one of numbers, a covariate, the
/// numbers; and products of these for interactions. `Z_k` holds an indicator of every level of term k.
///
/// | field | default | purpose |
/// |---|---|---|
/// | `response` | | column of numbers to explain |
/// | `fixed` | none | effects whose levels or slopes are of interest themselves |
/// | `interactions` | none | how fixed effects modify each other |
/// | `random` | none | effects whose levels are a sample of many; crossed unless one is an interaction |
/// | `standardize` | `false` | subtract the mean of the response and divide by its standard deviation (n in the denominator) |
/// | `method` | REML | criterion to maximise |
/// | `level` | 0.95 | confidence level of the intervals, in (0, 1) |
///
/// ```
/// use slt_stats::{FixedEffect, MixedModel, RandomTerm, Table};
///
/// let table = Table::new()
///     .with_numbers("accuracy", [0.91, 0.94, 0.88, 0.90, 0.95, 0.97, 0.90, 0.94])?
///     .with_labels("algorithm", ["ep", "ga", "ep", "ga", "ep", "ga", "ep", "ga"])?
///     .with_labels("seed", [1, 1, 2, 2, 3, 3, 4, 4])?;
/// let fit = MixedModel {
///     fixed: vec![FixedEffect::against("algorithm", "ep")],
///     random: vec![RandomTerm::column("seed")],
///     ..MixedModel::reml("accuracy")
/// }
/// .fit(&table)?;
/// let gain = fit.coefficient("algorithm=ga").unwrap();
/// assert!((gain.estimate - 0.0275).abs() < 1e-12 && gain.interval.low > 0.0);
/// assert!(fit.convergence.converged && fit.component("seed").unwrap().variance > 0.0);
/// # Ok::<(), slt_stats::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct MixedModel {
    /// Column of the response.
    pub response: String,
    /// Fixed effects beside the intercept.
    pub fixed: Vec<FixedEffect>,
    /// Interactions of fixed effects.
    #[serde(default)]
    pub interactions: Vec<Interaction>,
    /// Random intercepts.
    pub random: Vec<RandomTerm>,
    /// Whether the response is standardised.
    pub standardize: bool,
    /// Criterion to maximise.
    pub method: Method,
    /// Confidence level of the intervals.
    pub level: f64,
}

/// Criterion that is maximised.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Method {
    /// Restricted maximum likelihood: variances are estimated without the bias of estimated fixed effects.
    Reml,
    /// Maximum likelihood: log-likelihoods of models with different fixed effects may be compared.
    Ml,
}

/// A fixed effect: a column of labels, which is a factor, or of numbers, which is a covariate with a slope.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FixedEffect {
    /// Name of the column.
    pub column: String,
    /// Level of a factor that the others are compared with; `None` for the first, in order of size if all
    /// levels are numbers (`2` before `10`), else in that of Unicode code points (`GA` before `ep`).
    pub reference: Option<String>,
}

impl FixedEffect {
    /// A covariate, or the levels of a factor against the first of them.
    pub fn of(column: &str) -> Self {
        Self { column: column.to_owned(), reference: None }
    }

    /// The levels of a factor against one of them.
    pub fn against(column: &str, reference: &str) -> Self {
        Self { column: column.to_owned(), reference: Some(reference.to_owned()) }
    }
}

/// How two or more fixed effects modify each other: all products of their columns in X.
///
/// All that it is made of must be in the model as well, so that its coefficients are differences of
/// differences, or of slopes: `a:b` needs `a` and `b`; `a:b:c` needs `a:b`, `a:c` and `b:c` besides.
///
/// ```
/// use slt_stats::{FixedEffect, Interaction, MixedModel, RandomTerm, Table};
///
/// let table = Table::new()
///     .with_numbers("growth", [1.1, 2.0, 3.2, 0.9, 1.4, 2.1, 1.0, 2.2, 2.9, 1.1, 1.6, 1.9])?
///     .with_numbers("age", [8.0, 10.0, 12.0, 8.0, 10.0, 12.0, 8.0, 10.0, 12.0, 8.0, 10.0, 12.0])?
///     .with_labels("diet", ["a", "a", "a", "b", "b", "b", "a", "a", "a", "b", "b", "b"])?
///     .with_labels("animal", [1, 1, 1, 2, 2, 2, 3, 3, 3, 4, 4, 4])?;
/// let fit = MixedModel {
///     fixed: vec![FixedEffect::of("age"), FixedEffect::against("diet", "a")],
///     interactions: vec![Interaction::of(["age", "diet"])],
///     random: vec![RandomTerm::column("animal")],
///     ..MixedModel::reml("growth")
/// }
/// .fit(&table)?;
/// // Slope 0.5 under diet a, 0.25 under b.
/// assert!((fit.coefficient("age").unwrap().estimate - 0.5).abs() < 1e-9);
/// assert!((fit.coefficient("age:diet=b").unwrap().estimate + 0.25).abs() < 1e-9);
/// # Ok::<(), slt_stats::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Interaction {
    /// Names of the columns.
    pub columns: Vec<String>,
}

impl Interaction {
    /// The interaction of some columns.
    pub fn of<'a>(columns: impl IntoIterator<Item = &'a str>) -> Self {
        Self { columns: columns.into_iter().map(str::to_owned).collect() }
    }
}

/// A random intercept for each level of a column, or for each combination of levels of several.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RandomTerm {
    /// Names of the columns.
    pub columns: Vec<String>,
}

impl RandomTerm {
    /// The levels of one column.
    pub fn column(column: &str) -> Self {
        Self { columns: vec![column.to_owned()] }
    }

    /// The combinations of levels that occur: `b` nested in `a` is `[a, b]`, usually beside `a` itself.
    pub fn interaction<'a>(columns: impl IntoIterator<Item = &'a str>) -> Self {
        Self { columns: columns.into_iter().map(str::to_owned).collect() }
    }
}

/// The level that the others of a factor are compared with.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reference {
    /// Name of the column.
    pub column: String,
    /// The level.
    pub level: String,
}

impl MixedModel {
    /// A model of an intercept alone, by restricted maximum likelihood and with 95 % intervals.
    pub fn reml(response: &str) -> Self {
        Self {
            response: response.to_owned(),
            fixed: Vec::new(),
            interactions: Vec::new(),
            random: Vec::new(),
            standardize: false,
            method: Method::Reml,
            level: 0.95,
        }
    }

    /// Columns of the fixed effects and interactions.
    pub(super) fn terms(&self) -> impl Iterator<Item = Vec<&str>> {
        let effects = self.fixed.iter().map(|effect| vec![effect.column.as_str()]);
        effects.chain(self.interactions.iter().map(|term| term.columns.iter().map(String::as_str).collect()))
    }

    /// Fails if the terms do not fit together.
    pub(super) fn check(&self) -> Result<(), Error> {
        let mut columns = self.fixed.iter().map(|effect| &effect.column);
        if columns.any(|column| *column == self.response)
            || self.random.iter().any(|term| term.columns.contains(&self.response))
        {
            return Err(Error::ResponseAsEffect { column: self.response.clone() });
        }
        for Interaction { columns } in &self.interactions {
            let term = columns.join(":");
            let repeated = |(i, column): (usize, &String)| columns[..i].contains(column);
            if columns.len() < 2 || columns.iter().enumerate().any(repeated) {
                return Err(Error::InteractionColumns { term });
            }
            for left_out in 0..columns.len() {
                let mut needed: Vec<&str> = columns.iter().map(String::as_str).collect();
                needed.remove(left_out);
                if !self.terms().any(|other| same(&other, &needed)) {
                    return Err(Error::InteractionAlone { term, needed: needed.join(":") });
                }
            }
        }
        Ok(())
    }
}

/// Whether two terms join the same columns.
pub(super) fn same(a: &[&str], b: &[&str]) -> bool {
    a.len() == b.len() && a.iter().all(|column| b.contains(column))
}
