//! Writes the part of `fuzz/corpus` that this project's programs write, anew: after a change of a format.

use std::{fs, io};

use slt_hostile::formats;

fn main() -> io::Result<()> {
    for format in formats::ALL {
        fs::create_dir_all(format.folder())?;
    }
    formats::write_tickets()?;
    formats::write_searches()?;
    formats::write_trainings()?;
    formats::write_records()
}
