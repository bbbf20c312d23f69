//! The one reader of CSV records.

use std::io::Read;

use csv_core::{ReadRecordResult, Reader, ReaderBuilder, Terminator};

use super::{
    dialect::{Decimal, Dialect, outside_quotes},
    lines::Lines,
};
use crate::{
    error::{Error, excerpt},
    io::MaybeGzip,
    table::MAX_COLUMNS,
};

/// Reads a CSV file record by record, in memory that does not depend on the number of records.
///
/// Fields come without the white space around them (ASCII or not, outside and inside of quotes). Quotes are
/// those of RFC 4180; white space may stand before them. A record is one line: a quoted field that does not
/// end on its line is refused, because a quote that is never closed would swallow the rest of the file. Lines
/// of white space only are skipped, lines end with LF, CRLF or CR, a byte order mark is skipped. The file may
/// be compressed with gzip.
///
/// ```
/// use slt_datasets::io::csv::{Dialect, Records};
///
/// let file = "seed, alg, acc\r\n\r\n1, \"ga, adaptive\", 0.91\r\n";
/// let mut records = Records::new(file.as_bytes(), &Dialect::default())?;
/// assert_eq!(records.names(), ["seed", "alg", "acc"]);
/// let record = records.next()?.expect("there is a record");
/// assert_eq!((record.line(), &record[1], record.number(2)?), (3, "ga, adaptive", 0.91));
/// assert!(records.next()?.is_none());
/// # Ok::<(), slt_datasets::Error>(())
/// ```
pub struct Records<R> {
    lines: Lines<MaybeGzip<R>>,
    splitter: Splitter,
    decimal: Decimal,
    names: Vec<String>,
    header: bool,
    /// The first line was split and is a record.
    first_is_next: bool,
}

/// One line of data. `&record[i]` is its field number `i`, from 0; there is one for each name.
#[derive(Clone, Copy, Debug)]
pub struct Record<'a> {
    line: u64,
    text: &'a str,
    ends: &'a [usize],
    names: &'a [String],
    decimal: Decimal,
}

impl<R: Read> Records<R> {
    /// Reads as far as the names of the columns.
    ///
    /// # Errors
    ///
    /// [`Error::CsvEmpty`] without any text; [`Error::CsvHeaderUnclear`] if the dialect leaves it to the
    /// first line whether it names the columns, and the line does not say; [`Error::Parameter`] for a
    /// separator that cannot separate; otherwise as [`next`](Self::next).
    pub fn new(reader: R, dialect: &Dialect) -> Result<Self, Error> {
        let mut lines = Lines::new(MaybeGzip::new(reader)?);
        let splitter = on_next_line(&mut lines, None, |line, text| {
            let mut splitter = Splitter::new(dialect.separator_in(text)?);
            splitter.split(line, text)?;
            Ok(splitter)
        })?;
        let splitter = splitter.ok_or(Error::CsvEmpty)?;
        let (line, found) = (lines.number(), splitter.ends().len());
        if found > MAX_COLUMNS {
            return Err(Error::CsvTooManyColumns { line, found, max: MAX_COLUMNS });
        }
        let header = dialect.has_header(line, splitter.fields())?;
        let names = match header {
            true => splitter.fields().map(str::to_owned).collect(),
            false => (0..found).map(|column| format!("x{column}")).collect(),
        };
        Ok(Self { lines, splitter, decimal: dialect.decimal, names, header, first_is_next: !header })
    }

    /// Names of the columns, in the order of the file, as they are there: some may be equal or empty.
    #[must_use]
    pub fn names(&self) -> &[String] {
        &self.names
    }

    /// Whether the names are those of the first line; otherwise they are `x0`, `x1`, ...
    #[must_use]
    pub fn has_header(&self) -> bool {
        self.header
    }

    /// What separates the fields.
    #[must_use]
    pub fn separator(&self) -> char {
        char::from(self.splitter.separator)
    }

