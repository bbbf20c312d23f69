//! How a CSV file is laid out.

use std::str::FromStr;

use crate::error::{Error, excerpt};

/// The words that stand for a missing value, besides an empty field; upper and lower case count alike.
///
/// ```
/// use slt_datasets::io::csv::is_missing;
///
/// assert!(["", "NA", "nan", "?", "null"].into_iter().all(is_missing));
/// assert!(!is_missing("0") && !is_missing("none"));
/// ```
pub const MISSING: &[&str] = &["NA", "N/A", "NaN", "null", "?"];

/// Whether a field holds no value: it is empty or one of [`MISSING`].
#[must_use]
pub fn is_missing(field: &str) -> bool {
    field.is_empty() || MISSING.iter().any(|word| word.eq_ignore_ascii_case(field))
}

/// How a CSV file is laid out. The default finds out about header and separator and takes the decimal point.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Dialect {
    /// Whether the first line names the columns.
    pub header: Header,
    /// What stands between two fields.
    pub separator: Separator,
    /// What stands before the decimals.
    pub decimal: Decimal,
}

/// Whether the first line names the columns. Without names they are called `x0`, `x1`, ...
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Header {
    /// A first line without any number names the columns. A first line of numbers and missing values only is
    /// the first sample of a file without a header, which [`Records::has_header`](super::Records::has_header)
    /// tells. A first line with numbers and texts could be either and is refused, so that no sample is ever
    /// taken for a header.
    #[default]
    Detect,
    /// It does, whatever it holds.
    Present,
    /// It is the first sample.
    Absent,
}

/// What stands between two fields.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Separator {
    /// The one of comma, semicolon and tab that the first line has most of outside of quotes, in this order
    /// if two occur as often. Together with [`Decimal::Comma`] it is never the comma.
    #[default]
    Detect,
    /// This ASCII character: no letter, digit, quote, line end, nor any of `+ - . \`.
    Byte(u8),
}

/// What stands before the decimals of a number. There are no thousands separators.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Decimal {
    /// `0.5`
    #[default]
    Point,
    /// `0,5`
    Comma,
}

impl Decimal {
    /// The number that a text writes; NaN, infinities and overflow to infinity included.
    ///
    /// ```
    /// use slt_datasets::io::csv::Decimal;
    ///
    /// assert_eq!(Decimal::Point.parse::<f64>("-1.5e3"), Some(-1500.0));
    /// assert_eq!(Decimal::Comma.parse::<f64>("0,25"), Some(0.25));
    /// assert_eq!(Decimal::Comma.parse::<f64>("1.234,5"), None);
    /// ```
    #[must_use]
    pub fn parse<F: FromStr>(self, text: &str) -> Option<F> {
        match self {
            Self::Comma if text.contains('.') => None,
            Self::Comma if text.contains(',') => text.replace(',', ".").parse().ok(),
            _ => text.parse().ok(),
        }
    }
}

impl Dialect {
    /// The separator, found in the first line if need be.
    pub(super) fn separator_in(&self, first_line: &str) -> Result<u8, Error> {
        let Separator::Byte(byte) = self.separator else {
            let candidates = match self.decimal {
                Decimal::Point => &b",;\t"[..],
                Decimal::Comma => b";\t",
            };
            let count = |separator| outside_quotes(first_line.as_bytes()).filter(|&b| b == separator).count();
            // `max_by_key` takes the last of equals.
            let most = candidates.iter().rev().copied().max_by_key(|&separator| count(separator));
            return Ok(most.expect("there are candidates"));
        };
        let parameter = "separator";
        if byte == b',' && self.decimal == Decimal::Comma {
            let allowed = "another character than the comma (44), which stands before the decimals";
            return Err(Error::Parameter { parameter, value: f64::from(byte), allowed });
        }
        if !byte.is_ascii() || byte.is_ascii_alphanumeric() || b"\0\"\r\n+-.\\".contains(&byte) {
            let allowed =
                "the code of an ASCII character other than letters, digits, quote, line ends, + - . \\";
            return Err(Error::Parameter { parameter, value: f64::from(byte), allowed });
        }
        Ok(byte)
    }

    /// Whether a first line names the columns.
    pub(super) fn has_header<'a>(
        &self,
        line: u64,
        mut fields: impl Iterator<Item = &'a str> + Clone,
    ) -> Result<bool, Error> {
        match self.header {
            Header::Present => return Ok(true),
            Header::Absent => return Ok(false),
            Header::Detect => {}
        }
        // A number with the other decimal sign is no name either.
        let is_number = |field: &&str| {
            [Decimal::Point, Decimal::Comma]
                .iter()
                .any(|decimal| decimal.parse::<f64>(field).is_some_and(f64::is_finite))
        };
        let Some(number) = fields.clone().find(is_number) else { return Ok(true) };
        if fields.all(|field| is_number(&field) || is_missing(field)) {
            return Ok(false);
        }
        Err(Error::CsvHeaderUnclear { line, number: excerpt(number) })
    }
}

/// The bytes of a line that are not inside of quotes.
pub(super) fn outside_quotes(line: &[u8]) -> impl Iterator<Item = u8> {
    let mut inside = false;
    line.iter().copied().filter(move |&byte| {
        inside ^= byte == b'"';
        !inside
    })
}
