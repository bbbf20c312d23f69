//! The lines of a file, as an editor counts them.

use std::io::{BufRead, BufReader, ErrorKind, Read};

use memchr::memchr2;

use crate::error::Error;

/// Longer lines are refused, so that a file which is no text cannot fill the memory.
const MAX_LINE_BYTES: usize = 1 << 26;
const BUFFER_BYTES: usize = 1 << 16;

/// Reads line after line. A line ends with a line feed, a carriage return, or one after the other.
pub(super) struct Lines<R> {
    reader: BufReader<R>,
    text: Vec<u8>,
    number: u64,
    /// The last line ended with a carriage return, to which a line feed that follows belongs.
    after_return: bool,
}

impl<R: Read> Lines<R> {
    pub(super) fn new(reader: R) -> Self {
        let reader = BufReader::with_capacity(BUFFER_BYTES, reader);
        Self { reader, text: Vec::new(), number: 0, after_return: false }
    }

    /// Goes to the next line; `false` at the end of the file.
    pub(super) fn advance(&mut self) -> Result<bool, Error> {
        self.text.clear();
        let mut begun = false;
        loop {
            let available = match self.reader.fill_buf() {
                Ok(bytes) => bytes,
                Err(error) if error.kind() == ErrorKind::Interrupted => continue,
                Err(error) => return Err(error.into()),
            };
            if available.is_empty() {
                return Ok(begun && self.end_line());
            }
            if std::mem::take(&mut self.after_return) && available[0] == b'\n' {
                self.reader.consume(1);
                continue;
            }
            begun = true;
            let end = memchr2(b'\n', b'\r', available);
            let length = end.unwrap_or(available.len());
            if self.text.len() + length > MAX_LINE_BYTES {
                return Err(Error::CsvLongLine { line: self.number + 1, max: MAX_LINE_BYTES });
            }
            self.text.extend_from_slice(&available[..length]);
            match end {
                Some(end) => {
                    self.after_return = available[end] == b'\r';
                    self.reader.consume(end + 1);
                    return Ok(self.end_line());
                }
                None => self.reader.consume(length),
            }
        }
    }

    /// The line is complete.
    fn end_line(&mut self) -> bool {
        self.number += 1;
        // A byte order mark is no text.
        if self.number == 1 && self.text.starts_with(b"\xef\xbb\xbf") {
            self.text.drain(..3);
        }
        true
    }

    /// The present line without its end.
    pub(super) fn text(&self) -> &[u8] {
        &self.text
    }

    /// The number of the present line, from 1.
    pub(super) fn number(&self) -> u64 {
        self.number
    }
}