    /// The next record, or `None` at the end of the file. After an error there is no sense in going on.
    ///
    /// # Errors
    ///
    /// With line and field: [`Error::CsvQuote`], [`Error::CsvRagged`], [`Error::CsvNotUtf8`],
    /// [`Error::CsvControl`]; [`Error::CsvLongLine`] for a line of more than 64 MiB; [`Error::Io`] if the
    /// reader fails.
    #[expect(clippy::should_implement_trait, reason = "an iterator could not lend its records")]
    pub fn next(&mut self) -> Result<Option<Record<'_>>, Error> {
        if !std::mem::take(&mut self.first_is_next) {
            let Self { lines, splitter, .. } = self;
            let separator = splitter.separator;
            if on_next_line(lines, Some(separator), |line, text| splitter.split(line, text))?.is_none() {
                return Ok(None);
            }
            let (found, expected) = (self.splitter.ends().len(), self.names.len());
            if found != expected {
                return Err(Error::CsvRagged { line: self.lines.number(), found, expected });
            }
        }
        Ok(Some(Record {
            line: self.lines.number(),
            text: self.splitter.text(),
            ends: self.splitter.ends(),
            names: &self.names,
            decimal: self.decimal,
        }))
    }
}

impl<'a> Record<'a> {
    /// The line on which the record stands, from 1, as an editor shows it.
    #[must_use]
    pub fn line(&self) -> u64 {
        self.line
    }

    /// The fields, in the order of the names.
    pub fn fields(&self) -> impl Iterator<Item = &'a str> + Clone + use<'a> {
        fields(self.text, self.ends)
    }

    /// The field number `column` as a finite number.
    ///
    /// # Errors
    ///
    /// [`Error::CsvNotANumber`] or [`Error::CsvNotFinite`], with line and column.
    ///
    /// # Panics
    ///
    /// If there is no such field.
    pub fn number(&self, column: usize) -> Result<f64, Error> {
        match self.decimal.parse::<f64>(&self[column]) {
            Some(value) if value.is_finite() => Ok(value),
            Some(_) => Err(self.not_finite(column, "1.8e308")),
            None => Err(self.not_a_number(column)),
        }
    }

    /// The field number `column` as a finite number in single precision, rounded straight from its decimals.
    ///
    /// # Errors
    ///
    /// As [`number`](Self::number).
    ///
    /// # Panics
    ///
    /// If there is no such field.
    pub fn number_f32(&self, column: usize) -> Result<f32, Error> {
        match self.decimal.parse::<f32>(&self[column]) {
            Some(value) if value.is_finite() => Ok(value),
            Some(_) => Err(self.not_finite(column, "3.4e38")),
            None => Err(self.not_a_number(column)),
        }
    }

    /// Name and text of a field, for messages.
    pub(crate) fn place(&self, column: usize) -> (String, String) {
        (excerpt(&self.names[column]), excerpt(&self[column]))
    }

    fn not_a_number(&self, column: usize) -> Error {
        let (column, text) = self.place(column);
        Error::CsvNotANumber { line: self.line, column, text }
    }

    fn not_finite(&self, column: usize, max: &'static str) -> Error {
        let (column, text) = self.place(column);
        Error::CsvNotFinite { line: self.line, column, text, max }
    }
}

impl std::ops::Index<usize> for Record<'_> {
    type Output = str;

    fn index(&self, column: usize) -> &str {
        let start = if column == 0 { 0 } else { self.ends[column - 1] };
        self.text[start..self.ends[column]].trim()
    }
}

/// Calls `take` with number and text of the next line that holds more than white space; `None` if there is
/// none. With a separator that is white space itself, such as a tab, a line of separators holds empty fields.
fn on_next_line<R: Read, T>(
    lines: &mut Lines<R>,
    separator: Option<u8>,
    take: impl FnOnce(u64, &str) -> Result<T, Error>,
) -> Result<Option<T>, Error> {
    let is_separator = |character: char| separator.is_some_and(|byte| char::from(byte) == character);
    while lines.advance()? {
        let (line, bytes) = (lines.number(), lines.text());
        let text = std::str::from_utf8(bytes).map_err(|error| {
            let field = field_at(bytes, error.valid_up_to(), separator.unwrap_or(b','));
            Error::CsvNotUtf8 { line, field }
        })?;
        if text.chars().any(|character| !character.is_whitespace() || is_separator(character)) {
            return take(line, text).map(Some);
        }
    }
    Ok(None)
}

