//! Readers and writers for files of data. They take [`std::io::Read`] and [`std::io::Write`] and open
//! nothing.
//!
//! | module | reads | writes | labels |
//! |---|---|---|---|
//! | [`csv`] | records of text, for a [`Table`](crate::table::Table) | `f64` and `f32`, shortest decimals | any column |
//! | [`npy`] | arrays of any numbers | `f64` | the last column, or a file of their own |
//! | [`npz`] | arrays of any numbers by name | | an array of their own |
//! | [`idx`] | images of bytes (MNIST and its kin) | | a file of their own |
//!
//! Files may be compressed with gzip, which their first bytes say; see [`MaybeGzip`]. Sizes that a file
//! announces are checked before they are believed: memory grows with the bytes that are really there.

pub mod csv;
mod gzip;
pub mod idx;
pub mod npy;
pub mod npz;

use std::io::Read;

pub use gzip::MaybeGzip;

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
    refuse_more(&mut reader, expected, format, part)?;
    Ok(bytes)
}

/// The file must end here. Where it is compressed, its checksum is checked by the way.
fn refuse_more(
    reader: &mut impl Read,
    expected: u64,
    format: &'static str,
    part: &'static str,
) -> Result<(), Error> {
    match read_up_to(reader, &mut [0])? {
        0 => Ok(()),
        _ => Err(Error::TrailingBytes { format, part, expected }),
    }
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
