//! `slt mixed-model`: which effects explain a column of a table.

mod read;
mod report;

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use slt_stats::{Error, FixedEffect, Method, MixedModel, RandomTerm};

use crate::failure::Failure;
use crate::stderr::note;
use crate::stdout::show;
use crate::values::real;
use read::Source;
use report::Report;

/// Fit a linear mixed model to a table
///
/// The response is explained by fixed effects, whose levels are compared with a reference, and by random intercepts, whose
/// levels are a sample of many: networks, seeds. Standard errors are those of generalised least squares, tests and intervals
/// are Wald's.
#[derive(Args)]
pub(crate) struct Arguments {
    /// Table in CSV; its first line names the columns
    #[arg(value_name = "TABLE.csv")]
    table: PathBuf,
    /// Column of numbers to explain
    #[arg(long, value_name = "COLUMN")]
    response: String,
    /// Column with a fixed effect; may be repeated
    #[arg(long, value_name = "COLUMN", required = true)]
    fixed: Vec<String>,
    /// Level that the others of a fixed effect are compared with; repeated, one for each --fixed in their order
    /// [default: the first in alphabetical order]
    #[arg(long, value_name = "LEVEL")]
    reference: Vec<String>,
    /// Column with a random intercept for each level, or columns such as a:b with one for each combination; may be repeated
    #[arg(long, value_name = "COLUMN", required = true)]
    random: Vec<String>,
    /// Subtract the mean of the response and divide by its standard deviation
    #[arg(long)]
    standardize: bool,
    /// Criterion to maximise
    #[arg(long, value_enum, value_name = "NAME", default_value_t = Criterion::Reml)]
    method: Criterion,
    /// Confidence level of the intervals, between 0 and 1
    #[arg(long, value_name = "LEVEL", default_value_t = 0.95, value_parser = real)]
    level: f64,
    /// Print the result on stdout as JSON
    #[arg(long)]
    json: bool,
}

#[derive(Clone, Copy, ValueEnum)]
enum Criterion {
    /// Restricted maximum likelihood
    Reml,
    /// Maximum likelihood
    Ml,
}

pub(crate) fn run(arguments: &Arguments) -> Result<(), Failure> {
    let Arguments { table, response, fixed, reference, random, .. } = arguments;
    // Before the table is read, which may take a while.
    if !(arguments.level > 0.0 && arguments.level < 1.0) {
        let level = arguments.level;
        return Err(Failure::usage(format!("--level is {level}: it must be between 0 and 1, such as 0.95")));
    }
    if reference.len() > fixed.len() {
        let (references, effects) = (reference.len(), fixed.len());
        return Err(Failure::usage(format!(
            "--reference is given {references} times, --fixed {effects} times: there is one reference for each effect"
        )));
    }
    let source = Source::open(table)?;
    let random: Vec<RandomTerm> = random.iter().map(|term| source.random_term(term)).collect();
    let effects: Vec<(&str, &str)> = (fixed.iter().map(|column| ("fixed", column.as_str())))
        .chain(random.iter().flat_map(|term| &term.columns).map(|column| ("random", column.as_str())))
        .collect();
    if let Some((flag, column)) = effects.iter().find(|(_, column)| column == response) {
        return Err(Failure::usage(format!(
            "--response and --{flag} are both `{column}`: an effect is another column"
        )));
    }
    let data = source.read(response, &effects)?;
    let mut references = reference.iter().cloned();
    let fixed: Vec<FixedEffect> = fixed
        .iter()
        .map(|column| FixedEffect { column: column.clone(), reference: references.next() })
        .collect();
    let method = match arguments.method {
        Criterion::Reml => Method::Reml,
        Criterion::Ml => Method::Ml,
    };
    let model = MixedModel {
        response: response.clone(),
        fixed,
        random,
        standardize: arguments.standardize,
        method,
        level: arguments.level,
    };
    let fit = model.fit(&data).map_err(|error| match error {
        Error::NoReference { .. } => Failure::usage(format!("--reference: {}: {error}", table.display())),
        Error::Collinear { .. } => Failure::usage(format!("--fixed: {}: {error}", table.display())),
        Error::SameGrouping { .. } | Error::NotIdentifiable { .. } => {
            Failure::usage(format!("--random: {}: {error}", table.display()))
        }
        error => Failure::run(format!("{}: {error}", table.display())),
    })?;
    if !fit.convergence.converged {
        note("warning: the search for the optimum has not converged; the numbers may be off");
    }
    show(&Report::new(table, &model, fit), arguments.json)
}
