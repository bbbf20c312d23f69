//! Packs the digits into the file that `slt-datasets` embeds. Reads CSV lines of 64 pixels and a label from
//! standard input and writes the packed records to standard output:
//!
//! ```text
//! gzip -dc fixtures/reference/datasets/digits.csv.gz |
//!     cargo run -p slt-datasets --example pack_digits > crates/slt-datasets/data/digits.bin
//! ```
//!
//! A record is the label in one byte, then for each of the eight lines of the image a 40-bit little-endian
//! number: eight pixels of 5 bits, the leftmost in the lowest bits.

use std::{
    error::Error,
    io::{self, BufRead, Write},
};

fn main() -> Result<(), Box<dyn Error>> {
    let mut output = io::stdout().lock();
    for line in io::stdin().lock().lines() {
        output.write_all(&pack(&line?)?)?;
    }
    Ok(())
}

fn pack(line: &str) -> Result<Vec<u8>, Box<dyn Error>> {
    let numbers = line.split(',').map(str::parse).collect::<Result<Vec<u8>, _>>()?;
    let (&label, pixels) = numbers.split_last().ok_or("empty line")?;
    if pixels.len() != 64 || label > 9 || pixels.iter().any(|&pixel| pixel > 16) {
        return Err(format!("expected 64 pixels from 0 to 16 and a digit, got: {line}").into());
    }
    let mut record = vec![label];
    for row in pixels.chunks(8) {
        let bits = row.iter().rev().fold(0_u64, |bits, &pixel| (bits << 5) | u64::from(pixel));
        record.extend_from_slice(&bits.to_le_bytes()[..5]);
    }
    Ok(record)
}