/// The number of the field, from 1, that a byte of a line belongs to.
fn field_at(line: &[u8], offset: usize, separator: u8) -> usize {
    1 + outside_quotes(&line[..offset]).filter(|&byte| byte == separator).count()
}

/// Splits lines into fields.
///
/// Splitting, quotes and doubled quotes are those of `csv_core`, the engine of the crate csv. It is asked
/// line by line instead of through the crate csv, which would take a quote that is never closed for one that
/// is, and count lines wrongly after blank ones.
struct Splitter {
    core: Reader,
    separator: u8,
    /// The line with a line end, and without white space before quotes.
    line: String,
    text: Vec<u8>,
    ends: Vec<usize>,
    n_fields: usize,
}

impl Splitter {
    fn new(separator: u8) -> Self {
        let core = ReaderBuilder::new().delimiter(separator).terminator(Terminator::Any(b'\n')).build();
        Self { core, separator, line: String::new(), text: Vec::new(), ends: vec![0; 16], n_fields: 0 }
    }

    fn split(&mut self, number: u64, line: &str) -> Result<(), Error> {
        self.line.clear();
        if line.contains('"') {
            push_without_blanks_before_quotes(line, char::from(self.separator), &mut self.line);
        } else {
            self.line.push_str(line);
        }
        self.line.push('\n');
        // The text is never longer than the line.
        self.text.resize(self.line.len() + 1, 0);
        let (mut read, mut written) = (0, 0);
        self.n_fields = 0;
        loop {
            let input = &self.line.as_bytes()[read..];
            let ends = &mut self.ends[self.n_fields..];
            let (result, n_in, n_out, n_ends) = self.core.read_record(input, &mut self.text[written..], ends);
            read += n_in;
            written += n_out;
            self.n_fields += n_ends;
            match result {
                ReadRecordResult::Record => break,
                ReadRecordResult::OutputEndsFull => self.ends.resize(2 * self.ends.len(), 0),
                // The line end did not end the record, so it is inside of quotes.
                _ => return Err(Error::CsvQuote { line: number, field: self.n_fields + 1 }),
            }
        }
        self.text.truncate(written);
        self.refuse_control_characters(number)
    }

    /// Line ends of other alphabets, escape sequences and the like would break, or fake, whatever the field
    /// is printed in.
    fn refuse_control_characters(&self, line: u64) -> Result<(), Error> {
        let harmless = |byte: u8| (0x20..0x7f).contains(&byte);
        if self.text.iter().fold(true, |all, &byte| all & harmless(byte)) {
            return Ok(());
        }
        for (index, field) in self.fields().enumerate() {
            if let Some(character) = field.chars().find(|&character| is_control(character)) {
                return Err(Error::CsvControl { line, field: index + 1, character });
            }
        }
        Ok(())
    }

    fn text(&self) -> &str {
        std::str::from_utf8(&self.text).expect("text without some of its quotes and separators is text")
    }

    fn ends(&self) -> &[usize] {
        &self.ends[..self.n_fields]
    }

    fn fields(&self) -> impl Iterator<Item = &str> + Clone {
        fields(self.text(), self.ends())
    }
}

/// A character that is no text: a control character but the tab, or a line end of another alphabet.
pub(crate) fn is_control(character: char) -> bool {
    (character.is_control() && character != '\t') || matches!(character, '\u{2028}' | '\u{2029}')
}

fn fields<'a>(text: &'a str, ends: &'a [usize]) -> impl Iterator<Item = &'a str> + Clone {
    let starts = std::iter::once(0).chain(ends.iter().copied());
    starts.zip(ends).map(move |(start, &end)| text[start..end].trim())
}

/// RFC 4180 knows no white space before a quote and would make it part of the field, with the quote.
fn push_without_blanks_before_quotes(line: &str, separator: char, out: &mut String) {
    let mut rest = line;
    loop {
        let content = rest.trim_start_matches(|c: char| c.is_whitespace() && c != separator);
        let quoted = content.starts_with('"');
        let field = if quoted { content } else { rest };
        let mut open = false;
        let end = field.find(|character| {
            open ^= quoted && character == '"';
            character == separator && !open
        });
        let Some(end) = end else {
            out.push_str(field);
            return;
        };
        out.push_str(&field[..=end]);
        rest = &field[end + 1..];
    }
}
