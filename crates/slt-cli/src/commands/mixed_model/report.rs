//! What `slt mixed-model` says of a fit.

use std::fmt;

use serde::Serialize;
use slt_core::Short;
use slt_stats::{
    Coefficient, Criteria, Drop1, LikelihoodRatio, Method, MixedFit, Reference, VarianceComponent,
};

/// The result on stdout: the table, the fit as the library has it, and the tests that were asked for.
#[derive(Serialize)]
pub(super) struct Report {
    table: String,
    /// Rows that were left out for missing values.
    rows_dropped: usize,
    #[serde(flatten)]
    fit: MixedFit,
    #[serde(skip_serializing_if = "Option::is_none")]
    likelihood_ratio: Option<LikelihoodRatio>,
    #[serde(skip_serializing_if = "Option::is_none")]
    drop1: Option<Drop1>,
    /// Covariates that were declared to be.
    #[serde(skip)]
    declared: Vec<String>,
}

impl Report {
    pub(super) fn new(
        table: String,
        rows_dropped: usize,
        declared: Vec<String>,
        fit: MixedFit,
        likelihood_ratio: Option<LikelihoodRatio>,
        drop1: Option<Drop1>,
    ) -> Self {
        Self { table, rows_dropped, fit, likelihood_ratio, drop1, declared }
    }

    fn head(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let MixedFit { response, method, n_rows, references, covariates, .. } = &self.fit;
        let method = match method {
            Method::Reml => "REML",
            Method::Ml => "ML",
        };
        let scaled = if self.fit.standardized { ", standardised" } else { "" };
        writeln!(f, "{response}{scaled}: {} of {}, {method}", counted(*n_rows, "row"), self.table)?;
        match self.rows_dropped {
            0 => {}
            1 => writeln!(f, "1 row with missing values was left out")?,
            dropped => writeln!(f, "{dropped} rows with missing values were left out")?,
        }
        for Reference { column, level } in references {
            writeln!(f, "{column} is compared with {level}")?;
        }
        for column in covariates {
            if self.declared.contains(column) {
                writeln!(f, "{column} is numeric")?;
            } else {
                writeln!(
                    f,
                    "{column} is numeric, as all its values are (--factor {column} compares them instead)"
                )?;
            }
        }
        writeln!(f)
    }

