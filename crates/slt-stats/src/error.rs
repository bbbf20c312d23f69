//! What can go wrong.

use std::fmt;

/// What can be wrong with samples, tables and parameters.
///
/// Rows are counted from 1, without the head of a table.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A parameter is out of its range.
    #[error("{parameter} is {}; it must be {allowed}", Shown(*.value))]
    Parameter {
        /// Name of the parameter.
        parameter: &'static str,
        /// What was given.
        value: f64,
        /// Its range, in words.
        allowed: &'static str,
    },
    /// A sample is too small.
    #[error("the sample has {}; at least {needed} are needed", Counted(*.n, "value"))]
    SampleSize {
        /// Values there are.
        n: usize,
        /// The fewest that do.
        needed: usize,
    },
    /// A sample is too large for exact enumeration.
    #[error("{n} values are too many for an exact p-value; use the asymptotic one above {max}")]
    ExactSize {
        /// Values there are.
        n: usize,
        /// The most.
        max: usize,
    },
    /// A value of a sample is NaN or infinite.
    #[error("value {position} of the sample is {}; every value must be finite", Shown(*.value))]
    NotFinite {
        /// Place of the value, counted from 1.
        position: usize,
        /// The value.
        value: f64,
    },
    /// Two samples that belong together differ in length.
    #[error("the samples have {} and {}; pairs need as many of one as of the other", Counted(*.x, "value"),
        Counted(*.y, "value"))]
    PairLength {
        /// Values of the first.
        x: usize,
        /// Values of the second.
        y: usize,
    },
    /// All values are equal, so that a ratio to their spread has no value.
    #[error("{statistic} has no value: there is no variation in the data")]
    NoVariation {
        /// What was to be computed.
        statistic: &'static str,
    },
    /// A p-value is not in [0, 1].
    #[error("p-value {position} is {}; it must be in [0, 1]", Shown(*.value))]
    NotProbability {
        /// Place of the p-value, counted from 1.
        position: usize,
        /// The value.
        value: f64,
    },
    /// A column has another length than the table.
    #[error("column `{column}` has {}, the table has {expected}", Counted(*.rows, "row"))]
    ColumnLength {
        /// Name of the column.
        column: String,
        /// Its rows.
        rows: usize,
        /// Rows of the columns before it.
        expected: usize,
    },
    /// Two columns have the same name.
    #[error("there are two columns `{column}`; names must differ")]
    DuplicateColumn {
        /// The name.
        column: String,
    },
    /// The model names a column that the table does not have.
    #[error("there is no column `{column}`; the table has {}", listed(.available))]
    NoColumn {
        /// The name.
        column: String,
        /// What the table has.
        available: Vec<String>,
    },
    /// The table has no rows.
    #[error("the table has no rows")]
    EmptyTable,
    /// The response is a column of labels.
    #[error("the response `{column}` holds labels; it must hold numbers")]
    LabelsAsResponse {
        /// Name of the column.
        column: String,
    },
    /// A reference level is named for a column of numbers.
    #[error("column `{column}` holds numbers, which have no reference level such as `{level}`")]
    ReferenceOfNumbers {
        /// Name of the column.
        column: String,
        /// The level that was asked for.
        level: String,
    },
    /// The response is one of the effects as well.
    #[error("column `{column}` is the response; it cannot be an effect too")]
    ResponseAsEffect {
        /// Name of the column.
        column: String,
    },
    /// A value of a column of numbers is NaN or infinite.
    #[error("column `{column}`, row {row}: {}; every number must be finite", Shown(*.value))]
    NumberNotFinite {
        /// Name of the column.
        column: String,
        /// Row of the value, counted from 1.
        row: usize,
        /// The value.
        value: f64,
    },
    /// All values of the response are equal.
    #[error("column `{column}` is {} in every row; a constant response has no effects", Shown(*.value))]
    ConstantResponse {
        /// Name of the column.
        column: String,
        /// The value.
        value: f64,
    },
    /// The square of a spread is not a number of f64.
    #[error(
        "the values of column `{column}` spread by about {}, and the square of that is beyond the range of \
         numbers; multiply the column by a power of ten, or standardise it", Rounded(*.spread)
    )]
    Spread {
        /// Name of the response.
        column: String,
        /// Its standard deviation.
        spread: f64,
    },
    /// A coefficient is not a number of f64.
    #[error(
        "the coefficient of `{term}` is beyond the range of numbers; multiply its column by a power of ten"
    )]
    CoefficientRange {
        /// The fixed effect.
        term: String,
    },
    /// A random term names no column.
    #[error("a random term names no column")]
    EmptyTerm,
    /// An interaction does not join two or more different columns.
    #[error("the interaction `{term}` must join two or more different columns, such as `a:b`")]
    InteractionColumns {
        /// Columns joined by `:`.
        term: String,
    },
    /// An interaction stands without an effect that it modifies.
    #[error("the interaction `{term}` needs the fixed effect `{needed}` in the model too")]
    InteractionAlone {
        /// Columns joined by `:`.
        term: String,
        /// What is missing.
        needed: String,
    },
    /// A combination of levels does not occur, so that its coefficient has no estimate.
    #[error(
        "no row has the combination `{term}`; leave the interaction out, or the rows with one of its levels"
    )]
    EmptyCell {
        /// Columns and levels.
        term: String,
    },
    /// Two models that are to be compared are not nested, or are the same.
    #[error(
        "`{term}` keeps the second model from being a part of the first: it must have the same response, random \
         terms and references, and some of the fixed effects, but not all"
    )]
    NotNested {
        /// What is not a part, or the response.
        term: String,
    },
    /// An effect has one level only.
    #[error("`{term}` has the one level `{level}`; an effect needs at least two")]
    OneLevel {
        /// Column, or columns joined by `:`.
        term: String,
        /// Its level.
        level: String,
    },
    /// The reference level does not occur.
    #[error("column `{column}` has no level `{level}`; its levels are {}", listed(.available))]
    NoReference {
        /// Name of the column.
        column: String,
        /// The level that was asked for.
        level: String,
        /// What occurs.
        available: Vec<String>,
    },
    /// Too few rows for the fixed effects.
    #[error("{} are too few for {}; there must be more rows than coefficients", Counted(*.rows, "row"),
        Counted(*.coefficients, "coefficient"))]
    TooFewRows {
        /// Rows of the table.
        rows: usize,
        /// Fixed effects, the intercept among them.
        coefficients: usize,
    },
    /// The equations would be too large.
    #[error(
        "the model has {n} coefficients and random levels beside its largest random term; the limit is {max}"
    )]
    ModelSize {
        /// Coefficients and levels of all random terms but the largest.
        n: usize,
        /// The most.
        max: usize,
    },
    /// A fixed effect is determined by those before it.
    #[error("the fixed effect `{term}` is a combination of those before it; leave one of them out")]
    Collinear {
        /// Column and level.
        term: String,
    },
    /// Two random terms group the rows in the same way.
    #[error(
        "the random terms `{first}` and `{second}` group the rows in the same way; leave one of them out"
    )]
    SameGrouping {
        /// One of them.
        first: String,
        /// The other.
        second: String,
    },
    /// A variance cannot be told from the residual one or those of other terms, or the fixed effects
    /// determine the term.
    #[error(
        "the variance of `{term}` cannot be told from the residuals, the fixed effects or the other random terms"
    )]
    NotIdentifiable {
        /// The random term.
        term: String,
    },
    /// The effects explain the response without an error.
    #[error("the effects explain column `{column}` exactly; there is no residual variance to estimate")]
    NoResidual {
        /// Name of the response.
        column: String,
    },
}

