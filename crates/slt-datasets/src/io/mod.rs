//! Readers and writers for files of data. They take [`std::io::Read`] and [`std::io::Write`] and open
//! nothing.
//!
//! | module | reads | writes | labels |
//! |---|---|---|---|
//! | [`csv`] | numbers as `f32`, labels as text | `f64` and `f32`, shortest decimals | any column |
//! | [`npy`] | `f64` and `f32` | `f64` | the last column |
//! | [`idx`] | images of bytes (MNIST and its kin) | | a file of their own |
//!
//! Sizes that a file announces are checked before they are believed: memory grows with the bytes that are
//! really there.

pub mod csv;
pub mod idx;
pub mod npy;

use std::io::Read;

use crate::error::Error;

/// Reads exactly the announced number of bytes, which must be the rest of the file.
fn read_rest(
    mut reader: impl Read,
    expected: u64,
    format: &'static str,
    part: &'static str,
) -> Result<Vec<u8>, Error> {
    let mut bytes = Vec::new();
    reader.by_ref().take(expected).read_to_end(&mut bytes)?;
    let found = bytes.len() as u64;
    if found < expected {
        return Err(Error::Truncated { format, part, expected, found });
    }
    let mut one_more = [0];
    if read_up_to(&mut reader, &mut one_more)? > 0 {
        return Err(Error::TrailingBytes { format, part, expected });
    }
    Ok(bytes)
}

/// Fills a buffer that must be filled.
fn read_part(
    reader: &mut impl Read,
    buffer: &mut [u8],
    format: &'static str,
    part: &'static str,
) -> Result<(), Error> {
    let (expected, found) = (buffer.len() as u64, read_up_to(reader, buffer)? as u64);
    if found < expected {
        return Err(Error::Truncated { format, part, expected, found });
    }
    Ok(())
}

/// Fills as much of a buffer as there are bytes.
fn read_up_to(reader: &mut impl Read, buffer: &mut [u8]) -> Result<usize, Error> {
    let mut filled = 0;
    while filled < buffer.len() {
        match reader.read(&mut buffer[filled..]) {
            Ok(0) => break,
            Ok(n) => filled += n,
            Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error.into()),
        }
    }
    Ok(filled)
}
