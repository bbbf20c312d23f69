//! Linear mixed models with crossed and nested random intercepts.

mod design;
mod factor;
mod fit;
mod likelihood;
mod optimise;
mod symmetric;
mod table;

pub use fit::{Coefficient, Convergence, MixedFit, VarianceComponent};
pub use table::Table;

use design::Design;
use serde::{Deserialize, Serialize};

use crate::error::{Error, check_level};

/// A linear mixed model: a response explained by fixed effects and random intercepts.
///
/// `y = X b + sum over terms k of Z_k u_k + e` with `u_k ~ N(0, v_k I)` and `e ~ N(0, s I)`, all independent. X holds an
/// intercept and, for each fixed effect, an indicator of every level but the reference (treatment coding); `Z_k`
/// holds an indicator of every level of term k.
///
/// | field | default | purpose |
/// |---|---|---|
/// | `response` | | column of numbers to explain |
/// | `fixed` | none | effects whose levels are of interest themselves |
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

/// A fixed effect: a column of labels.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FixedEffect {
    /// Name of the column.
    pub column: String,
    /// Level that the others are compared with; `None` for the first in alphabetical order.
    pub reference: Option<String>,
}

impl FixedEffect {
    /// The levels of a column against one of them.
    pub fn against(column: &str, reference: &str) -> Self {
        Self { column: column.to_owned(), reference: Some(reference.to_owned()) }
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

impl MixedModel {
    /// A model of an intercept alone, by restricted maximum likelihood and with 95 % intervals.
    pub fn reml(response: &str) -> Self {
        Self {
            response: response.to_owned(),
            fixed: Vec::new(),
            random: Vec::new(),
            standardize: false,
            method: Method::Reml,
            level: 0.95,
        }
    }

    /// Fits the model.
    ///
    /// Rows may come in any order and any number for each combination of levels. A search that does not converge is
    /// reported in [`MixedFit::convergence`], never hidden.
    ///
    /// # Errors
    /// - [`Error::Parameter`] unless `level` is in its range;
    /// - [`Error::NoColumn`], [`Error::LabelsAsResponse`], [`Error::NumbersAsEffect`], [`Error::ResponseAsEffect`],
    ///   [`Error::EmptyTerm`] and [`Error::NoReference`] if model and table do not fit together;
    /// - [`Error::EmptyTable`], [`Error::ResponseNotFinite`], [`Error::ConstantResponse`] and [`Error::OneLevel`] if the
    ///   data say nothing;
    /// - [`Error::TooFewRows`], [`Error::Collinear`], [`Error::SameGrouping`] and [`Error::NotIdentifiable`] if they
    ///   cannot tell effects apart;
    /// - [`Error::NoResidual`] if they leave no error;
    /// - [`Error::ModelSize`] beyond 1,500 coefficients and random levels.
    pub fn fit(&self, table: &Table) -> Result<MixedFit, Error> {
        check_level(self.level)?;
        MixedFit::new(self, Design::new(self, table)?)
    }
}