    fn tests(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(test) = &self.likelihood_ratio {
            writeln!(f, "\nlikelihood-ratio test (ML) of {}", test.dropped.join(", "))?;
            writeln!(
                f,
                "{:8} {:>10} {:>12} {:>12} {:>14} {:>11} {:>4} {:>10}",
                "model", "parameters", "AIC", "BIC", "log-likelihood", "chi-squared", "df", "p"
            )?;
            let line = |Criteria { n_parameters, log_likelihood, aic, bic }| {
                format!(
                    "{n_parameters:>10} {:>12} {:>12} {:>14}",
                    fixed(aic, 2),
                    fixed(bic, 2),
                    fixed(log_likelihood, 4)
                )
            };
            writeln!(f, "without  {}", line(test.smaller))?;
            let (statistic, p) = (fixed(test.statistic, 4), p_value(test.p));
            writeln!(f, "with     {} {statistic:>11} {:>4} {p:>10}", line(test.larger), test.df)?;
        }
        if let Some(Drop1 { full, tests }) = &self.drop1 {
            let names: Vec<String> = tests.iter().map(|test| test.dropped.join(", ")).collect();
            let width = width(names.iter().map(String::as_str).chain(["(none)", "dropped"]));
            writeln!(f, "\nlikelihood-ratio tests (ML) of what is dropped one at a time")?;
            let p = "p";
            writeln!(
                f,
                "{:width$}  {:>12} {:>12} {:>11} {:>4} {p:>10}",
                "dropped", "AIC", "BIC", "chi-squared", "df"
            )?;
            writeln!(f, "{:width$}  {:>12} {:>12}", "(none)", fixed(full.aic, 2), fixed(full.bic, 2))?;
            for (name, LikelihoodRatio { smaller, statistic, df, p, .. }) in names.iter().zip(tests) {
                let (aic, bic) = (fixed(smaller.aic, 2), fixed(smaller.bic, 2));
                let (statistic, p) = (fixed(*statistic, 4), p_value(*p));
                writeln!(f, "{name:width$}  {aic:>12} {bic:>12} {statistic:>11} {df:>4} {p:>10}")?;
            }
        }
        Ok(())
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.head(f)?;
        let MixedFit { fixed: effects, random, log_likelihood, level, n_parameters, aic, bic, .. } =
            &self.fit;
        let terms = effects.iter().map(|coefficient| coefficient.term.as_str());
        let terms = terms.chain(random.iter().map(|component| component.term.as_str()));
        let width = width(terms.chain(["random effect"]));
        let interval = format!("{} % interval", percent(*level));
        writeln!(
            f,
            "{:width$}  {:>11} {:>11} {:>8} {:>10}  {interval:>25}",
            "fixed effect", "estimate", "std. error", "z", "p"
        )?;
        for Coefficient { term, estimate, standard_error, z, p, interval } in effects {
            let interval = format!("[{}, {}]", number(interval.low), number(interval.high));
            let (estimate, error) = (number(*estimate), number(*standard_error));
            let (z, p) = (if z.abs() < 1e5 { fixed(*z, 2) } else { number(*z) }, p_value(*p));
            writeln!(f, "{term:width$}  {estimate:>11} {error:>11} {z:>8} {p:>10}  {interval:>25}")?;
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
        let restricted = if self.fit.method == Method::Reml { "restricted " } else { "" };
        writeln!(f, "{restricted}log-likelihood {}, {end}", fixed(*log_likelihood, 4))?;
        let (aic, bic) = (fixed(*aic, 4), fixed(*bic, 4));
        writeln!(f, "AIC {aic} and BIC {bic} of that, with {}", counted(*n_parameters, "parameter"))?;
        self.tests(f)
    }
}

/// Characters of the longest.
fn width<'a>(texts: impl Iterator<Item = &'a str>) -> usize {
    texts.map(|text| text.chars().count()).max().unwrap_or_default()
}

/// `1 row`, `2 rows`.
fn counted(n: usize, what: &str) -> String {
    format!("{n} {what}{}", if n == 1 { "" } else { "s" })
}

/// Decimals, and no minus sign before zeros.
fn fixed(value: f64, decimals: usize) -> String {
    let text = format!("{value:.decimals$}");
    match text.strip_prefix('-') {
        Some(zero) if zero.bytes().all(|byte| matches!(byte, b'0' | b'.')) => zero.to_owned(),
        _ => text,
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

/// A number that a user gave.
pub(super) fn short(value: f64) -> String {
    Short(value).to_string()
}

/// A share in percent, without the rounding of a hundredfold.
fn percent(share: f64) -> String {
    let text = format!("{:.10}", 100.0 * share);
    let text = text.trim_end_matches('0').trim_end_matches('.');
    // So near to an end that it would be rounded to it.
    if matches!(text, "100" | "0") { short(100.0 * share) } else { text.to_owned() }
}

/// Below what f64 holds a tail is 0, which no probability is.
fn p_value(p: f64) -> String {
    if p == 0.0 {
        "<1e-300".to_owned()
    } else if p < 1e-4 {
        format!("{p:.2e}")
    } else {
        format!("{p:.4}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_for_people() {
        assert_eq!(
            (fixed(-0.001, 2), fixed(-0.01, 2), fixed(0.0, 4)),
            ("0.00".into(), "-0.01".into(), "0.0000".into())
        );
        assert_eq!(
            (number(0.0), number(-1234.56), number(1e160)),
            ("0".into(), "-1234.6".into(), "1.0000e160".into())
        );
        assert_eq!((short(1e300), short(2.0), short(-1e-9)), ("1e300".into(), "2".into(), "-1e-9".into()));
        assert_eq!((percent(0.29), percent(0.95), percent(0.999)), ("29".into(), "95".into(), "99.9".into()));
        assert_eq!(
            (p_value(0.0), p_value(3e-7), p_value(1.0)),
            ("<1e-300".into(), "3.00e-7".into(), "1.0000".into())
        );
        assert_eq!((counted(1, "row"), counted(0, "row")), ("1 row".to_owned(), "0 rows".to_owned()));
    }
}
