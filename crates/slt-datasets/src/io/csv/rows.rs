//! The lines of a CSV file as checked text fields.

use csv::{ByteRecord, Reader, ReaderBuilder, Trim};

use super::Dialect;
use crate::error::Error;

/// Reads row after row; every row has as many fields as the first.
pub(super) struct Rows<'a> {
    text: &'a [u8],
    reader: Reader<&'a [u8]>,
    record: ByteRecord,
    expected: Option<usize>,
    /// A byte of the text and the line it is on.
    place: (usize, u64),
}

/// One row: its line in the file, from 1, and its fields without the spaces around them.
pub(super) struct Row<'a> {
    pub(super) line: u64,
    pub(super) fields: Vec<&'a str>,
}

impl<'a> Rows<'a> {
    pub(super) fn new(text: &'a [u8], dialect: &Dialect) -> Self {
        let reader = ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .trim(Trim::All)
            .delimiter(dialect.separator)
            .from_reader(text);
        Self { text, reader, record: ByteRecord::new(), expected: None, place: (0, 1) }
    }

    /// The next row, or `None` at the end of the file. Blank lines are skipped.
    pub(super) fn next(&mut self) -> Result<Option<Row<'_>>, Error> {
        loop {
            if !self.reader.read_byte_record(&mut self.record).map_err(io_error)? {
                return Ok(None);
            }
            // A line of nothing but spaces is one empty field to the csv crate.
            if self.record.len() > 1 || !self.record[0].is_empty() {
                break;
            }
        }
        let line = self.line();
        let found = self.record.len();
        let expected = *self.expected.get_or_insert(found);
        if found != expected {
            return Err(Error::CsvRagged { line, found, expected });
        }
        let fields = self.record.iter().enumerate().map(|(index, bytes)| {
            std::str::from_utf8(bytes).map_err(|_| Error::CsvNotUtf8 { line, field: index + 1 })
        });
        Ok(Some(Row { line, fields: fields.collect::<Result<_, _>>()? }))
    }

    /// The line on which the current record starts.
    ///
    /// The csv crate's own count lags behind after blank lines and Windows line ends, whose bytes it counts
    /// to the record that follows; its byte offsets are right.
    fn line(&mut self) -> u64 {
        let offset = self.record.position().map_or(0, |position| position.byte() as usize);
        let rest = &self.text[offset..];
        let skipped = rest.iter().take_while(|byte| matches!(byte, b'\r' | b'\n')).count();
        let start = offset + skipped;
        let (from, line) = self.place;
        let breaks = self.text[from..start].iter().filter(|&&byte| byte == b'\n').count();
        self.place = (start, line + breaks as u64);
        self.place.1
    }
}

/// Byte records of any length from memory cannot fail; what the crate might still report is passed on as it
/// is.
fn io_error(error: csv::Error) -> Error {
    Error::Io(std::io::Error::other(error))
}
