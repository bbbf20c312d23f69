//! What `slt mixed-model` says of a fit.

use std::fmt;
use std::path::Path;

use serde::Serialize;
use slt_stats::{Coefficient, FixedEffect, Method, MixedFit, MixedModel, VarianceComponent};

/// The result on stdout: the table, the references, and the fit as the library has it.
#[derive(Serialize)]
pub(super) struct Report {
    table: String,
    references: Vec<Reference>,
    #[serde(flatten)]
    fit: MixedFit,
}

#[derive(Serialize)]
struct Reference {
    column: String,
    /// `None` for the first level in alphabetical order.
    level: Option<String>,
}

impl Report {
    pub(super) fn new(table: &Path, model: &MixedModel, fit: MixedFit) -> Self {
        let reference = |effect: &FixedEffect| Reference {
            column: effect.column.clone(),
            level: effect.reference.clone(),
        };
        let references = model.fixed.iter().map(reference).collect();
        Self { table: table.display().to_string(), references, fit }
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let MixedFit { response, method, n_rows, fixed, random, log_likelihood, level, .. } = &self.fit;
        let method = match method {
            Method::Reml => "REML",
            Method::Ml => "ML",
        };
        let scaled = if self.fit.standardized { ", standardised" } else { "" };
        writeln!(f, "{response}{scaled}: {n_rows} rows of {}, {method}", self.table)?;
        for Reference { column, level } in &self.references {
            let level = level.as_deref().unwrap_or("its first level");
            writeln!(f, "{column} is compared with {level}")?;
        }

        let terms = fixed.iter().map(|coefficient| &coefficient.term);
        let terms = terms.chain(random.iter().map(|component| &component.term));
        let width =
            terms.map(|term| term.chars().count()).chain(["fixed effect".len()]).max().unwrap_or_default();
        let percent = 100.0 * level;
        let interval = format!("{percent} % interval");
        writeln!(f)?;
        writeln!(
            f,
            "{:width$}  {:>11} {:>11} {:>8} {:>10}  {interval:>25}",
            "fixed effect", "estimate", "std. error", "z", "p"
        )?;
        for Coefficient { term, estimate, standard_error, z, p, interval } in fixed {
            let interval = format!("[{}, {}]", number(interval.low), number(interval.high));
            let (estimate, error, p) = (number(*estimate), number(*standard_error), p_value(*p));
            writeln!(f, "{term:width$}  {estimate:>11} {error:>11} {z:>8.2} {p:>10}  {interval:>25}")?;
        }
        writeln!(f)?;
        writeln!(f, "{:width$}  {:>11} {:>11} {:>8}", "random effect", "variance", "std. dev.", "levels")?;
        for VarianceComponent { term, n_levels, variance, sd, at_boundary } in random {
            let boundary = if *at_boundary { "  at the boundary" } else { "" };
            let (variance, sd) = (number(*variance), number(*sd));
            writeln!(f, "{term:width$}  {variance:>11} {sd:>11} {n_levels:>8}{boundary}")?;
        }
        let residual = self.fit.residual_variance;
        writeln!(f, "{:width$}  {:>11} {:>11}", "residual", number(residual), number(residual.sqrt()))?;
        writeln!(f)?;
        let end = if self.fit.convergence.converged { "converged" } else { "NOT converged" };
        writeln!(f, "log-likelihood {log_likelihood:.4}, {end}")
    }
}

/// Five significant digits.
fn number(value: f64) -> String {
    let magnitude = value.abs();
    if value == 0.0 {
        "0".to_owned()
    } else if (1e-3..1e5).contains(&magnitude) {
        let before = (magnitude.log10().floor() as i32).max(-3);
        format!("{value:.*}", (4 - before).max(0) as usize)
    } else {
        format!("{value:.4e}")
    }
}

fn p_value(p: f64) -> String {
    if p < 1e-4 { format!("{p:.2e}") } else { format!("{p:.4}") }
}