/// A number in a message: never hundreds of digits.
pub(crate) struct Shown(pub(crate) f64);

impl fmt::Display for Shown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self(value) = self;
        if *value == 0.0 || !value.is_finite() || (1e-5..1e16).contains(&value.abs()) {
            write!(f, "{value}")
        } else {
            write!(f, "{value:e}")
        }
    }
}

/// A number in a message of which the size matters.
struct Rounded(f64);

impl fmt::Display for Rounded {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:.1e}", self.0)
    }
}

/// A number of things in a message: `1 row`, `2 rows`.
struct Counted(usize, &'static str);

impl fmt::Display for Counted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self(n, what) = self;
        write!(f, "{n} {what}{}", if *n == 1 { "" } else { "s" })
    }
}

/// Names for a message; of many only the first.
fn listed(names: &[String]) -> String {
    const SHOWN: usize = 12;
    let shown: Vec<String> = names.iter().take(SHOWN).map(|name| format!("`{name}`")).collect();
    let more = names.len().saturating_sub(SHOWN);
    if more > 0 { format!("{} and {more} more", shown.join(", ")) } else { shown.join(", ") }
}

/// Fails unless `ok`.
pub(crate) fn check(
    ok: bool,
    parameter: &'static str,
    value: f64,
    allowed: &'static str,
) -> Result<(), Error> {
    if ok { Ok(()) } else { Err(Error::Parameter { parameter, value, allowed }) }
}

/// Fails unless the sample has `needed` values and all are finite.
pub(crate) fn check_sample(x: &[f64], needed: usize) -> Result<(), Error> {
    if x.len() < needed {
        return Err(Error::SampleSize { n: x.len(), needed });
    }
    match x.iter().position(|value| !value.is_finite()) {
        Some(at) => Err(Error::NotFinite { position: at + 1, value: x[at] }),
        None => Ok(()),
    }
}

/// Fails unless the samples are of `needed` pairs and all values are finite.
pub(crate) fn check_pairs(x: &[f64], y: &[f64], needed: usize) -> Result<(), Error> {
    if x.len() != y.len() {
        return Err(Error::PairLength { x: x.len(), y: y.len() });
    }
    check_sample(x, needed)?;
    check_sample(y, needed)
}

/// Fails unless `level` is a confidence level.
pub(crate) fn check_level(level: f64) -> Result<(), Error> {
    check(level > 0.0 && level < 1.0, "level", level, "in (0, 1)")
}
