//! `slt mixed-model`: which effects explain a column of a table.

mod read;
mod report;
mod terms;

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use slt_datasets::io::csv::{Decimal, Separator};
use slt_stats::{Error, Method, MixedModel, RandomTerm};

use crate::failure::Failure;
use crate::stderr::note;
use crate::stdout::show;
use crate::values::real;
use read::{Source, Use, Wanted};
use report::{Report, short};
use terms::{Terms, items};

/// Fit a linear mixed model to a table
///
/// The response is explained by fixed effects and by random intercepts, whose levels are a sample of many:
/// networks, seeds. A fixed effect is a factor, whose levels are compared with a reference, or numeric, with
/// a slope: it is numeric if every value of its column is a number, unless --factor or --reference names it.
/// The result says which. Standard errors are those of generalised least squares, tests and intervals are
/// Wald's.
#[derive(Args)]
pub(crate) struct Arguments {
    /// Table in CSV, `-` for standard input; its first line names the columns
    #[arg(value_name = "TABLE.csv")]
    table: PathBuf,
    /// Column of numbers to explain
    #[arg(long, value_name = "COLUMN")]
    response: String,
    /// Columns with fixed effects, and their interactions, such as a,b,a:b; 1 for the intercept alone; may be
    /// repeated
    #[arg(long, value_name = "TERMS", required = true)]
    fixed: Vec<String>,
    /// Interactions of fixed effects such as a:b,a:x; may be repeated
    #[arg(long, value_name = "TERMS")]
    interaction: Vec<String>,
    /// Columns with fixed effects that are factors although all their values are numbers; may be repeated
    #[arg(long, value_name = "COLUMNS")]
    factor: Vec<String>,
    /// Columns with fixed effects that are numeric: a value that is no number is an error; may be repeated
    #[arg(long, value_name = "COLUMNS")]
    numeric: Vec<String>,
    /// Level that the others of a fixed effect are compared with, as COLUMN=LEVEL, or LEVEL alone for the
    /// fixed effects in their order; repeated [default: the first, in order of size if all are numbers, else
    /// of Unicode]
    #[arg(long, value_name = "LEVEL")]
    reference: Vec<String>,
    /// Column with a random intercept for each level, or columns such as a:b with one for each combination;
    /// may be repeated
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
    /// Test against the model with only these of the fixed effects, both fitted by maximum likelihood; 1 for
    /// the intercept alone
    #[arg(long, value_name = "TERMS")]
    test_against: Option<String>,
    /// Test each fixed effect that is in no interaction, and each interaction, by maximum likelihood
    #[arg(long)]
    drop1: bool,
    /// Leave out rows in which a column in use has no value: an empty field, NA, N/A, NaN, null, ?
    #[arg(long)]
    drop_missing: bool,
    /// What stands between fields: a character, or tab [default: comma, semicolon or tab, whichever the first
    /// line has]
    #[arg(long, value_name = "CHARACTER", value_parser = separator)]
    separator: Option<Separator>,
    /// What stands before decimals: point or comma
    #[arg(long, value_name = "SIGN", default_value = "point", value_parser = decimal)]
    decimal: Decimal,
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

fn separator(text: &str) -> Result<Separator, String> {
    match (text, text.as_bytes()) {
        ("tab" | "\\t", _) => Ok(Separator::Byte(b'\t')),
        (_, &[byte]) => Ok(Separator::Byte(byte)),
        _ => Err("expected one character such as ; or the word tab".to_owned()),
    }
}

fn decimal(text: &str) -> Result<Decimal, String> {
    match text {
        "point" | "." => Ok(Decimal::Point),
        "comma" | "," => Ok(Decimal::Comma),
        _ => Err("expected point or comma".to_owned()),
    }
}

pub(crate) fn run(arguments: &Arguments) -> Result<(), Failure> {
    // Before the table is read, which may take a while.
    if !(arguments.level > 0.0 && arguments.level < 1.0) {
        let level = short(arguments.level);
        return Err(Failure::usage(format!("--level is {level}: it must be between 0 and 1, such as 0.95")));
    }
    let separator = arguments.separator.unwrap_or(Separator::Detect);
    let source = Source::open(&arguments.table, separator, arguments.decimal)?;
    let name = source.name().to_owned();
    let terms = fixed_terms(arguments, &source)?;
    let references = terms.references(&arguments.reference).map_err(|said| {
        Failure::usage(format!("--reference: {said}; there is one for each fixed effect, such as a=LEVEL"))
    })?;
    let random: Vec<RandomTerm> = arguments.random.iter().map(|term| source.random_term(term)).collect();
    let factors = declared("factor", &arguments.factor, &source, &terms)?;
    let numeric = declared("numeric", &arguments.numeric, &source, &terms)?;
    let wanted = wanted(arguments, &terms, &references, [&factors, &numeric], &random)?;
    let smaller = match &arguments.test_against {
        None => None,
        Some(list) => {
            let mut smaller = Terms::default();
            smaller.add(source.columns(), list).map_err(|said| usage("test-against", said))?;
            Some(smaller)
        }
    };
    let (table, dropped) = source.read(&wanted)?;

    let (fixed, interactions) = terms.fixed(&references);
    let model = MixedModel {
        response: arguments.response.clone(),
        fixed,
        interactions,
        random,
        standardize: arguments.standardize,
        method: match arguments.method {
            Criterion::Reml => Method::Reml,
            Criterion::Ml => Method::Ml,
        },
        level: arguments.level,
    };
    let failure = |error| explained(&name, dropped, error);
    let fit = model.fit(&table).map_err(failure)?;
    let test = match smaller {
        None => None,
        Some(smaller) => {
            let (fixed, interactions) = smaller.fixed(&[]);
            let reference =
                |column: &str| model.fixed.iter().find(|effect| effect.column == column)?.reference.clone();
            let fixed = fixed
                .into_iter()
                .map(|effect| slt_stats::FixedEffect { reference: reference(&effect.column), ..effect });
            let smaller = MixedModel { fixed: fixed.collect(), interactions, ..model.clone() };
            Some(model.likelihood_ratio(&smaller, &table).map_err(|error| match error {
                Error::NotNested { .. } | Error::InteractionAlone { .. } => usage("test-against", error),
                error => failure(error),
            })?)
        }
    };
    let drop1 = if arguments.drop1 { Some(model.drop1(&table).map_err(failure)?) } else { None };
    let tests = test.iter().chain(drop1.iter().flat_map(|drop1| &drop1.tests));
    if !fit.convergence.converged || tests.into_iter().any(|test| !test.converged) {
        note("warning: the search for the optimum has not converged; the numbers may be off");
    }
    show(&Report::new(name, dropped, numeric, fit, test, drop1), arguments.json)
}

fn usage(flag: &str, said: impl std::fmt::Display) -> Failure {
    Failure::usage(format!("--{flag}: {said}"))
}

/// Columns in lists with commas, which are fixed effects.
fn declared(flag: &str, lists: &[String], source: &Source, terms: &Terms) -> Result<Vec<String>, Failure> {
    let columns = lists.iter().flat_map(|list| items(source.columns(), list));
    let columns: Vec<String> = columns.map(str::to_owned).collect();
    match columns.iter().find(|column| !terms.effects.contains(column)) {
        Some(other) => Err(usage(flag, format!("`{other}` is none of the columns of --fixed"))),
        None => Ok(columns),
    }
}

/// The fixed effects and interactions of both flags.
fn fixed_terms(arguments: &Arguments, source: &Source) -> Result<Terms, Failure> {
    let mut terms = Terms::default();
    for list in &arguments.fixed {
        terms.add(source.columns(), list).map_err(|said| usage("fixed", said))?;
    }
    let effects = terms.effects.len();
    for list in &arguments.interaction {
        terms.add(source.columns(), list).map_err(|said| usage("interaction", said))?;
        if let Some(column) = terms.effects.get(effects) {
            let said = format!("`{column}` is no interaction such as a:b; a fixed effect is for --fixed");
            return Err(usage("interaction", said));
        }
    }
    Ok(terms)
}

/// The columns of the model, each with how it is used.
fn wanted<'a>(
    arguments: &'a Arguments,
    terms: &'a Terms,
    references: &[Option<String>],
    [factors, numeric]: [&[String]; 2],
    random: &'a [RandomTerm],
) -> Result<Wanted<'a>, Failure> {
    let response = arguments.response.as_str();
    let mut effects = Vec::new();
    for (column, reference) in terms.effects.iter().zip(references) {
        let (factor, numeric) = (factors.contains(column), numeric.contains(column));
        if numeric && (factor || reference.is_some()) {
            let other = if factor { "--factor" } else { "--reference" };
            return Err(usage("numeric", format!("`{column}` is in {other} too: it is a factor or numeric")));
        }
        let usage = match (numeric, factor || reference.is_some()) {
            (true, _) => Use::Covariate,
            (_, true) => Use::Factor,
            _ => Use::Either,
        };
        effects.push(("fixed", column.as_str(), usage));
    }
    // Interactions are of fixed effects, which the model checks; here they are names that may be wrong.
    let columns = terms.interactions.iter().flatten();
    effects.extend(columns.map(|column| ("interaction", column.as_str(), Use::Grouping)));
    let columns = random.iter().flat_map(|term| &term.columns);
    effects.extend(columns.map(|column| ("random", column.as_str(), Use::Grouping)));
    if let Some((flag, column, _)) = effects.iter().find(|(_, column, _)| *column == response) {
        let said = format!("--response and --{flag} are both `{column}`: an effect is another column");
        return Err(Failure::usage(said));
    }
    Ok(Wanted { response, effects, drop_missing: arguments.drop_missing })
}

/// What is wrong with a model of a table, with the flag that has to do with it.
fn explained(name: &str, dropped: usize, error: Error) -> Failure {
    let flag = match error {
        Error::NoReference { .. } => "reference",
        Error::Collinear { .. } => "fixed",
        Error::EmptyCell { .. } | Error::InteractionAlone { .. } | Error::InteractionColumns { .. } => {
            "interaction"
        }
        Error::SameGrouping { .. } | Error::NotIdentifiable { .. } => "random",
        Error::Spread { .. } => return Failure::run(format!("{name}: {error} (--standardize)")),
        Error::EmptyTable if dropped > 0 => {
            return Failure::run(format!("{name}: {error} without missing values"));
        }
        error => return Failure::run(format!("{name}: {error}")),
    };
    usage(flag, format!("{name}: {error}"))
}
